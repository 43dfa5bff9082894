"""A bounded folder of previews in front of the derived bucket, so that a web process does not ask the store for each.

Files are named by their digest, so nothing in here can be stale; whoever may see a preview was decided before.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from catalog.kernel.errors import NotFound
from catalog.storage.keys import checked_digest
from catalog.storage.port import BlobStore

LARGEST_BYTES = 64 * 2**20
_IN_MEMORY_BYTES = 2**20
_ENDING = ".preview"


class PreviewCache:
    """Previews by digest; the ones that were read longest ago make room. Safe in many threads and processes."""

    def __init__(self, *, folder: Path, derived: BlobStore, limit_bytes: int) -> None:
        self._folder = folder
        self._derived = derived
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._sizes: OrderedDict[str, int] | None = None
        """Digest and size, the longest unread first; read from the folder when it is first needed."""
        self._total_bytes = 0

    def open(self, sha256: str, key: str) -> BinaryIO:
        """A file with the bytes of this digest, fetched from ``key`` of the derived bucket where they are not kept yet.

        It stays readable when it makes room for others. ``NotFound`` where the bucket was emptied and the preview is
        not made again yet.
        """
        path = self._path(checked_digest(sha256))
        with suppress(OSError):
            kept = path.open("rb")
            self._remember(sha256, os.fstat(kept.fileno()).st_size)
            return kept
        fetched, size_bytes = self._fetched(sha256, key)
        if self._keep(path, fetched):
            self._remember(sha256, size_bytes)
        fetched.seek(0)
        return fetched

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}{_ENDING}"

    def _fetched(self, sha256: str, key: str) -> tuple[BinaryIO, int]:
        """The bytes, in memory while they are few, and how many they are; only what has the digest is given out."""
        content = cast("BinaryIO", tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES))  # noqa: SIM115 — the caller closes it
        digest = hashlib.sha256()
        try:
            for chunk in self._derived.open(key):
                content.write(chunk)
                digest.update(chunk)
                if content.tell() > LARGEST_BYTES:
                    break
            if digest.hexdigest() == sha256 and content.tell() <= LARGEST_BYTES:
                return content, content.tell()
        except BaseException:
            content.close()
            raise
        content.close()
        # Another version of the tool has taken the key's place; its own row is about to be read instead.
        raise NotFound(f"the preview {sha256[:12]}… is being made again; ask in a moment", code="preview-replaced")

    def _keep(self, path: Path, content: BinaryIO) -> bool:
        """Write beside, then rename, so that a reader sees a whole file or none; a full disk costs only speed."""
        with suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            content.seek(0)
            descriptor, temporary = tempfile.mkstemp(dir=path.parent)
            try:
                with os.fdopen(descriptor, "wb") as written:
                    shutil.copyfileobj(content, written)
                Path(temporary).replace(path)
            except OSError:
                Path(temporary).unlink(missing_ok=True)
                raise
            return True
        return False

    def _remember(self, sha256: str, size_bytes: int) -> None:
        with self._lock:
            sizes = self._sizes if self._sizes is not None else self._found()
            self._total_bytes += size_bytes - sizes.pop(sha256, 0)
            sizes[sha256] = size_bytes
            while self._total_bytes > self._limit_bytes and len(sizes) > 1:
                oldest, freed = sizes.popitem(last=False)
                self._path(oldest).unlink(missing_ok=True)
                self._total_bytes -= freed

    def _found(self) -> OrderedDict[str, int]:
        """What an earlier process left, the longest unread first."""
        states = []
        for path in self._folder.glob(f"*/*{_ENDING}"):
            with suppress(FileNotFoundError):
                states.append((path.stat().st_atime, path.stem, path.stat().st_size))
        self._sizes = OrderedDict((name, size) for _, name, size in sorted(states))
        self._total_bytes = sum(self._sizes.values())
        return self._sizes
