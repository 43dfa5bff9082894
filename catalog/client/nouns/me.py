"""Operations on me, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from catalog.client.answers.me import Me
from catalog.client.connection import Connection
from catalog.client.wire import UNCHANGED, Unchanged, changes
from catalog.client.words import Language


class MeOperations:
    """Operations on me."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self) -> Me:
        """Get who you are and what you may do."""
        return Me.read(self._connection.call("GET", "/me"))

    def change(self, *, language: Language | Unchanged | None = UNCHANGED) -> Me:
        """Change the language in which pages speak to you.

        ``language``: of the pages; null: as the browser asks.
        """
        return Me.read(self._connection.call("PATCH", "/me", body=changes(language=language)))
