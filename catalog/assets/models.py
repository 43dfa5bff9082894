"""Tables of the registry."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.assets.vocabulary import UNPUBLISHED, AssetStatus, Custody, FileState, VersionStatus
from catalog.db.base import Base, UtcDateTime
from catalog.shows.models import Show
from catalog.storage.keys import incoming_key

_AT_HOME = text("show_id IS NOT NULL")
_MERGED = text("merged_into_id IS NOT NULL")
_UNPUBLISHED = text("status IN ('draft', 'verifying', 'review')")


class Asset(Base):
    """A reusable thing of the studio. ``show_id`` is its home show, whose audience counts besides its own."""

    __tablename__ = "asset"
    __table_args__ = (
        Index(None, "kind", "id"),
        Index(None, "updated_at", "id"),
        Index("ix_asset_show_id", "show_id", sqlite_where=_AT_HOME, postgresql_where=_AT_HOME),
        Index("ix_asset_merged_into_id", "merged_into_id", sqlite_where=_MERGED, postgresql_where=_MERGED),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    code_key: Mapped[str] = mapped_column(String(64), unique=True)
    """The code case-folded."""
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(8), default=AssetStatus.ACTIVE)
    retirement_reason: Mapped[str | None] = mapped_column(Text)
    """Why it was retired, while it is."""
    description: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    aliases: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """``[{"text": "邓丽君", "language": "zh-Hans"}]``"""
    fields: Mapped[dict[str, str | int | float]] = mapped_column(JSON, default=dict)
    """Values of custom fields by name, those of retired fields too."""
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    show_id: Mapped[UUID | None] = mapped_column(ForeignKey("show.id"))
    audience_id: Mapped[UUID | None] = mapped_column(ForeignKey("audience.id"))
    """Not indexed: nearly every row has the same, and an index would tempt a planner to read and sort them all."""
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("asset.id"))
    """The asset that stays where two were found to be one. This one keeps its code, its versions and its bytes."""
    latest_number: Mapped[int | None]
    """The highest published number; kept here so that listings need no aggregate."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts changes; the ETag."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    show: Mapped[Show | None] = relationship(lazy="raise")
    external_ids: Mapped[list[ExternalId]] = relationship(lazy="raise", order_by="ExternalId.system")


class ExternalId(Base):
    """What another system, or an older convention, calls the asset. ``value_key`` is the value case-folded."""

    __tablename__ = "external_id"
    __table_args__ = (UniqueConstraint("system", "value_key"), Index(None, "value_key"))

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"), primary_key=True)
    system: Mapped[str] = mapped_column(String(40), primary_key=True)
    """``shotgrid``, ``ayon``, ``kitsu``, ``legacy`` or the studio's own word."""
    value_key: Mapped[str] = mapped_column(String(200), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


class AssetVersion(Base):
    """One state of an asset; immutable once published, but for its standing."""

    __tablename__ = "asset_version"
    __table_args__ = (
        UniqueConstraint("asset_id", "number"),
        Index(None, "manifest_sha256"),
        Index(
            "ix_asset_version_unpublished",
            "status",
            "stood_since",
            sqlite_where=_UNPUBLISHED,
            postgresql_where=_UNPUBLISHED,
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(12), default=VersionStatus.DRAFT)
    note: Mapped[str] = mapped_column(Text, default="")
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    """Over the sorted lines ``<sha256> <role> <path>``: the identity of the whole tree."""
    file_count: Mapped[int]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    created_by_id: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stood_since: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it came to the status that it has while it is unpublished: begun, being verified, waiting, or given back."""
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    standing_reason: Mapped[str | None] = mapped_column(Text)
    """Why it was deprecated or withdrawn."""
    problem: Mapped[str | None] = mapped_column(Text)
    """Why its publication failed, or it was sent back, while it is still open."""
    problem_codes: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    """The refusals in the problem, as ``CatalogError.kept`` gives them; None where a person wrote it."""
    review_asked: Mapped[bool] = mapped_column(default=False)
    """Its maker wants it reviewed, also where its show does not ask for that."""
    sent_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was last given back to its maker by whoever reviews."""
    revision: Mapped[int] = mapped_column(default=1)

    asset: Mapped[Asset] = relationship(lazy="raise")


UNPUBLISHED_ROWS = AssetVersion.status.in_([literal_column(f"'{status}'", String) for status in UNPUBLISHED])
"""Spelled out in queries as in the index: a planner cannot see that a parameter means the same."""


class File(Base):
    """Bytes with a path and a role inside one version."""

    __tablename__ = "file"
    __table_args__ = (UniqueConstraint("version_id", "path"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("asset_version.id"))
    path: Mapped[str] = mapped_column(String(400))
    role: Mapped[str] = mapped_column(String(16))
    custody: Mapped[str] = mapped_column(String(10), default=Custody.STORED)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    root_id: Mapped[UUID | None] = mapped_column(ForeignKey("root.id"), index=True)
    root_path: Mapped[str | None] = mapped_column(String(1000))
    """Where a referenced file lies under its root."""
    state: Mapped[str] = mapped_column(String(10), default=FileState.ONLINE)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the state was last found by reading, or by finding nothing to read; None: the digest is only declared."""


class Root(Base):
    """A place that an administrator declared, with how each platform and site spells it."""

    __tablename__ = "root"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    name_key: Mapped[str] = mapped_column(String(64), unique=True)
    templates: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """``[{"platform": "linux", "site": "main", "path": "/mnt/library"}]``"""
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Relation(Base):
    """``source`` depends on ``target``: contains it, or was made from it."""

    __tablename__ = "relation"
    __table_args__ = (
        UniqueConstraint("source_id", "kind", "target_id", "target_number"),
        Index(None, "target_id", "source_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    source_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    target_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    target_number: Mapped[int] = mapped_column(default=0)
    """A version of the target; 0 is whichever is the latest."""
    count: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[UUID] = mapped_column(Uuid)


class AssetMerge(Base):
    """That an asset was merged into another, and what it brought along, so that all of it can be taken back."""

    __tablename__ = "asset_merge"
    __table_args__ = (Index(None, "asset_id", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    target_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    carried: Mapped[dict[str, Any]] = mapped_column(JSON)
    """``merging.Carried`` as JSON."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[UUID] = mapped_column(Uuid)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TagSynonym(Base):
    """How a tag is written since it was merged into another. ``key`` is what it was, case-folded.

    Of those with one key the one without an end holds; an ended one holds again once what ended it is undone.
    """

    __tablename__ = "tag_synonym"

    key: Mapped[str] = mapped_column(String(240), primary_key=True)
    merge_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, index=True)
    tag: Mapped[str] = mapped_column(String(80))
    """What it was, as it was written then."""
    into: Mapped[str] = mapped_column(String(80))
    ended_by_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The later merge of the same tag."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ImportRow(Base):
    """What became of one row of an import, so that sending it again gives the same answer. Bookkeeping."""

    __tablename__ = "import_row"

    import_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    actor_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Upload(Base):
    """A blob that the maker of an open version still has to bring, or has brought. Bookkeeping.

    It lands under a key of this version alone, never under the blob's own: so nobody learns whether the studio has the
    bytes already, and no signed address ever points at verified bytes.
    """

    __tablename__ = "version_upload"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("asset_version.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    part_size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    part_sha256: Mapped[list[str] | None] = mapped_column(JSON)
    """The digest of each part, for a blob that is too large for one request."""
    transfer_id: Mapped[str | None] = mapped_column(String(200))
    """The store's name for the transfer in parts, once it was begun."""
    settled: Mapped[bool] = mapped_column(default=False)
    """The bytes were verified and are under the blob's own key."""

    @property
    def staging_key(self) -> str:
        """Where the bytes land before they are verified."""
        return incoming_key(self.version_id, self.sha256)
