"""Operations on events, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from catalog.client.answers.ledger import Event
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import given


class EventsOperations:
    """Operations on events."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, after: int | None = None) -> Listing[Event]:
        """List what happened after a point, in order, without gaps.

        ``after``: ``seq`` of the last one that you have.
        """
        return Listing(self._connection, "/events", Event.read, given(after=after), after="after")
