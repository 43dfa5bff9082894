"""When a job that failed is tried again: one policy for each thing that can be to blame. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from catalog.jobs.vocabulary import Blame

if TYPE_CHECKING:
    from datetime import datetime

    from catalog.jobs.vocabulary import JobKind

SILENCES_MAX = 12
"""A worker seldom dies of its job, for what is untrusted runs in children: it takes more deaths than failures."""
PATIENCE = timedelta(days=1)
"""How long a job is tried again while a part of the installation is away."""
AWAY_WAIT_MAX = timedelta(seconds=30)
"""Somebody waits for the part to come back, and finding that it has not is cheap."""


def next_attempt(
    kind: JobKind, blame: Blame, *, attempt: int, failing_since: datetime, now: datetime
) -> datetime | None:
    """Return when to try again what failed at this attempt (the first is 1), None where that is hopeless."""
    wait = kind.wait_before(attempt + 1)
    match blame:
        case Blame.JOB:
            return now + wait if attempt < kind.attempts else None
        case Blame.WORKER:
            return now + wait if attempt < SILENCES_MAX else None
        case Blame.PART:
            return now + min(wait, AWAY_WAIT_MAX) if now - failing_since <= PATIENCE else None
