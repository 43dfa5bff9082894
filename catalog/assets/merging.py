"""Merging two assets that are one, and taking it back.

The one that stays takes over what helps to find and to use it: names, tags, values of custom fields where it has none,
and the place in other assets that mean whichever version is the latest. The other keeps its code, its external ids, its
versions and every relation to one of its versions, so that nothing that anybody ever wrote down means other bytes; it
is retired and points to the one that stays. Refused is what would let anybody see more than before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, select

from catalog.assets.events import AssetChanged, AssetMerged, AssetRelated, AssetRetired, AssetUnmerged, AssetUnrelated
from catalog.assets.models import Asset, AssetMerge, Relation
from catalog.assets.queries import assets_by_id, get_asset, visible_to
from catalog.assets.registry import hold_asset
from catalog.assets.relating import lock
from catalog.assets.tagging import TAGS_MAX
from catalog.assets.vocabulary import AssetStatus
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict
from catalog.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

RELATIONS_MAX = 5_000
REASON = "Merged into another asset."


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """Why two assets cannot be merged as they are, and what would let them be."""

    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Seen:
    """How many relations the viewer may be told of: those whose other end they may know of."""

    moved: int
    copied: int
    pinned: int
    """Relations of others to one of its versions: they stay as they are."""


@dataclass(frozen=True, kw_only=True)
class MergePlan:
    """What a merge does. ``moved`` are relations of others to the latest version of ``asset``, ``copied`` its own.

    Both hold what the viewer may not know of, too, and are for acting on; ``seen`` is what may be told.
    """

    asset: Asset
    into: Asset
    tags: tuple[str, ...]
    aliases: tuple[dict[str, str], ...]
    fields: dict[str, Any]
    """Values of custom fields that the one that stays has none of; those of retired fields, too."""
    moved: tuple[Relation, ...]
    copied: tuple[Relation, ...]
    seen: Seen
    obstacles: tuple[Obstacle, ...] = field(default=())


def plan(view: View, reference: str, into: str) -> MergePlan:
    """Return what merging an asset into another would do, and what stands in the way; nothing changes."""
    view.require(Ability.CURATE)
    return _plan(view, get_asset(view, reference), get_asset(view, into))


def merge(work: UnitOfWork, reference: str, into: str, *, if_revision: int | None = None) -> Asset:
    """Merge an asset into another, which stays; return the one that was merged.

    Raises ``Conflict`` with the first obstacle, where there is any.
    """
    work.require(Ability.CURATE)
    lock(work)
    asset, survivor = _hold_both(work, reference, into, if_revision)
    found = _plan(work.view, asset, survivor)
    if found.obstacles:
        raise Conflict(found.obstacles[0].message, code=found.obstacles[0].code)
    kept = AssetMerge(
        id=new_id(),
        asset_id=asset.id,
        target_id=survivor.id,
        carried={},
        created_at=work.now,
        created_by_id=work.actor.person_id,
    )
    added = _copy(work, found)
    _move(work, found.moved, survivor.id)
    kept.carried = {
        "status": asset.status,
        "reason": asset.retirement_reason,
        "tags": list(found.tags),
        "aliases": list(found.aliases),
        "fields": found.fields,
        "moved": [str(one.id) for one in found.moved],
        "added": [str(one) for one in added],
    }
    work.session.add(kept)
    _change(
        work,
        survivor,
        tags=[*survivor.tags, *found.tags],
        aliases=[*survivor.aliases, *found.aliases],
        fields={**survivor.fields, **found.fields},
    )
    _retire(work, asset, survivor)
    work.record(
        AssetMerged(
            asset_id=asset.id,
            target_id=survivor.id,
            tags=found.tags,
            aliases=found.aliases,
            fields=found.fields,
        )
    )
    return asset


def unmerge(work: UnitOfWork, reference: str, *, if_revision: int | None = None) -> Asset:
    """Take a merge back: what it brought along is taken from the other asset, where it is there still.

    What people changed there since stays theirs, and so does a relation that would close a cycle by now. Raises
    ``Conflict`` for an asset that is not merged, and where the other asset was merged in turn: the later merge has
    carried on what this one brought, and is taken back first.
    """
    work.require(Ability.CURATE)
    lock(work)
    asset = hold_asset(work, reference, if_revision)
    query = select(AssetMerge).where(AssetMerge.asset_id == asset.id, AssetMerge.undone_at.is_(None))
    kept = work.session.scalar(query.order_by(AssetMerge.id.desc()).limit(1))
    survivor = assets_by_id(work.view, [kept.target_id]).get(kept.target_id) if kept else None
    if kept is None or survivor is None:
        raise Conflict(f"{asset.code} is not merged into another asset", code="not-merged")
    work.hold(survivor)
    if survivor.merged_into_id is not None:
        raise Conflict(f"{survivor.code} was merged in turn; take that merge back first", code="merged")
    carried = kept.carried
    _take_back(work, survivor, carried)
    _move(work, _to_move_back(work, carried["moved"], asset, survivor), asset.id)
    _drop(work, carried["added"], survivor.id)
    kept.undone_at = work.now
    asset.merged_into_id = None
    asset.status, asset.retirement_reason = carried["status"], carried["reason"]
    asset.revision += 1
    asset.updated_at = work.now
    work.record(AssetUnmerged(asset_id=asset.id, target_id=survivor.id))
    return asset


def _plan(view: View, asset: Asset, into: Asset) -> MergePlan:
    tags = _new_tags(asset, into)
    relations = _relations_of(view, asset, into)
    known = _known_ends(view, relations)
    moved, copied = _to_move(relations, asset, into), _to_copy(relations, asset, into)
    found = MergePlan(
        asset=asset,
        into=into,
        tags=tags,
        aliases=_new_aliases(asset, into),
        fields={name: value for name, value in asset.fields.items() if name not in into.fields},
        moved=moved,
        copied=copied,
        seen=Seen(
            moved=sum(one.source_id in known for one in moved),
            copied=sum(one.target_id in known for one in copied),
            pinned=sum(one.source_id in known for one in relations if one.target_id == asset.id and one.target_number),
        ),
    )
    return MergePlan(**{**vars(found), "obstacles": tuple(_obstacles(view, found, relations))})


def _obstacles(view: View, found: MergePlan, relations: Sequence[Relation]) -> Iterator[Obstacle]:
    asset, into = found.asset, found.into
    if asset.id == into.id:
        yield Obstacle(code="same-asset", message=f"{asset.code} cannot be merged into itself")
        return
    yield from _unfit(asset, into)
    if len(into.tags) + len(found.tags) > TAGS_MAX:
        yield Obstacle(code="too-many-tags", message=f"{into.code} would have more than {TAGS_MAX} tags; remove some")
    if len(relations) > RELATIONS_MAX:
        yield Obstacle(
            code="too-many-relations",
            message=f"{asset.code} and {into.code} have more than {RELATIONS_MAX:,} relations",
        )
    elif into.id in _behind(view, asset, into) or asset.id in _behind(view, into, asset):
        # Through which others is not said: the way may lead through what the viewer may not know of.
        yield Obstacle(code="cycle", message=f"as one asset, {asset.code} and {into.code} would be part of themselves")


def _unfit(asset: Asset, into: Asset) -> Iterator[Obstacle]:
    """Yield what of both by themselves stands in the way."""
    for one, what in ((asset, "it is merged already"), (into, "merge into the asset that it is merged into")):
        if one.merged_into_id is not None:
            yield Obstacle(code="merged", message=f"{one.code} was merged into another asset; {what}")
    if into.status != AssetStatus.ACTIVE:
        yield Obstacle(code="retired", message=f"{into.code} is retired; reinstate it, or merge the other way round")
    if asset.kind != into.kind:
        yield Obstacle(
            code="other-kind",
            message=f"{asset.code} is of kind {asset.kind}, {into.code} of kind {into.kind}; change one of them first",
        )
    if _seen_by(asset) != _seen_by(into):
        yield Obstacle(
            code="other-audience",
            message=f"{asset.code} and {into.code} are not seen by the same people; give them the same audience and "
            "shows with the same one first",
        )


def _seen_by(asset: Asset) -> tuple[UUID | None, UUID | None]:
    return asset.audience_id, asset.show.audience_id if asset.show else None


def _new_tags(asset: Asset, into: Asset) -> tuple[str, ...]:
    known = {tag.casefold() for tag in into.tags}
    return tuple(tag for tag in asset.tags if tag.casefold() not in known)


def _new_aliases(asset: Asset, into: Asset) -> tuple[dict[str, str], ...]:
    known = {into.name.casefold(), *(alias["text"].casefold() for alias in into.aliases)}
    fresh: dict[str, dict[str, str]] = {}
    for alias in ({"text": asset.name, "language": "und"}, *asset.aliases):
        key = alias["text"].casefold()
        if key not in known:
            fresh.setdefault(key, alias)
    return tuple(fresh.values())


def _relations_of(view: View, asset: Asset, into: Asset) -> Sequence[Relation]:
    """Return all in which either of both stands, hidden ones included: whoever cannot see them must not break them."""
    ends = (asset.id, into.id)
    among = Relation.source_id.in_(ends) | Relation.target_id.in_(ends)
    return view.session.scalars(select(Relation).where(among).order_by(Relation.id).limit(RELATIONS_MAX + 1)).all()


def _known_ends(view: View, relations: Sequence[Relation]) -> set[UUID]:
    """Return the ids of those assets in the relations that the viewer may know of."""
    ends = {end for one in relations for end in (one.source_id, one.target_id)}
    return set(view.session.scalars(select(Asset.id).where(Asset.id.in_(ends), visible_to(view))))


def _to_move(relations: Sequence[Relation], asset: Asset, into: Asset) -> tuple[Relation, ...]:
    there = {(one.source_id, one.kind) for one in relations if one.target_id == into.id and not one.target_number}
    return tuple(
        one
        for one in relations
        if one.target_id == asset.id
        and not one.target_number
        and one.source_id != into.id
        and (one.source_id, one.kind) not in there
    )


def _to_copy(relations: Sequence[Relation], asset: Asset, into: Asset) -> tuple[Relation, ...]:
    there = {(one.kind, one.target_id, one.target_number) for one in relations if one.source_id == into.id}
    return tuple(
        one
        for one in relations
        if one.source_id == asset.id
        and one.target_id != into.id
        and (one.kind, one.target_id, one.target_number) not in there
    )


def _behind(view: View, asset: Asset, but: Asset | None = None) -> set[UUID]:
    """Return the ids of all that an asset depends on; that it does so directly on ``but`` does not count."""
    found: set[UUID] = set()
    level, direct = [asset.id], {but.id} if but else set()
    while level:
        targets = view.session.scalars(select(Relation.target_id).where(Relation.source_id.in_(level)).distinct())
        fresh = set(targets) - found - direct
        found |= fresh
        level, direct = sorted(fresh), set()
    return found


def _hold_both(work: UnitOfWork, reference: str, into: str, if_revision: int | None) -> tuple[Asset, Asset]:
    """Hold both, the lower id first, so that two who merge the same pair never wait for each other."""
    first, second = get_asset(work.view, reference), get_asset(work.view, into)
    for one in sorted({first, second}, key=lambda asset: asset.id):
        hold_asset(work, str(one.id), if_revision if one is first else None)
    return first, second


def _retire(work: UnitOfWork, asset: Asset, survivor: Asset) -> None:
    if asset.status != AssetStatus.RETIRED:
        work.record(AssetRetired(asset_id=asset.id, reason=REASON))
    asset.status, asset.retirement_reason = AssetStatus.RETIRED.value, REASON
    asset.merged_into_id = survivor.id
    asset.revision += 1
    asset.updated_at = work.now


def _change(
    work: UnitOfWork, asset: Asset, *, tags: list[str], aliases: list[dict[str, str]], fields: dict[str, Any]
) -> None:
    before: dict[str, Any] = {"tags": asset.tags, "aliases": asset.aliases}
    after: dict[str, Any] = {"tags": tags, "aliases": aliases}
    for name in sorted({*asset.fields, *fields}):
        before[f"fields.{name}"], after[f"fields.{name}"] = asset.fields.get(name), fields.get(name)
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if changes:
        asset.tags, asset.aliases, asset.fields = tags, aliases, dict(sorted(fields.items()))
        asset.revision += 1
        asset.updated_at = work.now
        work.record(AssetChanged(asset_id=asset.id, changes=changes))


def _take_back(work: UnitOfWork, survivor: Asset, carried: dict[str, Any]) -> None:
    tags = [tag for tag in survivor.tags if tag not in carried["tags"]]
    aliases = [alias for alias in survivor.aliases if alias not in carried["aliases"]]
    brought = carried["fields"]
    fields = {name: value for name, value in survivor.fields.items() if brought.get(name) != value}
    _change(work, survivor, tags=tags, aliases=aliases, fields=fields)


def _copy(work: UnitOfWork, found: MergePlan) -> list[UUID]:
    """Let the asset that stays be made of what the other is made of, too; return the ids of the new relations."""
    added = []
    for one in found.copied:
        relation = Relation(
            id=new_id(),
            kind=one.kind,
            source_id=found.into.id,
            target_id=one.target_id,
            target_number=one.target_number,
            count=one.count,
            created_at=work.now,
            created_by_id=work.actor.person_id,
        )
        work.session.add(relation)
        work.record(_related(relation))
        added.append(relation.id)
    return added


def _move(work: UnitOfWork, relations: Sequence[Relation], target_id: UUID) -> None:
    for one in relations:
        work.record(_unrelated(one))
        one.target_id = target_id
        work.record(_related(one))


def _to_move_back(work: UnitOfWork, ids: Sequence[str], asset: Asset, survivor: Asset) -> list[Relation]:
    """Return those of the moved relations that are there still, not made anew meanwhile, and close no cycle."""
    moved = select(Relation).where(Relation.id.in_([UUID(one) for one in ids]), Relation.target_id == survivor.id)
    anew = select(Relation.source_id, Relation.kind).where(Relation.target_id == asset.id, Relation.target_number == 0)
    there = {(source_id, kind) for source_id, kind in work.session.execute(anew)}
    found = work.session.scalars(moved.order_by(Relation.id)).all()
    behind = _behind(work.view, asset)
    return [one for one in found if (one.source_id, one.kind) not in there and one.source_id not in behind]


def _drop(work: UnitOfWork, ids: Sequence[str], source_id: UUID) -> None:
    mine = Relation.id.in_([UUID(one) for one in ids]) & (Relation.source_id == source_id)
    for one in work.session.scalars(select(Relation).where(mine)).all():
        work.record(_unrelated(one))
    work.session.execute(delete(Relation).where(mine))


def _related(one: Relation) -> AssetRelated:
    return AssetRelated(
        asset_id=one.source_id,
        target_id=one.target_id,
        kind=one.kind,
        number=one.target_number or None,
        count=one.count,
    )


def _unrelated(one: Relation) -> AssetUnrelated:
    return AssetUnrelated(
        asset_id=one.source_id, target_id=one.target_id, kind=one.kind, number=one.target_number or None
    )
