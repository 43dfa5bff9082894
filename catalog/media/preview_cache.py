"""The local cache of previews: bounded, filled from the store, safe to delete at any time.

Files are named by the digest of their bytes, so that a kept one is always right; they are written beside and renamed, so
that nobody reads half of one. The oldest-used go first once the bound is passed.
"""

from __future__ import annotations

import os
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog.storage.port import BlobStore

LOOK_EVERY = 256
"""Additions between two looks at the size of the cache."""


@dataclass(kw_only=True)
class PreviewCache:
    """Previews near the process that serves them; at most about ``limit_bytes``."""

    folder: Path
    derived: BlobStore
    limit_bytes: int
    _added: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, sha256: str, key: str) -> bytes:
        """Return a preview's bytes; ``NotFound`` where the derived bucket was emptied and not refilled yet."""
        path = self.folder / sha256[:2] / sha256
        with suppress(OSError):
            body = path.read_bytes()
            os.utime(path)
            return body
        body = b"".join(self.derived.open(key))
        self._keep(path, body)
        return body

    def _keep(self, path: Path, body: bytes) -> None:
        with suppress(OSError):  # a full disk must not keep a picture from being shown
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as beside:
                beside.write(body)
            Path(beside.name).replace(path)
        with self._lock:
            self._added += 1
            due = self._added % LOOK_EVERY == 0
        if due:
            self._trim()

    def _trim(self) -> None:
        kept = [(stat.st_mtime, stat.st_size, path) for path in self.folder.glob("*/*") if (stat := _stat(path))]
        excess = sum(size for _, size, _ in kept) - self.limit_bytes
        for _, size, path in sorted(kept):
            if excess <= 0:
                return
            path.unlink(missing_ok=True)
            excess -= size


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None
