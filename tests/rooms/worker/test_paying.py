"""The worker pays owed jobs: in order, each in its own scratch folder, and whatever a job does costs only that job."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from catalog.assets import queries
from catalog.assets.jobs import SETTLE_VERSION
from catalog.assets.models import AssetVersion
from catalog.house import House
from catalog.jobs import claiming
from catalog.jobs.models import Job
from catalog.jobs.owing import OwedJob, owe
from catalog.jobs.vocabulary import JobKind, Lane
from catalog.kernel.clock import now
from catalog.kernel.errors import Unavailable
from catalog.kernel.ids import new_id
from catalog.media.jobs import RENDER_DETAILS, RENDER_PREVIEWS
from catalog.storage.memory import MemoryBucket
from catalog.storage.port import StoredObject
from catalog.work.workshop import GaveUp
from catalog.worker.leisure import Leisure
from catalog.worker.loop import Worker
from tests.crew import Crew, Drafted, stored


class Meddling(MemoryBucket):
    """A bucket in which something happens whenever it is asked for an object."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__()
        self._happens = happens

    def find(self, key: str) -> StoredObject | None:
        self._happens()
        return super().find(key)


def owe_one(house: House, lane: Lane = Lane.NORMAL, *, kind: JobKind = SETTLE_VERSION) -> UUID:
    """Owe a job that is paid at once; what it is about."""
    subject = new_id()
    with house.desk.bookkeeping() as session:
        owe(session, [OwedJob(kind=kind, subject_id=subject, lane=lane)], now())
    return subject


def submitted(house: House) -> Drafted:
    """A version whose maker has asked for publication, and whose bytes are to be looked for."""
    crew = Crew(house.desk, house.stores)
    crew.registers("prp_chair")
    drafted = crew.drafts("prp_chair", stored("a.usd", b"model"))
    crew.submits("prp_chair", 1)
    return drafted


def where(house: House, happens: Callable[[], object]) -> House:
    """The house with a store in which something happens whenever it is asked."""
    bucket = Meddling(happens)
    return replace(house, stores=replace(house.stores, originals=bucket, transfers=bucket, staging=bucket))


def job_about(house: House, subject: UUID) -> Job:
    with house.desk.read() as session:
        return session.scalars(select(Job).where(Job.subject_id == subject)).one()


def pass_time(house: House) -> None:
    """Let everything that waits for another attempt be due."""
    with house.desk.bookkeeping() as session:
        session.execute(update(Job).values(due_at=now()))


def only_job(house: House) -> Job:
    with house.desk.read() as session:
        return session.scalars(select(Job)).one()


def test_what_is_owed_is_paid_until_nothing_is(house_on_each: House) -> None:
    subjects = [owe_one(house_on_each) for _ in range(3)]

    paid = Worker(house_on_each).pay_until_idle()

    assert paid == 3
    assert {job_about(house_on_each, subject).state for subject in subjects} == {"done"}


def test_an_idle_worker_pays_nothing(house_on_each: House) -> None:
    assert Worker(house_on_each).pay_until_idle() == 0


def test_what_somebody_waits_for_is_paid_before_what_nobody_does(house_on_each: House) -> None:
    bulk, normal, interactive = (owe_one(house_on_each, lane) for lane in (Lane.BULK, Lane.NORMAL, Lane.INTERACTIVE))

    Worker(house_on_each).pay_until_idle()

    paid = sorted((bulk, normal, interactive), key=lambda one: job_about(house_on_each, one).started_at or now())
    assert paid[-1] == bulk


def test_a_worker_names_itself_on_what_it_pays(house_on_each: House) -> None:
    subject = owe_one(house_on_each)

    Worker(house_on_each).pay_until_idle()

    assert str(job_about(house_on_each, subject).worker).rpartition(":")[2].isdigit()


def test_a_submitted_version_is_given_back_by_the_worker_of_its_kind(house_on_each: House) -> None:
    drafted = submitted(house_on_each)

    Worker(house_on_each).pay_until_idle()

    crew = Crew(house_on_each.desk, house_on_each.stores)
    assert job_about(house_on_each, drafted.id).state == "done"
    assert crew.entries("version.refused")[-1].actor["name"] == "worker:settle-version"


def test_every_job_has_an_empty_scratch_folder_that_is_removed_afterwards(house_on_each: House) -> None:
    folder = house_on_each.settings.data / "scratch"
    seen: list[list[Path]] = []
    submitted(house_on_each)

    def look() -> None:
        seen.append([one for one in folder.iterdir() if not any(one.iterdir())])

    Worker(where(house_on_each, look)).pay_until_idle()

    assert [len(empty) for empty in seen] == [1]
    assert seen[0][0].name.startswith("settle-version-")
    assert list(folder.iterdir()) == []


def test_a_job_that_fails_is_tried_four_times_and_then_is_a_dead_letter(house_on_each: House) -> None:
    def break_down() -> None:
        raise RuntimeError("the disk is on fire")

    drafted = submitted(house_on_each)
    worker = Worker(where(house_on_each, break_down))

    states = []
    for _ in range(4):
        worker.pay_until_idle()
        states.append(job_about(house_on_each, drafted.id).state)
        pass_time(house_on_each)

    letter = job_about(house_on_each, drafted.id)
    assert states == ["owed", "owed", "owed", "dead"]
    assert (letter.attempts, letter.error) == (4, "RuntimeError: the disk is on fire")


def test_one_job_that_fails_does_not_keep_the_others_from_being_paid(house_on_each: House) -> None:
    def break_down() -> None:
        raise RuntimeError("the disk is on fire")

    submitted(house_on_each)
    others = [owe_one(house_on_each) for _ in range(2)]

    paid = Worker(where(house_on_each, break_down)).pay_until_idle()

    assert paid == 3
    assert {job_about(house_on_each, subject).state for subject in others} == {"done"}


def test_a_job_that_can_never_succeed_is_a_dead_letter_at_once(house_on_each: House) -> None:
    def give_up() -> None:
        raise GaveUp("these bytes are no file")

    drafted = submitted(house_on_each)

    Worker(where(house_on_each, give_up)).pay_until_idle()

    letter = job_about(house_on_each, drafted.id)
    assert (letter.state, letter.attempts, letter.error) == ("dead", 1, "GaveUp: these bytes are no file")


def test_a_store_that_is_away_costs_no_job_its_life(house_on_each: House) -> None:
    def be_away() -> None:
        raise Unavailable("the store does not answer")

    drafted = submitted(house_on_each)
    worker = Worker(where(house_on_each, be_away))

    for _ in range(6):
        worker.pay_until_idle()
        pass_time(house_on_each)

    job = job_about(house_on_each, drafted.id)
    assert (job.state, job.attempts, job.error) == ("owed", 6, "the store does not answer")


def test_a_job_that_was_given_to_another_worker_is_left_to_that_one(house_on_each: House) -> None:
    workers: list[Worker] = []

    def lose_the_lease() -> None:
        with house_on_each.desk.bookkeeping() as session:
            session.execute(update(Job).values(lease_until=now() - timedelta(seconds=1)))
            claiming.reclaim_lost(session, now())
            session.execute(update(Job).values(due_at=now()))
            claiming.claim(session, "another:7", 0, now())
        workers[0]._keep_leases()

    drafted = submitted(house_on_each)
    meddled = where(house_on_each, lose_the_lease)
    Crew(meddled.desk, meddled.stores).brings(drafted.id, b"model")
    workers.append(Worker(meddled))
    workers[0].pay_until_idle()

    job = job_about(house_on_each, drafted.id)
    assert (job.state, job.worker) == ("running", "another:7")
    with house_on_each.desk.read() as session:
        assert session.scalars(select(AssetVersion.status)).one() == "verifying"


def test_a_job_in_hand_keeps_its_lease_and_tells_how_far_it_is(house_on_each: House) -> None:
    told: list[tuple[float, bool]] = []
    workers: list[Worker] = []

    def look() -> None:
        before = only_job(house_on_each).lease_until
        workers[0]._keep_leases()
        job = only_job(house_on_each)
        assert job.lease_until is not None
        assert before is not None
        told.append((job.progress, job.lease_until > before))

    submitted(house_on_each)
    workers.append(Worker(where(house_on_each, look)))
    workers[0].pay_until_idle()

    assert told == [(0.0, True)]


def test_a_worker_that_is_asked_to_stop_gives_its_job_back(house_on_each: House) -> None:
    workers: list[Worker] = []
    drafted = submitted(house_on_each)

    def be_stopped() -> None:
        workers[0].stop()

    meddled = where(house_on_each, be_stopped)
    Crew(meddled.desk, meddled.stores).brings(drafted.id, b"model")

    workers.append(Worker(meddled))
    workers[0].pay_until_idle()

    job = job_about(house_on_each, drafted.id)
    assert (job.state, job.attempts, job.error) == ("owed", 0, None)


def test_one_place_is_kept_free_of_heavy_work(house_on_each: House) -> None:
    pictures = owe_one(house_on_each, kind=RENDER_PREVIEWS)
    upload = owe_one(house_on_each)
    worker = Worker(house_on_each)

    while worker._pay_next_light():
        pass

    assert (job_about(house_on_each, upload).state, job_about(house_on_each, pictures).state) == ("done", "owed")


def test_what_nobody_waits_for_comes_in_a_lull_of_the_rest(house_on_each: House) -> None:
    seconds = [1000.0]
    worker = Worker(house_on_each, Leisure(lambda: seconds[0]))
    owe_one(house_on_each, kind=RENDER_PREVIEWS)
    worker._pay_next_in_its_time()
    turntable = owe_one(house_on_each, kind=RENDER_DETAILS)

    paid = []
    for later_s in (4.0, 2.0):
        seconds[0] += later_s
        paid.append(worker._pay_next_in_its_time())

    assert paid == [False, True]
    assert job_about(house_on_each, turntable).state == "done"


def test_what_nobody_waits_for_is_put_off_for_two_minutes_at_most(house_on_each: House) -> None:
    seconds = [1000.0]
    worker = Worker(house_on_each, Leisure(lambda: seconds[0]))
    turntable = owe_one(house_on_each, kind=RENDER_DETAILS)

    states = []
    for later_s in (110.0, 12.0):
        seconds[0] += later_s
        owe_one(house_on_each, kind=RENDER_PREVIEWS)
        worker._pay_next_waited_for()
        worker._pay_next_in_its_time()
        states.append(job_about(house_on_each, turntable).state)

    assert states == ["owed", "done"]


def test_a_job_of_a_worker_that_fell_silent_is_paid_by_the_next_one(house_on_each: House) -> None:
    subject = owe_one(house_on_each)
    with house_on_each.desk.bookkeeping() as session:
        claiming.claim(session, "gone:1", 0, now())
        session.execute(update(Job).values(lease_until=now() - timedelta(seconds=1)))

    worker = Worker(house_on_each)
    worker.pay_until_idle()
    pass_time(house_on_each)
    worker.pay_until_idle()

    assert (job_about(house_on_each, subject).state, job_about(house_on_each, subject).attempts) == ("done", 2)


@pytest.mark.parametrize("limit_s", [0.0, -1.0])
def test_paying_ends_when_its_time_is_up(house_on_each: House, limit_s: float) -> None:
    owe_one(house_on_each)

    assert Worker(house_on_each).pay_until_idle(limit_s) == 0


def test_a_published_version_is_found_by_its_readers(house_on_each: House) -> None:
    crew = Crew(house_on_each.desk, house_on_each.stores)
    crew.registers("prp_chair")
    drafted = crew.drafts("prp_chair", stored("a.usd", b"model"))
    crew.brings(drafted.id, b"model")
    crew.submits("prp_chair", 1)

    worker = Worker(house_on_each)
    worker._pay_next_light()

    with crew.view() as view:
        assert queries.get_version(view, "prp_chair").number == 1
