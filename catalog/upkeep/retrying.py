"""Retrying dead letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from catalog.jobs import queries
from catalog.jobs.models import Job
from catalog.jobs.vocabulary import JobState
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict
from catalog.upkeep.events import JobRetried

if TYPE_CHECKING:
    from uuid import UUID

    from catalog.work.unit import UnitOfWork


def retry(work: UnitOfWork, job_id: UUID) -> Job:
    """Owe a dead letter again, with all its attempts and patience; ``Conflict`` for a job that is not dead."""
    work.require(Ability.OPERATE)
    job = queries.get_job(work.session, job_id)
    work.hold(job)
    if job.state != JobState.DEAD:
        raise Conflict(f"job {job_id} is {job.state}, not dead; only dead letters are retried", code="not-dead")
    owed = select(Job).where(Job.kind == job.kind, Job.subject_id == job.subject_id, Job.state == JobState.OWED.value)
    if work.session.scalar(owed) is not None:
        # The same work is owed anew already: the letter has done its part.
        job.state, job.ended_at = JobState.DONE.value, work.now
    else:
        job.state, job.attempts, job.failing_since = JobState.OWED.value, 0, None
        job.due_at, job.ended_at = work.now, None
    work.record(JobRetried(job_id=job.id, kind=job.kind))
    return job
