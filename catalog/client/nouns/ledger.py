"""Operations on ledger, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from uuid import UUID

from catalog.client.answers.ledger import Entry, Verification
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import given, segment


class LedgerOperations:
    """Operations on ledger."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self,
        *,
        actor: UUID | str | None = None,
        token_id: UUID | str | None = None,
        subject: UUID | str | None = None,
        type: str | None = None,  # noqa: A002 — the API calls it so
    ) -> Listing[Entry]:
        """List ledger entries, newest first.

        ``actor``: only what this user did, by id. ``token_id``: only what was done with this token. ``subject``:
        only what is about this, by id. ``type``: only of this type, such as ``files.released/1``.
        """
        return Listing(
            self._connection, "/ledger", Entry.read, given(actor=actor, token_id=token_id, subject=subject, type=type)
        )

    def verify(self) -> Verification:
        """Verify the whole chain."""
        return Verification.read(self._connection.call("GET", "/ledger/verification"))

    def get(self, seq: int) -> Entry:
        """Get one ledger entry."""
        return Entry.read(self._connection.call("GET", f"/ledger/{segment(seq)}"))
