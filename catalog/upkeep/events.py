"""What operators can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from catalog.ledger.event import Event


@dataclass(frozen=True, kw_only=True)
class JobRetried(Event):
    """A dead letter was given another chance."""

    name: ClassVar[str] = "job.retried"
    about: ClassVar[str] = "job_id"
    job_id: UUID
    kind: str
