"""Verifying the chain: reads every entry in order and names the first that is bad."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from catalog.ledger import chain
from catalog.ledger.models import LedgerEntry, LedgerHead, LedgerSubject, Revision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

BATCH = 2_000


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a walk of the chain found. ``first_bad`` is the lowest ``seq`` that cannot be trusted, None if all can."""

    verified_through: int
    head: str
    first_bad: int | None = None
    reason: str | None = None

    @property
    def holds(self) -> bool:
        """Whether every entry is as it was written."""
        return self.first_bad is None


def verify(session: Session, progress: Callable[[int, int], None] | None = None) -> Verification:
    """Walk the chain from its first entry.

    Finds a changed, missing, added or re-ordered entry, a column that disagrees with its sealed body, a value that
    disagrees with its digest, and a head that is not the end. It cannot find a complete rewrite: that takes an anchor
    kept elsewhere.
    """
    head = session.execute(select(LedgerHead.seq, LedgerHead.hash).where(LedgerHead.id == 1)).one_or_none()
    if head is None:
        return Verification(verified_through=0, head=chain.GENESIS, first_bad=0, reason="the ledger's head is missing")
    seq, previous = 0, chain.GENESIS
    try:
        for entry, revision, subjects in _entries(session):
            reason = _flaw(entry, seq + 1, previous, subjects, revision)
            if reason:
                return Verification(verified_through=seq, head=previous, first_bad=seq + 1, reason=reason)
            seq, previous = entry.seq, entry.hash
            if progress and (seq % BATCH == 0 or seq == head.seq):
                progress(seq, head.seq)
    except _Unreadable as error:
        reason = f"entry {seq + 1} was changed: {error}"
        return Verification(verified_through=seq, head=previous, first_bad=seq + 1, reason=reason)
    if (head.seq, head.hash) != (seq, previous):
        reason = (
            f"the head says {head.seq} entries end in {head.hash[:12]}…, the chain ends with {seq} in {previous[:12]}…"
        )
        # Nothing follows the last entry, so only the head tells that it was sealed anew.
        good = min(seq, head.seq) if head.seq != seq else max(seq - 1, 0)
        return Verification(verified_through=good, head=previous, first_bad=good + 1, reason=reason)
    return Verification(verified_through=seq, head=previous)


class _Unreadable(Exception):
    """A row holds what no column of ours can hold."""


_Row = tuple[LedgerEntry, Revision | None, set[tuple[str, str]]]


def _entries(session: Session) -> Iterator[_Row]:
    """Return every entry in order, with its values and subjects; ``_Unreadable`` in place of one that was garbled."""
    after, limit = 0, BATCH
    while True:
        try:
            batch = _batch(session, after, limit)
        except (LookupError, TypeError, ValueError) as error:
            if limit == 1:
                raise _Unreadable(f"it cannot be read ({error})") from error
            limit = 1  # row by row it is found
            continue
        yield from batch
        session.expunge_all()
        if len(batch) < limit:
            return
        after = batch[-1][0].seq


def _batch(session: Session, after: int, limit: int) -> list[_Row]:
    rows = session.execute(
        select(LedgerEntry, Revision)
        .outerjoin(Revision, Revision.seq == LedgerEntry.seq)
        .where(LedgerEntry.seq > after)
        .order_by(LedgerEntry.seq)
        .limit(limit)
    ).all()
    subjects = _subjects(session, after, rows[-1].LedgerEntry.seq) if rows else {}
    return [(row.LedgerEntry, row.Revision, subjects.get(row.LedgerEntry.seq, set())) for row in rows]


def _subjects(session: Session, after: int, through: int) -> dict[int, set[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = {}
    query = select(LedgerSubject).where(LedgerSubject.seq > after, LedgerSubject.seq <= through)
    for subject in session.scalars(query):
        found.setdefault(subject.seq, set()).add((subject.kind, str(subject.subject_id)))
    return found


def _flaw(
    entry: LedgerEntry, expected: int, previous: str, subjects: set[tuple[str, str]], revision: Revision | None
) -> str | None:
    if entry.seq != expected:
        return f"entry {expected} is missing; the next one found is {entry.seq}"
    if type(entry.body) is not bytes or chain.seal(entry.body) != entry.hash:
        return f"entry {entry.seq} was changed: its bytes do not have the hash that it states"
    sealed = _read(entry.body)
    if sealed is None:
        return f"entry {entry.seq} was changed: its sealed bytes are no entry"
    if sealed.previous != previous:
        return f"entry {entry.seq} does not follow the entry before it"
    columns = (
        entry.seq,
        entry.type,
        entry.at.isoformat(),
        str(entry.actor_id),
        entry.actor_name,
        str(entry.token_id) if entry.token_id else None,
        entry.request_id,
    )
    if sealed.columns != columns:
        return f"entry {entry.seq} was changed: its columns differ from its sealed bytes"
    if sealed.subjects != subjects:
        return f"entry {entry.seq} was changed: its subjects differ from its sealed bytes"
    return _value_flaw(entry.seq, sealed.values_digest, revision)


@dataclass(frozen=True, kw_only=True)
class _Sealed:
    """What the sealed bytes of an entry say."""

    previous: str
    columns: tuple[object, ...]
    subjects: set[tuple[str, ...]]
    values_digest: str


def _read(body: bytes) -> _Sealed | None:
    """Read sealed bytes; None where they are no entry, for whoever owns the database can seal anything."""
    try:
        said = json.loads(body)
        actor = said["actor"]
        return _Sealed(
            previous=said["previous"],
            columns=(
                said["seq"],
                said["type"],
                said["at"],
                actor["id"],
                actor["name"],
                actor.get("token"),
                said["request_id"],
            ),
            subjects={tuple(pair) for pair in said["subjects"]},
            values_digest=said["values_digest"],
        )
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return None


def _value_flaw(seq: int, digest: str, revision: Revision | None) -> str | None:
    if revision is None:
        return f"entry {seq} has lost the record of its values"
    if revision.values is None:
        return None
    if revision.salt is None or chain.digest_of_values(revision.values, revision.salt) != digest:
        return f"the values of entry {seq} were changed"
    return None
