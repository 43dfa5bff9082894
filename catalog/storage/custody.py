"""Taking bytes into custody: seeing that they are what was declared, and giving them their own key.

Nothing here touches the database, so nothing here belongs inside a unit of work. The order that survives every crash is

1. ``settle`` — the bytes are verified and lie under their own key;
2. in one unit of work: ``blobs.mark_verified`` and whatever depends on the blob;
3. after its commit: ``is_in_place``, because a sweep may have begun before, and then ``discard``.

Each step may be repeated, and a crash after any of them is mended by beginning again at the first.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from catalog.kernel.errors import CatalogError, Conflict, InvalidInput, NotFound
from catalog.storage.keys import blob_key
from catalog.storage.port import Beat, Part, StoredObject, Stores
from catalog.storage.vocabulary import BlobState

BEAT_EVERY_BYTES = 64 * 2**20


class Verdict(StrEnum):
    """What became of bytes that somebody was to bring."""

    VERIFIED = "verified"
    """They are what was declared and lie under their own key."""
    INCOMPLETE = "incomplete"
    """They, or parts of them, did not arrive yet."""
    ALTERED = "altered"
    """They are not what was declared, and were removed."""


@dataclass(frozen=True, kw_only=True)
class Staged:
    """Bytes on their way in: where they land, what they are declared to be, and, if they travel in parts, which."""

    key: str
    sha256: str
    size_bytes: int
    transfer_id: str | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What ``settle`` found. ``problem`` is for the person who brought the bytes.

    ``begin_again``: the transfer in parts is over without success; only a new one can bring the bytes.
    """

    verdict: Verdict
    problem: CatalogError | None = None
    begin_again: bool = False


def settle(stores: Stores, staged: Staged, *, is_verified: bool, beat: Beat = lambda _: None) -> Settlement:
    """Verify staged bytes and give them their own key. Safe to run twice.

    ``is_verified`` says whether the database knows the blob as verified: a second copy is then only compared, not
    stored. The whole is read once, unless the store itself has checked its digest; ``beat`` hears how far reading is
    and then, in the second half, copying.
    """
    problem = _assemble(stores, staged)
    if problem is not None:
        return problem
    found = stores.originals.find(staged.key)
    if found is None:
        return Settlement(verdict=Verdict.INCOMPLETE, problem=_not_arrived(staged))
    actual = found.sha256 or _read_digest(stores, found, lambda share: beat(share / 2))
    if (actual, found.size_bytes) != (staged.sha256, staged.size_bytes):
        discard(stores, staged)
        return _altered(staged, f"{found.size_bytes} bytes with the digest {actual}")
    own = blob_key(staged.sha256)
    if not (is_verified and is_in_place(stores, staged)):
        stores.staging.settle(
            staged.key,
            own,
            sha256=staged.sha256,
            size_bytes=found.size_bytes,
            beat=lambda share: beat((1 + share) / 2),
        )
    return Settlement(verdict=Verdict.VERIFIED)


def is_in_place(stores: Stores, staged: Staged) -> bool:
    """Whether the bytes lie under their own key, whole and with their digest, as far as the store knows."""
    kept = stores.originals.find(blob_key(staged.sha256))
    return kept is not None and (kept.sha256, kept.size_bytes) == (staged.sha256, staged.size_bytes)


def discard(stores: Stores, *several: Staged) -> None:
    """Remove what lies under the staging keys, or is still in parts; safe to run twice."""
    for staged in several:
        if staged.transfer_id is not None:
            stores.transfers.abort(staged.key, staged.transfer_id)
    stores.staging.clear([staged.key for staged in several])


def check(stores: Stores, sha256: str, size_bytes: int, *, reading: bool, beat: Beat = lambda _: None) -> BlobState:
    """Compare a blob with what is known of it. Without ``reading`` only its presence, size and noted digest count."""
    found = stores.originals.find(blob_key(sha256))
    if found is None:
        return BlobState.MISSING
    if found.size_bytes != size_bytes or found.sha256 not in {None, sha256}:
        return BlobState.ALTERED
    if reading and _read_digest(stores, found, beat) != sha256:
        return BlobState.ALTERED
    return BlobState.VERIFIED


def _assemble(stores: Stores, staged: Staged) -> Settlement | None:
    """Make one object of the parts, where bytes travel in parts; None means that there is nothing to object to."""
    if not staged.parts:
        return None
    if staged.transfer_id is None:
        none = Conflict(f"no part of {staged.sha256} arrived; send them", code="bytes-missing")
        return Settlement(verdict=Verdict.INCOMPLETE, problem=none, begin_again=True)
    try:
        stores.transfers.finish(staged.key, staged.transfer_id, staged.parts)
    except Conflict as missing:
        return Settlement(verdict=Verdict.INCOMPLETE, problem=missing)
    except InvalidInput as wrong:
        discard(stores, staged)
        return _altered(staged, wrong.message)
    except NotFound:
        late = Conflict(
            f"the upload of {staged.sha256} was given up, because it took too long; send the bytes again",
            code="upload-given-up",
        )
        return Settlement(verdict=Verdict.INCOMPLETE, problem=late, begin_again=True)
    return None


def _not_arrived(staged: Staged) -> Conflict:
    return Conflict(f"the bytes of {staged.sha256} did not arrive; send them", code="bytes-missing")


def _altered(staged: Staged, what: str) -> Settlement:
    return Settlement(
        verdict=Verdict.ALTERED,
        problem=Conflict(
            f"{staged.size_bytes} bytes with the digest {staged.sha256} were declared, but what "
            f"arrived was: {what}; send the bytes that were declared",
            code="bytes-differ",
        ),
        begin_again=bool(staged.parts),
    )


def _read_digest(stores: Stores, found: StoredObject, beat: Beat) -> str:
    whole = hashlib.sha256()
    done = 0
    said = 0
    chunks = stores.originals.open(found.key)
    try:
        for chunk in chunks:
            whole.update(chunk)
            done += len(chunk)
            if done - said >= BEAT_EVERY_BYTES:
                said = done
                beat(done / found.size_bytes)
    finally:
        chunks.close()
    return whole.hexdigest()
