"""Filling an emptied store of pictures again."""

from __future__ import annotations

from catalog.jobs import queries
from catalog.jobs.vocabulary import JobState, Lane
from catalog.kernel.paging import Paging
from catalog.media.refilling import owe_previews
from tests.files import png
from tests.studio import Studio


def test_the_pictures_of_every_offered_version_are_owed_in_the_bulk_lane(studio: Studio) -> None:
    studio.artist.publishes("prp_cup", {"tex.png": png()})
    studio.artist.registers("prp_draft")
    studio.artist.drafts("prp_draft", {"a.txt": b"never published"})

    with studio.work() as work:
        count, after = owe_previews(work)

    assert (count, after) == (1, None)
    with studio.view() as view:
        owed = queries.page_jobs(view.session, Paging(), state=JobState.OWED).items
    assert [(job.kind, job.lane) for job in owed] == [("render-previews", Lane.BULK.value)]


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
