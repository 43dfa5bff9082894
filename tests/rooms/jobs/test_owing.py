"""Owing work: once for each thing, in the most urgent lane that anybody asked for."""

import pytest

from catalog.assets.jobs import SETTLE_VERSION
from catalog.jobs import claiming
from catalog.jobs.owing import OwedJob, owe
from catalog.jobs.vocabulary import Lane
from catalog.kernel.ids import new_id
from catalog.work.desk import Desk
from tests.rooms.jobs.queue import NOON, at, claim_one, job_about, jobs_about, owe_about, owe_some


def test_owed_work_stands_in_its_lane_until_it_is_due(desk: Desk) -> None:
    (subject,) = owe_some(desk, lane=Lane.BULK)

    job = job_about(desk, subject)

    assert (job.kind, job.lane, job.state) == ("settle-version", "bulk", "owed")
    assert (job.attempts, job.progress, job.error, job.worker) == (0, 0.0, None, None)
    assert (job.due_at, job.created_at) == (NOON, NOON)


def test_work_that_is_owed_already_is_owed_once(desk: Desk) -> None:
    (subject,) = owe_some(desk)

    owe_about(desk, [subject], when=at(60))

    assert job_about(desk, subject).due_at == NOON


def test_a_thing_named_twice_in_one_batch_is_owed_once_in_the_more_urgent_lane(desk: Desk) -> None:
    subject = new_id()

    with desk.bookkeeping() as session:
        lanes = (Lane.BULK, Lane.INTERACTIVE, Lane.NORMAL)
        owe(session, [OwedJob(kind=SETTLE_VERSION, subject_id=subject, lane=lane) for lane in lanes], NOON)

    assert job_about(desk, subject).lane == "interactive"


@pytest.mark.parametrize(
    "first, then, lane",
    [
        (Lane.BULK, Lane.INTERACTIVE, "interactive"),
        (Lane.BULK, Lane.NORMAL, "normal"),
        (Lane.NORMAL, Lane.INTERACTIVE, "interactive"),
        (Lane.INTERACTIVE, Lane.BULK, "interactive"),
        (Lane.NORMAL, Lane.BULK, "normal"),
        (Lane.BULK, Lane.BULK, "bulk"),
    ],
)
def test_work_is_moved_to_a_more_urgent_lane_but_never_to_a_less_urgent_one(
    desk: Desk, first: Lane, then: Lane, lane: str
) -> None:
    (subject,) = owe_some(desk, lane=first)

    owe_about(desk, [subject], then)

    assert job_about(desk, subject).lane == lane


def test_work_that_is_in_hand_is_owed_anew_for_something_changed_meanwhile(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    claim_one(desk)

    owe_about(desk, [subject], when=at(5))

    assert [job.state for job in jobs_about(desk, subject)] == ["running", "owed"]


def test_a_thousand_jobs_are_owed_in_one_transaction(desk: Desk) -> None:
    subjects = owe_some(desk, 1_001, Lane.BULK)

    states = {job_about(desk, subject).state for subject in (subjects[0], subjects[500], subjects[1_000])}

    assert states == {"owed"}


def test_owing_nothing_is_no_work(desk: Desk) -> None:
    assert owe_some(desk, 0) == []


def test_work_that_waits_for_its_next_attempt_is_due_at_once_when_somebody_asks_again(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    claimed = claim_one(desk)
    with desk.bookkeeping() as session:
        claiming.failed(session, claimed, "no disk", at(1))

    owe_about(desk, [subject], when=at(2))

    job = job_about(desk, subject)
    assert (job.due_at, job.attempts) == (at(2), 0)
