"""Entering assets in the registry, retiring and reinstating them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select
from sqlalchemy.orm import make_transient_to_detached

from catalog.assets import naming, queries
from catalog.assets.events import AssetChanged, AssetRegistered, AssetRetired
from catalog.assets.models import Asset, ExternalId
from catalog.assets.places import Places
from catalog.assets.vocabulary import AssetStatus, Kind
from catalog.db.base import table_of
from catalog.fields import values
from catalog.kernel.abilities import Ability
from catalog.kernel.batches import in_batches
from catalog.kernel.errors import Conflict, InvalidInput
from catalog.kernel.ids import new_id
from catalog.kernel.texts import LONGEST, checked_text
from catalog.work.revising import refuse_stale

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

ExternalKey = tuple[str, str]
"""System and value of an external id, both ignoring case."""
AssetRow = dict[str, Any]
"""An asset as it is inserted: its columns by name."""

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Alias:
    """Another name, with its BCP 47 language tag where it is known (``zh-Hans``); ``und`` where not."""

    text: str
    language: str = "und"


@dataclass(frozen=True, kw_only=True)
class ForeignId:
    """What another system (``shotgrid``, ``ayon``, ``kitsu``, ``legacy`` …) calls the asset."""

    system: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Registration:
    """An asset to be. ``owner`` is a login (None: the actor), ``show`` the home show, ``audience`` names groups."""

    code: str
    name: str
    kind: Kind
    description: str = ""
    tags: tuple[str, ...] = ()
    aliases: tuple[Alias, ...] = ()
    external_ids: tuple[ForeignId, ...] = ()
    owner: str | None = None
    show: str | None = None
    audience: tuple[str, ...] | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Values of custom fields by name."""


def register(work: UnitOfWork, registration: Registration) -> Asset:
    """Enter the asset in the registry; ``Conflict`` if its code is taken, ignoring case."""
    (row,) = register_all(work, [registration])
    asset = Asset(**row)
    make_transient_to_detached(asset)  # it stands in the table already, and was just written: nothing is to be read
    work.session.add(asset)
    return asset


def register_all(work: UnitOfWork, registrations: Sequence[Registration]) -> list[AssetRow]:
    """Enter assets, all or none, in batches of 500; return their rows, in order.

    ``Conflict`` names the first code or external id that is taken.
    """
    work.require(Ability.REGISTER)
    places = Places(work)
    entered: list[AssetRow] = []
    for batch in in_batches(registrations, BATCH):
        _refuse_taken_codes(work.view, [registration.code for registration in batch])
        prepared = [(prepare(work, registration, places), registration) for registration in batch]
        enter_prepared(work, prepared)
        entered += [row for row, _ in prepared]
    return entered


def prepare(work: UnitOfWork, registration: Registration, places: Places) -> AssetRow:
    """Return the row that a registration asks for, checked but not entered; what is taken is not looked at."""
    work.require(Ability.REGISTER)
    for foreign in registration.external_ids:
        external_key(foreign)
    return {
        "id": new_id(),
        "code": naming.checked_code(registration.code),
        "code_key": registration.code.casefold(),
        "name": checked_text("name", registration.name, required=True),
        "kind": registration.kind.value,
        "status": AssetStatus.ACTIVE.value,
        "retirement_reason": None,
        "description": checked_text("description", registration.description),
        "tags": places.tags(registration.tags),
        "aliases": alias_rows(registration.aliases),
        "fields": values.merged({}, places.fields(registration.fields)),
        "owner_id": places.owner(registration.owner),
        "show_id": places.show(registration.show),
        "audience_id": places.audience(registration.audience),
        "merged_into_id": None,
        "latest_number": None,
        "revision": 1,
        "created_at": work.now,
        "updated_at": work.now,
    }


def enter_prepared(work: UnitOfWork, prepared: Sequence[tuple[AssetRow, Registration]]) -> None:
    """Enter prepared assets by one insert, with their external ids; the caller has seen that their codes are free."""
    work.require(Ability.REGISTER)
    if not prepared:
        return
    rows = [row for row, _ in prepared]
    work.session.execute(insert(table_of(Asset)), rows)
    enter_external_ids(work, [(row["id"], one) for row, registration in prepared for one in registration.external_ids])
    work.record(
        *(AssetRegistered(asset_id=row["id"], code=row["code"], title=row["name"], kind=row["kind"]) for row in rows)
    )


def retire(work: UnitOfWork, reference: str, reason: str, *, if_revision: int | None = None) -> Asset:
    """Offer the asset no longer; its versions stay where they are used. Safe to run twice."""
    work.require(Ability.WITHDRAW)
    asset = hold_asset(work, reference, if_revision)
    if asset.status != AssetStatus.RETIRED:
        asset.status = AssetStatus.RETIRED
        asset.retirement_reason = checked_text("reason", reason, required=True)
        asset.revision += 1
        asset.updated_at = work.now
        work.record(AssetRetired(asset_id=asset.id, reason=asset.retirement_reason))
    return asset


def reinstate(work: UnitOfWork, reference: str, *, if_revision: int | None = None) -> Asset:
    """Offer a retired asset again. Safe to run twice."""
    work.require(Ability.WITHDRAW)
    asset = hold_asset(work, reference, if_revision)
    if asset.merged_into_id is not None:
        raise Conflict(f"{asset.code} was merged into another asset; take the merge back instead", code="merged")
    if asset.status != AssetStatus.ACTIVE:
        before, asset.status = asset.status, AssetStatus.ACTIVE.value
        asset.retirement_reason = None
        asset.revision += 1
        asset.updated_at = work.now
        work.record(AssetChanged(asset_id=asset.id, changes={"status": [before, asset.status]}))
    return asset


def hold_asset(work: UnitOfWork, reference: str, if_revision: int | None) -> Asset:
    """Hold an asset until the commit, as it is now; ``Stale`` where it is no longer at ``if_revision``."""
    asset = queries.get_asset(work.view, reference)
    work.hold(asset)
    refuse_stale(asset.code, asset.revision, if_revision)
    read_neighbours(work, asset)
    return asset


def read_neighbours(work: UnitOfWork, asset: Asset) -> None:
    """Read again what stands in other tables of the asset: its show and its external ids."""
    work.session.refresh(asset, ["show", "external_ids"])


def refuse_retired(asset: Asset) -> None:
    """Raise ``Conflict`` where nothing more is published of the asset; the caller holds it, or it may change yet."""
    if asset.merged_into_id is not None:
        raise Conflict(f"{asset.code} was merged into another asset; publish a version of that one", code="merged")
    if asset.status != AssetStatus.ACTIVE:
        raise Conflict(f"{asset.code} is retired; reinstate it before you publish", code="retired")


def alias_rows(aliases: Sequence[Alias]) -> list[dict[str, str]]:
    """Return aliases as they are kept, each checked."""
    return [
        {
            "text": checked_text("alias", alias.text, required=True),
            "language": naming.checked_language(alias.language),
        }
        for alias in aliases
    ]


def check_code(view: View, code: str) -> None:
    """Refuse a code as registering would: ``Conflict`` where it is taken, ``InvalidInput`` where it breaks the rule."""
    view.require(Ability.REGISTER)
    _refuse_taken_codes(view, [code])
    naming.checked_code(code)


def _refuse_taken_codes(view: View, codes: Sequence[str]) -> None:
    keys = {code.casefold(): code for code in codes}
    if len(keys) < len(codes):
        twice = sorted({code for code in codes if [one.casefold() for one in codes].count(code.casefold()) > 1})
        raise Conflict(
            f"code {twice[0]!r} is there twice in one request; codes are unique ignoring case",
            code="code-taken",
            value=twice[0],
        )
    taken = view.session.scalars(
        select(Asset.code_key).where(Asset.code_key.in_(keys)).order_by(Asset.code_key).limit(1)
    ).first()
    if taken is not None:
        asked = keys[taken]
        # How a hidden asset spells its code is not told: that it is taken cannot be kept back, the rest can.
        known = view.session.scalar(queries.visible_assets(view).where(Asset.code_key == taken))
        alike = "" if known is None or known.code == asked else f" (as {known.code!r}; codes are unique ignoring case)"
        raise Conflict(
            f"code {asked!r} is taken{alike}; choose another, or publish a version of it",
            code="code-taken",
            value=asked,
        )


def enter_external_ids(work: UnitOfWork, pairs: Sequence[tuple[UUID, ForeignId]]) -> None:
    """Enter external ids of new or cleared assets; ``Conflict`` where another asset has one of them."""
    rows: dict[ExternalKey, dict[str, Any]] = {}
    for asset_id, foreign in pairs:
        key = external_key(foreign)
        row = {"asset_id": asset_id, "system": key[0], "value_key": key[1], "value": _external_value(foreign)}
        if rows.setdefault(key, row)["asset_id"] != asset_id:
            raise external_id_taken(foreign)
    taken = taken_external_keys(work, rows)
    if taken:
        raise external_id_taken(next(foreign for _, foreign in pairs if external_key(foreign) in taken))
    if rows:
        work.session.execute(insert(table_of(ExternalId)), list(rows.values()))


def external_key(foreign: ForeignId) -> ExternalKey:
    """Return the system and value under which an external id is one; ``InvalidInput`` where it is none."""
    value = _external_value(foreign).casefold()
    if len(value) > LONGEST["alias"]:
        raise InvalidInput(f"external id {value[:40]!r} is too long when case is ignored", code="bad-alias")
    return naming.checked_system(foreign.system), value


def _external_value(foreign: ForeignId) -> str:
    return checked_text("alias", foreign.value, required=True)


def taken_external_keys(work: UnitOfWork, keys: Iterable[ExternalKey]) -> set[ExternalKey]:
    """Return those of the external ids that an asset has already, hidden or not; asked in batches of 500."""
    wanted = set(keys)
    values = sorted({value for _, value in wanted})
    taken: set[ExternalKey] = set()
    for batch in in_batches(values, BATCH):
        named = ExternalId.value_key.in_(batch)
        found = work.session.execute(select(ExternalId.system, ExternalId.value_key).where(named))
        taken.update((system, key) for system, key in found)
    return taken & wanted


def external_id_taken(foreign: ForeignId) -> Conflict:
    """Return the refusal of an external id that another asset has, which is not named."""
    said = f"{foreign.system.casefold()}:{foreign.value.strip()}"
    return Conflict(f"external id {said} belongs to another asset", code="external-id-taken")
