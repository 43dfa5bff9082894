"""Operations on previews, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from catalog.client.connection import Connection


class PreviewsOperations:
    """Operations on previews."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
