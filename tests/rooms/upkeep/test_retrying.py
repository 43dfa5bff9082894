"""Retrying dead letters."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from catalog.accounts.vocabulary import Role
from catalog.assets.jobs import SETTLE_VERSION
from catalog.jobs import claiming
from catalog.jobs.models import Job
from catalog.jobs.owing import OwedJob, owe
from catalog.jobs.vocabulary import Lane
from catalog.kernel.clock import now
from catalog.kernel.errors import Conflict, NotFound, NotPermitted
from catalog.kernel.ids import new_id
from catalog.upkeep import retrying
from tests.crew import Crew


def owed(crew: Crew, subject: UUID | None = None) -> UUID:
    """A job that is owed; its id."""
    about = subject or new_id()
    with crew.desk.bookkeeping() as session:
        owe(session, [OwedJob(kind=SETTLE_VERSION, subject_id=about, lane=Lane.NORMAL)], now())
        return session.scalars(select(Job.id).where(Job.subject_id == about, Job.state == "owed")).one()


def dead(crew: Crew, subject: UUID | None = None) -> UUID:
    """A dead letter; its id."""
    job_id = owed(crew, subject)
    bury(crew)
    return job_id


def bury(crew: Crew) -> None:
    """Let the next job fail for good."""
    with crew.desk.bookkeeping() as session:
        claimed = claiming.claim(session, "here:1", 0, now())
        assert claimed is not None
        claiming.failed(session, claimed, "no disk", now(), final=True)


def job(crew: Crew, job_id: UUID) -> Job:
    with crew.desk.read() as session:
        return session.scalars(select(Job).where(Job.id == job_id)).one()


def test_a_dead_letter_is_owed_again_with_all_its_attempts(crew: Crew) -> None:
    job_id = dead(crew)

    with crew.work(crew.pipeline) as work:
        retrying.retry(work, job_id)

    again = job(crew, job_id)
    assert (again.state, again.attempts, again.ended_at, again.error) == ("owed", 0, None, "no disk")
    assert again.due_at <= now()


def test_a_retry_is_told_with_the_kind_of_the_job(crew: Crew) -> None:
    job_id = dead(crew)

    with crew.work(crew.pipeline) as work:
        retrying.retry(work, job_id)

    entry = crew.entries("job.")[-1]
    assert (entry.type, entry.values, entry.subjects) == (
        "job.retried/1",
        {"kind": "settle-version"},
        (("job", job_id),),
    )


@pytest.mark.parametrize("state", ["owed", "running", "done"])
def test_only_dead_letters_are_retried(crew: Crew, state: str) -> None:
    job_id = owed(crew)
    with crew.desk.bookkeeping() as session:
        session.get_one(Job, job_id).state = state

    with crew.work(crew.pipeline) as work, pytest.raises(Conflict, match=f"is {state}, not dead") as refused:
        retrying.retry(work, job_id)

    assert refused.value.code == "not-dead"


def test_a_dead_letter_whose_work_is_owed_anew_has_done_its_part(crew: Crew) -> None:
    subject = new_id()
    letter = dead(crew, subject)
    anew = owed(crew, subject)

    with crew.work(crew.pipeline) as work:
        retrying.retry(work, letter)

    assert (job(crew, letter).state, job(crew, anew).state) == ("done", "owed")


def test_of_two_who_retry_at_once_one_is_told_that_it_is_not_dead_any_more(crew: Crew) -> None:
    job_id = dead(crew)

    refused = crew.overlaps(
        lambda work: retrying.retry(work, job_id), lambda work: retrying.retry(work, job_id), by=crew.pipeline
    )

    assert isinstance(refused, Conflict)
    assert refused.code == "not-dead"


def test_a_job_that_never_was_is_not_found(crew: Crew) -> None:
    with crew.work(crew.pipeline) as work, pytest.raises(NotFound, match="there is no job"):
        retrying.retry(work, new_id())


def test_a_dead_letter_is_owed_again_with_all_its_patience(crew: Crew) -> None:
    job_id = owed(crew)
    with crew.desk.bookkeeping() as session:
        session.execute(update(Job).values(failing_since=now() - timedelta(days=2)))
    bury(crew)

    with crew.work(crew.pipeline) as work:
        retrying.retry(work, job_id)

    assert job(crew, job_id).failing_since is None


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ARTIST, Role.SUPERVISOR, Role.LICENSING])
def test_jobs_are_retried_by_those_who_operate(crew: Crew, role: Role) -> None:
    job_id, somebody = dead(crew), crew.joins("sam", role)

    with crew.work(somebody) as work, pytest.raises(NotPermitted, match="sam may not operate"):
        retrying.retry(work, job_id)
    assert job(crew, job_id).state == "dead"
