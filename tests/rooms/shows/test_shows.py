"""Shows: the productions that assets are made for, each with an audience."""

from typing import Any

import pytest

from catalog.accounts.vocabulary import Role
from catalog.kernel.actors import Actor
from catalog.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted, Stale
from catalog.kernel.paging import Paging
from catalog.shows import queries, registry
from catalog.shows.registry import NewShow, ShowChange
from tests.crew import Crew


def create(crew: Crew, code: str, *, by: Actor | None = None, **fields: Any) -> None:  # noqa: ANN401 — of NewShow
    with crew.work(by or crew.supervisor) as work:
        registry.create_show(work, NewShow(**{"code": code, "name": "", **fields}))


def change(crew: Crew, code: str, *, if_revision: int | None = None, **fields: Any) -> None:  # noqa: ANN401 — JSON
    with crew.work(crew.admin) as work:
        registry.change_show(work, code, ShowChange(**fields), if_revision=if_revision)


def codes_for(crew: Crew, viewer: Actor) -> list[str]:
    with crew.view(viewer) as view:
        return [show.code for show in queries.page_shows(view, Paging()).items]


def test_a_show_has_a_code_a_name_and_the_studio_as_its_audience(crew: Crew) -> None:
    create(crew, "Orion", name="Орион 猎户座", description="Season 2")

    with crew.view(crew.viewer) as view:
        show = queries.get_show(view, "ORION")
        assert (show.code, show.name, show.description, show.audience_id) == ("Orion", "Орион 猎户座", "Season 2", None)
    assert crew.entries("show.")[-1].values == {
        "code": "Orion",
        "title": "Орион 猎户座",
        "audience": None,
        "reviewed": False,
    }


def test_a_show_without_a_name_is_called_by_its_code(crew: Crew) -> None:
    create(crew, "orion")

    with crew.view(crew.viewer) as view:
        assert queries.get_show(view, "orion").name == "orion"


def test_a_code_is_taken_in_whatever_case(crew: Crew) -> None:
    create(crew, "orion")

    with pytest.raises(Conflict, match="show code 'ORION' is taken") as refused:
        create(crew, "ORION")

    assert refused.value.code == "code-taken"


@pytest.mark.parametrize("code", ["", "7up", "_x", "a b", "оrion", "a" * 65, "a.b", "a\n"])
def test_a_code_has_plain_letters_and_digits(crew: Crew, code: str) -> None:
    with pytest.raises(InvalidInput, match="is not 1–64 letters, digits, _ or -") as refused:
        create(crew, code)

    assert refused.value.code == "bad-code"


def test_a_private_show_is_hidden_from_everybody_outside_its_groups(crew: Crew) -> None:
    ann = crew.joins("ann", Role.SUPERVISOR, groups=["orion"])
    create(crew, "orion", by=ann, audience=("orion",))
    create(crew, "lyra")

    assert codes_for(crew, ann) == ["lyra", "orion"]
    assert codes_for(crew, crew.artist) == ["lyra"]
    assert codes_for(crew, crew.licensing) == ["lyra", "orion"]


def test_a_hidden_show_and_one_that_is_not_there_look_the_same(crew: Crew) -> None:
    crew.has_group("orion")
    create(crew, "orion", by=crew.admin, audience=("orion",))
    refusals = []

    for code in ("orion", "absent"):
        with crew.view(crew.artist) as view, pytest.raises(NotFound) as refused:
            queries.get_show(view, code)
        refusals.append((refused.value.code, refused.value.message.replace(code, "CODE")))

    assert refusals == [("unknown-show", "there is no show 'CODE'")] * 2


def test_nobody_makes_a_show_that_they_cannot_see(crew: Crew) -> None:
    crew.has_group("orion")

    with pytest.raises(InvalidInput, match="does not include a group of sue"):
        create(crew, "orion", audience=("orion",))

    assert crew.types("show.") == []


def test_what_changed_is_told_before_and_after(crew: Crew) -> None:
    crew.has_group("orion")
    create(crew, "orion", name="Orion")

    change(crew, "ORION", name="Orion II", description="", audience=["Orion"])

    assert crew.entries("show.changed")[-1].values == {
        "changes": {"name": ["Orion", "Orion II"], "audience": [None, ["orion"]]}
    }


def test_a_show_that_becomes_public_again_is_seen_by_all(crew: Crew) -> None:
    crew.has_group("orion")
    create(crew, "orion", by=crew.admin, audience=("orion",))

    change(crew, "orion", audience=None)

    assert codes_for(crew, crew.viewer) == ["orion"]
    assert crew.entries("show.changed")[-1].values == {"changes": {"audience": [["orion"], None]}}


def test_changing_nothing_leaves_no_entry(crew: Crew) -> None:
    crew.has_group("orion")
    create(crew, "orion", name="Orion", by=crew.admin, audience=("orion",))

    change(crew, "orion", name="Orion", audience=["ORION", "orion"])

    assert crew.types("show.changed") == []


def test_only_the_named_fields_are_touched(crew: Crew) -> None:
    create(crew, "orion", name="Orion", description="Season 2")

    change(crew, "orion", name="Orion II")

    with crew.view(crew.viewer) as view:
        assert queries.get_show(view, "orion").description == "Season 2"


def test_a_change_of_what_was_read_meets_nobody_elses_change(crew: Crew) -> None:
    create(crew, "orion")
    change(crew, "orion", name="a", if_revision=1)

    with pytest.raises(Stale, match="orion was changed since you read it"):
        change(crew, "orion", name="b", if_revision=1)


def test_two_who_read_the_same_cannot_both_change_it(crew: Crew) -> None:
    create(crew, "orion")

    refused = crew.overlaps(
        lambda work: registry.change_show(work, "orion", ShowChange(name="a"), if_revision=1),
        lambda work: registry.change_show(work, "orion", ShowChange(name="b"), if_revision=1),
    )

    assert isinstance(refused, Stale)
    assert crew.types("show.changed") == ["show.changed/1"]


def test_shows_are_read_by_code_in_pages(crew: Crew) -> None:
    for code in ("vega", "Lyra", "orion"):
        create(crew, code)

    with crew.view(crew.viewer) as view:
        first = queries.page_shows(view, Paging(limit=2))
        second = queries.page_shows(view, Paging(limit=2, cursor=first.next_cursor))

    assert [show.code for show in (*first.items, *second.items)] == ["Lyra", "orion", "vega"]
    assert second.next_cursor is None


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ARTIST, Role.LICENSING, Role.PRIVACY_OFFICER])
def test_shows_are_made_by_supervisors_and_pipeline(crew: Crew, role: Role) -> None:
    somebody = crew.joins("sam", role)

    with crew.work(somebody) as work, pytest.raises(NotPermitted, match="sam may not manage shows"):
        registry.create_show(work, NewShow(code="orion", name=""))
    with crew.work(somebody) as work, pytest.raises(NotPermitted):
        registry.change_show(work, "orion", ShowChange())
