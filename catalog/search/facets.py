"""What hits are narrowed and counted by: one typed table, which later rooms extend.

A facet is a word of ``vocabulary.Facet`` and a row here, which says what a document is counted under. Everything else
follows from the row: what an index keeps, what may be asked, and how values are compared.

The values of a measured facet are the bins of a histogram, each spelled as the range that it is. Documents are put into
them when they are indexed, so that they are counted like all other values; any other range can be asked for as well.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from catalog.assets.vocabulary import AssetStatus, Kind
from catalog.media.vocabulary import Part
from catalog.search import ranges
from catalog.search.fields import Form
from catalog.search.ranges import Range
from catalog.search.terms import Between
from catalog.search.vocabulary import Facet, Measure


@dataclass(frozen=True, kw_only=True)
class Bins:
    """The histogram of a measure: a bin begins at each edge, and the last one is open."""

    measure: Measure
    form: Form
    edges: tuple[int, ...]

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The bins, each as a range."""
        ends = (*(edge - 1 for edge in self.edges[1:]), None)
        return tuple(
            ranges.written(Range(low=low, high=high), self.form) for low, high in zip(self.edges, ends, strict=True)
        )

    def of(self, document: Any) -> tuple[str, ...]:  # noqa: ANN401 — a ``port.Document``
        """Return the bin of a document, or none where the measure is not known."""
        value = document.measure(self.measure)
        return () if value is None else (self.values[max(bisect_right(self.edges, value), 1) - 1],)

    def read(self, text: str) -> Between | None:
        """Return the range that is written here, or None where it is none."""
        found = ranges.read(text, self.form)
        return None if found is None else Between(measure=self.measure, low=found.low, high=found.high)

    def spelled(self, text: str) -> str | None:
        """Return a range as it is always spelled, or None where it is none."""
        found = ranges.read(text, self.form)
        return None if found is None else ranges.written(found, self.form)


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
    bins: Bins | None = None


_POLYS = (0, *(step * 10**power for power in range(2, 8) for step in (1, 3)), 10**8)
_TEXTURE = (0, 256, 512, 1024, 2048, 4096, 8192, 16384)
_HEIGHT = (0, *(round(meters * 10**6) for meters in (0.01, 0.03, 0.1, 0.3, 1, 1.5, 2, 3, 10, 30, 100)))


def _year(moment: datetime | None) -> tuple[str, ...]:
    return () if moment is None else (f"{moment.astimezone(UTC).year:04}",)


TABLE = (
    FacetRow(facet=Facet.KIND, values=lambda document: (document.kind,), closed=Kind),
    FacetRow(facet=Facet.STATUS, values=lambda document: (document.status,), closed=AssetStatus),
    FacetRow(facet=Facet.SHOW, values=lambda document: dict.fromkeys(document.shows), codes=True),
    FacetRow(facet=Facet.TAG, values=lambda document: dict.fromkeys(tag.casefold() for tag in document.tags)),
    FacetRow(facet=Facet.FORMAT, values=lambda document: document.formats),
    FacetRow(facet=Facet.HAS, values=lambda document: document.parts, closed=Part),
    FacetRow(facet=Facet.OWNER, values=lambda document: (document.owner.casefold(),) if document.owner else ()),
    FacetRow(facet=Facet.YEAR, values=lambda document: _year(document.created_at)),
    *(
        FacetRow(facet=facet, values=bins.of, bins=bins)
        for facet, bins in (
            (Facet.POLYS, Bins(measure=Measure.POLYS, form=Form.COUNT, edges=_POLYS)),
            (Facet.TEXTURE, Bins(measure=Measure.TEXTURE, form=Form.PIXELS, edges=_TEXTURE)),
            (Facet.HEIGHT, Bins(measure=Measure.HEIGHT, form=Form.LENGTH, edges=_HEIGHT)),
        )
    ),
)
FACETS: dict[str, FacetRow] = {row.facet: row for row in TABLE}

CUSTOM = "fields."
"""How the facet of a custom field begins: its values are words of the index, and have no row and no column."""


def field_of(facet: str) -> str | None:
    """Return the custom field that a facet counts, or None for one of every catalog."""
    return facet.removeprefix(CUSTOM) if facet.startswith(CUSTOM) else None


def bins_of(facet: str) -> Bins | None:
    """Return the histogram of a measured facet."""
    return FACETS[facet].bins if facet in FACETS else None
