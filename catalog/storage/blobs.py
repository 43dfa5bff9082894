"""Entering verified blobs, and what later checks found. Rows follow bytes: call these after ``custody`` has seen them.

Bookkeeping: these take a session, know no actor, and leave no ledger entry; the rooms above do where a person acts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from catalog.db.engine import is_sqlite
from catalog.kernel.batches import in_batches
from catalog.kernel.errors import Unavailable
from catalog.storage.models import Blob
from catalog.storage.vocabulary import BlobState

_BATCH = 500


def verified_digests(session: Session, digests: Iterable[str]) -> set[str]:
    """Return those of the digests whose bytes the store has, verified."""
    return _found(session, select(Blob.sha256).where(Blob.state == BlobState.VERIFIED.value), digests)


def entered_digests(session: Session, digests: Iterable[str]) -> set[str]:
    """Return those of the digests that a row speaks of, whatever is known of their bytes."""
    return _found(session, select(Blob.sha256), digests)


def mark_verified(session: Session, sizes: Mapping[str, int], *, store: str, now: datetime) -> None:
    """Enter blobs (digest to size in bytes) whose bytes are in place. Safe to run twice.

    Bytes that were missing or altered are noted as right again. Raises ``Unavailable`` (code ``blob-being-removed``)
    where a sweep is removing the bytes at this moment: settle them again then, the staged bytes are still there.
    """
    insert: Any = sqlite.insert(Blob) if is_sqlite(session.get_bind()) else postgresql.insert(Blob)
    statement = insert.on_conflict_do_update(
        index_elements=["sha256"],
        set_={"state": BlobState.VERIFIED.value, "store": insert.excluded.store, "verified_at": now},
        where=Blob.state != BlobState.DOOMED.value,
    )
    for some in in_batches(sorted(sizes), _BATCH):
        session.execute(statement, _rows(some, sizes, BlobState.VERIFIED, store=store, now=now))
        doomed = session.scalars(
            select(Blob.sha256).where(Blob.sha256.in_(some), Blob.state == BlobState.DOOMED.value)
        ).first()
        if doomed:
            raise Unavailable(
                f"blob {doomed} is being removed by a sweep; try again in a moment", code="blob-being-removed"
            )


def note_checked(session: Session, sha256: str, state: BlobState, now: datetime) -> None:
    """Note what reading a blob again has found; a doomed blob stays doomed."""
    found: dict[str, Any] = {"state": state.value}
    if state is BlobState.VERIFIED:
        found["verified_at"] = now
    session.execute(update(Blob).where(Blob.sha256 == sha256, Blob.state != BlobState.DOOMED.value).values(found))


def doom(session: Session, sizes: Mapping[str, int], *, store: str, now: datetime) -> set[str]:
    """Mark bytes (digest to size) that no row speaks of for removal; return the digests that this call has doomed.

    What has a row is left alone, and so is what another sweep has doomed: that one may forget it at any moment. From
    the commit on nobody can enter these digests until ``forget_doomed``, so removing their bytes makes no row a lie.
    """
    insert: Any = sqlite.insert(Blob) if is_sqlite(session.get_bind()) else postgresql.insert(Blob)
    doomed: set[str] = set()
    for some in in_batches(sorted(sizes), _BATCH):
        rows = _rows(some, sizes, BlobState.DOOMED, store=store, now=now)
        statement = insert.values(rows).on_conflict_do_nothing(index_elements=["sha256"])
        doomed.update(session.scalars(statement.returning(Blob.sha256)))
    return doomed


def forget_doomed(session: Session, digests: Collection[str]) -> None:
    """Forget doomed blobs whose bytes are gone; safe to run twice."""
    for some in in_batches(sorted(set(digests)), _BATCH):
        session.execute(delete(Blob).where(Blob.sha256.in_(some), Blob.state == BlobState.DOOMED.value))


def _found(session: Session, query: Select[str], digests: Iterable[str]) -> set[str]:
    return {
        sha256
        for some in in_batches(sorted(set(digests)), _BATCH)
        for sha256 in session.scalars(query.where(Blob.sha256.in_(some)))
    }


def _rows(
    digests: Sequence[str], sizes: Mapping[str, int], state: BlobState, *, store: str, now: datetime
) -> list[dict[str, Any]]:
    return [
        {"sha256": sha256, "size_bytes": sizes[sha256], "store": store, "state": state.value, "verified_at": now}
        for sha256 in digests
    ]
