"""What was done with a token, as far as a viewer may know."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from catalog.accounts.events import UserCreated
from catalog.accounts.vocabulary import Role
from catalog.assets import changing
from catalog.assets.changing import AssetChange
from catalog.assets.history import COUNTED, page_done_with
from catalog.kernel.ids import new_id
from catalog.kernel.paging import Page, Paging
from tests.crew import Crew
from tests.rooms.ledger.shows import show_created

if TYPE_CHECKING:
    from catalog.kernel.actors import Actor
    from catalog.ledger.queries import Entry

TOKEN = UUID("019308a4-9ab9-7c3e-8f67-3b6f0c4a2d11")


def done_with(crew: Crew, viewer: Actor, cursor: str | None = None, limit: int = 50) -> Page[Entry]:
    with crew.view(viewer) as view:
        return page_done_with(view, TOKEN, Paging(limit=limit, cursor=cursor))


def named(page: Page[Entry]) -> list[str]:
    return [(entry.values or {})["code"] for entry in page.items]


def test_what_was_done_with_a_token_is_told_newest_first_and_counted(crew: Crew) -> None:
    farm = replace(crew.artist, through="farm", token_id=TOKEN)
    crew.registers("prp_a", "prp_b", by=farm)
    crew.registers("prp_c", by=replace(crew.artist, through="farm", token_id=new_id()))
    crew.registers("prp_d", by=crew.artist)

    page = done_with(crew, crew.artist)

    assert (named(page), page.total, page.next_cursor) == (["prp_b", "prp_a"], 2, None)


def test_what_was_done_with_a_token_is_paged_through(crew: Crew) -> None:
    crew.registers("prp_a", "prp_b", "prp_c", by=replace(crew.artist, token_id=TOKEN))

    first = done_with(crew, crew.artist, limit=2)
    second = done_with(crew, crew.artist, cursor=first.next_cursor, limit=2)

    assert (named(first), first.total) == (["prp_c", "prp_b"], 3)
    assert (named(second), second.total, second.next_cursor) == (["prp_a"], None, None)


def test_what_became_hidden_is_neither_told_nor_counted(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST, groups=["orion"])
    crew.has_group("vip")
    crew.registers("prp_a", "prp_b", by=replace(ann, token_id=TOKEN))
    with crew.work(crew.admin) as work:
        changing.change(work, "prp_b", AssetChange(audience=("vip",)))

    assert (named(done_with(crew, ann)), done_with(crew, ann).total) == (["prp_a"], 1)
    assert (named(done_with(crew, crew.admin)), done_with(crew, crew.admin).total) == (["prp_b", "prp_a"], 2)


def test_of_a_token_that_did_very_much_no_count_is_told_and_each_entry_is_reached(crew: Crew) -> None:
    codes = [f"show-{at}" for at in range(COUNTED + 2)]
    with crew.work(replace(crew.admin, token_id=TOKEN)) as work:
        work.record(*map(show_created, codes))

    first = page = done_with(crew, crew.admin, limit=200)
    told = named(page)
    while page.next_cursor:
        page = done_with(crew, crew.admin, cursor=page.next_cursor, limit=200)
        told += named(page)

    assert first.total is None
    assert told == codes[::-1]


def test_a_page_without_anything_that_may_be_told_leads_on_to_what_may(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST, groups=["orion"])
    crew.registers("prp_a", by=replace(ann, token_id=TOKEN))
    with crew.work(replace(ann, token_id=TOKEN)) as work:
        work.record(*(UserCreated(user_id=new_id(), login="x", display_name="", roles=()) for _ in range(3)))
    with crew.work(replace(crew.admin, token_id=TOKEN)) as work:
        work.record(*(UserCreated(user_id=new_id(), login="x", display_name="", roles=()) for _ in range(COUNTED)))

    first = done_with(crew, ann)
    second = done_with(crew, ann, cursor=first.next_cursor)

    assert (first.items, first.total) == ((), None)
    assert [entry.type for entry in second.items] == ["user.created/1"] * 3 + ["asset.registered/1"]
