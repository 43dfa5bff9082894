"""Operations on users, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalog.client.answers.accounts import User
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import UNCHANGED, Unchanged, changes, given, segment, several
from catalog.client.words import Role


class UsersOperations:
    """Operations on users."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        *,
        login: str,
        roles: Sequence[Role],
        display_name: str | None = None,
        password: str | None = None,
        groups: Sequence[str] | None = None,
    ) -> User:
        """Create a user.

        ``login``: what they sign in with. ``display_name``: their name, for others to read. ``password``: left out
        for services, which use tokens only. ``roles``: what they are here. ``groups``: codes of groups that they
        join.
        """
        return User.read(
            self._connection.call(
                "POST",
                "/users",
                body=given(
                    login=login,
                    display_name=display_name,
                    password=password,
                    roles=several(roles),
                    groups=several(groups),
                ),
                creates=True,
            )
        )

    def list(self) -> Listing[User]:
        """List users."""
        return Listing(self._connection, "/users", User.read)

    def get(self, login: str) -> User:
        """Get a user."""
        return User.read(self._connection.call("GET", f"/users/{segment(login)}"))

    def change(
        self,
        login: str,
        *,
        display_name: str | Unchanged | None = UNCHANGED,
        password: str | Unchanged | None = UNCHANGED,
        roles: Sequence[Role] | Unchanged | None = UNCHANGED,
        active: bool | Unchanged | None = UNCHANGED,
        if_revision: int | None = None,
    ) -> User:
        """Change a user's name, password, roles or standing.

        ``display_name``: their name, for others to read. ``password``: a new one. ``roles``: what they are here;
        replaces all that they have. ``active``: whether they may sign in and their tokens open anything.
        ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return User.read(
            self._connection.call(
                "PATCH",
                f"/users/{segment(login)}",
                body=changes(display_name=display_name, password=password, roles=several(roles), active=active),
                if_revision=if_revision,
            )
        )
