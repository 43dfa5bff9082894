"""Tables of what was derived from files. All of it can be dropped; the jobs that made it make it again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db.base import Base, UtcDateTime
from catalog.media.vocabulary import KINDS, PreviewKind
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


class Summary(Base):
    """What a version is as a whole, summed up from the facts of its files whenever they were measured."""

    __tablename__ = "summary"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("asset_version.id"), primary_key=True)
    formats: Mapped[list[str]] = mapped_column(JSON)
    """Endings of its files, in lower case."""
    names: Mapped[list[str]] = mapped_column(JSON)
    """What its files and folders are called, as ``naming`` chooses them: enough to be found by."""
    parts: Mapped[list[str]] = mapped_column(JSON)
    """Each a ``Part``."""
    measures: Mapped[dict[str, int]] = mapped_column(JSON)
    """``triangles``, ``texture_px``, ``height_um``, ``width_um``, ``depth_um``, where they are known."""


class Preview(Base):
    """One file that shows one tree, by its manifest. An older one stays until that of a newer tool takes its place."""

    __tablename__ = "preview"
    __table_args__ = (Index(None, "sha256"),)

    source_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The manifest of the tree that it shows."""
    derivative: Mapped[str] = mapped_column(String(40), primary_key=True)
    """A ``Derivative``; the number of ``thumbnail-240`` is the longest side, or the source's where that is less."""
    tool_version: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    """Of its own bytes."""
    media_type: Mapped[str] = mapped_column(String(40))
    size_bytes: Mapped[int]
    width_px: Mapped[int]
    height_px: Mapped[int]
    frame_count: Mapped[int | None]
    """Of a strip, which holds frames of this size in rows from the left and the top."""
    frame_width_px: Mapped[int | None]
    frame_height_px: Mapped[int | None]
    dominant_color: Mapped[str] = mapped_column(String(5), default="")
    """The class of a thumbnail's color; empty for everything else."""
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
    def kind(self) -> PreviewKind:
        """What it shows; of another release's derivatives, which no query gives, nothing is known."""
        return KINDS[self.derivative]


class Rendering(Base):
    """What came of one maker's look at one tree, so that what cannot be made is not tried for ever."""

    __tablename__ = "rendering"

    source_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    """A ``PreviewKind``."""
    tool_version: Mapped[str] = mapped_column(String(40))
    """The maker's version; "by hand" stands behind it where nothing could be rendered."""
    made_count: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    """Why nothing could be made; empty where something was."""
    rendered_at: Mapped[datetime] = mapped_column(UtcDateTime)
