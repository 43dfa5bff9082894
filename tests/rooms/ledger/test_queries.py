"""Reading the ledger."""

import pytest
from sqlalchemy import update

from catalog.assets import registry
from catalog.kernel.errors import InvalidInput, NotFound
from catalog.kernel.paging import Paging
from catalog.ledger.models import Revision
from catalog.ledger.queries import get_entry, page_entries, subjects_between
from catalog.work.desk import Desk
from tests.crew import OPERATOR, Crew
from tests.rooms.ledger.shows import enter_shows


def test_entries_are_read_newest_first_in_pages(desk: Desk) -> None:
    enter_shows(desk, ["orion", "lyra", "vega"])

    with desk.read() as session:
        first = page_entries(session, Paging(limit=2))
        second = page_entries(session, Paging(limit=2, cursor=first.next_cursor))

    assert [[entry.seq for entry in page.items] for page in (first, second)] == [[3, 2], [1]]
    assert second.next_cursor is None


def test_entries_are_read_by_who_acted(crew: Crew) -> None:
    enter_shows(crew.desk, ["orion"])
    crew.registers("prp_chair", by=crew.artist)

    with crew.desk.read() as session:
        mine = page_entries(session, Paging(), actor_id=crew.artist.id)

    assert [entry.type for entry in mine.items] == ["asset.registered/1"]


def test_entries_are_read_by_what_they_are_about(crew: Crew) -> None:
    chair, _ = crew.registers("prp_chair", "prp_table")

    with crew.desk.read() as session:
        about = page_entries(session, Paging(), subject_id=chair)

    assert [entry.values for entry in about.items] == [{"code": "prp_chair", "title": "prp_chair", "kind": "prop"}]
    assert about.items[0].subjects == (("asset", chair),)


def test_entries_are_read_by_type(crew: Crew) -> None:
    crew.registers("prp_chair")
    enter_shows(crew.desk, ["orion"])

    with crew.desk.read() as session:
        shows = page_entries(session, Paging(), entry_type="show.created/1")

    assert [entry.values and entry.values["code"] for entry in shows.items] == ["orion"]


def test_one_entry_is_read_by_its_number(desk: Desk) -> None:
    enter_shows(desk, ["orion", "lyra"])

    with desk.read() as session:
        entry = get_entry(session, 2)

    assert (entry.type, entry.request_id) == ("show.created/1", "request-lyra")
    assert entry.actor == {"id": str(OPERATOR.id), "name": "operator:tests"}
    assert entry.values == {"code": "lyra", "title": "Lyra", "audience": None, "reviewed": False}


@pytest.mark.parametrize("seq", [0, 2, -1, 2**62])
def test_an_entry_that_was_never_made_is_not_found(desk: Desk, seq: int) -> None:
    enter_shows(desk, ["orion"])

    with desk.read() as session, pytest.raises(NotFound, match=f"the ledger has no entry {seq}"):
        get_entry(session, seq)


def test_an_erased_value_is_read_as_none(desk: Desk) -> None:
    enter_shows(desk, ["orion"])
    with desk.bookkeeping() as session:
        session.execute(update(Revision).values(values=None, salt=None))

    with desk.read() as session:
        entry = get_entry(session, 1)

    assert entry.values is None
    assert entry.type == "show.created/1"


def test_a_cursor_that_is_none_is_refused(desk: Desk) -> None:
    with desk.read() as session, pytest.raises(InvalidInput, match="start without a cursor"):
        page_entries(session, Paging(cursor="nonsense"))


def test_whoever_follows_the_ledger_learns_each_touched_thing_once(crew: Crew) -> None:
    chair, table = crew.registers("prp_chair", "prp_table")
    with crew.work() as work:
        registry.retire(work, "prp_chair", "broken")
    enter_shows(crew.desk, ["orion"])

    with crew.desk.read() as session:
        touched = subjects_between(session, 0, 4, ["asset"])
        later = subjects_between(session, 2, 3, ["asset", "show"])

    assert sorted(touched) == sorted([("asset", chair), ("asset", table)])
    assert later == [("asset", chair)]
