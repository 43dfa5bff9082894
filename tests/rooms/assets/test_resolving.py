"""Resolving references: from what people and scenes say to files, and to where these are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from catalog.assets import changing, publishing, relating
from catalog.assets.changing import AssetChange
from catalog.assets.registry import ForeignId
from catalog.assets.resolving import Resolved, look_again, resolve_all
from catalog.assets.roots import PathTemplate, declare
from catalog.assets.vocabulary import Platform, RelationKind
from catalog.kernel.actors import Actor
from catalog.kernel.errors import InvalidInput
from tests.crew import Crew, referenced, stored

LIBRARY = (
    PathTemplate(platform=Platform.LINUX, site="main", path="/mnt/library"),
    PathTemplate(platform=Platform.WINDOWS, site="main", path=r"L:\library"),
)


def resolve(
    crew: Crew, *references: str, platform: Platform = Platform.LINUX, site: str = "main", by: Actor | None = None
) -> list[Resolved]:
    with crew.view(by or crew.artist) as view:
        found = resolve_all(view, references, platform=platform, site=site)
        assert [one.reference for one in found] == list(references)
        return found


@pytest.fixture
def with_chair(crew: Crew) -> Crew:
    """A chair with a stored version, and a newer one under a root."""
    with crew.work(crew.pipeline) as work:
        declare(work, "library", LIBRARY)
    crew.publishes("prp_chair", {"geo/chair.usd": b"old"})
    crew.drafts("prp_chair", referenced("geo/chair.usd", b"new", root_path="shared/chair.usd"), by=crew.artist)
    crew.submits("prp_chair", 2, by=crew.artist)
    return crew


def test_a_reference_without_a_number_is_the_latest_version(with_chair: Crew) -> None:
    (found,) = resolve(with_chair, "prp_chair")

    assert found.version is not None
    assert found.version.number == 2
    assert found.entity == "catalog://assets/prp_chair/v2"


@pytest.mark.parametrize(
    "platform, location",
    [(Platform.LINUX, "/mnt/library/shared/chair.usd"), (Platform.WINDOWS, r"L:\library\shared\chair.usd")],
)
def test_a_referenced_file_is_where_its_root_is_on_the_asked_platform(
    with_chair: Crew, platform: Platform, location: str
) -> None:
    (found,) = resolve(with_chair, "prp_chair@2", platform=platform)

    assert [(one.file.path, one.location) for one in found.files] == [("geo/chair.usd", location)]


def test_a_stored_file_has_no_place_of_its_own(with_chair: Crew) -> None:
    (found,) = resolve(with_chair, "prp_chair@1")

    assert [(one.file.path, one.location) for one in found.files] == [("geo/chair.usd", None)]


def test_one_file_of_a_version_can_be_named(with_chair: Crew) -> None:
    (found,) = resolve(with_chair, "catalog://assets/prp_chair/v2/files/geo/chair.usd")

    assert [one.file.path for one in found.files] == ["geo/chair.usd"]
    assert found.entity == "catalog://assets/prp_chair/v2/files/geo/chair.usd"


def test_what_cannot_be_resolved_says_why_and_leaves_the_others_alone(with_chair: Crew) -> None:
    with with_chair.work(with_chair.supervisor) as work:
        publishing.withdraw(work, "prp_chair", 1, "wrong scale")
    references = [
        "prp_chair",
        "prp_absent",
        "prp_chair@1",
        "prp_chair@9",
        "@3",
        "catalog://assets/prp_chair/v2/files/x",
    ]

    found = resolve(with_chair, *references)

    assert [one.code for one in found] == [
        None,
        "unknown-asset",
        "not-offered",
        "unknown-version",
        "invalid-input",
        "unknown-file",
    ]
    assert "prp_chair@1 is withdrawn; it is not released" in str(found[2].message)
    assert (found[1].version, found[1].entity, found[1].files) == (None, None, ())


def test_a_deprecated_version_is_still_released(with_chair: Crew) -> None:
    with with_chair.work(with_chair.supervisor) as work:
        publishing.deprecate(work, "prp_chair", 2, "old")

    assert resolve(with_chair, "prp_chair@2")[0].code is None


def test_ones_own_draft_is_not_released(with_chair: Crew) -> None:
    with_chair.drafts("prp_chair", stored("a", b"draft"), by=with_chair.artist)

    assert resolve(with_chair, "prp_chair@3")[0].code == "not-offered"


def test_a_platform_or_site_without_a_path_is_told(with_chair: Crew) -> None:
    (no_mac,) = resolve(with_chair, "prp_chair", platform=Platform.MACOS)
    (no_site,) = resolve(with_chair, "prp_chair", site="remote")

    assert (no_mac.code, no_site.code) == ("no-template", "no-template")
    assert no_mac.message == ("root 'library' has no macos path at site 'main'; an administrator can add a template")


def test_a_hidden_asset_resolves_like_an_absent_one(crew: Crew) -> None:
    crew.has_group("orion")
    crew.registers("prp_hidden", audience=("orion",))
    crew.publishes("prp_hidden")

    hidden, absent = resolve(crew, "prp_hidden", "prp_absent")

    assert (hidden.code, absent.code) == ("unknown-asset", "unknown-asset")
    assert str(hidden.message).replace("hidden", "absent") == absent.message


def test_one_answer_names_a_hundred_thousand_files_at_most(crew: Crew) -> None:
    crew.registers("prp_chair")
    with crew.work(crew.pipeline) as work:
        declare(work, "library", LIBRARY)
    crew.drafts("prp_chair", *(referenced(f"t.{n}.exr", b"%d" % n) for n in range(2_000)), by=crew.artist)
    crew.submits("prp_chair", 1, by=crew.artist)

    (*_, last) = resolve(crew, *["prp_chair@1"] * 50)

    assert len(last.files) == 2_000
    with pytest.raises(InvalidInput, match="these references name more than 100000 files") as refused:
        resolve(crew, *["prp_chair@1"] * 51)
    assert refused.value.code == "too-many-files"


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[str]]:
    """Collect what the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:  # noqa: ANN401 — SQLAlchemy's signature
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_many_references_ask_the_database_as_often_as_few(crew: Crew) -> None:
    with crew.work(crew.pipeline) as work:
        declare(work, "library", LIBRARY)
    codes = [f"prp_n{number}" for number in range(20)]
    for code in codes:
        crew.registers(code, external_ids=(ForeignId(system="legacy", value=f"old {code}"),))
        crew.drafts(code, referenced("a.usd", b"a"), referenced("b.usd", b"b"), by=crew.artist)
        crew.submits(code, 1, by=crew.artist)
    kinds = ("{}", "{}@1", "{}@9", "old {}", "legacy:old {}@1", "catalog://assets/{}/v1/files/a.usd")
    references = [kind.format(code) for code in codes for kind in kinds]

    with statements_of(crew.desk.engine) as few:
        resolve(crew, *references[:6])
    with statements_of(crew.desk.engine) as many:
        found = resolve(crew, *references)

    assert [one.code for one in found[:6]] == [None, None, "unknown-version", None, None, None]
    assert len(many) == len(few) < 12


@pytest.mark.parametrize("change", ["withdrawn", "hidden"])
def test_what_changed_between_resolving_and_letting_out_is_resolved_anew(with_chair: Crew, change: str) -> None:
    with_chair.publishes("prp_table")
    before = resolve(with_chair, "prp_chair@1", "prp_table", "prp_absent")
    with_chair.has_group("orion")
    with with_chair.work() as work:
        if change == "withdrawn":
            publishing.withdraw(work, "prp_chair", 1, "wrong scale")
        else:
            changing.change(work, "prp_chair", AssetChange(audience=("orion",)))

    with with_chair.work(with_chair.artist) as work:
        now = look_again(work.view, before, platform=Platform.LINUX, site="main")

    gone = "not-offered" if change == "withdrawn" else "unknown-asset"
    assert [(one.reference, one.code) for one in now] == [
        ("prp_chair@1", gone),
        ("prp_table", None),
        ("prp_absent", "unknown-asset"),
    ]


def test_an_external_id_that_ends_like_a_version_is_tried_whole_first(crew: Crew) -> None:
    for code, value in (("prp_old", "OLD name v3@2"), ("prp_new", "NEW name v3"), ("prp_slash", "Asset/12")):
        crew.registers(code, external_ids=(ForeignId(system="shotgrid", value=value),))
        crew.publishes(code)

    found = resolve(
        crew, "OLD name v3@2", "shotgrid:old name v3@2", "OLD name v3@2@1", "NEW name v3@1", "shotgrid:Asset/12@1"
    )

    assert [one.entity for one in found] == [
        "catalog://assets/prp_old/v1",
        "catalog://assets/prp_old/v1",
        "catalog://assets/prp_old/v1",
        "catalog://assets/prp_new/v1",
        "catalog://assets/prp_slash/v1",
    ]


def test_a_relation_to_such_an_external_id_names_no_version(crew: Crew) -> None:
    crew.registers("prp_old", external_ids=(ForeignId(system="shotgrid", value="OLD name v3@2"),))
    crew.registers("env_room")

    with crew.work(crew.artist) as work:
        relation = relating.relate(work, "env_room", RelationKind.CONTAINS, "OLD name v3@2")

    assert relation.target_number == 0
