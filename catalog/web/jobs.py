"""``/jobs``: owed work for operators, and another chance for dead letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.assets.queries import may_follow_job
from catalog.jobs import queries
from catalog.jobs.vocabulary import JobState
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Paging
from catalog.upkeep import retrying
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from catalog.jobs.models import Job
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

PER_PAGE = 50
STATE_WORDS: dict[JobState, str] = {
    JobState.OWED: "Owed",
    JobState.RUNNING: "Running",
    JobState.DONE: "Done",
    JobState.DEAD: "Dead letters",
}


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A state with its number of jobs, as a link to them."""

    state: str
    words: str
    count: int
    current: bool


@dataclass(frozen=True, kw_only=True)
class JobRow:
    """One job. ``error`` is None where it may speak of what the viewer may not know of."""

    id: UUID
    kind: str
    lane: str
    state: str
    attempts: int
    percent: int
    error: str | None
    worker: str | None
    subject_id: UUID
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    due_at: datetime


def jobs(call: Call, view: View) -> Reply:
    """Show owed work, newest first, and how much there is in each state."""
    asked = call.asked("state")
    state = JobState(asked) if asked in set(JobState) else None
    page = queries.page_jobs(view.session, Paging(limit=PER_PAGE, cursor=call.asked("cursor")), state=state)
    counts = queries.count_by_state(view.session)
    tiles = [
        Tile(state=one.value, words=words, count=counts[one], current=one is state)
        for one, words in STATE_WORDS.items()
    ]
    values = {
        "tiles": tiles,
        "state": state,
        "total": sum(counts.values()),
        "rows": [_row(view, job) for job in page.items],
        "next_cursor": page.next_cursor,
    }
    return Shown(template="jobs.html", values=values)


def retry(call: Call, work: UnitOfWork) -> Reply:
    """Try a dead letter again."""
    job_id = find_id(call.path["id"])
    if job_id is None:
        raise NotFound(f"{call.path['id'][:80]!r} is no job's id", code="unknown-job")
    job = retrying.retry(work, job_id)
    return Moved(page="jobs", arguments={"state": JobState.DEAD.value}, saying=f"{job.kind} will be tried again.")


def _row(view: View, job: Job) -> JobRow:
    return JobRow(
        id=job.id,
        kind=job.kind,
        lane=job.lane,
        state=job.state,
        attempts=job.attempts,
        percent=round(job.progress * 100),
        error=job.error if job.error and may_follow_job(view, job.subject_id) else None,
        worker=job.worker,
        subject_id=job.subject_id,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        due_at=job.due_at,
    )


ROUTES = (
    Route(name="jobs", path="/jobs", ability=Ability.OPERATE, read=jobs),
    Route(name="retry", path="/jobs/{id}/retry", ability=Ability.OPERATE, write=retry),
)
