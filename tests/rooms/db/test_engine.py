"""Engines for both databases, and the type in which instants are kept."""

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from statistics import median
from uuid import UUID

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from catalog.accounts.models import Membership
from catalog.db.engine import create_engine_for, is_sqlite
from catalog.work.models import KeptAnswer

NOBODY = UUID("019308a4-9ab9-7c3e-8f67-3b6f0c4a2d11")
COUNT = text("SELECT count(*) FROM written")
CHILD = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
WRITE_ON = """
import sys, time
from sqlalchemy import text
from catalog.db.engine import create_engine_for

engine = create_engine_for(sys.argv[1]).execution_options(writes=True)
while True:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO written VALUES (1)"))
        time.sleep(0.03)
"""


def _answer(at: datetime) -> dict[str, object]:
    return {
        "caller": "c",
        "operation": "o",
        "key": "k",
        "request_digest": "d",
        "status": 200,
        "body": b"",
        "created_at": at,
    }


def test_sqlite_survives_a_power_cut_and_lets_readers_read(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as connection:
        journal = connection.scalar(text("PRAGMA journal_mode"))
        synchronous = connection.scalar(text("PRAGMA synchronous"))
        busy_ms = connection.scalar(text("PRAGMA busy_timeout"))

    assert (journal, synchronous, busy_ms) == ("wal", 2, 30_000)


@pytest.mark.postgres
def test_postgresql_speaks_utc(postgresql_engine: Engine) -> None:
    with postgresql_engine.connect() as connection:
        zone = connection.scalar(text("SHOW timezone"))

    assert str(zone).upper() == "UTC"


def test_a_foreign_key_is_held_by_the_database(engine: Engine) -> None:
    row = insert(Membership).values(user_id=NOBODY, group_id=NOBODY)

    with engine.execution_options(writes=True).connect() as connection, pytest.raises(IntegrityError):
        connection.execute(row)


def test_each_engine_says_which_database_it_speaks_to(sqlite_engine: Engine) -> None:
    assert is_sqlite(sqlite_engine)
    assert not is_sqlite(create_engine_for("postgresql+psycopg://nobody@localhost/nothing"))


def test_an_instant_comes_back_as_utc_whatever_zone_it_was_told_in(engine: Engine) -> None:
    in_wellington = datetime(2026, 11, 23, 9, 30, 15, 123_456, tzinfo=timezone(timedelta(hours=13)))

    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(insert(KeptAnswer).values(_answer(in_wellington)))
        kept = connection.scalars(select(KeptAnswer.created_at)).one()

    assert kept == datetime(2026, 11, 22, 20, 30, 15, 123_456, tzinfo=UTC)
    assert kept.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    nobody_knows_when = datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001 — the naive instant is what is tested

    with engine.connect() as connection, pytest.raises(StatementError, match="has no time zone"):
        connection.execute(insert(KeptAnswer).values(_answer(nobody_knows_when)))


def test_instants_are_compared_as_instants(engine: Engine) -> None:
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(insert(KeptAnswer).values(_answer(noon)))

    with engine.connect() as connection:
        half_past_in_london = datetime(2026, 11, 23, 12, 30, tzinfo=timezone(timedelta(hours=1)))
        later = connection.scalar(select(KeptAnswer.key).where(KeptAnswer.created_at > half_past_in_london))
        earlier = connection.scalar(select(KeptAnswer.key).where(KeptAnswer.created_at < half_past_in_london))

    assert (later, earlier) == ("k", None)


def test_a_second_writer_on_sqlite_waits_for_the_first_instead_of_failing(sqlite_engine: Engine) -> None:
    order: list[str] = []
    holding = threading.Event()

    def write_second() -> None:
        holding.wait()
        with sqlite_engine.execution_options(writes=True).begin():
            order.append("second began")

    second = threading.Thread(target=write_second)
    second.start()
    with sqlite_engine.execution_options(writes=True).begin():
        holding.set()
        second.join(timeout=0.3)
        order.append("first ended")
    second.join()

    assert order == ["first ended", "second began"]


def test_a_reader_on_sqlite_does_not_wait_for_a_writer(sqlite_engine: Engine) -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)

    with sqlite_engine.execution_options(writes=True).begin() as writer:
        writer.execute(insert(KeptAnswer).values(_answer(at)))
        with sqlite_engine.connect() as reader:
            seen = reader.scalars(select(KeptAnswer.key)).all()

    assert list(seen) == []


def test_a_reader_who_opens_sqlite_anew_does_not_wait_for_the_writers_in_line(sqlite_engine: Engine) -> None:
    def write() -> None:
        with sqlite_engine.execution_options(writes=True).begin():
            ended.append("second writer")

    ended: list[str] = []
    second = threading.Thread(target=write)
    with sqlite_engine.execution_options(writes=True).begin():
        second.start()
        second.join(timeout=0.3)  # by now it stands in the turnstile
        newcomer = create_engine_for(str(sqlite_engine.url))
        with newcomer.connect() as reader:
            ended += ["reader", *reader.scalars(select(KeptAnswer.key))]
    second.join()
    newcomer.dispose()

    assert ended == ["reader", "second writer"]


def test_a_database_that_is_not_there_is_made_by_sqlite(tmp_path: Path) -> None:
    engine = create_engine_for(f"sqlite:///{tmp_path / 'new.sqlite'}")

    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    engine.dispose()

    assert (tmp_path / "new.sqlite").exists()


def test_a_writer_waits_for_few_transactions_of_a_process_that_writes_without_pause(sqlite_engine: Engine) -> None:
    writes = sqlite_engine.execution_options(writes=True)
    with writes.begin() as connection:
        connection.execute(text("CREATE TABLE written (n INTEGER)"))
    with subprocess.Popen([sys.executable, "-c", WRITE_ON, str(sqlite_engine.url)], env=CHILD) as busy:
        while _written(sqlite_engine) == 0:
            time.sleep(0.01)

        passed_by = []
        for _ in range(10):
            before = _written(sqlite_engine)
            with writes.begin() as connection:
                passed_by.append(connection.execute(COUNT).scalar_one() - before)
        busy.kill()

    assert median(passed_by) <= 5  # a busy machine may let this process stand still between two looks


def _written(engine: Engine) -> int:
    with engine.connect() as connection:
        count: int = connection.execute(COUNT).scalar_one()
        return count


def test_a_turnstile_that_cannot_be_opened_keeps_nobody_from_writing(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite-turn").mkdir()
    writes = create_engine_for(f"sqlite:///{tmp_path / 'x.sqlite'}").execution_options(writes=True)

    with writes.begin() as connection:
        connection.execute(text("CREATE TABLE written (n INTEGER)"))

    assert _written(writes) == 0
    writes.dispose()
