"""Collections: what the server answers with bytes is read here; all else is generated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.client.files import read_bytes
from catalog.client.nouns.collections import CollectionsOperations
from catalog.client.wire import given, segment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from catalog.client.words import Form


class Collections(CollectionsOperations):
    """Ordered, annotated lists of assets."""

    def export(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        form: Form | None = None,
        bom: bool | None = None,
        link: str | None = None,
    ) -> Iterator[bytes]:
        """Yield a collection as a file: CSV, or JSON by ``form="json"``.

        ``bom``: make CSV for spreadsheets, marked as UTF-8 and with formulas as text. ``link``: secret of a link that
        opens it.
        """
        query = given(form=form, bom=bom, link=link)
        return read_bytes(self._connection, f"/collections/{segment(id)}/export", query)
