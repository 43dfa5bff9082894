"""The local cache of contents: bytes by their digest, shared by all processes of this machine.

::

    contents/ab/cd/<sha256>         read-only; a hard link of it stands wherever the content was pulled to
    contents/ab/cd/<sha256>.seen    its size and time when it was last checked
    contents/ab/cd/<sha256>.part    what has arrived of it; the next one goes on there
    contents/ab/cd/<sha256>.lock    one process brings it, the others wait

A content is trusted while its size and time are those of its last check, and is read again otherwise: whoever makes a
pulled file writable and edits it in place changes the cache's, too, because they are one file.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from catalog.client.crew import Stopped
from catalog.client.errors import InvalidInput, Unavailable
from catalog.client.locks import alone
from catalog.client.places import usable, write_in_one_step

CHUNK_BYTES = 2**20
READ_ONLY = 0o444
_SHA256 = re.compile(r"[0-9a-f]{64}")

Bring = Callable[[int], Iterator[bytes]]
"""Yields the bytes of a content from an offset on; ``Rewound`` where the source can only begin at the beginning."""


class Rewound(Exception):
    """A source cannot go on at an offset; it is asked again from the beginning."""


@dataclass(frozen=True)
class Pruned:
    """What a prune removed."""

    contents: int
    size_bytes: int


@dataclass(frozen=True)
class Contents:
    """The cache in one folder."""

    folder: Path

    def place(self, sha256: str, size_bytes: int, target: Path, bring: Bring, stop: Event) -> None:
        """Put a content at ``target``, which appears whole or not at all, read-only; brought once for all processes.

        ``target``'s folder is there, and a file that stood at ``target`` is replaced. Raises ``Unavailable`` where
        what was brought is not this content.
        """
        while True:
            kept = self._bring(sha256, size_bytes, bring, stop)
            remove(target)
            # A prune may take it away at this very moment; then it is brought again.
            with suppress(FileNotFoundError):
                _link_or_copy(kept, target, stop)
                return

    def prune(self, unused_s: float) -> Pruned:
        """Remove contents that no pulled folder links to and that nobody pulled for so long, and broken-off downloads.

        Safe while others pull. What was copied because it could not be linked counts by its last use only.
        """
        removed = removed_bytes = 0
        for path in [*self.folder.glob("??/??/*")]:
            if path.suffix in {".seen", ".lock"} or not _is_idle(path, unused_s):
                continue
            with alone(path.with_name(f"{path.name.partition('.')[0]}.lock")), suppress(FileNotFoundError):
                if _is_idle(path, unused_s):
                    size_bytes = path.stat().st_size
                    path.with_name(f"{path.name}.seen").unlink(missing_ok=True)
                    remove(path)
                    removed, removed_bytes = removed + 1, removed_bytes + size_bytes
        return Pruned(removed, removed_bytes)

    def _bring(self, sha256: str, size_bytes: int, bring: Bring, stop: Event) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise InvalidInput(f"{sha256[:80]!r} is no SHA-256; the server's answer is not used", code="bad-digest")
        kept = self.folder / sha256[:2] / sha256[2:4] / sha256
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_as_checked(kept):
            return kept
        with alone(kept.with_name(f"{sha256}.lock")):
            if _is_as_checked(kept) or _holds(kept, sha256, stop):
                return kept
            kept.unlink(missing_ok=True)
            self._receive(kept, sha256, size_bytes, bring, stop)
        return kept

    def _receive(self, kept: Path, sha256: str, size_bytes: int, bring: Bring, stop: Event) -> None:
        part = kept.with_name(f"{sha256}.part")
        found = _append(part, size_bytes, bring, stop)
        if found != (sha256, size_bytes):
            part.unlink(missing_ok=True)
            raise Unavailable(
                f"{sha256[:12]}… arrived with {found[1]} bytes and digest {found[0][:12]}…, not {size_bytes} bytes "
                "and its own; pull again, and tell an operator if it stays so",
                code="altered-content",
            )
        part.chmod(READ_ONLY)
        part.replace(kept)
        _note(kept)


def _append(part: Path, size_bytes: int, bring: Bring, stop: Event) -> tuple[str, int]:
    """Bring what is missing of a file; return the digest and size of all of it."""
    digest = hashlib.sha256()
    with part.open("a+b") as file:
        file.seek(0)
        there = 0
        for chunk in iter(lambda: file.read(CHUNK_BYTES), b""):
            digest.update(chunk)
            there += len(chunk)
        if there > size_bytes:
            file.truncate(0)
            there, digest = 0, hashlib.sha256()
        try:
            chunks = bring(there) if there < size_bytes else iter(())
            there += _write(file, chunks, digest, stop)
        except Rewound:
            file.truncate(0)
            digest = hashlib.sha256()
            there = _write(file, bring(0), digest, stop)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), there


def _write(file: object, chunks: Iterator[bytes], digest: hashlib._Hash, stop: Event) -> int:
    written = 0
    for chunk in chunks:
        if stop.is_set():
            raise Stopped
        file.write(chunk)  # type: ignore[attr-defined]  # a file object, wrapped
        digest.update(chunk)
        written += len(chunk)
    return written


def write_whole(target: Path, chunks: Iterable[bytes]) -> None:
    """Write a file that appears whole or not at all: what is there stays until the last chunk has come.

    What is no file of bytes, such as ``/dev/stdout``, is written as it comes.
    """
    with usable(target):
        if target.exists() and not target.is_file():
            with target.open("wb") as sink:
                sink.writelines(chunks)
            return
        beside = target.with_name(f".{target.name[:200]}.pulling")
        try:
            with beside.open("wb") as file:
                file.writelines(chunks)
            beside.replace(target)
        finally:
            remove(beside)


def remove(path: Path) -> None:
    """Remove a file where there is one, also a read-only one of Windows."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        path.chmod(0o600)
        path.unlink(missing_ok=True)


def _link_or_copy(kept: Path, target: Path, stop: Event) -> None:
    with suppress(OSError):
        # When it was last used; the file's own time is what it is trusted by.
        os.utime(kept.with_name(f"{kept.name}.seen"))
    try:
        os.link(kept, target)
    except FileNotFoundError:
        raise
    except OSError:  # another file system, or one that has no hard links, or as many as it can have
        _copy(kept, target, stop)


def _is_idle(path: Path, unused_s: float) -> bool:
    """Whether no folder links to a content and nobody used it for so long."""
    try:
        found = path.stat()
    except OSError:
        return False
    used_at = found.st_mtime
    with suppress(OSError):
        used_at = max(used_at, path.with_name(f"{path.name}.seen").stat().st_mtime)
    return found.st_nlink == 1 and time.time() - used_at > unused_s


def _copy(kept: Path, target: Path, stop: Event) -> None:
    beside = target.with_name(f".{target.name[:200]}.pulling")
    with kept.open("rb") as source, beside.open("wb") as copy:
        while chunk := source.read(CHUNK_BYTES):
            if stop.is_set():
                raise Stopped
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    beside.chmod(READ_ONLY)
    beside.replace(target)


def _is_as_checked(kept: Path) -> bool:
    try:
        found = kept.stat()
        return kept.with_name(f"{kept.name}.seen").read_text(encoding="ascii") == f"{found.st_size} {found.st_mtime_ns}"
    except (OSError, ValueError):
        return False


def _holds(kept: Path, sha256: str, stop: Event) -> bool:
    """Whether a file has the content of its name; notes it if so."""
    if not kept.exists() or sha256_of(kept, stop) != sha256:
        return False
    kept.chmod(READ_ONLY)
    _note(kept)
    return True


def _note(kept: Path) -> None:
    found = kept.stat()
    with suppress(OSError):
        write_in_one_step(kept.with_name(f"{kept.name}.seen"), f"{found.st_size} {found.st_mtime_ns}".encode("ascii"))


def sha256_of(path: Path, stop: Event) -> str:
    """Return the digest of a file; ``Stopped`` when all are to end."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            if stop.is_set():
                raise Stopped
            digest.update(chunk)
    return digest.hexdigest()
