"""Reading the ledger. Who may read what is decided above: ``assets.history`` for events, ``AUDIT`` for the whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from catalog.kernel.errors import NotFound
from catalog.kernel.paging import Page, Paging, decode_cursor, page_of
from catalog.ledger.models import LedgerEntry, LedgerHead, LedgerSubject, Revision

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from catalog.ledger.event import Event


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry as people read it; ``values`` is None once they were erased."""

    seq: int
    type: str
    at: datetime
    actor: dict[str, Any]
    subjects: tuple[tuple[str, UUID], ...]
    request_id: str | None
    values: dict[str, Any] | None
    previous: str
    hash: str
    body: bytes


def head_of(session: Session) -> tuple[int, str]:
    """Return the last ``seq`` and the hash at the end of the chain."""
    row = session.execute(select(LedgerHead.seq, LedgerHead.hash).where(LedgerHead.id == 1)).one()
    return row.seq, row.hash


def hash_at(session: Session, seq: int) -> str | None:
    """Return the hash of an entry; None where the ledger is not that long."""
    return session.scalar(select(LedgerEntry.hash).where(LedgerEntry.seq == seq))


def entries() -> Select[*tuple[Any, ...]]:
    """Return the query for entries with their values; by columns, for a page has hundreds of them."""
    return select(
        LedgerEntry.seq,
        LedgerEntry.type,
        LedgerEntry.at,
        LedgerEntry.request_id,
        LedgerEntry.body,
        LedgerEntry.hash,
        Revision.values.label("said"),
    ).outerjoin(Revision, Revision.seq == LedgerEntry.seq)


def read_entries(session: Session, query: Select[*tuple[Any, ...]]) -> list[Entry]:
    """Return what a query that was made from ``entries`` finds."""
    return [_entry(row) for row in session.execute(query)]


def get_entry(session: Session, seq: int) -> Entry:
    """Return one entry; ``NotFound`` if the ledger is not that long."""
    found = read_entries(session, entries().where(LedgerEntry.seq == seq))
    if not found:
        raise NotFound(f"the ledger has no entry {seq}")
    return found[0]


def find_entry_about(session: Session, subject_id: UUID, event: type[Event]) -> Entry | None:
    """Return the latest entry of an event about a thing."""
    page = page_entries(session, Paging(limit=1), subject_id=subject_id, entry_type=event.type_name())
    return page.items[0] if page.items else None


def page_entries(
    session: Session,
    paging: Paging,
    *,
    actor_id: UUID | None = None,
    token_id: UUID | None = None,
    subject_id: UUID | None = None,
    entry_type: str | None = None,
) -> Page[Entry]:
    """Return entries, newest first."""
    query = entries().order_by(LedgerEntry.seq.desc()).limit(paging.limit + 1)
    if paging.cursor:
        (before,) = decode_cursor(paging.cursor, int)
        query = query.where(LedgerEntry.seq < before)
    if actor_id:
        query = query.where(LedgerEntry.actor_id == actor_id)
    if token_id:
        query = query.where(LedgerEntry.token_id == token_id)
    if entry_type:
        query = query.where(LedgerEntry.type == entry_type)
    if subject_id:
        about = select(LedgerSubject.seq).where(LedgerSubject.subject_id == subject_id)
        query = query.where(LedgerEntry.seq.in_(about))
    return page_of(read_entries(session, query), paging.limit, lambda entry: [entry.seq])


def subjects_between(
    session: Session, after: int, through: int, kinds: Iterable[str], *, leaving_out: Collection[type[Event]] = ()
) -> list[tuple[str, UUID]]:
    """Return the things of these kinds that entries ``after < seq <= through`` are about, each once.

    Entries of the events that are left out count for nothing.
    """
    query = (
        select(LedgerSubject.kind, LedgerSubject.subject_id)
        .where(LedgerSubject.seq > after, LedgerSubject.seq <= through, LedgerSubject.kind.in_(list(kinds)))
        .distinct()
    )
    if leaving_out:
        types = [event.type_name() for event in leaving_out]
        query = query.join(LedgerEntry, LedgerEntry.seq == LedgerSubject.seq).where(LedgerEntry.type.not_in(types))
    return [(kind, subject_id) for kind, subject_id in session.execute(query)]


def subjects_since(session: Session, event: type[Event], subject_ids: Iterable[UUID], after: int) -> set[UUID]:
    """Return those of these things that an entry of this event is about with ``seq > after``."""
    query = (
        select(LedgerSubject.subject_id)
        .join(LedgerEntry, LedgerEntry.seq == LedgerSubject.seq)
        .where(LedgerSubject.subject_id.in_(list(subject_ids)), LedgerSubject.seq > after)
        .where(LedgerEntry.type == event.type_name())
    )
    return set(session.scalars(query))


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    body = json.loads(row.body)
    return Entry(
        seq=row.seq,
        type=row.type,
        at=row.at,
        actor=body["actor"],
        subjects=tuple((kind, UUID(subject)) for kind, subject in body["subjects"]),
        request_id=row.request_id,
        values=row.said,
        previous=body["previous"],
        hash=row.hash,
        body=row.body,
    )
