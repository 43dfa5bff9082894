"""Places in an order that need not be written anew when something comes between. Pure.

Places are whole numbers with wide gaps. What comes between two takes a place in their gap; only where a gap is used up,
after some thirty insertions at one spot, are all places of the collection spread anew.
"""

from __future__ import annotations

GAP = 2**32
"""The distance of neighbors that were never moved. 10,000 times that is far from what the column can hold."""


def places_between(lower: int | None, upper: int | None, count: int) -> list[int] | None:
    """Return so many places after ``lower`` and before ``upper`` (None: there is no such neighbor), in order.

    None where the gap is too narrow: then all have to be spread anew.
    """
    if upper is None:
        start = lower or 0
        return [start + GAP * step for step in range(1, count + 1)]
    if lower is None:
        return [upper - GAP * step for step in range(count, 0, -1)]
    if upper - lower <= count:
        return None
    return [lower + (upper - lower) * step // (count + 1) for step in range(1, count + 1)]


def spread(count: int) -> list[int]:
    """Return places for so many, as wide as can be."""
    return [GAP * step for step in range(1, count + 1)]
