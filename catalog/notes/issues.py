"""Known issues: reporting them, seeing to them, closing them with the version that fixes them.

Anybody who may annotate moves an issue on; its words are its author's, as with notes. An issue is carried: later
versions have it too, until one closes it (``queries.page_affecting``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from catalog.accounts.authentication import actor_named
from catalog.accounts.models import User
from catalog.assets.queries import get_version
from catalog.assets.vocabulary import OFFERED
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict, InvalidInput, NotFound
from catalog.kernel.texts import checked_text
from catalog.kernel.unsaid import UNSAID, Unsaid
from catalog.notes import queries
from catalog.notes.events import IssueChanged, IssueClosed, IssueRemoved, IssueReopened, IssueReported
from catalog.notes.vocabulary import IssueState, Severity
from catalog.notes.writing import empty, note_on, refuse_others, subjects_of
from catalog.work.revising import refuse_stale, what_changed
from catalog.work.view import View

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

    from catalog.assets.models import AssetVersion
    from catalog.notes.models import Note
    from catalog.work.unit import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Report:
    """What is wrong with a version; ``assignee`` is the login of who sees to it, None for nobody yet."""

    text: str
    severity: Severity = Severity.MINOR
    assignee: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueChange:
    """What is to change; ``assignee`` is a login, None for nobody."""

    text: str | Unsaid = UNSAID
    severity: Severity | Unsaid = UNSAID
    assignee: str | Unsaid | None = UNSAID


def report(work: UnitOfWork, reference: str, number: int, said: Report) -> Note:
    """Say what is known to be wrong with a version that the actor may know of."""
    work.require(Ability.ANNOTATE)
    version = get_version(work.view, reference, number)
    issue = note_on(version, said.text, by=work.actor.person_id, at=work.now)
    issue.severity, issue.state = said.severity.value, IssueState.OPEN.value
    issue.assignee_id = _assignee(work.view, said.assignee, version)
    work.session.add(issue)
    assignee = _login(work.view, issue.assignee_id)
    work.record(IssueReported(**subjects_of(issue), text=issue.text, severity=issue.severity, assignee=assignee))
    return issue


def change(work: UnitOfWork, issue_id: str, said: IssueChange, *, if_revision: int | None = None) -> Note:
    """Change an issue's words, severity or assignee; ``NotPermitted`` where its words are another's."""
    work.require(Ability.ANNOTATE)
    issue = _hold(work, issue_id)
    refuse_stale("the issue", issue.revision, if_revision)
    before = _told(work.view, issue)
    if said.text is not UNSAID and (text := checked_text("note", said.text, required=True)) != issue.text:
        refuse_others(work.actor, issue)
        issue.text, issue.edited_at = text, work.now
    if said.severity is not UNSAID:
        issue.severity = said.severity.value
    if said.assignee is not UNSAID:
        issue.assignee_id = _assignee(work.view, said.assignee, issue.version)
    changes = what_changed(before, _told(work.view, issue))
    if changes:
        issue.revision += 1
        work.record(IssueChanged(**subjects_of(issue), changes=changes))
    return issue


def close(work: UnitOfWork, issue_id: str, closing_version: int | None, *, if_revision: int | None = None) -> Note:
    """Close an issue with the later version that fixes it, or (None) as none. Closing it again moves that version.

    Raises ``InvalidInput`` for a version that is not later, ``Conflict`` for one that is not offered.
    """
    work.require(Ability.ANNOTATE)
    issue = _hold(work, issue_id)
    refuse_stale("the issue", issue.revision, if_revision)
    if closing_version is not None:
        _refuse_unfit(work.view, issue.version, closing_version)
    if issue.state != IssueState.CLOSED or issue.closing_number != closing_version:
        issue.state, issue.closing_number, issue.closed_at = IssueState.CLOSED.value, closing_version, work.now
        issue.revision += 1
        work.record(IssueClosed(**subjects_of(issue), closing_version=closing_version))
    return issue


def reopen(work: UnitOfWork, issue_id: str, *, if_revision: int | None = None) -> Note:
    """Let a closed issue stand open again. Safe to run twice."""
    work.require(Ability.ANNOTATE)
    issue = _hold(work, issue_id)
    refuse_stale("the issue", issue.revision, if_revision)
    if issue.state != IssueState.OPEN:
        issue.state, issue.closing_number, issue.closed_at = IssueState.OPEN.value, None, None
        issue.revision += 1
        work.record(IssueReopened(**subjects_of(issue)))
    return issue


def remove(work: UnitOfWork, issue_id: str) -> Note:
    """Show an issue no longer; what it said stays in the ledger. ``NotPermitted`` as for changing its words."""
    work.require(Ability.ANNOTATE)
    issue = _hold(work, issue_id)
    refuse_others(work.actor, issue)
    work.record(IssueRemoved(**subjects_of(issue), text=issue.text))
    empty(issue, work.now)
    return issue


def _hold(work: UnitOfWork, issue_id: str) -> Note:
    """Hold an issue until the commit; ``NotFound`` also where somebody removed it just now."""
    work.hold(queries.get_issue(work.view, issue_id))
    return queries.get_issue(work.view, issue_id)


def _refuse_unfit(view: View, version: AssetVersion, closing_version: int) -> None:
    if closing_version <= version.number:
        raise InvalidInput(
            f"version {closing_version} is not later than version {version.number}, which has the issue; "
            "name the version that fixes it",
            code="not-later",
        )
    closing = get_version(view, str(version.asset_id), closing_version)
    if closing.status not in OFFERED:
        raise Conflict(
            f"{closing.asset.code}@{closing.number} is {closing.status}; a published version closes an issue",
            code="not-offered",
        )


def _assignee(view: View, login: str | None, version: AssetVersion) -> UUID | None:
    """Return who is to see to an issue; refused is whoever could not find it."""
    if login is None:
        return None
    named = actor_named(view.session, login)
    if named is None:
        raise InvalidInput(f"{login[:80]!r} is no active user here; give a login", code="unknown-user")
    try:
        get_version(View(session=view.session, viewer=named, now=view.now), str(version.asset_id), version.number)
    except NotFound as absent:
        raise Conflict(
            f"{named.name} may not know of {version.asset.code}@{version.number}; assign it to somebody who may",
            code="assignee-cannot-see",
        ) from absent
    return named.id


def _told(view: View, issue: Note) -> dict[str, Any]:
    return {"text": issue.text, "severity": issue.severity, "assignee": _login(view, issue.assignee_id)}


def _login(view: View, user_id: UUID | None) -> str | None:
    return view.session.scalar(select(User.login).where(User.id == user_id)) if user_id else None
