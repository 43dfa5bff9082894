"""Operations on synonyms, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from catalog.client.answers.synonyms import Synonyms
from catalog.client.connection import Connection
from catalog.client.wire import UNCHANGED, Unchanged, changes


class SynonymsOperations:
    """Operations on synonyms."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self) -> Synonyms:
        """Show which words mean the same to a search."""
        return Synonyms.read(self._connection.call("GET", "/synonyms"))

    def change(
        self,
        *,
        text: str | Unchanged = UNCHANGED,
        if_revision: int | None = None,
    ) -> Synonyms:
        """Change which words mean the same to a search.

        ``text``: all lines. ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was
        changed since.
        """
        return Synonyms.read(
            self._connection.call("PATCH", "/synonyms", body=changes(text=text), if_revision=if_revision)
        )
