"""What the server answers about versions.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog.client.answers.seen import Fact, Finding, Preview
from catalog.client.answers.shapes import File, Version
from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class Draft:
    """A version in the making, or the published one that has these bytes already."""

    outcome: str
    version: Version
    uploads_needed: int
    upload_bytes: int

    @classmethod
    def read(cls, found: Json) -> Draft:
        """Read Draft from what a JSON document holds."""
        return cls(
            outcome=found["outcome"],
            version=Version.read(found["version"]),
            uploads_needed=found["uploads_needed"],
            upload_bytes=found["upload_bytes"],
        )


@dataclass(frozen=True)
class WholeVersion(Version):
    """A version with its files (the first 200; `…/files` pages through all), facts, findings and previews."""

    files: list[File]
    facts: list[Fact]
    findings: list[Finding]
    previews: list[Preview]
    pending: list[str]
    """Kinds of work that are still owed for it."""
    quality: dict[str, Any] | None
    rigs: list[Any]
    asset_id: UUID
    measured_at: datetime | None

    @classmethod
    def read(cls, found: Json) -> WholeVersion:
        """Read WholeVersion from what a JSON document holds."""
        return cls(
            **vars(Version.read(found)),
            files=[File.read(one) for one in found["files"]],
            facts=[Fact.read(one) for one in found["facts"]],
            findings=[Finding.read(one) for one in found["findings"]],
            previews=[Preview.read(one) for one in found["previews"]],
            pending=found["pending"],
            quality=found.get("quality"),
            rigs=found.get("rigs", []),
            asset_id=UUID(found["asset_id"]),
            measured_at=None if found.get("measured_at") is None else moment(found["measured_at"]),
        )


@dataclass(frozen=True)
class Transfer:
    """One HTTP request that brings bytes straight to the store."""

    number: int | None
    """Part number, from 1; null for a whole blob."""
    method: str
    url: str
    headers: dict[str, str]
    offset_bytes: int
    size_bytes: int

    @classmethod
    def read(cls, found: Json) -> Transfer:
        """Read Transfer from what a JSON document holds."""
        return cls(
            number=found.get("number"),
            method=found["method"],
            url=found["url"],
            headers=found["headers"],
            offset_bytes=found["offset_bytes"],
            size_bytes=found["size_bytes"],
        )


@dataclass(frozen=True)
class Upload:
    """A blob that is still to be brought; `requests` lists only the parts that have not arrived."""

    sha256: str
    size_bytes: int
    requests: list[Transfer]

    @classmethod
    def read(cls, found: Json) -> Upload:
        """Read Upload from what a JSON document holds."""
        return cls(
            sha256=found["sha256"],
            size_bytes=found["size_bytes"],
            requests=[Transfer.read(one) for one in found["requests"]],
        )


@dataclass(frozen=True)
class Publication:
    """A version that was published, or is being verified: then ask the job."""

    version: Version
    job: str | None

    @classmethod
    def read(cls, found: Json) -> Publication:
        """Read Publication from what a JSON document holds."""
        return cls(
            version=Version.read(found["version"]),
            job=found.get("job"),
        )


@dataclass(frozen=True)
class FileEntry:
    """A file of a version to be."""

    path: str
    """Its path in the version, with `/`, such as `textures/wood.exr`."""
    sha256: str
    """Digest of its bytes: 64 hexadecimal digits in lower case."""
    size_bytes: int
    """How many bytes it has."""
    role: str | None = None
    """What it is for; guessed from the path where left out."""
    custody: str = "stored"
    """`stored`: its bytes are uploaded; `referenced`: it stays under a root."""
    root: str | None = None
    """Root under which a referenced file lies."""
    root_path: str | None = None
    """Its path under the root; `path` by default."""
    part_sha256: Sequence[str] = ()
    """Digests of the parts of a file over 64 MiB."""

    @classmethod
    def read(cls, found: Json) -> FileEntry:
        """Read FileEntry from what a JSON document holds."""
        return cls(
            path=found["path"],
            sha256=found["sha256"],
            size_bytes=found["size_bytes"],
            role=found.get("role"),
            custody=found["custody"],
            root=found.get("root"),
            root_path=found.get("root_path"),
            part_sha256=found["part_sha256"],
        )


@dataclass(frozen=True)
class NewAsset:
    """What an asset is registered with together with its first version; the address has its code."""

    name: str
    """What people call it, in any script."""
    kind: str
    """What sort of asset it is."""
    description: str = ""
    """What it is, in words that are searched."""
    tags: Sequence[str] = ()
    """Words to find it by."""
    show: str | None = None
    """Code of the home show."""
    audience: list[str] | None = None
    """Groups that may know of it; null: the studio."""
    fields: dict[str, Any] | None = None
    """Values of custom fields by name."""

    @classmethod
    def read(cls, found: Json) -> NewAsset:
        """Read NewAsset from what a JSON document holds."""
        return cls(
            name=found["name"],
            kind=found["kind"],
            description=found.get("description", ""),
            tags=found["tags"],
            show=found.get("show"),
            audience=found.get("audience"),
            fields=found.get("fields"),
        )
