"""Publishing versions, and changing the standing of published ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from catalog.assets import queries
from catalog.assets.events import (
    VersionAwaitsReview,
    VersionDeprecated,
    VersionPublished,
    VersionRefused,
    VersionSubmitted,
    VersionWithdrawn,
)
from catalog.assets.jobs import SETTLE_VERSION
from catalog.assets.models import Asset, AssetVersion, Upload
from catalog.assets.registry import refuse_retired
from catalog.assets.vocabulary import OFFERED, OPEN, UNPUBLISHED, VersionStatus
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict
from catalog.kernel.texts import checked_text
from catalog.shows.models import Show
from catalog.work.revising import refuse_stale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from catalog.work.unit import UnitOfWork


def submit(work: UnitOfWork, reference: str, number: int, *, review: bool = False) -> AssetVersion:
    """Ask for publication: at once where every blob is verified, else ``verifying`` while the bytes are settled.

    With ``review``, or where its show is reviewed, it then waits for somebody who curates.

    Safe to repeat. Raises ``Conflict`` for a version that was withdrawn, and for one whose asset was retired meanwhile.
    """
    work.require(Ability.PUBLISH)
    version = queries.get_version(work.view, reference, number)
    hold(work, version)
    if version.status not in OPEN:
        if version.status == VersionStatus.WITHDRAWN:
            raise Conflict(f"{version.asset.code}@{number} was withdrawn; publish a new version", code="withdrawn")
        return version
    refuse_retired(version.asset)
    version.review_asked |= review
    if not anything_unsettled(work, version.id):
        return complete(work, version)
    if version.status == VersionStatus.VERIFYING:
        work.owe(SETTLE_VERSION, version.id)  # nothing new is said, but a job that was buried is dug out
        return version
    version.status, version.stood_since = VersionStatus.VERIFYING.value, work.now
    version.problem = version.problem_codes = None
    version.revision += 1
    work.record(VersionSubmitted(version_id=version.id, asset_id=version.asset_id, number=version.number))
    return version


def hold(work: UnitOfWork, version: AssetVersion) -> None:
    """Hold a version until the commit, and its asset before it: everybody who needs both takes them in this order."""
    work.hold(version.asset)
    work.hold(version)


def anything_unsettled(work: UnitOfWork, version_id: UUID) -> bool:
    """Whether a blob of the version is still to be brought or verified."""
    query = select(func.count()).select_from(Upload).where(Upload.version_id == version_id, ~Upload.settled)
    return bool(work.session.scalar(query))


def complete(work: UnitOfWork, version: AssetVersion) -> AssetVersion:
    """Publish a version whose bytes are all there, or let it wait for review where its maker or its show wants that."""
    work.require(Ability.PUBLISH)
    hold(work, version)
    show = work.session.get(Show, version.asset.show_id) if version.asset.show_id else None
    if version.status not in OPEN or not (version.review_asked or (show and show.reviewed)):
        return publish(work, version)
    refuse_retired(version.asset)
    version.status, version.stood_since = VersionStatus.REVIEW.value, work.now
    version.problem = version.problem_codes = None
    version.revision += 1
    work.record(
        VersionAwaitsReview(version_id=version.id, asset_id=version.asset_id, number=version.number, note=version.note)
    )
    return version


def publish(work: UnitOfWork, version: AssetVersion) -> AssetVersion:
    """Make a whole version visible, reviewed or not; safe to run twice. Only imports go past it."""
    work.require(Ability.PUBLISH)
    hold(work, version)
    if version.status not in UNPUBLISHED:
        return version
    refuse_retired(version.asset)
    version.status = VersionStatus.PUBLISHED
    version.published_at = work.now
    version.problem = version.problem_codes = None
    version.revision += 1
    _count_latest(work, version.asset)
    work.record(
        VersionPublished(
            version_id=version.id,
            asset_id=version.asset_id,
            number=version.number,
            manifest_sha256=version.manifest_sha256,
            note=version.note,
        )
    )
    return version


def refuse(
    work: UnitOfWork, version: AssetVersion, problem: str, codes: Sequence[Mapping[str, Any]] = ()
) -> AssetVersion:
    """Give a version whose bytes are not what was declared back to its maker, as a draft that says why.

    Leaves a version alone that is not being verified.
    """
    work.require(Ability.PUBLISH)
    work.hold(version)
    if version.status != VersionStatus.VERIFYING:
        return version
    version.status, version.stood_since = VersionStatus.DRAFT.value, work.now
    version.problem, version.problem_codes = problem, [dict(one) for one in codes] or None
    version.revision += 1
    work.record(
        VersionRefused(version_id=version.id, asset_id=version.asset_id, number=version.number, problem=problem)
    )
    return version


def deprecate(
    work: UnitOfWork, reference: str, number: int, reason: str, *, if_revision: int | None = None
) -> AssetVersion:
    """Discourage a version, with the reason; it stays offered. Safe to run twice."""
    work.require(Ability.WITHDRAW)
    version = _standing(work, reference, number, if_revision)
    if version.status == VersionStatus.WITHDRAWN:
        raise Conflict(f"{version.asset.code}@{number} was withdrawn; it cannot be deprecated", code="withdrawn")
    if version.status != VersionStatus.DEPRECATED:
        reason = _set_standing(work, version, VersionStatus.DEPRECATED, reason)
        work.record(
            VersionDeprecated(version_id=version.id, asset_id=version.asset_id, number=version.number, reason=reason)
        )
    return version


def withdraw(
    work: UnitOfWork, reference: str, number: int, reason: str, *, if_revision: int | None = None
) -> AssetVersion:
    """Take a version back, with the reason: its originals are no longer released. Safe to run twice."""
    work.require(Ability.WITHDRAW)
    version = _standing(work, reference, number, if_revision)
    if version.status != VersionStatus.WITHDRAWN:
        reason = _set_standing(work, version, VersionStatus.WITHDRAWN, reason)
        _count_latest(work, version.asset)
        work.record(
            VersionWithdrawn(version_id=version.id, asset_id=version.asset_id, number=version.number, reason=reason)
        )
    return version


def _standing(work: UnitOfWork, reference: str, number: int, if_revision: int | None) -> AssetVersion:
    version = queries.get_version(work.view, reference, number)
    hold(work, version)
    refuse_stale(f"{version.asset.code}@{number}", version.revision, if_revision)
    if version.status in UNPUBLISHED:
        raise Conflict(
            f"{version.asset.code}@{number} is not published yet; it has no standing to change", code="not-published"
        )
    return version


def _set_standing(work: UnitOfWork, version: AssetVersion, status: VersionStatus, reason: str) -> str:
    """Set status and reason; return the reason as it is kept."""
    version.status = status.value
    version.standing_reason = said = checked_text("reason", reason, required=True)
    version.revision += 1
    version.asset.updated_at = work.now
    return said


def _count_latest(work: UnitOfWork, asset: Asset) -> None:
    # The asset is held, so that of two versions which are published at once each sees the other.
    offered = select(func.max(AssetVersion.number)).where(
        AssetVersion.asset_id == asset.id, AssetVersion.status.in_(OFFERED)
    )
    asset.latest_number = work.session.scalar(offered)
    asset.updated_at = work.now
    asset.revision += 1
