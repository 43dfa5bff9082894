"""What can happen to search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from catalog.ledger.event import Event


@dataclass(frozen=True, kw_only=True)
class SynonymsChanged(Event):
    """Other words mean the same from now on: lines that were added, and lines that were taken out."""

    name: ClassVar[str] = "synonyms.changed"
    about: ClassVar[str] = "synonyms_id"
    synonyms_id: UUID
    added: tuple[str, ...]
    removed: tuple[str, ...]
