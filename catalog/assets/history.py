"""What happened, as far as a viewer may know: the events behind ``GET /events``, the history of an asset or a token.

An event about an asset or show that the viewer may not know of is not theirs to see, nor is one about accounts unless
they manage them, nor one about a job that they may not follow, nor one about the store unless they operate it or audit.
In which show and farm job somebody acted is for whoever acted and for those who audit. Visibility is that of now: what
became private leaves the past, too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from catalog.accounts.audiences import admits
from catalog.assets.models import Asset, AssetVersion
from catalog.assets.queries import jobs_to_follow, known_versions, visible_to
from catalog.jobs.models import Job
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Page, Paging, decode_cursor, encode_cursor, page_of
from catalog.ledger.models import LedgerEntry, LedgerSubject
from catalog.ledger.queries import Entry, entries, head_of, read_entries
from catalog.shows.models import Show

if TYPE_CHECKING:
    from uuid import UUID

    from catalog.work.view import View

WINDOW = 500
"""Entries looked at for one answer; where fewer are the viewer's, the answer is short but its cursor moves on."""
COUNTED = 10_000
"""Entries of one token that are counted, or looked through for one page."""
_PLACES = frozenset({"show", "audience"})
_ACCOUNT_TYPES = ("user.", "group.", "token.")
_COLLECTIONS = ("collection.",)
"""Being in a collection is nothing that happens to an asset."""
_OWN_TYPES = ("files.released", "search.", *_COLLECTIONS)
_STORE_TYPES = ("store.", "mass_removal.")
"""What operators did to the store; an entry names its address."""
_EDIT_TYPES = ("edit.", "tags.")
"""Bulk edits and merges of tags by themselves: how many assets, and which words, tell of hidden ones, too."""


def events_after(view: View, after: int, limit: int) -> tuple[list[Entry], int]:
    """Return the viewer's events with ``seq > after`` in order, and the ``seq`` to ask after next."""
    head, _ = head_of(view.session)
    through = min(after + WINDOW, head)
    window = (LedgerSubject.seq > after) & (LedgerSubject.seq <= through)
    query = (
        entries()
        .where(LedgerEntry.seq > after, LedgerEntry.seq <= through, _seen_by(view, window))
        .order_by(LedgerEntry.seq)
        .limit(limit)
    )
    found = read_entries(view.session, query)
    reached = found[-1].seq if len(found) == limit else max(after, through)
    return _discreetly(view, found), reached


def page_history(view: View, asset: Asset, paging: Paging) -> Page[Entry]:
    """Return what happened to an asset that was read through this view, newest first."""
    mine = aliased(LedgerSubject)
    about = select(mine.seq).where(mine.subject_id == asset.id)
    query = (
        entries()
        .where(LedgerEntry.seq.in_(about), _is_none_of(_COLLECTIONS), _seen_by(view, LedgerSubject.seq.in_(about)))
        .order_by(LedgerEntry.seq.desc())
        .limit(paging.limit + 1)
    )
    if paging.cursor:
        (before,) = decode_cursor(paging.cursor, int)
        query = query.where(LedgerEntry.seq < before)
    page = page_of(read_entries(view.session, query), paging.limit, lambda entry: [entry.seq])
    return replace(page, items=tuple(_discreetly(view, list(page.items))))


def page_done_with(view: View, token_id: UUID, paging: Paging) -> Page[Entry]:
    """Return what was done with a token that was read through this view, newest first.

    The first page says how much that is, unless it is more than ``COUNTED``.
    """
    mine = LedgerEntry.token_id == token_id
    if paging.cursor:
        (before,) = decode_cursor(paging.cursor, int)
        mine &= LedgerEntry.seq < before
    oldest = view.session.scalar(
        select(LedgerEntry.seq).where(mine).order_by(LedgerEntry.seq.desc()).offset(COUNTED).limit(1)
    )
    if oldest is not None:
        mine &= LedgerEntry.seq > oldest
    seen = mine & _seen_by(view, LedgerSubject.seq.in_(select(LedgerEntry.seq).where(mine)))
    query = entries().where(seen).order_by(LedgerEntry.seq.desc()).limit(paging.limit + 1)
    page = page_of(read_entries(view.session, query), paging.limit, lambda entry: [entry.seq])
    counted = paging.cursor is None and oldest is None
    return Page(
        items=tuple(_discreetly(view, list(page.items))),
        next_cursor=page.next_cursor or (encode_cursor([oldest + 1]) if oldest is not None else None),
        total=view.session.scalar(select(func.count()).select_from(LedgerEntry).where(seen)) if counted else None,
    )


def _discreetly(view: View, entries: list[Entry]) -> list[Entry]:
    """Return entries without what the viewer may not know of: what an asset left, and others' work and tokens."""
    if not view.viewer.can(Ability.AUDIT):
        mine = str(view.viewer.person_id)
        entries = [entry if entry.actor["id"] == mine else _without_context(entry) for entry in entries]
    if view.viewer.sees_everything:
        return entries
    return [_without_places(entry) for entry in entries]


def _without_context(entry: Entry) -> Entry:
    return replace(entry, actor={word: said for word, said in entry.actor.items() if word not in {"context", "token"}})


def _without_places(entry: Entry) -> Entry:
    if entry.values and "audience" in entry.values:
        entry = replace(entry, values={**entry.values, "audience": None})
    changes = (entry.values or {}).get("changes")
    if not isinstance(changes, dict) or not changes.keys() & _PLACES:
        return entry
    told = {field: None if field in _PLACES else change for field, change in changes.items()}
    return replace(entry, values={**(entry.values or {}), "changes": told})


def _seen_by(view: View, among: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that an entry is the viewer's to see; ``among`` says which entries are asked for."""
    if view.viewer.sees_everything and view.viewer.can(Ability.MANAGE_ACCOUNTS):
        return true()
    conditions: list[ColumnElement[bool]] = []
    if not view.viewer.can(Ability.MANAGE_ACCOUNTS):
        mine = LedgerEntry.actor_id == view.viewer.person_id
        conditions.append(mine | _is_none_of(_ACCOUNT_TYPES))
    if not (view.viewer.can(Ability.OPERATE) or view.viewer.can(Ability.AUDIT)):
        conditions.append(_is_none_of(_STORE_TYPES))
    if not view.viewer.can(Ability.AUDIT):
        conditions.append((LedgerEntry.actor_id == view.viewer.person_id) | _is_none_of(_EDIT_TYPES))
    if not view.viewer.sees_everything:
        conditions += [LedgerEntry.seq.not_in(hidden.where(among)) for hidden in _hidden(view)]
        if not view.viewer.can(Ability.AUDIT):
            # Who took what out, and who collects what, is for those who audit, and for themselves.
            mine = LedgerEntry.actor_id == view.viewer.person_id
            conditions.append(mine | _is_none_of(_OWN_TYPES))
    return and_(*conditions)


def _is_none_of(types: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(*(not_(LedgerEntry.type.startswith(name)) for name in types))


def _hidden(view: View) -> list[Select[int]]:
    """Return queries for the entries that speak of what the viewer may not know of.

    Sets of their own, made once: asked of each entry by itself, PostgreSQL joins them in loops inside loops.
    """
    about = select(LedgerSubject.seq)
    assets = about.join(Asset, Asset.id == LedgerSubject.subject_id).where(
        LedgerSubject.kind.in_(("asset", "target", "collected")), not_(visible_to(view))
    )
    shows = about.join(Show, Show.id == LedgerSubject.subject_id).where(
        LedgerSubject.kind == "show", not_(admits(view, Show.audience_id))
    )
    versions = about.join(AssetVersion, AssetVersion.id == LedgerSubject.subject_id).where(
        LedgerSubject.kind == "version", not_(known_versions(view))
    )
    jobs = about.outerjoin(Job, Job.id == LedgerSubject.subject_id).where(
        LedgerSubject.kind == "job", or_(Job.id.is_(None), not_(jobs_to_follow(view)))
    )
    return [assets, shows, versions, jobs]
