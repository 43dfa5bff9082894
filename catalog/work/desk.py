"""Where views and units of work are opened, and where failures of the database become words."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from catalog.db.engine import is_sqlite
from catalog.jobs.vocabulary import Lane
from catalog.kernel import clock
from catalog.kernel.errors import Conflict, InvalidInput, Unavailable
from catalog.work.unit import UnitOfWork
from catalog.work.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from catalog.kernel.actors import Actor
    from catalog.work.unit import Reactions

log = structlog.get_logger("catalog.work")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Opens views and units of work on one database."""

    engine: Engine
    reactions: Reactions

    @contextmanager
    def view(self, viewer: Actor) -> Iterator[View]:
        """Open a reading of one consistent state; nothing that is changed in it is kept."""
        with _in_words(), Session(_steady(self.engine), autoflush=False) as session:
            yield View(session=session, viewer=viewer, now=clock.now())

    @contextmanager
    def work(
        self, actor: Actor, *, lane: Lane = Lane.INTERACTIVE, request_id: str | None = None
    ) -> Iterator[UnitOfWork]:
        """Open a unit of work; it commits when the block ends and leaves nothing behind when the block raises.

        What it owes goes to the lane, unless an act says otherwise.
        Raises ``Unavailable`` when the database stays busy for 30 s or cannot be reached, ``Conflict`` when another
        writer took the same unique value in the same instant.
        """
        # What was read stays readable after the commit: the door tells it then.
        engine = self.engine.execution_options(writes=True, patient=lane is Lane.BULK)
        with _in_words(), Session(engine, expire_on_commit=False) as session:
            work = UnitOfWork(
                session=session,
                actor=actor,
                now=clock.now(),
                reactions=self.reactions,
                lane=lane,
                request_id=request_id,
            )
            # SQLite: the lock is taken by the first statement, so it is taken here, before the act reads anything.
            session.connection()
            yield work
            work.write_ledger()
            session.commit()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a reading for what has no viewer yet: finding out who it is."""
        with _in_words(), Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def bookkeeping(self) -> Iterator[Session]:
        """Open a transaction for rows that leave no ledger entry: jobs, sessions, last-used, derived rows."""
        with _in_words(), Session(self.engine.execution_options(writes=True)) as session:
            session.connection()
            yield session
            session.commit()

    def jot(self, write: Callable[[Session], None]) -> None:
        """Write bookkeeping that may be lost: where the database cannot write at once, this is only said in the log."""
        try:
            with Session(self.engine.execution_options(writes=True, hurried=True)) as session:
                session.connection()
                write(session)
                session.commit()
        except SQLAlchemyError as error:
            log.warning("not jotted down", reason=str(error))


def _steady(engine: Engine) -> Engine:
    """Return the engine for readings of one state: SQLite's are so by themselves, PostgreSQL's must be asked to."""
    return engine if is_sqlite(engine) else engine.execution_options(isolation_level="REPEATABLE READ")


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise Conflict(
            f"another writer was first: {error.orig}; read again and repeat", code="written-meanwhile"
        ) from error
    except PoolTimeoutError as error:
        raise Unavailable("the database has no free connection; try again in a moment", code="database-busy") from error
    except OperationalError as error:
        raise Unavailable(
            f"the database cannot answer: {error.orig}; try again in a moment", code="database-busy"
        ) from error
    except DataError as error:
        raise InvalidInput(f"the database cannot hold a value: {error.orig}", code="bad-value") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable("the connection to the database was lost; try again", code="database-busy") from error
        raise
