"""Facets of custom fields, which have no column: their exact terms are words of the description.

Words are sorted, so the terms of a field are one stretch of a segment, and counting them is one pass over the postings
of that field. A segment in which nobody has the field has no such words and costs two lookups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from catalog.search.answers import facet_counts
from catalog.search.facets import CUSTOM
from catalog.search.port import FacetCount
from catalog.search.recorded import exact, terms_of
from catalog.search.vocabulary import Tier
from catalog.search.whoosh_index.contents import Mask
from catalog.search.whoosh_index.schema import encoded
from catalog.search.whoosh_index.snapshot import Segment

TERMS_MAX = 1_000
"""So many terms of a segment, the most frequent, are told of: more are no choice."""


class Terms:
    """How many documents have each exact term of a custom field: of the hits, and of all that is visible."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._hits: Counter[str] = Counter()
        self._visible: Counter[str] = Counter()

    def count(self, segment: Segment, rows: NDArray[np.int64], audiences: frozenset[str] | None) -> None:
        """Count what fits in a segment."""
        within = terms_of(self._name)
        postings = segment.contents.postings[Tier.DESCRIPTION]
        first, end = postings.words.place(encoded(within.first)), postings.words.place(encoded(within.last))
        if first == end:
            return
        starts = postings.starts[first : end + 1].astype(np.int64)
        having = postings.rows[starts[0] : starts[-1]]
        starts = starts[:-1] - starts[0]
        visible = segment.visible(audiences)
        facet = CUSTOM + self._name
        if facet not in visible.totals:
            visible.totals[facet] = np.add.reduceat(visible.mask[having].astype(np.int64), starts)
        fitting = np.zeros(segment.contents.count, np.bool_)
        fitting[rows] = True
        begins = len(encoded(within.first))
        for counted, into in (
            (np.add.reduceat(fitting[having].astype(np.int64), starts), self._hits),
            (visible.totals[facet], self._visible),
        ):
            for number in _most(counted):
                into[postings.words[first + number][begins:].decode("utf-8", "surrogatepass")] += int(counted[number])

    def ordered(self, zeros: int) -> tuple[FacetCount, ...]:
        """Return the counts, most frequent terms first, and after them terms without a hit."""
        return facet_counts(self._hits, self._visible, zeros)


def carrying(segment: Segment, name: str, values: Iterable[str]) -> Mask:
    """Return which documents of a segment have any of these terms of a custom field."""
    postings = segment.contents.postings[Tier.DESCRIPTION]
    found = np.zeros(segment.contents.count, np.bool_)
    for value in values:
        found[postings.find(encoded(exact(name, value))).rows] = True
    return found


def _most(counted: NDArray[np.int64]) -> list[int]:
    """Return the numbers of what was counted, the most frequent where there is very much."""
    found = np.flatnonzero(counted)
    if len(found) > TERMS_MAX:
        found = found[np.argpartition(-counted[found], TERMS_MAX)[:TERMS_MAX]]
    return [int(number) for number in found]
