"""What the server answers about files.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from catalog.client.wire import Json


@dataclass(frozen=True)
class ResolvedFile:
    """Where one file of a version is."""

    path: str
    role: str
    sha256: str
    size_bytes: int
    custody: str
    location: str | None
    """Path on the asked platform, for a referenced file."""
    url: str | None
    """Address of the bytes, for a stored file; asks for the token again."""

    @classmethod
    def read(cls, found: Json) -> ResolvedFile:
        """Read ResolvedFile from what a JSON document holds."""
        return cls(
            path=found["path"],
            role=found["role"],
            sha256=found["sha256"],
            size_bytes=found["size_bytes"],
            custody=found["custody"],
            location=found.get("location"),
            url=found.get("url"),
        )


@dataclass(frozen=True)
class Resolution:
    """What one reference stands for; either `code` and `message` say why not, or the rest is set."""

    reference: str
    asset: str | None
    version: int | None
    entity: str | None
    files: list[ResolvedFile]
    direct: bool | None
    """Whether the store has addresses for clients."""
    remarks: list[str]
    """What to know before it is used: a deprecated version, a retired asset, and why."""
    code: str | None
    message: str | None

    @classmethod
    def read(cls, found: Json) -> Resolution:
        """Read Resolution from what a JSON document holds."""
        return cls(
            reference=found["reference"],
            asset=found.get("asset"),
            version=found.get("version"),
            entity=found.get("entity"),
            files=[ResolvedFile.read(one) for one in found.get("files", [])],
            direct=found.get("direct"),
            remarks=found.get("remarks", []),
            code=found.get("code"),
            message=found.get("message"),
        )


@dataclass(frozen=True)
class Resolutions:
    """One answer for each reference, in order."""

    items: list[Resolution]
    admission: UUID | None
    """Under which all of them were let out; what is asked for next may continue it."""

    @classmethod
    def read(cls, found: Json) -> Resolutions:
        """Read Resolutions from what a JSON document holds."""
        return cls(
            items=[Resolution.read(one) for one in found["items"]],
            admission=None if found.get("admission") is None else UUID(found["admission"]),
        )
