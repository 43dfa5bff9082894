"""Writing: one commit makes all changes of a batch, and moves the ledger's seq with them.

Each commit writes a new segment. Segments are merged as they come, the new one with those that are not larger, and so
on: an index that follows single changes for months has as many segments as its size has binary digits, and a document
is copied about as often. Merging copies stretches of arrays; a commit merges what takes no time, and the rest is merged
beside commits: ``merge`` copies, without a lock, and ``install`` puts the outcome in place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from whoosh.index import TOC, FileIndex, clean_files

from catalog.search.port import Change, Document
from catalog.search.whoosh_index.codec import ArraySegment
from catalog.search.whoosh_index.contents import merged
from catalog.search.whoosh_index.gathering import gathered
from catalog.search.whoosh_index.schema import INDEX, new_schema
from catalog.search.whoosh_index.snapshot import Segment, Snapshot
from catalog.search.whoosh_index.storage import CHECKSUM, CONTENTS, SEGMENT

AT_ONCE_MAX = 5_000
"""So many documents at most are copied by a commit: less than a tenth of a second."""

UNNAMED = "merging-"
"""What a merge writes is called so until it is in place; Whoosh takes no notice of it."""

SEGMENT_MAX = 250_000
"""No merge makes a larger segment: 250 MB of arrays. They are written one by one, so that the postings of one tier at
most are in memory, some 150 MB; what they are copied from lies in the page cache."""

DEAD_SHARE = 3
"""A segment of which every third document is dead is copied without them."""


@dataclass(frozen=True, kw_only=True)
class Merge:
    """Segments, as they were, and a copy of them as one, which no table of contents names yet."""

    parts: tuple[Segment, ...]
    made: ArraySegment


def commit(
    index: FileIndex,
    snapshot: Snapshot,
    changes: Iterable[Change],
    seq: int,
    *,
    at_once: int = AT_ONCE_MAX,
    busy: Collection[str] = (),
) -> None:
    """Write changes, one per asset at most, on top of the snapshot, which is the index's latest state.

    Segments that are ``busy`` are left for the merge that is under way.
    """
    changes = list(changes)
    new = gathered(change for change in changes if isinstance(change, Document))
    gone = {segment.key: segment.known.rows_of([change.id for change in changes]) for segment in snapshot.segments}
    due = _due([each for each in snapshot.segments if each.key not in busy], gone, new.count, at_once)
    parts, segments = [], []
    for segment in snapshot.segments:
        alive = segment.live.copy()
        alive[gone[segment.key]] = False
        if segment in due:
            parts.append((segment.contents, alive))
        elif alive.any():
            segments.append(segment.stored.with_dead(np.flatnonzero(~alive)))
    count = new.count + sum(int(np.count_nonzero(alive)) for _, alive in parts)
    if count or not segments:
        segments.append(ArraySegment(INDEX, count))
        arrays = merged([*parts, (new, np.ones(new.count, np.bool_))]) if parts else new.arrays()
        index.storage.save(segments[-1].make_filename(SEGMENT), arrays)
    publish(index, segments, seq, snapshot.generation + 1)


def due_segments(snapshot: Snapshot, most: int = SEGMENT_MAX) -> tuple[Segment, ...]:
    """Return what is to be merged into one of ``most`` documents, if something is."""
    return tuple(_due(snapshot.segments, {}, 0, most))


def merge(index: FileIndex, due: Sequence[Segment]) -> Merge:
    """Copy segments into one that nobody knows of yet; one merge of an index at a time."""
    for name in index.storage.list():
        if name.startswith(UNNAMED):
            index.storage.delete_file(name)
    made = ArraySegment(INDEX, sum(int(np.count_nonzero(each.live)) for each in due))
    arrays = merged([(each.contents, each.live) for each in due])
    index.storage.save(UNNAMED + made.make_filename(SEGMENT), arrays)
    return Merge(parts=tuple(due), made=made)


def install(index: FileIndex, snapshot: Snapshot, merge: Merge) -> None:
    """Put a merged segment in the place of its parts; what died meanwhile is dead in it. Changes no answer.

    The snapshot is the index's latest state; where it has not all the parts any more, somebody else merged them, and
    the copy is for nothing.
    """
    latest = {each.key: each for each in snapshot.segments}
    if any(part.key not in latest for part in merge.parts):
        return
    alive = np.concatenate([latest.pop(part.key).live[part.live] for part in merge.parts])
    name = merge.made.make_filename(SEGMENT)
    for each in (name, name + CHECKSUM):
        index.storage.rename_file(UNNAMED + each, each)
    segments = [each.stored for each in latest.values()]
    publish(index, [*segments, merge.made.with_dead(np.flatnonzero(~alive))], snapshot.seq, snapshot.generation + 1)


def publish(index: FileIndex, segments: Sequence[ArraySegment], seq: int, generation: int) -> None:
    """Write the table of contents, and remove what it does not name, also what killed writers left of theirs."""
    segments[-1].seq = seq
    TOC(new_schema(), segments, generation).write(index.storage, index.indexname)
    clean_files(index.storage, index.indexname, generation, segments)
    for name in index.storage.list():
        if CONTENTS + "." in name:
            index.storage.delete_file(name)


def _due(segments: Sequence[Segment], gone: Mapping[str, NDArray[np.int64]], new: int, most: int) -> list[Segment]:
    """Return which segments become part of the one being written.

    Those with many dead, as long as all together are not too many, and the smallest up to the last that is not larger
    than all before it together, so that sizes grow like the digits of a number that is counted up.
    """
    alive = {each.key: _alive(each, gone) for each in segments}
    smallest_first = sorted(segments, key=lambda each: alive[each.key])
    due: list[Segment] = []
    passed, total = [], new
    for segment in smallest_first:
        if total + alive[segment.key] > most:
            break
        passed.append(segment)
        if total and alive[segment.key] <= total:
            due = list(passed)
        total += alive[segment.key]
    together = new + sum(alive[each.key] for each in due)
    for segment in smallest_first:
        size = alive[segment.key]
        if segment not in due and size < segment.contents.count * (1 - 1 / DEAD_SHARE) and together + size <= most:
            due.append(segment)
            together += size
    return due


def _alive(segment: Segment, gone: Mapping[str, NDArray[np.int64]]) -> int:
    live = np.count_nonzero(segment.live)
    return int(live - np.count_nonzero(segment.live[gone[segment.key]]) if segment.key in gone else live)
