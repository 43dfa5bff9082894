"""What the server answers about shapes.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class Strip:
    """Frames of one size in one picture, in rows from the left and the top."""

    url: str
    frame_count: int
    columns: int
    frame_width_px: int
    frame_height_px: int

    @classmethod
    def read(cls, found: Json) -> Strip:
        """Read Strip from what a JSON document holds."""
        return cls(
            url=found["url"],
            frame_count=found["frame_count"],
            columns=found["columns"],
            frame_width_px=found["frame_width_px"],
            frame_height_px=found["frame_height_px"],
        )


@dataclass(frozen=True)
class ClearanceState:
    """Whether the asset may be used; `verdict` is null until rights are recorded and decided."""

    verdict: str | None
    until: str | None
    as_of: datetime | None

    @classmethod
    def read(cls, found: Json) -> ClearanceState:
        """Read ClearanceState from what a JSON document holds."""
        return cls(
            verdict=found.get("verdict"),
            until=found.get("until"),
            as_of=None if found.get("as_of") is None else moment(found["as_of"]),
        )


@dataclass(frozen=True)
class Card:
    """What a listing needs of an asset."""

    id: UUID
    code: str
    name: str
    kind: str
    status: str
    latest_version: int | None
    thumbnail_url: str | None
    strip: Strip | None
    """What turns under a pointer, once it was made."""
    dominant_color: str | None
    """One of 64 classes, `dc-00` to `dc-3f`."""
    grade: str | None
    score: float | None
    clearance: ClearanceState
    tags: list[str]
    shows: list[str]
    updated_at: datetime

    @classmethod
    def read(cls, found: Json) -> Card:
        """Read Card from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            code=found["code"],
            name=found["name"],
            kind=found["kind"],
            status=found["status"],
            latest_version=found.get("latest_version"),
            thumbnail_url=found.get("thumbnail_url"),
            strip=None if found.get("strip") is None else Strip.read(found["strip"]),
            dominant_color=found.get("dominant_color"),
            grade=found.get("grade"),
            score=found.get("score"),
            clearance=ClearanceState.read(found["clearance"]),
            tags=found["tags"],
            shows=found["shows"],
            updated_at=moment(found["updated_at"]),
        )


@dataclass(frozen=True)
class Alias:
    """Another name of an asset."""

    text: str
    language: str = "und"
    """BCP 47 tag, `und` where it is not known."""

    @classmethod
    def read(cls, found: Json) -> Alias:
        """Read Alias from what a JSON document holds."""
        return cls(
            text=found["text"],
            language=found["language"],
        )


@dataclass(frozen=True)
class ExternalId:
    """What another system calls an asset."""

    system: str
    value: str

    @classmethod
    def read(cls, found: Json) -> ExternalId:
        """Read ExternalId from what a JSON document holds."""
        return cls(
            system=found["system"],
            value=found["value"],
        )


@dataclass(frozen=True)
class Asset(Card):
    """An asset with everything that is recorded of it."""

    reference: str
    """Entity reference, safe inside USD."""
    description: str
    aliases: list[Alias]
    external_ids: list[ExternalId]
    owner: str | None
    show: str | None
    audience: list[str] | None
    """Groups that may know of it; null is the whole studio."""
    retirement_reason: str | None
    """Why it was retired, while it is."""
    merged_into: str | None
    """Code of the asset that stays where two were found to be one."""
    merged: list[str]
    """Codes of assets that were merged into it; they go on naming their versions."""
    fields: dict[str, Any]
    """Values of custom fields in use, by name."""
    created_at: datetime
    revision: int

    @classmethod
    def read(cls, found: Json) -> Asset:
        """Read Asset from what a JSON document holds."""
        return cls(
            **vars(Card.read(found)),
            reference=found["reference"],
            description=found["description"],
            aliases=[Alias.read(one) for one in found["aliases"]],
            external_ids=[ExternalId.read(one) for one in found["external_ids"]],
            owner=found.get("owner"),
            show=found.get("show"),
            audience=found.get("audience"),
            retirement_reason=found.get("retirement_reason"),
            merged_into=found.get("merged_into"),
            merged=found["merged"],
            fields=found.get("fields", {}),
            created_at=moment(found["created_at"]),
            revision=found["revision"],
        )


@dataclass(frozen=True)
class Version:
    """A version without its files."""

    id: UUID
    asset: str
    number: int
    status: str
    note: str
    manifest_sha256: str
    file_count: int
    size_bytes: int
    created_at: datetime
    published_at: datetime | None
    created_by: str | None
    standing_reason: str | None
    problem: str | None
    thumbnail_url: str | None
    dominant_color: str | None
    reference: str
    revision: int

    @classmethod
    def read(cls, found: Json) -> Version:
        """Read Version from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            asset=found["asset"],
            number=found["number"],
            status=found["status"],
            note=found["note"],
            manifest_sha256=found["manifest_sha256"],
            file_count=found["file_count"],
            size_bytes=found["size_bytes"],
            created_at=moment(found["created_at"]),
            published_at=None if found.get("published_at") is None else moment(found["published_at"]),
            created_by=found.get("created_by"),
            standing_reason=found.get("standing_reason"),
            problem=found.get("problem"),
            thumbnail_url=found.get("thumbnail_url"),
            dominant_color=found.get("dominant_color"),
            reference=found["reference"],
            revision=found["revision"],
        )


@dataclass(frozen=True)
class File:
    """A file of a version."""

    path: str
    role: str
    custody: str
    sha256: str
    size_bytes: int
    state: str
    checked_at: datetime | None
    """When a worker last read these very bytes; null: only declared."""
    reference: str

    @classmethod
    def read(cls, found: Json) -> File:
        """Read File from what a JSON document holds."""
        return cls(
            path=found["path"],
            role=found["role"],
            custody=found["custody"],
            sha256=found["sha256"],
            size_bytes=found["size_bytes"],
            state=found["state"],
            checked_at=None if found.get("checked_at") is None else moment(found["checked_at"]),
            reference=found["reference"],
        )
