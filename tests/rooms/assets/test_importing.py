"""Bulk registration: each row is answered for itself, and sending it again does no harm."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from catalog.accounts.vocabulary import Role
from catalog.assets import importing, queries
from catalog.assets.importing import Row, RowAnswer, digest_of_row
from catalog.assets.models import Asset, ImportRow
from catalog.assets.registry import ForeignId, Registration
from catalog.assets.vocabulary import Kind
from catalog.kernel.actors import Actor
from catalog.kernel.errors import Conflict, InvalidInput, NotPermitted
from catalog.shows.registry import NewShow, create_show
from tests.crew import Crew, referenced, stored


def row(number: int, code: str | None = None, **fields: Any) -> Row:  # noqa: ANN401 — of Row and Registration
    own = {key: fields.pop(key) for key in ("files", "note", "digest") if key in fields}
    registration = Registration(**{"code": code or f"prp_{number}", "name": "x", "kind": Kind.PROP, **fields})
    return Row(number=number, registration=registration, **{"digest": f"{registration}{own}"[:64], **own})


def enter(crew: Crew, *rows: Row, key: str = "library", by: Actor | None = None) -> list[RowAnswer]:
    with crew.work(by or crew.pipeline) as work:
        return importing.enter_rows(work, key, rows)


def count(crew: Crew) -> int:
    with crew.desk.read() as session:
        return session.scalar(select(func.count()).select_from(Asset)) or 0


def test_a_row_becomes_an_asset(crew: Crew) -> None:
    answers = enter(crew, row(1, "prp_chair"), row(2, "veh_van", kind=Kind.VEHICLE))

    assert answers == [
        RowAnswer(row=1, outcome="registered", asset="prp_chair"),
        RowAnswer(row=2, outcome="registered", asset="veh_van"),
    ]
    with crew.view(crew.viewer) as view:
        assert queries.get_asset(view, "veh_van").kind == "vehicle"
    assert crew.types("asset.") == ["asset.registered/1", "asset.registered/1"]


def test_a_row_with_files_is_published_at_once(crew: Crew) -> None:
    crew.has_root()

    answers = enter(
        crew, row(1, "prp_chair", files=(referenced("geo/chair.usd", b"model"),), note=" from the library ")
    )

    with crew.view(crew.viewer) as view:
        version = queries.get_version(view, "prp_chair")
        (file,) = queries.files_of(view, version.id)
        assert (version.number, version.status, version.note, version.size_bytes) == (
            1,
            "published",
            "from the library",
            5,
        )
        assert (file.custody, file.root_path, file.role) == ("referenced", "geo/chair.usd", "model")
    assert answers == [RowAnswer(row=1, outcome="registered", asset="prp_chair", version=1)]
    assert crew.types("version.") == ["version.published/1"]


def test_an_imported_version_is_the_same_as_a_published_one(crew: Crew) -> None:
    crew.has_root()
    decomposed = referenced("cafe\u0301/chair.usd", b"model")
    enter(crew, row(1, "prp_chair", files=(decomposed,)))

    again = crew.drafts("prp_chair", decomposed, by=crew.artist)

    assert again.outcome == "unchanged"


def test_sending_the_same_rows_again_changes_nothing_and_says_so(crew: Crew) -> None:
    crew.has_root()
    rows = [row(1), row(2, files=(referenced("a.usd", b"a"),))]
    enter(crew, *rows)

    again = enter(crew, *rows)

    assert again == [
        RowAnswer(row=1, outcome="unchanged", asset="prp_1"),
        RowAnswer(row=2, outcome="unchanged", asset="prp_2", version=1),
    ]
    assert count(crew) == 2
    assert crew.types("asset.") == ["asset.registered/1", "asset.registered/1"]


def test_an_interrupted_import_goes_on_where_it_stopped(crew: Crew) -> None:
    enter(crew, row(1), row(2))

    answers = enter(crew, row(2), row(3))

    assert [(one.row, one.outcome) for one in answers] == [(2, "unchanged"), (3, "registered")]


def test_a_row_that_was_other_before_is_refused(crew: Crew) -> None:
    enter(crew, row(1, "prp_chair"))

    (answer,) = enter(crew, row(1, "prp_stool"))

    assert (answer.outcome, answer.code, answer.asset) == ("refused", "row-changed", "prp_chair")
    assert "use another import key" in str(answer.message)
    assert count(crew) == 1


def test_under_another_key_the_same_rows_are_other_rows(crew: Crew) -> None:
    enter(crew, row(1))

    (answer,) = enter(crew, row(1), key="second try")

    assert (answer.outcome, answer.code) == ("refused", "code-taken")


def test_an_import_key_is_its_senders_own(crew: Crew) -> None:
    other = crew.joins("pia", Role.PIPELINE)
    enter(crew, row(1, "prp_chair"))

    (answer,) = enter(crew, row(1, "prp_table"), by=other)

    assert (answer.outcome, answer.asset) == ("registered", "prp_table")


@pytest.mark.parametrize(
    "wrong, code",
    [
        pytest.param({"code": "Chair 1"}, "bad-code", id="a bad code"),
        pytest.param({"code": "prp_TAKEN"}, "code-taken", id="a taken code"),
        pytest.param({"code": "prp_FIRST"}, "code-taken", id="a code of a row before"),
        pytest.param({"name": ""}, "bad-name", id="no name"),
        pytest.param({"tags": ("",)}, "bad-tag", id="an empty tag"),
        pytest.param({"owner": "nobody"}, "unknown-user", id="an owner who is not there"),
        pytest.param({"show": "hidden"}, "unknown-show", id="a show that is hidden"),
        pytest.param({"audience": ("nobody",)}, "unknown-group", id="a group that is not there"),
        pytest.param({"audience": ("orion",)}, "audience-without-you", id="an audience without the sender"),
        pytest.param(
            {"external_ids": (ForeignId(system="legacy", value=" t1 "),)}, "external-id-taken", id="a taken external id"
        ),
        pytest.param(
            {"external_ids": (ForeignId(system="legacy", value="f1"),)},
            "external-id-taken",
            id="an external id of a row before",
        ),
        pytest.param({"external_ids": (ForeignId(system="legacy", value=""),)}, "bad-alias", id="an empty external id"),
        pytest.param({"files": (referenced("../a"),)}, "bad-path", id="a path that escapes"),
        pytest.param({"files": (referenced("a", root_path="/etc/passwd"),)}, "bad-file", id="a root path that escapes"),
        pytest.param({"files": (referenced("a"), referenced("A"))}, "same-path", id="paths that collide"),
        pytest.param({"files": (referenced("a", root="nowhere"),)}, "unknown-root", id="a root that is not there"),
        pytest.param({"files": (stored("a"),)}, "stored-file", id="a file that would have to be brought"),
        pytest.param({"files": (replace(referenced("a"), sha256="x"),)}, "bad-file", id="no digest"),
    ],
)
def test_a_row_that_is_wrong_says_why_and_leaves_the_others_alone(crew: Crew, wrong: dict[str, Any], code: str) -> None:
    crew.has_root()
    crew.has_group("orion")
    crew.registers("prp_taken", external_ids=(ForeignId(system="legacy", value="T1"),))
    with crew.work(crew.admin) as work:
        create_show(work, NewShow(code="hidden", name="", audience=("orion",)))
    first = row(1, "prp_first", external_ids=(ForeignId(system="legacy", value="F1"),))

    answers = enter(crew, first, row(2, **{"code": "prp_second", **wrong}), row(3))

    assert [one.outcome for one in answers] == ["registered", "refused", "registered"]
    assert answers[1].code == code
    assert answers[1].message
    assert count(crew) == 3


def test_a_row_that_was_refused_can_be_mended_under_the_same_key(crew: Crew) -> None:
    enter(crew, row(1, "Chair 1"))

    (answer,) = enter(crew, row(1, "prp_chair"))

    assert answer.outcome == "registered"


def test_five_hundred_rows_are_one_request_and_more_are_refused(crew: Crew) -> None:
    rows = [row(number) for number in range(501)]

    with pytest.raises(InvalidInput, match="501 rows are too many for one request; send at most 500") as refused:
        enter(crew, *rows)
    answers = enter(crew, *rows[:500])

    assert refused.value.code == "too-many-rows"
    assert {one.outcome for one in answers} == {"registered"}
    assert count(crew) == 500


def test_one_request_does_not_name_a_row_twice(crew: Crew) -> None:
    with pytest.raises(InvalidInput, match="row 1 is there twice in one request"):
        enter(crew, row(1, "prp_a"), row(1, "prp_b"))

    assert count(crew) == 0


def test_of_two_who_send_one_row_at_once_one_is_told_to_try_again(crew: Crew) -> None:
    sent = row(1)

    refused = crew.overlaps(
        lambda work: importing.enter_rows(work, "library", [sent]),
        lambda work: importing.enter_rows(work, "library", [sent]),
        by=crew.pipeline,
    )

    assert refused is None or isinstance(refused, Conflict)
    assert count(crew) == 1


def test_a_request_without_rows_does_nothing(crew: Crew) -> None:
    assert enter(crew) == []
    assert crew.types("asset.") == []


def test_rows_are_known_again_by_what_they_say_not_by_how(crew: Crew) -> None:
    one = digest_of_row({"code": "prp_chair", "tags": ["a"]})

    assert digest_of_row({"tags": ["a"], "code": "prp_chair"}) == one
    assert digest_of_row({"code": "prp_chair", "tags": ["b"]}) != one


def test_only_pipeline_and_administrators_import(crew: Crew) -> None:
    for actor in (crew.viewer, crew.artist, crew.supervisor, crew.licensing):
        with pytest.raises(NotPermitted, match=f"{actor.name} may not import"):
            enter(crew, row(1), by=actor)

    with crew.desk.read() as session:
        assert session.scalars(select(ImportRow.row)).all() == []
