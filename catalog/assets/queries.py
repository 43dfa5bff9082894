"""Reading the registry. Every query over assets starts from ``visible_assets``: hidden and absent look the same."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, Select, not_, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from catalog.accounts.audiences import admits
from catalog.assets.models import Asset, AssetVersion, ExternalId, File
from catalog.assets.vocabulary import OFFERED, OPEN, AssetStatus, Custody, Kind, VersionStatus
from catalog.jobs.models import Job
from catalog.kernel.abilities import Ability
from catalog.kernel.batches import in_batches
from catalog.kernel.errors import Conflict, NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Page, Paging, decode_cursor, decode_id_cursor, page_of
from catalog.shows.models import Show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from catalog.work.view import View


def visible_to(view: View) -> ColumnElement[bool]:
    """Return the condition that the viewer may know of an asset: its own audience and its home show's admit them."""
    if view.viewer.sees_everything:
        return true()
    open_shows = select(Show.id).where(admits(view, Show.audience_id))
    return admits(view, Asset.audience_id) & or_(Asset.show_id.is_(None), Asset.show_id.in_(open_shows))


def visible_assets(view: View) -> Select[Asset]:
    """Return the query over assets that the viewer may know of."""
    return select(Asset).where(visible_to(view))


def visible_versions(view: View) -> Select[AssetVersion]:
    """Return the query over versions, with their assets, that the viewer may know of: no open ones but one's own."""
    mine = AssetVersion.created_by_id == view.viewer.person_id
    return (
        select(AssetVersion)
        .join(AssetVersion.asset)
        .options(contains_eager(AssetVersion.asset))
        .where(visible_to(view), not_(in_the_making()) | mine)
    )


def in_the_making() -> ColumnElement[bool]:
    """Return the condition that a version is its maker's alone: open, or withdrawn before it ever was published."""
    abandoned = (AssetVersion.status == VersionStatus.WITHDRAWN) & AssetVersion.published_at.is_(None)
    return AssetVersion.status.in_(OPEN) | abandoned


def get_asset(view: View, reference: str) -> Asset:
    """Return an asset by code (any case), id or external id (``value`` or ``system:value``), with its show.

    Raises ``NotFound`` if it is absent or hidden, ``Conflict`` if an external id is that of several.
    """
    by_code = visible_assets(view).where(Asset.code_key == reference.casefold())
    joined = by_code.options(joinedload(Asset.show), joinedload(Asset.external_ids))
    asset = view.session.scalars(joined).unique().one_or_none()
    if asset is None:
        asset = _find_otherwise(view, reference)
    if asset is None:
        raise NotFound(
            f"there is no asset {reference[:80]!r}; search finds codes, names and external ids", code="unknown-asset"
        )
    return asset


def _find_otherwise(view: View, reference: str) -> Asset | None:
    asset_id = find_id(reference)
    if asset_id is not None:
        return view.session.scalar(_whole(visible_assets(view).where(Asset.id == asset_id)))
    reference = unicodedata.normalize("NFC", reference).strip()
    named = ExternalId.value_key == reference.casefold()
    system, colon, value = reference.partition(":")
    if colon:
        named |= (ExternalId.system == system.casefold()) & (ExternalId.value_key == value.casefold())
    query = _whole(visible_assets(view).where(Asset.id.in_(select(ExternalId.asset_id).where(named)))).limit(2)
    found = view.session.scalars(query).all()
    if len(found) > 1:
        codes = ", ".join(sorted(asset.code for asset in found))
        raise Conflict(
            f"external id {reference[:80]!r} is that of {codes}; write system:value or the code", code="ambiguous"
        )
    return found[0] if found else None


def _whole(query: Select[Asset]) -> Select[Asset]:
    return query.options(joinedload(Asset.show), selectinload(Asset.external_ids))


@dataclass(frozen=True, kw_only=True)
class AssetFilter:
    """Which assets a listing is of; None does not limit."""

    kind: Kind | None = None
    status: AssetStatus | None = None
    show: str | None = None


def page_assets(view: View, paging: Paging, wanted: AssetFilter | None = None) -> Page[Asset]:
    """Return assets with their shows, newest first."""
    wanted = wanted or AssetFilter()
    query = visible_assets(view).options(joinedload(Asset.show)).order_by(Asset.id.desc()).limit(paging.limit + 1)
    if paging.cursor:
        query = query.where(Asset.id < decode_id_cursor(paging.cursor))
    if wanted.kind:
        query = query.where(Asset.kind == wanted.kind.value)
    if wanted.status:
        query = query.where(Asset.status == wanted.status.value)
    if wanted.show:
        query = query.where(Asset.show_id.in_(select(Show.id).where(Show.code_key == wanted.show.casefold())))
    return page_of(view.session.scalars(query).all(), paging.limit, lambda asset: [str(asset.id)])


def assets_by_id(view: View, asset_ids: Iterable[UUID]) -> dict[UUID, Asset]:
    """Return those of the assets that the viewer may know of, with shows and external ids; at most 500 ids."""
    wanted = list(dict.fromkeys(asset_ids))[:500]
    query = _whole(visible_assets(view).where(Asset.id.in_(wanted)))
    return {asset.id: asset for asset in view.session.scalars(query)}


def get_version(view: View, reference: str, number: int | None = None) -> AssetVersion:
    """Return a version with its asset; the latest where ``number`` is None.

    Raises ``NotFound`` if it is absent, hidden, or in the making by somebody else.
    """
    asset = get_asset(view, reference)
    wanted = number if number is not None else asset.latest_number
    query = visible_versions(view).where(AssetVersion.asset_id == asset.id, AssetVersion.number == (wanted or 0))
    version = view.session.scalar(query)
    if version is None:
        has = f"its latest is {asset.latest_number}" if asset.latest_number else "none is published yet"
        which = f"no version {number}" if number is not None else "no published version"
        raise NotFound(f"{asset.code} has {which}; {has}", code="unknown-version")
    return version


def page_versions(view: View, reference: str, paging: Paging) -> Page[AssetVersion]:
    """Return the versions of an asset, newest first."""
    asset = get_asset(view, reference)
    query = (
        visible_versions(view)
        .where(AssetVersion.asset_id == asset.id)
        .order_by(AssetVersion.number.desc())
        .limit(paging.limit + 1)
    )
    if paging.cursor:
        (before,) = decode_cursor(paging.cursor, int)
        query = query.where(AssetVersion.number < before)
    return page_of(view.session.scalars(query).all(), paging.limit, lambda version: [version.number])


def page_files(view: View, version: AssetVersion, paging: Paging) -> Page[File]:
    """Return the files of a version that was read through this view, by path."""
    query = select(File).where(File.version_id == version.id).order_by(File.path).limit(paging.limit + 1)
    if paging.cursor:
        (after,) = decode_cursor(paging.cursor, str)
        query = query.where(File.path > after)
    return page_of(view.session.scalars(query).all(), paging.limit, lambda file: [file.path])


def files_of(view: View, version_id: UUID) -> list[File]:
    """Return all files of a version that was read through this view, by path; a manifest says how many there can be."""
    return list(view.session.scalars(select(File).where(File.version_id == version_id).order_by(File.path)))


def get_file(view: View, version: AssetVersion, path: str) -> File:
    """Return one file of a version; ``NotFound`` names the version and the path."""
    plain = unicodedata.normalize("NFC", path)
    file = view.session.scalar(select(File).where(File.version_id == version.id, File.path == plain))
    if file is None:
        raise NotFound(f"{version.asset.code}@{version.number} has no file {path[:200]!r}", code="unknown-file")
    return file


def readable_digests(view: View, digests: Iterable[str]) -> set[str]:
    """Return those of the digests that the viewer may already read as stored files; asked in batches of 500."""
    wanted = sorted(set(digests))
    found: set[str] = set()
    for batch in in_batches(wanted, 500):
        found.update(view.session.scalars(_readable(view).where(File.sha256.in_(batch)).distinct()))
    return found


def _readable(view: View) -> Select[str]:
    return (
        select(File.sha256)
        .join(AssetVersion, AssetVersion.id == File.version_id)
        .join(Asset, Asset.id == AssetVersion.asset_id)
        .where(visible_to(view), AssetVersion.status.in_(OFFERED), File.custody == Custody.STORED)
    )


def versions_by_id(view: View, version_ids: Iterable[UUID]) -> dict[UUID, AssetVersion]:
    """Return those of the versions, with their assets, that the viewer may know of; at most 500 ids."""
    wanted = list(dict.fromkeys(version_ids))[:500]
    found = view.session.scalars(visible_versions(view).where(AssetVersion.id.in_(wanted)))
    return {version.id: version for version in found}


def may_follow_job(view: View, job: Job) -> bool:
    """Whether the viewer may know how a job goes."""
    return view.session.scalar(select(Job.id).where(Job.id == job.id, jobs_to_follow(view))) is not None


def jobs_to_follow(view: View) -> ColumnElement[bool]:
    """Return the condition that the viewer may know how a job goes.

    Operators may of any about what they see, others of those about versions that they may know of.
    """
    if view.viewer.can(Ability.OPERATE):
        return jobs_to_know_of(view)
    return Job.subject_id.in_(visible_versions(view).with_only_columns(AssetVersion.id))


def jobs_to_know_of(view: View) -> ColumnElement[bool]:
    """Return the condition that a job is not about a version of an asset that the viewer may not know of."""
    if view.viewer.sees_everything:
        return true()
    hidden = (
        select(AssetVersion.id)
        .join(Asset, Asset.id == AssetVersion.asset_id)
        .where(AssetVersion.id == Job.subject_id, not_(visible_to(view)))
    )
    return not_(hidden.exists())
