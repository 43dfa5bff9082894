"""An object store in memory, for tests and for trying things out. It forgets everything and has no addresses."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from catalog.kernel import clock
from catalog.kernel.ids import new_id
from catalog.storage.keys import checked_digest, checked_key
from catalog.storage.port import (
    CHUNK_BYTES,
    Beat,
    Chunks,
    Part,
    Readable,
    StoredObject,
    StoredPart,
    Stores,
    UnfinishedTransfer,
)
from catalog.storage.reading import Exactly
from catalog.storage.refusals import (
    bad_range,
    check_blob_key,
    check_parts,
    check_range,
    no_object,
    no_transfer,
    wrong_digest,
)


def memory_stores(*, name: str = "memory", now: Callable[[], datetime] = clock.now) -> Stores:
    """Return four empty buckets in memory."""
    originals = MemoryBucket(now=now)
    return Stores(
        name=name,
        originals=originals,
        derived=MemoryBucket(now=now),
        documents=MemoryBucket(now=now),
        anchors=MemoryBucket(now=now),
        transfers=originals,
        staging=originals,
        handover=None,
    )


@dataclass(frozen=True, kw_only=True)
class _Object:
    content: bytes
    sha256: str | None
    stored_at: datetime


@dataclass(frozen=True, kw_only=True)
class _Transfer:
    key: str
    begun_at: datetime
    parts: dict[int, bytes] = field(default_factory=dict)


class MemoryBucket:
    """A ``BlobStore`` in memory that also takes uploads in parts and settles them."""

    def __init__(self, *, now: Callable[[], datetime] = clock.now) -> None:
        self._now = now
        self._lock = threading.RLock()
        self._objects: dict[str, _Object] = {}
        self._transfers: dict[str, _Transfer] = {}

    def put(self, key: str, source: Readable | bytes, *, sha256: str) -> None:
        """See ``BlobStore.put``."""
        check_blob_key(checked_key(key), checked_digest(sha256))
        content = _read(source)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise wrong_digest(key, sha256)
        with self._lock:
            kept = self._objects.get(key)
            if kept is None or kept.sha256 != sha256:
                self._keep(key, content, sha256)

    def open(self, key: str, *, start: int = 0, end: int | None = None) -> Chunks:
        """See ``BlobStore.open``."""
        check_range(key, start, end)
        content = self._get(key).content
        size = len(content)
        first = max(size + start, 0) if start < 0 else start
        last = size if end is None else min(end, size)
        if first >= last and (size or start or end is not None):
            raise bad_range(key, start, end)
        return (content[at : min(at + CHUNK_BYTES, last)] for at in range(first, last, CHUNK_BYTES))

    def find(self, key: str) -> StoredObject | None:
        """See ``BlobStore.find``."""
        with self._lock:
            kept = self._objects.get(key)
        return _described(key, kept, kept.sha256) if kept else None

    def remove(self, key: str) -> None:
        """See ``BlobStore.remove``."""
        with self._lock:
            self._objects.pop(key, None)

    def walk(self, after: str = "") -> Iterator[StoredObject]:
        """See ``BlobStore.walk``."""
        with self._lock:
            found = sorted((key, kept) for key, kept in self._objects.items() if key > after)
        return (_described(key, kept, None) for key, kept in found)

    def begin(self, key: str) -> str:
        """See ``Transfers.begin``."""
        transfer_id = new_id().hex
        with self._lock:
            self._transfers[transfer_id] = _Transfer(key=checked_key(key), begun_at=self._now())
        return transfer_id

    def receive(self, key: str, transfer_id: str, part: Part, source: Readable | bytes) -> None:
        """See ``Transfers.receive``."""
        content = _read(source if isinstance(source, bytes) else Exactly(source, part.size_bytes))
        if len(content) != part.size_bytes or hashlib.sha256(content).hexdigest() != part.sha256:
            raise wrong_digest(f"part {part.number} of {key}", part.sha256)
        with self._lock:
            self._transfer(key, transfer_id).parts[part.number] = content

    def parts(self, key: str, transfer_id: str) -> tuple[StoredPart, ...]:
        """See ``Transfers.parts``."""
        with self._lock:
            arrived = sorted(self._transfer(key, transfer_id).parts.items())
        return tuple(StoredPart(number=number, size_bytes=len(content)) for number, content in arrived)

    def finish(self, key: str, transfer_id: str, parts: Sequence[Part]) -> None:
        """See ``Transfers.finish``."""
        with self._lock:
            if transfer_id not in self._transfers and key in self._objects:
                return
            arrived = self._transfer(key, transfer_id).parts
            check_parts(key, parts, {number: len(content) for number, content in arrived.items()})
            for part in parts:
                if hashlib.sha256(arrived[part.number]).hexdigest() != part.sha256:
                    raise wrong_digest(f"part {part.number} of {key}", part.sha256)
            self._keep(key, b"".join(arrived[part.number] for part in parts), None)
            del self._transfers[transfer_id]

    def abort(self, key: str, transfer_id: str) -> None:  # noqa: ARG002 — the port's signature
        """See ``Transfers.abort``."""
        with self._lock:
            self._transfers.pop(transfer_id, None)

    def settle(
        self,
        staged_key: str,
        key: str,
        *,
        sha256: str,
        size_bytes: int | None = None,  # noqa: ARG002 — it sees
        beat: Beat = lambda _: None,  # noqa: ARG002 — it is done in one step
    ) -> None:
        """See ``Staging.settle``."""
        check_blob_key(checked_key(key), checked_digest(sha256))
        with self._lock:
            self._keep(key, self._get(staged_key).content, sha256)

    def clear(self, staged_keys: Collection[str]) -> None:
        """See ``Staging.clear``."""
        for key in staged_keys:
            self.remove(key)

    def unfinished(self, before: datetime) -> Iterator[UnfinishedTransfer]:
        """See ``Staging.unfinished``."""
        with self._lock:
            found = [
                UnfinishedTransfer(key=each.key, transfer_id=transfer_id, begun_at=each.begun_at)
                for transfer_id, each in self._transfers.items()
                if each.begun_at < before
            ]
        return iter(found)

    def _keep(self, key: str, content: bytes, sha256: str | None) -> None:
        self._objects[key] = _Object(content=content, sha256=sha256, stored_at=self._now())

    def _get(self, key: str) -> _Object:
        with self._lock:
            kept = self._objects.get(key)
        if kept is None:
            raise no_object(key)
        return kept

    def _transfer(self, key: str, transfer_id: str) -> _Transfer:
        transfer = self._transfers.get(transfer_id)
        if transfer is None or transfer.key != key:
            raise no_transfer(key)
        return transfer


def _read(source: Readable | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    return b"".join(iter(lambda: source.read(CHUNK_BYTES), b""))


def _described(key: str, kept: _Object, sha256: str | None) -> StoredObject:
    return StoredObject(key=key, size_bytes=len(kept.content), sha256=sha256, stored_at=kept.stored_at)
