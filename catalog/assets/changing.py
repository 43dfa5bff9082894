"""Changing assets: what they are called, how they are described, whose they are and who sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from catalog.accounts.audiences import group_codes
from catalog.accounts.queries import logins_of
from catalog.assets.events import AssetChanged
from catalog.assets.models import Asset, ExternalId
from catalog.assets.places import Places
from catalog.assets.registry import alias_rows, enter_external_ids, hold_asset, read_neighbours
from catalog.fields import values
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotPermitted
from catalog.kernel.texts import checked_text
from catalog.kernel.unsaid import UNSAID, Unsaid
from catalog.shows.models import Show
from catalog.work.revising import what_changed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from catalog.assets.registry import Alias, ForeignId
    from catalog.assets.vocabulary import Kind
    from catalog.work.unit import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class AssetChange:
    """What is to change. ``owner`` is a login (None: nobody), ``show`` the home show, ``audience`` names groups."""

    name: str | Unsaid = UNSAID
    kind: Kind | Unsaid = UNSAID
    description: str | Unsaid = UNSAID
    tags: tuple[str, ...] | Unsaid = UNSAID
    aliases: tuple[Alias, ...] | Unsaid = UNSAID
    external_ids: tuple[ForeignId, ...] | Unsaid = UNSAID
    owner: str | Unsaid | None = UNSAID
    show: str | Unsaid | None = UNSAID
    audience: tuple[str, ...] | Unsaid | None = UNSAID
    fields: Mapping[str, Any] | Unsaid = UNSAID
    """Values of custom fields by name; None empties one, and those that are not named stay."""


def change(work: UnitOfWork, reference: str, said: AssetChange, *, if_revision: int | None = None) -> Asset:
    """Change what is said of the asset, and only that; changing nothing records nothing.

    Raises ``Stale`` where the asset is no longer at ``if_revision``, ``Conflict`` for an external id of another asset,
    ``NotPermitted`` where somebody who does not curate takes it out of a show whose versions are reviewed.
    """
    work.require(Ability.REGISTER)
    asset = hold_asset(work, reference, if_revision)
    named = sorted({*asset.fields, *(() if said.fields is UNSAID else said.fields)})
    before = _told(work, asset, named)
    places = Places(work)
    _describe(asset, said, places)
    _place(work, places, asset, said)
    if said.external_ids is not UNSAID:
        work.session.execute(delete(ExternalId).where(ExternalId.asset_id == asset.id))
        enter_external_ids(work, [(asset.id, one) for one in said.external_ids])
    read_neighbours(work, asset)
    changes = what_changed(before, _told(work, asset, named))
    if changes:
        asset.revision += 1
        asset.updated_at = work.now
        work.record(AssetChanged(asset_id=asset.id, changes=changes))
    return asset


def _describe(asset: Asset, said: AssetChange, places: Places) -> None:
    if said.name is not UNSAID:
        asset.name = checked_text("name", said.name, required=True)
    if said.kind is not UNSAID:
        asset.kind = said.kind.value
    if said.description is not UNSAID:
        asset.description = checked_text("description", said.description)
    if said.tags is not UNSAID:
        asset.tags = places.tags(said.tags)
    if said.aliases is not UNSAID:
        asset.aliases = alias_rows(said.aliases)
    if said.fields is not UNSAID:
        asset.fields = values.merged(asset.fields, places.fields(said.fields))


def _place(work: UnitOfWork, places: Places, asset: Asset, said: AssetChange) -> None:
    if said.owner is not UNSAID:
        asset.owner_id = places.owner(said.owner) if said.owner is not None else None
    if said.show is not UNSAID:
        home = places.show(said.show)
        _refuse_escape(work, asset, home)
        asset.show_id = home
    if said.audience is not UNSAID:
        asset.audience_id = places.audience(said.audience)


def _refuse_escape(work: UnitOfWork, asset: Asset, home: UUID | None) -> None:
    """Raise ``NotPermitted`` where a version could go past its show's review by being published elsewhere."""
    left = asset.show
    if left is None or not left.reviewed or home == left.id or work.actor.can(Ability.CURATE):
        return
    entered = work.session.get(Show, home) if home else None
    if entered is None or not entered.reviewed:
        raise NotPermitted(
            f"versions of {left.code} are reviewed, so {work.actor.name} may not take {asset.code} out of it; "
            "whoever may 'curate' does that",
            ability=Ability.CURATE.value,
        )


def _told(work: UnitOfWork, asset: Asset, named: Sequence[str]) -> dict[str, Any]:
    """Return the asset as the ledger tells of it: owner, show and groups as people name them; these custom fields."""
    logins = logins_of(work.view, [asset.owner_id] if asset.owner_id else [])
    codes = group_codes(work.session, [asset.audience_id])
    return {
        "name": asset.name,
        "kind": asset.kind,
        "description": asset.description,
        "tags": asset.tags,
        "aliases": asset.aliases,
        "external_ids": sorted([one.system, one.value] for one in asset.external_ids),
        "owner": logins.get(asset.owner_id) if asset.owner_id else None,
        "show": asset.show.code if asset.show else None,
        "audience": codes.get(asset.audience_id) if asset.audience_id else None,
        **{f"fields.{name}": asset.fields.get(name) for name in named},
    }
