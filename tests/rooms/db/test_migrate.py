"""Bringing a database up to the tables that the code expects."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, inspect, select, text

from catalog.db import migrate
from catalog.db.engine import create_engine_for
from catalog.kernel.errors import Conflict
from catalog.ledger.models import LedgerHead
from tests.fixtures import named


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server_url: str = request.getfixturevalue("postgresql_url")
    name = f"empty_{uuid4().hex[:12]}"
    server = create_engine_for(server_url).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield named(server_url, name)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def empty_engine(empty_url: str) -> Iterator[Engine]:
    engine = create_engine_for(empty_url)
    yield engine
    engine.dispose()


def test_an_empty_database_lacks_migrations(empty_engine: Engine) -> None:
    assert not migrate.is_current(empty_engine)


def test_a_migrated_database_is_current_and_has_a_ledger_without_entries(empty_engine: Engine) -> None:
    migrate.upgrade(empty_engine)

    with empty_engine.connect() as connection:
        head = connection.execute(select(LedgerHead.seq, LedgerHead.hash)).one()
    assert migrate.is_current(empty_engine)
    assert tuple(head) == (0, "0" * 64)


def test_migrating_twice_changes_nothing(empty_engine: Engine) -> None:
    migrate.upgrade(empty_engine)
    tables = inspect(empty_engine).get_table_names()

    migrate.upgrade(empty_engine)

    assert inspect(empty_engine).get_table_names() == tables
    assert migrate.is_current(empty_engine)


def test_a_database_of_another_release_is_refused_with_what_to_do(empty_engine: Engine) -> None:
    migrate.upgrade(empty_engine)
    with empty_engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0042_of_tomorrow'"))

    with pytest.raises(Conflict, match=r"'0042_of_tomorrow'.*another --data folder") as refused:
        migrate.upgrade(empty_engine)

    assert refused.value.code == "other-release"
    assert not migrate.is_current(empty_engine)


def test_two_processes_that_start_at_once_migrate_once(empty_url: str) -> None:
    engines = [create_engine_for(empty_url) for _ in range(2)]

    with ThreadPoolExecutor() as threads:
        list(threads.map(migrate.upgrade, engines))

    assert migrate.is_current(engines[0])
    for engine in engines:
        engine.dispose()


def test_the_last_migration_has_a_name_that_begins_with_its_number() -> None:
    head = migrate.head()

    assert head is not None
    assert head[:4].isdigit()
