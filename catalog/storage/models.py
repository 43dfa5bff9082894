"""Tables of the store. Bookkeeping: what a person did with the bytes is told by the rooms above."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db.base import Base, UtcDateTime
from catalog.storage.vocabulary import BlobState


class Blob(Base):
    """Bytes that were verified once, and what is known of them since. Their digest is their name and their only one."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    store: Mapped[str] = mapped_column(String(40))
    """The name of the store that has the bytes (``Stores.name``)."""
    state: Mapped[str] = mapped_column(String(10), default=BlobState.VERIFIED)
    verified_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the bytes were last seen to have the digest; of doomed ones, since when they are."""


class SweepTurn(Base):
    """Whose turn it is to sweep the store: one row (``turns``)."""

    __tablename__ = "sweep_turn"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    turn_id: Mapped[UUID | None] = mapped_column(Uuid)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the turn is anybody's again, unless it is renewed."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the last sweep ended or was refused."""
    problem: Mapped[str | None] = mapped_column(Text)
    """Why the store is not swept: for people."""
    held: Mapped[str | None] = mapped_column(Text)
    """Why no sweep begins before an operator says so."""
