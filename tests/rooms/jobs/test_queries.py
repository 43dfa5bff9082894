"""Reading owed work."""

from uuid import UUID

import pytest

from catalog.jobs import claiming, queries
from catalog.jobs.vocabulary import JobState
from catalog.kernel.errors import InvalidInput, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.paging import Paging, encode_cursor
from catalog.work.desk import Desk
from tests.rooms.jobs.queue import at, claim_one, owe_about, owe_some


def end(desk: Desk, *, final: bool) -> None:
    """Claim a job and end it: paid, or as a dead letter."""
    claimed = claim_one(desk)
    with desk.bookkeeping() as session:
        if final:
            claiming.failed(session, claimed, "no disk", at(1), final=True)
        else:
            claiming.done(session, claimed, at(1))


def test_jobs_are_read_newest_first_in_pages(desk: Desk) -> None:
    subjects = [subject for _ in range(3) for subject in owe_some(desk)]

    with desk.read() as session:
        first = queries.page_jobs(session, Paging(limit=2))
        second = queries.page_jobs(session, Paging(limit=2, cursor=first.next_cursor))

    assert [job.subject_id for job in (*first.items, *second.items)] == subjects[::-1]
    assert second.next_cursor is None


def test_dead_letters_are_read_by_their_state(desk: Desk) -> None:
    owe_some(desk)
    end(desk, final=True)
    owe_some(desk)

    with desk.read() as session:
        dead = queries.page_jobs(session, Paging(), state=JobState.DEAD)

    assert [(job.state, job.error) for job in dead.items] == [("dead", "no disk")]


def test_jobs_are_read_by_their_kind(desk: Desk) -> None:
    owe_some(desk)

    with desk.read() as session:
        found = [len(queries.page_jobs(session, Paging(), kind=kind).items) for kind in ("settle-version", "other")]

    assert found == [1, 0]


def test_the_cursor_of_another_listing_is_refused(desk: Desk) -> None:
    with desk.read() as session, pytest.raises(InvalidInput, match="start without a cursor"):
        queries.page_jobs(session, Paging(cursor=encode_cursor(["chr_ann"])))


def test_jobs_are_counted_in_each_state_also_where_there_are_none(desk: Desk) -> None:
    owe_some(desk, 3)
    end(desk, final=False)
    claim_one(desk)

    with desk.read() as session:
        counts = queries.count_by_state(session)

    assert counts == {JobState.OWED: 1, JobState.RUNNING: 1, JobState.DONE: 1, JobState.DEAD: 0}


def test_a_job_that_never_was_is_not_found(desk: Desk) -> None:
    missing = UUID("019308a4-9ab9-7c3e-8f67-3b6f0c4a2d11")

    with desk.read() as session, pytest.raises(NotFound, match=f"there is no job {missing}"):
        queries.get_job(session, missing)


def test_a_job_is_read_by_its_id(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    claimed = claim_one(desk)

    with desk.read() as session:
        assert queries.get_job(session, claimed.id).subject_id == subject


def test_work_about_a_thing_is_unsettled_until_it_is_done(desk: Desk) -> None:
    done, owed, other = new_id(), new_id(), new_id()
    owe_about(desk, [done])
    end(desk, final=False)
    owe_about(desk, [owed, other])

    with desk.read() as session:
        found = queries.unsettled(session, [done, owed])

    assert [job.subject_id for job in found] == [owed]


def test_the_newest_job_of_a_kind_about_a_thing_is_found(desk: Desk) -> None:
    (subject,) = owe_some(desk)
    end(desk, final=False)
    owe_about(desk, [subject])

    with desk.read() as session:
        newest = queries.find_latest_job(session, "settle-version", subject)
        other = queries.find_latest_job(session, "render-previews", subject)

    assert newest is not None
    assert newest.state == "owed"
    assert other is None


def test_the_newest_jobs_about_several_things_are_found_at_once(desk: Desk) -> None:
    first, second, _ = owe_some(desk, 3)
    end(desk, final=False)
    owe_about(desk, [first])

    with desk.read() as session:
        newest = queries.latest_jobs(session, "settle-version", [first, second])

    assert set(newest) == {first, second}
    assert newest[first].state == "owed"
