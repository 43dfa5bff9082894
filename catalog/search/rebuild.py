"""Making the index anew from the database, and asking whether the two agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from catalog.kernel.errors import Unavailable
from catalog.ledger.queries import head_of
from catalog.search.documents import AFTER_MAX, BATCH, documents_after
from catalog.search.follower import FOLLOWER, catch_up, follow, touched_assets
from catalog.search.port import Document, SearchIndex
from catalog.search.relevance import digest
from catalog.work.desk import Desk

SHOWN_MAX = 20
CURABLE = frozenset({"index-damaged", "index-missing", "index-outdated", "index-ahead"})
"""Codes of ``Unavailable`` that a rebuild cures."""


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """A new index answers: how many documents it was made of, and the ledger's entry it had reached."""

    documents: int
    seq: int


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How index and database compare. The numbers count all; the tuples name the first twenty of each.

    ``missing`` are assets without a document, ``stale`` documents that say something else, ``extra`` documents without
    an asset. ``behind`` counts ledger entries that the follower has yet to reach; what they touch counts for nothing.
    """

    documents: int
    seq: int
    behind: int
    missing_count: int
    stale_count: int
    extra_count: int
    missing: tuple[UUID, ...]
    stale: tuple[UUID, ...]
    extra: tuple[UUID, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing disagrees."""
        return not (self.missing_count or self.stale_count or self.extra_count)


def rebuild(desk: Desk, index: SearchIndex, progress: Callable[[int], None] = lambda _done: None) -> Rebuilt:
    """Build a new index beside the live one, catch up with the ledger, and let it take over in one step.

    Until then the old one keeps answering; when this fails or is killed, it stays. ``progress`` is told the number of
    documents written so far. Raises ``Conflict`` while another rebuild runs.
    """
    with index.rebuilding() as fresh:
        with desk.view(FOLLOWER) as view:
            seq, _ = head_of(view.session)
        counter = count()
        fresh.write(_counted(documents(desk), counter, progress), 0, seq)
        catch_up(desk, fresh)
        return Rebuilt(documents=next(counter), seq=fresh.seq)


def keep_up(desk: Desk, index: SearchIndex) -> int:
    """Follow one step, as ``follower.follow`` does; what a rebuild cures is cured by one. The worker's whole duty.

    Raises ``Unavailable`` for what a rebuild does not cure, ``Conflict`` while somebody else rebuilds.
    """
    try:
        return follow(desk, index)
    except Unavailable as refusal:
        if refusal.code not in CURABLE:
            raise
    return rebuild(desk, index).seq


def verify(desk: Desk, index: SearchIndex) -> Agreement:
    """Compare every document with the database; changes nothing."""
    seq = index.seq
    compared, missing, stale, extra = 0, set[UUID](), set[UUID](), set[UUID]()
    indexed = index.digests()
    held = next(indexed, None)
    for document in documents(desk):
        while held is not None and held[0] < document.id:
            extra.add(held[0])
            held = next(indexed, None)
        if held is None or held[0] != document.id:
            missing.add(document.id)
            continue
        if held[1] != digest(document):
            stale.add(document.id)
        compared += 1
        held = next(indexed, None)
    if held is not None:
        extra.add(held[0])
        extra.update(asset_id for asset_id, _ in indexed)
    head, changing = _touched_since(desk, seq)
    found = [sorted(ids - changing) for ids in (missing, stale, extra)]
    return Agreement(
        documents=compared,
        seq=seq,
        behind=max(head - seq, 0),
        missing_count=len(found[0]),
        stale_count=len(found[1]),
        extra_count=len(found[2]),
        missing=tuple(found[0][:SHOWN_MAX]),
        stale=tuple(found[1][:SHOWN_MAX]),
        extra=tuple(found[2][:SHOWN_MAX]),
    )


def _counted(found: Iterable[Document], counter: Iterator[int], progress: Callable[[int], None]) -> Iterator[Document]:
    """Yield documents, counting them and telling of every five hundredth."""
    for document in found:
        number = next(counter) + 1
        yield document
        if number % BATCH == 0:
            progress(number)


def documents(desk: Desk) -> Iterator[Document]:
    """Yield all documents by id, each batch from a reading of its own, so that no reading stays open for long."""
    after = None
    while True:
        with desk.view(FOLLOWER) as view:
            batch = documents_after(view, after)
        yield from batch
        if len(batch) < AFTER_MAX:
            return
        after = batch[-1].id


def _touched_since(desk: Desk, seq: int) -> tuple[int, set[UUID]]:
    """Return the ledger's end, and the assets that the follower may not have reached."""
    with desk.view(FOLLOWER) as view:
        head, _ = head_of(view.session)
        return head, touched_assets(view, seq, head)
