"""Where words stand in sequence: the documents that have each of them so far from the start as is said with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from catalog.search.terms import Term
from catalog.search.whoosh_index.contents import Mask
from catalog.search.whoosh_index.postings import Postings, Rows, Stretch
from catalog.search.whoosh_index.schema import encoded

AnyRows = Rows | NDArray[np.int64]


def stretches(term: Term, postings: Postings) -> list[tuple[Stretch, int]]:
    """Return where each word of a term stands; nothing where one before the last stands nowhere."""
    known: dict[str, Stretch] = {}
    found = []
    for number, word in enumerate(term.words, 1):
        stretch = known.get(word.text)
        if stretch is None:
            stretch = known[word.text] = postings.find(encoded(word.text))
            if not len(stretch.rows) and number < len(term.words):
                return []
        found.append((stretch, word.at))
    return found


def standing(sequence: Sequence[tuple[Stretch, int]], candidates: Mask) -> AnyRows:
    """Return the documents where words stand in sequence, each so far from the start as is said with it."""
    if len(sequence) == 1:
        return sequence[0][0].rows
    rarest_first = sorted(sequence, key=lambda pair: len(pair[0].rows))
    having = candidates
    for stretch in {id(stretch): stretch for stretch, _ in rarest_first}.values():
        among = stretch.rows.take(having.take(stretch.rows).nonzero()[0])
        if not len(among):
            return np.empty(0, np.int64)
        having = mask_of(among, len(candidates))
    starts: NDArray[np.int64] | None = None
    for stretch, at in rarest_first:
        found = stretch.standing_in(having) - at
        starts = found if starts is None else starts[_among(starts, np.sort(found))]
        if not len(starts):
            break
    return np.empty(0, np.int64) if starts is None else mask_of(starts >> 32, len(candidates)).nonzero()[0]


def _among(values: NDArray[np.int64], known: NDArray[np.int64]) -> Mask:
    """Return which values are among the known ones, which ascend."""
    if not len(known):
        return np.zeros(len(values), np.bool_)
    at = np.searchsorted(known, values)
    at[at == len(known)] = 0
    found: Mask = known[at] == values
    return found


def mask_of(rows: AnyRows, count: int) -> Mask:
    """Return which of so many documents these are."""
    found = np.zeros(count, np.bool_)
    found[rows] = True
    return found
