"""What the server answers about edits.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class Edit:
    """A bulk edit, and how many of its assets stand in each state."""

    id: UUID
    state: str
    change: dict[str, Any]
    """What it does to every asset; empty where somebody else began it and you may not know of them all."""
    search: str | None
    by: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    total: int
    """Assets that it is for."""
    planned: int
    """Will change, as previewed."""
    same: int
    """Are so already."""
    refused: int
    """Are left out; `reasons` say why."""
    applied: int
    left: int
    """Were other than previewed when their turn came, and were left alone."""
    undone: int
    kept: int
    """Could not be set back whole: somebody changed them since."""
    reasons: dict[str, int]
    """How many were left alone, by reason."""
    unknown: list[str]
    """Names that are no asset's."""
    progress: float
    """From 0 to 1, of the run or of its undoing."""
    problem: str | None
    """Why it was stopped, where no person did."""

    @classmethod
    def read(cls, found: Json) -> Edit:
        """Read Edit from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            state=found["state"],
            change=found["change"],
            search=found.get("search"),
            by=found.get("by"),
            created_at=moment(found["created_at"]),
            started_at=None if found.get("started_at") is None else moment(found["started_at"]),
            ended_at=None if found.get("ended_at") is None else moment(found["ended_at"]),
            total=found["total"],
            planned=found["planned"],
            same=found["same"],
            refused=found["refused"],
            applied=found["applied"],
            left=found["left"],
            undone=found["undone"],
            kept=found["kept"],
            reasons=found["reasons"],
            unknown=found["unknown"],
            progress=found["progress"],
            problem=found.get("problem"),
        )


@dataclass(frozen=True)
class EditedAsset:
    """One asset of a bulk edit."""

    asset: str
    name: str
    state: str
    reason: str | None
    changes: dict[str, Any]
    """[before, after] by field."""
    since: list[str]
    """Fields that others had changed when its turn came."""

    @classmethod
    def read(cls, found: Json) -> EditedAsset:
        """Read EditedAsset from what a JSON document holds."""
        return cls(
            asset=found["asset"],
            name=found["name"],
            state=found["state"],
            reason=found.get("reason"),
            changes=found["changes"],
            since=found["since"],
        )
