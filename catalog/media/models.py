"""Tables of what was derived from files. All of it can be dropped; the jobs that made it make it again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db.base import Base, UtcDateTime
from catalog.storage.keys import derivative_key

ALONE = ""
"""``tree_sha256`` of facts that follow from the file's own bytes."""


class Measurement(Base):
    """One file was measured. A scene that refers to other files is measured with its tree, everything else alone.

    ``tree_sha256`` is the manifest of that tree, or ``ALONE``: the same bytes in two trees may mean different things.
    """

    __tablename__ = "measurement"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    tree_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    measuring_version: Mapped[str] = mapped_column(String(20))
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """``[{"code": …, "message": …, "reference": …}]``"""
    measured_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Fact(Base):
    """One value that a tool read from exactly these bytes."""

    __tablename__ = "fact"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    tree_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    unit: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[str] = mapped_column(String(10))
    tool: Mapped[str] = mapped_column(String(40))
    tool_version: Mapped[str] = mapped_column(String(40))
    measured_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Preview(Base):
    """One picture of one tree, by its manifest. An older one stays until the one of a newer tool takes its place."""

    __tablename__ = "preview"
    __table_args__ = (Index(None, "sha256"),)

    source_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The manifest of the tree that it shows."""
    derivative: Mapped[str] = mapped_column(String(40), primary_key=True)
    """``thumbnail-240``, ``-480`` or ``-960``: the longest side, or the source's where that is less."""
    tool_version: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    """Of its own bytes."""
    size_bytes: Mapped[int]
    width_px: Mapped[int]
    height_px: Mapped[int]
    dominant_color: Mapped[str] = mapped_column(String(5))
    caption: Mapped[str] = mapped_column(Text)
    """Which view and source color space, and which file; "assumed" where the file does not say."""
    path: Mapped[str] = mapped_column(String(400))
    """The file of the tree that is shown."""
    tool: Mapped[str] = mapped_column(String(40))
    rendered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def key(self) -> str:
        """Where its bytes lie in the derived bucket."""
        return derivative_key(self.source_sha256, self.derivative, self.tool_version)

    @property
    def media_type(self) -> str:
        """What its bytes are."""
        return "image/webp"
