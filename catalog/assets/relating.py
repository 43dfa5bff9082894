"""Relations between assets: containment and the five version relations. Acyclic, whatever their kinds.

``source`` depends on ``target``: it contains it, or was made from it. A cycle would make "all that this is built from"
meaningless, so one is refused, and the refusal names its path.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, case, func, literal, select, text, tuple_
from sqlalchemy.orm import joinedload

from catalog.assets import queries
from catalog.assets.events import AssetRelated, AssetUnrelated
from catalog.assets.models import Asset, Relation
from catalog.assets.naming import parse_reference
from catalog.assets.vocabulary import RelationKind
from catalog.db.engine import is_sqlite
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict, InvalidInput, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.paging import Page, Paging, decode_cursor, decode_id_cursor, page_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

DEPTH_MAX = 64


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
    other, number = queries.named_by(wanted, queries.assets_named(work.view, [wanted]))
    if number is not None:
        queries.get_version(work.view, other.code, number)
    if count is not None and (kind is not RelationKind.CONTAINS or count < 1):
        raise InvalidInput(f"count {count} is for contains, and at least 1", code="bad-count")
    lock(work)
    relation = work.session.scalar(_same(source.id, kind, other.id, number))
    if relation is not None and count in {None, relation.count}:
        return relation
    if relation is None:
        _refuse_cycle(work, source, other)
        relation = Relation(
            id=new_id(),
            kind=kind.value,
            source_id=source.id,
            target_id=other.id,
            target_number=number or 0,
            created_at=work.now,
            created_by_id=work.actor.person_id,
        )
        work.session.add(relation)
    relation.count = count
    work.record(AssetRelated(asset_id=source.id, target_id=other.id, kind=kind.value, number=number, count=count))
    return relation


def unrelate(work: UnitOfWork, reference: str, relation_id: UUID) -> None:
    """Take a relation of this asset back; ``NotFound`` where it has none with this id."""
    work.require(Ability.REGISTER)
    source = queries.get_asset(work.view, reference)
    lock(work)
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


def relations_of(view: View, asset: Asset, paging: Paging, *, outgoing: bool = False) -> Page[Related]:
    """Return the relations in which the asset stands, oldest first, as far as the viewer may know the other end.

    ``outgoing`` leaves out those in which it is the target and that ``where_used`` tells: what uses it.
    """
    other = case((Relation.source_id == asset.id, Relation.target_id), else_=Relation.source_id)
    known = select(Asset.id).where(Asset.id == other, queries.visible_to(view)).exists()
    ends = Relation.source_id == asset.id
    incoming = Relation.target_id == asset.id
    among = (ends | (incoming & ~_is_use() if outgoing else incoming)) & known
    query = select(Relation).where(among).order_by(Relation.id).limit(paging.limit + 1)
    if paging.cursor:
        query = query.where(Relation.id > decode_id_cursor(paging.cursor))
    page = page_of(view.session.scalars(query).all(), paging.limit, lambda row: [str(row.id)])
    total = view.session.scalar(select(func.count()).select_from(Relation).where(among))
    assets = queries.assets_by_id(view, {end for row in page.items for end in (row.source_id, row.target_id)})
    return replace(page.map(lambda row: _related(row, assets)), total=total)


def _related(row: Relation, assets: Mapping[UUID, Asset]) -> Related:
    return Related(
        id=row.id,
        kind=RelationKind(row.kind),
        source=assets[row.source_id],
        target=assets[row.target_id],
        number=row.target_number or None,
        count=row.count,
    )


def where_used(view: View, asset: Asset, paging: Paging, *, depth: int = DEPTH_MAX) -> Page[Dependent]:
    """Return the assets that contain this one or were made from it, to any depth, nearest first; one recursive query.

    The walk goes only through assets that the viewer may know of: what lies behind a hidden one is not shown either.
    """
    users = _users(view, asset, depth)
    nearest = select(users.c.id, func.min(users.c.depth).label("depth")).group_by(users.c.id).subquery()
    ways = (
        select(nearest.c.id, nearest.c.depth, func.min(users.c.kind).label("kind"))
        .join(users, (users.c.id == nearest.c.id) & (users.c.depth == nearest.c.depth))
        .group_by(nearest.c.id, nearest.c.depth)
        .subquery()
    )
    query = (
        select(Asset, ways.c.kind, ways.c.depth)
        .join(ways, ways.c.id == Asset.id)
        .options(joinedload(Asset.show))
        .order_by(ways.c.depth, Asset.code_key)
        .limit(paging.limit + 1)
    )
    if paging.cursor:
        query = query.where(tuple_(ways.c.depth, Asset.code_key) > decode_cursor(paging.cursor, int, str))
    found = [
        Dependent(asset=user, kind=RelationKind(kind), depth=away) for user, kind, away in view.session.execute(query)
    ]
    page = page_of(found, paging.limit, lambda one: [one.depth, one.asset.code_key])
    return replace(page, total=view.session.scalar(select(func.count()).select_from(nearest)))


def ids_built_into(view: View, users: ColumnElement[bool], most: int) -> list[UUID]:
    """Return the assets that those which fulfil a condition contain or were made from, to any depth; ``most`` at most.

    The counterpart of ``where_used``: neither begins at, nor goes through, what the viewer may not know of.
    """
    of = select(Asset.id).where(users, queries.visible_to(view))
    parts = _parts(view).where(Relation.source_id.in_(of)).cte("parts", recursive=True)
    further = _parts(view).join(parts, Relation.source_id == parts.c.id)
    return list(view.session.scalars(select(parts.union(further).c.id).limit(most)))


def _parts(view: View) -> Select[UUID]:
    return (
        select(Relation.target_id.label("id"))
        .join(Asset, Asset.id == Relation.target_id)
        .where(_is_use(), queries.visible_to(view))
    )


def _users(view: View, asset: Asset, depth: int) -> CTE:
    start = (
        select(Relation.source_id.label("id"), Relation.kind.label("kind"), literal(1).label("depth"))
        .join(Asset, Asset.id == Relation.source_id)
        .where(Relation.target_id == asset.id, _is_use(), queries.visible_to(view))
        .cte("users", recursive=True)
    )
    further = (
        select(Relation.source_id, Relation.kind, start.c.depth + 1)
        .join(start, Relation.target_id == start.c.id)
        .join(Asset, Asset.id == Relation.source_id)
        .where(start.c.depth < depth, _is_use(), queries.visible_to(view))
    )
    return start.union(further)


def _is_use() -> ColumnElement[bool]:
    """Return the condition that a relation's source has something of its target in it; an alternative has not."""
    return Relation.kind != RelationKind.ALTERNATIVE.value


def _same(source_id: UUID, kind: RelationKind, target_id: UUID, number: int | None) -> Select[Relation]:
    return select(Relation).where(
        Relation.source_id == source_id,
        Relation.kind == kind.value,
        Relation.target_id == target_id,
        Relation.target_number == (number or 0),
    )


def lock(work: UnitOfWork) -> None:
    """Let nobody else change relations until the commit."""
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
    known = queries.assets_by_id(work.view, steps)
    # What the actor may not know of is part of the cycle, but not of the sentence.
    return " > ".join(known[one].code if one in known else "…" for one in reversed(steps))
