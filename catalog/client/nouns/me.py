"""Operations on me, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from catalog.client.answers.accounts import Me
from catalog.client.connection import Connection


class MeOperations:
    """Operations on me."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self) -> Me:
        """Get who you are and what you may do."""
        return Me.read(self._connection.call("GET", "/me"))
