"""What operators do by commands: try dead letters again, and learn that something does not agree any more."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text, update

from catalog.db.engine import create_engine_for
from catalog.jobs.models import Job
from catalog.kernel import clock
from catalog.kernel.ids import new_id
from catalog.reactions import REACTIONS
from catalog.storage.memory import memory_stores
from catalog.work.desk import Desk
from tests.crew import Crew
from tests.surfaces.serving import Served, runs_alone


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """What a command reads into the environment is gone when its test is over."""
    kept = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(kept)


@pytest.fixture
def data(migrated_sqlite: Path, tmp_path: Path) -> Path:
    """The data folder of an installation with a lamp, whose index stands at the ledger's end."""
    folder = tmp_path / "var"
    folder.mkdir()
    shutil.copyfile(migrated_sqlite, folder / "catalog.sqlite")
    engine = create_engine_for(f"sqlite:///{folder / 'catalog.sqlite'}")
    Crew(Desk(engine=engine, reactions=REACTIONS), memory_stores()).registers("prp_lamp")
    engine.dispose()
    assert runs_alone("admin", "reindex", "--data", str(folder)).exit_code == 0
    return folder


def damage(data: Path, statement: str) -> None:
    """Change the database behind everybody's back, with its guards taken down."""
    engine = create_engine_for(f"sqlite:///{data / 'catalog.sqlite'}")
    with engine.execution_options(writes=True).begin() as connection:
        for guard in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {guard}"))
        connection.execute(text(statement))
    engine.dispose()


def test_a_ledger_that_was_changed_ends_with_five_and_names_the_entry(data: Path) -> None:
    assert runs_alone("admin", "verify-ledger", "--data", str(data)).exit_code == 0
    damage(data, "UPDATE ledger_entry SET body = CAST(replace(body, 'registered', 'retired') AS BLOB) WHERE seq = 1")

    ended = runs_alone("admin", "verify-ledger", "--data", str(data))

    assert (ended.exit_code, "the ledger does not hold from entry 1: " in ended.stderr) == (5, True)


def test_an_index_that_does_not_agree_ends_with_five_and_is_built_anew(data: Path) -> None:
    verify = ("admin", "reindex", "--verify", "--data", str(data))
    assert runs_alone(*verify).exit_code == 0
    damage(data, "UPDATE asset SET name = 'Something else'")

    ended = runs_alone(*verify)

    assert (ended.exit_code, "0 assets are missing in the index, 1 documents are stale" in ended.stderr) == (5, True)
    assert runs_alone("admin", "reindex", "--data", str(data)).exit_code == 0
    assert runs_alone(*verify).exit_code == 0


def buried(door: Served, code: str) -> str:
    """The job of a published version, as if it had failed too often."""
    door.studio.artist.publishes(code)
    (job,) = door.studio.admin.get("/jobs?kind=settle-version&limit=1").items
    with door.studio.house.desk.bookkeeping() as session:
        dead = {"state": "dead", "attempts": 4, "error": "the store was full", "ended_at": clock.now()}
        session.execute(update(Job).where(Job.id == UUID(job["id"])).values(**dead))
    return str(job["id"])


def test_an_operator_sees_why_a_job_is_dead_and_tries_it_again(door: Served) -> None:
    job = buried(door, "prp_dead")

    listed = door.runs("jobs", "list", "--state", "dead", person=door.studio.pipeline)
    ended = door.runs("jobs", "retry", job, "--format", "json", person=door.studio.pipeline)

    assert [word for word in (job, "settle-version", "the store was full") if word not in listed.stdout] == []
    assert (ended.exit_code, json.loads(ended.stdout)["state"], json.loads(ended.stdout)["attempts"]) == (0, "owed", 0)


def test_what_cannot_be_retried_says_so_by_its_exit_code(door: Served) -> None:
    job = buried(door, "prp_buried")

    by_artist = door.runs("jobs", "retry", job)
    unknown = door.runs("jobs", "retry", str(new_id()), person=door.studio.pipeline)
    no_id = door.runs("jobs", "retry", "the last one", person=door.studio.pipeline)

    assert (by_artist.exit_code, unknown.exit_code, no_id.exit_code) == (6, 3, 2)
