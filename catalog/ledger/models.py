"""Tables of the ledger.

``ledger_entry`` and ``ledger_subject`` refuse UPDATE and DELETE by trigger (see the migration).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db.base import Base, UtcDateTime

_SEQ = BigInteger()


class LedgerHead(Base):
    """The one row that every commit locks last: the end of the chain."""

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(_SEQ)
    hash: Mapped[str] = mapped_column(String(64))


class LedgerEntry(Base):
    """One thing that happened. ``body`` is the exact bytes that were hashed."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index(
            "ix_ledger_entry_token",
            "token_id",
            "seq",
            sqlite_where=text("token_id IS NOT NULL"),
            postgresql_where=text("token_id IS NOT NULL"),
        ),
    )

    seq: Mapped[int] = mapped_column(_SEQ, primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    token_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The token that it was done with; None for what was done on a page or by the house."""
    request_id: Mapped[str | None] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[str] = mapped_column(String(64))


class LedgerSubject(Base):
    """What an entry is about, so that the history of one thing is one index walk."""

    __tablename__ = "ledger_subject"
    __table_args__ = (Index(None, "subject_id", "seq"),)

    seq: Mapped[int] = mapped_column(_SEQ, primary_key=True, autoincrement=False)
    subject_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))


class Revision(Base):
    """The values of an entry; erasing them (``values`` to NULL) leaves the chain whole."""

    __tablename__ = "revision"

    seq: Mapped[int] = mapped_column(_SEQ, primary_key=True, autoincrement=False)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    values: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
