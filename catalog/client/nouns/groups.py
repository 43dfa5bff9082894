"""Operations on groups, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalog.client.answers.accounts import Group
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import UNCHANGED, Unchanged, changes, given, segment, several


class GroupsOperations:
    """Operations on groups."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        *,
        code: str,
        name: str | None = None,
        members: Sequence[str] | None = None,
    ) -> Group:
        """Create a group.

        ``code``: what it is named by, such as ``dawn-crew``. ``name``: what people call it. ``members``: logins.
        """
        return Group.read(
            self._connection.call(
                "POST", "/groups", body=given(code=code, name=name, members=several(members)), creates=True
            )
        )

    def list(self) -> Listing[Group]:
        """List groups."""
        return Listing(self._connection, "/groups", Group.read)

    def get(self, code: str) -> Group:
        """Get a group with its members."""
        return Group.read(self._connection.call("GET", f"/groups/{segment(code)}"))

    def change(
        self,
        code: str,
        *,
        name: str | Unchanged | None = UNCHANGED,
        members: Sequence[str] | Unchanged | None = UNCHANGED,
        if_revision: int | None = None,
    ) -> Group:
        """Rename a group or set its members.

        ``name``: what people call it. ``members``: logins; they replace all that are in it. ``if_revision``: the
        ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Group.read(
            self._connection.call(
                "PATCH",
                f"/groups/{segment(code)}",
                body=changes(name=name, members=several(members)),
                if_revision=if_revision,
            )
        )
