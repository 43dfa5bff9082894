"""What somebody may be about to search for; nothing leads to nothing."""

import pytest

from catalog.accounts.vocabulary import Role
from catalog.collections.suggesting import suggest
from catalog.kernel.actors import Actor
from catalog.search.memory import MemoryIndex
from catalog.shows.registry import NewShow, create_show
from tests.crew import Crew
from tests.rooms.collections.searching import Shelf


@pytest.fixture
def shelf(crew: Crew) -> Shelf:
    shelf = Shelf(crew=crew, index=MemoryIndex())
    with crew.work() as work:
        create_show(work, NewShow(code="MKT", name="The Market"))
        create_show(work, NewShow(code="MARS", name="Mars, which is empty"))
    crew.registers("prp_lamp", name="Market lamp", tags=("marble",), show="MKT")
    crew.registers("prp_lantern", name="Paper lantern")
    shelf.passes()
    return shelf


def offered(shelf: Shelf, text: str, viewer: Actor | None = None, limit: int = 10) -> list[tuple[str, str, str | None]]:
    with shelf.crew.view(viewer or shelf.crew.artist) as view:
        return [(one.kind.value, one.text, one.query) for one in suggest(view, shelf.index, text, limit)]


def test_assets_tags_shows_and_saved_searches_are_offered(shelf: Shelf) -> None:
    shelf.keeps("q=lamp", title="Lamps of the market")
    shelf.keeps("q=nothing", title="Market that is empty")

    assert offered(shelf, "mar") == [
        ("asset", "Market lamp", None),
        ("tag", "marble", "tag=marble"),
        ("show", "The Market", "show=MKT"),
        ("search", "Lamps of the market", "q=lamp"),
    ]
    assert offered(shelf, "mkt") == [("show", "The Market", "show=MKT")]
    assert offered(shelf, "mar", limit=3)[1:] == [("tag", "marble", "tag=marble"), ("show", "The Market", "show=MKT")]
    assert offered(shelf, " ") == []


def test_nobody_is_offered_the_searches_of_others_unless_they_share_them(shelf: Shelf) -> None:
    ann = shelf.crew.joins("ann", Role.ARTIST)
    shelf.keeps("q=lamp", title="新道具")
    shelf.keeps("q=lantern", title="街上的新道具", shared=True)

    assert offered(shelf, "新道具", ann) == [("search", "街上的新道具", "q=lantern")]
    assert [text for _, text, _ in offered(shelf, "新道具")] == ["街上的新道具", "新道具"]


def test_what_others_share_is_offered_without_asking_it_and_only_where_it_names_nothing_hidden(shelf: Shelf) -> None:
    crew = shelf.crew
    ann, ivy = crew.joins("ann", Role.ARTIST), crew.joins("ivy", Role.ARTIST, groups=["vip"])
    with crew.work() as work:
        create_show(work, NewShow(code="NOVA", name="Nova", audience=("vip",)))
    shelf.keeps("q=zebra", title="Zebras", shared=True)
    shelf.keeps("show=NOVA", by=ivy, title="Zebras of Nova", shared=True)

    with crew.view(ann) as view:
        found = suggest(view, shelf.index, "zebras", 10)

    assert [(one.text, one.count) for one in found] == [("Zebras", None)]


def test_a_show_whose_assets_one_may_not_see_is_not_offered(shelf: Shelf) -> None:
    crew = shelf.crew
    crew.joins("ivy", Role.ARTIST, groups=["vip"])
    with crew.work() as work:
        create_show(work, NewShow(code="NOVA", name="Nova"))
    crew.registers("prp_star", name="Star", show="NOVA", audience=("vip",))
    shelf.passes()

    assert offered(shelf, "nov") == []
    assert offered(shelf, "nov", crew.admin) == [("show", "Nova", "show=NOVA")]


@pytest.mark.parametrize("typed", ["lanetr", "latn", "lanntern", "lantrn"])
def test_a_misspelt_beginning_is_completed_as_what_was_meant(shelf: Shelf, typed: str) -> None:
    assert offered(shelf, typed) == [("asset", "Paper lantern", None)]


def test_what_a_search_finds_as_it_is_typed_is_not_corrected(shelf: Shelf) -> None:
    shelf.edits("prp_lamp", description="latn")
    shelf.passes()

    assert offered(shelf, "latn") == []
    assert offered(shelf, "zebra") == []
