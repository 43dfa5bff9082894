"""Acts on saved searches: keep one, change it, look at what is new, remove it.

What a search finds is asked before the act (``saved.take_stock``), so that nobody who writes waits for an index. What
came between is told all the same: news is kept with the ledger's entry that brought it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from catalog.collections import saved, sharing
from catalog.collections.events import SavedSearchChanged, SavedSearchRemoved, SearchSaved
from catalog.collections.models import SavedSearch, SavedSearchNews
from catalog.collections.vocabulary import SEARCHES_MAX
from catalog.collections.watching import watch_from
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict, InvalidInput, NotPermitted
from catalog.kernel.ids import new_id
from catalog.kernel.texts import checked_text
from catalog.kernel.unsaid import UNSAID, Unsaid
from catalog.work.revising import refuse_stale, what_changed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from catalog.collections.saved import Stock
    from catalog.collections.sharing import Share
    from catalog.work.unit import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class SavedSearchChange:
    """What is to change. ``stock`` is of the new query; ``shared`` is with the studio, ``shares`` are by name."""

    title: str | Unsaid = UNSAID
    shared: bool | Unsaid = UNSAID
    shares: Sequence[Share] | Unsaid = UNSAID
    stock: Stock | Unsaid = UNSAID


def save(work: UnitOfWork, title: str, stock: Stock, *, shared: bool = False) -> SavedSearch:
    """Keep a search under a title; what it finds now is not new."""
    work.require(Ability.COLLECT)
    if work.actor.is_system:
        raise InvalidInput("a saved search is somebody's: keep it as a user", code="no-owner")
    owned = select(func.count()).where(SavedSearch.owner_id == work.actor.person_id, SavedSearch.removed_at.is_(None))
    if (work.session.scalar(owned) or 0) >= SEARCHES_MAX:
        raise InvalidInput(f"you keep {SEARCHES_MAX} searches already; remove one first", code="too-many-searches")
    search = SavedSearch(
        id=new_id(),
        title=_title(title),
        query=stock.query,
        owner_id=work.actor.person_id,
        shared=shared,
        revision=1,
        created_at=work.now,
        updated_at=work.now,
        looked_at=work.now,
        looked_seq=stock.seq,
        known=stock.known,
    )
    work.session.add(search)
    watch_from(work.session, stock.seq)
    work.session.flush()
    work.record(SearchSaved(search_id=search.id, title=search.title, query=search.query, shared=search.shared))
    return search


def change(
    work: UnitOfWork, search_id: UUID | str, said: SavedSearchChange, *, if_revision: int | None = None
) -> SavedSearch:
    """Change what is said of a saved search, and only that; changing nothing records nothing.

    What another query finds now is not new. Raises ``Stale`` where the search is no longer at ``if_revision``.
    """
    work.require(Ability.COLLECT)
    search = hold(work, search_id)
    refuse_stale(f"the saved search “{search.title}”", search.revision, if_revision)
    before = _told(work, search)
    if search.owner_id != work.actor.person_id:
        _refuse_showing_more(search, said, before["shares"])
    if said.title is not UNSAID:
        search.title = _title(said.title)
    if said.shared is not UNSAID:
        search.shared = said.shared
    if said.shares is not UNSAID:
        sharing.replace_shares_of_search(work, search, said.shares)
    if said.stock is not UNSAID and said.stock.query != search.query:
        _refuse_others(work, search)
        search.query = said.stock.query
        _look(work, search, said.stock)
        work.session.execute(delete(SavedSearchNews).where(SavedSearchNews.search_id == search.id))
        watch_from(work.session, said.stock.seq)
    work.session.flush()
    changes = what_changed(before, _told(work, search))
    if changes:
        search.revision += 1
        search.updated_at = work.now
        work.record(SavedSearchChanged(search_id=search.id, changes=changes))
    return search


def look(work: UnitOfWork, search_id: UUID | str, stock: Stock) -> SavedSearch:
    """Count nothing of what the search finds now as new any more. Where one stands is bookkeeping: it leaves no entry.

    Only its owner looks: what is new is told to them, as they see the catalog. Raises ``Conflict`` where the query was
    changed since it was asked.
    """
    work.require(Ability.COLLECT)
    search = hold(work, search_id)
    _refuse_others(work, search)
    if search.query != stock.query:
        raise Conflict(f"“{search.title}” was changed since you read it; read it again", code="written-meanwhile")
    _look(work, search, stock)
    return search


def remove(work: UnitOfWork, search_id: UUID | str) -> None:
    """Keep a search no longer; what it finds is not touched."""
    work.require(Ability.COLLECT)
    search = hold(work, search_id)
    search.removed_at = work.now
    work.session.execute(delete(SavedSearchNews).where(SavedSearchNews.search_id == search.id))
    work.record(SavedSearchRemoved(search_id=search.id, title=search.title))


def hold(work: UnitOfWork, search_id: UUID | str) -> SavedSearch:
    """Hold a saved search of the actor's own until the commit. A part of acts.

    Raises ``NotFound`` where they may not know of it, ``NotPermitted`` where it is somebody else's. Those who manage
    accounts may rename what is shown to them, show it to fewer people, and remove it, for people leave.
    """
    work.require(Ability.COLLECT)
    search = saved.get_search(work.view, search_id)
    work.hold(search)
    search = saved.get_search(work.view, search.id)
    if not work.actor.can(Ability.MANAGE_ACCOUNTS):
        _refuse_others(work, search)
    return search


def _refuse_others(work: UnitOfWork, search: SavedSearch) -> None:
    if search.owner_id != work.actor.person_id:
        raise NotPermitted(
            f"the saved search “{search.title}” is somebody else’s; keep one of your own", code="not-yours"
        )


def _refuse_showing_more(search: SavedSearch, said: SavedSearchChange, shares: Sequence[str]) -> None:
    """Let nobody but its owner show a search to more people than see it now."""
    there = {share.casefold() for share in shares}
    named = () if said.shares is UNSAID else said.shares
    if (said.shared is True and not search.shared) or any(str(share).casefold() not in there for share in named):
        raise NotPermitted(
            f"the saved search “{search.title}” is somebody else’s; it may be shown to fewer people, not to more",
            code="not-yours",
        )


def _look(work: UnitOfWork, search: SavedSearch, stock: Stock) -> None:
    search.looked_at, search.looked_seq, search.known = work.now, stock.seq, stock.known
    seen = (SavedSearchNews.search_id == search.id) & (SavedSearchNews.seq <= stock.seq)
    work.session.execute(delete(SavedSearchNews).where(seen))


def _title(title: str) -> str:
    try:
        return checked_text("name", title, required=True)
    except InvalidInput as refusal:
        raise InvalidInput(refusal.message.replace("name", "title", 1), code="bad-title") from refusal


def _told(work: UnitOfWork, search: SavedSearch) -> dict[str, Any]:
    shares = [str(share) for share in sharing.told_of_searches(work.view, [search])[search.id]]
    return {"title": search.title, "query": search.query, "shared": search.shared, "shares": shares}
