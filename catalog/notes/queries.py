"""Reading notes and issues. Every query starts from what the viewer may know of the version that they are on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager

from catalog.assets.models import Asset, AssetVersion
from catalog.assets.queries import known_versions, visible_to
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Page, Paging, decode_id_cursor, page_of
from catalog.notes.models import Note
from catalog.notes.vocabulary import IssueState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from catalog.notes.vocabulary import Severity
    from catalog.work.view import View

AFFECTING_MAX = 1_000
"""So many issues of one asset at most are looked at for its versions."""


def visible_notes(view: View) -> Select[Note]:
    """Return the query over notes and issues, with their versions and assets, that the viewer may know of."""
    return (
        select(Note)
        .join(Note.version)
        .join(AssetVersion.asset)
        .options(contains_eager(Note.version).contains_eager(AssetVersion.asset))
        .where(visible_to(view), known_versions(view), Note.removed_at.is_(None))
    )


def get_note(view: View, note_id: str) -> Note:
    """Return a note by its id; ``NotFound`` if it is absent, removed, hidden, or an issue."""
    return _one(view, note_id, Note.state.is_(None), "note")


def get_issue(view: View, issue_id: str) -> Note:
    """Return an issue by its id; ``NotFound`` if it is absent, removed, hidden, or a plain note."""
    return _one(view, issue_id, Note.state.is_not(None), "issue")


def page_notes(view: View, version: AssetVersion, paging: Paging) -> Page[Note]:
    """Return the notes on a version that was read through this view, oldest first."""
    query = visible_notes(view).where(Note.version_id == version.id, Note.state.is_(None)).order_by(Note.id)
    if paging.cursor:
        query = query.where(Note.id > decode_id_cursor(paging.cursor))
    return page_of(view.session.scalars(query.limit(paging.limit + 1)).all(), paging.limit, lambda row: [str(row.id)])


@dataclass(frozen=True, kw_only=True)
class IssueFilter:
    """Which issues a listing is of; None does not limit."""

    asset: Asset | None = None
    assignee_id: UUID | None = None
    state: IssueState | None = None
    severity: Severity | None = None


def page_issues(view: View, paging: Paging, wanted: IssueFilter) -> Page[Note]:
    """Return issues, newest first, and how many there are."""
    query = visible_notes(view).where(Note.state.is_not(None), *_conditions(wanted))
    total = view.session.scalar(query.with_only_columns(func.count(Note.id)))
    if paging.cursor:
        query = query.where(Note.id < decode_id_cursor(paging.cursor))
    rows = view.session.scalars(query.order_by(Note.id.desc()).limit(paging.limit + 1)).all()
    return replace(page_of(rows, paging.limit, lambda row: [str(row.id)]), total=total)


def page_affecting(view: View, version: AssetVersion, paging: Paging) -> Page[Note]:
    """Return the issues that a version read through this view has, its own and those carried to it, newest first.

    They are those of it and of earlier versions that are open, or that a later version than it closes.
    """
    query = visible_notes(view).where(AssetVersion.asset_id == version.asset_id, _affects(version.number))
    if paging.cursor:
        query = query.where(Note.id < decode_id_cursor(paging.cursor))
    rows = view.session.scalars(query.order_by(Note.id.desc()).limit(paging.limit + 1)).all()
    return page_of(rows, paging.limit, lambda row: [str(row.id)])


def open_issues_of_versions(view: View, asset: Asset, numbers: Iterable[int]) -> dict[int, int]:
    """Return how many open issues each of these versions of an asset has, its own and those carried to it."""
    query = (
        visible_notes(view)
        .where(AssetVersion.asset_id == asset.id, Note.state == IssueState.OPEN.value)
        .with_only_columns(AssetVersion.number)
        .limit(AFFECTING_MAX)
    )
    since = view.session.scalars(query).all()
    return {number: sum(1 for one in since if one <= number) for number in numbers}


def _one(view: View, note_id: str, sort: ColumnElement[bool], word: str) -> Note:
    known = find_id(note_id)
    note = view.session.scalar(visible_notes(view).where(Note.id == known, sort)) if known else None
    if note is None:
        raise NotFound(f"there is no {word} {note_id[:80]!r}", code=f"unknown-{word}")
    return note


def _affects(number: int) -> ColumnElement[bool]:
    stands = or_(Note.state == IssueState.OPEN.value, Note.closing_number > number)
    return (AssetVersion.number <= number) & stands


def _conditions(wanted: IssueFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.asset:
        conditions.append(AssetVersion.asset_id == wanted.asset.id)
    if wanted.assignee_id:
        conditions.append(Note.assignee_id == wanted.assignee_id)
    if wanted.state:
        conditions.append(Note.state == wanted.state.value)
    if wanted.severity:
        conditions.append(Note.severity == wanted.severity.value)
    return conditions
