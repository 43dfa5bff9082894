"""Verifying that the store has what the database says it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.kernel import clock
from catalog.storage import custody
from catalog.storage.blobs import note_checked
from catalog.storage.queries import amounts, blobs_after
from catalog.storage.vocabulary import BlobState

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalog.storage.port import Stores
    from catalog.work.desk import Desk

NAMED_MAX = 1_000


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """A blob that is not as it should be."""

    sha256: str
    size_bytes: int
    state: BlobState


@dataclass(frozen=True, kw_only=True)
class StorageVerification:
    """What a walk over all blobs found; at most the first 1,000 flaws are named."""

    checked: int
    missing: int
    altered: int
    flaws: tuple[Flaw, ...]

    @property
    def holds(self) -> bool:
        """Whether every blob is there and what it should be."""
        return not (self.missing or self.altered)


def verify_storage(
    desk: Desk, stores: Stores, *, reading: bool, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> StorageVerification:
    """Look at every blob: is it there, has it its size, and, if ``reading``, its digest. What is found is noted.

    Reading takes every byte through this machine; without it a changed byte goes unseen. Safe to interrupt.
    """
    with desk.read() as session:
        total = sum(amount.count for state, amount in amounts(session).items() if state is not BlobState.DOOMED)
    after, checked = "", 0
    counts = dict.fromkeys(BlobState, 0)
    flaws: list[Flaw] = []
    while True:
        with desk.read() as session:
            batch = [(blob.sha256, blob.size_bytes, blob.state) for blob in blobs_after(session, after)]
        if not batch:
            break
        for sha256, size_bytes, noted in batch:
            after = sha256
            if noted == BlobState.DOOMED:
                continue
            state = custody.check(stores, sha256, size_bytes, reading=reading)
            if state is BlobState.VERIFIED and noted == BlobState.ALTERED and not reading:
                state = BlobState.ALTERED  # only reading can see that it was mended
            counts[state] += 1
            checked += 1
            if state is not BlobState.VERIFIED and len(flaws) < NAMED_MAX:
                flaws.append(Flaw(sha256=sha256, size_bytes=size_bytes, state=state))
            if state != noted or reading:
                with desk.bookkeeping() as session:
                    note_checked(session, sha256, state, clock.now())
        progress(checked, total)
    return StorageVerification(
        checked=checked, missing=counts[BlobState.MISSING], altered=counts[BlobState.ALTERED], flaws=tuple(flaws)
    )
