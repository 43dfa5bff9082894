"""What the server answers about jobs.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class Job:
    """One piece of owed work."""

    id: UUID
    kind: str
    about: str | None
    """The version that it is about, as CODE@NUMBER; null for everything else."""
    subject_id: UUID
    lane: str
    state: str
    attempts: int
    progress: float
    error: str | None
    worker: str | None
    due_at: datetime
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def read(cls, found: Json) -> Job:
        """Read Job from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            kind=found["kind"],
            about=found.get("about"),
            subject_id=UUID(found["subject_id"]),
            lane=found["lane"],
            state=found["state"],
            attempts=found["attempts"],
            progress=found["progress"],
            error=found.get("error"),
            worker=found.get("worker"),
            due_at=moment(found["due_at"]),
            created_at=moment(found["created_at"]),
            started_at=None if found.get("started_at") is None else moment(found["started_at"]),
            ended_at=None if found.get("ended_at") is None else moment(found["ended_at"]),
        )
