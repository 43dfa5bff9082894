"""One state of the index: its segments, who of them is still alive, and the ledger's seq. Never changes once made."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from whoosh.index import TOC, FileIndex

from catalog.search.relevance import halves
from catalog.search.whoosh_index.codec import ArraySegment
from catalog.search.whoosh_index.contents import Contents, Mask
from catalog.search.whoosh_index.schema import ASSET_AUDIENCE, SHOW_AUDIENCE
from catalog.search.whoosh_index.segment import Group, Known, Vocabularies, open_segment

Key = TypeVar("Key")
Value = TypeVar("Value")

AUDIENCES_MAX = 32
"""For so many different viewers' audiences a segment remembers what they see."""

TRIES = 10
"""A reader that opens while a writer removes what it replaced finds files gone, and looks again, so often at most…"""

PAUSE_S = 0.05
"""…each time after so long."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Visible:
    """What a viewer may know of in one segment."""

    mask: Mask
    count: int
    totals: dict[str, NDArray[np.int64]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Segment:
    """A segment as this snapshot sees it."""

    stored: ArraySegment
    known: Known
    live: Mask
    vocabularies: Vocabularies
    _seen: dict[frozenset[str] | None, Visible] = field(default_factory=dict)

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
            mask = self.live
            for group in (ASSET_AUDIENCE, SHOW_AUDIENCE) if audiences is not None else ():
                allowed = chosen(self.vocabularies, group, audiences or ())
                mask = mask & self.groups[group].having(allowed, slice(None))
            found = Visible(mask=mask, count=int(np.count_nonzero(mask)))
            _remember(self._seen, audiences, found)
        return found

    def totals(self, group: str, audiences: frozenset[str] | None) -> NDArray[np.int64]:
        """Return how many visible documents have each value, by its number in all segments."""
        visible = self.visible(audiences)
        found = visible.totals.get(group)
        if found is None:
            rows = slice(None) if visible.count == self.contents.count else np.flatnonzero(visible.mask)
            found = visible.totals[group] = self.groups[group].count(rows)
        return found

    def find(self, asset_id: UUID) -> int | None:
        """Return the row of a live document, or None where this segment has it not."""
        high, low = halves(asset_id)
        columns = self.contents.columns
        found = np.flatnonzero((columns.id_low == low) & self.live)
        found = found[columns.id_high[found] == high]
        return int(found[0]) if len(found) else None

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
    return Snapshot(
        folder=folder,
        generation=toc.generation,
        segments=tuple(
            Segment(stored=each, known=known[each.segment_id()], live=each.alive(), vocabularies=vocabularies)
            for each in toc.segments
        ),
        vocabularies=vocabularies,
        seq=max((each.seq for each in toc.segments), default=0),
    )
