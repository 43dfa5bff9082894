"""The table of notes; a known issue is a note with a state."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.assets.models import AssetVersion
from catalog.db.base import Base, UtcDateTime

_ASSIGNED = text("assignee_id IS NOT NULL")


class Note(Base):
    """What a person said of a version. ``state`` and ``severity`` are None for a plain note.

    A removed one keeps its row, because the ledger refers to it, and loses its text.
    """

    __tablename__ = "note"
    __table_args__ = (
        Index(None, "version_id", "id"),
        Index("ix_note_assignee_id", "assignee_id", "id", sqlite_where=_ASSIGNED, postgresql_where=_ASSIGNED),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("asset_version.id"))
    author_id: Mapped[UUID] = mapped_column(Uuid)
    text: Mapped[str] = mapped_column(Text)
    severity: Mapped[str | None] = mapped_column(String(8))
    state: Mapped[str | None] = mapped_column(String(6))
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    closing_number: Mapped[int | None]
    """The version of the same asset that fixes it; None: open, or closed as no issue."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its text was last changed."""
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1)
    """Counts changes; the ETag."""

    version: Mapped[AssetVersion] = relationship(lazy="raise")
