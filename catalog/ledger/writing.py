"""Appending to the ledger: the last act of every unit of work."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, update

from catalog.db.base import table_of
from catalog.db.engine import is_sqlite
from catalog.ledger import chain
from catalog.ledger.models import LedgerEntry, LedgerHead, LedgerSubject, Revision

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from catalog.kernel.actors import Actor
    from catalog.ledger.event import Event


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """Who acted, when, and in answer to which request: the same for all events of one unit of work."""

    actor: Actor
    at: datetime
    request_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what every entry of the unit of work says of them."""
        return {"actor": actor_as_json(self.actor), "at": self.at.isoformat(), "request_id": self.request_id}


def actor_as_json(actor: Actor) -> dict[str, Any]:
    """Return an actor as entries name whoever acted."""
    said: dict[str, Any] = {"id": str(actor.id), "name": actor.name}
    if actor.through:
        said["through"] = actor.through
    if actor.token_id:
        said["token"] = str(actor.token_id)
    if actor.on_behalf_of:
        said["on_behalf_of"] = actor.on_behalf_of
    if actor.context:
        said["context"] = dict(actor.context)
    return said


def append(session: Session, events: Sequence[Event], circumstances: Circumstances) -> int:
    """Chain the events onto the ledger and return the last ``seq``.

    Locks the head row until the transaction ends, so it comes last: whoever holds the lock commits next, and ``seq``
    follows commit order.
    """
    count = len(events)
    head = session.execute(
        update(LedgerHead)
        .where(LedgerHead.id == 1)
        .values(seq=LedgerHead.seq + count)
        .returning(LedgerHead.seq, LedgerHead.hash)
        .execution_options(synchronize_session=False)
    ).one()
    seq: int = head.seq - count
    previous: str = head.hash
    said = circumstances.as_json()
    entries: list[dict[str, Any]] = []
    subjects: list[dict[str, Any]] = []
    revisions: list[dict[str, Any]] = []
    for event in events:
        seq += 1
        values, salt, about = event.values(), os.urandom(chain.SALT_BYTES), event.subjects()
        body = chain.canonical(
            {
                **said,
                "seq": seq,
                "type": event.type_name(),
                "subjects": [[subject.kind, str(subject.id)] for subject in about],
                "fields": sorted(values),
                "values_digest": chain.digest_of_values(values, salt),
                "previous": previous,
            }
        )
        previous = chain.seal(body)
        entries.append(
            {
                "seq": seq,
                "type": event.type_name(),
                "at": circumstances.at,
                "actor_id": circumstances.actor.id,
                "actor_name": circumstances.actor.name,
                "token_id": circumstances.actor.token_id,
                "request_id": circumstances.request_id,
                "body": body,
                "hash": previous,
            }
        )
        subjects.extend({"seq": seq, "subject_id": subject.id, "kind": subject.kind} for subject in about)
        revisions.append({"seq": seq, "salt": salt, "values": values})
    _enter(session, entries, subjects, revisions, previous)
    return seq


def _enter(
    session: Session,
    entries: list[dict[str, Any]],
    subjects: list[dict[str, Any]],
    revisions: list[dict[str, Any]],
    last_hash: str,
) -> None:
    head = table_of(LedgerHead)
    move_head = update(head).where(head.c.id == 1).values(hash=last_hash)
    rows = ((LedgerEntry, entries), (LedgerSubject, subjects), (Revision, revisions))
    filled = [(table_of(model), some) for model, some in rows if some]
    if len(entries) == 1 and not is_sqlite(session.get_bind()):
        # Whoever waits for the head waits for every trip to the server: here one does for four.
        for table, some in filled:
            move_head = move_head.add_cte(insert(table).values(some).cte(f"{table.name}_new"))
    else:
        for table, some in filled:
            session.execute(insert(table), some)
    session.execute(move_head)
