"""Operations on shows, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalog.client.answers.places import Show
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import UNCHANGED, Unchanged, changes, given, segment, several


class ShowsOperations:
    """Operations on shows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        *,
        code: str,
        name: str | None = None,
        description: str | None = None,
        audience: Sequence[str] | None = None,
        reviewed: bool | None = None,
    ) -> Show:
        """Create a show.

        ``code``: what it is named by, such as ``orion``. ``name``: what people call it. ``description``: what it is
        about. ``audience``: groups that may know of it; null: the studio. ``reviewed``: versions wait for review
        before they are published.
        """
        return Show.read(
            self._connection.call(
                "POST",
                "/shows",
                body=given(
                    code=code, name=name, description=description, audience=several(audience), reviewed=reviewed
                ),
                creates=True,
            )
        )

    def list(self) -> Listing[Show]:
        """List shows."""
        return Listing(self._connection, "/shows", Show.read)

    def get(self, code: str) -> Show:
        """Get a show."""
        return Show.read(self._connection.call("GET", f"/shows/{segment(code)}"))

    def change(
        self,
        code: str,
        *,
        name: str | Unchanged = UNCHANGED,
        description: str | Unchanged = UNCHANGED,
        audience: Sequence[str] | Unchanged | None = UNCHANGED,
        reviewed: bool | Unchanged = UNCHANGED,
        if_revision: int | None = None,
    ) -> Show:
        """Change a show's name, description or audience.

        ``name``: what people call it. ``description``: what it is about. ``audience``: groups that may know of it,
        which replace all that it has; null: the studio. ``reviewed``: versions wait for review before they are
        published. ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Show.read(
            self._connection.call(
                "PATCH",
                f"/shows/{segment(code)}",
                body=changes(name=name, description=description, audience=several(audience), reviewed=reviewed),
                if_revision=if_revision,
            )
        )
