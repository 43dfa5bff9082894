"""One state of the index: its segments, who of them is still alive, and the ledger's seq. Never changes once made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from whoosh.index import FileIndex
from whoosh.reading import IndexReader, TermNotFound

from catalog.search.relevance import halves
from catalog.search.vocabulary import Facet, Tier
from catalog.search.whoosh_index.schema import ASSET_AUDIENCE, NAMED, SEQ, SHOW_AUDIENCE
from catalog.search.whoosh_index.segment import (
    Mask,
    Rows,
    RowsCache,
    SegmentColumns,
    Vocabularies,
    damage_named,
    read_columns,
)
from catalog.search.whoosh_index.storage import SEGMENT

Key = TypeVar("Key")
Value = TypeVar("Value")

MARKER_ID = UUID(int=0)
AUDIENCES_MAX = 32
"""For so many different viewers' audiences a segment remembers what they see."""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A segment as this snapshot sees it. ``start`` is its first document's number in the whole index.

    Whoosh's readers move a file position, so one thread at a time reads postings; arrays are shared freely.
    """

    key: str
    start: int
    columns: SegmentColumns
    live: Mask
    reader: IndexReader
    cache: RowsCache
    vocabularies: Vocabularies
    lock: RLock = field(default_factory=RLock)
    _seen: dict[frozenset[str], Mask] = field(default_factory=dict)
    _tagged: dict[frozenset[str] | None, NDArray[np.int64]] = field(default_factory=dict)

    def visible(self, audiences: frozenset[str] | None) -> Mask:
        """Return which documents a viewer with these audience terms may know of."""
        if audiences is None:
            return self.live
        found = self._seen.get(audiences)
        if found is None:
            found = self.live.copy()
            for group in (ASSET_AUDIENCE, SHOW_AUDIENCE):
                allowed = chosen(self.vocabularies, group, audiences)
                found &= self.columns.groups[group].having(allowed, self.columns.count)
            _remember(self._seen, audiences, found)
        return found

    def tag_counts(self, audiences: frozenset[str] | None) -> NDArray[np.int64]:
        """Return how many visible documents carry each tag, by its number."""
        found = self._tagged.get(audiences)
        if found is None:
            found = self.columns.groups[Facet.TAG].count(self.visible(audiences), 0)
            _remember(self._tagged, audiences, found)
        return found

    def rows(self, tier: Tier, word: str) -> Rows:
        """Return the documents that have a word in a tier, ascending."""
        return self.cache.rows((self.key, tier, word), lambda: self._read(tier, [word]))

    def rows_begun(self, tier: Tier, beginning: str) -> Rows:
        """Return the documents that have a word with this beginning in a tier, ascending."""
        return self.cache.rows((self.key, tier, beginning, "*"), lambda: self._read(tier, self.words(tier, beginning)))

    def words(self, tier: Tier, beginning: str) -> list[str]:
        """Return the words of a tier that begin so."""
        with self.lock, damage_named():
            return [word.decode() for word in self.reader.expand_prefix(tier, beginning)]

    def places(self, tier: Tier, word: str, rows: Rows) -> Iterator[tuple[int, list[int]]]:
        """Yield where a word stands in each of these documents that has it; ``rows`` ascend."""
        with self.lock, damage_named():
            matcher = self.reader.postings(tier, word.encode())
            for row in rows.tolist():
                if not matcher.is_active():
                    return
                matcher.skip_to(row)
                if matcher.is_active() and matcher.id() == row:
                    yield row, matcher.value_as("positions")

    def named(self, row: int) -> tuple[str, str]:
        """Return code and name of a document."""
        with self.lock, damage_named():
            code, name = self.reader.stored_fields(row)[NAMED]
        return code, name

    def values(self, group: str, row: int) -> tuple[str, ...]:
        """Return the values of one document in a group."""
        grouping = self.columns.groups[group]
        vocabulary = self.vocabularies[group].values
        return tuple(vocabulary[number] for number in grouping.numbers[grouping.rows == row])

    def find(self, asset_id: UUID) -> int | None:
        """Return the row of a live document, or None where this segment has it not."""
        high, low = halves(asset_id)
        found = np.flatnonzero((self.columns.id_low == low) & (self.columns.id_high == high) & self.live)
        return int(found[0]) if len(found) else None

    def _read(self, tier: Tier, words: Iterable[str]) -> Rows:
        found = [np.empty(0, np.int32)]
        with self.lock, damage_named():
            for word in words:
                try:
                    matcher = self.reader.postings(tier, word.encode())
                except TermNotFound:
                    continue
                found.append(np.fromiter(matcher.all_ids(), np.int32))
        return found[-1] if len(found) <= 2 else np.unique(np.concatenate(found))  # noqa: PLR2004 — nothing, or one word


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """All segments of one generation of one index folder."""

    folder: Path
    generation: int
    segments: tuple[Segment, ...]
    vocabularies: Vocabularies
    seq: int


def _remember(held: dict[Key, Value], key: Key, value: Value) -> None:
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


def take(
    index: FileIndex, folder: Path, vocabularies: Vocabularies, cache: RowsCache, known: Mapping[str, SegmentColumns]
) -> Snapshot:
    """Open the latest state of an index; segments that are not ``known`` are checked, and their columns read."""
    generation = index.latest_generation()
    segments = []
    seq = 0
    for reader, start in index.reader().leaf_readers():
        if not reader.doc_count_all():
            continue
        key = reader.segment().segment_id()
        columns = known.get(key)
        if columns is None:
            index.storage.check(reader.segment().make_filename(SEGMENT))
            columns = read_columns(reader, vocabularies)
        live = np.ones(columns.count, np.bool_)
        live[list(reader.segment().deleted_docs())] = False
        segment = Segment(
            key=key,
            start=start,
            columns=columns,
            live=live,
            reader=reader,
            cache=cache,
            vocabularies=vocabularies,
        )
        at = segment.find(MARKER_ID)
        if at is not None:
            seq = reader.stored_fields(at)[SEQ]
            live[at] = False
        segments.append(segment)
    return Snapshot(folder=folder, generation=generation, segments=tuple(segments), vocabularies=vocabularies, seq=seq)
