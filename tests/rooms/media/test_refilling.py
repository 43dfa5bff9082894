"""Filling an emptied store of pictures again."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, select, update

from catalog.jobs import queries
from catalog.jobs.vocabulary import JobState, Lane
from catalog.kernel.paging import Paging
from catalog.media.models import Measurement, Preview, Summary
from catalog.media.refilling import count_unmeasured, owe_facts, owe_previews, verify_previews
from tests.files import png
from tests.studio import Studio, entry


def test_the_pictures_of_every_offered_version_are_owed_in_the_bulk_lane(studio: Studio) -> None:
    studio.artist.publishes("prp_cup", {"tex.png": png()})
    studio.artist.registers("prp_draft")
    studio.artist.drafts("prp_draft", {"a.txt": b"never published"})

    with studio.work() as work:
        count, after = owe_previews(work)

    assert (count, after) == (1, None)
    with studio.view() as view:
        owed = queries.page_jobs(view.session, Paging(), state=JobState.OWED).items
    assert {(job.kind, job.lane) for job in owed} == {
        ("render-previews", Lane.BULK.value),
        ("render-details", Lane.NORMAL.value),
    }


def test_what_was_removed_from_the_store_is_there_again(studio: Studio) -> None:
    version = studio.artist.publishes("prp_cup", {"tex.png": png()})
    derived = studio.house.stores.derived
    for stored in list(derived.walk()):
        derived.remove(stored.key)

    with studio.work() as work:
        owe_previews(work)
    studio.settles()

    assert studio.artist.get("/previews/" + version.previews[0]["sha256"]).status == 200
    assert len(list(derived.walk())) == len(version.previews)


def test_what_is_drawn_and_stored_is_found_whole(studio: Studio) -> None:
    studio.artist.publishes("prp_cup", {"tex.png": png()})

    found = verify_previews(studio.house.desk, studio.house.stores)

    assert (found.checked, found.holds) == (3, True)


def test_a_picture_whose_bytes_are_gone_and_one_of_an_older_release_are_counted(studio: Studio) -> None:
    studio.artist.publishes("prp_cup", {"tex.png": png()})
    derived = studio.house.stores.derived
    derived.remove(next(iter(derived.walk())).key)
    with studio.house.desk.bookkeeping() as session:
        session.execute(update(Preview).where(Preview.derivative == "thumbnail-960").values(tool_version="0"))

    found = verify_previews(studio.house.desk, studio.house.stores)

    assert (found.checked, found.outdated, found.holds) == (3, 1, False)
    assert found.missing >= 1


def test_only_versions_with_unmeasured_files_are_measured_again(studio: Studio) -> None:
    studio.artist.publishes("prp_cup", {"tex.png": png()})
    lacking = studio.artist.publishes("prp_jug", {"notes.txt": b"never measured"})
    _forget(studio, lacking.files[0]["sha256"])

    before = _unmeasured(studio)
    with studio.work() as work:
        owed = owe_facts(work)
    studio.settles()

    assert (before, owed, _unmeasured(studio)) == (1, (1, None), 0)


def test_versions_that_were_never_summed_up_are_looked_at_again(studio: Studio) -> None:
    studio.artist.publishes("prp_cup", {"tex.png": png()})
    studio.settles()
    with studio.house.desk.bookkeeping() as session:
        session.execute(delete(Summary))

    before = _unmeasured(studio)
    with studio.work() as work:
        owe_facts(work)
    studio.settles()

    assert (before, _unmeasured(studio)) == (1, 0)
    with studio.house.desk.read() as session:
        assert session.scalars(select(Summary.formats)).all() == [["png"]]


def test_versions_whose_files_nobody_has_looked_at_are_measured_again(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "tex.png").write_bytes(png())
    studio.admin.post("/roots", {"name": "library", "templates": [_template("other", "/mnt/library")]})
    studio.artist.registers("prp_cup")
    in_place = entry("tex.png", png(), custody="referenced", root="library")
    studio.artist.post("/assets/prp_cup/versions", {"files": [in_place]})
    studio.artist.submits("prp_cup", 1)
    studio.settles()
    unseen = _unmeasured(studio)
    studio.admin.patch("/roots/library", {"templates": [_template("main", str(tmp_path))]})
    in_sight = _unmeasured(studio)

    with studio.work() as work:
        owed = owe_facts(work)
    studio.settles()

    assert (unseen, in_sight, owed, _unmeasured(studio)) == (0, 1, (1, None), 0)
    assert studio.artist.get("/assets/prp_cup/versions/1").files[0]["checked_at"] is not None


def _unmeasured(studio: Studio) -> int:
    return count_unmeasured(studio.house.desk, site="main")


def _template(site: str, path: str) -> dict[str, str]:
    return {"platform": "linux", "site": site, "path": path}


def _forget(studio: Studio, sha256: str) -> None:
    with studio.house.desk.bookkeeping() as session:
        session.execute(delete(Measurement).where(Measurement.sha256 == sha256))
