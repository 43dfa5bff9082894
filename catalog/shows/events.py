"""What can happen to shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from catalog.ledger.event import Event


@dataclass(frozen=True, kw_only=True)
class ShowCreated(Event):
    """A show can be the home of assets from now on."""

    name: ClassVar[str] = "show.created"
    about: ClassVar[str] = "show_id"
    show_id: UUID
    code: str
    title: str
    audience: tuple[str, ...] | None
    reviewed: bool = False


@dataclass(frozen=True, kw_only=True)
class ShowChanged(Event):
    """A show's name, description or audience changed; with the audience, who sees its assets."""

    name: ClassVar[str] = "show.changed"
    about: ClassVar[str] = "show_id"
    show_id: UUID
    changes: dict[str, Any]
