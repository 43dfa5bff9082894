"""The arrays of one segment. A segment never changes, so they are read once and shared by all later snapshots."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, takewhile
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader

from catalog.kernel.errors import CatalogError, Unavailable
from catalog.search.text import positions
from catalog.search.vocabulary import Sort
from catalog.search.whoosh_index.folder import REMEDY
from catalog.search.whoosh_index.schema import GROUPS, NUL, RECORD, encoded

Rows = NDArray[np.int32]
Mask = NDArray[np.bool_]
Scores = NDArray[np.int32]

CACHE_BYTES = 24 * 1024 * 1024
DAMAGED = "index-damaged"


class Vocabulary:
    """The values of one group, numbered as they appear; a number keeps its value for good, in all segments."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._numbers: dict[bytes, int] = {}
        self._words: list[tuple[str, int]] = []
        self._worded = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self.values)

    def find(self, value: str) -> int | None:
        """Return the number of a value, or None if no document ever had it."""
        return self._numbers.get(encoded(value))

    def numbers(self, packed: bytes) -> tuple[int, ...]:
        """Return the numbers of the values that a column holds for a document."""
        if not packed:
            return ()
        with self._lock:
            return tuple(self._number(value) for value in packed.split(NUL))

    def having_word(self, beginning: str) -> set[int]:
        """Return the numbers of values that have a word which begins so."""
        with self._lock:
            for number in range(self._worded, len(self.values)):
                self._words.extend((word, number) for word in positions([self.values[number]]))
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
class Grouping:
    """The values of one group: document ``rows[i]`` has the value ``numbers[i]``."""

    rows: Rows
    numbers: Rows

    def count(self, hits: Mask, size: int) -> NDArray[np.int64]:
        """Return how many of the hits have each value."""
        return np.bincount(self.numbers[hits[self.rows]], minlength=size)

    def having(self, wanted: Mask, size: int) -> Mask:
        """Return which of ``size`` documents have any wanted value; ``wanted`` is indexed by value."""
        found = np.zeros(size, np.bool_)
        found[self.rows[wanted[self.numbers]]] = True
        return found


@dataclass(frozen=True, kw_only=True)
class SegmentColumns:
    """What is known of each document of a segment, by row."""

    count: int
    id_high: NDArray[np.uint64]
    id_low: NDArray[np.uint64]
    digest: NDArray[np.uint64]
    updated_us: NDArray[np.int64]
    name_words: NDArray[np.int64]
    name: NDArray[np.uint64]
    groups: dict[str, Grouping]

    def positions(self, sort: Sort, rows: NDArray[np.intp], scores: Scores) -> list[NDArray[Any]]:
        """Return the columns of ``Standing.position`` for these rows."""
        ids = [self.id_high[rows], self.id_low[rows]]
        match sort:
            case Sort.RELEVANCE:
                return [-scores[rows].astype(np.int64), self.name_words[rows], -self.updated_us[rows], *ids]
            case Sort.NEWEST:
                return [-self.updated_us[rows], *ids]
            case Sort.NAME:
                return [*(self.name[rows, part] for part in range(self.name.shape[1])), *ids]


def read_columns(reader: IndexReader, vocabularies: Vocabularies) -> SegmentColumns:
    """Read the columns of a segment."""
    count = reader.doc_count_all()
    record = np.frombuffer(b"".join(reader.column_reader("record", translate=False)), RECORD, count)
    return SegmentColumns(
        count=count,
        id_high=record["id"][:, 0].astype(np.uint64),
        id_low=record["id"][:, 1].astype(np.uint64),
        digest=record["digest"].astype(np.uint64),
        updated_us=record["updated_us"].astype(np.int64),
        name_words=record["name_words"].astype(np.int64),
        name=record["name"].astype(np.uint64),
        groups={
            group: _grouping(reader.column_reader(group, translate=False), vocabularies[group]) for group in GROUPS
        },
    )


def _grouping(column: Iterator[bytes], vocabulary: Vocabulary) -> Grouping:
    seen: dict[bytes, tuple[int, ...]] = {}
    per_row = [seen.get(packed) or seen.setdefault(packed, vocabulary.numbers(packed)) for packed in column]
    lengths = np.fromiter(map(len, per_row), np.int64, len(per_row))
    return Grouping(
        rows=np.repeat(np.arange(len(per_row), dtype=np.int32), lengths),
        numbers=np.fromiter((number for numbers in per_row for number in numbers), np.int32, int(lengths.sum())),
    )


class RowsCache:
    """The documents of recently used words, over all segments, limited by their size."""

    def __init__(self, limit_bytes: int = CACHE_BYTES) -> None:
        self._limit = limit_bytes
        self._size = 0
        self._held: OrderedDict[tuple[str, ...], Rows] = OrderedDict()
        self._lock = Lock()

    def rows(self, key: tuple[str, ...], read: Callable[[], Rows]) -> Rows:
        """Return what is held under ``key``, reading it where it is not."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        found = read()
        with self._lock:
            if key not in self._held:
                self._held[key] = found
                self._size += found.nbytes + 200
            while self._size > self._limit and len(self._held) > 1:
                _, dropped = self._held.popitem(last=False)
                self._size -= dropped.nbytes + 200
        return found


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
