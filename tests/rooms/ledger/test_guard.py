"""The ledger is never changed: the database itself refuses."""

import pytest
from sqlalchemy import Engine, Executable, delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from catalog.ledger.models import LedgerEntry, LedgerSubject
from catalog.reactions import REACTIONS
from catalog.work.desk import Desk
from tests.rooms.ledger.shows import enter_shows


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(update(LedgerEntry).values(type="show.deleted/1"), id="change an entry"),
        pytest.param(update(LedgerEntry).where(LedgerEntry.seq == 1).values(seq=9), id="renumber an entry"),
        pytest.param(delete(LedgerEntry), id="remove entries"),
        pytest.param(update(LedgerSubject).values(kind="asset"), id="change a subject"),
        pytest.param(delete(LedgerSubject), id="remove subjects"),
    ],
)
def test_the_database_refuses_to_change_what_was_entered(desk: Desk, change: Executable) -> None:
    enter_shows(desk, ["orion", "lyra"])

    with (
        desk.engine.execution_options(writes=True).connect() as connection,
        pytest.raises(DBAPIError, match="the ledger is never changed"),
    ):
        connection.execute(change)

    with desk.read() as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 2
        assert session.scalar(select(func.count()).select_from(LedgerSubject)) == 2


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["ledger_entry", "ledger_subject"])
def test_postgresql_refuses_to_truncate_it(postgresql_engine: Engine, table: str) -> None:
    with postgresql_engine.connect() as connection, pytest.raises(DBAPIError, match="the ledger is never changed"):
        connection.execute(text(f"TRUNCATE {table}"))


@pytest.mark.parametrize(
    "again",
    [
        "INSERT OR REPLACE INTO ledger_entry SELECT * FROM ledger_entry",
        "INSERT OR REPLACE INTO ledger_subject SELECT * FROM ledger_subject",
    ],
)
def test_sqlite_refuses_to_replace_what_was_entered(sqlite_engine: Engine, again: str) -> None:
    enter_shows(Desk(engine=sqlite_engine, reactions=REACTIONS), ["orion"])

    with (
        sqlite_engine.execution_options(writes=True).connect() as connection,
        pytest.raises(DBAPIError, match="the ledger is never changed"),
    ):
        connection.execute(text(again))
