"""The desk: consistent views, and failures of the database in words that people can act on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, insert, select, text, update
from sqlalchemy.exc import ProgrammingError

from catalog.assets.models import Asset
from catalog.db.engine import create_engine_for
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict, InvalidInput, NotPermitted, Unavailable
from catalog.ledger.verification import verify
from catalog.reactions import REACTIONS
from catalog.work.desk import Desk
from catalog.work.models import KeptAnswer
from tests.crew import OPERATOR, Crew

KEPT = {
    "caller": "c",
    "operation": "o",
    "key": "k",
    "request_digest": "d",
    "status": 200,
    "body": b"",
    "created_at": datetime(2026, 11, 23, tzinfo=UTC),
}


@pytest.fixture
def impatient(sqlite_engine: Engine) -> Iterator[Desk]:
    """A desk whose writers wait a twentieth of a second for another writer, instead of half a minute."""
    engine = create_engine_for(str(sqlite_engine.url), busy_ms=50)
    yield Desk(engine=engine, reactions=REACTIONS)
    engine.dispose()


def test_a_view_shows_one_state_whatever_happens_meanwhile(crew: Crew) -> None:
    crew.registers("prp_chair")

    with crew.view() as view:
        before = view.session.scalars(select(Asset.code)).all()
        crew.registers("prp_table")
        after = view.session.scalars(select(Asset.code)).all()

    assert before == after == ["prp_chair"]


def test_what_is_changed_in_a_view_is_not_kept(crew: Crew) -> None:
    crew.registers("prp_chair")

    with crew.view() as view:
        view.session.scalars(select(Asset)).one().name = "Throne"
        view.session.flush()

    with crew.view() as view:
        assert view.session.scalars(select(Asset.name)).one() == "prp_chair"


def test_a_view_refuses_a_viewer_who_lacks_the_ability(crew: Crew) -> None:
    with crew.view(crew.viewer) as view, pytest.raises(NotPermitted, match="vic may not audit"):
        view.require(Ability.AUDIT)


def test_bookkeeping_is_kept_and_leaves_no_entry(crew: Crew) -> None:
    with crew.desk.bookkeeping() as session:
        session.execute(insert(KeptAnswer).values(KEPT))

    with crew.desk.read() as session:
        assert session.scalars(select(KeptAnswer.key)).one() == "k"
    assert crew.entries() == []


def test_a_value_that_another_writer_took_first_is_a_conflict(desk: Desk) -> None:
    with desk.bookkeeping() as session:
        session.execute(insert(KeptAnswer).values(KEPT))

    with pytest.raises(Conflict, match="another writer was first") as refused, desk.bookkeeping() as session:
        session.execute(insert(KeptAnswer).values(KEPT))

    assert refused.value.code == "written-meanwhile"


@pytest.mark.postgres
def test_a_value_that_the_database_cannot_hold_is_invalid_input(postgresql_engine: Engine) -> None:
    desk = Desk(engine=postgresql_engine, reactions=REACTIONS)

    with pytest.raises(InvalidInput, match="the database cannot hold a value") as refused, desk.read() as session:
        session.scalar(select(Asset).where(Asset.code_key == "a\0b"))

    assert refused.value.code == "bad-value"


def test_a_mistake_in_a_statement_is_not_hidden_behind_words(desk: Desk) -> None:
    with pytest.raises(Exception, match="no_such_table") as failed, desk.read() as session:
        session.execute(text("SELECT * FROM no_such_table"))

    assert isinstance(failed.value, ProgrammingError | Unavailable)


def test_a_database_that_stays_locked_is_unavailable(impatient: Desk) -> None:
    with impatient.work(OPERATOR), pytest.raises(Unavailable, match="try again in a moment") as refused:
        impatient.work(OPERATOR).__enter__()

    assert refused.value.code == "database-busy"


def test_a_reader_does_not_wait_for_a_writer(impatient: Desk) -> None:
    with impatient.work(OPERATOR), impatient.view(OPERATOR) as view:
        codes = view.session.scalars(select(Asset.code)).all()

    assert codes == []


def test_a_database_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    desk = Desk(engine=create_engine_for(f"sqlite:///{tmp_path}/no/such/folder/catalog.sqlite"), reactions=REACTIONS)

    with pytest.raises(Unavailable, match="the database cannot answer"), desk.read() as session:
        session.execute(text("SELECT 1"))


def test_a_server_that_does_not_answer_is_unavailable() -> None:
    desk = Desk(engine=create_engine_for("postgresql+psycopg://nobody@127.0.0.1:1/nothing"), reactions=REACTIONS)

    with pytest.raises(Unavailable, match="the database cannot answer"), desk.read() as session:
        session.execute(text("SELECT 1"))


@pytest.mark.postgres
def test_a_connection_that_breaks_is_unavailable_and_the_next_one_works(postgresql_engine: Engine) -> None:
    desk = Desk(engine=postgresql_engine, reactions=REACTIONS)

    with pytest.raises(Unavailable, match="try again"), desk.read() as session:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with desk.read() as session:
        assert session.scalar(text("SELECT 1")) == 1


@pytest.mark.postgres
def test_of_two_units_of_work_that_wait_for_each_other_one_is_told_to_try_again(postgresql_engine: Engine) -> None:
    crew = Crew(Desk(engine=postgresql_engine, reactions=REACTIONS), None)  # type: ignore[arg-type]  # no bytes here
    crew.registers("prp_chair", "prp_table")
    both_hold_one = Barrier(2)

    def rename(codes: tuple[str, str]) -> str:
        try:
            with crew.work() as work:
                work.session.execute(update(Asset).where(Asset.code == codes[0]).values(name="a"))
                both_hold_one.wait()
                work.session.execute(update(Asset).where(Asset.code == codes[1]).values(name="b"))
        except Unavailable as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor() as threads:
        answers = list(threads.map(rename, [("prp_chair", "prp_table"), ("prp_table", "prp_chair")]))

    assert sorted(answers) == ["database-busy", "done"]


def test_a_desk_whose_connections_are_all_in_use_is_unavailable(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'one.sqlite'}", pool_size=1, max_overflow=0, pool_timeout=0.05)
    desk = Desk(engine=engine, reactions=REACTIONS)

    with desk.read() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(Unavailable, match="no free connection"), desk.read() as second:
            second.execute(text("SELECT 1"))
    engine.dispose()


def test_sixteen_writers_at_once_never_see_a_locked_database(crew: Crew) -> None:
    together = Barrier(16)

    def register(writer: int) -> None:
        together.wait()
        for turn in range(4):
            crew.registers(f"prp_chair_{writer}_{turn}")

    with ThreadPoolExecutor(max_workers=16) as threads:
        list(threads.map(register, range(16)))

    with crew.view() as view:
        assert len(view.session.scalars(select(Asset.id)).all()) == 64
        assert verify(view.session).verified_through == 64
