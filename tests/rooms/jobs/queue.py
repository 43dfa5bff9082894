"""Jobs to claim: owed work about things that nobody needs to know more of."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from catalog.assets.jobs import SETTLE_VERSION
from catalog.jobs import claiming
from catalog.jobs.claiming import Claim
from catalog.jobs.models import Job
from catalog.jobs.owing import OwedJob, owe
from catalog.jobs.vocabulary import Lane
from catalog.kernel.ids import new_id
from catalog.work.desk import Desk

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""When the jobs of these tests are owed."""


def at(seconds: float) -> datetime:
    """Return the instant so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def owe_some(desk: Desk, count: int = 1, lane: Lane = Lane.NORMAL, *, when: datetime = NOON) -> list[UUID]:
    """Owe so many jobs, each about something else; what they are about."""
    subjects = [new_id() for _ in range(count)]
    owe_about(desk, subjects, lane, when=when)
    return subjects


def owe_about(desk: Desk, subjects: Sequence[UUID], lane: Lane = Lane.NORMAL, *, when: datetime = NOON) -> None:
    """Owe a job about each of these things."""
    with desk.bookkeeping() as session:
        owe(session, [OwedJob(kind=SETTLE_VERSION, subject_id=one, lane=lane) for one in subjects], when)


def claim(desk: Desk, *, worker: str = "here:1", turn: int = 0, when: datetime = NOON) -> Claim | None:
    """Claim the next job, in a transaction of its own as a worker does."""
    with desk.bookkeeping() as session:
        return claiming.claim(session, worker, turn, when)


def claim_one(desk: Desk, *, worker: str = "here:1", when: datetime = NOON) -> Claim:
    """Claim a job that is there."""
    claimed = claim(desk, worker=worker, when=when)
    assert claimed is not None
    return claimed


def jobs_about(desk: Desk, subject: UUID) -> list[Job]:
    """Return the jobs about a thing, oldest first."""
    with desk.read() as session:
        return list(session.scalars(select(Job).where(Job.subject_id == subject).order_by(Job.id)))


def job_about(desk: Desk, subject: UUID) -> Job:
    """Return the one job about a thing."""
    (job,) = jobs_about(desk, subject)
    return job
