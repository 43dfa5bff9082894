"""Drafting: saying which bytes a version will have, as often as one likes."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from catalog.accounts.vocabulary import Role
from catalog.assets import drafting, publishing, queries, registry
from catalog.assets.manifests import FileEntry
from catalog.assets.models import AssetVersion, File, Upload
from catalog.assets.vocabulary import FileRole, Kind
from catalog.kernel.actors import Actor
from catalog.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from tests.crew import OPERATOR, Crew, digest, referenced, stored

MODEL = stored("geo/chair.usd", b"model")
LOOK = stored("look/chair.mtlx", b"look")
LAMP = registry.Registration(code="prp_lamp", name="Lamp", kind=Kind.PROP)


def awaited(crew: Crew, number: int = 1) -> set[str]:
    """The digests of the blobs that a version waits for."""
    with crew.desk.read() as session:
        found = select(Upload.sha256).join(AssetVersion, AssetVersion.id == Upload.version_id)
        return set(session.scalars(found.where(AssetVersion.number == number, ~Upload.settled)))


@pytest.fixture
def with_chair(crew: Crew) -> Crew:
    crew.registers("prp_chair", by=crew.artist)
    return crew


def test_a_draft_has_the_next_number_and_waits_for_its_bytes(with_chair: Crew) -> None:
    drafted = with_chair.drafts("prp_chair", MODEL, LOOK, by=with_chair.artist, note=" First ")

    with with_chair.view(with_chair.artist) as view:
        version = queries.get_version(view, "prp_chair", 1)
        roles = [(file.path, file.role, file.custody) for file in queries.files_of(view, version.id)]
        assert (version.status, version.note, version.file_count, version.size_bytes) == ("draft", "First", 2, 9)
    assert (drafted.number, drafted.outcome) == (1, "drafted")
    assert roles == [("geo/chair.usd", "model", "stored"), ("look/chair.mtlx", "look", "stored")]
    assert awaited(with_chair) == {MODEL.sha256, LOOK.sha256}


def test_drafting_is_told_with_the_manifest_and_its_size(with_chair: Crew) -> None:
    with_chair.drafts("prp_chair", MODEL, by=with_chair.artist)

    entry = with_chair.entries("version.")[-1]
    assert entry.type == "version.drafted/1"
    assert entry.values == {
        "number": 1,
        "file_count": 1,
        "size_bytes": 5,
        "manifest_sha256": digest(f"{MODEL.sha256} model geo/chair.usd\n".encode()),
    }


def test_a_draft_changes_nothing_that_others_see_of_the_asset(with_chair: Crew) -> None:
    with_chair.drafts("prp_chair", MODEL, by=with_chair.artist)

    with with_chair.view(with_chair.viewer) as view:
        asset = queries.get_asset(view, "prp_chair")
        assert (asset.latest_number, asset.revision) == (None, 1)


def test_the_same_bytes_resume_the_draft_whatever_their_order(with_chair: Crew) -> None:
    first = with_chair.drafts("prp_chair", MODEL, LOOK, by=with_chair.artist)

    again = with_chair.drafts("prp_chair", LOOK, MODEL, by=with_chair.artist)

    assert (again.id, again.outcome) == (first.id, "resumed")
    assert with_chair.types("version.") == ["version.drafted/1"]


def test_a_version_being_verified_is_resumed_too(with_chair: Crew) -> None:
    first = with_chair.drafts("prp_chair", MODEL, by=with_chair.artist)
    with_chair.submits("prp_chair", 1, by=with_chair.artist)

    again = with_chair.drafts("prp_chair", MODEL, by=with_chair.artist)

    assert (again.id, again.outcome) == (first.id, "resumed")


def test_somebody_elses_draft_is_not_resumed(with_chair: Crew) -> None:
    with_chair.drafts("prp_chair", MODEL, by=with_chair.artist)

    mine = with_chair.drafts("prp_chair", MODEL, by=with_chair.supervisor)

    assert (mine.number, mine.outcome) == (2, "drafted")


def test_the_bytes_of_the_latest_version_are_unchanged(with_chair: Crew) -> None:
    with_chair.publishes("prp_chair", {"geo/chair.usd": b"model"})

    again = with_chair.drafts("prp_chair", MODEL, by=with_chair.artist)

    assert (again.number, again.outcome) == (1, "unchanged")
    assert with_chair.types("version.drafted") == ["version.drafted/1"]


def test_the_bytes_of_an_older_version_are_a_new_one(with_chair: Crew) -> None:
    with_chair.publishes("prp_chair", {"geo/chair.usd": b"model"})
    with_chair.publishes("prp_chair", {"geo/chair.usd": b"other"})

    back = with_chair.drafts("prp_chair", MODEL, by=with_chair.artist)

    assert (back.number, back.outcome) == (3, "drafted")


def test_the_bytes_of_a_withdrawn_version_are_a_new_one(with_chair: Crew) -> None:
    with_chair.publishes("prp_chair", {"geo/chair.usd": b"model"})
    with with_chair.work(with_chair.supervisor) as work:
        publishing.withdraw(work, "prp_chair", 1, "wrong scale")

    again = with_chair.drafts("prp_chair", MODEL, by=with_chair.artist)

    assert (again.number, again.outcome) == (2, "drafted")


def test_the_same_bytes_under_another_path_are_another_version(with_chair: Crew) -> None:
    with_chair.publishes("prp_chair", {"geo/chair.usd": b"model"})

    moved = with_chair.drafts("prp_chair", replace(MODEL, path="geo/stool.usd"), by=with_chair.artist)

    assert (moved.number, moved.outcome) == (2, "drafted")


def test_the_same_bytes_in_another_role_are_another_version_and_need_not_be_brought(with_chair: Crew) -> None:
    with_chair.publishes("prp_chair", {"geo/chair.usd": b"model"})

    proxy = replace(MODEL, role=FileRole.PROXY)
    first = with_chair.drafts("prp_chair", proxy, by=with_chair.artist)
    with_chair.submits("prp_chair", first.number, by=with_chair.artist)
    again = with_chair.drafts("prp_chair", proxy, by=with_chair.artist)

    assert (first.number, first.outcome) == (2, "drafted")
    assert (again.number, again.outcome) == (2, "unchanged")
    assert awaited(with_chair, 2) == set()


def test_the_same_bytes_stored_instead_of_referenced_are_another_version(with_chair: Crew) -> None:
    with_chair.has_root()
    with_chair.drafts("prp_chair", referenced("geo/chair.usd", b"model"), by=with_chair.artist)
    with_chair.submits("prp_chair", 1, by=with_chair.artist)

    stored_ = with_chair.drafts("prp_chair", MODEL, by=with_chair.artist)

    assert (stored_.number, stored_.outcome) == (2, "drafted")


def test_the_same_bytes_under_another_root_or_elsewhere_there_are_another_version(with_chair: Crew) -> None:
    with_chair.has_root("oldlib", "/mnt/old")
    with_chair.has_root("newlib", "/mnt/new")
    places = ({"root": "oldlib"}, {"root": "newlib"}, {"root": "newlib", "root_path": "2024/chair.usd"})

    told = []
    for place in places:
        file = referenced("chair.usd", b"model", **place)
        told += [with_chair.drafts("prp_chair", file), with_chair.drafts("prp_chair", file)]
        with_chair.submits("prp_chair", told[-1].number)
        told.append(with_chair.drafts("prp_chair", file))

    assert [(one.number, one.outcome) for one in told] == [
        (number, outcome) for number in (1, 2, 3) for outcome in ("drafted", "resumed", "unchanged")
    ]


def test_bytes_that_the_maker_may_read_already_need_not_be_brought(with_chair: Crew) -> None:
    with_chair.publishes("prp_table", {"wood.exr": b"wood"})

    with_chair.drafts("prp_chair", MODEL, stored("tex/wood.exr", b"wood"), by=with_chair.artist)

    assert awaited(with_chair) == {MODEL.sha256}


def test_nobody_learns_of_hidden_bytes_by_drafting_them(crew: Crew) -> None:
    crew.has_group("orion")
    crew.registers("prp_hidden", audience=("orion",))
    crew.publishes("prp_hidden", {"secret.exr": b"secret"})
    crew.registers("prp_chair")

    crew.drafts("prp_chair", stored("tex/guess.exr", b"secret"), by=crew.artist)

    assert digest(b"secret") in awaited(crew)


def test_bytes_that_are_only_referenced_somewhere_must_be_brought_to_be_stored(with_chair: Crew) -> None:
    with_chair.has_root()
    with_chair.drafts("prp_chair", referenced("geo/chair.usd", b"model"), by=with_chair.artist)
    with_chair.submits("prp_chair", 1, by=with_chair.artist)

    with_chair.drafts("prp_chair", MODEL, by=with_chair.artist)

    assert awaited(with_chair, 2) == {MODEL.sha256}


def test_one_content_under_several_paths_is_brought_once(with_chair: Crew) -> None:
    with_chair.drafts("prp_chair", MODEL, replace(MODEL, path="geo/copy.usd"), by=with_chair.artist)

    with with_chair.desk.read() as session:
        assert session.scalar(select(func.count()).select_from(Upload)) == 1


def test_twelve_thousand_files_are_one_draft(with_chair: Crew) -> None:
    files = [FileEntry(path=f"tex/t.{n}.exr", sha256=f"{n:064x}", size_bytes=n) for n in range(12_000)]

    drafted = with_chair.drafts("prp_chair", *files, by=with_chair.artist)
    again = with_chair.drafts("prp_chair", *files, by=with_chair.artist)

    with with_chair.desk.read() as session:
        assert session.scalar(select(func.count()).select_from(File)) == 12_000
        assert session.scalar(select(func.count()).select_from(Upload)) == 12_000
    assert (drafted.outcome, again.outcome) == ("drafted", "resumed")


def test_a_large_blob_is_expected_in_parts(with_chair: Crew) -> None:
    parts = ("a" * 64, "b" * 64, "c" * 64)
    scan = FileEntry(path="scan.e57", sha256="d" * 64, size_bytes=130 * 2**20, part_sha256=parts)

    with_chair.drafts("prp_chair", scan, by=with_chair.artist)

    with with_chair.desk.read() as session:
        upload = session.scalars(select(Upload)).one()
        assert (upload.part_size_bytes, upload.part_sha256) == (64 * 2**20, list(parts))
        assert upload.transfer_id is None


def test_a_referenced_file_lies_under_its_root_and_is_not_brought(with_chair: Crew) -> None:
    with_chair.has_root()

    with_chair.drafts(
        "prp_chair",
        referenced("geo/chair.usd", b"model"),
        referenced("tex/wood.exr", b"wood", root_path="shared/wood/wood.exr"),
        by=with_chair.artist,
    )

    with with_chair.desk.read() as session:
        kept = session.execute(select(File.path, File.root_path, File.state).order_by(File.path)).all()
    assert [tuple(row) for row in kept] == [
        ("geo/chair.usd", "geo/chair.usd", "online"),
        ("tex/wood.exr", "shared/wood/wood.exr", "online"),
    ]
    assert awaited(with_chair) == set()


def test_a_root_that_was_not_declared_is_not_found(with_chair: Crew) -> None:
    with_chair.has_root("library")

    with pytest.raises(NotFound, match="there is no root 'archive'; declared are: library"):
        with_chair.drafts("prp_chair", referenced("a", root="archive"), by=with_chair.artist)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((), id="no file"),
        pytest.param((replace(MODEL, path="../chair.usd"),), id="a path that escapes"),
        pytest.param((MODEL, replace(LOOK, path="GEO/CHAIR.usd")), id="paths that collide"),
        pytest.param((replace(MODEL, sha256="none"),), id="no digest"),
    ],
)
def test_a_manifest_that_is_wrong_leaves_nothing_behind(with_chair: Crew, files: tuple[FileEntry, ...]) -> None:
    with pytest.raises(InvalidInput):
        with_chair.drafts("prp_chair", *files, by=with_chair.artist)

    with with_chair.desk.read() as session:
        assert session.scalars(select(AssetVersion.id)).all() == []
    assert with_chair.types("version.") == []


def test_a_new_asset_is_registered_with_its_first_draft(crew: Crew) -> None:
    entry = drafting.VersionEntry(files=(MODEL,), asset=LAMP)

    with crew.work(crew.artist) as work:
        drafted = drafting.draft(work, "prp_lamp", entry)
        assert (drafted.version.asset.name, drafted.version.number) == ("Lamp", 1)
    with crew.work(crew.artist) as work:
        again = drafting.draft(work, "prp_lamp", entry)

    assert again.outcome == "resumed"
    assert crew.types()[-2:] == ["asset.registered/1", "version.drafted/1"]


@pytest.mark.parametrize("path", ["a:b.txt", "geo/Chair.usd"])
def test_an_asset_whose_first_manifest_is_wrong_is_not_registered(crew: Crew, path: str) -> None:
    files = (MODEL, replace(LOOK, path=path))

    with pytest.raises(InvalidInput), crew.work(crew.artist) as work:
        drafting.draft(work, "prp_lamp", drafting.VersionEntry(files=files, asset=LAMP))

    with crew.view(crew.artist) as view, pytest.raises(NotFound):
        queries.get_asset(view, "prp_lamp")
    assert crew.types("asset.") == []


def test_an_asset_that_is_there_stays_as_it_is_whatever_a_draft_says(with_chair: Crew) -> None:
    with with_chair.work(with_chair.artist) as work:
        entry = drafting.VersionEntry(files=(MODEL,), asset=replace(LAMP, code="prp_chair"))
        drafted = drafting.draft(work, "prp_chair", entry)

        assert drafted.version.asset.name == "prp_chair"
    assert with_chair.types("asset.") == ["asset.registered/1"]


def test_a_draft_does_not_take_the_code_of_a_hidden_asset(crew: Crew) -> None:
    crew.has_group("orion")
    crew.registers("prp_lamp", audience=("orion",))

    with pytest.raises(Conflict, match="code 'prp_lamp' is taken"), crew.work(crew.artist) as work:
        drafting.draft(work, "prp_lamp", drafting.VersionEntry(files=(MODEL,), asset=LAMP))


def test_nothing_is_drafted_of_a_retired_asset(with_chair: Crew) -> None:
    with with_chair.work(with_chair.supervisor) as work:
        registry.retire(work, "prp_chair", "broken")

    with pytest.raises(Conflict, match="prp_chair is retired; reinstate it before you publish") as refused:
        with_chair.drafts("prp_chair", MODEL, by=with_chair.artist)

    assert refused.value.code == "retired"


def test_a_hidden_asset_looks_absent(crew: Crew) -> None:
    crew.has_group("orion")
    crew.registers("prp_chair", audience=("orion",))

    with pytest.raises(NotFound, match="there is no asset 'prp_chair'"):
        crew.drafts("prp_chair", MODEL, by=crew.artist)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.LICENSING, Role.PRIVACY_OFFICER])
def test_only_those_who_publish_draft(with_chair: Crew, role: Role) -> None:
    somebody: Actor = with_chair.joins("sam", role)

    with pytest.raises(NotPermitted, match="sam may not publish"):
        with_chair.drafts("prp_chair", MODEL, by=somebody)


def test_two_drafts_at_once_take_two_numbers(with_chair: Crew) -> None:
    one, other = (drafting.VersionEntry(files=(file,)) for file in (MODEL, LOOK))

    refused = with_chair.overlaps(
        lambda work: drafting.draft(work, "prp_chair", one),
        lambda work: drafting.draft(work, "prp_chair", other),
        by=OPERATOR,
    )

    with with_chair.desk.read() as session:
        assert sorted(session.scalars(select(AssetVersion.number))) == [1, 2]
    assert refused is None


def test_the_same_draft_at_once_is_one(with_chair: Crew) -> None:
    entry = drafting.VersionEntry(files=(MODEL,))

    with_chair.overlaps(
        lambda work: drafting.draft(work, "prp_chair", entry),
        lambda work: drafting.draft(work, "prp_chair", entry),
        by=with_chair.artist,
    )

    with with_chair.desk.read() as session:
        assert session.scalars(select(AssetVersion.number)).all() == [1]
