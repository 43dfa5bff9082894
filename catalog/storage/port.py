"""What the house asks of an object store, in its own words.

How bytes come in
    A client's bytes never go to the key that verified bytes have. They land under an ``incoming/`` key that belongs
    to one upload, are verified there, and are then copied inside the store to ``sha256/ab/cd/<hash>``. So

    * nobody learns from a refusal whether the studio has the bytes already: a conditional write to the blob's own key
      would answer 412 to whoever knows the digest, even to one who does not have the bytes;
    * a claim to a digest is honored only where its bytes were really brought, also when the blob is there already;
    * headers that a signature does not cover (``Content-Type``, ``Content-Encoding``) do not reach the verified object;
    * no address that was ever signed can write to verified bytes, however long it lives.

    Up to 64 MiB one PUT, whose signature covers ``x-amz-checksum-sha256``, the length and ``If-None-Match: *``: the
    store checks the digest, refuses other bytes and refuses a second write. Larger files travel in parts, each signed
    with its own digest and length. The digest of the whole does not follow from those of its parts, so a worker reads
    the assembled object once. Parts are assembled by the server only; from then on their addresses are dead.

How it survives a crash
    Copying is repeatable, a row is entered after its bytes, and what lies under ``incoming/`` is removed only after
    that row is committed. What a crash leaves behind is an object without a row: harmless, and swept
    (``sweeping.py``).

How bytes go out
    By an address that lives at most 60 s, or through the web process. Addresses are signed for the public endpoint;
    where there is none, ``Stores.handover`` is None and the web process relays: ``put`` and ``Transfers.receive`` one
    way, ``open`` the other.

Every method may raise ``Unavailable`` when the store cannot be reached, refuses our credentials or cannot take more
bytes. All objects here may be shared between threads.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

CHUNK_BYTES = 2**20
DOWNLOAD_MAX_S = 60
UPLOAD_MAX_S = 3600
SINGLE_MAX_BYTES = 64 * 2**20
"""The largest object that one PUT brings."""
PARTS_MAX = 10_000
PART_MIN_BYTES = 5 * 2**20
"""The smallest part but the last that S3 takes."""


Beat = Callable[[float], None]
"""Hears how far long work is (0 to 1), and may raise to stop it."""


class Bucket(StrEnum):
    """What the four buckets are for; their names are these behind a prefix."""

    ORIGINALS = "originals"
    DERIVED = "derived"
    DOCUMENTS = "documents"
    ANCHORS = "anchors"
    """The ledger's witnesses: what is written here cannot be erased for years, not even by us."""


@dataclass(frozen=True, kw_only=True)
class StoredObject:
    """An object as the store knows it. ``sha256`` is None where only reading would tell; listings never tell."""

    key: str
    size_bytes: int
    sha256: str | None
    stored_at: datetime


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of an upload as its sender declared it; numbers count from 1."""

    number: int
    sha256: str
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class StoredPart:
    """One part that the store has taken, so that an interrupted upload goes on where it stopped."""

    number: int
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class UnfinishedTransfer:
    """An upload in parts that was begun and neither finished nor aborted."""

    key: str
    transfer_id: str
    begun_at: datetime


@dataclass(frozen=True, kw_only=True)
class TransferRequest:
    """One HTTP request that a client may make to the store: exactly these headers, a body of exactly ``size_bytes``.

    ``size_bytes`` is None for a download. The client's HTTP library sets ``Content-Length`` and ``Host`` itself.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    size_bytes: int | None
    expires_at: datetime


class Readable(Protocol):
    """A stream of bytes: a file, or the body of a request. It may answer fewer bytes than it is asked for."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes; none at the end."""
        ...


class Chunks(Iterator[bytes], Protocol):
    """The bytes of an object, chunk by chunk."""

    def close(self) -> None:
        """Stop reading early and free the connection; safe to run twice."""
        ...


class BlobStore(Protocol):
    """One bucket. A key is replaced as a whole or not at all; readers see the old bytes or the new ones."""

    def put(self, key: str, source: Readable | bytes, *, sha256: str) -> None:
        """Store the bytes. Safe to run twice: the same digest under the same key is sent once, another one replaces it.

        ``source`` is read once, from where it stands. Raises ``InvalidInput`` when the bytes do not have this digest,
        or when the key is a blob's own and names another one; nothing is stored then.
        """
        ...

    def open(self, key: str, *, start: int = 0, end: int | None = None) -> Chunks:
        """Return the bytes ``[start, end)`` in chunks of at most 1 MiB; a negative ``start`` counts from the end.

        ``end`` beyond the last byte means up to it. Raises ``NotFound``, and ``InvalidInput`` (code ``bad-range``)
        where the object has no byte in the range; both before the first chunk is asked for.
        """
        ...

    def find(self, key: str) -> StoredObject | None:
        """Return what is stored under the key, if anything."""
        ...

    def remove(self, key: str) -> None:
        """Remove the object; safe to run twice."""
        ...

    def walk(self, after: str = "") -> Iterator[StoredObject]:
        """Return every object once, those of one folder in the order of their keys.

        ``after`` is the key that an earlier walk ended with, or any text that is smaller than the keys that are wanted,
        except the bare name of a folder.
        """
        ...


class Transfers(Protocol):
    """Uploads in parts into ``originals``. Nothing is visible under the key before ``finish``."""

    def begin(self, key: str) -> str:
        """Begin an upload in parts and return the store's name for it."""
        ...

    def receive(self, key: str, transfer_id: str, part: Part, source: Readable | bytes) -> None:
        """Take one part that the web process relays; safe to run twice.

        Raises ``InvalidInput`` when the bytes do not have the part's digest or size, ``NotFound`` when the transfer is
        over.
        """
        ...

    def parts(self, key: str, transfer_id: str) -> tuple[StoredPart, ...]:
        """Return the parts that arrived, by number; ``NotFound`` when the transfer is over."""
        ...

    def finish(self, key: str, transfer_id: str, parts: Sequence[Part]) -> None:
        """Assemble the object from exactly these parts. Safe to run twice.

        Raises ``Conflict`` (code ``parts-missing``) while parts are missing or have another size, ``InvalidInput`` when
        one has another digest, ``NotFound`` when the transfer was aborted.
        """
        ...

    def abort(self, key: str, transfer_id: str) -> None:
        """Give an upload up and free its parts; safe to run twice, and without effect on a finished one."""
        ...


class Staging(Protocol):
    """The way from ``incoming/`` to a blob's own key, inside ``originals``."""

    def settle(
        self, staged_key: str, key: str, *, sha256: str, size_bytes: int | None = None, beat: Beat = lambda _: None
    ) -> None:
        """Copy a verified object to its own key inside the store, over what may be there. Safe to run twice.

        The caller vouches for ``sha256``, and for ``size_bytes`` where it was found already. The copy keeps nothing of
        the staged object but its bytes. ``beat`` hears how far it is where it goes in pieces. Raises ``NotFound``
        without the object.
        """
        ...

    def clear(self, staged_keys: Collection[str]) -> None:
        """Remove staged objects, many in one request; safe to run twice."""
        ...

    def unfinished(self, before: datetime) -> Iterator[UnfinishedTransfer]:
        """Return the transfers that were begun before an instant and are not over."""
        ...


class Intake(Protocol):
    """Uploads by signed address into ``originals``. No network."""

    def single_upload(self, key: str, *, sha256: str, size_bytes: int, expires_s: int) -> TransferRequest:
        """Return a request that stores these bytes under a key that has none yet; at most 64 MiB, for at most 1 h."""
        ...

    def part_upload(self, key: str, transfer_id: str, part: Part, *, expires_s: int) -> TransferRequest:
        """Return a request that stores this very part; for at most 1 h."""
        ...


class Handover(Intake, Protocol):
    """Direct transfers between a client and ``originals``, by addresses signed for the public endpoint. No network."""

    def download(
        self, key: str, *, file_name: str, media_type: str, expires_s: int = DOWNLOAD_MAX_S
    ) -> TransferRequest:
        """Return a request that reads the object as an attachment of this name and type; for at most 60 s."""
        ...


@dataclass(frozen=True, kw_only=True)
class Stores:
    """The buckets of one object store. A blob row names its store by ``name``.

    Without a public endpoint ``handover`` is None, and the web process relays the bytes.
    """

    name: str
    originals: BlobStore
    derived: BlobStore
    documents: BlobStore
    anchors: BlobStore
    transfers: Transfers
    staging: Staging
    handover: Handover | None
    room: Callable[[], int | None] = lambda: None
    """How many more bytes it takes; None where nobody knows."""
