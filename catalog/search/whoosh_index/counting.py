"""Counting: how often each value stands in some documents of a segment.

Most of what documents are counted by has one value each: kind, status, show; or a few that often come together, which
are numbered as one (``Grouping.codes``). A pack numbers the combinations of such values, so that one pass over the
documents counts them all, and sums of the few thousand combinations give the counts of each. Few documents are counted
by all at once, from one line each (``Faceted``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from catalog.search.whoosh_index.arrays import Numbers, spread
from catalog.search.whoosh_index.grouping import Grouping

Mask = NDArray[np.bool_]
Picked = NDArray[np.int64] | slice
"""Documents by row: some, ascending, or all."""

Counts = NDArray[np.int64]
"""How many documents have each value, by its number in all segments, and at the end what counts for nothing."""

BLOCK = 4096
"""So many documents are counted at a time."""

COMBINATIONS_MAX = 1 << 15
PACKED_MIN = 1 << 14
"""Smaller segments have no packs: they are counted as quickly without."""


class Tally:
    """Counts of all facets.

    ``of`` has those of each by its numbers in all segments, and at the end what counts for nothing; ``every`` has them
    one after the other: those of a facet begin at its ``starts``.
    """

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self.starts = starts_of(sizes)
        self.every = np.zeros(sum(sizes.values()) + len(sizes), np.int64)
        self.of: dict[str, Counts] = {
            name: self.every[start : start + sizes[name] + 1] for name, start in self.starts.items()
        }


def starts_of(sizes: Mapping[str, int]) -> dict[str, int]:
    """Return where the counts of each facet begin in a tally."""
    ends = accumulate((size + 1 for size in sizes.values()), initial=0)
    return dict(zip(sizes, ends, strict=False))


@dataclass(frozen=True, kw_only=True)
class Group:
    """What the documents of a segment are grouped by. ``numbers[n]`` is the number of value ``n`` in all segments.

    All of them are smaller than ``size``: what later segments bring has no documents here.
    """

    grouping: Grouping
    single: bool
    numbers: NDArray[np.int64]
    size: int

    @property
    def codes(self) -> Numbers | None:
        """One number below ``lines`` per document, where there is such: its value, or its line of values."""
        return self.grouping.numbers if self.single else self.grouping.codes

    @property
    def lines(self) -> int:
        """How many different ``codes`` there may be."""
        lanes = self.grouping.lanes
        return len(self.numbers) + 1 if lanes is None or self.grouping.codes is None else len(lanes)

    def count(self, rows: Picked) -> Counts:
        """Return how many of these documents have each value, by its number in all segments, up to ``size``."""
        counted = np.zeros(self.size + 1, np.int64)
        self.tally(rows, counted)
        return counted[:-1]

    def tally(self, rows: Picked, counted: Counts, sign: int = 1) -> None:
        """Add how many of these documents have each value."""
        codes, lanes = self.codes, self.grouping.lanes
        if codes is not None:
            self.add(_tallied(codes, rows, self.lines), counted, sign)
        elif lanes is not None:
            counted[self._placed] += sign * _tallied(lanes, rows, len(self._placed))
        else:
            held = self.grouping.numbers[self._held(rows)[0]]
            counted[self.numbers] += sign * np.bincount(held, minlength=len(self.numbers))

    def add(self, found: NDArray[np.int64], counted: Counts, sign: int = 1) -> None:
        """Add how many documents have each of the ``codes``."""
        if self.grouping.codes is None:
            counted[self._placed] += sign * found
        elif self.grouping.lanes is not None:
            np.add.at(counted, self._placed.take(self.grouping.lanes), sign * found.reshape(-1, 1))

    @cached_property
    def _placed(self) -> NDArray[np.int64]:
        """Where each value, and what stands for none, is counted."""
        return np.append(self.numbers, -1)

    def having(self, wanted: Mask, rows: Picked) -> Mask:
        """Return which of these documents have any wanted value; ``wanted`` is indexed by number in all segments."""
        wanted_here = np.append(wanted[self.numbers], np.False_)
        lanes, codes = self.grouping.lanes, self.codes
        if self.grouping.codes is not None and lanes is not None:
            wanted_here = np.logical_or.reduce(wanted_here[lanes], axis=1)
        if codes is not None:
            found: Mask = wanted_here.take(_taken(codes, rows))
            return found
        if lanes is not None:
            any_lane: Mask = np.logical_or.reduce(wanted_here[_taken(lanes, rows)], axis=1)
            return any_lane
        held, lengths = self._held(rows)
        fitting = np.repeat(np.arange(len(lengths)), lengths)[wanted_here[self.grouping.numbers[held]]]
        having = np.zeros(len(lengths), np.bool_)
        having[fitting] = True
        return having

    def of(self, row: int) -> list[str]:
        """Return the values of one document."""
        starts, values = self.grouping.starts, self.grouping.values
        numbers = self.grouping.numbers[int(starts[row]) : int(starts[row + 1])]
        return [values[number].decode("utf-8", "surrogatepass") for number in numbers.tolist()]

    def _held(self, rows: Picked) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where the values of these documents stand, one document after the other, and how many each has."""
        starts, ends = self.grouping.starts[:-1][rows], self.grouping.starts[1:][rows]
        lengths = ends.astype(np.int64) - starts
        return spread(starts, lengths), lengths


@dataclass(frozen=True, kw_only=True)
class Pack:
    """Some groups that give each document one code: ``codes`` numbers the combination of each document."""

    groups: Mapping[str, Group]
    codes: Numbers

    @property
    def combinations(self) -> int:
        """How many combinations could be."""
        return _combinations(self.groups.values())

    def tally(self, rows: NDArray[np.int64], counted: Mapping[str, Counts], sign: int) -> None:
        """Add how many of these documents have each value of the groups that are to be counted."""
        cells = _tallied(self.codes, rows, self.combinations)
        for name, group in reversed(list(self.groups.items())):
            table = cells.reshape(-1, group.lines)
            if name in counted:
                group.add(table.sum(axis=0), counted[name], sign)
            cells = table.sum(axis=1)


def packs(groups: Mapping[str, Group], count: int) -> list[Pack]:
    """Return the packs of a segment with so many documents: of those with few values first."""
    return [_packed(each) for each in _packable(groups) if len(each) > 1] if count >= PACKED_MIN else []


def tally(
    groups: Mapping[str, Group],
    packed: Sequence[Pack],
    rows: NDArray[np.int64],
    counted: Mapping[str, Counts],
    sign: int = 1,
) -> None:
    """Add how many of these documents have each value of the groups that are to be counted."""
    left = dict(counted)
    for pack in packed:
        together = {name: left[name] for name in pack.groups if name in left}
        if (len(together) - 1) * len(rows) > pack.combinations:
            pack.tally(rows, together, sign)
            left = {name: counts for name, counts in left.items() if name not in together}
    for name, counts in left.items():
        groups[name].tally(rows, counts, sign)


def _packable(groups: Mapping[str, Group]) -> Iterator[dict[str, Group]]:
    together: dict[str, Group] = {}
    for name, group in sorted(groups.items(), key=lambda pair: pair[1].lines):
        if group.codes is None:
            continue
        if _combinations([*together.values(), group]) > COMBINATIONS_MAX:
            yield together
            together = {}
        together[name] = group
    yield together


def _packed(groups: Mapping[str, Group]) -> Pack:
    codes: NDArray[np.int64] | int = 0
    for group in groups.values():
        codes = codes * group.lines + (0 if group.codes is None else group.codes.astype(np.int64))
    kind = np.min_scalar_type(_combinations(groups.values()))
    return Pack(groups=groups, codes=np.asarray(codes).astype(kind))


def _combinations(groups: Collection[Group]) -> int:
    found = 1
    for group in groups:
        found *= group.lines
    return found


def _tallied(table: Numbers, rows: Picked, size: int) -> NDArray[np.int64]:
    """Return how often each number below ``size`` stands in these lines of a table.

    Block by block, so that what is in hand stays in the processor's cache: twice as fast as all at once.
    """
    found = np.zeros(size, np.int64)
    block = max(BLOCK, size)
    for start in range(0, len(table) if isinstance(rows, slice) else len(rows), block):
        here = slice(start, start + block)
        found += np.bincount(_taken(table, here if isinstance(rows, slice) else rows[here]).ravel(), minlength=size)
    return found


def _taken(table: Numbers, rows: Picked) -> Numbers:
    """Return these lines of a table; ``take`` copies lines thrice as fast as an index in brackets."""
    return table[rows] if isinstance(rows, slice) else table.take(rows, axis=0)
