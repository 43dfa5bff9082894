"""A folder of Whoosh files that survives a power cut and is read without being copied.

Whoosh itself never calls fsync, keeps no checksums, and copies every mapped segment into private memory. This storage
syncs each segment before the table of contents that names it, and that before it is renamed into place; it keeps the
CRC-32 of each segment beside it and that of the contents at their end; and it hands out views of the mapped file, so
that all processes share one copy in the page cache.
"""

from __future__ import annotations

import mmap
import os
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

SEGMENT = ".seg"
CONTENTS = ".toc"
CHECKSUM = ".crc"
CHUNK = 1024 * 1024


class DurableStorage(FileStorage):  # type: ignore[misc] # Whoosh 2.7.4 has no types
    """What Whoosh reads and writes through."""

    def __init__(self, folder: Path) -> None:
        # Whoosh must not map files by itself: what it maps, it copies.
        super().__init__(str(folder), supports_mmap=False)

    def create_file(self, name: str, *args: Any, **options: Any) -> StructFile:  # noqa: ANN401 — Whoosh's signature
        """Create a file; a segment or table of contents is on the disk before it counts as closed."""
        if name.endswith(SEGMENT):
            options["onclose"] = self._seal
        elif CONTENTS in name:
            options["onclose"] = self._sign
        return super().create_file(name, *args, **options)

    def open_file(self, name: str, *args: Any, **options: Any) -> StructFile:  # noqa: ANN401 — Whoosh's signature
        """Open a file; a segment is mapped, a table of contents read, so that neither is left open by a failure."""
        path = Path(self.folder, name)
        if name.endswith(CONTENTS):
            return StructFile(BytesIO(_signed(path)), name=name)
        if not name.endswith(SEGMENT):
            return super().open_file(name, *args, **options)
        with path.open("rb") as file:
            return MappedFile(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)), name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:  # noqa: FBT001, FBT002 — Whoosh's signature
        """Rename a file; the new name is on the disk when this returns."""
        super().rename_file(oldname, newname, safe=safe)
        sync_folder(Path(self.folder))

    def lock(self, name: str) -> HeldAlready:  # noqa: ARG002 — Whoosh's signature
        """Return Whoosh's own lock, which is never needed: ``IndexFolder.writing`` admits one writer at a time."""
        return HeldAlready()

    def check(self, name: str) -> None:
        """Read a segment once and raise ``ValueError`` unless it is what was written."""
        path = Path(self.folder, name)
        kept = path.with_name(name + CHECKSUM).read_text(encoding="ascii")
        if kept != _checksum(path):
            message = f"{name} is not what was written"
            raise ValueError(message)

    def _sign(self, file: StructFile) -> None:
        """Put a table of contents on the disk, with its checksum at the end, where Whoosh does not look."""
        file.flush()
        file.write(_checksum(Path(self.folder, str(file))).encode())
        _sync(file)

    def _seal(self, file: StructFile) -> None:
        """Put a segment on the disk, and its checksum beside it. Whoosh removes both together."""
        _sync(file)
        path = Path(self.folder, str(file))
        with path.with_name(path.name + CHECKSUM).open("w", encoding="ascii") as beside:
            beside.write(_checksum(path))
            beside.flush()
            os.fsync(beside.fileno())


class HeldAlready:
    """A lock for those who hold another. Whoosh keeps its own locked for good when a writer cannot be made."""

    def acquire(self, blocking: bool = False) -> bool:  # noqa: ARG002, FBT001, FBT002 — Whoosh's signature
        """Say that the lock is held."""
        return True

    def release(self) -> None:
        """Do nothing."""


class MappedFile(StructFile):  # type: ignore[misc] # Whoosh 2.7.4 has no types
    """A part of a mapped file; its own parts are views too."""

    def __init__(self, view: memoryview, name: str | None = None) -> None:
        super().__init__(_ViewReader(view), name=name)
        self._view = view

    def subset(self, offset: int, length: int, name: str | None = None) -> MappedFile:
        """Return a part of this part."""
        return MappedFile(self._view[offset : offset + length], name)

    def get(self, position: int, length: int) -> bytes:
        """Return bytes from a place, without moving."""
        return bytes(self._view[position : position + length])


class _ViewReader:
    """A binary file over a memory view."""

    def __init__(self, view: memoryview) -> None:
        self._view = view
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        end = len(self._view) if size < 0 else self._at + size
        found = bytes(self._view[self._at : end])
        self._at += len(found)
        return found

    def readline(self) -> bytes:
        """Return bytes up to the next line feed; pickles need it."""
        ahead = bytes(self._view[self._at : self._at + 4096])
        return self.read(ahead.find(b"\n") + 1 or len(ahead))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._view)}[whence]
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        self._view.release()


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checksum(path: Path) -> str:
    crc = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            crc = zlib.crc32(chunk, crc)
    return f"{crc:08x}"


def _signed(path: Path) -> bytes:
    content = path.read_bytes()
    if content[-8:] != f"{zlib.crc32(content[:-8]):08x}".encode():
        message = f"{path.name} is not what was written"
        raise ValueError(message)
    return content


def _sync(file: StructFile) -> None:
    file.flush()
    os.fsync(file.fileno())
