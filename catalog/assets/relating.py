"""Relations between assets: containment and the five version relations. Acyclic, whatever their kinds.

``source`` depends on ``target``: it contains it, or was made from it. A cycle would make "all that this is built from"
meaningless, so one is refused, and the refusal names its path.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Select, func, literal, select, text

from catalog.assets import queries
from catalog.assets.events import AssetRelated, AssetUnrelated
from catalog.assets.models import Asset, Relation
from catalog.assets.naming import parse_reference
from catalog.assets.vocabulary import RelationKind
from catalog.db.engine import is_sqlite
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict, InvalidInput, NotFound
from catalog.kernel.ids import new_id

if TYPE_CHECKING:
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

DEPTH_MAX = 64
ROWS_MAX = 5_000


@dataclass(frozen=True, kw_only=True)
class Related:
    """One relation as its reader sees it: the other asset, and which end it is."""

    id: UUID
    kind: RelationKind
    source: Asset
    target: Asset
    number: int | None
    count: int | None


@dataclass(frozen=True, kw_only=True)
class Dependent:
    """An asset that uses another, ``depth`` relations away; ``kind`` is the relation nearest to it."""

    asset: Asset
    kind: RelationKind
    depth: int


def relate(work: UnitOfWork, reference: str, kind: RelationKind, target: str, count: int | None = None) -> Relation:
    """Say that an asset contains, or was made from, another (``target`` is a code or ``code@3``). Safe to run twice.

    Saying it with another count takes the place of what was said before.
    Raises ``Conflict`` where this would close a cycle, naming its path, ``InvalidInput`` for a count that means
    nothing.
    """
    work.require(Ability.REGISTER)
    source = queries.get_asset(work.view, reference)
    wanted = parse_reference(target)
    other = queries.get_asset(work.view, wanted.asset)
    if wanted.number is not None:
        queries.get_version(work.view, wanted.asset, wanted.number)
    if count is not None and (kind is not RelationKind.CONTAINS or count < 1):
        raise InvalidInput(f"count {count} is for contains, and at least 1", code="bad-count")
    _lock(work)
    relation = work.session.scalar(_same(source.id, kind, other.id, wanted.number))
    if relation is not None and count in {None, relation.count}:
        return relation
    if relation is None:
        _refuse_cycle(work, source, other)
        relation = Relation(
            id=new_id(),
            kind=kind.value,
            source_id=source.id,
            target_id=other.id,
            target_number=wanted.number or 0,
            created_at=work.now,
            created_by_id=work.actor.person_id,
        )
        work.session.add(relation)
    relation.count = count
    work.record(
        AssetRelated(asset_id=source.id, target_id=other.id, kind=kind.value, number=wanted.number, count=count)
    )
    return relation


def unrelate(work: UnitOfWork, reference: str, relation_id: UUID) -> None:
    """Take a relation of this asset back; ``NotFound`` where it has none with this id."""
    work.require(Ability.REGISTER)
    source = queries.get_asset(work.view, reference)
    _lock(work)
    relation = work.session.get(Relation, relation_id, populate_existing=True)
    if relation is None or relation.source_id != source.id:
        raise NotFound(f"{source.code} has no relation {relation_id}", code="unknown-relation")
    work.session.delete(relation)
    work.record(
        AssetUnrelated(
            asset_id=source.id,
            target_id=relation.target_id,
            kind=relation.kind,
            number=relation.target_number or None,
        )
    )


def relations_of(view: View, asset: Asset) -> list[Related]:
    """Return the relations in which the asset is source or target, as far as the viewer may know the other end."""
    query = (
        select(Relation)
        .where((Relation.source_id == asset.id) | (Relation.target_id == asset.id))
        .order_by(Relation.id)
        .limit(ROWS_MAX)
    )
    rows = list(view.session.scalars(query))
    ends = {row.source_id for row in rows} | {row.target_id for row in rows}
    visible = _assets(view, ends)
    return [
        Related(
            id=row.id,
            kind=RelationKind(row.kind),
            source=visible[row.source_id],
            target=visible[row.target_id],
            number=row.target_number or None,
            count=row.count,
        )
        for row in rows
        if row.source_id in visible and row.target_id in visible
    ]


def where_used(view: View, asset: Asset, *, depth: int = DEPTH_MAX) -> list[Dependent]:
    """Return every asset that contains this one or was made from it, to any depth, nearest first; one recursive query.

    The walk goes only through assets that the viewer may know of: what lies behind a hidden one is not shown either.
    """
    start = (
        select(Relation.source_id.label("id"), Relation.kind.label("kind"), literal(1).label("depth"))
        .join(Asset, Asset.id == Relation.source_id)
        .where(Relation.target_id == asset.id, queries.visible_to(view))
        .cte("users", recursive=True)
    )
    further = (
        select(Relation.source_id, Relation.kind, start.c.depth + 1)
        .join(start, Relation.target_id == start.c.id)
        .join(Asset, Asset.id == Relation.source_id)
        .where(start.c.depth < depth, queries.visible_to(view))
    )
    users = start.union(further)
    nearest = (
        select(users.c.id, func.min(users.c.depth).label("depth"))
        .group_by(users.c.id)
        .order_by("depth", users.c.id)
        .limit(ROWS_MAX)
        .subquery()
    )
    query = (
        select(nearest.c.id, nearest.c.depth, func.min(users.c.kind))
        .join(users, (users.c.id == nearest.c.id) & (users.c.depth == nearest.c.depth))
        .group_by(nearest.c.id, nearest.c.depth)
        .order_by(nearest.c.depth, nearest.c.id)
    )
    rows = view.session.execute(query).all()
    assets = _assets(view, {row[0] for row in rows})
    return [
        Dependent(asset=assets[id_], kind=RelationKind(kind), depth=far) for id_, far, kind in rows if id_ in assets
    ]


def _assets(view: View, ids: set[UUID]) -> dict[UUID, Asset]:
    found: dict[UUID, Asset] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), 500):
        found |= queries.assets_by_id(view, wanted[start : start + 500])
    return found


def _same(source_id: UUID, kind: RelationKind, target_id: UUID, number: int | None) -> Select[Relation]:
    return select(Relation).where(
        Relation.source_id == source_id,
        Relation.kind == kind.value,
        Relation.target_id == target_id,
        Relation.target_number == (number or 0),
    )


def _lock(work: UnitOfWork) -> None:
    # Two relations that close a cycle only together must not pass each other. SQLite has one writer anyway.
    if not is_sqlite(work.session.get_bind()):
        work.session.execute(text("LOCK TABLE relation IN SHARE ROW EXCLUSIVE MODE"))


def _refuse_cycle(work: UnitOfWork, source: Asset, target: Asset) -> None:
    """Walk, level by level, from the target to all that it depends on; meeting the source closes a cycle."""
    reached_from: dict[UUID, UUID | None] = {target.id: None}
    level = [target.id]
    while level and source.id not in reached_from:
        rows = work.session.execute(
            select(Relation.source_id, Relation.target_id).where(Relation.source_id.in_(level)).order_by(Relation.id)
        )
        level = []
        for depending, on in rows:
            if on not in reached_from:
                reached_from[on] = depending
                level.append(on)
    if source.id in reached_from:
        path = _spell_path(work, source.id, reached_from)
        raise Conflict(
            f"this would close a cycle: {source.code} > {path}; an asset cannot be part of itself", code="cycle"
        )


def _spell_path(work: UnitOfWork, end: UUID, reached_from: dict[UUID, UUID | None]) -> str:
    steps: list[UUID] = []
    step: UUID | None = end
    while step is not None:
        steps.append(step)
        step = reached_from[step]
    known = _assets(work.view, set(steps))
    # What the actor may not know of is part of the cycle, but not of the sentence.
    return " > ".join(known[one].code if one in known else "…" for one in reversed(steps))
