"""Which assets an edit is for: some by name, or all that a search finds, frozen as they are when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from catalog.accounts.queries import find_user_id
from catalog.assets.models import Asset
from catalog.assets.naming import Reference
from catalog.assets.queries import assets_named, visible_to
from catalog.assets.registry import BATCH
from catalog.assets.tagging import spelled, synonyms_of
from catalog.curation.planning import CUSTOM, Instruction, Plan, Standing, checked, plan
from catalog.fields.queries import fields_in_use
from catalog.fields.values import checked_values
from catalog.kernel.abilities import Ability
from catalog.kernel.batches import in_batches
from catalog.kernel.errors import InvalidInput
from catalog.search.port import SearchIndex
from catalog.search.queries import find_ids
from catalog.search.questions import read_question
from catalog.work.view import View

ASSETS_MAX = 20_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An instruction and the set that it is for: names of assets, or the query of a search's address."""

    instruction: Instruction
    assets: Sequence[str] = ()
    search: str | None = None


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What would become of one asset, as it was at this revision.

    What it has of custom fields stands in no plan: texts of many thousand assets do not fit into memory together.
    ``editing.keep`` reads it.
    """

    asset_id: UUID
    revision: int
    plan: Plan


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What an instruction means for each asset of a set. ``unknown`` are names of none that the viewer may know of."""

    instruction: Instruction
    search: str | None
    planned: tuple[Planned, ...]
    unknown: tuple[str, ...] = ()


def propose(view: View, index: SearchIndex, asked: Asked) -> Proposal:
    """Find the set and decide for each asset; nothing is kept or changed.

    Raises ``InvalidInput`` where there is nothing to change, where assets and a search are given at once or neither,
    for a value that a custom field cannot have, and for a set of more than 20,000 assets or of none; ``NotPermitted``
    for a status that the viewer may not change.
    """
    view.require(Ability.REGISTER)
    if asked.instruction.changes_status:
        view.require(Ability.WITHDRAW)
    instruction = _with_owner(view, checked(_as_written(view, checked(asked.instruction))))
    if instruction.fields:
        instruction = replace(instruction, fields=checked_values(fields_in_use(view), instruction.fields))
    if bool(asked.assets) == (asked.search is not None):
        raise InvalidInput("name assets, or give a search; one of both", code="no-set")
    unknown: tuple[str, ...] = ()
    if asked.search is not None:
        ids = find_ids(view, index, read_question(asked.search), ASSETS_MAX + 1)
    else:
        ids, unknown = _named(view, asked.assets)
    if len(ids) > ASSETS_MAX:
        raise InvalidInput(f"an edit takes {ASSETS_MAX:,} assets at most; narrow the search", code="too-many-assets")
    planned = plan_all(view, ids, instruction)
    if not planned and not unknown:
        raise InvalidInput("the search finds no asset", code="no-set")
    return Proposal(instruction=instruction, search=asked.search, planned=planned, unknown=unknown)


def _as_written(view: View, said: Instruction) -> Instruction:
    """Return an instruction whose tags are written as they are since they were merged.

    Removed are the old word and the new one, for not every asset has the new one.
    """
    synonyms = synonyms_of(view.session)
    return replace(
        said,
        add_tags=tuple(spelled(said.add_tags, synonyms)),
        remove_tags=(*said.remove_tags, *spelled(said.remove_tags, synonyms)),
        set_tags=None if said.set_tags is None else tuple(spelled(said.set_tags, synonyms)),
    )


def _with_owner(view: View, said: Instruction) -> Instruction:
    if said.owner is None:
        return said
    owner_id = find_user_id(view, said.owner)
    if owner_id is None:
        raise InvalidInput(f"owner {said.owner!r} is no user here; give a login", code="unknown-user")
    return replace(said, owner_id=owner_id)


def _named(view: View, names: Sequence[str]) -> tuple[tuple[UUID, ...], tuple[str, ...]]:
    """Return the assets of these names, each once, and the names of none; a name of several is none, too."""
    if len(names) > ASSETS_MAX:
        raise InvalidInput(
            f"{len(names):,} assets are too many; an edit takes {ASSETS_MAX:,} at most", code="too-many-assets"
        )
    ids: dict[UUID, None] = {}
    unknown: list[str] = []
    for batch in in_batches(dict.fromkeys(names), BATCH):
        found = assets_named(view, [Reference(asset=name) for name in batch])
        for name in batch:
            assets = found.get(name, ())
            if len(assets) == 1:
                ids[assets[0].id] = None
            else:
                unknown.append(name[:200])
    return tuple(ids), tuple(unknown)


def plan_all(view: View, ids: Sequence[UUID], instruction: Instruction) -> tuple[Planned, ...]:
    """Decide for each of these assets that the viewer may know of, in their order."""
    told = (
        *((Asset.fields,) if instruction.fields else ()),
        Asset.tags,
        Asset.owner_id,
        Asset.kind,
        Asset.status,
        Asset.retirement_reason,
        Asset.merged_into_id,
    )
    planned: list[Planned] = []
    for batch in in_batches(ids, BATCH):
        rows = view.session.execute(
            select(Asset.id, Asset.revision, *told).where(Asset.id.in_(batch), visible_to(view))
        )
        found: dict[UUID, Any] = {row.id: row for row in rows}
        planned += [_plan(found[asset_id], instruction) for asset_id in batch if asset_id in found]
    return tuple(planned)


def _plan(row: Any, instruction: Instruction) -> Planned:  # noqa: ANN401 — a row of the columns above
    decided = plan(standing_of(row), instruction)
    changes = {
        name: [None, after] if name.startswith(CUSTOM) else [before, after]
        for name, (before, after) in decided.changes.items()
    }
    return Planned(asset_id=row.id, revision=row.revision, plan=replace(decided, changes=changes))


def standing_of(asset: Any) -> Standing:  # noqa: ANN401 — an asset, or a row of some of its columns
    """Return what instructions may change of an asset."""
    return Standing(
        tags=asset.tags,
        owner=str(asset.owner_id) if asset.owner_id else None,
        kind=asset.kind,
        status=asset.status,
        retirement_reason=asset.retirement_reason,
        merged=asset.merged_into_id is not None,
        fields=getattr(asset, "fields", {}),
    )
