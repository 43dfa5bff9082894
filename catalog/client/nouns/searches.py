"""Operations on searches, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from catalog.client.answers.searches import SavedSearch, ShownTo
from catalog.client.answers.shapes import Card
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import UNCHANGED, Unchanged, changes, given, segment
from catalog.client.words import WhoseSearches


class SearchesOperations:
    """Operations on searches."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        *,
        title: str,
        query: str,
        shared: bool | None = None,
    ) -> SavedSearch:
        """Keep a search, to be told what is new in it.

        ``title``: what people call it. ``query``: the query of the search's address, such as
        ``q=lamp&kind=prop&-tag=metal&sort=newest``. ``shared``: show it to the whole studio; what is new is told to
        you alone.
        """
        return SavedSearch.read(
            self._connection.call(
                "POST", "/searches", body=given(title=title, query=query, shared=shared), creates=True
            )
        )

    def list(self, *, whose: WhoseSearches | None = None) -> Listing[SavedSearch]:
        """List saved searches, those that changed last first.

        ``whose``: only your own, those shown to you by name, or to the whole studio.
        """
        return Listing(self._connection, "/searches", SavedSearch.read, given(whose=whose))

    def get(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> SavedSearch:
        """Get a saved search."""
        return SavedSearch.read(self._connection.call("GET", f"/searches/{segment(id)}"))

    def change(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        title: str | Unchanged = UNCHANGED,
        query: str | Unchanged = UNCHANGED,
        shared: bool | Unchanged = UNCHANGED,
        shares: Sequence[ShownTo | Mapping[str, Any]] | Unchanged = UNCHANGED,
        if_revision: int | None = None,
    ) -> SavedSearch:
        """Change a saved search's title or query, or who sees it.

        ``title``: what people call it. ``query``: the query of the search's address, such as
        ``q=lamp&kind=prop&-tag=metal&sort=newest``. ``shared``: show it to the whole studio. ``shares``: who sees
        it by name, such as ``user:ann``; they replace all that there are. ``if_revision``: the ``revision`` that
        you read; ``Stale`` is raised where it was changed since.
        """
        return SavedSearch.read(
            self._connection.call(
                "PATCH",
                f"/searches/{segment(id)}",
                body=changes(title=title, query=query, shared=shared, shares=shares),
                if_revision=if_revision,
            )
        )

    def remove(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> None:
        """Keep a search no longer."""
        self._connection.call("DELETE", f"/searches/{segment(id)}")

    def assets(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> Listing[Card]:
        """List what a saved search finds."""
        return Listing(self._connection, f"/searches/{segment(id)}/assets", Card.read)

    def news(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> Listing[Card]:
        """List what your saved search finds since you last looked."""
        return Listing(self._connection, f"/searches/{segment(id)}/news", Card.read)

    def look(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        if_revision: int | None = None,
    ) -> SavedSearch:
        """Count nothing of what your saved search finds as new any more.

        ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return SavedSearch.read(self._connection.call("POST", f"/searches/{segment(id)}/look", if_revision=if_revision))
