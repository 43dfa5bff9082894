"""Operations on issues, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from uuid import UUID

from catalog.client.answers.issues import Issue
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import UNCHANGED, Unchanged, changes, given, segment
from catalog.client.words import IssueState, Severity


class IssuesOperations:
    """Operations on issues."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self,
        *,
        mine: bool | None = None,
        state: IssueState | None = None,
        severity: Severity | None = None,
        asset: str | None = None,
    ) -> Listing[Issue]:
        """List known issues of all assets, newest first.

        ``mine``: only those that the caller is to see to. ``state``: only open, or only closed. ``severity``: only
        of this severity. ``asset``: only of the asset with this code.
        """
        return Listing(
            self._connection, "/issues", Issue.read, given(mine=mine, state=state, severity=severity, asset=asset)
        )

    def affecting(self, code: str, number: int) -> Listing[Issue]:
        """List the issues that a version has, also those carried from earlier ones, newest first."""
        return Listing(self._connection, f"/assets/{segment(code)}/versions/{segment(number)}/issues", Issue.read)

    def report(
        self,
        code: str,
        number: int,
        *,
        text: str,
        severity: Severity | None = None,
        assignee: str | None = None,
    ) -> Issue:
        """Report a known issue of a version; later versions have it, too, until one closes it.

        ``text``: plain text; lines are kept. ``severity``: how much it hinders; by default minor. ``assignee``:
        login of who sees to it.
        """
        return Issue.read(
            self._connection.call(
                "POST",
                f"/assets/{segment(code)}/versions/{segment(number)}/issues",
                body=given(text=text, severity=severity, assignee=assignee),
                creates=True,
            )
        )

    def get(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> Issue:
        """Get a known issue."""
        return Issue.read(self._connection.call("GET", f"/issues/{segment(id)}"))

    def change(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        text: str | Unchanged = UNCHANGED,
        severity: Severity | Unchanged = UNCHANGED,
        assignee: str | Unchanged | None = UNCHANGED,
        if_revision: int | None = None,
    ) -> Issue:
        """Change an issue's words, severity or assignee.

        ``text``: plain text; its author's, or a curator's, to change. ``severity``: how much it hinders.
        ``assignee``: login of who sees to it; null: nobody. ``if_revision``: the ``revision`` that you read;
        ``Stale`` is raised where it was changed since.
        """
        return Issue.read(
            self._connection.call(
                "PATCH",
                f"/issues/{segment(id)}",
                body=changes(text=text, severity=severity, assignee=assignee),
                if_revision=if_revision,
            )
        )

    def close(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        version: int | None = None,
        if_revision: int | None = None,
    ) -> Issue:
        """Close an issue with the later version that fixes it, or as none.

        ``version``: number of the later version that fixes it; null: it is none, or stays as it is.
        ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Issue.read(
            self._connection.call(
                "POST", f"/issues/{segment(id)}/closing", body=given(version=version), if_revision=if_revision
            )
        )

    def reopen(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        if_revision: int | None = None,
    ) -> Issue:
        """Let a closed issue stand open again.

        ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Issue.read(self._connection.call("POST", f"/issues/{segment(id)}/reopening", if_revision=if_revision))

    def remove(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> None:
        """Remove an issue; what it said stays in the ledger."""
        self._connection.call("DELETE", f"/issues/{segment(id)}")
