"""Changing assets: which fields can change, and how each does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from catalog.accounts.audiences import group_codes
from catalog.accounts.queries import logins_of
from catalog.assets import queries
from catalog.assets.events import AssetChanged
from catalog.assets.models import Asset, ExternalId
from catalog.assets.places import Places
from catalog.assets.registry import (
    Alias,
    ForeignId,
    alias_rows,
    checked_tags,
    enter_external_ids,
    external_key,
)
from catalog.assets.vocabulary import Kind
from catalog.kernel.abilities import Ability
from catalog.kernel.texts import checked_text
from catalog.work.revising import refuse_stale

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from catalog.work.unit import UnitOfWork

    Change = Callable[[UnitOfWork, Places, Asset, Any], tuple[Any, Any]]


def change(work: UnitOfWork, reference: str, changes: dict[str, Any], *, if_revision: int | None = None) -> Asset:
    """Change what the asset is called, described, tagged or seen by; only the named fields are touched.

    Fields: ``name, kind, description, tags, aliases, external_ids, owner, show, audience``. Raises ``Stale`` where the
    asset is no longer at ``if_revision``. Changing nothing records nothing.
    """
    work.require(Ability.REGISTER)
    asset = queries.get_asset(work.view, reference)
    work.hold(asset)
    refuse_stale(asset.code, asset.revision, if_revision)
    desk, changed = Places(work), {}
    for field, value in changes.items():
        before, after = _CHANGES[field](work, desk, asset, value)
        if before != after:
            changed[field] = [before, after]
    if changed:
        asset.revision += 1
        asset.updated_at = work.now
        work.record(AssetChanged(asset_id=asset.id, changes=changed))
    return asset


def _change_text(field: str, *, required: bool = False) -> Change:
    def apply(_work: UnitOfWork, _desk: Places, asset: Asset, value: str) -> tuple[Any, Any]:
        before = getattr(asset, field)
        setattr(asset, field, checked_text(field, value, required=required))
        return before, getattr(asset, field)

    return apply


def _change_kind(_work: UnitOfWork, _desk: Places, asset: Asset, value: str) -> tuple[Any, Any]:
    before, asset.kind = asset.kind, Kind(value).value
    return before, asset.kind


def _change_tags(_work: UnitOfWork, _desk: Places, asset: Asset, value: Sequence[str]) -> tuple[Any, Any]:
    before, asset.tags = asset.tags, checked_tags(value)
    return before, asset.tags


def _change_aliases(_work: UnitOfWork, _desk: Places, asset: Asset, value: Sequence[Alias]) -> tuple[Any, Any]:
    before, asset.aliases = asset.aliases, alias_rows(value)
    return before, asset.aliases


def _change_external_ids(work: UnitOfWork, _desk: Places, asset: Asset, value: Sequence[ForeignId]) -> tuple[Any, Any]:
    before = sorted([one.system, one.value] for one in asset.external_ids)
    # As they will be kept: each once, the first spelling of several.
    named = {external_key(one): checked_text("alias", one.value, required=True) for one in reversed(value)}
    after = sorted([system, kept] for (system, _), kept in named.items())
    if before != after:
        work.session.execute(delete(ExternalId).where(ExternalId.asset_id == asset.id))
        enter_external_ids(work, [(asset, one) for one in value])
        work.session.expire(asset, ["external_ids"])
        work.session.refresh(asset, ["external_ids"])
    return before, after


def _change_owner(work: UnitOfWork, desk: Places, asset: Asset, value: str | None) -> tuple[Any, Any]:
    before, owner_id = asset.owner_id, desk.owner(value) if value is not None else None
    asset.owner_id = owner_id
    logins = logins_of(work.view, [one for one in (before, owner_id) if one])
    return logins.get(before) if before else None, logins.get(owner_id) if owner_id else None


def _change_show(work: UnitOfWork, desk: Places, asset: Asset, value: str | None) -> tuple[Any, Any]:
    before, asset.show_id = asset.show.code if asset.show else None, desk.show(value)
    work.session.flush()
    work.session.refresh(asset, ["show"])
    return before, asset.show.code if asset.show else None


def _change_audience(work: UnitOfWork, desk: Places, asset: Asset, value: Sequence[str] | None) -> tuple[Any, Any]:
    before, asset.audience_id = asset.audience_id, desk.audience(value)
    codes = group_codes(work.session, [before, asset.audience_id])
    return codes.get(before) if before else None, codes.get(asset.audience_id) if asset.audience_id else None


_CHANGES: dict[str, Change] = {
    "name": _change_text("name", required=True),
    "description": _change_text("description"),
    "kind": _change_kind,
    "tags": _change_tags,
    "aliases": _change_aliases,
    "external_ids": _change_external_ids,
    "owner": _change_owner,
    "show": _change_show,
    "audience": _change_audience,
}
CHANGEABLE = frozenset(_CHANGES)
