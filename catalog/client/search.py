"""Search: ``client.search("ann face", kind=["digital_double"])``, and everything that a question finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from catalog.client.nouns.search import SearchOperations

if TYPE_CHECKING:
    from catalog.client.answers.shapes import Card

PAGE = 200


class Search(SearchOperations):
    """Operations on search; calling it searches assets."""

    __call__ = SearchOperations.assets

    def hits(self, q: str | None = None, **narrowed: Any) -> Iterator[Card]:  # noqa: ANN401 — the arguments of ``assets``
        """Yield every hit, page by page; takes what ``assets`` takes, without ``facets``, ``limit`` and ``cursor``."""
        cursor = None
        while True:
            page = self.assets(q, **narrowed, limit=PAGE, cursor=cursor)
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return
