"""Sweeping what nobody needs: abandoned drafts, bytes that were brought for nothing, blobs without a row.

A draft is abandoned when it is one still a week after it was begun; it becomes withdrawn, for its number was given out.
Sweeping is bookkeeping but for that.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, select

from catalog.assets.events import VersionWithdrawn
from catalog.assets.models import AssetVersion, Upload
from catalog.assets.vocabulary import OPEN, VersionStatus
from catalog.kernel import clock
from catalog.kernel.abilities import Ability
from catalog.kernel.ids import find_id
from catalog.storage import blobs, sweeping
from catalog.storage.keys import INCOMING

if TYPE_CHECKING:
    from collections.abc import Collection

    from catalog.kernel.actors import Actor
    from catalog.storage.port import Stores
    from catalog.work.desk import Desk
    from catalog.work.unit import UnitOfWork

ABANDONED_AFTER = timedelta(days=7)
GRACE = timedelta(days=1)
"""Bytes younger than this are left alone: their row may be on its way."""
BATCH = 200


def withdraw_abandoned(work: UnitOfWork) -> int:
    """Withdraw drafts that were begun over a week ago and are drafts still, at most 200 at once; return how many."""
    work.require(Ability.OPERATE)
    query = (
        select(AssetVersion)
        .where(AssetVersion.status == VersionStatus.DRAFT.value, AssetVersion.created_at < work.now - ABANDONED_AFTER)
        .order_by(AssetVersion.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    abandoned = work.session.scalars(query).all()
    for version in abandoned:
        version.status = VersionStatus.WITHDRAWN
        version.standing_reason = "abandoned: begun over a week ago and not published"
        version.revision += 1
        work.record(
            VersionWithdrawn(
                version_id=version.id,
                asset_id=version.asset_id,
                number=version.number,
                reason=version.standing_reason,
            )
        )
    work.session.execute(delete(Upload).where(Upload.version_id.in_([version.id for version in abandoned])))
    return len(abandoned)


def sweep_store(desk: Desk, stores: Stores, actor: Actor) -> int:
    """Remove staged bytes of no open version, and blobs that no row speaks of; return how many objects went.

    A blob is doomed in the database before its bytes go, so that nobody can enter its digest meanwhile.
    """
    before = clock.now() - GRACE

    def wanted(keys: Collection[str]) -> set[str]:
        with desk.view(actor) as view:
            open_versions = set(view.session.scalars(select(AssetVersion.id).where(AssetVersion.status.in_(OPEN))))
        return {key for key in keys if _owner(key) in open_versions}

    def known(digests: Collection[str]) -> set[str]:
        with desk.view(actor) as view:
            return blobs.verified_digests(view.session, digests)

    removed = sweeping.sweep_incoming(stores, before=before, wanted=wanted)
    for orphans in sweeping.find_orphans(stores, before=before, known=known):
        removed += _remove(desk, stores, orphans, clock.now())
    return removed


def _remove(desk: Desk, stores: Stores, orphans: dict[str, int], now: datetime) -> int:
    with desk.bookkeeping() as session:
        doomed = blobs.doom(session, orphans, store=stores.name, now=now)
    sweeping.remove_blobs(stores, doomed)
    with desk.bookkeeping() as session:
        blobs.forget_doomed(session, doomed)
    return len(doomed)


def _owner(key: str) -> UUID | None:
    return find_id(key.removeprefix(INCOMING).partition("/")[0])
