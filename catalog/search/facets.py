"""What hits are narrowed and counted by: one typed table, which later rooms extend.

A facet is a word of ``vocabulary.Facet`` and a row here, which says what a document is counted under. Everything else
follows from the row: what an index keeps, what may be asked, and how values are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from catalog.assets.vocabulary import AssetStatus, Kind
from catalog.search.vocabulary import Facet


@dataclass(frozen=True, kw_only=True)
class FacetRow:
    """A facet: ``values`` are those of a ``port.Document``, each once.

    ``closed`` are the only values there are, where they are known beforehand. Values are compared in lower case, but
    for those that are spelled with capitals and looked up (``codes``).
    """

    facet: Facet
    values: Callable[[Any], Iterable[str]]
    closed: type[StrEnum] | None = None
    codes: bool = False


def _year(moment: datetime | None) -> tuple[str, ...]:
    return () if moment is None else (f"{moment.astimezone(UTC).year:04}",)


TABLE = (
    FacetRow(facet=Facet.KIND, values=lambda document: (document.kind,), closed=Kind),
    FacetRow(facet=Facet.STATUS, values=lambda document: (document.status,), closed=AssetStatus),
    FacetRow(facet=Facet.SHOW, values=lambda document: dict.fromkeys(document.shows), codes=True),
    FacetRow(facet=Facet.TAG, values=lambda document: dict.fromkeys(tag.casefold() for tag in document.tags)),
    FacetRow(facet=Facet.OWNER, values=lambda document: (document.owner.casefold(),) if document.owner else ()),
    FacetRow(facet=Facet.YEAR, values=lambda document: _year(document.created_at)),
)
FACETS: dict[Facet, FacetRow] = {row.facet: row for row in TABLE}
