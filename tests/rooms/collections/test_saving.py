"""Acts on saved searches: whose they are, what they may say, and what they leave in the ledger."""

import pytest

from catalog.accounts.vocabulary import Role
from catalog.collections import saved, saving
from catalog.collections.models import SavedSearch
from catalog.collections.saving import SavedSearchChange
from catalog.collections.sharing import Share, With
from catalog.collections.vocabulary import QUERY_MAX, SEARCHES_MAX, ShareRole, WhoseSearches
from catalog.db.base import table_of
from catalog.kernel.actors import Actor
from catalog.kernel.errors import CatalogError, Conflict, InvalidInput, NotFound, NotPermitted, Stale
from catalog.kernel.ids import new_id
from catalog.kernel.paging import Paging
from catalog.search.memory import MemoryIndex
from catalog.shows.registry import NewShow, create_show
from tests.crew import OPERATOR, Crew
from tests.rooms.collections.searching import Shelf


@pytest.fixture
def shelf(crew: Crew) -> Shelf:
    return Shelf(crew=crew, index=MemoryIndex())


def titles(shelf: Shelf, viewer: Actor, whose: WhoseSearches | None = None) -> list[str]:
    with shelf.crew.view(viewer) as view:
        return [one.title for one in saved.page_searches(view, Paging(), whose).items]


def test_a_search_is_kept_as_its_address_is_spelled(shelf: Shelf) -> None:
    kept = shelf.keeps("?kind=prop&q=lamp&cursor=x", title="  Lamps ")

    with shelf.crew.view(shelf.crew.artist) as view:
        search = saved.get_search(view, str(kept))
    assert (search.title, search.query, search.shared, search.revision) == ("Lamps", "q=lamp&kind=prop", False, 1)
    (entry,) = shelf.crew.entries("search.saved/1")
    assert entry.values == {"title": "Lamps", "query": "q=lamp&kind=prop", "shared": False}


def test_ones_own_are_seen_by_nobody_else_until_they_are_shared(shelf: Shelf) -> None:
    ann = shelf.crew.joins("ann", Role.ARTIST)
    mine = shelf.keeps("q=lamp", title="Lamps")
    shelf.keeps("q=crate", title="Crates", shared=True)

    with shelf.crew.view(ann) as view, pytest.raises(NotFound, match="there is no saved search"):
        saved.get_search(view, mine)
    assert titles(shelf, ann) == ["Crates"]
    assert titles(shelf, ann, WhoseSearches.MINE) == []
    assert titles(shelf, ann, WhoseSearches.STUDIO) == ["Crates"]
    assert titles(shelf, shelf.crew.artist, WhoseSearches.STUDIO) == []
    assert titles(shelf, shelf.crew.artist) == ["Crates", "Lamps"]


def user(login: str, role: ShareRole = ShareRole.VIEW) -> Share:
    return Share(kind=With.USER, name=login, role=role)


def test_a_search_is_shown_to_people_and_groups_by_name(shelf: Shelf) -> None:
    crew = shelf.crew
    ann, bob = crew.joins("ann", Role.ARTIST), crew.joins("bob", Role.ARTIST, groups=["dawn"])
    cleo = crew.joins("cleo", Role.ARTIST)
    kept = shelf.keeps("q=lamp", title="Lamps")

    shelf.changes(kept, shares=(user("ANN"), Share(kind=With.GROUP, name="Dawn")))

    assert [titles(shelf, one, WhoseSearches.SHARED) for one in (ann, bob, cleo)] == [["Lamps"], ["Lamps"], []]
    assert [titles(shelf, one, WhoseSearches.STUDIO) for one in (ann, bob, cleo)] == [[], [], []]
    assert titles(shelf, crew.artist, WhoseSearches.SHARED) == []
    with crew.view(cleo) as view, pytest.raises(NotFound, match="there is no saved search"):
        saved.get_search(view, kept)
    assert crew.entries("search.changed/1")[-1].values == {
        "changes": {"shares": [[], ["user:ann:view", "group:dawn:view"]]}
    }


def test_shares_of_a_search_are_replaced_and_the_same_again_is_no_change(shelf: Shelf) -> None:
    crew = shelf.crew
    ann, bob = crew.joins("ann", Role.ARTIST), crew.joins("bob", Role.ARTIST)
    kept = shelf.keeps("q=lamp", title="Lamps")
    shelf.changes(kept, shares=(user("ann"),))

    shelf.changes(kept, shares=(user("bob"),))
    shelf.changes(kept, shares=(user("BOB"),))

    assert (titles(shelf, ann), titles(shelf, bob)) == ([], ["Lamps"])
    with crew.view(crew.artist) as view:
        assert saved.get_search(view, kept).revision == 3


def test_one_to_whom_a_search_is_shown_neither_changes_it_nor_is_told_what_is_new(shelf: Shelf) -> None:
    ann = shelf.crew.joins("ann", Role.ARTIST)
    kept = shelf.keeps("q=lamp")
    shelf.changes(kept, shares=(user("ann"),))
    shelf.crew.registers("prp_lamp", name="Lamp")
    shelf.passes()

    with shelf.crew.work(ann) as work, pytest.raises(NotPermitted):
        saving.change(work, kept, SavedSearchChange(title="Mine"))

    assert (shelf.news(kept), shelf.news(kept, by=ann)) == (["prp_lamp"], [])


@pytest.mark.parametrize(
    "shares, code",
    [
        ((user("nobody"),), "unknown-user"),
        ((Share(kind=With.GROUP, name="nobody"),), "unknown-group"),
        ((user("art"),), "bad-share"),
        ((user("vic"), user("VIC")), "bad-share"),
        ((user("vic", ShareRole.EDIT),), "bad-share"),
        (tuple(user(f"user-{number}") for number in range(201)), "too-many-shares"),
    ],
    ids=["user", "group", "owner", "twice", "edit", "many"],
)
def test_shares_of_a_search_that_make_no_sense_are_refused(shelf: Shelf, shares: tuple[Share, ...], code: str) -> None:
    assert shelf.crew.viewer.name == "vic"
    kept = shelf.keeps("q=lamp")

    with pytest.raises(InvalidInput) as refusal:
        shelf.changes(kept, shares=shares)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    "query",
    [
        *("show=orion", "-show=ORION", "q=lamp+-show%3Aorion", "q=show%EF%BC%9Aorion", "like=prp_lamp"),
        *("q=used_in%3Aorion", "q=-used_in%3Aprp_lamp", "q=%E7%94%A8%E4%BA%8E%EF%BC%9Aorion"),
    ],
)
def test_what_names_something_hidden_is_shared_with_those_who_may_know_of_it(shelf: Shelf, query: str) -> None:
    crew = shelf.crew
    ivy, ann = crew.joins("ivy", Role.SUPERVISOR, groups=["vip"]), crew.joins("ann", Role.ARTIST)
    with crew.work() as work:
        create_show(work, NewShow(code="orion", name="Orion", audience=("vip",)))
    crew.registers("prp_lamp", show="orion")
    shelf.passes()
    kept = shelf.keeps(query, by=ivy, title="Lamps", shared=True)
    paul = crew.joins("paul", Role.ARTIST, groups=["vip"])

    with crew.view(ann) as view, pytest.raises(NotFound, match="there is no saved search"):
        saved.get_search(view, kept)

    assert [titles(shelf, one) for one in (ivy, paul, ann)] == [["Lamps"], ["Lamps"], []]
    shelf.changes(kept, by=ivy, shared=False, shares=(user("paul"), user("ann")))
    assert [titles(shelf, one, WhoseSearches.SHARED) for one in (paul, ann)] == [["Lamps"], []]


def test_only_what_is_said_changes_and_only_what_changed_is_told(shelf: Shelf) -> None:
    kept = shelf.keeps("q=lamp", title="Lamps")

    shelf.changes(kept, title="Lamps", shared=True)
    shelf.changes(kept, query="q=lamp")

    with shelf.crew.view(shelf.crew.artist) as view:
        search = saved.get_search(view, kept)
    assert (search.title, search.shared, search.revision) == ("Lamps", True, 2)
    assert [one.values for one in shelf.crew.entries("search.changed/1")] == [{"changes": {"shared": [False, True]}}]


def test_a_change_of_what_was_changed_meanwhile_is_refused(shelf: Shelf) -> None:
    kept = shelf.keeps("q=lamp")
    shelf.changes(kept, title="Lamps")

    with shelf.crew.work(shelf.crew.artist) as work, pytest.raises(Stale, match="the saved search “Lamps” was changed"):
        saving.change(work, kept, SavedSearchChange(title="Lights"), if_revision=1)


def test_a_look_at_what_asks_something_else_by_now_is_refused(shelf: Shelf) -> None:
    kept, stock = shelf.keeps("q=lamp"), shelf.stock("q=lamp")
    shelf.changes(kept, query="q=crate")

    with shelf.crew.work(shelf.crew.artist) as work, pytest.raises(Conflict, match="was changed since you read it"):
        saving.look(work, kept, stock)


def test_a_look_leaves_no_entry(shelf: Shelf) -> None:
    kept = shelf.keeps("q=lamp")
    before = len(shelf.crew.entries())

    shelf.looks(kept)

    assert len(shelf.crew.entries()) == before


def test_what_is_shared_is_changed_by_its_owner_and_by_who_manages_accounts(shelf: Shelf) -> None:
    ann = shelf.crew.joins("ann", Role.ARTIST)
    kept = shelf.keeps("q=lamp", title="Lamps", shared=True)

    with shelf.crew.work(ann) as work, pytest.raises(NotPermitted, match="“Lamps” is somebody else’s"):
        saving.remove(work, kept)
    shelf.changes(kept, by=shelf.crew.admin, shared=False)

    with shelf.crew.view(ann) as view, pytest.raises(NotFound):
        saved.get_search(view, kept)


def test_what_is_new_and_what_is_asked_are_for_the_owner_alone_to_change(shelf: Shelf) -> None:
    kept = shelf.keeps("q=lamp", title="Lamps", shared=True)
    shelf.crew.registers("prp_lamp")
    shelf.passes()

    with pytest.raises(NotPermitted, match="“Lamps” is somebody else’s"):
        shelf.looks(kept, by=shelf.crew.admin)
    with pytest.raises(NotPermitted, match="“Lamps” is somebody else’s"):
        shelf.changes(kept, by=shelf.crew.admin, query="q=crate")

    assert shelf.news(kept) == ["prp_lamp"]


def test_what_is_removed_is_gone_for_its_owner_too_and_stays_in_the_ledger(shelf: Shelf) -> None:
    kept = shelf.keeps("q=lamp", title="Lamps")
    shelf.crew.registers("prp_lamp")
    shelf.passes()

    with shelf.crew.work(shelf.crew.artist) as work:
        saving.remove(work, kept)

    with shelf.crew.view(shelf.crew.artist) as view:
        assert saved.count_all_news(view) == 0
        with pytest.raises(NotFound):
            saved.get_search(view, kept)
    assert [one.values for one in shelf.crew.entries("search.removed/1")] == [{"title": "Lamps"}]


@pytest.mark.parametrize(
    "query, says",
    [
        ("knid=prop", "search has 'knid'"),
        ("kind=hat", "kind 'hat' is none of"),
        ("sort=luck", "sort 'luck' is none of"),
        ("like=prp_none", "prp_none"),
        ("q=" + "x" * QUERY_MAX, "longer than 4,000"),
    ],
)
def test_what_no_search_would_answer_is_not_kept(shelf: Shelf, query: str, says: str) -> None:
    with shelf.crew.view(shelf.crew.artist) as view, pytest.raises(CatalogError, match=says):
        saved.take_stock(view, shelf.index, query)


def test_a_search_without_a_title_or_an_owner_is_not_kept(shelf: Shelf) -> None:
    with pytest.raises(InvalidInput, match="title"):
        shelf.keeps("q=lamp", title=" ")
    with pytest.raises(InvalidInput, match="is somebody's"):
        shelf.keeps("q=lamp", by=OPERATOR)


def test_one_person_keeps_so_many_and_no_more(shelf: Shelf) -> None:
    one = shelf.keeps("q=lamp")
    with shelf.crew.desk.bookkeeping() as session:
        first = session.get_one(SavedSearch, one)
        fields = {column.key: getattr(first, column.key) for column in table_of(SavedSearch).columns}
        session.add_all(SavedSearch(**{**fields, "id": new_id()}) for _ in range(SEARCHES_MAX - 1))

    with pytest.raises(InvalidInput, match="you keep 100 searches already"):
        shelf.keeps("q=crate")
