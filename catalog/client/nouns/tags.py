"""Operations on tags, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalog.client.answers.edits import Edit
from catalog.client.answers.tags import Tag
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import given, several


class TagsOperations:
    """Operations on tags."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, q: str | None = None) -> Listing[Tag]:
        """List tags with how many assets have them, by text.

        ``q``: only those with this in them, in any case, width or accents.
        """
        return Listing(self._connection, "/tags", Tag.read, given(q=q))

    def merge(
        self,
        *,
        tags: Sequence[str],
        into: str,
    ) -> Edit:
        """See what merging or renaming tags would do; `edits.start` does it, `edits.undo` takes it back.

        ``tags``: tags to merge, in any case. ``into``: how they are written from now on; a word that is not there
        yet renames them.
        """
        return Edit.read(
            self._connection.call("POST", "/tags/merges", body=given(tags=several(tags), into=into), creates=True)
        )
