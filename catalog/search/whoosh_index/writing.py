"""Writing: one commit makes all changes of a batch and stores the ledger's seq beside them.

Whoosh writes each commit as a new segment. Small segments are merged as they come, so that an index which follows
single changes for months has a few dozen segments, and so few documents at once that no change waits for seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import numpy as np
from whoosh.codec.base import Segment as StoredSegment
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from catalog.search.port import Change, Document
from catalog.search.relevance import halves, whole_id
from catalog.search.whoosh_index.schema import fields_of, marker
from catalog.search.whoosh_index.snapshot import MARKER_ID, Segment, Snapshot

POOL_MB = 64
MERGED_DOCUMENTS_MAX = 2_000
"""So many documents at most are rewritten to keep small segments few: about two seconds."""

SEGMENTS_MAX = 24
"""With more segments than this, the smallest are merged whatever that takes…"""

SEGMENTS_AFTER = 12
"""…until so few are left."""


def commit(index: FileIndex, snapshot: Snapshot, changes: Iterable[Change], through_seq: int) -> None:
    """Write changes, one per asset at most, on top of the snapshot, which is the index's latest state."""
    changes = list(changes)
    writer = index.writer(limitmb=POOL_MB)
    try:
        for number in _numbers(snapshot, [change.id for change in changes]):
            writer.delete_document(number)
        for change in changes:
            if isinstance(change, Document):
                writer.add_document(**fields_of(change))
        writer.add_document(**marker(through_seq))
        writer.commit(mergetype=_merge)
    except BaseException:
        if not writer.is_closed:
            writer.cancel()
        raise


def _numbers(snapshot: Snapshot, ids: list[UUID]) -> list[int]:
    """Return the document numbers of these assets and of the marker, over the whole index."""
    wanted = {*ids, MARKER_ID}
    lows = np.array([halves(asset_id)[1] for asset_id in wanted], np.uint64)
    return [segment.start + row for segment in snapshot.segments for row in _rows(segment, wanted, lows)]


def _rows(segment: Segment, wanted: set[UUID], lows: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> list[int]:
    high, low = segment.columns.id_high, segment.columns.id_low
    likely = np.flatnonzero(np.isin(low, lows))
    return [int(row) for row in likely if whole_id(int(high[row]), int(low[row])) in wanted]


def _merge(writer: SegmentWriter, segments: list[StoredSegment]) -> list[StoredSegment]:
    """Choose which segments stay; the others become part of the one being written. Segments without documents go."""
    alive = sorted((segment for segment in segments if segment.doc_count()), key=lambda each: each.doc_count())
    kept = list(alive)
    total = 1
    for segment in alive:
        small = segment.doc_count() <= total and total + segment.doc_count() <= MERGED_DOCUMENTS_MAX
        crowded = len(alive) >= SEGMENTS_MAX and len(kept) >= SEGMENTS_AFTER
        if not (small or crowded):
            break
        kept.remove(segment)
        total += segment.doc_count()
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return kept
