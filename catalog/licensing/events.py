"""What can happen at the gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from catalog.ledger.event import Event


@dataclass(frozen=True, kw_only=True)
class FilesReleased(Event):
    """Originals were let out: one entry, however many files and assets it covers."""

    name: ClassVar[str] = "files.released"
    about: ClassVar[str] = "admission_id"
    admission_id: UUID
    asset_ids: tuple[UUID, ...]
    version_ids: tuple[UUID, ...]
    how: str
    use: dict[str, Any]
    files: tuple[dict[str, Any], ...]
    """What was let out of each version: ``version`` (its id), ``asset`` (its code), ``number``, and ``paths``, or None
    for all of it."""
