"""Drafting versions: saying which bytes a version will have, and learning which of them are still to be brought."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import joinedload

from catalog.assets import manifests, queries, registry
from catalog.assets.events import VersionDrafted
from catalog.assets.models import Asset, AssetVersion, File, Upload
from catalog.assets.naming import checked_path
from catalog.assets.places import Places
from catalog.assets.vocabulary import OFFERED, UNPUBLISHED, Custody, FileState, VersionStatus
from catalog.db.base import table_of
from catalog.kernel.abilities import Ability
from catalog.kernel.batches import in_batches
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.texts import checked_text
from catalog.storage.blobs import verified_digests

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from catalog.assets.manifests import FileEntry
    from catalog.assets.registry import Registration
    from catalog.work.unit import UnitOfWork

    Spot = tuple[UUID | None, str | None]
    """Under which root a file lies, and its path there; None and None for a stored one."""

INSERT_BATCH = 2_000


class Outcome(StrEnum):
    """What drafting found."""

    DRAFTED = "drafted"
    RESUMED = "resumed"
    """The actor had begun this very version; it goes on where it stopped."""
    UNCHANGED = "unchanged"
    """The latest published version has these bytes in these roles and places already; nothing was drafted."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A version in the making, or the published one that has these bytes already."""

    version: AssetVersion
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class VersionEntry:
    """A version to be: which files, and what changed. ``asset`` is registered where the reference finds none."""

    files: tuple[FileEntry, ...]
    note: str = ""
    asset: Registration | None = None


def draft(work: UnitOfWork, reference: str, entry: VersionEntry) -> Draft:
    """Draft the next version. Safe to repeat: the same bytes and roles resume the draft, or find the version there is.

    Files that lie in place elsewhere than before, as after a library has moved, are another version.

    Raises ``InvalidInput`` for a path, digest, size or root that is wrong, ``Conflict`` for a retired asset. Nothing is
    registered then.
    """
    work.require(Ability.PUBLISH)
    asset = _asset(work, reference, entry.asset)
    files = manifests.checked_entries(entry.files)
    digest = manifests.manifest_sha256(files)
    work.hold(asset)  # so that two drafts of one asset do not take one number
    registry.refuse_retired(asset)
    spots = spots_of(files, Places(work))
    known = _same_bytes(work, asset, digest, _lying(files, spots))
    if known is not None:
        return known
    version = _enter(work, asset, files, spots, checked_text("note", entry.note))
    _expect_uploads(work, version, files)
    work.record(
        VersionDrafted(
            version_id=version.id,
            asset_id=asset.id,
            number=version.number,
            file_count=version.file_count,
            size_bytes=version.size_bytes,
            manifest_sha256=digest,
        )
    )
    return Draft(version=version, outcome=Outcome.DRAFTED)


def draft_first(work: UnitOfWork, registration: Registration, entry: VersionEntry) -> Draft:
    """Register an asset together with the draft of its first version: both or nothing.

    Safe to repeat: whoever sends the same again goes on with the draft that they began. Otherwise ``Conflict`` where
    the code is taken, so that nobody adds a version to another asset while they mean to register one of their own.
    """
    work.require(Ability.PUBLISH)
    by_code = queries.visible_assets(work.view).where(Asset.code_key == registration.code.casefold())
    known = work.session.scalar(by_code)
    if known is not None:
        found = draft(work, known.code, entry)
        if found.outcome is Outcome.RESUMED:
            return found
    asset = registry.register(work, registration)  # refuses a code that is taken, and takes back what was drafted
    return draft(work, asset.code, entry)


def _asset(work: UnitOfWork, reference: str, new: Registration | None) -> Asset:
    try:
        return queries.get_asset(work.view, reference)
    except NotFound:
        if new is None:
            raise
    return registry.register(work, new)


def _enter(
    work: UnitOfWork, asset: Asset, files: Sequence[FileEntry], spots: Sequence[Spot], note: str
) -> AssetVersion:
    last = work.session.scalar(select(func.max(AssetVersion.number)).where(AssetVersion.asset_id == asset.id))
    row = version_row(work, asset.id, files, number=(last or 0) + 1, note=note)
    version = AssetVersion(**row, asset=asset)
    work.session.add(version)
    work.session.flush()
    rows = file_rows(version.id, files, spots)
    for batch in in_batches(rows, INSERT_BATCH):
        work.session.execute(insert(table_of(File)), batch)
    return version


def version_row(
    work: UnitOfWork, asset_id: UUID, files: Sequence[FileEntry], *, number: int, note: str
) -> dict[str, Any]:
    """Return the row of a draft of these checked files."""
    return {
        "id": new_id(),
        "asset_id": asset_id,
        "number": number,
        "status": VersionStatus.DRAFT.value,
        "note": note,
        "manifest_sha256": manifests.manifest_sha256(files),
        "file_count": len(files),
        "size_bytes": sum(file.size_bytes for file in files),
        "created_by_id": work.actor.person_id,
        "created_at": work.now,
        "stood_since": work.now,
        "revision": 1,
    }


def file_rows(version_id: UUID, files: Sequence[FileEntry], spots: Sequence[Spot]) -> list[dict[str, Any]]:
    """Return the rows of these checked files, which lie at these spots."""
    return [
        {
            "id": new_id(),
            "version_id": version_id,
            "path": file.path,
            "role": file.role.value if file.role else None,
            "custody": file.custody.value,
            "sha256": file.sha256,
            "size_bytes": file.size_bytes,
            "root_id": root_id,
            "root_path": root_path,
            "state": FileState.ONLINE.value,
        }
        for file, (root_id, root_path) in zip(files, spots, strict=True)
    ]


def spots_of(files: Sequence[FileEntry], places: Places) -> list[Spot]:
    """Return where each of these checked files lies."""
    return [
        (None, None) if file.root is None else (places.root(file.root).id, checked_path(file.root_path or file.path))
        for file in files
    ]


def _lying(files: Sequence[FileEntry], spots: Sequence[Spot]) -> dict[str, Spot]:
    """Where the referenced ones among these files lie, by path."""
    return {file.path: spot for file, spot in zip(files, spots, strict=True) if file.custody is Custody.REFERENCED}


def _same_bytes(work: UnitOfWork, asset: Asset, digest: str, lying: dict[str, Spot]) -> Draft | None:
    query = (
        select(AssetVersion)
        .options(joinedload(AssetVersion.asset))
        .where(AssetVersion.asset_id == asset.id, AssetVersion.manifest_sha256 == digest)
        .order_by(AssetVersion.number.desc())
    )
    for version in work.session.scalars(query.limit(20)):
        outcome = _outcome(work, asset, version)
        if outcome is not None and _kept_lying(work, version) == lying:
            return Draft(version=version, outcome=outcome)
    return None


def _outcome(work: UnitOfWork, asset: Asset, version: AssetVersion) -> Outcome | None:
    """What it is to draft the files of this version again; None where another has to be drafted."""
    if version.status in OFFERED and version.number == asset.latest_number:
        return Outcome.UNCHANGED
    if version.status in UNPUBLISHED and version.created_by_id == work.actor.person_id:
        return Outcome.RESUMED
    return None


def _kept_lying(work: UnitOfWork, version: AssetVersion) -> dict[str, Spot]:
    query = select(File.path, File.root_id, File.root_path).where(
        File.version_id == version.id, File.custody == Custody.REFERENCED
    )
    return {path: (root_id, root_path) for path, root_id, root_path in work.session.execute(query)}


def _expect_uploads(work: UnitOfWork, version: AssetVersion, files: Sequence[FileEntry]) -> None:
    """Note which blobs the maker has to bring: all but verified ones that the maker may read already."""
    stored = {file.sha256: file for file in files if file.custody is Custody.STORED}
    there = queries.readable_digests(work.view, stored) & verified_digests(work.session, stored)
    rows = [
        {
            "version_id": version.id,
            "sha256": sha256,
            "size_bytes": file.size_bytes,
            "part_size_bytes": manifests.part_size_of(file.size_bytes) if file.part_sha256 else None,
            "part_sha256": list(file.part_sha256) or None,
            "settled": False,
        }
        for sha256, file in sorted(stored.items())
        if sha256 not in there
    ]
    for batch in in_batches(rows, INSERT_BATCH):
        work.session.execute(insert(table_of(Upload)), batch)
