"""Removing what nobody needs: bytes without a row, uploads that nobody finished. Safe to run at any time, and twice.

Sweeping blobs takes three steps, so that a blob which is brought again at the same moment is never entered without its
bytes: ``find_orphans`` and then, in a transaction, ``blobs.doom``; ``remove_blobs``; in a transaction,
``blobs.forget_doomed``. Whoever takes them has the turn (``turns``) and renews it in both transactions. A sweep begins
with what is doomed already, so that one which was killed blocks no digest for longer than its turn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from itertools import takewhile

from catalog.kernel.batches import in_batches
from catalog.storage.keys import INCOMING, blob_key, digest_in
from catalog.storage.port import Stores
from catalog.storage.turns import Turn

BATCH = 500
Known = Callable[[Collection[str]], Collection[str]]
"""Given some keys or digests, answers those that are needed."""


def find_orphans(stores: Stores, *, before: datetime, known: Known) -> Iterator[dict[str, int]]:
    """Return blobs (digest to size) stored before an instant that ``known`` does not answer; at most 500 at a time.

    Give those whose row is just being written some time: a day is plenty.
    """
    named = (
        (digest, found.size_bytes)
        for found in stores.originals.walk()
        if found.stored_at < before and (digest := digest_in(found.key)) is not None
    )
    for some in in_batches(named, BATCH):
        wanted = known([digest for digest, _ in some])
        if orphans := {digest: size for digest, size in some if digest not in wanted}:
            yield orphans


def remove_blobs(stores: Stores, turn: Turn, digests: Iterable[str]) -> None:
    """Remove the bytes of doomed blobs; safe to run twice. Raises ``Unavailable`` when the turn does not last."""
    for digest in digests:
        turn.check()
        stores.originals.remove(blob_key(digest))


def sweep_incoming(stores: Stores, *, before: datetime, wanted: Known) -> int:
    """Remove staged bytes and unfinished transfers from before an instant, unless ``wanted`` answers their key.

    Returns how many were removed.
    """
    removed = 0
    incoming = takewhile(lambda found: found.key.startswith(INCOMING), stores.originals.walk(INCOMING))
    staged = (found.key for found in incoming if found.stored_at < before)
    for some in in_batches(staged, BATCH):
        kept = wanted(some)
        for key in some:
            if key not in kept:
                stores.originals.remove(key)
                removed += 1
    for transfers in in_batches(stores.staging.unfinished(before), BATCH):
        kept = wanted([transfer.key for transfer in transfers])
        for transfer in transfers:
            if transfer.key not in kept:
                stores.transfers.abort(transfer.key, transfer.transfer_id)
                removed += 1
    return removed
