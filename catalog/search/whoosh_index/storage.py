"""A folder of Whoosh files that survives a power cut and is read without being copied.

Whoosh itself never calls fsync, keeps no checksums, and copies every mapped segment into private memory. This storage
syncs each segment before the table of contents that names it, and that before it is renamed into place; it keeps the
CRC-32 of each segment beside it and that of the contents at their end; and it hands out segments as they lie in the
page cache, so that all processes share one copy.
"""

from __future__ import annotations

import mmap
import os
import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

from catalog.search.whoosh_index.arrays import Arrays, write_arrays

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
        """Create a file; a table of contents is on the disk before it counts as closed."""
        if CONTENTS in name:
            options["onclose"] = self._sign
        return super().create_file(name, *args, **options)

    def open_file(self, name: str, *args: Any, **options: Any) -> StructFile:  # noqa: ANN401 — Whoosh's signature
        """Open a file; a table of contents is read whole, so that it is not left open by a failure."""
        if name.endswith(CONTENTS):
            return StructFile(BytesIO(_signed(Path(self.folder, name))), name=name)
        return super().open_file(name, *args, **options)

    def save(self, name: str, arrays: Iterable[Arrays]) -> None:
        """Put a segment on the disk, and its checksum beside it. Whoosh removes both together."""
        path = Path(self.folder, name)
        with path.open("wb") as file:
            counted = _Counted(file)
            write_arrays(counted, arrays)
            _sync(file)
        with path.with_name(name + CHECKSUM).open("wb") as beside:
            beside.write(f"{counted.crc:08x}".encode())
            _sync(beside)

    def mapped(self, name: str) -> memoryview:
        """Return a file as the page cache has it: nothing is copied, and it stays readable when it is removed."""
        with Path(self.folder, name).open("rb") as file:
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:  # noqa: FBT001, FBT002 — Whoosh's signature
        """Rename a file; the new name is on the disk when this returns."""
        super().rename_file(oldname, newname, safe=safe)
        sync_folder(Path(self.folder))

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


class _Counted:
    """Passes bytes on to a file and sums them up."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.crc = 0

    def write(self, content: bytes | memoryview) -> None:
        self.crc = zlib.crc32(content, self.crc)
        self._file.write(content)


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


def _sync(file: StructFile | BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
