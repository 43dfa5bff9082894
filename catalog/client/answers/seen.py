"""What the server answers about seen.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catalog.client.wire import Json


@dataclass(frozen=True)
class Fact:
    """A measured or declared value."""

    path: str | None
    key: str
    value: Any
    unit: str | None
    evidence: str
    tool: str
    tool_version: str

    @classmethod
    def read(cls, found: Json) -> Fact:
        """Read Fact from what a JSON document holds."""
        return cls(
            path=found.get("path"),
            key=found["key"],
            value=found["value"],
            unit=found.get("unit"),
            evidence=found["evidence"],
            tool=found["tool"],
            tool_version=found["tool_version"],
        )


@dataclass(frozen=True)
class Finding:
    """Something that was found wrong with a file, for people to act on."""

    path: str
    code: str
    message: str
    reference: str
    """What the file names and the finding is about; empty where it is the file."""

    @classmethod
    def read(cls, found: Json) -> Finding:
        """Read Finding from what a JSON document holds."""
        return cls(
            path=found["path"],
            code=found["code"],
            message=found["message"],
            reference=found["reference"],
        )


@dataclass(frozen=True)
class Preview:
    """Something that shows a version: a picture, a strip of frames, a film, a model."""

    kind: str
    derivative: str
    """Which file of its kind, such as `thumbnail-480` or `turntable-video`."""
    media_type: str
    url: str
    sha256: str
    size_bytes: int
    width_px: int
    height_px: int
    frame_count: int | None
    """Of a strip, whose frames lie in rows from the left and the top."""
    frame_width_px: int | None
    frame_height_px: int | None
    dominant_color: str | None
    """Of a thumbnail: the class of what stands in its place meanwhile."""
    caption: str

    @classmethod
    def read(cls, found: Json) -> Preview:
        """Read Preview from what a JSON document holds."""
        return cls(
            kind=found["kind"],
            derivative=found["derivative"],
            media_type=found["media_type"],
            url=found["url"],
            sha256=found["sha256"],
            size_bytes=found["size_bytes"],
            width_px=found["width_px"],
            height_px=found["height_px"],
            frame_count=found.get("frame_count"),
            frame_width_px=found.get("frame_width_px"),
            frame_height_px=found.get("frame_height_px"),
            dominant_color=found.get("dominant_color"),
            caption=found["caption"],
        )
