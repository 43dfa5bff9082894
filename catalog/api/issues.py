"""``/assets/{code}/versions/{number}/issues`` and ``/issues``: what is wrong, and which version fixes it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from pydantic import Field

from catalog.accounts.queries import logins_of
from catalog.api.notes import Words
from catalog.api.operation import Answer, Model, Operation, PageQuery, Reply
from catalog.api.shapes import Listing, listing
from catalog.api.versions import number_of
from catalog.assets.queries import get_asset, get_version
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Paging
from catalog.notes import issues, queries
from catalog.notes.vocabulary import IssueState, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.api.operation import Call
    from catalog.notes.models import Note
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


class IssueBody(Model):
    """What is wrong with a version."""

    text: Words = Field(description="plain text; lines are kept")
    severity: Severity = Field(default=Severity.MINOR, description="how much it hinders")
    assignee: str | None = Field(default=None, description="login of who sees to it")


class IssueChangeBody(Model):
    """What is to change; fields that are left out stay as they are."""

    text: Words = Field(default="-", description="plain text; its author's, or a curator's, to change")
    severity: Severity = Field(default=Severity.MINOR, description="how much it hinders")
    assignee: str | None = Field(default=None, description="login of who sees to it; null: nobody")


class ClosingBody(Model):
    """What fixes an issue."""

    version: Annotated[int, Field(ge=1, le=999_999_999)] | None = Field(
        default=None, description="number of the later version that fixes it; null: it is none, or stays as it is"
    )


class IssuesQuery(PageQuery):
    """Which issues are listed."""

    mine: bool = Field(default=False, description="only those that the caller is to see to")
    state: IssueState | None = Field(default=None, description="only open, or only closed")
    severity: Severity | None = Field(default=None, description="only of this severity")
    asset: str | None = Field(default=None, description="only of the asset with this code")


class IssueAnswer(Answer):
    """Something that is known to be wrong with a version, and with later ones until one closes it."""

    id: UUID
    asset: str
    version: int = Field(description="the version that it was found in")
    text: str
    state: IssueState
    severity: Severity
    assignee: str | None = Field(description="login of who sees to it")
    closing_version: int | None = Field(description="the version that fixes it; null: open, or closed as none")
    author: str | None = Field(description="login")
    created_at: datetime
    edited_at: datetime | None = Field(description="when its text was last changed")
    closed_at: datetime | None
    revision: int


def list_issues(call: Call, view: View) -> Listing[IssueAnswer]:
    """Return issues of all assets, newest first."""
    query: IssuesQuery = call.query
    wanted = queries.IssueFilter(
        asset=get_asset(view, query.asset) if query.asset is not None else None,
        assignee_id=view.viewer.person_id if query.mine else None,
        state=query.state,
        severity=query.severity,
    )
    page = queries.page_issues(view, Paging(limit=query.limit, cursor=query.cursor), wanted)
    shown = iter(show_issues(view, page.items))
    return listing(page.map(lambda _: next(shown)))


def affecting(call: Call, view: View) -> Listing[IssueAnswer]:
    """Return the issues that a version has, also those carried from earlier ones, newest first."""
    version = get_version(view, call.path["code"], number_of(call))
    page = queries.page_affecting(view, version, Paging(limit=call.query.limit, cursor=call.query.cursor))
    shown = iter(show_issues(view, page.items))
    return listing(page.map(lambda _: next(shown)))


def get_issue(call: Call, view: View) -> IssueAnswer:
    """Return one issue."""
    return _one(view, queries.get_issue(view, call.path["id"]))


def report(call: Call, work: UnitOfWork) -> Reply:
    """Say what is wrong with a version."""
    body: IssueBody = call.body
    said = issues.Report(text=body.text, severity=body.severity, assignee=body.assignee)
    issue = issues.report(work, call.path["code"], number_of(call), said)
    return Reply(answer=_one(work.view, issue), headers={"Location": f"/api/v1/issues/{issue.id}"})


def change(call: Call, work: UnitOfWork) -> IssueAnswer:
    """Change what was sent, and only that."""
    said: dict[str, Any] = {name: getattr(call.body, name) for name in call.body.model_fields_set}
    issue = issues.change(work, call.path["id"], issues.IssueChange(**said), if_revision=call.if_revision)
    return _one(work.view, issue)


def close(call: Call, work: UnitOfWork) -> IssueAnswer:
    """Close an issue."""
    return _one(work.view, issues.close(work, call.path["id"], call.body.version, if_revision=call.if_revision))


def reopen(call: Call, work: UnitOfWork) -> IssueAnswer:
    """Let an issue stand open again."""
    return _one(work.view, issues.reopen(work, call.path["id"], if_revision=call.if_revision))


def remove(call: Call, work: UnitOfWork) -> Reply:
    """Show an issue no longer."""
    issues.remove(work, call.path["id"])
    return Reply(status=204)


def show_issues(view: View, found: Sequence[Note]) -> list[IssueAnswer]:
    """Return issues with who wrote them and who sees to them."""
    people = {one for issue in found for one in (issue.author_id, issue.assignee_id) if one}
    logins = logins_of(view, people)
    return [
        IssueAnswer(
            id=issue.id,
            asset=issue.version.asset.code,
            version=issue.version.number,
            text=issue.text,
            state=IssueState(issue.state or IssueState.OPEN),
            severity=Severity(issue.severity or Severity.MINOR),
            assignee=logins.get(issue.assignee_id) if issue.assignee_id else None,
            closing_version=issue.closing_number,
            author=logins.get(issue.author_id),
            created_at=issue.created_at,
            edited_at=issue.edited_at,
            closed_at=issue.closed_at,
            revision=issue.revision,
        )
        for issue in found
    ]


def _one(view: View, issue: Note) -> IssueAnswer:
    return show_issues(view, [issue])[0]


_OF_VERSION = "/assets/{code}/versions/{number}/issues"
_ISSUE = "/issues/{id}"
OPERATIONS = (
    Operation(
        name="issues.list",
        method="GET",
        path="/issues",
        summary="List known issues of all assets, newest first",
        ability=Ability.BROWSE,
        read=list_issues,
        query=IssuesQuery,
        answer=Listing[IssueAnswer],
    ),
    Operation(
        name="issues.affecting",
        method="GET",
        path=_OF_VERSION,
        summary="List the issues that a version has, also those carried from earlier ones, newest first",
        ability=Ability.BROWSE,
        read=affecting,
        query=PageQuery,
        answer=Listing[IssueAnswer],
    ),
    Operation(
        name="issues.report",
        method="POST",
        path=_OF_VERSION,
        summary="Report a known issue of a version; later versions have it, too, until one closes it",
        ability=Ability.ANNOTATE,
        write=report,
        body=IssueBody,
        answer=IssueAnswer,
        status=201,
        creates=True,
    ),
    Operation(
        name="issues.get",
        method="GET",
        path=_ISSUE,
        summary="Get a known issue",
        ability=Ability.BROWSE,
        read=get_issue,
        answer=IssueAnswer,
    ),
    Operation(
        name="issues.change",
        method="PATCH",
        path=_ISSUE,
        summary="Change an issue's words, severity or assignee",
        ability=Ability.ANNOTATE,
        write=change,
        body=IssueChangeBody,
        answer=IssueAnswer,
    ),
    Operation(
        name="issues.close",
        method="POST",
        path=f"{_ISSUE}/closing",
        summary="Close an issue with the later version that fixes it, or as none",
        ability=Ability.ANNOTATE,
        write=close,
        body=ClosingBody,
        answer=IssueAnswer,
    ),
    Operation(
        name="issues.reopen",
        method="POST",
        path=f"{_ISSUE}/reopening",
        summary="Let a closed issue stand open again",
        ability=Ability.ANNOTATE,
        write=reopen,
        answer=IssueAnswer,
    ),
    Operation(
        name="issues.remove",
        method="DELETE",
        path=_ISSUE,
        summary="Remove an issue; what it said stays in the ledger",
        ability=Ability.ANNOTATE,
        write=remove,
        status=204,
    ),
)
