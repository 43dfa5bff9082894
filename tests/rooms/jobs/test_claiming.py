"""Claiming: lanes by turns, one worker for each job, in the order in which they are due."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock
from uuid import UUID

import pytest

from catalog.jobs import claiming
from catalog.jobs.claiming import TURNS
from catalog.jobs.models import Job
from catalog.jobs.vocabulary import Lane
from catalog.kernel.ids import new_id
from catalog.work.desk import Desk
from tests.rooms.jobs.queue import NOON, at, claim, claim_one, job_about, owe_about, owe_some


def test_a_claimed_job_is_in_the_hand_of_one_worker(desk: Desk) -> None:
    (subject,) = owe_some(desk, lane=Lane.NORMAL)

    claimed = claim_one(desk, worker="renderer:7", when=at(1))

    job = job_about(desk, subject)
    assert (claimed.kind, claimed.subject_id, claimed.lane, claimed.attempt) == (
        "settle-version",
        subject,
        Lane.NORMAL,
        1,
    )
    assert (job.state, job.worker, job.attempts) == ("running", "renderer:7", 1)
    assert (job.started_at, job.lease_until) == (at(1), at(21))


def test_nothing_is_claimed_twice(desk: Desk) -> None:
    owe_some(desk)
    claim_one(desk)

    assert claim(desk) is None


def test_work_that_is_owed_anew_waits_for_the_one_who_is_at_it(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    first = claim_one(desk)
    owe_about(desk, [subject])

    meanwhile = claim(desk)
    with desk.bookkeeping() as session:
        claiming.done(session, first, NOON)

    assert meanwhile is None
    assert claim_one(desk).subject_id == subject


def test_work_that_is_owed_anew_waits_until_a_silent_worker_has_lost_the_old(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    claim_one(desk)
    owe_about(desk, [subject])

    before = claim(desk, when=at(30))
    with desk.bookkeeping() as session:
        claiming.reclaim_lost(session, at(30))

    assert before is None
    assert claim_one(desk, when=at(30)).attempt == 1


def test_work_that_waits_for_another_worker_does_not_wake_anybody(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    claim_one(desk)
    owe_about(desk, [subject])

    with desk.read() as session:
        assert not claiming.anything_due(session, NOON)


def test_of_eight_workers_at_once_never_two_are_at_the_same_thing(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    at_it, together = Lock(), Barrier(8)

    def work(number: int) -> list[bool]:
        together.wait()
        alone = []
        for turn in range(10):
            if (found := claim(desk, worker=f"here:{number}", turn=turn)) is not None:
                alone.append(at_it.acquire(blocking=False))
                owe_about(desk, [subject])
                at_it.release()
                with desk.bookkeeping() as session:
                    claiming.done(session, found, NOON)
        return alone

    with ThreadPoolExecutor(max_workers=8) as threads:
        alone = [was for mine in threads.map(work, range(8)) for was in mine]

    assert alone == [True] * len(alone)


def test_an_empty_queue_gives_nothing(desk: Desk) -> None:
    assert claim(desk) is None


def test_a_job_is_not_claimed_before_it_is_due(desk: Desk) -> None:
    owe_some(desk, when=at(10))

    assert claim(desk, when=at(9)) is None
    assert claim(desk, when=at(10)) is not None


@pytest.mark.parametrize("lane", [Lane.INTERACTIVE, Lane.BULK])
def test_within_a_lane_the_job_that_is_due_first_is_claimed_first(desk: Desk, lane: Lane) -> None:
    (late,) = owe_some(desk, lane=lane, when=at(2))
    (early,) = owe_some(desk, lane=lane, when=at(1))

    claimed = [claim_one(desk, when=at(3)).subject_id for _ in range(2)]

    assert claimed == [early, late]


def test_what_nobody_waits_for_is_claimed_latest_first(desk: Desk) -> None:
    (old,) = owe_some(desk, lane=Lane.NORMAL, when=at(1))
    (new,) = owe_some(desk, lane=Lane.NORMAL, when=at(2))

    claimed = [claim_one(desk, when=at(3)).subject_id for _ in range(2)]

    assert claimed == [new, old]


def test_of_eight_turns_five_begin_with_interactive_two_with_normal_and_one_with_bulk() -> None:
    first = Counter(lanes[0] for lanes in TURNS)

    assert first == {Lane.INTERACTIVE: 5, Lane.NORMAL: 2, Lane.BULK: 1}
    assert {frozenset(lanes) for lanes in TURNS} == {frozenset(Lane)}


def test_no_lane_starves_while_the_others_are_full(desk: Desk) -> None:
    for lane in Lane:
        owe_some(desk, 8, lane)

    claimed = Counter(found.lane for turn in range(8) for found in [claim(desk, turn=turn)] if found)

    assert claimed == {Lane.INTERACTIVE: 5, Lane.NORMAL: 2, Lane.BULK: 1}


@pytest.mark.parametrize("lane", Lane)
def test_a_turn_whose_lane_is_empty_goes_to_another_lane(desk: Desk, lane: Lane) -> None:
    subjects = owe_some(desk, 8, lane)

    claimed = [claim(desk, turn=turn) for turn in range(8)]

    assert sorted(found.subject_id for found in claimed if found) == sorted(subjects)


def test_a_flood_of_a_thousand_bulk_jobs_delays_an_artist_by_one_claim_at_most(desk: Desk) -> None:
    owe_some(desk, 1_000, Lane.BULK, when=at(-60))
    owe_some(desk, 50, Lane.NORMAL, when=at(-30))

    waited = []
    for turn in range(8):
        (upload,) = owe_some(desk, lane=Lane.INTERACTIVE)
        before = 0
        while (found := claim(desk, turn=turn + before)) and found.subject_id != upload:
            before += 1
        waited.append(before)

    assert waited == [0, 1, 0, 0, 1, 0, 1, 0]


def test_eight_workers_at_once_never_get_one_job_twice(desk: Desk) -> None:
    subjects = owe_some(desk, 40)
    together = Barrier(8)

    def work(number: int) -> list[UUID]:
        together.wait()
        mine = []
        while (found := claim(desk, worker=f"here:{number}", turn=number)) is not None:
            mine.append(found.subject_id)
        return mine

    with ThreadPoolExecutor(max_workers=8) as threads:
        claimed = [subject for mine in threads.map(work, range(8)) for subject in mine]

    assert sorted(claimed) == sorted(subjects)


def test_a_kind_of_work_that_this_worker_does_not_know_is_left_for_one_that_does(desk: Desk) -> None:
    unknown = new_id()
    with desk.bookkeeping() as session:
        session.add(
            Job(id=new_id(), kind="of-tomorrow", subject_id=unknown, lane="normal", due_at=at(-1), created_at=NOON)
        )
    (known,) = owe_some(desk)

    claimed = claim_one(desk)

    assert claimed.subject_id == known
    assert claim(desk) is None
    assert job_about(desk, unknown).state == "owed"


def test_a_reader_learns_whether_a_claim_would_find_work(desk: Desk) -> None:
    def anything(seconds: float) -> bool:
        with desk.read() as session:
            return claiming.anything_due(session, at(seconds))

    assert not anything(0)
    owe_some(desk, when=at(10))
    assert (anything(9), anything(10)) == (False, True)
    claim_one(desk, when=at(10))
    assert (anything(29), anything(31)) == (False, True)


def test_work_that_nobody_here_can_do_does_not_keep_a_worker_busy(desk: Desk) -> None:
    with desk.bookkeeping() as session:
        session.add(
            Job(id=new_id(), kind="of-tomorrow", subject_id=new_id(), lane="normal", due_at=at(-1), created_at=NOON)
        )

    with desk.read() as session:
        assert not claiming.anything_due(session, NOON)


def test_a_place_that_is_kept_for_light_work_takes_no_heavy_work(desk: Desk) -> None:
    owe_some(desk)
    light = ["something-light"]

    with desk.bookkeeping() as session:
        assert not claiming.anything_due(session, NOON, light)
        assert claiming.claim(session, "renderer:7", 0, NOON, light) is None
        assert claiming.claim(session, "renderer:7", 0, NOON) is not None


def test_an_old_claim_ends_nothing_even_after_a_dead_letter_was_retried(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    old = claim_one(desk)
    with desk.bookkeeping() as session:
        job = session.get_one(Job, old.id)
        job.state, job.attempts = "owed", 0
    new = claim_one(desk)

    with desk.bookkeeping() as session:
        ended = claiming.done(session, old, NOON)

    assert (old.attempt, new.attempt) == (1, 1)
    assert not ended
    assert job_about(desk, subject).state == "running"
