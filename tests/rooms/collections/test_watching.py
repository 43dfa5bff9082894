"""How saved searches tell what is new, with each index."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from catalog.accounts import users
from catalog.accounts.vocabulary import Role
from catalog.assets import registry
from catalog.collections import saved, saving, watching
from catalog.collections.models import SavedSearch, SavedSearchNews
from catalog.collections.vocabulary import KNOWN_MAX, NEWS_MAX
from catalog.collections.watching import watch
from catalog.search.follower import catch_up
from catalog.search.memory import MemoryIndex
from catalog.search.port import Document, SearchAnswer, SearchIndex, SearchQuery
from catalog.search.whoosh_index.index import WhooshIndex
from catalog.shows.registry import NewShow, ShowChange, change_show, create_show
from tests.crew import Crew
from tests.rooms.collections.searching import Shelf


@pytest.fixture(params=["memory", "whoosh"])
def shelf(request: pytest.FixtureRequest, crew: Crew, tmp_path: Path) -> Shelf:
    return Shelf(crew=crew, index=MemoryIndex() if request.param == "memory" else WhooshIndex(tmp_path / "index"))


def test_what_is_registered_and_fits_is_new_and_what_was_there_is_not(shelf: Shelf) -> None:
    shelf.crew.registers("prp_lamp")
    shelf.passes()
    lamps = shelf.keeps("q=lamp&kind=prop")

    shelf.crew.registers("prp_lamp_b", "prp_crate")
    shelf.passes()

    assert shelf.news(lamps) == ["prp_lamp_b"]


def test_what_was_found_already_is_not_new_for_being_edited(shelf: Shelf) -> None:
    shelf.crew.registers("prp_lamp", "prp_crate")
    shelf.passes()
    lamps = shelf.keeps("q=lamp")

    shelf.edits("prp_lamp", description="brighter")
    shelf.edits("prp_crate", description="holds a lamp")
    shelf.passes()

    assert shelf.news(lamps) == ["prp_crate"]


def test_what_no_longer_fits_is_no_longer_new(shelf: Shelf) -> None:
    lamps = shelf.keeps("q=lamp&status=active")
    shelf.crew.registers("prp_lamp", "prp_lamp_b")
    shelf.passes()

    with shelf.crew.work() as work:
        registry.retire(work, "prp_lamp", "worn out")
    shelf.passes()

    assert shelf.news(lamps) == ["prp_lamp_b"]


def test_whoever_looked_has_nothing_new_until_something_comes(shelf: Shelf) -> None:
    lamps = shelf.keeps("q=lamp")
    shelf.crew.registers("prp_lamp")
    shelf.passes()

    shelf.looks(lamps)
    seen = shelf.news(lamps)
    shelf.edits("prp_lamp", description="brighter")
    shelf.crew.registers("prp_lamp_b")
    shelf.passes()

    assert (seen, shelf.news(lamps)) == ([], ["prp_lamp_b"])


def test_what_its_owner_may_not_know_of_is_not_told(shelf: Shelf) -> None:
    crew = shelf.crew
    ivy = crew.joins("ivy", Role.ARTIST, groups=["vip"])
    mine, ivys = shelf.keeps("q=lamp"), shelf.keeps("q=lamp", by=ivy)

    crew.registers("prp_lamp", audience=("vip",))
    shelf.passes()

    with crew.view() as view:
        kept = list(view.session.scalars(select(SavedSearchNews.search_id)))
    assert kept == [ivys]
    assert (shelf.news(mine), shelf.news(ivys, by=ivy)) == ([], ["prp_lamp"])


def test_what_is_hidden_is_not_counted_from_that_moment_on(shelf: Shelf) -> None:
    crew = shelf.crew
    crew.has_group("vip")
    with crew.work() as work:
        create_show(work, NewShow(code="orion", name="Orion"))
    lamps = shelf.keeps("q=lamp")
    crew.registers("prp_lamp", show="orion")
    shelf.passes()
    told = shelf.news(lamps)

    with crew.work() as work:
        change_show(work, "orion", ShowChange(audience=("vip",)))
    at_once = shelf.news(lamps)
    shelf.passes()

    assert (told, at_once, shelf.news(lamps)) == (["prp_lamp"], [], [])
    with crew.view() as view:
        assert view.session.scalar(select(SavedSearchNews.search_id)) is None


def test_a_query_that_is_changed_begins_anew(shelf: Shelf) -> None:
    shelf.crew.registers("prp_crate")
    shelf.passes()
    search = shelf.keeps("q=lamp")
    shelf.crew.registers("prp_lamp")
    shelf.passes()

    shelf.changes(search, query="q=crate")
    before = shelf.news(search)
    shelf.crew.registers("prp_crate_b", "prp_lamp_b")
    shelf.passes()

    assert (before, shelf.news(search)) == ([], ["prp_crate_b"])


def test_searches_by_show_tag_and_likeness_are_watched_too(shelf: Shelf) -> None:
    with shelf.crew.work() as work:
        create_show(work, NewShow(code="ORION", name="Orion"))
    shelf.crew.registers("prp_lamp", name="Lamp", tags=("wood",))
    shelf.passes()
    shows, tags, alike = shelf.keeps("show=orion"), shelf.keeps("-tag=WOOD"), shelf.keeps("like=prp_lamp")

    shelf.crew.registers("prp_crate", name="Crate", tags=("wood",), show="ORION")
    shelf.crew.registers("prp_pan", name="Pan")
    shelf.passes()

    assert (shelf.news(shows), shelf.news(tags), shelf.news(alike)) == (["prp_crate"], ["prp_pan"], ["prp_crate"])


def test_a_search_that_makes_sense_no_more_finds_nothing_and_stops_nobody(shelf: Shelf) -> None:
    crew = shelf.crew
    crew.has_group("vip")
    with crew.work() as work:
        create_show(work, NewShow(code="orion", name="Orion"))
    crew.registers("prp_lamp", tags=("wood",), show="orion")
    shelf.passes()
    alike, lamps = shelf.keeps("like=prp_lamp"), shelf.keeps("q=lamp")
    with crew.work() as work:
        change_show(work, "orion", ShowChange(audience=("vip",)))
    shelf.passes()

    crew.registers("prp_lamp_b", tags=("wood",))
    shelf.passes()

    assert (shelf.news(alike), shelf.news(lamps)) == ([], ["prp_lamp_b"])


def test_news_of_a_search_that_makes_sense_no_more_can_be_left_behind(shelf: Shelf) -> None:
    crew = shelf.crew
    crew.has_group("vip")
    with crew.work() as work:
        create_show(work, NewShow(code="orion", name="Orion"))
    crew.registers("prp_lamp", tags=("wood",), show="orion")
    shelf.passes()
    alike = shelf.keeps("like=prp_lamp")
    crew.registers("prp_crate", tags=("wood",))
    shelf.passes()
    with crew.work() as work:
        change_show(work, "orion", ShowChange(audience=("vip",)))
    told = shelf.news(alike)

    shelf.looks(alike)

    assert (told, shelf.news(alike)) == (["prp_crate"], [])


def test_nobody_is_told_for_those_who_left(shelf: Shelf) -> None:
    crew = shelf.crew
    left = shelf.keeps("q=lamp")
    with crew.work() as work:
        users.change_user(work, crew.artist.name, users.UserChange(active=False))

    crew.registers("prp_lamp")
    shelf.passes()

    assert shelf.news(left) == []


def test_steps_that_are_done_again_or_in_other_sizes_tell_the_same(shelf: Shelf) -> None:
    lamps = shelf.keeps("q=lamp")
    shelf.crew.registers("prp_lamp")
    catch_up(shelf.crew.desk, shelf.index)
    watch(shelf.crew.desk, shelf.index)
    with shelf.crew.desk.bookkeeping() as session:
        # Killed after it told, before its place in the ledger moved.
        watching.watch_from(session, 0)

    shelf.crew.registers("prp_lamp_b")
    shelf.passes()

    assert shelf.news(lamps) == ["prp_lamp_b", "prp_lamp"]
    assert watch(shelf.crew.desk, shelf.index) == 0


def test_what_comes_between_asking_and_keeping_is_new(shelf: Shelf) -> None:
    crew = shelf.crew
    shelf.keeps("q=crate")
    stock = shelf.stock("q=lamp")
    crew.registers("prp_lamp")
    shelf.passes()

    with crew.work(crew.artist) as work:
        lamps = saving.save(work, "Lamps", stock).id
    shelf.passes()

    assert shelf.news(lamps) == ["prp_lamp"]


class During:
    """An index that something happens beside, once, while the watcher asks it."""

    def __init__(self, index: SearchIndex, happens: Callable[[], object]) -> None:
        self.index, self.seq, self.happens, self.done = index, index.seq, happens, False

    def search(self, query: SearchQuery) -> SearchAnswer:
        answer = self.index.search(query)
        if query.among is not None and not self.done:
            self.done = True
            self.happens()
        return answer


def test_what_a_step_passes_that_does_not_know_of_a_search_saved_meanwhile_is_new(shelf: Shelf) -> None:
    crew = shelf.crew
    bob = crew.joins("bob", Role.ARTIST)
    shelf.keeps("q=crate")
    crew.registers("prp_crate")
    catch_up(crew.desk, shelf.index)
    stock = shelf.stock("q=lamp", bob)
    crew.registers("prp_lamp")
    catch_up(crew.desk, shelf.index)
    kept: list[UUID] = []

    def saves() -> None:
        with crew.work(bob) as work:
            kept.append(saving.save(work, "Lamps", stock).id)

    watch(crew.desk, During(shelf.index, saves))  # type: ignore[arg-type]  # the watcher only searches
    shelf.passes()

    assert shelf.news(kept[0], by=bob) == ["prp_lamp"]


def test_what_touches_very_much_is_told_in_parts(shelf: Shelf) -> None:
    lamps = shelf.keeps("q=lamp")
    shelf.crew.registers(*(f"prp_lamp_{number}" for number in range(5)))
    catch_up(shelf.crew.desk, shelf.index)

    told = []
    while watch(shelf.crew.desk, shelf.index, 2):
        told.append(len(shelf.news(lamps)))

    assert told == [2, 4, 5]


def test_what_comes_between_asking_and_looking_stays_new(shelf: Shelf) -> None:
    lamps = shelf.keeps("q=lamp")
    shelf.crew.registers("prp_lamp")
    shelf.passes()
    stock = shelf.stock("q=lamp")
    shelf.crew.registers("prp_lamp_b")
    shelf.passes()

    with shelf.crew.work(shelf.crew.artist) as work:
        saving.look(work, lamps, stock)

    assert shelf.news(lamps) == ["prp_lamp_b"]


def test_what_was_found_out_before_somebody_looked_is_not_told_afterwards(shelf: Shelf) -> None:
    lamps = shelf.keeps("q=lamp")
    shelf.crew.registers("prp_lamp")
    catch_up(shelf.crew.desk, shelf.index)

    looking = During(shelf.index, lambda: shelf.looks(lamps))
    watch(shelf.crew.desk, looking)  # type: ignore[arg-type]  # the watcher only searches

    assert shelf.news(lamps) == []


def test_of_a_search_that_finds_very_much_what_is_registered_later_is_new(shelf: Shelf) -> None:
    shelf.crew.registers(*(f"prp_lamp_{number}" for number in range(3)))
    shelf.crew.registers("prp_crate")
    shelf.passes()
    lamps = shelf.keeps("q=lamp")
    with shelf.crew.desk.bookkeeping() as session:
        session.get_one(SavedSearch, lamps).known = None

    shelf.edits("prp_lamp_1", description="brighter")
    shelf.edits("prp_crate", description="holds a lamp")
    shelf.crew.registers("prp_lamp_9")
    shelf.passes()

    assert shelf.news(lamps) == ["prp_lamp_9"]


def test_of_a_search_that_finds_very_much_what_was_not_indexed_yet_when_its_owner_looked_is_new(shelf: Shelf) -> None:
    lamps = shelf.keeps("q=lamp")
    with shelf.crew.desk.bookkeeping() as session:
        session.get_one(SavedSearch, lamps).known = None
    shelf.crew.registers("prp_lamp")
    stock = replace(shelf.stock("q=lamp"), known=None)

    with shelf.crew.work(shelf.crew.artist) as work:
        saving.look(work, lamps, stock)
    shelf.passes()

    assert shelf.news(lamps) == ["prp_lamp"]


def test_of_very_much_no_single_ids_are_kept(crew: Crew) -> None:
    index = MemoryIndex()
    index.write([lamp(number) for number in range(KNOWN_MAX)], 0, 1)

    with crew.view() as view:
        much = saved.take_stock(view, index, "q=lamp")
        index.write([lamp(KNOWN_MAX)], 1, 2)
        more = saved.take_stock(view, index, "q=lamp")

    assert much.known is not None
    assert (len(much.known), much.seq) == (16 * 5_000, 1)
    assert (more.known, more.seq) == (None, 2)


def lamp(number: int) -> Document:
    return Document(
        id=UUID(int=number),
        code=f"prp_lamp_{number}",
        name="Lamp",
        kind="prop",
        status="active",
        updated_at=datetime(2026, 1, 1, tzinfo=UTC),
        asset_audience="studio",
        show_audience="studio",
    )


def test_so_much_is_kept_as_new_and_no_more(shelf: Shelf) -> None:
    lamps = shelf.keeps("q=lamp")
    asset_ids = shelf.crew.registers(*(f"prp_crate_{number}" for number in range(NEWS_MAX - 1)))
    shelf.passes()
    with shelf.crew.desk.bookkeeping() as session:
        session.execute(insert(SavedSearchNews), [{"search_id": lamps, "asset_id": one, "seq": 1} for one in asset_ids])

    shelf.crew.registers("prp_lamp_a", "prp_lamp_b")
    shelf.passes()

    with shelf.crew.view(shelf.crew.artist) as view:
        search = saved.get_search(view, lamps)
        assert saved.count_news(view, [search]) == {lamps: NEWS_MAX}
        assert saved.count_all_news(view) == 100


def test_the_first_of_what_is_new_is_read_for_many_searches_at_once(shelf: Shelf) -> None:
    lamps, crates, none = (shelf.keeps(f"q={word}") for word in ("lamp", "crate", "zebra"))
    shelf.crew.registers("prp_lamp_a", "prp_lamp_b", "prp_lamp_c", "prp_crate")
    shelf.passes()

    with shelf.crew.view(shelf.crew.artist) as view:
        searches = [saved.get_search(view, one) for one in (lamps, crates, none)]
        found = saved.first_news(view, searches, 2)

    told = {search_id: [asset.code for asset in assets] for search_id, assets in found.items()}
    assert told == {lamps: ["prp_lamp_c", "prp_lamp_b"], crates: ["prp_crate"]}


def test_where_nobody_keeps_a_search_nothing_is_read(shelf: Shelf) -> None:
    shelf.crew.registers("prp_lamp")
    catch_up(shelf.crew.desk, shelf.index)

    assert watch(shelf.crew.desk, shelf.index) == 0
