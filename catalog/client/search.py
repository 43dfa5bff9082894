"""Search: ``client.search("ann face", kind=["digital_double"])``, and everything that a question finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from catalog.client.files import read_bytes
from catalog.client.nouns.search import SearchOperations
from catalog.client.wire import given

if TYPE_CHECKING:
    from catalog.client.answers.shapes import Card
    from catalog.client.words import Form

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

    def export(
        self,
        q: str | None = None,
        *,
        form: Form | None = None,
        bom: bool | None = None,
        **narrowed: Any,  # noqa: ANN401 — the arguments of ``assets``
    ) -> Iterator[bytes]:
        """Yield everything that a search finds as a file: CSV, or JSON by ``form="json"``.

        ``bom``: make CSV for spreadsheets, marked as UTF-8 and with formulas as text. ``narrowed`` is what ``assets``
        takes, without ``facets``, ``limit`` and ``cursor``.
        """
        return read_bytes(self._connection, "/search/export", given(q=q, form=form, bom=bom, **narrowed))
