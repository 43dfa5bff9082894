"""The manifest of a version: which bytes under which paths, and what each file is for. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.assets.naming import checked_paths, find_fault
from catalog.assets.roles import role_of
from catalog.assets.vocabulary import Custody, FileRole
from catalog.kernel.errors import FieldError, InvalidInput
from catalog.storage.keys import checked_digest
from catalog.storage.port import PARTS_MAX, SINGLE_MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FILES_MAX = 50_000
SIZE_MAX_BYTES = 5 * 2**40


@dataclass(frozen=True, kw_only=True)
class FileEntry:
    """One file of a version to be. ``root_path`` is where a referenced file lies under ``root``."""

    path: str
    sha256: str
    size_bytes: int
    role: FileRole | None = None
    custody: Custody = Custody.STORED
    root: str | None = None
    root_path: str | None = None
    part_sha256: tuple[str, ...] = ()


def part_size_of(size_bytes: int) -> int:
    """Return the size of each part but the last, in bytes: 64 MiB, doubled until 10,000 parts are enough."""
    size = SINGLE_MAX_BYTES
    while size * PARTS_MAX < size_bytes:
        size *= 2
    return size


def part_count_of(size_bytes: int) -> int:
    """Return in how many parts a blob travels; 0 where it travels whole."""
    return 0 if size_bytes <= SINGLE_MAX_BYTES else -(-size_bytes // part_size_of(size_bytes))


def checked_entries(entries: Sequence[FileEntry]) -> list[FileEntry]:
    """Return the entries with checked paths and a role each; ``InvalidInput`` names every field that is wrong."""
    if not 1 <= len(entries) <= FILES_MAX:
        raise InvalidInput(f"a version has 1 to {FILES_MAX} files, this one {len(entries)}", code="bad-file-count")
    errors = [
        FieldError(field=f"files.{n}.{field}", message=why)
        for n, one in enumerate(entries)
        for field, why in _faults(one)
    ]
    if errors:
        raise InvalidInput(f"{errors[0].field}: {errors[0].message}", code="bad-file", errors=errors[:50])
    sizes: dict[str, int] = {}
    for entry in entries:
        if sizes.setdefault(entry.sha256, entry.size_bytes) != entry.size_bytes:
            raise InvalidInput(
                f"digest {entry.sha256[:12]}… is given with sizes {sizes[entry.sha256]} and {entry.size_bytes}",
                code="bad-file",
            )
    paths = checked_paths(entry.path for entry in entries)
    return [
        FileEntry(
            path=path,
            sha256=entry.sha256,
            size_bytes=entry.size_bytes,
            role=entry.role or role_of(path),
            custody=entry.custody,
            root=entry.root,
            root_path=entry.root_path,
            part_sha256=entry.part_sha256,
        )
        for path, entry in zip(paths, entries, strict=True)
    ]


def _faults(entry: FileEntry) -> Iterable[tuple[str, str]]:
    if fault := _digest_fault(entry.sha256):
        yield "sha256", fault
    if not 0 <= entry.size_bytes <= SIZE_MAX_BYTES:
        yield "size_bytes", f"{entry.size_bytes} is not between 0 and {SIZE_MAX_BYTES}"
    elif entry.custody is Custody.STORED:
        yield from _part_faults(entry)
    if (entry.custody is Custody.REFERENCED) != (entry.root is not None):
        yield "root", "a referenced file names its root, a stored one has none"
    if entry.root_path is not None and (fault := find_fault(entry.root_path)):
        yield "root_path", f"path {entry.root_path[:200]!r} {fault}"


def _part_faults(entry: FileEntry) -> Iterable[tuple[str, str]]:
    count = part_count_of(entry.size_bytes)
    if len(entry.part_sha256) != count:
        size = part_size_of(entry.size_bytes)
        yield (
            "part_sha256",
            f"a file of {entry.size_bytes} bytes travels in {count} parts of {size} bytes; give the digest of each",
        )
    if fault := next(filter(None, map(_digest_fault, entry.part_sha256)), None):
        yield "part_sha256", f"a part's digest is wrong: {fault}"


def _digest_fault(sha256: str) -> str | None:
    try:
        checked_digest(sha256)
    except InvalidInput as refusal:
        return refusal.message
    return None


def manifest_sha256(files: Iterable[FileEntry]) -> str:
    """Return the identity of a tree of checked files: SHA-256 over the sorted lines ``<sha256> <role> <path>``.

    Roles count, because they choose what a version shows of itself.
    """
    lines = sorted(f"{file.sha256} {file.role} {file.path}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
