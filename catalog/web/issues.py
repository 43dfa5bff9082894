"""Known issues: reported on the page of a version, seen to on pages of their own, listed by asset and by assignee."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.assets.queries import get_asset, page_versions
from catalog.assets.vocabulary import OFFERED
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.paging import Paging
from catalog.kernel.unsaid import UNSAID, Unsaid
from catalog.notes import issues, queries
from catalog.notes.queries import IssueFilter
from catalog.notes.vocabulary import IssueState, Severity
from catalog.notes.writing import may_edit
from catalog.web import versions
from catalog.web.assets import head_of
from catalog.web.forms import find_number, revision_of
from catalog.web.languages import gettext
from catalog.web.notes import back
from catalog.web.remarks import SEVERITIES, remarks_of
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from catalog.notes.models import Note
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

PER_PAGE = 50
LATER_SHOWN = 200


def of_asset(call: Call, view: View) -> Shown:
    """Show the issues of an asset, open ones or all, newest first."""
    asset = get_asset(view, call.path["code"])
    return _listed(call, view, IssueFilter(asset=asset), {"head": head_of(asset)}, "asset/issues.html")


def mine(call: Call, view: View) -> Shown:
    """Show the issues that somebody is to see to, newest first."""
    return _listed(call, view, IssueFilter(assignee_id=view.viewer.person_id), {}, "my_issues.html")


def _listed(call: Call, view: View, wanted: IssueFilter, values: dict[str, object], template: str) -> Shown:
    state = IssueState.CLOSED if call.asked("state") == IssueState.CLOSED else IssueState.OPEN
    only = IssueFilter(asset=wanted.asset, assignee_id=wanted.assignee_id, state=state)
    page = queries.page_issues(view, Paging(limit=PER_PAGE, cursor=call.asked("cursor")), only)
    listed = {"issues": remarks_of(view, page.items), "total": page.total or 0, "state": state.value}
    return Shown(template=template, values={**values, **listed, "next_cursor": page.next_cursor})


def report(call: Call, work: UnitOfWork) -> Reply:
    """Say what is wrong with a version."""
    number, form = versions.number_of(call), call.form
    said = issues.Report(
        text=form.get("issue", ""),
        severity=_severity(form.get("severity", "")),
        assignee=form.get("assignee", "").strip() or None,
    )
    return back(
        issues.report(work, call.path["code"], number, said),
        gettext("The issue stands on version %(number)s.", number=number),
    )


def issue(call: Call, view: View) -> Shown:
    """Show one issue, and the forms that move it on."""
    found = queries.get_issue(view, call.path["id"])
    asset = get_asset(view, found.version.asset.code)
    (one,) = remarks_of(view, [found])
    later = [
        version.number
        for version in page_versions(view, asset.code, Paging(limit=LATER_SHOWN)).items
        if version.number > one.number and version.status in OFFERED
    ]
    values = {"head": head_of(asset), "issue": one, "later": later, "severities": SEVERITIES}
    return Shown(template="asset/issue.html", values=values)


def change(call: Call, work: UnitOfWork) -> Reply:
    """Change an issue's words (where they are one's own), severity or assignee."""
    found, form = queries.get_issue(work.view, call.path["id"]), call.form
    assignee = work.actor.name if "mine" in form else form.get("assignee", "").strip()
    said = issues.IssueChange(
        text=_words(call, work, found), severity=_severity(form.get("severity", "")), assignee=assignee or None
    )
    return _shown(
        issues.change(work, call.path["id"], said, if_revision=revision_of(call)), gettext("The issue is changed.")
    )


def close(call: Call, work: UnitOfWork) -> Reply:
    """Close an issue with the version that was chosen, or as none."""
    chosen = call.form.get("version", "")
    number = find_number(chosen)
    if number is None and chosen != "none":
        raise InvalidInput("choose the version that fixes it, or that it is none", code="bad-version")
    return _shown(
        issues.close(work, call.path["id"], number, if_revision=revision_of(call)), gettext("The issue is closed.")
    )


def reopen(call: Call, work: UnitOfWork) -> Reply:
    """Let an issue stand open again."""
    return _shown(issues.reopen(work, call.path["id"]), gettext("The issue stands open again."))


def remove(call: Call, work: UnitOfWork) -> Reply:
    """Show an issue no longer."""
    return back(issues.remove(work, call.path["id"]), gettext("The issue is removed."))


def _shown(found: Note, saying: str) -> Moved:
    return Moved(page="known_issue", arguments={"id": found.id}, saying=saying)


def _words(call: Call, work: UnitOfWork, found: Note) -> str | Unsaid:
    """Return the words of the form; it has none for whoever may not change them."""
    return call.form.get("text", UNSAID) if may_edit(work.actor, found) else UNSAID


def _severity(said: str) -> Severity:
    if said not in SEVERITIES:
        raise InvalidInput(f"severity {said[:40]!r} is none of {', '.join(SEVERITIES)}", code="unknown-severity")
    return Severity(said)


_ISSUE = "/issues/{id}"
ROUTES = (
    Route(name="issues", path="/assets/{code}/issues", ability=Ability.BROWSE, read=of_asset),
    Route(name="my_issues", path="/me/issues", ability=Ability.BROWSE, read=mine),
    Route(
        name="report_issue",
        path="/assets/{code}/versions/{number}/issues",
        ability=Ability.ANNOTATE,
        write=report,
        again=versions.version,
    ),
    Route(name="known_issue", path=_ISSUE, ability=Ability.BROWSE, read=issue),
    Route(name="change_issue", path=_ISSUE, ability=Ability.ANNOTATE, write=change, again=issue),
    Route(name="close_issue", path=f"{_ISSUE}/closing", ability=Ability.ANNOTATE, write=close, again=issue),
    Route(name="reopen_issue", path=f"{_ISSUE}/reopening", ability=Ability.ANNOTATE, write=reopen, again=issue),
    Route(name="remove_issue", path=f"{_ISSUE}/removal", ability=Ability.ANNOTATE, write=remove),
)
