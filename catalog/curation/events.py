"""What can happen to bulk edits. What they do to assets is told of each asset: ``asset.changed``, ``asset.retired``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from catalog.ledger.event import Event


@dataclass(frozen=True, kw_only=True)
class EditStarted(Event):
    """A bulk edit was let loose on so many assets; the entries of what it changes have its id as their request."""

    name: ClassVar[str] = "edit.started"
    about: ClassVar[str] = "edit_id"
    edit_id: UUID
    instruction: dict[str, Any]
    assets: int


@dataclass(frozen=True, kw_only=True)
class EditCancelled(Event):
    """A bulk edit was stopped by a person before its end; so many assets were left as they were."""

    name: ClassVar[str] = "edit.cancelled"
    about: ClassVar[str] = "edit_id"
    edit_id: UUID
    left: int


@dataclass(frozen=True, kw_only=True)
class EditUndone(Event):
    """What a bulk edit wrote to so many assets is being set back, where it is what stands there still."""

    name: ClassVar[str] = "edit.undone"
    about: ClassVar[str] = "edit_id"
    edit_id: UUID
    assets: int
