"""One state of the index: its segments, who of them is still alive, and the ledger's seq. Never changes once made."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from whoosh.index import TOC, FileIndex

from catalog.search.relevance import tiers_of_word
from catalog.search.vocabulary import Facet, Tier
from catalog.search.whoosh_index.codec import ArraySegment
from catalog.search.whoosh_index.contents import Contents, Mask
from catalog.search.whoosh_index.counting import Counts, Group, Tally, starts_of
from catalog.search.whoosh_index.schema import encoded
from catalog.search.whoosh_index.segment import Known, Vocabularies, open_segment, remember
from catalog.search.whoosh_index.words import Weighed

TRIES = 10
"""A reader that opens while a writer removes what it replaced finds files gone, and looks again, so often at most…"""

PAUSE_S = 0.05
"""…each time after so long."""

FREQUENCIES_MAX = 1_000
"""For so many words a segment remembers how many documents of a viewer have them."""

ORDERS_MAX = 256
"""For so many facets of different viewers a snapshot remembers the order of all values."""

FEW_SHARE = 64
"""Where one document in so many may have a word, or fit, those are looked at in place of all."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Visible:
    """What a viewer may know of in one segment."""

    mask: Mask
    count: int
    totals: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    frequencies: dict[tuple[str, bool], int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Segment:
    """A segment as this snapshot sees it."""

    stored: ArraySegment
    known: Known
    live: Mask
    sizes: Mapping[str, int]
    _seen: dict[frozenset[str] | None, Visible] = field(default_factory=dict)
    _rows: dict[frozenset[UUID], NDArray[np.int64]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The name of the segment."""
        return str(self.stored.segment_id())

    @property
    def contents(self) -> Contents:
        """The arrays."""
        return self.known.contents

    @property
    def groups(self) -> dict[str, Group]:
        """What documents are grouped by."""
        return self.known.groups

    def visible(self, audiences: frozenset[str] | None) -> Visible:
        """Return which documents a viewer with these audience terms may know of."""
        found = self._seen.get(audiences)
        if found is None:
            allowed = self.known.allowed(audiences).mask
            mask = allowed & self.live if self.stored.has_deletions() else allowed
            found = Visible(mask=mask, count=int(np.count_nonzero(mask)))
            remember(self._seen, audiences, found)
        return found

    def totals(self, group: str, audiences: frozenset[str] | None) -> NDArray[np.int64]:
        """Return how many visible documents have each value, by its number in all segments."""
        visible = self.visible(audiences)
        found = visible.totals.get(group)
        if found is None:
            found = self.known.totals(group, audiences)
            dead = np.flatnonzero(self.known.allowed(audiences).mask & ~self.live)
            if len(dead):
                found = found - self.groups[group].count(dead)
            visible.totals[group] = found
        return found

    def tally_few(self, rows: NDArray[np.int64], tally: Tally) -> None:
        """Add how many of these few documents have each value of every facet."""
        places = self._placed.take(self.contents.faceted.table.take(rows, axis=0))
        tally.every += np.bincount(places.ravel(), minlength=len(tally.every))
        for facet in self._apart:
            self.groups[facet].tally(rows, tally.of[facet])

    @cached_property
    def _placed(self) -> NDArray[np.int64]:
        """Where in a tally each value of ``Faceted`` is counted; what stands for none, where nobody looks."""
        nowhere = sum(self.sizes.values()) + len(self.sizes) - 1
        starts = starts_of(self.sizes)
        return np.concatenate([np.append(self.groups[facet].numbers + starts[facet], nowhere) for facet in starts])

    @cached_property
    def _apart(self) -> list[str]:
        """The facets that are not in ``Faceted``."""
        groups = ((facet, self.groups[facet]) for facet in self.sizes)
        return [facet for facet, group in groups if not group.single and group.grouping.lanes is None]

    def tally(self, rows: NDArray[np.int64], counted: Mapping[str, Counts], audiences: frozenset[str] | None) -> None:
        """Add how many of these visible documents have each value; of most of them, by counting the others."""
        visible = self.visible(audiences)
        if not len(rows) or not counted:
            return
        if 2 * len(rows) <= visible.count:
            self.known.tally(rows, counted)
            return
        for group, counts in counted.items():
            totals = self.totals(group, audiences)
            counts[: len(totals)] += totals
        if len(rows) < visible.count:
            others = visible.mask.copy()
            others[rows] = False
            self.known.tally(np.flatnonzero(others), counted, -1)

    def frequency(self, word: str, audiences: frozenset[str] | None, *, begins: bool) -> int:
        """Return how many visible documents have a word, or one that begins so."""
        visible = self.visible(audiences)
        found = visible.frequencies.get((word, begins))
        if found is None:
            found = self._beginning(word, visible.mask) if begins else self._having(word, visible.mask)
            remember(visible.frequencies, (word, begins), found, FREQUENCIES_MAX)
        return found

    def _having(self, word: str, mask: Mask) -> int:
        return self.known.words.find(word).count(mask)

    def _beginning(self, word: str, mask: Mask) -> int:
        tiers = tiers_of_word(word, prefix=True)
        rows = [self.contents.postings[tier].beginning(encoded(word)).rows for tier in tiers]
        if sum(map(len, rows)) * FEW_SHARE < self.contents.count:
            return int(np.count_nonzero(mask.take(np.unique(np.concatenate([np.empty(0, np.int32), *rows])))))
        having = np.zeros(self.contents.count, np.bool_)
        for each in rows:
            having[each] = True
        return int(np.count_nonzero(having & mask))

    def weighed(self, word: str, tiers: Sequence[Tier]) -> list[Weighed]:
        """Return who has a word in these tiers; a document may come more than once, and ascends in each part."""
        if len(tiers) == len(Tier):
            return [self.known.words.find(word)]
        stretches = (self.contents.postings[tier].find(encoded(word)) for tier in tiers)
        return [Weighed(rows=each.rows, impacts=each.impacts) for each in stretches]

    def find(self, asset_id: UUID) -> int | None:
        """Return the row of a live document, or None where this segment has it not."""
        found = self.known.rows_of([asset_id])
        found = found[self.live[found]]
        return int(found[0]) if len(found) else None

    def rows_of(self, asset_ids: frozenset[UUID]) -> NDArray[np.int64]:
        """Return the rows of those of these documents that this segment has, live; remembered for the next question."""
        found = self._rows.get(asset_ids)
        if found is None:
            found = self.known.rows_of(asset_ids)
            found = np.sort(found[self.live[found]])
            remember(self._rows, asset_ids, found)
        return found

    def code(self, row: int) -> str:
        """Return the code of a document."""
        return str(self.contents.codes[row].decode("utf-8", "surrogatepass"))

    def name(self, row: int) -> str:
        """Return the name of a document."""
        return str(self.contents.names[row].decode("utf-8", "surrogatepass"))


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """All segments of one generation of one index folder."""

    folder: Path
    generation: int
    segments: tuple[Segment, ...]
    vocabularies: Vocabularies
    sizes: Mapping[str, int]
    seq: int
    _by_use: dict[tuple[str, frozenset[str] | None], NDArray[np.int64]] = field(default_factory=dict)

    def by_use(self, facet: str, audiences: frozenset[str] | None) -> NDArray[np.int64]:
        """Return the numbers of all values that something visible has, the most frequent first.

        Remembered, because every answer tells of some that no hit has.
        """
        found = self._by_use.get((facet, audiences))
        if found is None:
            found = self.vocabularies[facet].ordered(self.totals(facet, audiences))
            remember(self._by_use, (facet, audiences), found, ORDERS_MAX)
        return found

    def totals(self, facet: str, audiences: frozenset[str] | None) -> Counts:
        """Return how many documents that the viewer may know of have each value."""
        found = np.zeros(self.sizes[facet], np.int64)
        for segment in self.segments:
            totals = segment.totals(facet, audiences)
            found[: len(totals)] += totals
        return found


def take(index: FileIndex, folder: Path, vocabularies: Vocabularies, held: Mapping[str, Known]) -> Snapshot:
    """Open the latest state of an index; segments that this process does not hold are checked first.

    Always from the table of contents, and never through ``refresh()`` or ``reader(reuse=…)``, which answer wrongly.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            toc = TOC.read(index.storage, index.indexname)
            known = {
                each.segment_id(): held.get(each.segment_id()) or open_segment(index.storage, each, vocabularies)
                for each in toc.segments
            }
            break
        except FileNotFoundError:
            if not tries_left:
                raise
            time.sleep(PAUSE_S)
    sizes = {str(facet): len(vocabularies[facet]) for facet in Facet}
    return Snapshot(
        folder=folder,
        generation=toc.generation,
        segments=tuple(
            Segment(stored=each, known=known[each.segment_id()], live=each.alive(), sizes=sizes)
            for each in toc.segments
        ),
        vocabularies=vocabularies,
        sizes=sizes,
        seq=max((each.seq for each in toc.segments), default=0),
    )
