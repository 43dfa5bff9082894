"""The table of custom fields. Values stand with the assets, by name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db.base import Base, UtcDateTime


class CustomField(Base):
    """A field that an administrator defined. Name and type stay."""

    __tablename__ = "custom_field"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    type: Mapped[str] = mapped_column(String(6))
    label: Mapped[str] = mapped_column(String(80))
    label_zh: Mapped[str] = mapped_column(String(80), default="")
    """What it is called in Chinese; empty where it has the same label."""
    unit: Mapped[str] = mapped_column(String(20), default="")
    """What its numbers count, as it is written behind them."""
    description: Mapped[str] = mapped_column(Text, default="")
    facet: Mapped[bool] = mapped_column(default=False)
    """Searches are narrowed by its values and count them."""
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1)
    """Counts changes; the ETag."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
