"""What happened, as far as a viewer may know: the events behind ``GET /events`` and the history of an asset.

An event about an asset or show that the viewer may not know of is not theirs to see, nor is one about accounts unless
they manage them. Visibility is that of now: what became private leaves the past, too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select, true

from catalog.accounts.audiences import admits
from catalog.assets.models import Asset, AssetVersion
from catalog.assets.queries import in_the_making, visible_to
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Page, Paging, decode_cursor, page_of
from catalog.ledger.models import LedgerEntry, LedgerSubject
from catalog.ledger.queries import Entry, head_of, read_entries
from catalog.shows.models import Show

if TYPE_CHECKING:
    from catalog.work.view import View

WINDOW = 2_000
"""Entries looked at for one answer; where fewer are the viewer's, the answer is short but its cursor moves on."""
_PLACES = frozenset({"show", "audience"})
_ACCOUNT_TYPES = ("user.", "group.", "token.")


def events_after(view: View, after: int, limit: int) -> tuple[list[Entry], int]:
    """Return the viewer's events with ``seq > after`` in order, and the ``seq`` to ask after next."""
    head, _ = head_of(view.session)
    through = min(after + WINDOW, head)
    query = (
        select(LedgerEntry)
        .where(LedgerEntry.seq > after, LedgerEntry.seq <= through, _seen_by(view))
        .order_by(LedgerEntry.seq)
        .limit(limit)
    )
    rows = view.session.scalars(query).all()
    reached = rows[-1].seq if len(rows) == limit else max(after, through)
    return _discreetly(view, read_entries(view.session, rows)), reached


def page_history(view: View, asset: Asset, paging: Paging) -> Page[Entry]:
    """Return what happened to an asset that was read through this view, newest first."""
    about = select(LedgerSubject.seq).where(LedgerSubject.subject_id == asset.id)
    query = (
        select(LedgerEntry)
        .where(LedgerEntry.seq.in_(about), _seen_by(view))
        .order_by(LedgerEntry.seq.desc())
        .limit(paging.limit + 1)
    )
    if paging.cursor:
        (before,) = decode_cursor(paging.cursor, int)
        query = query.where(LedgerEntry.seq < before)
    page = page_of(view.session.scalars(query).all(), paging.limit, lambda row: [row.seq])
    items = _discreetly(view, read_entries(view.session, page.items))
    return Page(items=tuple(items), next_cursor=page.next_cursor)


def _discreetly(view: View, entries: list[Entry]) -> list[Entry]:
    """Return entries without the shows and groups that an asset left: the viewer may not know of those."""
    if view.viewer.sees_everything:
        return entries
    return [_without_places(entry) for entry in entries]


def _without_places(entry: Entry) -> Entry:
    changes = (entry.values or {}).get("changes")
    if not isinstance(changes, dict) or not changes.keys() & _PLACES:
        return entry
    told = {field: None if field in _PLACES else change for field, change in changes.items()}
    return replace(entry, values={**(entry.values or {}), "changes": told})


def _seen_by(view: View) -> ColumnElement[bool]:
    if view.viewer.sees_everything and view.viewer.can(Ability.MANAGE_ACCOUNTS):
        return true()
    conditions: list[ColumnElement[bool]] = []
    if not view.viewer.can(Ability.MANAGE_ACCOUNTS):
        mine = LedgerEntry.actor_id == view.viewer.person_id
        conditions.append(mine | and_(*(not_(LedgerEntry.type.startswith(name)) for name in _ACCOUNT_TYPES)))
    if not view.viewer.sees_everything:
        conditions += [_no_hidden_asset(view), _no_hidden_show(view), _no_open_version(view)]
        if not view.viewer.can(Ability.AUDIT):
            # Who took what out is for those who audit, and for themselves.
            released = LedgerEntry.type.startswith("files.released")
            conditions.append(or_(not_(released), LedgerEntry.actor_id == view.viewer.person_id))
    return and_(*conditions)


def _about() -> ColumnElement[bool]:
    return LedgerSubject.seq == LedgerEntry.seq


def _no_hidden_asset(view: View) -> ColumnElement[bool]:
    hidden = select(Asset.id).where(Asset.id == LedgerSubject.subject_id, not_(visible_to(view)))
    return not_(exists().where(_about(), LedgerSubject.kind.in_(("asset", "target")), hidden.exists()))


def _no_hidden_show(view: View) -> ColumnElement[bool]:
    hidden = select(Show.id).where(Show.id == LedgerSubject.subject_id, not_(admits(view, Show.audience_id)))
    return not_(exists().where(_about(), LedgerSubject.kind == "show", hidden.exists()))


def _no_open_version(view: View) -> ColumnElement[bool]:
    others = select(AssetVersion.id).where(
        AssetVersion.id == LedgerSubject.subject_id,
        in_the_making(),
        AssetVersion.created_by_id != view.viewer.person_id,
    )
    return not_(exists().where(_about(), LedgerSubject.kind == "version", others.exists()))
