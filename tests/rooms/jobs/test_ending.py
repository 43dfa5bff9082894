"""How a job ends: paid, tried again, given back, or as a dead letter; and who may end it."""

from datetime import timedelta

import pytest

from catalog.assets.jobs import SETTLE_VERSION
from catalog.jobs import claiming
from catalog.jobs.claiming import Claim
from catalog.jobs.models import Job
from catalog.jobs.patience import next_attempt
from catalog.jobs.vocabulary import Blame, JobState, Lane
from catalog.kernel.ids import new_id
from catalog.work.desk import Desk
from tests.rooms.jobs.queue import NOON, at, claim, claim_one, job_about, jobs_about, owe_about, owe_some


def done(desk: Desk, claimed: Claim, seconds: float = 1) -> bool:
    with desk.bookkeeping() as session:
        return claiming.done(session, claimed, at(seconds))


def failed(desk: Desk, claimed: Claim, seconds: float = 1, error: str = "no disk", *, final: bool = False) -> JobState:
    with desk.bookkeeping() as session:
        return claiming.failed(session, claimed, error, at(seconds), final=final)


def found_a_part_away(desk: Desk, claimed: Claim, seconds: float) -> JobState:
    with desk.bookkeeping() as session:
        return claiming.failed(session, claimed, "the store does not answer", at(seconds), blame=Blame.PART)


def keep(desk: Desk, claimed: Claim, progress: float, seconds: float) -> bool:
    with desk.bookkeeping() as session:
        return claiming.keep(session, claimed, progress, at(seconds))


def give_back(desk: Desk, claimed: Claim, seconds: float = 1) -> bool:
    with desk.bookkeeping() as session:
        return claiming.give_back(session, claimed, at(seconds))


def reclaim_lost(desk: Desk, seconds: float) -> int:
    with desk.bookkeeping() as session:
        return claiming.reclaim_lost(session, at(seconds))


def test_a_paid_job_is_done(desk: Desk) -> None:
    (subject,) = owe_some(desk)

    ended = done(desk, claim_one(desk), seconds=3)

    job = job_about(desk, subject)
    assert ended
    assert (job.state, job.progress, job.ended_at, job.lease_until) == ("done", 1.0, at(3), None)


def test_a_job_that_failed_is_owed_again_with_its_error(desk: Desk) -> None:
    (subject,) = owe_some(desk)

    state = failed(desk, claim_one(desk), seconds=1, error="the disk is full")

    job = job_about(desk, subject)
    assert state is JobState.OWED
    assert (job.state, job.error, job.attempts) == ("owed", "the disk is full", 1)
    assert job.due_at == at(3)


def test_each_further_attempt_waits_twice_as_long(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    waits = []

    for second in (0, 100, 200):
        failed(desk, claim_one(desk, when=at(second)), seconds=second)
        waits.append(job_about(desk, subject).due_at - at(second))

    assert waits == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]


def test_no_wait_is_longer_than_ten_minutes() -> None:
    assert SETTLE_VERSION.wait_before(1) == timedelta(seconds=2)
    assert SETTLE_VERSION.wait_before(9) == timedelta(seconds=256)
    assert SETTLE_VERSION.wait_before(40) == timedelta(minutes=10)


@pytest.mark.parametrize("blame", list(Blame))
def test_what_failed_three_thousand_times_is_still_decided_about(blame: Blame) -> None:
    due_at = next_attempt(SETTLE_VERSION, blame, attempt=3_000, failing_since=at(0), now=at(60))

    assert due_at == (at(90) if blame is Blame.PART else None)


def test_a_job_whose_attempts_are_used_up_becomes_a_dead_letter(desk: Desk) -> None:
    (subject,) = owe_some(desk)

    states = [failed(desk, claim_one(desk, when=at(second)), seconds=second) for second in (0, 100, 200, 300)]

    job = job_about(desk, subject)
    assert states == [JobState.OWED, JobState.OWED, JobState.OWED, JobState.DEAD]
    assert (job.state, job.attempts, job.error, job.ended_at) == ("dead", 4, "no disk", at(300))
    assert claim(desk, when=at(9_999)) is None


def test_a_job_that_can_never_succeed_becomes_a_dead_letter_at_once(desk: Desk) -> None:
    (subject,) = owe_some(desk)

    state = failed(desk, claim_one(desk), final=True)

    assert state is JobState.DEAD
    assert job_about(desk, subject).attempts == 1


def test_of_a_long_error_the_end_is_kept(desk: Desk) -> None:
    (subject,) = owe_some(desk)

    failed(desk, claim_one(desk), error="x" * 5_000 + "the reason")

    error = job_about(desk, subject).error or ""
    assert (len(error), error[-10:]) == (2_000, "the reason")


def test_a_job_that_failed_while_it_was_owed_anew_leaves_the_work_to_the_new_one(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    claimed = claim_one(desk)
    owe_about(desk, [subject], when=at(1))

    state = failed(desk, claimed)

    assert state is JobState.DONE
    assert [job.state for job in jobs_about(desk, subject)] == ["done", "owed"]


def test_a_worker_that_says_it_lives_keeps_its_job(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    claimed = claim_one(desk)

    kept = keep(desk, claimed, 0.4, 15)

    job = job_about(desk, subject)
    assert kept
    assert (job.progress, job.lease_until) == (0.4, at(35))
    assert reclaim_lost(desk, 34) == 0


def test_a_silent_worker_loses_its_job_to_another(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    claim_one(desk, worker="gone:1")

    reclaimed = [reclaim_lost(desk, second) for second in (20, 21)]

    job = job_about(desk, subject)
    assert reclaimed == [0, 1]
    assert (job.state, job.attempts, job.error) == ("owed", 1, "worker gone:1 fell silent")
    assert claim_one(desk, worker="here:2", when=at(60)).attempt == 2


def test_a_job_that_kills_every_worker_becomes_a_dead_letter(desk: Desk) -> None:
    (subject,) = owe_some(desk)

    states = []
    for attempt in range(12):
        claim_one(desk, when=at(1_000 * attempt))
        reclaim_lost(desk, 1_000 * attempt + 30)
        states.append(job_about(desk, subject).state)

    assert states == ["owed"] * 11 + ["dead"]


def test_a_job_waits_for_a_part_that_is_away_as_long_as_a_day(desk: Desk) -> None:
    (subject,) = owe_some(desk)

    states = [
        found_a_part_away(desk, claim_one(desk, when=at(seconds)), seconds)
        for seconds in (*range(0, 900, 100), 24 * 3600, 24 * 3600 + 60)
    ]

    assert states == [JobState.OWED] * 10 + [JobState.DEAD]
    assert job_about(desk, subject).attempts == 11


def test_a_job_that_waited_for_its_turn_longer_than_a_day_still_waits_for_a_part(desk: Desk) -> None:
    owe_some(desk)
    two_days = 48 * 3600

    first = found_a_part_away(desk, claim_one(desk, when=at(two_days)), two_days)
    second = found_a_part_away(desk, claim_one(desk, when=at(two_days + 60)), two_days + 60)

    assert (first, second) == (JobState.OWED, JobState.OWED)


def test_work_that_is_owed_anew_while_it_waits_for_a_part_waits_another_day(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    found_a_part_away(desk, claim_one(desk), 0)
    owe_about(desk, [subject])

    day_and_a_bit = 24 * 3600 + 60
    state = found_a_part_away(desk, claim_one(desk, when=at(day_and_a_bit)), day_and_a_bit)

    assert state is JobState.OWED


def test_what_was_paid_is_not_said_to_be_failing(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    found_a_part_away(desk, claim_one(desk), 0)
    failing_since = job_about(desk, subject).failing_since

    done(desk, claim_one(desk, when=at(10)), 11)

    assert (failing_since, job_about(desk, subject).failing_since) == (at(0), None)


def test_a_part_that_is_back_is_found_within_half_a_minute(desk: Desk) -> None:
    (subject,) = owe_some(desk)

    for seconds in range(0, 900, 100):
        found_a_part_away(desk, claim_one(desk, when=at(seconds)), seconds)

    assert job_about(desk, subject).due_at == at(830)


def test_a_worker_that_lost_its_job_can_neither_keep_nor_end_it(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    slow = claim_one(desk, worker="slow:1")
    reclaim_lost(desk, 30)
    claim_one(desk, worker="fast:2", when=at(60))

    answers = (keep(desk, slow, 0.9, 61), done(desk, slow, 61), give_back(desk, slow, 61))
    failed(desk, slow, 61)

    job = job_about(desk, subject)
    assert answers == (False, False, False)
    assert (job.state, job.worker, job.attempts) == ("running", "fast:2", 2)


def test_a_job_that_was_ended_cannot_be_ended_again(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    claimed = claim_one(desk)
    done(desk, claimed)

    failed(desk, claimed, 2)

    assert job_about(desk, subject).state == "done"


def test_a_job_that_its_worker_gives_back_costs_no_attempt(desk: Desk) -> None:
    (subject,) = owe_some(desk)

    given = give_back(desk, claim_one(desk), seconds=5)

    job = job_about(desk, subject)
    assert given
    assert (job.state, job.attempts, job.due_at) == ("owed", 0, at(5))


def test_a_job_given_back_while_it_was_owed_anew_is_owed_once(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    claimed = claim_one(desk)
    owe_about(desk, [subject])

    given = give_back(desk, claimed)

    assert given
    assert [job.state for job in jobs_about(desk, subject)] == ["done", "owed"]


def test_the_jobs_of_a_worker_that_is_known_to_be_gone_are_owed_again_at_once(desk: Desk) -> None:
    (lost,) = owe_some(desk)
    claim_one(desk, worker="here:1")
    (held,) = owe_some(desk)
    claim_one(desk, worker="here:2")

    with desk.bookkeeping() as session:
        count = claiming.reclaim_from_dead(session, at(1), lambda worker: worker == "here:1")

    assert count == 1
    assert (job_about(desk, lost).state, job_about(desk, held).state) == ("owed", "running")


def test_a_lost_job_of_a_kind_that_nobody_here_knows_is_owed_again_for_a_worker_that_does(desk: Desk) -> None:
    subject = new_id()
    with desk.bookkeeping() as session:
        session.add(
            Job(
                id=new_id(),
                kind="of-yesterday",
                subject_id=subject,
                lane=Lane.NORMAL.value,
                state="running",
                attempts=1,
                worker="old:1",
                due_at=NOON,
                lease_until=NOON,
                created_at=NOON,
            )
        )

    reclaimed = reclaim_lost(desk, 1)

    assert reclaimed == 1
    assert job_about(desk, subject).state == "owed"


def test_a_lost_job_whose_work_is_owed_anew_is_owed_once(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    claim_one(desk)
    owe_about(desk, [subject])

    reclaimed = reclaim_lost(desk, 30)

    assert reclaimed == 1
    assert sorted(job.state for job in jobs_about(desk, subject)) == ["done", "owed"]


@pytest.mark.parametrize("state", ["owed", "running", "dead"])
def test_only_done_jobs_are_swept(desk: Desk, state: str) -> None:
    with desk.bookkeeping() as session:
        session.add(
            Job(id=new_id(), kind="settle-version", subject_id=new_id(), state=state, due_at=NOON, created_at=NOON)
        )

    with desk.bookkeeping() as session:
        assert claiming.sweep(session, NOON + timedelta(days=365)) == 0


def test_a_done_job_is_kept_for_a_day(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    done(desk, claim_one(desk), seconds=0)
    swept = []

    for after in (timedelta(days=1), timedelta(days=1, seconds=1)):
        with desk.bookkeeping() as session:
            swept.append(claiming.sweep(session, NOON + after))

    assert swept == [0, 1]
    assert jobs_about(desk, subject) == []
