"""Giving up versions that were never published. Their numbers were given out, so they stay, as withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from catalog.assets import publishing, queries
from catalog.assets.events import VersionWithdrawn
from catalog.assets.models import Upload
from catalog.assets.vocabulary import UNPUBLISHED, VersionStatus
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict
from catalog.work.revising import refuse_stale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.assets.models import AssetVersion
    from catalog.work.unit import UnitOfWork

REASON = "discarded by its maker"


def discard(work: UnitOfWork, reference: str, number: int, *, if_revision: int | None = None) -> AssetVersion:
    """Give up a version of one's own that is not published yet, also while it waits for review. Safe to run twice.

    Raises ``Conflict`` for one that was published, or that somebody else has begun.
    """
    work.require(Ability.PUBLISH)
    version = queries.get_version(work.view, reference, number)
    publishing.hold(work, version)
    refuse_stale(f"{version.asset.code}@{number}", version.revision, if_revision)
    if version.status == VersionStatus.WITHDRAWN and version.published_at is None:
        return version
    if version.status not in UNPUBLISHED:
        raise Conflict(
            f"{version.asset.code}@{number} is {version.status}; only what was never published can be discarded",
            code="not-a-draft",
        )
    if version.created_by_id != work.actor.person_id:
        raise Conflict(f"{version.asset.code}@{number} was begun by somebody else; send it back", code="not-yours")
    give_up(work, [version], REASON)
    return version


def give_up(work: UnitOfWork, versions: Sequence[AssetVersion], reason: str) -> None:
    """Withdraw versions that were never published, and forget what was to be uploaded for them."""
    work.require(Ability.PUBLISH)
    for version in versions:
        version.status = VersionStatus.WITHDRAWN.value
        version.standing_reason = reason
        version.revision += 1
        work.record(
            VersionWithdrawn(version_id=version.id, asset_id=version.asset_id, number=version.number, reason=reason)
        )
    work.session.execute(delete(Upload).where(Upload.version_id.in_([version.id for version in versions])))
