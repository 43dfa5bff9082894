"""Changing many assets at once: the acts in the plural, for whoever has decided what becomes of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from catalog.accounts.queries import logins_of
from catalog.assets.events import AssetChanged, AssetRetired
from catalog.assets.models import Asset
from catalog.assets.queries import visible_to
from catalog.assets.registry import BATCH
from catalog.assets.tagging import checked_tags
from catalog.assets.vocabulary import AssetStatus, Kind
from catalog.fields.values import merged
from catalog.kernel.abilities import Ability
from catalog.kernel.batches import in_batches
from catalog.kernel.unsaid import UNSAID, Unsaid
from catalog.work.revising import what_changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from catalog.fields.values import Value
    from catalog.ledger.event import Event
    from catalog.work.unit import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """What becomes of one asset; what is not said stays. ``retirement`` is the reason why it is retired.

    ``fields`` are values of custom fields that were checked, by name; None empties one.
    """

    asset: Asset
    tags: Sequence[str] | Unsaid = UNSAID
    owner_id: UUID | Unsaid | None = UNSAID
    kind: Kind | Unsaid = UNSAID
    status: AssetStatus | Unsaid = UNSAID
    retirement: str | None = None
    fields: Mapping[str, Value | None] = field(default_factory=dict)


def hold_all(work: UnitOfWork, asset_ids: Iterable[UUID]) -> dict[UUID, Asset]:
    """Hold until the commit those of the assets that the actor may know of, as they are now.

    In the order of their ids, so that two who hold some of the same never wait for each other.
    """
    found: dict[UUID, Asset] = {}
    for batch in in_batches(sorted(asset_ids), BATCH):
        query = select(Asset).where(Asset.id.in_(batch), visible_to(work.view)).order_by(Asset.id).with_for_update()
        found.update({asset.id: asset for asset in work.session.scalars(query)})
    return found


def amend_all(work: UnitOfWork, amendments: Sequence[Amendment]) -> None:
    """Change assets that are held; each that becomes other leaves entries of its own, as if it were changed alone."""
    work.require(Ability.REGISTER)
    if any(one.status is not UNSAID for one in amendments):
        work.require(Ability.WITHDRAW)
    logins = _logins(work, amendments)
    for one in amendments:
        asset, before = one.asset, _told(one.asset, one.fields)
        _amend(one)
        changes = what_changed(before, _told(asset, one.fields))
        if changes:
            asset.revision += 1
            asset.updated_at = work.now
            work.record(*_events(asset, changes, logins))


def _amend(said: Amendment) -> None:
    asset = said.asset
    if said.tags is not UNSAID:
        asset.tags = checked_tags(said.tags)
    if said.owner_id is not UNSAID:
        asset.owner_id = said.owner_id
    if said.kind is not UNSAID:
        asset.kind = said.kind.value
    if said.fields:
        asset.fields = merged(asset.fields, said.fields)
    if said.status is not UNSAID and said.status != asset.status and asset.merged_into_id is None:
        asset.status = said.status.value
        asset.retirement_reason = said.retirement if said.status is AssetStatus.RETIRED else None


def _told(asset: Asset, named: Iterable[str]) -> dict[str, Any]:
    told = {"tags": asset.tags, "owner": asset.owner_id, "kind": asset.kind, "status": asset.status}
    return told | {f"fields.{name}": asset.fields.get(name) for name in named}


def _events(asset: Asset, changes: dict[str, list[Any]], logins: Mapping[UUID, str]) -> Iterator[Event]:
    retired = asset.status == AssetStatus.RETIRED and bool(changes.pop("status", ()))
    if "owner" in changes:
        changes["owner"] = [logins.get(user_id) for user_id in changes["owner"]]
    if changes:
        yield AssetChanged(asset_id=asset.id, changes=changes)
    if retired:
        yield AssetRetired(asset_id=asset.id, reason=asset.retirement_reason or "")


def _logins(work: UnitOfWork, amendments: Sequence[Amendment]) -> dict[UUID, str]:
    ids = {one.asset.owner_id for one in amendments}
    ids |= {one.owner_id for one in amendments if one.owner_id is not UNSAID}
    return logins_of(work.view, {user_id for user_id in ids if user_id is not None})
