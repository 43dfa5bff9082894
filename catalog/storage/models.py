"""The table of blobs. Bookkeeping of the store: what a person did with the bytes is told by the rooms above."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String
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
