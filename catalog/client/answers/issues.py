"""What the server answers about issues.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class Issue:
    """Something that is known to be wrong with a version, and with later ones until one closes it."""

    id: UUID
    asset: str
    version: int
    """The version that it was found in."""
    text: str
    state: str
    severity: str
    assignee: str | None
    """Login of who sees to it."""
    closing_version: int | None
    """The version that fixes it; null: open, or closed as none."""
    author: str | None
    """Login."""
    created_at: datetime
    edited_at: datetime | None
    """When its text was last changed."""
    closed_at: datetime | None
    revision: int

    @classmethod
    def read(cls, found: Json) -> Issue:
        """Read Issue from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            asset=found["asset"],
            version=found["version"],
            text=found["text"],
            state=found["state"],
            severity=found["severity"],
            assignee=found.get("assignee"),
            closing_version=found.get("closing_version"),
            author=found.get("author"),
            created_at=moment(found["created_at"]),
            edited_at=None if found.get("edited_at") is None else moment(found["edited_at"]),
            closed_at=None if found.get("closed_at") is None else moment(found["closed_at"]),
            revision=found["revision"],
        )
