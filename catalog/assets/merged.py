"""Reading across merges: what an asset was merged into, and what was merged into it.

A merged asset goes on being one: its code, its external ids and its versions' numbers name what they always named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import selectinload

from catalog.assets.models import Asset
from catalog.assets.queries import visible_assets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from catalog.work.view import View

STEPS_MAX = 32
"""So many merges at most are followed, one into the next."""
MERGED_SHOWN = 100


def survivors_of(view: View, assets: Iterable[Asset]) -> dict[UUID, Asset]:
    """Return, by the id of each merged one of these assets, the asset whose latest version it stands for now.

    That is the last one along its merges that the viewer may know of and that has a published version. Assets without
    such a one are left out, as are those that were not merged.
    """
    return {merged: found for merged, found in _followed(view, assets).items() if found.latest_number is not None}


def merged_into(view: View, asset: Asset) -> Asset | None:
    """Return the asset that this one was merged into in the end, as far as the viewer may know; None: none."""
    return _followed(view, [asset]).get(asset.id)


def merged_here(view: View, asset: Asset) -> list[Asset]:
    """Return the assets that were merged into this one, by code, with their external ids; the first hundred."""
    query = visible_assets(view).where(Asset.merged_into_id == asset.id).options(selectinload(Asset.external_ids))
    return list(view.session.scalars(query.order_by(Asset.code_key).limit(MERGED_SHOWN)))


def _followed(view: View, assets: Iterable[Asset]) -> dict[UUID, Asset]:
    ways = {asset.id: asset for asset in assets if asset.merged_into_id is not None}
    merged = set(ways)
    for _ in range(STEPS_MAX):
        ahead = {asset.merged_into_id for asset in ways.values() if asset.merged_into_id is not None}
        known = _known(view, ahead)
        further = {start: known[asset.merged_into_id] for start, asset in ways.items() if asset.merged_into_id in known}
        if not further:
            break
        ways |= further
    return {start: asset for start, asset in ways.items() if start in merged and asset.id != start}


def _known(view: View, asset_ids: Collection[UUID]) -> dict[UUID | None, Asset]:
    if not asset_ids:
        return {}
    return {asset.id: asset for asset in view.session.scalars(visible_assets(view).where(Asset.id.in_(asset_ids)))}
