"""The worker as a process: it starts, pays, keeps house, and ends when it is asked to."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from uuid import UUID

import pytest
from sqlalchemy import select, update

from catalog.assets import registry
from catalog.assets.jobs import SETTLE_VERSION
from catalog.assets.models import AssetVersion
from catalog.assets.vocabulary import Kind
from catalog.db.engine import create_engine_for
from catalog.house import House
from catalog.jobs import claiming
from catalog.jobs.models import Job
from catalog.jobs.owing import OwedJob, owe
from catalog.jobs.vocabulary import Lane
from catalog.kernel.clock import now
from catalog.kernel.errors import Unavailable
from catalog.kernel.ids import new_id
from catalog.reactions import REACTIONS
from catalog.storage import turns
from catalog.upkeep import claims
from catalog.work.desk import Desk
from catalog.work.idempotency import Answered, RequestKey, find_answer, keep_answer
from catalog.worker import chores
from catalog.worker.loop import Worker, _dead_here
from tests.crew import OPERATOR, Crew, stored
from tests.house.source import ROOT


def owe_one(desk: Desk) -> UUID:
    """Owe a job that is paid at once; what it is about."""
    subject = new_id()
    with desk.bookkeeping() as session:
        owe(session, [OwedJob(kind=SETTLE_VERSION, subject_id=subject, lane=Lane.NORMAL)], now())
    return subject


def state_of(desk: Desk, subject: UUID) -> str:
    with desk.read() as session:
        return session.scalars(select(Job.state).where(Job.subject_id == subject)).one()


def until(desk: Desk, subject: UUID, state: str, within_s: float = 240) -> None:
    """Wait until the job about this stands there."""
    ends = monotonic() + within_s
    while state_of(desk, subject) != state and monotonic() < ends:
        sleep(0.05)
    assert state_of(desk, subject) == state


@pytest.fixture
def process(sqlite_engine: object, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process on the database of this test, whose store does not answer."""
    environment = os.environ | {
        "CATALOG_DATA": str(tmp_path / "data"),
        "CATALOG_DATABASE_URL": f"sqlite:///{tmp_path / 'catalog.sqlite'}",
        "CATALOG_SECRET_KEY": "a key of the tests, long enough to sign with",
        "CATALOG_S3_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_REGION": "us-east-1",
    }
    with subprocess.Popen([sys.executable, "-m", "catalog.worker"], cwd=ROOT, env=environment) as started:
        yield started
        started.kill()


@pytest.fixture
def its_desk(tmp_path: Path) -> Iterator[Desk]:
    engine = create_engine_for(f"sqlite:///{tmp_path / 'catalog.sqlite'}")
    yield Desk(engine=engine, reactions=REACTIONS)
    engine.dispose()


@pytest.mark.slow
def test_a_worker_process_pays_what_is_owed_and_ends_when_it_is_asked_to(
    process: subprocess.Popen[bytes], its_desk: Desk
) -> None:
    until(its_desk, owe_one(its_desk), "done")

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=120) == 0


@pytest.mark.slow
def test_a_worker_without_its_tables_says_what_to_do(tmp_path: Path) -> None:
    environment = os.environ | {"CATALOG_DATA": str(tmp_path), "CATALOG_DATABASE_URL": f"sqlite:///{tmp_path / 'none'}"}

    ended = subprocess.run(
        [sys.executable, "-m", "catalog.worker"], cwd=ROOT, env=environment, capture_output=True, check=False, text=True
    )

    assert ended.returncode == 1
    assert "the database lacks migrations; run `catalog admin migrate`" in ended.stderr


@pytest.mark.slow
def test_a_worker_that_starts_takes_up_what_a_dead_one_had_in_hand(house: House) -> None:
    subject = owe_one(house.desk)
    with house.desk.bookkeeping() as session:
        claiming.claim(session, f"{socket.gethostname()}:999999999", 0, now())
        session.execute(update(Job).values(lease_until=now() + timedelta(hours=1)))
    worker = Worker(house)

    running = threading.Thread(target=worker.run)
    running.start()
    until(house.desk, subject, "done")
    worker.stop()
    running.join(timeout=240)

    assert not running.is_alive()


@pytest.mark.parametrize(
    "worker, dead",
    [
        (f"{socket.gethostname()}:999999999", True),
        (f"{socket.gethostname()}:{os.getpid()}", False),
        ("elsewhere:999999999", False),
        (f"{socket.gethostname()}:", False),
        ("", False),
    ],
    ids=["gone", "alive", "elsewhere", "without a number", "nobody"],
)
def test_a_worker_is_known_to_be_dead_on_its_own_machine_only(worker: str, *, dead: bool) -> None:
    assert _dead_here(worker) == dead


def test_a_step_that_fails_is_tried_again_and_the_thread_lives_on(house: House) -> None:
    worker = Worker(house)
    tried: list[str] = []

    def step() -> bool:
        tried.append("again")
        if len(tried) == 1:
            raise RuntimeError("a defect")
        if len(tried) == 2:
            raise Unavailable("the database is away")
        worker.stop()
        return True

    worker._steadily(step, 0.001)

    assert tried == ["again"] * 3


def test_a_thread_that_finds_nothing_rests_and_looks_again(house: House) -> None:
    worker = Worker(house)
    looks: list[float] = []

    def step() -> bool:
        looks.append(monotonic())
        if len(looks) == 210:
            worker.stop()
        return False

    worker._steadily(step, 0.0005, 4)

    assert len(looks) == 210


def test_the_index_follows_the_ledger_step_by_step(house: House) -> None:
    with house.desk.work(OPERATOR) as work:
        registry.register(work, registry.Registration(code="prp_chair", name="Chair", kind=Kind.PROP))
    worker = Worker(house)

    assert [worker._follow(), worker._follow()] == [True, False]
    assert house.index.seq == 1


def test_what_nobody_needs_any_more_is_swept(house: House) -> None:
    old = now() - timedelta(days=8)
    crew = Crew(house.desk, house.stores)
    crew.registers("prp_chair")
    drafted = crew.drafts("prp_chair", stored("a.usd", b"model"))
    request = RequestKey(caller="c", operation="o", key="k", request_digest="d")
    with house.desk.bookkeeping() as session:
        session.execute(update(AssetVersion).values(created_at=old, stood_since=old))
        keep_answer(session, request, Answered(status=200, body=b""), old)
        session.add(
            Job(
                id=new_id(),
                kind="settle-version",
                subject_id=drafted.id,
                state="done",
                due_at=old,
                created_at=old,
                ended_at=old,
            )
        )

    assert Worker(house)._sweep_database() is False

    with house.desk.read() as session:
        assert session.scalars(select(Job.id)).all() == []
        assert find_answer(session, request, old) is None
        assert session.scalars(select(AssetVersion.status)).one() == "withdrawn"


def test_a_store_is_swept_by_the_first_worker_that_comes_by_when_it_is_due(house: House) -> None:
    Crew(house.desk, house.stores).registers("prp_chair")

    assert Worker(house)._sweep_store() is False

    claim = claims.find_claim(house.stores.originals)
    assert claim is not None
    assert claim.by == "http://studio.test"
    with house.desk.read() as session:
        assert not turns.is_due(session, now())


def test_a_worker_leaves_a_store_alone_that_an_operator_has_to_look_at(house: House) -> None:
    Crew(house.desk, house.stores).registers("prp_chair")
    with house.desk.bookkeeping() as session:
        turns.hold(session, "restored from a backup")

    assert Worker(house)._sweep_store() is False

    assert claims.find_claim(house.stores.originals) is None
    assert chores.sweep_store(house, adopt=True) == 0
