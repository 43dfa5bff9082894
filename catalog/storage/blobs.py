"""Which blobs are verified; on a session, since storage stands below the unit of work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from catalog.db.engine import is_sqlite
from catalog.storage.models import Blob, BlobState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

BATCH = 500


def verified_digests(session: Session, digests: Iterable[str]) -> set[str]:
    """Return those of the digests whose bytes are verified in the store."""
    wanted = sorted(set(digests))
    found: set[str] = set()
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        query = select(Blob.sha256).where(Blob.sha256.in_(batch), Blob.state == BlobState.VERIFIED.value)
        found.update(session.scalars(query))
    return found


def mark_verified(session: Session, sizes: Mapping[str, int], *, store: str, now: datetime) -> None:
    """Enter blobs whose bytes were just verified; safe to run twice, and it heals what was missing or altered."""
    rows = [
        {"sha256": sha256, "size_bytes": size, "store": store, "state": BlobState.VERIFIED.value, "verified_at": now}
        for sha256, size in sorted(sizes.items())
    ]
    insert: Any = sqlite.insert(Blob) if is_sqlite(session.get_bind()) else postgresql.insert(Blob)
    statement = insert.on_conflict_do_update(
        index_elements=["sha256"],
        set_={name: insert.excluded[name] for name in ("size_bytes", "store", "state", "verified_at")},
    )
    for start in range(0, len(rows), BATCH):
        session.execute(statement, rows[start : start + BATCH])
