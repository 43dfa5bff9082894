"""One segment as a process holds it: its arrays in place, and its values numbered as in all segments."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, takewhile
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from catalog.kernel.errors import CatalogError, Unavailable
from catalog.search.text import positions
from catalog.search.whoosh_index.arrays import spread
from catalog.search.whoosh_index.codec import ArraySegment, read_contents
from catalog.search.whoosh_index.contents import Contents, Mask
from catalog.search.whoosh_index.folder import REMEDY
from catalog.search.whoosh_index.grouping import Grouping
from catalog.search.whoosh_index.schema import encoded
from catalog.search.whoosh_index.storage import SEGMENT, DurableStorage

Picked = NDArray[np.int64] | slice
"""Documents by row: some, ascending, or all."""

DAMAGED = "index-damaged"


class Vocabulary:
    """The values of one group, numbered as they appear; a number keeps its value for good, in all segments."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._numbers: dict[bytes, int] = {}
        self._words: list[tuple[str, int]] = []
        self._worded = 0
        self._ranks = np.empty(0, np.int64)
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self.values)

    def find(self, value: str) -> int | None:
        """Return the number of a value, or None if no document ever had it."""
        return self._numbers.get(encoded(value))

    def numbers(self, values: Iterable[bytes]) -> NDArray[np.int64]:
        """Return the numbers of values, giving numbers to those that are new."""
        with self._lock:
            return np.array([self._number(value) for value in values], np.int64)

    def by_count(self, counted: NDArray[np.int64]) -> list[tuple[str, int]]:
        """Return the values that were counted, by number, and how often: most frequent first, then by value."""
        ranks = self._ranks
        if len(ranks) < len(counted):
            ranks = np.empty(len(self.values), np.int64)
            ranks[sorted(range(len(ranks)), key=self.values.__getitem__)] = np.arange(len(ranks))
            self._ranks = ranks
        found = np.flatnonzero(counted)
        found = found[np.lexsort((ranks[found], -counted[found]))]
        values = map(self.values.__getitem__, found.tolist())
        return list(zip(values, counted[found].tolist(), strict=True))

    def having_word(self, beginning: str) -> set[int]:
        """Return the numbers of values that have a word which begins so."""
        with self._lock:
            for number in range(self._worded, len(self.values)):
                self._words.extend((word, number) for word in positions([self.values[number]], spoken=True))
            if self._worded < len(self.values):
                self._worded = len(self.values)
                self._words.sort()
            first = bisect_left(self._words, (beginning, -1))
            begun = takewhile(lambda pair: pair[0].startswith(beginning), islice(self._words, first, None))
            return {number for _, number in begun}

    def _number(self, value: bytes) -> int:
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value.decode("utf-8", "surrogatepass"))
        return number


Vocabularies = dict[str, Vocabulary]


@dataclass(frozen=True, kw_only=True)
class Group:
    """What the documents of a segment are grouped by. ``numbers[n]`` is the number of value ``n`` in all segments.

    All of them are smaller than ``size``: what later segments bring has no documents here.
    """

    grouping: Grouping
    single: bool
    numbers: NDArray[np.int64]
    size: int

    def count(self, rows: Picked) -> NDArray[np.int64]:
        """Return how many of these documents have each value, by its number in all segments, up to ``size``."""
        if self.single:
            held = self.grouping.numbers[rows]
        elif self.grouping.lanes is not None:
            held = self.grouping.lanes[rows].ravel()
        else:
            held = self.grouping.numbers[self._held(rows)[0]]
        counted = np.zeros(self.size, np.int64)
        counted[self.numbers] = np.bincount(held, minlength=len(self.numbers))[: len(self.numbers)]
        return counted

    def having(self, wanted: Mask, rows: Picked) -> Mask:
        """Return which of these documents have any wanted value; ``wanted`` is indexed by number in all segments."""
        wanted_here = wanted[self.numbers]
        if self.single:
            found: Mask = wanted_here[self.grouping.numbers[rows]]
            return found
        if self.grouping.lanes is not None:
            in_lanes = np.append(wanted_here, np.False_)[self.grouping.lanes[rows]]
            any_lane: Mask = np.logical_or.reduce(in_lanes, axis=1)
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
class Known:
    """A segment that this process has opened, checked, and made acquainted with the vocabularies."""

    contents: Contents
    groups: dict[str, Group]


def open_segment(storage: DurableStorage, segment: ArraySegment, vocabularies: Vocabularies) -> Known:
    """Check a segment and open it."""
    storage.check(segment.make_filename(SEGMENT))
    contents = read_contents(storage, segment)
    groups = {group: _group(grouping, vocabularies[group]) for group, grouping in contents.groupings.items()}
    return Known(contents=contents, groups=groups)


def _group(grouping: Grouping, vocabulary: Vocabulary) -> Group:
    numbers = vocabulary.numbers(grouping.values)
    return Group(grouping=grouping, single=grouping.single, numbers=numbers, size=int(numbers.max(initial=-1)) + 1)


@contextmanager
def damage_named() -> Iterator[None]:
    """Turn whatever Whoosh raises over its files into ``Unavailable`` with the remedy."""
    try:
        yield
    except CatalogError:
        raise
    except Exception as error:  # Whoosh raises what pickle, struct, zlib and its own asserts happen to raise
        said = f"{type(error).__name__}: {error}"
        if isinstance(error, MemoryError | OSError) and not isinstance(error, FileNotFoundError):
            raise Unavailable(f"the search index cannot be read now: {said}", code="index-unreadable") from error
        raise Unavailable(f"the search index is damaged ({said}); {REMEDY}", code=DAMAGED) from error
