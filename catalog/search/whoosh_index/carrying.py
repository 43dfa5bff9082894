"""Facets of custom fields, which have no column: their exact terms are words of the description.

Words are sorted, so the terms of a field are one stretch of a segment, and counting them is one pass over the postings
of that field. A segment in which nobody has the field has no such words and costs two lookups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest

import numpy as np
from numpy.typing import NDArray

from catalog.search.answers import facet_counts
from catalog.search.facets import CUSTOM
from catalog.search.port import FacetCount, SearchQuery, Selection
from catalog.search.recorded import exact, terms_of
from catalog.search.vocabulary import Tier
from catalog.search.whoosh_index.arrays import Texts
from catalog.search.whoosh_index.contents import Mask
from catalog.search.whoosh_index.postings import Postings
from catalog.search.whoosh_index.schema import encoded
from catalog.search.whoosh_index.snapshot import Segment

TERMS_MAX = 1_000
"""Where a segment has more terms that the viewer may know of, so many of the field are told of, most hits first."""

_HIT = 1 << 32
"""A hit weighs more than all that is visible, so that one number tells of both, and sums of it do."""


@dataclass(frozen=True, kw_only=True)
class _Counted:
    """The terms of a field in one segment: words from ``first`` on, and what each weighs."""

    words: Texts
    first: int
    weights: NDArray[np.int64]

    def most(self) -> dict[bytes, int]:
        """Return what terms weigh: all of them, or the weightiest where there are very many."""
        found = np.flatnonzero(self.weights)
        if len(found) > TERMS_MAX:
            found = found[np.argpartition(-self.weights[found], TERMS_MAX)[:TERMS_MAX]]
        return {self.words[self.first + number]: int(self.weights[number]) for number in found.tolist()}

    def weight(self, word: bytes) -> int:
        """Return what a term weighs."""
        at = self.words.place(word)
        there = self.first <= at < self.first + len(self.weights) and self.words[at] == word
        return int(self.weights[at - self.first]) if there else 0


class Terms:
    """How many documents have each exact term of a custom field: of the hits, and of all that is visible."""

    def __init__(self, name: str, audiences: frozenset[str] | None) -> None:
        self._name = name
        self._audiences = audiences
        self._hits: dict[str, NDArray[np.int64]] = {}

    def count(self, segment: Segment, rows: NDArray[np.int64]) -> None:
        """Count what fits in a segment."""
        fitting = np.zeros(segment.contents.count, np.bool_)
        fitting[rows] = True
        self._hits[segment.key] = _counted(segment, *self._stretch(segment), fitting)

    def ordered(self, segments: Iterable[Segment], query: SearchQuery) -> tuple[FacetCount, ...]:
        """Return the counts, most frequent terms first, and after them terms without a hit.

        What is told is counted in every segment. Of a field with very many terms it is the most frequent of each
        segment and of all of them, and what was chosen.
        """
        parts = [self._part(segment) for segment in segments]
        told: Counter[bytes] = Counter()
        for part in parts:
            told.update(part.most())
        if any(np.count_nonzero(part.weights) > TERMS_MAX for part in parts):
            chosen = query.selections.get(CUSTOM + self._name, Selection()).values
            asked = [encoded(exact(self._name, value)) for value in chosen]
            likely = {*nlargest(TERMS_MAX, told, key=told.__getitem__), *asked}
            told = Counter({word: sum(part.weight(word) for part in parts) for word in likely})
        begins = len(encoded(terms_of(self._name).first))
        weights = {word[begins:].decode("utf-8", "surrogatepass"): weight for word, weight in told.items() if weight}
        hits = {term: weight // _HIT for term, weight in weights.items() if weight >= _HIT}
        visible = {term: weight % _HIT for term, weight in weights.items()}
        return facet_counts(hits, visible, query, CUSTOM + self._name)

    def _part(self, segment: Segment) -> _Counted:
        """Return the terms of a segment; one that was not looked at has no hits."""
        first, end = self._stretch(segment)
        visible, facet = segment.visible(self._audiences), CUSTOM + self._name
        if facet not in visible.totals:
            visible.totals[facet] = _counted(segment, first, end, visible.mask)
        weights = visible.totals[facet]
        if segment.key in self._hits:
            weights = weights + _HIT * self._hits[segment.key]
        return _Counted(words=_postings(segment).words, first=first, weights=weights)

    def _stretch(self, segment: Segment) -> tuple[int, int]:
        within, words = terms_of(self._name), _postings(segment).words
        return words.place(encoded(within.first)), words.place(encoded(within.last))


def carrying(segment: Segment, name: str, values: Iterable[str]) -> Mask:
    """Return which documents of a segment have any of these terms of a custom field."""
    found = np.zeros(segment.contents.count, np.bool_)
    for value in values:
        found[_postings(segment).find(encoded(exact(name, value))).rows] = True
    return found


def _postings(segment: Segment) -> Postings:
    return segment.contents.postings[Tier.DESCRIPTION]


def _counted(segment: Segment, first: int, end: int, mask: Mask) -> NDArray[np.int64]:
    """Return how many documents of a mask have each word from ``first`` to before ``end``."""
    if first == end:
        return np.empty(0, np.int64)
    postings = _postings(segment)
    starts = postings.starts[first : end + 1].astype(np.int64)
    having = postings.rows[starts[0] : starts[-1]]
    return np.add.reduceat(mask[having].astype(np.int64), starts[:-1] - starts[0])
