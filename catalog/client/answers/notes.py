"""What the server answers about notes.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class Note:
    """What somebody said of a version."""

    id: UUID
    asset: str
    version: int
    text: str
    author: str | None
    """Login."""
    created_at: datetime
    edited_at: datetime | None
    """When its text was last changed."""
    revision: int

    @classmethod
    def read(cls, found: Json) -> Note:
        """Read Note from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            asset=found["asset"],
            version=found["version"],
            text=found["text"],
            author=found.get("author"),
            created_at=moment(found["created_at"]),
            edited_at=None if found.get("edited_at") is None else moment(found["edited_at"]),
            revision=found["revision"],
        )
