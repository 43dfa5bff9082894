"""One segment as a process holds it: its arrays in place, and its values numbered as in all segments."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice, takewhile
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from catalog.kernel.errors import CatalogError, Unavailable
from catalog.search.text import positions
from catalog.search.whoosh_index.arrays import Numbers, spread
from catalog.search.whoosh_index.codec import ArraySegment, read_contents
from catalog.search.whoosh_index.contents import Contents, Mask
from catalog.search.whoosh_index.folder import REMEDY
from catalog.search.whoosh_index.grouping import Grouping
from catalog.search.whoosh_index.schema import ASSET_AUDIENCE, SHOW_AUDIENCE, encoded
from catalog.search.whoosh_index.storage import SEGMENT, DurableStorage

Key = TypeVar("Key")
Value = TypeVar("Value")
Picked = NDArray[np.int64] | slice
"""Documents by row: some, ascending, or all."""

AUDIENCES_MAX = 32
"""For so many different viewers' audiences a segment remembers what they see."""

BLOCK = 4096
"""So many documents are counted at a time."""

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
        table = self.grouping.numbers if self.single else self.grouping.lanes
        if table is None:
            found = np.bincount(self.grouping.numbers[self._held(rows)[0]], minlength=len(self.numbers))
        else:
            found = _tallied(table, rows, len(self.numbers) + 1)[:-1]
        counted = np.zeros(self.size, np.int64)
        counted[self.numbers] = found
        return counted

    def having(self, wanted: Mask, rows: Picked) -> Mask:
        """Return which of these documents have any wanted value; ``wanted`` is indexed by number in all segments."""
        wanted_here = wanted[self.numbers]
        if self.single:
            found: Mask = wanted_here[_taken(self.grouping.numbers, rows)]
            return found
        if self.grouping.lanes is not None:
            in_lanes = np.append(wanted_here, np.False_)[_taken(self.grouping.lanes, rows)]
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


@dataclass(frozen=True, kw_only=True, eq=False)
class Allowed:
    """What a viewer would be allowed to know of in a segment if none of it were dead, and its counts by group."""

    mask: Mask
    totals: dict[str, NDArray[np.int64]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Known:
    """A segment that this process has opened, checked, and made acquainted with the vocabularies.

    What is remembered here outlives commits: they only mark documents as dead.
    """

    contents: Contents
    groups: dict[str, Group]
    vocabularies: Vocabularies
    _allowed: dict[frozenset[str] | None, Allowed] = field(default_factory=dict)

    def allowed(self, audiences: frozenset[str] | None) -> Allowed:
        """Return what a viewer with these audience terms may know of."""
        found = self._allowed.get(audiences)
        if found is None:
            mask = np.ones(self.contents.count, np.bool_)
            for group in (ASSET_AUDIENCE, SHOW_AUDIENCE) if audiences is not None else ():
                mask &= self.groups[group].having(chosen(self.vocabularies, group, audiences or ()), slice(None))
            found = Allowed(mask=mask)
            remember(self._allowed, audiences, found)
        return found

    def totals(self, group: str, audiences: frozenset[str] | None) -> NDArray[np.int64]:
        """Return how many documents that a viewer may know of, dead ones too, have each value, by its number."""
        allowed = self.allowed(audiences)
        found = allowed.totals.get(group)
        if found is None:
            rows = slice(None) if audiences is None else np.flatnonzero(allowed.mask)
            found = allowed.totals[group] = self.groups[group].count(rows)
        return found


def open_segment(storage: DurableStorage, segment: ArraySegment, vocabularies: Vocabularies) -> Known:
    """Check a segment and open it."""
    storage.check(segment.make_filename(SEGMENT))
    contents = read_contents(storage, segment)
    groups = {group: _group(grouping, vocabularies[group]) for group, grouping in contents.groupings.items()}
    return Known(contents=contents, groups=groups, vocabularies=vocabularies)


def remember(held: dict[Key, Value], key: Key, value: Value) -> None:
    """Keep a value, forgetting all others where there are too many."""
    if len(held) >= AUDIENCES_MAX:
        held.clear()
    held[key] = value


def chosen(vocabularies: Vocabularies, group: str, values: Iterable[str]) -> Mask:
    """Return a mask over a group's values that is true for these."""
    vocabulary = vocabularies[group]
    wanted = np.zeros(len(vocabulary), np.bool_)
    numbers = [number for value in values if (number := vocabulary.find(value)) is not None]
    wanted[[number for number in numbers if number < len(wanted)]] = True
    return wanted


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
