"""What can happen to assets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from catalog.ledger.event import Event


@dataclass(frozen=True, kw_only=True)
class AssetRegistered(Event):
    """An asset can be found and given versions."""

    name: ClassVar[str] = "asset.registered"
    about: ClassVar[str] = "asset_id"
    asset_id: UUID
    code: str
    title: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class AssetChanged(Event):
    """What an asset is called, or who may see it, changed; ``changes`` holds [before, after] by field."""

    name: ClassVar[str] = "asset.changed"
    about: ClassVar[str] = "asset_id"
    asset_id: UUID
    changes: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class AssetRetired(Event):
    """An asset is no longer offered; its versions stay where they are used."""

    name: ClassVar[str] = "asset.retired"
    about: ClassVar[str] = "asset_id"
    asset_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class AssetRelated(Event):
    """One asset was said to contain another, or to be made from it."""

    name: ClassVar[str] = "asset.related"
    about: ClassVar[str] = "asset_id"
    asset_id: UUID
    target_id: UUID
    kind: str
    number: int | None
    count: int | None


@dataclass(frozen=True, kw_only=True)
class AssetUnrelated(Event):
    """A relation was taken back."""

    name: ClassVar[str] = "asset.unrelated"
    about: ClassVar[str] = "asset_id"
    asset_id: UUID
    target_id: UUID
    kind: str
    number: int | None


@dataclass(frozen=True, kw_only=True)
class AssetMerged(Event):
    """An asset was found to be another, which stays; its code and versions go on naming the same bytes."""

    name: ClassVar[str] = "asset.merged"
    about: ClassVar[str] = "asset_id"
    asset_id: UUID
    target_id: UUID
    tags: tuple[str, ...]
    aliases: tuple[dict[str, str], ...]
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AssetUnmerged(Event):
    """A merge was taken back: both are assets of their own again."""

    name: ClassVar[str] = "asset.unmerged"
    about: ClassVar[str] = "asset_id"
    asset_id: UUID
    target_id: UUID


@dataclass(frozen=True, kw_only=True)
class TagsMerged(Event):
    """Tags are written as another from now on; assets that have them follow one by one (``asset.changed``)."""

    name: ClassVar[str] = "tags.merged"
    about: ClassVar[str] = "merge_id"
    merge_id: UUID
    tags: tuple[str, ...]
    into: str


@dataclass(frozen=True, kw_only=True)
class TagsUnmerged(Event):
    """A merge of tags was taken back: they are written as they are again."""

    name: ClassVar[str] = "tags.unmerged"
    about: ClassVar[str] = "merge_id"
    merge_id: UUID
    tags: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VersionDrafted(Event):
    """A version is in the making; nobody else sees it."""

    name: ClassVar[str] = "version.drafted"
    about: ClassVar[str] = "version_id"
    version_id: UUID
    asset_id: UUID
    number: int
    file_count: int
    size_bytes: int
    manifest_sha256: str


@dataclass(frozen=True, kw_only=True)
class VersionSubmitted(Event):
    """The maker asked for publication; the bytes are being verified."""

    name: ClassVar[str] = "version.submitted"
    about: ClassVar[str] = "version_id"
    version_id: UUID
    asset_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class VersionPublished(Event):
    """A version is complete, verified or declared, and visible to the asset's audience."""

    name: ClassVar[str] = "version.published"
    about: ClassVar[str] = "version_id"
    version_id: UUID
    asset_id: UUID
    number: int
    manifest_sha256: str
    note: str


@dataclass(frozen=True, kw_only=True)
class VersionRefused(Event):
    """Verification found bytes that are not what was declared; the version went back to its maker."""

    name: ClassVar[str] = "version.refused"
    about: ClassVar[str] = "version_id"
    version_id: UUID
    asset_id: UUID
    number: int
    problem: str


@dataclass(frozen=True, kw_only=True)
class VersionAwaitsReview(Event):
    """A version is whole, and waits for somebody who curates; its maker and they see it."""

    name: ClassVar[str] = "version.awaits_review"
    about: ClassVar[str] = "version_id"
    version_id: UUID
    asset_id: UUID
    number: int
    note: str


@dataclass(frozen=True, kw_only=True)
class VersionSentBack(Event):
    """Somebody who curates did not approve a version; it is its maker's draft again."""

    name: ClassVar[str] = "version.sent_back"
    about: ClassVar[str] = "version_id"
    version_id: UUID
    asset_id: UUID
    number: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class VersionDeprecated(Event):
    """A version is discouraged, but still offered."""

    name: ClassVar[str] = "version.deprecated"
    about: ClassVar[str] = "version_id"
    version_id: UUID
    asset_id: UUID
    number: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class VersionWithdrawn(Event):
    """A version was taken back: its originals are no longer released."""

    name: ClassVar[str] = "version.withdrawn"
    about: ClassVar[str] = "version_id"
    version_id: UUID
    asset_id: UUID
    number: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class VersionInspected(Event):
    """A worker measured what it could reach of a version; files under roots that it does not see wait for another."""

    name: ClassVar[str] = "version.inspected"
    about: ClassVar[str] = "version_id"
    version_id: UUID
    asset_id: UUID
    number: int
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RootDeclared(Event):
    """A place where files may be referenced."""

    name: ClassVar[str] = "root.declared"
    about: ClassVar[str] = "root_id"
    root_id: UUID
    root_name: str
    templates: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class RootChanged(Event):
    """A root is spelled differently from now on."""

    name: ClassVar[str] = "root.changed"
    about: ClassVar[str] = "root_id"
    root_id: UUID
    changes: dict[str, Any]
