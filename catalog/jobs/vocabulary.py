"""Lanes, states and kinds of jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

JOB_KINDS: dict[str, JobKind] = {}
"""Every declared kind by name; the worker must know how to pay each."""


class Lane(StrEnum):
    """How urgent a job is: somebody waits for it, somebody will look soon, or nobody does."""

    INTERACTIVE = "interactive"
    NORMAL = "normal"
    BULK = "bulk"


class JobState(StrEnum):
    """Where a job stands. ``dead`` is a dead letter: it failed too often and waits for a person."""

    OWED = "owed"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Blame(StrEnum):
    """What a job failed of; it says how often the job is tried again."""

    JOB = "job"
    """Its own work."""
    WORKER = "worker"
    """Its worker fell silent: most often somebody stopped it, now and then the job had killed it."""
    PART = "part"
    """A part of the installation that could not answer (``Unavailable``)."""


UNHURRIED_IN_BULK = timedelta(minutes=2)
"""So much of an import is entered before the first of its work that nobody waits for."""
DOUBLINGS_MAX = 16
"""A wait is longer than any that is allowed by then."""


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """A kind of owed work. ``lease`` is how long a silent worker is believed to be alive; workers renew it."""

    name: str
    attempts: int = 4
    heavy: bool = False
    """Whether it may take minutes; of the places of a worker one is kept free of such."""
    unhurried: bool = False
    """Whether nobody waits for it: it is owed in the normal lane at most, comes after the rest of an import, is no part
    of what a version waits for, and of the places of a worker one is kept free of it."""
    lease: timedelta = timedelta(seconds=20)
    backoff: timedelta = timedelta(seconds=2)
    """Wait before the second attempt; it doubles with each further one, up to ten minutes."""

    def __post_init__(self) -> None:
        """Enter the kind in ``JOB_KINDS``."""
        JOB_KINDS[self.name] = self

    def lane(self, asked: Lane) -> Lane:
        """Return the lane in which it is owed by what runs in ``asked``."""
        return Lane.NORMAL if self.unhurried and asked is Lane.INTERACTIVE else asked

    def rest(self, lane: Lane) -> timedelta:
        """Return how long it waits at first, so that it follows the rest."""
        return UNHURRIED_IN_BULK if self.unhurried and lane is Lane.BULK else timedelta(0)

    def wait_before(self, attempt: int) -> timedelta:
        """Return how long to wait before this attempt (the first is 1)."""
        doubled: timedelta = self.backoff * 2 ** min(max(0, attempt - 2), DOUBLINGS_MAX)
        return min(doubled, timedelta(minutes=10))


def is_waited_for(kind: str) -> bool:
    """Whether somebody waits for work of this kind; also for one that another release knows."""
    return kind not in JOB_KINDS or not JOB_KINDS[kind].unhurried
