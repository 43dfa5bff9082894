"""The first hits in order, over all segments, without sorting the others.

Each segment knows the rank of each of its documents in each order. So a segment's first hits are found by one number
per hit, and only the few that each segment proposes are compared by all that decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.search.vocabulary import Sort
from catalog.search.whoosh_index.contents import Columns
from catalog.search.whoosh_index.evaluation import Fit
from catalog.search.whoosh_index.snapshot import Segment

WALKED_SHARE = 8
"""Where one document in so many is a hit, walking along the order finds the first hits sooner than ranking all."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A hit and where it is."""

    segment: Segment
    row: int
    score: int
    position: tuple[int, ...]


def first(parts: Sequence[tuple[Segment, Fit]], sort: Sort, limit: int, after: tuple[int, ...] | None) -> list[Found]:
    """Return the first hits after a position."""
    proposed = [(segment, *_proposed(segment.contents.columns, fit, sort, limit, after)) for segment, fit in parts]
    proposed = [each for each in proposed if len(each[1])]
    if not proposed:
        return []
    keys = [_positions(segment.contents.columns, sort, rows, scores) for segment, rows, scores in proposed]
    columns = [np.concatenate(column) for column in zip(*keys, strict=True)]
    owners = np.repeat(np.arange(len(proposed)), [len(rows) for _, rows, _ in proposed])
    rows = np.concatenate([rows for _, rows, _ in proposed])
    scores = np.concatenate([scores for _, _, scores in proposed])
    return [
        Found(
            segment=proposed[int(owners[at])][0],
            row=int(rows[at]),
            score=int(scores[at]),
            position=tuple(int(column[at]) for column in columns),
        )
        for at in np.lexsort(columns[::-1])[:limit]
    ]


def _positions(columns: Columns, sort: Sort, rows: NDArray[np.int64], scores: NDArray[np.int32]) -> list[NDArray[Any]]:
    """Return the columns of ``Standing.position``."""
    keys = columns.keys(sort, rows)
    return [-scores.astype(np.int64), *keys] if sort is Sort.RELEVANCE else keys


def _proposed(
    columns: Columns, fit: Fit, sort: Sort, limit: int, after: tuple[int, ...] | None
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return a segment's first hits after a position, in no order, with their scores."""
    rows, scores = fit.rows, fit.scores
    scored = sort is Sort.RELEVANCE and bool(len(scores)) and bool((scores != scores[0]).any())
    if not scored and after is None and len(rows) * WALKED_SHARE > len(columns.id_low):
        at = _walked(columns, fit, sort, limit)
        return rows[at], scores[at]
    places = columns.ranks[sort].take(rows).astype(np.int64)
    if sort is Sort.RELEVANCE:
        places -= scores.astype(np.int64) << 32
    at = np.arange(len(rows))
    if after is not None:
        at = np.flatnonzero(places >= _threshold(columns, sort, after))
        places = places[at]
    if len(places) > limit:
        at = at[np.argpartition(places, limit - 1)[:limit]] if limit > 0 else at[:0]
    return rows[at], scores[at]


def _threshold(columns: Columns, sort: Sort, after: tuple[int, ...]) -> int:
    """Return the least number that a hit after this position has in this segment."""
    key = after[1:] if sort is Sort.RELEVANCE else after
    order = columns.orders[sort]
    low, high = 0, len(order)
    while low < high:
        middle = (low + high) // 2
        there = slice(int(order[middle]), int(order[middle]) + 1)
        if tuple(int(column[0]) for column in columns.keys(sort, there)) > key:
            high = middle
        else:
            low = middle + 1
    return low + (after[0] << 32) if sort is Sort.RELEVANCE else low


def _walked(columns: Columns, fit: Fit, sort: Sort, limit: int) -> NDArray[np.int64]:
    """Return where the first hits stand among the rows, found along the order."""
    hit = np.zeros(len(columns.id_low), np.bool_)
    hit[fit.rows] = True
    order = columns.orders[sort]
    ahead = limit * WALKED_SHARE
    while True:
        found = order[:ahead][hit[order[:ahead]]]
        if len(found) >= limit or ahead >= len(order):
            return np.searchsorted(fit.rows, found[:limit])
        ahead *= 4
