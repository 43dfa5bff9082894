"""One segment as a process holds it: its arrays in place, and its values numbered as in all segments."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, takewhile
from threading import Lock
from typing import TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from catalog.kernel.errors import CatalogError, Unavailable
from catalog.search.relevance import halves
from catalog.search.text import positions
from catalog.search.vocabulary import Facet
from catalog.search.whoosh_index.arrays import spread
from catalog.search.whoosh_index.codec import ArraySegment, read_contents
from catalog.search.whoosh_index.contents import Contents, Mask
from catalog.search.whoosh_index.counting import Counts, Group, Pack, packs, tally
from catalog.search.whoosh_index.folder import REMEDY
from catalog.search.whoosh_index.grouping import Grouping
from catalog.search.whoosh_index.schema import ASSET_AUDIENCE, SHOW_AUDIENCE, encoded
from catalog.search.whoosh_index.storage import SEGMENT, DurableStorage
from catalog.search.whoosh_index.words import Words

Key = TypeVar("Key")
Value = TypeVar("Value")
AUDIENCES_MAX = 32
"""For so many different viewers' audiences a segment remembers what they see."""

DAMAGED = "index-damaged"


class Vocabulary:
    """The values of one group, numbered as they appear; a number keeps its value for good, in all segments."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._numbers: dict[bytes, int] = {}
        self._words: list[tuple[str, int]] = []
        self._worded = 0
        self._order = np.empty(0, np.int64)
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

    def ordered(self, counted: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of values that were counted: most frequent first, then by value."""
        order = self._order  # read once: another thread that knows of more values may put a longer one there
        if len(order) < len(counted):
            order = self._order = np.array(sorted(range(len(self.values)), key=self.values.__getitem__), np.int64)
        by_value = order if len(order) == len(counted) else order[order < len(counted)]
        counts = counted.take(by_value)
        found = counts.nonzero()[0]
        numbers: NDArray[np.int64] = by_value.take(found.take((-counts.take(found)).argsort(kind="stable")))
        return numbers

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
    packs: list[Pack]
    vocabularies: Vocabularies
    words: Words
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

    @cached_property
    def _by_id(self) -> NDArray[np.uint32]:
        return np.argsort(self.contents.columns.id_low, kind="stable").astype(np.uint32)

    def rows_of(self, asset_ids: Iterable[UUID]) -> NDArray[np.int64]:
        """Return the rows of those of these documents that the segment has, dead or alive."""
        columns = self.contents.columns
        pairs = np.array([halves(each) for each in asset_ids], np.uint64).reshape(-1, 2)
        first = np.searchsorted(columns.id_low, pairs[:, 1], sorter=self._by_id)
        end = np.searchsorted(columns.id_low, pairs[:, 1], side="right", sorter=self._by_id)
        rows = self._by_id[spread(first, end - first)].astype(np.int64)
        found: NDArray[np.int64] = rows[columns.id_high[rows] == np.repeat(pairs[:, 0], end - first)]
        return found

    def tally(self, rows: NDArray[np.int64], counted: Mapping[str, Counts], sign: int = 1) -> None:
        """Add how many of these documents have each value of the groups that are to be counted."""
        tally(self.groups, self.packs, rows, counted, sign)


def open_segment(storage: DurableStorage, segment: ArraySegment, vocabularies: Vocabularies) -> Known:
    """Check a segment and open it."""
    storage.check(segment.make_filename(SEGMENT))
    contents = read_contents(storage, segment)
    groups = {group: _group(grouping, vocabularies[group]) for group, grouping in contents.groupings.items()}
    facets = {str(facet): groups[facet] for facet in Facet}
    return Known(
        contents=contents,
        groups=groups,
        packs=packs(facets, contents.count),
        vocabularies=vocabularies,
        words=Words(contents.postings, contents.count),
    )


def remember(held: dict[Key, Value], key: Key, value: Value, most: int = AUDIENCES_MAX) -> None:
    """Keep a value, forgetting all others where there are too many."""
    if len(held) >= most:
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
