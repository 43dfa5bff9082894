"""The power to write: one actor's change, from its first check to its commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.db.base import table_of
from catalog.db.engine import is_sqlite
from catalog.jobs.owing import OwedJob, owe
from catalog.jobs.vocabulary import Lane
from catalog.ledger.writing import Circumstances, append
from catalog.work.view import View, require

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from catalog.db.base import Base
    from catalog.jobs.vocabulary import JobKind
    from catalog.kernel.abilities import Ability
    from catalog.kernel.actors import Actor
    from catalog.ledger.event import Event

    Reactions = Mapping[type[Event], tuple[JobKind, ...]]


class UnitOfWork:
    """A change in the making.

    Acts start with ``work.require(ability)`` and end in ``work.record(event)``. Nothing is visible to anyone before the
    desk commits; then rows, ledger entries and owed jobs appear together. No act commits by itself, and none hashes a
    password, calls the store or reads a file inside.
    """

    def __init__(
        self,
        *,
        session: Session,
        actor: Actor,
        now: datetime,
        reactions: Reactions,
        lane: Lane = Lane.INTERACTIVE,
        request_id: str | None = None,
    ) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self._lane = lane
        self._reactions = reactions
        self._request_id = request_id
        self._events: list[Event] = []
        self._owed: list[OwedJob] = []
        self._reacted = 0

    @property
    def view(self) -> View:
        """What the actor sees inside this unit of work, its own changes included."""
        return View(session=self.session, viewer=self.actor, now=self.now)

    def require(self, ability: Ability) -> None:
        """Refuse an actor who lacks the ability (``NotPermitted``)."""
        require(self.actor, ability)

    def hold(self, row: Base) -> None:
        """Hold a row until the commit, with what another writer made of it since it was read.

        Call it before changing or comparing anything of the row; what was changed in it already is written first. Only
        the row's own columns are read again: read what other tables say of it, such as its relationships, afterwards.
        """
        # SQLite has one writer, so nobody changed the row since this unit of work began.
        if not is_sqlite(self.session.get_bind()):
            self.session.refresh(row, [column.key for column in table_of(type(row)).columns], with_for_update=True)

    def record(self, *events: Event) -> None:
        """Collect what happened; it enters the ledger at the commit and owes what ``reactions`` says."""
        self._events.extend(events)

    def owe(self, kind: JobKind, subject_id: UUID, lane: Lane | None = None) -> None:
        """Owe work that is itself bookkeeping of this unit, such as a retry; most work is owed by reactions."""
        self._owed.append(OwedJob(kind=kind, subject_id=subject_id, lane=lane or self._lane))

    def write_jobs(self) -> None:
        """Write the jobs that are owed so far, so that their addresses can be told before the commit."""
        self.session.flush()
        following = [
            OwedJob(kind=kind, subject_id=event.about_id, lane=self._lane)
            for event in self._events[self._reacted :]
            for kind in self._reactions[type(event)]
        ]
        self._reacted = len(self._events)
        if self._owed or following:
            owe(self.session, [*self._owed, *following], self.now)
            self._owed.clear()

    def write_ledger(self) -> int | None:
        """Write jobs and ledger entries; return the last ``seq``. The desk does so right before the commit."""
        self.write_jobs()
        if not self._events:
            return None
        return append(
            self.session, self._events, Circumstances(actor=self.actor, at=self.now, request_id=self._request_id)
        )
