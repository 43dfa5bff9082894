"""The first hits in order, over all segments, without sorting the others.

Each segment knows the rank of each of its documents in each order. So a segment's first hits are found by one number
per hit, and only the few that each segment proposes are compared by all that decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from catalog.search.relevance import whole_id
from catalog.search.vocabulary import Sort
from catalog.search.whoosh_index.contents import Columns
from catalog.search.whoosh_index.evaluation import Fit, first_of
from catalog.search.whoosh_index.snapshot import Segment

WALKED_SHARE = 8
"""Where one document in so many is a hit, walking along the order finds the first hits sooner than ranking all."""

FLOOR_FROM = 1 << 14
"""Of so many hits, those that are worth least are left out before the others are ranked."""


class Found(NamedTuple):
    """A hit and where it is; its ``position`` ends with its id."""

    segment: Segment
    row: int
    score: int
    position: tuple[int, ...]

    @property
    def id(self) -> UUID:
        """The id of the asset."""
        return whole_id(*self.position[-2:])


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The first hits of one segment, in no order. ``floor``: hits with smaller scores are not among the first."""

    segment: Segment
    rows: NDArray[np.int64]
    scores: NDArray[np.int32]
    floor: int = 0


def proposed(
    segment: Segment, fit: Fit, sort: Sort, limit: int, *, after: tuple[int, ...] | None = None, floor: int = 0
) -> Proposal:
    """Return a segment's first hits after a position; ``floor`` is that of another segment's proposal."""
    if sort is Sort.RELEVANCE and after is None:
        fit = _above(fit, floor)
        if found := _floor(fit.scores, limit):
            floor = found
            fit = _above(fit, floor)
    rows, scores = _proposed(segment.contents.columns, fit, sort, limit, after)
    return Proposal(segment=segment, rows=rows, scores=scores, floor=floor)


def _above(fit: Fit, floor: int) -> Fit:
    if not floor:
        return fit
    at = (fit.scores >= floor).nonzero()[0]
    if len(at) == len(fit.rows):
        return fit
    return Fit(rows=fit.rows.take(at), scores=fit.scores.take(at))


def first(proposals: Sequence[Proposal], sort: Sort, limit: int) -> list[Found]:
    """Return the first hits of all segments."""
    proposals = [each for each in proposals if len(each.rows)]
    if not proposals:
        return []
    keys = [_positions(each.segment.contents.columns, sort, each.rows, each.scores) for each in proposals]
    columns = [np.concatenate(column) for column in zip(*keys, strict=True)]
    owners = np.repeat(np.arange(len(proposals)), [len(each.rows) for each in proposals])
    rows = np.concatenate([each.rows for each in proposals])
    scores = np.concatenate([each.scores for each in proposals])
    order = np.lexsort(columns[::-1])[:limit]
    positions = zip(*(column.take(order).tolist() for column in columns), strict=True)
    found = zip(owners.take(order).tolist(), rows.take(order).tolist(), scores.take(order).tolist(), strict=True)
    return [
        Found(proposals[owner].segment, row, score, position)
        for (owner, row, score), position in zip(found, positions, strict=True)
    ]


def _floor(scores: NDArray[np.int32], limit: int) -> int:
    """Return a score that so many hits have at least; 0 where there are few hits anyway."""
    if len(scores) < max(FLOOR_FROM, limit):
        return 0
    least = int(scores.min())
    if least == scores.max():
        return 0
    above = scores - least
    reached = np.cumsum(np.bincount(np.minimum(above, FLOOR_FROM - 1))[::-1])
    return least + len(reached) - 1 - int(np.searchsorted(reached, max(limit, 1)))


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
    return np.searchsorted(fit.rows, first_of(hit, columns.orders[sort], limit))
