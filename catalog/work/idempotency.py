"""Answers kept for a day, so that a request sent again under the same ``Idempotency-Key`` is done once.

The answer is kept in the transaction of the act itself: either both are there or neither. Bookkeeping.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete

from catalog.kernel.errors import Conflict, InvalidInput
from catalog.work.models import KEY_MAX, KeptAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

KEPT = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class RequestKey:
    """Which request this is: who sent it (a digest of the token), to which operation, under which key, saying what."""

    caller: str
    operation: str
    key: str
    request_digest: str

    def __post_init__(self) -> None:
        """Refuse a key that cannot be kept."""
        if not 1 <= len(self.key) <= KEY_MAX or not self.key.isprintable():
            raise InvalidInput(f"Idempotency-Key has 1 to {KEY_MAX} printable characters", code="bad-idempotency-key")


def digest_of(*parts: bytes) -> str:
    """Return the digest under which a request is known again."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def find_answer(session: Session, key: RequestKey, now: datetime) -> KeptAnswer | None:
    """Return what was answered before; ``Conflict`` where the key was used for another request."""
    kept = session.get(KeptAnswer, (key.caller, key.operation, key.key))
    if kept is None or now - kept.created_at > KEPT:
        return None
    if kept.request_digest != key.request_digest:
        raise Conflict(
            f"Idempotency-Key {key.key!r} was used for another request within a day; take a new key", code="key-reused"
        )
    return kept


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What was answered: status, the headers that belong to it, and the body."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def keep_answer(session: Session, key: RequestKey, answered: Answered, now: datetime) -> None:
    """Keep an answer with the act that it answers."""
    session.merge(
        KeptAnswer(
            caller=key.caller,
            operation=key.operation,
            key=key.key,
            request_digest=key.request_digest,
            status=answered.status,
            headers=dict(answered.headers),
            body=answered.body,
            created_at=now,
        )
    )


def sweep(session: Session, now: datetime) -> None:
    """Forget answers that are older than a day."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.created_at < now - KEPT))
