"""The table of blobs: bytes that were verified, once each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db.base import Base, UtcDateTime


class BlobState(StrEnum):
    """What was found when the bytes were last looked at."""

    VERIFIED = "verified"
    MISSING = "missing"
    ALTERED = "altered"


class Blob(Base):
    """Immutable bytes under their own digest; a row is entered only after its bytes were verified."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    store: Mapped[str] = mapped_column(String(40))
    """The name of the store that has the bytes."""
    state: Mapped[str] = mapped_column(String(10), default=BlobState.VERIFIED)
    verified_at: Mapped[datetime] = mapped_column(UtcDateTime)
