"""``used_in:``: what shows and assets are built from, as far as the viewer may know of it."""

import pytest

from catalog.assets import relating
from catalog.assets.vocabulary import RelationKind
from catalog.kernel.actors import Actor
from catalog.search.linking import USERS_MAX, ties_of
from catalog.search.queries import Question, SearchPage, search
from catalog.search.query import parse
from tests.rooms.search.catalogue import ANYBODY, OPERATOR, Catalogue


def ask(catalogue: Catalogue, text: str, viewer: Actor = ANYBODY, **given: object) -> SearchPage:
    with catalogue.desk.view(viewer) as view:
        return search(view, catalogue.index, Question(text=text, **given))  # type: ignore[arg-type] # fields by name


def codes(page: SearchPage) -> list[str]:
    return sorted(asset.code for asset in page.assets)


def relate(catalogue: Catalogue, *pairs: tuple[str, str], kind: RelationKind = RelationKind.CONTAINS) -> None:
    with catalogue.desk.work(OPERATOR) as work:
        for source, target in pairs:
            relating.relate(work, source, kind, target)


@pytest.fixture
def street(catalogue: Catalogue) -> Catalogue:
    """A street of a show has a house with a lamp; a hidden cellar has a chest; a lamp has an alternative."""
    catalogue.founds("family")
    catalogue.opens_show("Orion", "Orion Rising")
    catalogue.opens_show("umbra", audience=("family",))
    catalogue.registers("env_street", "Street", show="orion")
    catalogue.registers("env_house", "House")
    catalogue.registers("prp_lamp", "Lamp")
    catalogue.registers("prp_torch", "Torch")
    catalogue.registers("env_cellar", "Cellar", show="umbra")
    catalogue.registers("prp_chest", "Chest")
    relate(catalogue, ("env_street", "env_house"), ("env_house", "prp_lamp"))
    relate(catalogue, ("env_house", "env_cellar"), ("env_cellar", "prp_chest"))
    relate(catalogue, ("env_house", "prp_torch"), kind=RelationKind.ALTERNATIVE)
    catalogue.follows()
    return catalogue


@pytest.mark.parametrize(
    "text,expected",
    [
        ("used_in:ORION ", ["env_house", "prp_lamp"]),
        ("used_in:env_house ", ["prp_lamp"]),
        ("lamp used_in:orion ", ["prp_lamp"]),
        ("used_in:orion -lamp ", ["env_house"]),
        ("used_in:orion,prp_lamp ", ["env_house", "prp_lamp"]),
        ("-used_in:env_street -used_in:env_house ", ["env_street", "prp_chest", "prp_torch"]),
        ("used_in:prp_lamp ", []),
    ],
)
def test_what_a_show_or_an_asset_is_built_from_is_found_to_any_depth(
    street: Catalogue, text: str, expected: list[str]
) -> None:
    page = ask(street, text)

    assert (codes(page), page.total, page.notices) == (expected, len(expected), ())


def test_nothing_is_found_through_what_the_viewer_may_not_know_of(street: Catalogue) -> None:
    unseen, seen = ask(street, "used_in:orion "), ask(street, "used_in:orion ", OPERATOR)
    hidden, absent = ask(street, "used_in:umbra "), ask(street, "used_in:nobodys_thing ")

    assert codes(unseen) == ["env_house", "prp_lamp"]
    assert codes(seen) == ["env_cellar", "env_house", "prp_chest", "prp_lamp"]
    assert [(one.mistake, one.instead) for one in (*hidden.notices, *absent.notices)] == [("unknown-user", None)] * 2


def test_the_nearest_show_or_asset_is_offered(street: Catalogue) -> None:
    show, asset = ask(street, "lamp used_in:oiron "), ask(street, "used_in:env_huose ")
    hidden = ask(street, "used_in:env_celar "), ask(street, "used_in:env_celar ", OPERATOR)

    assert [(one.message, one.start, one.end, one.instead) for one in show.notices] == [
        ("You know of no show or asset “oiron”, so nothing is used in it.", 5, 18, "used_in:Orion")
    ]
    assert [one.instead for one in asset.notices] == ["used_in:env_house"]
    assert [one.instead == "used_in:env_cellar" for page in hidden for one in page.notices] == [False, True]


def test_pages_go_on_while_assets_are_tied(street: Catalogue) -> None:
    first = ask(street, "used_in:orion ", limit=1)
    relate(street, ("env_street", "prp_chest"))

    second = ask(street, "used_in:orion ", limit=5, cursor=first.next_cursor)

    assert len({*codes(first), *codes(second)} & {"env_house", "prp_lamp"}) == 2


def test_so_many_shows_and_assets_are_looked_into(street: Catalogue) -> None:
    text = " OR ".join(f"used_in:set_{number}" for number in range(USERS_MAX)) + " OR used_in:orion "

    page = ask(street, text)

    assert [one.mistake for one in page.notices] == ["unknown-user"] * USERS_MAX + ["too-many-users"]
    assert page.notices[-1].message.startswith("At most 8 shows and assets are looked into")
    assert page.total == 0


def test_what_is_used_in_a_show_is_bounded_and_says_so(street: Catalogue) -> None:
    with street.desk.view(ANYBODY) as view:
        ties = ties_of(view, parse("used_in:orion "), most=1)
        all_of_it = ties_of(view, parse("used_in:orion "), most=2)

    assert [len(ids) for ids in ties.ids.values()] == [1]
    assert [one.message for one in ties.notices] == [
        "More than 1 assets are used in “orion”; some of them were left out."
    ]
    assert all_of_it.notices == ()
