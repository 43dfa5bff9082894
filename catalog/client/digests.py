"""Digests of local files: read in parallel, and remembered for a folder that is published again.

A remembered digest counts only while everything that the file system says of the file is unchanged (device, number,
size, both times), and only if the file had been at rest for some seconds when it was read: one that was just being
written may change again without its time showing it.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from catalog.client.crew import Meter, Stopped, Tell, share
from catalog.client.errors import Conflict, InvalidInput
from catalog.client.places import cache_folder, write_in_one_step
from catalog.client.trees import LocalFile, absolute

SINGLE_MAX_BYTES = 64 * 2**20
"""Up to this size a file travels whole; a larger one in parts of this size, or larger where 10,000 would not do."""
PARTS_MAX = 10_000
FILE_MAX_BYTES = 5 * 2**40
"""What S3 takes as one object."""
_TERABYTE = 10**12
CHUNK_BYTES = 2**20
THREADS = 4
AT_REST_NS = 10 * 10**9
FORGOTTEN_AFTER_S = 90 * 86_400
KEEP_EVERY_S = 5.0


@dataclass(frozen=True)
class Digest:
    """The SHA-256 of a file and, where it travels in parts, of each part; in hexadecimal."""

    sha256: str
    part_sha256: tuple[str, ...] = ()


def part_size_of(size_bytes: int) -> int:
    """Return the size of each part but the last, in bytes; the server's rule."""
    size = SINGLE_MAX_BYTES
    while size * PARTS_MAX < size_bytes:
        size *= 2
    return size


def check_sizes(files: Sequence[LocalFile]) -> None:
    """Refuse (``InvalidInput``) what no store takes, before hours are spent on reading it."""
    for file in files:
        if file.size_bytes > FILE_MAX_BYTES:
            raise InvalidInput(
                f"{file.source} has {file.size_bytes / _TERABYTE:.3g} TB and a stored file at most "
                f"{FILE_MAX_BYTES / _TERABYTE:.3g} TB; split it, or register it in place",
                code="too-large",
            )


def digest_of(file: LocalFile, stop: Event | None = None, meter: Meter | None = None) -> Digest:
    """Read a file and return its digests; ``Conflict`` where it changes meanwhile, ``InvalidInput`` if unreadable."""
    whole = hashlib.sha256()
    in_parts = file.size_bytes > SINGLE_MAX_BYTES
    part_size, parts, part, seen = part_size_of(file.size_bytes), [], hashlib.sha256(), 0
    try:
        with file.source.open("rb") as opened:
            while chunk := opened.read(CHUNK_BYTES):
                if stop is not None and stop.is_set():
                    raise Stopped
                whole.update(chunk)
                seen += len(chunk)
                if in_parts:
                    part.update(chunk)
                    # A part ends where a chunk ends: 64 MiB is a multiple of 1 MiB, and only a file's last chunk is
                    # short.
                    if seen % part_size == 0:
                        parts.append(part.hexdigest())
                        part = hashlib.sha256()
                if meter is not None:
                    meter.advance(len(chunk))
    except OSError as error:
        raise InvalidInput(f"{file.source} cannot be read: {error.strerror}", code="unreadable") from error
    if in_parts and seen % part_size:
        parts.append(part.hexdigest())
    if seen != file.size_bytes or not file.is_as_it_was():
        raise changed(file)
    return Digest(whole.hexdigest(), tuple(parts))


def changed(file: LocalFile) -> Conflict:
    """Return the refusal for a file that does not hold still."""
    return Conflict(
        f"{file.source} changed while it was read; publish again once nobody writes to it", code="file-changed"
    )


def digests_of(files: Sequence[LocalFile], tell: Tell | None = None) -> dict[str, Digest]:
    """Return the digests of files by path, remembered ones without reading."""
    memory = _Memory(files)
    found = {file.path: known for file in files for known in [memory.recall(file)] if known is not None}
    meter = Meter(tell, "hashing", sum(file.size_bytes for file in files))
    meter.advance(sum(file.size_bytes for file in files if file.path in found))

    def read(file: LocalFile, stop: Event) -> tuple[LocalFile, Digest, int]:
        began_ns = time.time_ns()
        return file, digest_of(file, stop, meter), began_ns

    try:
        for file, digest, began_ns in share(read, [file for file in files if file.path not in found], THREADS):
            found[file.path] = digest
            memory.remember(file, digest, began_ns)
    finally:
        memory.keep()
    return found


class _Memory:
    """What was read of these files before; one small file in the cache folder for each set of files' common folder.

    Losing it costs time only, so that every failure of reading or writing it is passed over.
    """

    def __init__(self, files: Sequence[LocalFile]) -> None:
        sources = [str(absolute(file.source)) for file in files]
        common = os.path.commonpath(sources) if _one_drive(sources) else "several"
        name = hashlib.sha256(common.encode("utf-8", "surrogatepass")).hexdigest()
        self._path = cache_folder() / "digests" / f"{name[:32]}.json"
        self._kept_at = time.monotonic()
        self._new = False
        try:
            known = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            known = {}
        self._known: dict[str, list[object]] = known if isinstance(known, dict) else {}

    def recall(self, file: LocalFile) -> Digest | None:
        known = self._known.get(str(absolute(file.source)))
        signs = _signs(file.source)
        if not isinstance(known, list) or signs is None or known[:-2] != signs or not file.is_as_it_was():
            return None
        return Digest(str(known[-2]), tuple(map(str, known[-1]))) if isinstance(known[-1], list) else None

    def remember(self, file: LocalFile, digest: Digest, began_ns: int) -> None:
        signs = _signs(file.source)
        if signs is None or began_ns - max(signs[3:5]) < AT_REST_NS:
            return
        self._known[str(absolute(file.source))] = [*signs, digest.sha256, list(digest.part_sha256)]
        self._new = True
        if time.monotonic() - self._kept_at > KEEP_EVERY_S:
            self.keep()

    def keep(self) -> None:
        if not self._new:
            return
        self._new, self._kept_at = False, time.monotonic()
        try:
            write_in_one_step(self._path, json.dumps(self._known).encode())
            for path in self._path.parent.glob("*.json"):
                if time.time() - path.stat().st_mtime > FORGOTTEN_AFTER_S:
                    path.unlink()
        except OSError:
            return


def _signs(source: Path) -> list[int] | None:
    try:
        found = source.stat()
    except OSError:
        return None
    return [found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns]


def _one_drive(sources: Sequence[str]) -> bool:
    return len({os.path.splitdrive(source)[0] for source in sources}) == 1
