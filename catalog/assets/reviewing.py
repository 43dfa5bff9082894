"""Reviewing versions before they are published: approving them, or sending them back with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.assets import publishing, queries
from catalog.assets.events import VersionSentBack
from catalog.assets.vocabulary import VersionStatus
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict
from catalog.kernel.texts import checked_text
from catalog.work.revising import refuse_stale

if TYPE_CHECKING:
    from catalog.assets.models import AssetVersion
    from catalog.work.unit import UnitOfWork


def approve(work: UnitOfWork, reference: str, number: int, *, if_revision: int | None = None) -> AssetVersion:
    """Publish a version that waits for review; ``Conflict`` for one that does not."""
    work.require(Ability.CURATE)
    return publishing.publish(work, _waiting(work, reference, number, if_revision))


def send_back(
    work: UnitOfWork, reference: str, number: int, reason: str, *, if_revision: int | None = None
) -> AssetVersion:
    """Give a version that waits for review back to its maker, as a draft that says why."""
    work.require(Ability.CURATE)
    version = _waiting(work, reference, number, if_revision)
    version.status, version.stood_since = VersionStatus.DRAFT.value, work.now
    version.problem = said = checked_text("reason", reason, required=True)
    version.problem_codes = None
    version.sent_back_at = work.now
    version.revision += 1
    work.record(VersionSentBack(version_id=version.id, asset_id=version.asset_id, number=version.number, reason=said))
    return version


def _waiting(work: UnitOfWork, reference: str, number: int, if_revision: int | None) -> AssetVersion:
    version = queries.get_version(work.view, reference, number)
    publishing.hold(work, version)
    refuse_stale(f"{version.asset.code}@{number}", version.revision, if_revision)
    if version.status != VersionStatus.REVIEW:
        raise Conflict(
            f"{version.asset.code}@{number} does not wait for review; it is {version.status}", code="not-in-review"
        )
    return version
