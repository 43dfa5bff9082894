"""Addresses of the store for many files: some are asked for at a time, and the store gives the bytes itself.

An address lives a minute. Of many small files some hundred are read in that time, so asking for each by itself would
cost the server more than giving the bytes; and the ledger would have an entry for each.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from catalog.client.errors import CatalogError
from catalog.client.nouns.resolutions import ResolutionsOperations

if TYPE_CHECKING:
    from catalog.client.answers.files import ResolvedFile
    from catalog.client.connection import Connection

FILES_MAX = 200
BATCH_BYTES = 64 * 2**20
FRESH_S = 40.0


class Addresses:
    """Gives addresses of the files of one version, asked for in the order in which they are pulled. For threads."""

    def __init__(self, connection: Connection, entity: str, use: Mapping[str, Any]) -> None:
        self._resolutions = ResolutionsOperations(connection)
        self._entity = entity
        self._use = dict(use)
        self._lock = threading.Lock()
        self._known: dict[str, tuple[str, float]] = {}
        self._coming: list[ResolvedFile] = []

    def expect(self, files: Sequence[ResolvedFile]) -> None:
        """Say what will be asked for, in order."""
        self._coming = list(files)

    def find(self, file: ResolvedFile) -> str | None:
        """Return a fresh address of a file; None where the file's own address at the server has to do."""
        with self._lock:
            url, asked_at = self._known.pop(file.path, ("", 0.0))
            if not url or time.monotonic() - asked_at > FRESH_S:
                self._ask(file)
                url, _ = self._known.pop(file.path, ("", 0.0))
        return url if url.startswith(("http://", "https://")) else None

    def _ask(self, file: ResolvedFile) -> None:
        """Ask for the file and those that come next, as many as are read before their addresses are stale."""
        batch = self._batch(file)
        references = [f"{self._entity}/files/{quote(one.path)}" for one in batch]
        asked_at = time.monotonic()
        try:
            answers = self._resolutions.create(references=references, pull=True, direct=True, **self._use).items
        except CatalogError:
            return  # the file's own address says why
        for one, answer in zip(batch, answers):
            for found in answer.files:
                self._known[one.path] = (found.url or "", asked_at)

    def _batch(self, file: ResolvedFile) -> list[ResolvedFile]:
        at = next((n for n, one in enumerate(self._coming) if one.path == file.path), None)
        if at is None:
            return [file]
        batch, size_bytes = [file], file.size_bytes
        for one in self._coming[at + 1 :]:
            size_bytes += one.size_bytes
            if len(batch) == FILES_MAX or size_bytes > BATCH_BYTES:
                break
            batch.append(one)
        # What stands before it was asked for by another thread, or is there.
        del self._coming[: at + len(batch)]
        return batch
