"""``/jobs``: owed work for operators, and another chance for dead letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catalog.assets.queries import jobs_to_know_of, may_follow_job, versions_by_id
from catalog.jobs import queries
from catalog.jobs.vocabulary import JobState
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Paging
from catalog.upkeep import retrying
from catalog.web.languages import gettext, marked
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from catalog.assets.models import AssetVersion
    from catalog.jobs.models import Job
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

PER_PAGE = 50
STATE_WORDS: dict[JobState, str] = {
    JobState.OWED: marked("Owed"),
    JobState.RUNNING: marked("Running"),
    JobState.DONE: marked("Done"),
    JobState.DEAD: marked("Dead letters"),
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
    """One job, with the version that it is about, where it is about one."""

    id: UUID
    kind: str
    lane: str
    state: str
    attempts: int
    percent: int
    error: str | None
    error_codes: list[dict[str, Any]] | None
    worker: str | None
    subject_id: UUID
    asset: str | None
    number: int | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    due_at: datetime


def jobs(call: Call, view: View) -> Reply:
    """Show owed work, newest first, and how much there is in each state."""
    asked = call.asked("state")
    state = JobState(asked) if asked in set(JobState) else None
    known = jobs_to_know_of(view)
    paging = Paging(limit=PER_PAGE, cursor=call.asked("cursor"))
    page = queries.page_jobs(view.session, paging, known=known, state=state)
    counts = queries.count_by_state(view.session, known=known)
    versions = versions_by_id(view, [job.subject_id for job in page.items])
    tiles = [
        Tile(state=one.value, words=gettext(words), count=counts[one], current=one is state)
        for one, words in STATE_WORDS.items()
    ]
    values = {
        "tiles": tiles,
        "state": state,
        "total": sum(counts.values()),
        "rows": [_row(job, versions.get(job.subject_id)) for job in page.items],
        "next_cursor": page.next_cursor,
    }
    return Shown(template="jobs.html", values=values)


def retry(call: Call, work: UnitOfWork) -> Reply:
    """Try a dead letter again."""
    job_id = find_id(call.path["id"])
    if job_id is None:
        raise NotFound(f"{call.path['id'][:80]!r} is no job's id", code="unknown-job")
    if not may_follow_job(work.view, queries.get_job(work.session, job_id)):
        raise NotFound(f"there is no job {job_id}; done jobs are kept for a day", code="unknown-job")
    job = retrying.retry(work, job_id)
    return Moved(
        page="jobs",
        arguments={"state": JobState.DEAD.value},
        saying=gettext("%(job)s will be tried again.", job=job.kind),
    )


def _row(job: Job, version: AssetVersion | None) -> JobRow:
    return JobRow(
        id=job.id,
        kind=job.kind,
        lane=job.lane,
        state=job.state,
        attempts=job.attempts,
        percent=round(job.progress * 100),
        error=job.error,
        error_codes=job.error_codes,
        worker=job.worker,
        subject_id=job.subject_id,
        asset=version.asset.code if version else None,
        number=version.number if version else None,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        due_at=job.due_at,
    )


ROUTES = (
    Route(name="jobs", path="/jobs", ability=Ability.OPERATE, read=jobs),
    Route(name="retry", path="/jobs/{id}/retry", ability=Ability.OPERATE, write=retry),
)
