"""How saved searches tell what is new where much comes at once, and while two workers watch."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from catalog.collections import saved
from catalog.collections.models import SavedSearchWatch
from catalog.collections.vocabulary import NEWS_MAX
from catalog.collections.watching import watch
from catalog.search.follower import catch_up
from catalog.search.memory import MemoryIndex
from tests.rooms.collections.searching import Shelf
from tests.rooms.collections.test_watching import During

if TYPE_CHECKING:
    from catalog.search.port import SearchAnswer, SearchIndex, SearchQuery
    from tests.crew import Crew

MANY = NEWS_MAX + 200


@pytest.fixture
def shelf(crew: Crew) -> Shelf:
    return Shelf(crew=crew, index=MemoryIndex())


class Counting:
    """An index that counts by text how often it is asked."""

    def __init__(self, index: SearchIndex) -> None:
        self.index, self.seq, self.asked = index, index.seq, Counter[str]()

    def search(self, query: SearchQuery) -> SearchAnswer:
        self.asked[str(query.text)] += 1
        return self.index.search(query)


def test_what_a_slower_worker_found_out_is_not_told_when_a_faster_one_knew_better(shelf: Shelf) -> None:
    crew = shelf.crew
    lamps = shelf.keeps("q=lamp")
    crew.registers("prp_1", name="Lamp")
    catch_up(crew.desk, shelf.index)

    def is_overtaken() -> None:
        shelf.edits("prp_1", name="Crate")
        shelf.passes()

    watch(crew.desk, During(shelf.index, is_overtaken))  # type: ignore[arg-type]  # the watcher only searches

    assert shelf.news(lamps) == []
    shelf.passes()
    assert shelf.news(lamps) == []


def test_one_that_is_overtaken_moves_nothing_and_nothing_is_missed(shelf: Shelf) -> None:
    crew = shelf.crew
    lamps, crates = shelf.keeps("q=lamp"), shelf.keeps("q=crate")
    crew.registers("prp_lamp", "prp_crate")
    catch_up(crew.desk, shelf.index)

    def tells() -> None:
        with crew.desk.bookkeeping() as session:
            session.scalars(select(SavedSearchWatch)).one().calls += 1

    watch(crew.desk, During(shelf.index, tells))  # type: ignore[arg-type]  # the watcher only searches
    before = (shelf.news(lamps), shelf.news(crates))
    shelf.passes()

    assert before == ([], [])
    assert (shelf.news(lamps), shelf.news(crates)) == (["prp_lamp"], ["prp_crate"])


def test_each_search_is_asked_once_of_all_that_comes_at_once_and_tells_so_much_and_no_more(shelf: Shelf) -> None:
    crew = shelf.crew
    lamps = shelf.keeps("q=lamp")
    shelf.keeps("q=crate")
    crew.registers(*(f"prp_lamp_{number}" for number in range(MANY)))
    catch_up(crew.desk, shelf.index)
    counting = Counting(shelf.index)

    while watch(crew.desk, counting):  # type: ignore[arg-type]  # the watcher only searches
        pass

    assert sorted(counting.asked.values()) == [1, 1]
    with crew.view(crew.artist) as view:
        assert saved.count_news(view, [saved.get_search(view, lamps)]) == {lamps: NEWS_MAX}
    assert shelf.news(lamps)[0] == f"prp_lamp_{MANY - 1}"


def test_a_search_that_tells_all_it_may_overtakes_no_other_worker(shelf: Shelf) -> None:
    crew = shelf.crew
    lamps = shelf.keeps("q=lamp")
    crew.registers(*(f"prp_lamp_{number}" for number in range(NEWS_MAX)))
    shelf.passes()
    crew.registers("prp_lamp_more")
    catch_up(crew.desk, shelf.index)
    before = _calls(shelf)

    shelf.passes()

    assert _calls(shelf) == before + 1
    with crew.view(crew.artist) as view:
        assert saved.count_news(view, [saved.get_search(view, lamps)]) == {lamps: NEWS_MAX}


def _calls(shelf: Shelf) -> int:
    with shelf.crew.view(shelf.crew.artist) as view:
        return view.session.scalars(select(SavedSearchWatch.calls)).one()
