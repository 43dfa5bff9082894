"""Claiming, keeping and ending jobs: bookkeeping of workers, each in a short transaction of its own.

A worker takes lanes by turns: of eight claims five look at ``interactive`` first, two at ``normal``, one at ``bulk``;
an empty lane passes its turn on. So no lane starves, and an artist's upload waits for little more than the job in hand.
What nobody waits for (``normal``) is taken latest first: people look at what they have just published, not at what a
whole demo studio still lacks. What has waited for a day goes before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import aliased

from catalog.jobs.models import Job
from catalog.jobs.patience import next_attempt
from catalog.jobs.vocabulary import JOB_KINDS, Blame, JobState, Lane
from catalog.kernel.batches import in_batches
from catalog.kernel.errors import CatalogError
from catalog.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

_I, _N, _B = Lane.INTERACTIVE, Lane.NORMAL, Lane.BULK
TURNS: tuple[tuple[Lane, Lane, Lane], ...] = (
    (_I, _N, _B),
    (_N, _I, _B),
    (_I, _N, _B),
    (_I, _N, _B),
    (_B, _I, _N),
    (_I, _N, _B),
    (_N, _I, _B),
    (_I, _N, _B),
)
ERROR_CHARS = 2_000
KEPT = timedelta(days=1)
PATIENCE = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A job in hand. ``lease_id`` fences: whoever lost the lease can no longer end the job."""

    id: UUID
    lease_id: UUID
    kind: str
    subject_id: UUID
    lane: Lane
    attempt: int
    lease: timedelta
    failing_since: datetime | None = None


def anything_due(session: Session, now: datetime, kinds: Collection[str] = JOB_KINDS.keys()) -> bool:
    """Whether a claim would find work; a read, so that idle workers never take the write lock."""
    due = select(Job.id).where(*_due(now, kinds)).limit(1)
    lost = select(Job.id).where(Job.state == JobState.RUNNING, Job.lease_until < now).limit(1)
    return session.scalar(due) is not None or session.scalar(lost) is not None


def claim(
    session: Session, worker: str, turn: int, now: datetime, kinds: Collection[str] = JOB_KINDS.keys()
) -> Claim | None:
    """Take the next due job of these kinds for this worker's ``turn``, or None.

    One that is running already about the same thing is waited for. A kind that this program does not know is left for
    one that does: workers of two releases may share a table.
    """
    for lane in TURNS[turn % len(TURNS)]:
        job = session.scalar(
            select(Job)
            .where(Job.lane == lane.value, *_due(now, kinds))
            .order_by(*(_latest_first(now) if lane is Lane.NORMAL else (Job.due_at,)))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if job is not None:
            return _take(job, worker, now)
    return None


def _due(now: datetime, kinds: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a job that can be taken.

    Two of one kind about one thing never run at once. No lock is needed for it: of them one at most is owed, so the
    second was owed after the first was taken, and whoever sees it owed sees the first running. Whether that one's
    lease has ended does not matter here; ``reclaim_lost`` ends it then.
    """
    other = aliased(Job)
    in_hand = select(other.id).where(
        other.kind == Job.kind, other.subject_id == Job.subject_id, other.state == JobState.RUNNING
    )
    return Job.state == JobState.OWED, Job.due_at <= now, Job.kind.in_(kinds), ~in_hand.exists()


def _latest_first(now: datetime) -> tuple[ColumnElement[Any], ...]:
    return case((Job.due_at < now - PATIENCE, 0), else_=1), Job.due_at.desc()


def _take(job: Job, worker: str, now: datetime) -> Claim:
    lease = JOB_KINDS[job.kind].lease
    job.state, job.worker, job.started_at, job.ended_at = JobState.RUNNING, worker, now, None
    job.lease_id = new_id()
    job.attempts += 1
    job.progress = 0.0
    job.lease_until = now + lease
    return _claim_of(job, lease)


def _claim_of(job: Job, lease: timedelta) -> Claim:
    return Claim(
        id=job.id,
        lease_id=job.lease_id or job.id,
        kind=job.kind,
        subject_id=job.subject_id,
        lane=Lane(job.lane),
        attempt=job.attempts,
        lease=lease,
        failing_since=job.failing_since,
    )


def keep(session: Session, claim: Claim, progress: float, now: datetime) -> bool:
    """Renew the lease; False if another worker has taken the job, so that this one stops."""
    return _update(session, claim, progress=progress, lease_until=now + claim.lease)


def done(session: Session, claim: Claim, now: datetime) -> bool:
    """End a job that was paid; False if it was no longer this worker's."""
    paid = {"state": JobState.DONE.value, "progress": 1.0, "error": None, "error_codes": None, "failing_since": None}
    return _update(session, claim, **paid, lease_until=None, ended_at=now)


def failed(
    session: Session,
    claim: Claim,
    error: str | CatalogError,
    now: datetime,
    *,
    final: bool = False,
    blame: Blame = Blame.JOB,
) -> JobState:
    """Owe the job again after a wait, or make it a dead letter where the failure is ``final`` or ``patience`` ends."""
    codes = [error.kept()] if isinstance(error, CatalogError) else None
    said = {"error": str(error)[-ERROR_CHARS:], "error_codes": codes}
    if _is_owed_anew(session, claim):
        # That job carries on; this one has had its say.
        _update(session, claim, **said, state=JobState.DONE.value, lease_until=None, ended_at=now)
        return JobState.DONE
    failing_since = claim.failing_since or now
    due_at = None if final else _due_again(claim, blame, failing_since, now)
    if due_at is None:
        _update(session, claim, **said, state=JobState.DEAD.value, lease_until=None, ended_at=now)
        return JobState.DEAD
    owed = {"state": JobState.OWED.value, "due_at": due_at, "failing_since": failing_since}
    _update(session, claim, **owed, **said, lease_until=None)
    return JobState.OWED


def _due_again(claim: Claim, blame: Blame, failing_since: datetime, now: datetime) -> datetime | None:
    kind = JOB_KINDS.get(claim.kind)
    if kind is None:
        return now  # a worker of another release may know it
    return next_attempt(kind, blame, attempt=claim.attempt, failing_since=failing_since, now=now)


def _is_owed_anew(session: Session, claim: Claim) -> bool:
    """Whether somebody owed the same work again since it was claimed."""
    same = (Job.kind == claim.kind) & (Job.subject_id == claim.subject_id)
    return session.scalar(select(Job.id).where(same, Job.state == JobState.OWED).limit(1)) is not None


def reclaim_lost(session: Session, now: datetime) -> int:
    """Owe again, or bury, the jobs whose worker fell silent; return how many."""
    lost = session.scalars(
        select(Job)
        .where(Job.state == JobState.RUNNING, Job.lease_until < now)
        .limit(100)
        .with_for_update(skip_locked=True)
    ).all()
    for job in lost:
        lost_claim = _claim_of(job, timedelta(0))
        failed(session, lost_claim, f"worker {job.worker} fell silent", now, blame=Blame.WORKER)
    return len(lost)


def _update(session: Session, claim: Claim, **values: object) -> bool:
    changed = session.execute(
        update(Job)
        .where(Job.id == claim.id, Job.state == JobState.RUNNING, func.coalesce(Job.lease_id, Job.id) == claim.lease_id)
        .values(**values)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def give_back(session: Session, claim: Claim, now: datetime) -> bool:
    """Owe a job again without counting the attempt: its worker was asked to stop."""
    if _is_owed_anew(session, claim):
        return done(session, claim, now)
    return _update(session, claim, state=JobState.OWED.value, attempts=claim.attempt - 1, lease_until=None, due_at=now)


def reclaim_from_dead(session: Session, now: datetime, is_dead: Callable[[str], bool]) -> int:
    """Take the leases of workers that are known to be gone, without waiting for them to end; return how many."""
    running = select(Job.worker).where(Job.state == JobState.RUNNING.value).distinct()
    gone = [worker for worker in session.scalars(running) if worker and is_dead(worker)]
    session.execute(
        update(Job)
        .where(Job.state == JobState.RUNNING.value, Job.worker.in_(gone))
        .values(lease_until=now - timedelta(seconds=1))
        .execution_options(synchronize_session=False)
    )
    return reclaim_lost(session, now)


def sweep(session: Session, now: datetime) -> int:
    """Forget done jobs that are older than a day, at most 5,000 at once; return how many."""
    old = select(Job.id).where(Job.state == JobState.DONE.value, Job.ended_at < now - KEPT).limit(5_000)
    ids = session.scalars(old).all()
    for batch in in_batches(ids, 500):
        session.execute(delete(Job).where(Job.id.in_(batch)))
    return len(ids)
