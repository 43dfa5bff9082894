"""Tables of bulk edits. Bookkeeping: what they change in the registry stands in the ledger, asset by asset."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from catalog.curation.vocabulary import EditState
from catalog.db.base import Base, UtcDateTime


class BulkEdit(Base):
    """One instruction for many assets."""

    __tablename__ = "bulk_edit"
    __table_args__ = (Index(None, "created_by_id", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default=EditState.PREVIEWED)
    instruction: Mapped[dict[str, Any]] = mapped_column(JSON)
    """``planning.Instruction`` as JSON."""
    search: Mapped[str | None] = mapped_column(Text)
    """What the set was found by; None where the assets were named."""
    unknown: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Names that are no asset's, as far as whoever asked may know."""
    acting: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Who began it, or its undoing, last: the worker acts for them."""
    problem: Mapped[str | None] = mapped_column(Text)
    """Why the catalogue stopped it."""
    problem_codes: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    """The refusal that the problem is, as ``CatalogError.kept`` gives it."""
    created_by_id: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BulkEditAsset(Base):
    """One asset of an edit, as it was when the edit was previewed, and what became of it."""

    __tablename__ = "bulk_edit_asset"
    __table_args__ = (Index(None, "edit_id", "state", "position"),)

    edit_id: Mapped[UUID] = mapped_column(ForeignKey("bulk_edit.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    revision: Mapped[int]
    """That the preview was made on."""
    state: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(String(20))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """[before, after] by field; ``owner`` holds ids of users."""
    since: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Fields that others had changed when it was to be done, or undone."""
