"""Answers that several nouns share: assets, cards, versions, files; and how rows become them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

from pydantic import Field

from catalog.accounts.audiences import group_codes
from catalog.accounts.queries import logins_of
from catalog.api.operation import Answer
from catalog.assets import merged
from catalog.assets.naming import entity_reference
from catalog.fields.queries import shown_values
from catalog.media import queries as media

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.assets.models import Asset, AssetVersion, File
    from catalog.kernel.paging import Page
    from catalog.media.queries import Strip
    from catalog.work.view import View

T = TypeVar("T")
PREVIEWS = "/api/v1/previews/"


class Listing(Answer, Generic[T]):
    """A page of a listing."""

    items: list[T]
    next_cursor: str | None = None
    total: int | None = None


class AliasAnswer(Answer):
    """Another name of an asset."""

    text: str
    language: str = Field(description="BCP 47 tag, `und` where it is not known")


class ExternalIdAnswer(Answer):
    """What another system calls an asset."""

    system: str
    value: str


class ClearanceState(Answer):
    """Whether the asset may be used; `verdict` is null until rights are recorded and decided."""

    verdict: str | None = None
    until: str | None = None
    as_of: datetime | None = None


class StripAnswer(Answer):
    """Frames of one size in one picture, in rows from the left and the top."""

    url: str
    frame_count: int
    columns: int
    frame_width_px: int
    frame_height_px: int


class Card(Answer):
    """What a listing needs of an asset."""

    id: UUID
    code: str
    name: str
    kind: str
    status: str
    latest_version: int | None
    thumbnail_url: str | None
    strip: StripAnswer | None = Field(default=None, description="what turns under a pointer, once it was made")
    dominant_color: str | None = Field(description="one of 64 classes, `dc-00` to `dc-3f`")
    grade: str | None = None
    score: float | None = None
    clearance: ClearanceState = ClearanceState()
    tags: list[str]
    shows: list[str]
    updated_at: datetime


class AssetAnswer(Card):
    """An asset with everything that is recorded of it."""

    reference: str = Field(description="entity reference, safe inside USD")
    description: str
    aliases: list[AliasAnswer]
    external_ids: list[ExternalIdAnswer]
    owner: str | None
    show: str | None
    audience: list[str] | None = Field(description="groups that may know of it; null is the whole studio")
    retirement_reason: str | None = Field(description="why it was retired, while it is")
    merged_into: str | None = Field(description="code of the asset that stays where two were found to be one")
    merged: list[str] = Field(description="codes of assets that were merged into it; they go on naming their versions")
    fields: dict[str, str | int | float] = Field(default={}, description="values of custom fields in use, by name")
    created_at: datetime
    revision: int


class FileAnswer(Answer):
    """A file of a version."""

    path: str
    role: str
    custody: str
    sha256: str
    size_bytes: int
    state: str
    checked_at: datetime | None = Field(description="when a worker last read these very bytes; null: only declared")
    reference: str


class VersionAnswer(Answer):
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


def listing(page: Page[T]) -> Listing[T]:
    """Return a page as it travels."""
    return Listing[T](items=list(page.items), next_cursor=page.next_cursor, total=page.total)


def show_cards(view: View, assets: Sequence[Asset]) -> list[Card]:
    """Return assets as cards, with their pictures by one further query."""
    pictures = media.thumbnails_of_latest(view, assets)
    return [
        Card(
            id=asset.id,
            code=asset.code,
            name=asset.name,
            kind=asset.kind,
            status=asset.status,
            latest_version=asset.latest_number,
            thumbnail_url=PREVIEWS + picture.sha256 if (picture := pictures.get(asset.id)) else None,
            strip=_show_strip(picture.strip) if picture and picture.strip else None,
            dominant_color=picture.dominant_color if picture else None,
            tags=asset.tags,
            shows=[asset.show.code] if asset.show else [],
            updated_at=asset.updated_at,
        )
        for asset in assets
    ]


def show_asset(view: View, asset: Asset) -> AssetAnswer:
    """Return one asset whole."""
    card, survivor = show_cards(view, [asset])[0], merged.merged_into(view, asset)
    owners = logins_of(view, [asset.owner_id]) if asset.owner_id else {}
    audience = group_codes(view.session, [asset.audience_id]).get(asset.audience_id) if asset.audience_id else None
    return AssetAnswer(
        **dict(card),
        reference=entity_reference(asset.code),
        description=asset.description,
        aliases=[AliasAnswer(**alias) for alias in asset.aliases],
        external_ids=[ExternalIdAnswer(system=one.system, value=one.value) for one in asset.external_ids],
        owner=owners.get(asset.owner_id) if asset.owner_id else None,
        show=asset.show.code if asset.show else None,
        audience=audience,
        retirement_reason=asset.retirement_reason,
        merged_into=survivor.code if survivor else None,
        merged=[one.code for one in merged.merged_here(view, asset)],
        fields=shown_values(view, asset.fields),
        created_at=asset.created_at,
        revision=asset.revision,
    )


def show_versions(view: View, versions: Sequence[AssetVersion]) -> list[VersionAnswer]:
    """Return versions without files, with their pictures."""
    pictures = media.thumbnails_of_versions(view, versions)
    makers = logins_of(view, {version.created_by_id for version in versions})
    return [
        VersionAnswer(
            id=version.id,
            asset=version.asset.code,
            number=version.number,
            status=version.status,
            note=version.note,
            manifest_sha256=version.manifest_sha256,
            file_count=version.file_count,
            size_bytes=version.size_bytes,
            created_at=version.created_at,
            published_at=version.published_at,
            created_by=makers.get(version.created_by_id),
            standing_reason=version.standing_reason,
            problem=version.problem,
            thumbnail_url=PREVIEWS + picture.sha256 if (picture := pictures.get(version.id)) else None,
            dominant_color=picture.dominant_color if picture else None,
            reference=entity_reference(version.asset.code, version.number),
            revision=version.revision,
        )
        for version in versions
    ]


def show_file(version: AssetVersion, file: File) -> FileAnswer:
    """Return one file."""
    return FileAnswer(
        path=file.path,
        role=file.role,
        custody=file.custody,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        state=file.state,
        checked_at=file.checked_at,
        reference=entity_reference(version.asset.code, version.number, file.path),
    )


def _show_strip(strip: Strip) -> StripAnswer:
    return StripAnswer(
        url=PREVIEWS + strip.sha256,
        frame_count=strip.frame_count,
        columns=strip.columns,
        frame_width_px=strip.frame_width_px,
        frame_height_px=strip.frame_height_px,
    )
