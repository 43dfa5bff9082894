"""``/jobs``: owed work, and its dead letters."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import Field

from catalog.api.operation import Answer, Operation, PageQuery
from catalog.api.shapes import Listing
from catalog.assets.queries import jobs_to_know_of, may_follow_job, versions_by_id
from catalog.jobs import queries
from catalog.jobs.vocabulary import JobState, Lane
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Paging
from catalog.upkeep import retrying

if TYPE_CHECKING:
    from catalog.api.operation import Call
    from catalog.assets.models import AssetVersion
    from catalog.jobs.models import Job
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


class JobsQuery(PageQuery):
    """Which jobs."""

    state: JobState | None = Field(default=None, description="only in this state; `dead` waits for people")
    kind: str | None = Field(default=None, description="only of this kind, such as `render-previews`")


class JobAnswer(Answer):
    """One piece of owed work."""

    id: UUID
    kind: str
    about: str | None = Field(description="the version that it is about, as CODE@NUMBER; null for everything else")
    subject_id: UUID
    lane: Lane
    state: JobState
    attempts: int
    progress: float
    error: str | None
    worker: str | None
    due_at: datetime
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


def _show(job: Job, version: AssetVersion | None) -> JobAnswer:
    """Return a job as it travels."""
    return JobAnswer(
        id=job.id,
        kind=job.kind,
        about=f"{version.asset.code}@{version.number}" if version else None,
        subject_id=job.subject_id,
        lane=Lane(job.lane),
        state=JobState(job.state),
        attempts=job.attempts,
        progress=job.progress,
        error=job.error,
        worker=job.worker,
        due_at=job.due_at,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
    )


def list_jobs(call: Call, view: View) -> Listing[JobAnswer]:
    """Return jobs, newest first; `total` counts all in the asked state."""
    query: JobsQuery = call.query
    paging = Paging(limit=query.limit, cursor=query.cursor)
    known = jobs_to_know_of(view)
    page = queries.page_jobs(view.session, paging, known=known, state=query.state, kind=query.kind)
    counts = queries.count_by_state(view.session, known=known)
    total = None if query.kind else counts[query.state] if query.state else sum(counts.values())
    versions = versions_by_id(view, [job.subject_id for job in page.items])
    items = [_show(job, versions.get(job.subject_id)) for job in page.items]
    return Listing[JobAnswer](items=items, next_cursor=page.next_cursor, total=total)


def get_job(call: Call, view: View) -> JobAnswer:
    """Return one job: for operators any but about hidden assets, for others those about versions they may see."""
    return _show_one(view, _job(view, call.path["id"]))


def retry_job(call: Call, work: UnitOfWork) -> JobAnswer:
    """Try a dead letter again."""
    return _show_one(work.view, retrying.retry(work, _job(work.view, call.path["id"]).id))


def _show_one(view: View, job: Job) -> JobAnswer:
    return _show(job, versions_by_id(view, [job.subject_id]).get(job.subject_id))


def _job(view: View, text: str) -> Job:
    job_id = find_id(text)
    if job_id is None:
        raise NotFound(f"{text[:80]!r} is no job's id", code="unknown-job")
    job = queries.get_job(view.session, job_id)
    if not may_follow_job(view, job):
        raise NotFound(f"there is no job {job_id}; done jobs are kept for a day", code="unknown-job")
    return job


OPERATIONS = (
    Operation(
        name="jobs.list",
        method="GET",
        path="/jobs",
        summary="List owed work, newest first",
        ability=Ability.OPERATE,
        read=list_jobs,
        query=JobsQuery,
        answer=Listing[JobAnswer],
    ),
    Operation(
        name="jobs.get",
        method="GET",
        path="/jobs/{id}",
        summary="Get a job",
        ability=Ability.BROWSE,
        read=get_job,
        answer=JobAnswer,
    ),
    Operation(
        name="jobs.retry",
        method="POST",
        path="/jobs/{id}/retry",
        summary="Try a dead letter again",
        ability=Ability.OPERATE,
        write=retry_job,
        answer=JobAnswer,
    ),
)
