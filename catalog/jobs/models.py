"""The table of owed work."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Float, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db.base import Base, UtcDateTime
from catalog.jobs.vocabulary import JobState, Lane

OWED = text("state = 'owed'")
"""The condition of the indexes over owed jobs, literal: a bound value could not name an index in an upsert."""


class Job(Base):
    """One piece of owed work: a kind and the id that it is about."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ux_job_owed", "kind", "subject_id", unique=True, sqlite_where=OWED, postgresql_where=OWED),
        Index("ix_job_due", "lane", "due_at", sqlite_where=OWED, postgresql_where=OWED),
        Index("ix_job_state", "state", "ended_at"),
        Index("ix_job_subject", "subject_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    lane: Mapped[str] = mapped_column(String(12), default=Lane.NORMAL)
    state: Mapped[str] = mapped_column(String(8), default=JobState.OWED)
    attempts: Mapped[int] = mapped_column(default=0)
    progress: Mapped[float] = mapped_column(Float, default=0.0)
    """From 0 to 1, as its worker last said."""
    error: Mapped[str | None] = mapped_column(Text)
    error_codes: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    """The refusal that the error is, as ``CatalogError.kept`` gives it; None where it is a defect."""
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the first of its failures in a row was; None after a success, a retry, or when it was owed anew."""
    worker: Mapped[str | None] = mapped_column(String(80))
    lease_id: Mapped[UUID | None] = mapped_column(Uuid)
    """Of the claim that has or had it; new with each, so that an old claim ends nothing."""
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
