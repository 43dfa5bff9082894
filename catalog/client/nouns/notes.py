"""Operations on notes, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from uuid import UUID

from catalog.client.answers.notes import Note
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import UNCHANGED, Unchanged, changes, given, segment


class NotesOperations:
    """Operations on notes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, code: str, number: int) -> Listing[Note]:
        """List the notes on a version, oldest first."""
        return Listing(self._connection, f"/assets/{segment(code)}/versions/{segment(number)}/notes", Note.read)

    def write(self, code: str, number: int, *, text: str) -> Note:
        """Write a note on a version.

        ``text``: plain text; lines are kept.
        """
        return Note.read(
            self._connection.call(
                "POST", f"/assets/{segment(code)}/versions/{segment(number)}/notes", body=given(text=text), creates=True
            )
        )

    def get(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> Note:
        """Get a note."""
        return Note.read(self._connection.call("GET", f"/notes/{segment(id)}"))

    def change(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        text: str | Unchanged = UNCHANGED,
        if_revision: int | None = None,
    ) -> Note:
        """Let a note say something else: its author's, or a curator's, to do.

        ``text``: plain text; lines are kept. ``if_revision``: the ``revision`` that you read; ``Stale`` is raised
        where it was changed since.
        """
        return Note.read(
            self._connection.call("PATCH", f"/notes/{segment(id)}", body=changes(text=text), if_revision=if_revision)
        )

    def remove(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> None:
        """Remove a note; what it said stays in the ledger."""
        self._connection.call("DELETE", f"/notes/{segment(id)}")
