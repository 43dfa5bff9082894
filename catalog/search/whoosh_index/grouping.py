"""What documents are grouped by in one segment: its values, sorted, and which of them each document has."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.search.whoosh_index.arrays import Arrays, Numbers, Texts, narrow, spread, text_arrays, texts_of

LANES_MAX = 16
"""With more values of one document than this, a table would be mostly empty."""

LINES_MAX = 4096
"""So many different lines of a table are numbered; of a sample of so many documents a quarter may differ."""


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """Document ``row`` has the values ``numbers[starts[row]:starts[row + 1]]``.

    ``lanes`` holds the same as a table, one line per document, filled up with ``len(values)``: many documents are
    counted three times as fast from it. There is none where some document has very many values. Where few lines differ,
    as of file formats, each stands there once, and ``codes`` says which one a document has: it is counted as one value.
    """

    values: Texts
    starts: Numbers
    numbers: Numbers
    lanes: Numbers | None = None
    codes: Numbers | None = None

    @property
    def single(self) -> bool:
        """Whether every document has exactly one value, so that ``numbers`` is indexed by row."""
        return len(self.numbers) == len(self.starts) - 1 and bool((np.diff(self.starts.astype(np.int64)) == 1).all())

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return what is written of it."""
        values = text_arrays(f"{name} values", self.values)
        found = {**values, f"{name} starts": narrow(self.starts), f"{name} numbers": narrow(self.numbers)}
        lanes = None if self.single else self._as_lanes
        if lanes is None:
            return found
        lines, codes = _numbered(lanes)
        return {**found, f"{name} lanes": lines, **({} if codes is None else {f"{name} codes": codes})}

    def table(self) -> Numbers | None:
        """Return the values as one line per document, where there is such a table."""
        return self.numbers.reshape(-1, 1) if self.single else self._as_lanes

    @staticmethod
    def of(arrays: Arrays, name: str) -> Grouping:
        """Return what was written under this name."""
        return Grouping(
            values=texts_of(arrays, f"{name} values"),
            starts=arrays[f"{name} starts"],
            numbers=arrays[f"{name} numbers"],
            lanes=arrays.get(f"{name} lanes"),
            codes=arrays.get(f"{name} codes"),
        )

    @cached_property
    def _as_lanes(self) -> Numbers | None:
        starts = self.starts.astype(np.int64)
        lengths = np.diff(starts)
        width = int(lengths.max(initial=0))
        if not 0 < width <= LANES_MAX:
            return None
        lanes = np.full((len(lengths), width), len(self.values), np.min_scalar_type(len(self.values)))
        rows = np.repeat(np.arange(len(lengths)), lengths)
        lanes[rows, np.arange(len(rows)) - np.repeat(starts[:-1] - starts[0], lengths)] = self.numbers
        lanes.sort(axis=1)  # so that what comes together makes one line, in whatever order it was told
        return lanes


def _numbered(lanes: Numbers) -> tuple[Numbers, Numbers | None]:
    """Return the different lines of a table, and which of them each document has; or the table, where many differ."""
    if len(np.unique(lanes[:LINES_MAX], axis=0)) > LINES_MAX // 4:
        return lanes, None
    lines, codes = np.unique(lanes, axis=0, return_inverse=True)
    return (lines, narrow(codes.ravel())) if len(lines) <= LINES_MAX else (lanes, None)


@dataclass(frozen=True, kw_only=True)
class Faceted:
    """All that a document is counted by in one line, so that few documents are counted at once, whatever by.

    The values of all facets are numbered one after the other, and after those of each facet what stands for none.
    Facets of which a document may have very many values are not there.
    """

    table: Numbers

    @staticmethod
    def made(groupings: Mapping[str, Grouping]) -> Faceted:
        """Return the lines of all documents."""
        kind = np.min_scalar_type(sum(len(grouping.values) + 1 for grouping in groupings.values()))
        lanes, start = [], 0
        for grouping in groupings.values():
            table = grouping.table()
            if table is not None:
                lanes.append(table.astype(kind) + kind.type(start))
            start += len(grouping.values) + 1
        return Faceted(table=narrow(np.concatenate(lanes, axis=1)))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what is written of it."""
        return {"faceted": self.table}

    @staticmethod
    def of(arrays: Arrays) -> Faceted:
        """Return what was written."""
        return Faceted(table=arrays["faceted"])


class Numbering(dict[str, int]):
    """Numbers texts as they are asked for."""

    def __missing__(self, text: str) -> int:
        """Give the next number to a new text."""
        found = self[text] = len(self)
        return found


class Sorting:
    """Takes the values of one document after the other and makes a grouping of them."""

    def __init__(self) -> None:
        self._numbers = Numbering()
        self._ends = array("Q", [0])
        self._held = array("I")

    def add(self, values: Iterable[str]) -> None:
        """Take the values of the next document."""
        self._held.extend(map(self._numbers.__getitem__, values))
        self._ends.append(len(self._held))

    def grouping(self) -> Grouping:
        """Return what was taken."""
        spelled = [value.encode("utf-8", "surrogatepass") for value in self._numbers]
        return _sorted(spelled, np.array(self._ends, np.int64), np.array(self._held, np.int64))


def joined_groupings(parts: Sequence[tuple[Grouping, NDArray[np.bool_]]]) -> Grouping:
    """Return the groupings of several segments as one, of the documents that each mask keeps."""
    found: dict[bytes, int] = {}
    lengths, held = [], []
    for part, stays in parts:
        renumbered = np.array([found.setdefault(value, len(found)) for value in part.values], np.int64)
        starts = part.starts.astype(np.int64)
        length = np.diff(starts)[stays]
        lengths.append(length)
        held.append(renumbered[part.numbers[spread(starts[:-1][stays], length)]])
    ends = np.cumsum(np.concatenate(lengths))
    return _sorted(list(found), np.concatenate([[0], ends]), np.concatenate(held))


def _sorted(values: list[bytes], starts: NDArray[np.int64], numbers: NDArray[np.int64]) -> Grouping:
    """Return the grouping with its values in order, without those that nobody has."""
    used = set(np.unique(numbers).tolist())
    order = sorted(used, key=values.__getitem__)
    rank = np.zeros(len(values), np.int64)
    rank[order] = np.arange(len(order))
    return Grouping(
        values=texts_of(text_arrays("", (values[at] for at in order)), ""), starts=starts, numbers=narrow(rank[numbers])
    )
