"""Verifying the chain: whatever was done to the ledger behind its back, the first bad entry is named."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Executable, delete, insert, literal_column, select, text, update

from catalog.db.engine import is_sqlite
from catalog.kernel.clock import now
from catalog.kernel.ids import new_id
from catalog.ledger.chain import GENESIS, canonical, seal
from catalog.ledger.models import LedgerEntry, LedgerHead, LedgerSubject, Revision
from catalog.ledger.verification import Verification, verify
from catalog.reactions import REACTIONS
from catalog.work.desk import Desk
from tests.crew import OPERATOR, Crew
from tests.rooms.ledger.shows import enter_shows, show_created

SHOWS = ("orion", "lyra", "vega", "deneb", "altair")
STRANGER = new_id()


def tamper(engine: Engine, *changes: Executable | Callable[[Connection], None]) -> None:
    """Change the ledger as somebody could who owns the database: with its guards taken down."""
    with engine.execution_options(writes=True).begin() as connection:
        if is_sqlite(connection):
            guards = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            for guard in guards:
                connection.execute(text(f"DROP TRIGGER {guard}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for change in changes:
            if isinstance(change, Executable):
                connection.execute(change)
            else:
                change(connection)


def verified(desk: Desk) -> Verification:
    with desk.read() as session:
        return verify(session)


def rewrite(seq: int, /, **changes: Any) -> Callable[[Connection], None]:  # noqa: ANN401 — JSON is what it is
    """Return a change of an entry's sealed bytes that seals them anew, as a careful forger would."""

    def change(connection: Connection) -> None:
        body = connection.scalars(select(LedgerEntry.body).where(LedgerEntry.seq == seq)).one()
        forged = canonical(json.loads(body) | changes)
        connection.execute(update(LedgerEntry).where(LedgerEntry.seq == seq).values(body=forged, hash=seal(forged)))

    return change


def change_entry(seq: int, /, **values: Any) -> Executable:  # noqa: ANN401 — column values
    return update(LedgerEntry).where(LedgerEntry.seq == seq).values(**values)


def swap(one: int, other: int) -> list[Executable]:
    return [change_entry(one, seq=99), change_entry(other, seq=one), change_entry(99, seq=other)]


def change_revision(seq: int, **values: Any) -> Executable:  # noqa: ANN401 — column values
    return update(Revision).where(Revision.seq == seq).values(**values)


def move_head(**values: Any) -> Executable:  # noqa: ANN401 — column values
    return update(LedgerHead).values(**values)


def remove_from(*models: type[LedgerEntry | LedgerSubject | Revision], seq: int) -> list[Executable]:
    return [delete(model).where(model.seq == seq) for model in models]


def test_a_ledger_that_nobody_touched_holds(crew: Crew) -> None:
    enter_shows(crew.desk, SHOWS)

    verification = verified(crew.desk)

    assert verification.holds
    assert verification.verified_through == 5
    assert verification.head == crew.entries()[-1].hash


def test_a_chain_holds_across_entries_with_and_without_the_id_of_a_token(crew: Crew) -> None:
    before, after = replace(OPERATOR, through="farm"), replace(OPERATOR, through="farm", token_id=new_id())

    for actor in (before, after, OPERATOR):
        with crew.work(actor) as work:
            work.record(show_created("orion"))

    assert (verified(crew.desk).holds, verified(crew.desk).verified_through) == (True, 3)
    assert [entry.actor.get("token") for entry in crew.entries()] == [None, str(after.token_id), None]


def test_an_entry_that_lost_its_token_is_a_change_like_any_other(crew: Crew) -> None:
    for token_id in (None, new_id()):
        with crew.work(replace(OPERATOR, token_id=token_id)) as work:
            work.record(show_created("orion"))

    tamper(crew.desk.engine, change_entry(2, token_id=None))

    assert verified(crew.desk).first_bad == 2


def test_an_empty_ledger_holds(desk: Desk) -> None:
    verification = verified(desk)

    assert verification == Verification(verified_through=0, head=GENESIS)


@pytest.mark.parametrize(
    "changes, first_bad, reason",
    [
        pytest.param([change_entry(3, body=b"{}")], 3, "its bytes do not have the hash", id="other bytes"),
        pytest.param([change_entry(3, body=b"")], 3, "its bytes do not have the hash", id="no bytes"),
        pytest.param([change_entry(3, hash="0" * 64)], 3, "its bytes do not have the hash", id="another hash"),
        pytest.param(
            [change_entry(3, body=b"\xff{", hash=seal(b"\xff{"))], 3, "are no entry", id="bytes of nothing, sealed"
        ),
        pytest.param([change_entry(3, body=b"[]", hash=seal(b"[]"))], 3, "are no entry", id="another value, sealed"),
        pytest.param([change_entry(3, body=b"{}", hash=seal(b"{}"))], 3, "are no entry", id="an empty value, sealed"),
        pytest.param([rewrite(3, previous=GENESIS)], 3, "does not follow", id="another entry before, sealed"),
        pytest.param([rewrite(3, type="show.changed/1")], 3, "its columns differ", id="another type, sealed"),
        pytest.param([rewrite(3, fields=["code"])], 4, "does not follow", id="other fields, sealed"),
        pytest.param([change_entry(3, type="show.changed/1")], 3, "its columns differ", id="another type"),
        pytest.param([change_entry(3, at=now())], 3, "its columns differ", id="another instant"),
        pytest.param([change_entry(3, actor_id=STRANGER)], 3, "its columns differ", id="another actor"),
        pytest.param([change_entry(3, actor_name="somebody")], 3, "its columns differ", id="another name"),
        pytest.param([change_entry(3, token_id=STRANGER)], 3, "its columns differ", id="another token"),
        pytest.param([rewrite(3, actor="nobody")], 3, "are no entry", id="an actor of another shape, sealed"),
        pytest.param([change_entry(3, request_id=None)], 3, "its columns differ", id="no request"),
        pytest.param(
            remove_from(LedgerEntry, LedgerSubject, Revision, seq=3), 3, "entry 3 is missing", id="a removed entry"
        ),
        pytest.param(
            remove_from(LedgerEntry, LedgerSubject, Revision, seq=1), 1, "entry 1 is missing", id="no first entry"
        ),
        pytest.param(
            remove_from(LedgerEntry, LedgerSubject, Revision, seq=5), 5, "the chain ends with 4", id="no last entry"
        ),
        pytest.param(
            [delete(LedgerEntry), delete(LedgerSubject), delete(Revision)], 1, "ends with 0", id="no entry at all"
        ),
        pytest.param(swap(2, 3), 2, "does not follow", id="two entries in the wrong order"),
        pytest.param([change_entry(5, seq=6)], 5, "entry 5 is missing", id="a renumbered entry"),
        pytest.param(
            [update(LedgerSubject).where(LedgerSubject.seq == 3).values(subject_id=STRANGER)],
            3,
            "its subjects differ",
            id="another subject",
        ),
        pytest.param(
            [update(LedgerSubject).where(LedgerSubject.seq == 3).values(kind="asset")],
            3,
            "its subjects differ",
            id="another kind of subject",
        ),
        pytest.param(remove_from(LedgerSubject, seq=3), 3, "its subjects differ", id="no subject"),
        pytest.param(
            [insert(LedgerSubject).values(seq=3, subject_id=STRANGER, kind="show")],
            3,
            "its subjects differ",
            id="a further subject",
        ),
        pytest.param(
            [change_revision(3, values={"code": "other"})], 3, "the values of entry 3 were changed", id="other values"
        ),
        pytest.param([change_revision(3, salt=b"0" * 16)], 3, "the values of entry 3 were changed", id="another salt"),
        pytest.param(
            [change_revision(3, values={"code": "other"}, salt=None)],
            3,
            "the values of entry 3 were changed",
            id="other values without a salt",
        ),
        pytest.param(remove_from(Revision, seq=3), 3, "lost the record of its values", id="no record of the values"),
        pytest.param([move_head(seq=4)], 5, "the head says 4 entries", id="a head that was put back"),
        pytest.param([move_head(seq=6)], 6, "the head says 6 entries", id="a head that was put forward"),
        pytest.param([move_head(hash="f" * 64)], 5, "the head says 5 entries", id="a head with another hash"),
        pytest.param([rewrite(5, fields=["code"])], 5, "the head says 5 entries", id="a last entry sealed anew"),
        pytest.param([delete(LedgerHead)], 0, "the ledger's head is missing", id="no head"),
    ],
)
def test_the_first_entry_that_cannot_be_trusted_is_named(
    desk: Desk, changes: list[Executable], first_bad: int, reason: str
) -> None:
    enter_shows(desk, SHOWS)

    tamper(desk.engine, *changes)

    verification = verified(desk)
    assert not verification.holds
    assert verification.first_bad == first_bad
    assert verification.verified_through == max(first_bad - 1, 0)
    assert reason in str(verification.reason)


@pytest.mark.parametrize("column", ["body", "at", "actor_id"])
def test_what_no_column_can_hold_is_a_change_like_any_other(sqlite_engine: Engine, column: str) -> None:
    desk = Desk(engine=sqlite_engine, reactions=REACTIONS)
    enter_shows(desk, SHOWS)

    tamper(sqlite_engine, change_entry(3, **{column: literal_column("'text, just so'")}))

    found = verified(desk)
    assert (found.verified_through, found.first_bad) == (2, 3)
    assert found.reason is not None
    assert found.reason.startswith("entry 3 was changed")


@pytest.mark.parametrize(
    "erased",
    [pytest.param({"values": None}, id="values"), pytest.param({"values": None, "salt": None}, id="values and salt")],
)
def test_a_value_that_was_erased_leaves_the_chain_whole(crew: Crew, erased: dict[str, None]) -> None:
    enter_shows(crew.desk, SHOWS)

    with crew.desk.bookkeeping() as session:
        session.execute(change_revision(3, **erased))

    assert verified(crew.desk).holds
    assert [entry.values is None for entry in crew.entries()] == [False, False, True, False, False]


def test_of_several_bad_entries_the_first_is_named(desk: Desk) -> None:
    enter_shows(desk, SHOWS)

    tamper(desk.engine, change_entry(4, actor_name="somebody"), change_entry(2, actor_name="somebody"))

    assert verified(desk).first_bad == 2


def test_a_long_ledger_is_walked_in_steps_that_it_tells(desk: Desk) -> None:
    with desk.work(OPERATOR) as work:
        work.record(*(show_created(f"show-{number}") for number in range(2_500)))
    told: list[tuple[int, int]] = []

    with desk.read() as session:
        verification = verify(session, lambda seq, of: told.append((seq, of)))

    assert verification.verified_through == 2_500
    assert told == [(2_000, 2_500), (2_500, 2_500)]


@pytest.fixture
def five_entries(desk: Desk) -> Desk:
    enter_shows(desk, SHOWS)
    return desk


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seq=st.integers(min_value=1, max_value=5), where=st.integers(min_value=0, max_value=10_000))
def test_no_changed_bit_of_any_entry_goes_unnoticed(five_entries: Desk, seq: int, where: int) -> None:
    with five_entries.read() as session:
        body = session.scalars(select(LedgerEntry.body).where(LedgerEntry.seq == seq)).one()
    changed = bytearray(body)
    changed[where // 8 % len(body)] ^= 1 << where % 8

    tamper(five_entries.engine, change_entry(seq, body=bytes(changed)))
    found = verified(five_entries).first_bad
    tamper(five_entries.engine, change_entry(seq, body=body))

    assert found == seq
    assert verified(five_entries).holds
