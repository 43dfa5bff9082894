"""Filling the store of pictures anew, after it was emptied or the tool that draws has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from catalog.assets.models import AssetVersion
from catalog.assets.vocabulary import OFFERED
from catalog.jobs.vocabulary import Lane
from catalog.kernel.abilities import Ability
from catalog.media.jobs import RENDER_PREVIEWS

if TYPE_CHECKING:
    from uuid import UUID

    from catalog.work.unit import UnitOfWork

BATCH = 1_000


def owe_previews(work: UnitOfWork, after: UUID | None = None) -> tuple[int, UUID | None]:
    """Owe the pictures of the next 1,000 offered versions, in the bulk lane; what is complete costs a look only.

    Returns how many, and the last version, to go on ``after``; None when there are no more.
    """
    work.require(Ability.OPERATE)
    query = select(AssetVersion.id).where(AssetVersion.status.in_(OFFERED)).order_by(AssetVersion.id).limit(BATCH)
    ids = work.session.scalars(query.where(AssetVersion.id > after) if after else query).all()
    for version_id in ids:
        work.owe(RENDER_PREVIEWS, version_id, Lane.BULK)
    return len(ids), ids[-1] if len(ids) == BATCH else None
