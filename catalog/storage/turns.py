"""Whose turn it is to sweep the store: one sweeper at a time, in whatever worker or command on whatever machine.

A turn is a lease of an hour that its holder renews in the very transactions in which it dooms and forgets blobs: one
whose turn went to another changes no row any more. It removes bytes only within half an hour after it renewed, by a
clock that nobody sets, so whoever has the next turn finds nobody still removing what was doomed before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from catalog.db.engine import is_sqlite
from catalog.kernel.errors import Unavailable
from catalog.kernel.ids import new_id
from catalog.storage.models import SweepTurn

EVERY = timedelta(hours=6)
LASTS = timedelta(hours=1)
REMOVES_S = LASTS.total_seconds() / 2
_THE_ROW = 1


@dataclass(kw_only=True)
class Turn:
    """A turn in hand. ``removes_until`` is an instant of ``time.monotonic``."""

    id: UUID
    removes_until: float

    def check(self) -> None:
        """Refuse (``Unavailable``) to remove anything once the first half of the turn is over."""
        if monotonic() > self.removes_until:
            raise Unavailable(
                "the store took too long to remove what is doomed; the next sweep goes on there", code="sweep-too-slow"
            )


def is_due(session: Session, now: datetime) -> bool:
    """Whether nobody sweeps now, and the last sweep ended over six hours ago."""
    row = session.get(SweepTurn, _THE_ROW)
    if row is None:
        return True
    free = row.until is None or row.until < now
    return free and (row.ended_at is None or row.ended_at < now - EVERY)


def begin(session: Session, now: datetime) -> Turn:
    """Take the turn; ``Unavailable`` (code ``sweep-running``) while somebody else has it."""
    _enter_row(session)
    began, turn_id = monotonic(), new_id()
    free = update(SweepTurn).where(SweepTurn.id == _THE_ROW, or_(SweepTurn.until.is_(None), SweepTurn.until < now))
    if not _changed(session, free.values(turn_id=turn_id, until=now + LASTS)):
        raise Unavailable(
            "another sweep is running; try again once it has ended, or an hour after it died",
            code="sweep-running",
        )
    return Turn(id=turn_id, removes_until=began + REMOVES_S)


def keep(session: Session, turn: Turn, now: datetime) -> None:
    """Renew the turn for another hour; ``Unavailable`` where it went to another, whose work this must not disturb."""
    began = monotonic()
    if not _changed(session, _of(turn).values(until=now + LASTS)):
        raise Unavailable("another sweep has taken over; this one stops", code="sweep-overtaken")
    turn.removes_until = began + REMOVES_S


def end(session: Session, turn: Turn, now: datetime, problem: str | None = None) -> None:
    """Give the turn back after a sweep that ended, or that was refused for a ``problem`` which people have to solve."""
    session.execute(_of(turn).values(turn_id=None, until=None, ended_at=now, problem=problem))


def release(session: Session, turn: Turn) -> None:
    """Give the turn back after a sweep that could not go on; it is due again at once."""
    session.execute(_of(turn).values(turn_id=None, until=None))


def hold(session: Session, why: str) -> None:
    """Let no sweep begin before an operator says so (``resume``): because of what ``why`` says."""
    _enter_row(session)
    held: dict[str, Any] = {"held": why, "problem": None, "turn_id": None, "until": None, "ended_at": None}
    session.execute(update(SweepTurn).where(SweepTurn.id == _THE_ROW).values(held))


def resume(session: Session) -> None:
    """Let sweeps begin again; safe to run twice."""
    session.execute(update(SweepTurn).where(SweepTurn.id == _THE_ROW).values(held=None, problem=None))


def find_hold(session: Session) -> str | None:
    """Return why no sweep may begin before an operator says so, if that is so."""
    return session.scalar(select(SweepTurn.held).where(SweepTurn.id == _THE_ROW))


def find_problem(session: Session) -> str | None:
    """Return why the store is not swept, if that is so: for people."""
    return session.scalar(select(SweepTurn.problem).where(SweepTurn.id == _THE_ROW))


def _of(turn: Turn) -> Any:  # noqa: ANN401 — SQLAlchemy's update
    return update(SweepTurn).where(SweepTurn.id == _THE_ROW, SweepTurn.turn_id == turn.id)


def _changed(session: Session, statement: Any) -> bool:  # noqa: ANN401 — SQLAlchemy's update
    result: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return bool(result.rowcount)


def _enter_row(session: Session) -> None:
    insert: Any = sqlite.insert(SweepTurn) if is_sqlite(session.get_bind()) else postgresql.insert(SweepTurn)
    session.execute(insert.values(id=_THE_ROW).on_conflict_do_nothing(index_elements=["id"]))
