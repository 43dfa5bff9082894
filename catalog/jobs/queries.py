"""Reading owed work: for the jobs page, for those who wait, for the dead letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from catalog.jobs.models import Job
from catalog.jobs.vocabulary import JobState
from catalog.kernel.errors import NotFound
from catalog.kernel.paging import Page, Paging, decode_id_cursor, page_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


def get_job(session: Session, job_id: UUID) -> Job:
    """Return one job; ``NotFound`` if it never was or was swept."""
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound(f"there is no job {job_id}; done jobs are kept for a day", code="unknown-job")
    return job


def page_jobs(
    session: Session,
    paging: Paging,
    *,
    known: ColumnElement[bool] | None = None,
    state: JobState | None = None,
    kind: str | None = None,
) -> Page[Job]:
    """Return jobs, newest first; ``known`` is the condition that their reader may know of them."""
    query = select(Job).order_by(Job.id.desc()).limit(paging.limit + 1)
    if known is not None:
        query = query.where(known)
    if paging.cursor:
        query = query.where(Job.id < decode_id_cursor(paging.cursor))
    if state:
        query = query.where(Job.state == state.value)
    if kind:
        query = query.where(Job.kind == kind)
    return page_of(session.scalars(query).all(), paging.limit, lambda job: [str(job.id)])


def count_by_state(session: Session, *, known: ColumnElement[bool] | None = None) -> dict[JobState, int]:
    """Return how many jobs stand in each state; ``known`` is the condition that their reader may know of them."""
    query = select(Job.state, func.count()).group_by(Job.state)
    counts = dict(session.execute(query if known is None else query.where(known)).all())
    return {state: counts.get(state.value, 0) for state in JobState}


def unsettled(session: Session, subject_ids: Iterable[UUID]) -> list[Job]:
    """Return the jobs about these things that are owed, running or dead (at most 100)."""
    query = (
        select(Job)
        .where(Job.subject_id.in_(list(subject_ids)), Job.state != JobState.DONE.value)
        .order_by(Job.id)
        .limit(100)
    )
    return list(session.scalars(query))


def find_latest_job(session: Session, kind: str, subject_id: UUID) -> Job | None:
    """Return the newest job of this kind about this thing, whatever its state."""
    return latest_jobs(session, kind, [subject_id]).get(subject_id)


def latest_jobs(session: Session, kind: str, subject_ids: Collection[UUID]) -> dict[UUID, Job]:
    """Return the newest job of this kind about each of these things that has any, whatever its state."""
    place = func.row_number().over(partition_by=Job.subject_id, order_by=Job.id.desc())
    among = select(Job.id, place.label("place")).where(Job.kind == kind, Job.subject_id.in_(subject_ids)).subquery()
    newest = select(Job).join(among, among.c.id == Job.id).where(among.c.place == 1)
    return {job.subject_id: job for job in session.scalars(newest)}
