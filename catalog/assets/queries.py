"""Reading the registry. Every query over assets starts from ``visible_assets``: hidden and absent look the same."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, not_, or_, select, true, tuple_
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from catalog.accounts.audiences import admits
from catalog.assets.models import UNPUBLISHED_ROWS, Asset, AssetVersion, ExternalId, File
from catalog.assets.vocabulary import OFFERED, OPEN, UNPUBLISHED, AssetStatus, Custody, Kind, VersionStatus
from catalog.jobs.models import Job
from catalog.kernel.abilities import Ability
from catalog.kernel.batches import in_batches
from catalog.kernel.errors import Conflict, NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import (
    Page,
    Paging,
    decode_cursor,
    decode_id_cursor,
    decode_place_in_time,
    page_of,
    place_in_time,
)
from catalog.shows.models import Show

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from catalog.assets.naming import Reference
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
    return (
        select(AssetVersion)
        .join(AssetVersion.asset)
        .options(contains_eager(AssetVersion.asset))
        .where(visible_to(view), known_versions(view))
    )


def known_versions(view: View) -> ColumnElement[bool]:
    """Return the condition that a version is not in the making by somebody else, or waits for the viewer's review."""
    known = not_(in_the_making()) | (AssetVersion.created_by_id == view.viewer.person_id)
    if view.viewer.can(Ability.CURATE):
        known |= AssetVersion.status == VersionStatus.REVIEW.value
    return known


def in_the_making() -> ColumnElement[bool]:
    """Return the condition that a version is not for everybody: unpublished, or withdrawn before it ever was."""
    abandoned = (AssetVersion.status == VersionStatus.WITHDRAWN) & AssetVersion.published_at.is_(None)
    return AssetVersion.status.in_(UNPUBLISHED) | abandoned


def get_asset(view: View, reference: str) -> Asset:
    """Return an asset by code (any case), id or external id (``value`` or ``system:value``), with its show.

    Raises ``NotFound`` if it is absent or hidden, ``Conflict`` if an external id is that of several.
    """
    by_code = visible_assets(view).where(Asset.code_key == reference.casefold())
    joined = by_code.options(joinedload(Asset.show), joinedload(Asset.external_ids))
    asset = view.session.scalars(joined).unique().one_or_none()
    if asset is not None:
        return asset
    return _the_one(reference, _named_otherwise(view, _whole(visible_assets(view)), [reference]).get(reference, ()))


def assets_named(view: View, references: Iterable[Reference]) -> dict[str, Sequence[Asset]]:
    """Return the assets behind each name in these references; a name of none is left out.

    Asks three questions at most, however many references there are.
    """
    names = {name for reference in references for name in (reference.asset, reference.whole) if name}
    by_key = {name.casefold(): name for name in names}
    coded = {
        asset.code_key: asset for asset in view.session.scalars(visible_assets(view).where(Asset.code_key.in_(by_key)))
    }
    found: dict[str, Sequence[Asset]] = {name: [coded[name.casefold()]] for name in names if name.casefold() in coded}
    return found | _named_otherwise(view, visible_assets(view), names - found.keys())


def named_by(reference: Reference, assets: Mapping[str, Sequence[Asset]]) -> tuple[Asset, int | None]:
    """Return the asset that a reference means among those that were found, and the number of the version, if it says.

    Raises ``NotFound`` and ``Conflict`` as ``get_asset`` does.
    """
    if reference.whole is not None and reference.whole in assets:
        return _the_one(reference.whole, assets[reference.whole]), None
    return _the_one(reference.asset, assets.get(reference.asset, ())), reference.number


def _the_one(reference: str, found: Sequence[Asset]) -> Asset:
    if not found:
        raise NotFound(
            f"there is no asset {reference[:80]!r}; search finds codes, names and external ids",
            code="unknown-asset",
            value=reference[:80],
        )
    if len(found) > 1:
        codes = ", ".join(sorted(asset.code for asset in found))
        raise Conflict(
            f"external id {reference[:80]!r} is that of {codes}; write system:value or the code", code="ambiguous"
        )
    return found[0]


def _named_otherwise(view: View, assets: Select[Asset], references: Collection[str]) -> dict[str, Sequence[Asset]]:
    """Return those of the assets whose id or external id a reference is; the id counts where it may be both."""
    ids = {reference: asset_id for reference in references if (asset_id := find_id(reference)) is not None}
    found: dict[str, Sequence[Asset]] = {}
    if ids:
        by_id = {asset.id: asset for asset in view.session.scalars(assets.where(Asset.id.in_(ids.values())))}
        found |= {reference: [by_id[asset_id]] for reference, asset_id in ids.items() if asset_id in by_id}
    keys = {reference: _external_keys(reference) for reference in references if reference not in ids}
    if not keys:
        return found
    values = {value for several in keys.values() for _, value in several}
    query = assets.join(ExternalId, ExternalId.asset_id == Asset.id).add_columns(
        ExternalId.system, ExternalId.value_key
    )
    by_key: dict[tuple[str | None, str], dict[UUID, Asset]] = {}
    for asset, system, value in view.session.execute(query.where(ExternalId.value_key.in_(values))):
        by_key.setdefault((None, value), {})[asset.id] = asset
        by_key.setdefault((system, value), {})[asset.id] = asset
    for reference, several in keys.items():
        named = {asset_id: asset for key in several for asset_id, asset in by_key.get(key, {}).items()}
        if named:
            found[reference] = list(named.values())
    return found


def _external_keys(reference: str) -> list[tuple[str | None, str]]:
    """Return what a reference may mean as an external id: a value of any system, or of the system before its colon."""
    reference = unicodedata.normalize("NFC", reference).strip().casefold()
    system, colon, value = reference.partition(":")
    return [(None, reference), (system, value)] if colon else [(None, reference)]


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
        raise unknown_version(asset, number)
    return version


def versions_numbered(view: View, wanted: Iterable[tuple[Asset, int]]) -> dict[tuple[UUID, int], AssetVersion]:
    """Return those of the versions, by the asset's id and their number, that the viewer may know of."""
    pairs = {(asset.id, number) for asset, number in wanted}
    query = visible_versions(view).where(tuple_(AssetVersion.asset_id, AssetVersion.number).in_(pairs))
    return {(version.asset_id, version.number): version for version in view.session.scalars(query)}


def unknown_version(asset: Asset, number: int | None) -> NotFound:
    """Return the refusal of a version that is absent, hidden or open."""
    has = f"its latest is {asset.latest_number}" if asset.latest_number else "none is published yet"
    which = f"no version {number}" if number is not None else "no published version"
    return NotFound(f"{asset.code} has {which}; {has}", code="unknown-version")


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


def page_in_review(view: View, paging: Paging) -> Page[AssetVersion]:
    """Return the versions that wait for review, the longest first: all for those who curate, else one's own."""
    # In the order of the index of unpublished versions. By id alone, SQLite would walk through all versions there are.
    place = (AssetVersion.stood_since, AssetVersion.id)
    query = _in_review(view).order_by(*place).limit(paging.limit + 1)
    if paging.cursor:
        query = query.where(tuple_(*place) > decode_place_in_time(paging.cursor))
    rows = view.session.scalars(query).all()
    return page_of(rows, paging.limit, lambda version: place_in_time(version.stood_since, version.id))


def beside_in_review(view: View, version: AssetVersion) -> tuple[AssetVersion | None, AssetVersion | None]:
    """Return the versions that wait for review before and after this one, in the order of their listing."""
    place, here = tuple_(AssetVersion.stood_since, AssetVersion.id), (version.stood_since, version.id)
    earlier = _in_review(view).where(place < here).order_by(AssetVersion.stood_since.desc(), AssetVersion.id.desc())
    later = _in_review(view).where(place > here).order_by(AssetVersion.stood_since, AssetVersion.id)
    return view.session.scalar(earlier.limit(1)), view.session.scalar(later.limit(1))


def page_drafts(view: View, paging: Paging) -> Page[AssetVersion]:
    """Return the viewer's own versions in the making, the newest first."""
    mine = visible_versions(view).where(AssetVersion.created_by_id == view.viewer.person_id)
    query = mine.where(UNPUBLISHED_ROWS, AssetVersion.status.in_(OPEN)).order_by(AssetVersion.id.desc())
    if paging.cursor:
        query = query.where(AssetVersion.id < decode_id_cursor(paging.cursor))
    found = view.session.scalars(query.limit(paging.limit + 1)).all()
    return page_of(found, paging.limit, lambda version: [str(version.id)])


def count_in_review(view: View, at_most: int) -> int:
    """Return how many versions wait for the viewer's review; no more than so many are counted."""
    return len(view.session.scalars(_in_review(view).with_only_columns(AssetVersion.id).limit(at_most)).all())


def _in_review(view: View) -> Select[AssetVersion]:
    return visible_versions(view).where(UNPUBLISHED_ROWS, AssetVersion.status == VersionStatus.REVIEW.value)


def page_files(view: View, version: AssetVersion, paging: Paging) -> Page[File]:
    """Return the files of a version that was read through this view, by path."""
    query = select(File).where(File.version_id == version.id).order_by(File.path).limit(paging.limit + 1)
    if paging.cursor:
        (after,) = decode_cursor(paging.cursor, str)
        query = query.where(File.path > after)
    return page_of(view.session.scalars(query).all(), paging.limit, lambda file: [file.path])


def has_referenced_files(view: View, version: AssetVersion) -> bool:
    """Whether any file of a version that was read through this view lies under a root."""
    referenced = exists().where(File.version_id == version.id, File.custody == Custody.REFERENCED)
    return bool(view.session.scalar(select(referenced)))


def files_of(view: View, version_id: UUID) -> list[File]:
    """Return all files of a version that was read through this view, by path; a manifest says how many there can be."""
    return list(view.session.scalars(select(File).where(File.version_id == version_id).order_by(File.path)))


def files_of_versions(view: View, version_ids: Collection[UUID]) -> dict[UUID, list[File]]:
    """Return all files of each of these versions, by path; the caller says how many versions are few enough."""
    found: dict[UUID, list[File]] = {version_id: [] for version_id in version_ids}
    query = select(File).where(File.version_id.in_(version_ids)).order_by(File.version_id, File.path)
    for file in view.session.scalars(query):
        found[file.version_id].append(file)
    return found


def files_at(view: View, wanted: Iterable[tuple[AssetVersion, str]]) -> dict[tuple[UUID, str], File]:
    """Return those of the files, by their version's id and the path in NFC, that there are."""
    pairs = {(version.id, unicodedata.normalize("NFC", path)) for version, path in wanted}
    query = select(File).where(tuple_(File.version_id, File.path).in_(pairs))
    return {(file.version_id, file.path): file for file in view.session.scalars(query)}


def get_file(view: View, version: AssetVersion, path: str) -> File:
    """Return one file of a version; ``NotFound`` names the version and the path."""
    return file_at(version, path, files_at(view, [(version, path)]))


def file_at(version: AssetVersion, path: str, files: Mapping[tuple[UUID, str], File]) -> File:
    """Return one of the files that were found; ``NotFound`` names the version and the path."""
    file = files.get((version.id, unicodedata.normalize("NFC", path)))
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
