"""The table of shows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db.base import Base, UtcDateTime


class Show(Base):
    """A production. ``audience_id`` NULL is the whole studio."""

    __tablename__ = "show"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    code_key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    audience_id: Mapped[UUID | None] = mapped_column(ForeignKey("audience.id"))
    """Not indexed: nearly every row has the same, and an index would tempt a planner to read and sort them all."""
    reviewed: Mapped[bool] = mapped_column(default=False)
    """Whether versions of its assets wait for review before they are published."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts changes; the ETag."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
