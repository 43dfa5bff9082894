"""Writing: one commit makes all changes of a batch, and moves the ledger's seq with them.

Each commit writes a new segment. Segments are merged as they come, the new one with those that are not larger, and so
on: an index that follows single changes for months has as many segments as its size has binary digits, and a document
is copied about as often. Merging copies stretches of arrays; a commit merges what takes a fraction of a second, and
``tidy`` the rest, afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from whoosh.index import TOC, FileIndex, clean_files

from catalog.search.port import Change, Document
from catalog.search.relevance import halves, whole_id
from catalog.search.whoosh_index.codec import ArraySegment
from catalog.search.whoosh_index.contents import Contents, gathered, merged
from catalog.search.whoosh_index.schema import new_schema
from catalog.search.whoosh_index.snapshot import Segment, Snapshot
from catalog.search.whoosh_index.storage import SEGMENT

AT_ONCE_MAX = 20_000
"""So many documents at most are copied by a commit: about a quarter of a second."""

SEGMENT_MAX = 250_000
"""No merge makes a larger segment: about 150 MB of arrays, thrice that in memory while it is made."""

DEAD_SHARE = 3
"""A segment of which every third document is dead is copied without them."""


def commit(
    index: FileIndex, snapshot: Snapshot, changes: Iterable[Change], seq: int, at_once: int = AT_ONCE_MAX
) -> None:
    """Write changes, one per asset at most, on top of the snapshot, which is the index's latest state."""
    changes = list(changes)
    new = gathered(change for change in changes if isinstance(change, Document))
    gone = {segment.key: _rows(segment, [change.id for change in changes]) for segment in snapshot.segments}
    _replace(index, snapshot, new, gone, seq=seq, most=at_once)


def tidy(index: FileIndex, snapshot: Snapshot) -> bool:
    """Merge what commits left, if there is something; say whether there was. Changes no answer."""
    if not _due(snapshot.segments, {}, 0, SEGMENT_MAX):
        return False
    _replace(index, snapshot, gathered(()), {}, seq=snapshot.seq, most=SEGMENT_MAX)
    return True


def _replace(
    index: FileIndex, snapshot: Snapshot, new: Contents, gone: dict[str, NDArray[np.intp]], *, seq: int, most: int
) -> None:
    """Write the next state: a segment of the new documents and of those that are due for merging, and the others."""
    due = _due(snapshot.segments, gone, new.count, most)
    parts, segments = [], []
    for segment in snapshot.segments:
        alive = segment.live.copy()
        alive[gone.get(segment.key, [])] = False
        if segment in due:
            parts.append((segment.contents, alive))
        elif alive.any():
            segments.append(segment.stored.with_dead(np.flatnonzero(~alive)))
    contents = merged([*parts, (new, np.ones(new.count, np.bool_))]) if parts else new
    if contents.count or not segments:
        segments.append(ArraySegment(index.indexname, contents.count))
        index.storage.save(segments[-1].make_filename(SEGMENT), contents.arrays())
    segments[-1].seq = seq
    generation = snapshot.generation + 1
    TOC(new_schema(), segments, generation).write(index.storage, index.indexname)
    clean_files(index.storage, index.indexname, generation, segments)


def _due(segments: Sequence[Segment], gone: dict[str, NDArray[np.intp]], new: int, most: int) -> list[Segment]:
    """Return which segments become part of the one being written.

    Those with many dead, and the smallest up to the last that is not larger than all before it together, so that sizes
    grow like the digits of a number that is counted up.
    """
    alive = {each.key: int(np.count_nonzero(each.live)) - len(gone.get(each.key, ())) for each in segments}
    total = new
    thin, small, passed = [], [], []
    for segment in sorted(segments, key=lambda each: alive[each.key]):
        size = alive[segment.key]
        if total + size > most:
            break
        passed.append(segment)
        if size < segment.contents.count * (1 - 1 / DEAD_SHARE):
            thin.append(segment)
        elif total and size <= total:
            small = list(passed)
        total += size
    return [segment for segment in passed if segment in thin or segment in small]


def _rows(segment: Segment, ids: Sequence[UUID]) -> NDArray[np.intp]:
    """Return the rows of these assets' live documents."""
    wanted = set(ids)
    columns = segment.contents.columns
    likely = np.flatnonzero(np.isin(columns.id_low, np.array([halves(each)[1] for each in wanted], np.uint64)))
    found = [row for row in likely if whole_id(int(columns.id_high[row]), int(columns.id_low[row])) in wanted]
    return np.array([row for row in found if segment.live[row]], np.intp)
