"""Reading what is known of blobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.storage.models import Blob
from catalog.storage.vocabulary import BlobState


@dataclass(frozen=True, kw_only=True)
class Amount:
    """How many blobs, and how many bytes they have together."""

    count: int
    size_bytes: int


def blobs_after(
    session: Session, sha256: str = "", *, state: BlobState | None = None, limit: int = 500
) -> Sequence[Blob]:
    """Return the next blobs by digest, at most ``limit``: for those who go through all of them, page by page."""
    query = select(Blob).where(Blob.sha256 > sha256).order_by(Blob.sha256).limit(limit)
    if state is not None:
        query = query.where(Blob.state == state.value)
    return session.scalars(query).all()


def amounts(session: Session) -> dict[BlobState, Amount]:
    """Return how many blobs and bytes stand in each state."""
    query = select(Blob.state, func.count(), func.coalesce(func.sum(Blob.size_bytes), 0)).group_by(Blob.state)
    found = {state: Amount(count=count, size_bytes=int(size)) for state, count, size in session.execute(query)}
    return {state: found.get(state.value, Amount(count=0, size_bytes=0)) for state in BlobState}
