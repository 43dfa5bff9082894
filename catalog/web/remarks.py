"""Notes and known issues as pages show them, for the pages of assets, versions and of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.accounts.queries import logins_of
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Paging
from catalog.notes import queries
from catalog.notes.queries import IssueFilter
from catalog.notes.vocabulary import IssueState, Severity
from catalog.notes.writing import may_edit
from catalog.web.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from catalog.assets.models import Asset, AssetVersion
    from catalog.notes.models import Note
    from catalog.work.view import View

NOTES_SHOWN = 100
ISSUES_SHOWN = 50
SEVERITIES = {
    Severity.MINOR.value: marked("Minor"),
    Severity.MAJOR.value: marked("Major"),
    Severity.BLOCKING.value: marked("Blocking"),
}
_TONES = {Severity.MAJOR.value: "warn", Severity.BLOCKING.value: "bad"}


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A note or an issue. ``carried`` where it was found in an earlier version than the one that is looked at."""

    id: UUID
    code: str
    name: str
    number: int
    text: str
    by: str | None
    at: datetime
    edited: bool
    editable: bool
    revision: int
    open: bool = False
    severity: str = ""
    severity_label: str = ""
    tone: str = ""
    assignee: str | None = None
    closing_number: int | None = None
    carried: bool = False


@dataclass(frozen=True, kw_only=True)
class OfVersion:
    """What people say of a version: its notes, and the issues that it has."""

    notes: tuple[Remark, ...]
    more_notes: bool
    issues: tuple[Remark, ...]
    more_issues: bool
    open_issues: int


def of_version(view: View, version: AssetVersion) -> OfVersion:
    """Return what people say of a version that was read through this view."""
    notes = queries.page_notes(view, version, Paging(limit=NOTES_SHOWN))
    issues = queries.page_affecting(view, version, Paging(limit=ISSUES_SHOWN))
    shown = sorted(remarks_of(view, issues.items, on=version.number), key=lambda one: not one.open)
    return OfVersion(
        notes=tuple(remarks_of(view, notes.items)),
        more_notes=notes.next_cursor is not None,
        issues=tuple(shown),
        more_issues=issues.next_cursor is not None,
        open_issues=sum(1 for one in shown if one.open),
    )


def open_issues(view: View, asset: Asset, limit: int) -> tuple[list[Remark], int]:
    """Return the newest open issues of an asset, and how many there are."""
    page = queries.page_issues(view, Paging(limit=limit), IssueFilter(asset=asset, state=IssueState.OPEN))
    return remarks_of(view, page.items), page.total or 0


def remarks_of(view: View, notes: Iterable[Note], *, on: int | None = None) -> list[Remark]:
    """Return notes and issues as they are shown, on the page of the version ``on`` if any."""
    notes = list(notes)
    logins = logins_of(view, {one for note in notes for one in (note.author_id, note.assignee_id) if one})
    return [_remark(view, note, logins, on) for note in notes]


def _remark(view: View, note: Note, logins: dict[UUID, str], on: int | None) -> Remark:
    severity, version = note.severity or "", note.version
    return Remark(
        id=note.id,
        code=version.asset.code,
        name=version.asset.name,
        number=version.number,
        text=note.text,
        by=logins.get(note.author_id),
        at=note.created_at,
        edited=note.edited_at is not None,
        editable=view.viewer.can(Ability.ANNOTATE) and may_edit(view.viewer, note),
        revision=note.revision,
        open=note.state == IssueState.OPEN,
        severity=severity,
        severity_label=gettext(SEVERITIES[severity]) if severity in SEVERITIES else "",
        tone=_TONES.get(severity, ""),
        assignee=logins.get(note.assignee_id) if note.assignee_id else None,
        closing_number=note.closing_number,
        carried=on is not None and version.number < on,
    )
