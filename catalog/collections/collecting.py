"""Acts on the items of a collection: add, note, move, drop. Each is one entry, however many items it concerns.

Two people may do so at the same time: whoever is second sees what the first did, for each act holds the collection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from catalog.assets import queries as assets
from catalog.assets.merged import survivors_of
from catalog.assets.naming import parse_reference
from catalog.collections import queries
from catalog.collections.events import ItemChanged, ItemsAdded, ItemsDropped, ItemsMoved
from catalog.collections.keeping import hold, touch
from catalog.collections.models import Collection, CollectionItem
from catalog.collections.ordering import places_between, spread
from catalog.collections.vocabulary import ITEMS_MAX, TOGETHER_MAX, Access
from catalog.db.base import table_of
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.ids import new_id
from catalog.kernel.texts import checked_text
from catalog.kernel.unsaid import UNSAID, Unsaid
from catalog.work.revising import refuse_stale, what_changed

if TYPE_CHECKING:
    from collections.abc import Collection as Several
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from catalog.assets.models import Asset
    from catalog.collections.queries import Collected
    from catalog.work.unit import UnitOfWork

    Named = tuple[Asset, int]


@dataclass(frozen=True, kw_only=True)
class Added:
    """What came of adding: the items that are new, and how many were in the collection already."""

    collection: Collection
    items: tuple[Collected, ...]
    already: int


@dataclass(frozen=True, kw_only=True)
class ItemChange:
    """What is to change of an item; ``version`` is a number, None for whichever is the latest."""

    note: str | Unsaid = UNSAID
    version: int | Unsaid | None = UNSAID


def add(work: UnitOfWork, collection_id: UUID | str, references: Sequence[str], note: str = "") -> Added:
    """Add assets (``prp_chair``), or versions of them (``prp_chair@2``), at the end, in this order.

    What is in the collection already stays where it is, so this is safe to run twice. Raises ``NotFound`` for what the
    actor may not know of: then nothing is added.
    """
    work.require(Ability.COLLECT)
    _refuse_none_or_too_many(references)
    collection = hold(work, collection_id, Access.EDIT)
    words = checked_text("note", note)
    wanted = _wanted(work, references)
    present = _present(work, collection, wanted)
    new = [named for key, named in wanted.items() if key not in present]
    if not new:
        return Added(collection=collection, items=(), already=len(wanted))
    _refuse_overfull(work, collection, len(new))
    last = work.session.scalar(_positions(collection).with_only_columns(func.max(CollectionItem.position)))
    ids = [new_id() for _ in new]
    rows = [
        {
            "id": item_id,
            "collection_id": collection.id,
            "asset_id": asset.id,
            "version_number": number,
            "position": place,
            "note": words,
            "revision": 1,
            "added_by_id": work.actor.person_id,
            "added_at": work.now,
        }
        for item_id, (asset, number), place in zip(ids, new, places_between(last, None, len(new)) or (), strict=True)
    ]
    work.session.execute(insert(table_of(CollectionItem)), rows)
    collection.updated_at = work.now
    items = queries.get_items(work.view, collection, ids)
    work.record(ItemsAdded(collection_id=collection.id, collected_ids=_assets(items), items=_names(items)))
    return Added(collection=collection, items=tuple(items), already=len(wanted) - len(new))


def annotate(
    work: UnitOfWork,
    collection_id: UUID | str,
    item_id: UUID,
    said: ItemChange,
    *,
    if_revision: int | None = None,
) -> tuple[Collection, Collected]:
    """Change an item's note, or which version it names; ``Stale`` where it is no longer at ``if_revision``."""
    work.require(Ability.COLLECT)
    collection = hold(work, collection_id, Access.EDIT)
    (found,) = queries.get_items(work.view, collection, [item_id])
    item = found.item
    work.hold(item)
    refuse_stale(f"the item {found.named}", item.revision, if_revision)
    before = _told(item)
    if said.note is not UNSAID:
        item.note = checked_text("note", said.note)
    if said.version is not UNSAID and (said.version or 0) != item.version_number:
        reference = f"{found.asset.code}@{said.version}" if said.version else found.asset.code
        wanted = _wanted(work, [reference])
        if _present(work, collection, wanted):
            raise InvalidInput(f"{reference} is in the collection already", code="already-there")
        (item.asset_id, item.version_number) = next(iter(wanted))
    changes = what_changed(before, _told(item))
    if changes:
        item.revision += 1
        collection.updated_at = work.now
        work.session.flush()
        work.record(ItemChanged(collection_id=collection.id, collected_id=found.asset.id, changes=changes))
    return collection, queries.get_items(work.view, collection, [item_id])[0]


def move(
    work: UnitOfWork,
    collection_id: UUID | str,
    item_ids: Sequence[UUID],
    *,
    position: int | None = None,
    before: UUID | None = None,
    if_revision: int | None = None,
) -> Collection:
    """Move items, in the order given, to a position among what the actor sees, or before another item.

    Positions count from 1, without the items that move; one beyond the last is the end. Raises ``Stale`` where the
    collection is no longer at ``if_revision``, ``NotFound`` for an item that is not there.
    """
    work.require(Ability.COLLECT)
    _refuse_none_or_too_many(item_ids)
    if (position is None) == (before is None) or (position is not None and position < 1):
        raise InvalidInput("say where to: either a position from 1 on, or the item before which", code="bad-position")
    collection = hold(work, collection_id, Access.EDIT)
    refuse_stale(f"the order of “{collection.title}”", collection.revision, if_revision)
    moving = queries.get_items(work.view, collection, item_ids)
    if before is not None and before in {one.item.id for one in moving}:
        raise InvalidInput("an item cannot move before itself", code="bad-position")
    upper = _place_of(work, collection, [one.item.id for one in moving], position, before)
    _place(work, collection, [one.item for one in moving], upper)
    touch(work, collection)
    work.record(ItemsMoved(collection_id=collection.id, collected_ids=_assets(moving), items=_names(moving)))
    return collection


def drop(
    work: UnitOfWork, collection_id: UUID | str, item_ids: Sequence[UUID], *, if_revision: int | None = None
) -> Collection:
    """Take items out of a collection; refuses as ``move`` does."""
    work.require(Ability.COLLECT)
    _refuse_none_or_too_many(item_ids)
    collection = hold(work, collection_id, Access.EDIT)
    refuse_stale(f"the order of “{collection.title}”", collection.revision, if_revision)
    items = queries.get_items(work.view, collection, item_ids)
    names, about = _names(items), _assets(items)
    dropped = {one.item.id for one in items}
    behind = {item_id for item_id, kept in queries.stood_for(work.view, [collection]).items() if kept in dropped}
    gone = CollectionItem.id.in_(dropped | behind)
    work.session.execute(delete(CollectionItem).where(gone), execution_options={"synchronize_session": False})
    touch(work, collection)
    work.record(ItemsDropped(collection_id=collection.id, collected_ids=about, items=names))
    return collection


def _wanted(work: UnitOfWork, references: Sequence[str]) -> dict[tuple[UUID, int], Named]:
    """Return what these references name, each once; 0 stands for the latest version, of the asset that stays."""
    read = [parse_reference(text) for text in references]
    found = assets.assets_named(work.view, read)
    named = [assets.named_by(reference, found) for reference in read]
    pinned = [(asset, number) for asset, number in named if number is not None]
    versions = assets.versions_numbered(work.view, pinned)
    for asset, number in pinned:
        version = versions.get((asset.id, number))
        if version is None:
            raise assets.unknown_version(asset, number)
        if version.published_at is None:
            raise InvalidInput(
                f"{asset.code}@{number} is {version.status}; name a version that was published", code="not-offered"
            )
    survivors = survivors_of(work.view, [asset for asset, number in named if number is None])
    meant = [(asset if number else survivors.get(asset.id, asset), number or 0) for asset, number in named]
    return {(asset.id, number): (asset, number) for asset, number in meant}


def _present(
    work: UnitOfWork, collection: Collection, wanted: Mapping[tuple[UUID, int], Named]
) -> set[tuple[UUID, int]]:
    ids = {asset_id for asset_id, _ in wanted}
    query = _positions(collection).where(CollectionItem.asset_id.in_(ids))
    rows = work.session.execute(query.with_only_columns(CollectionItem.asset_id, CollectionItem.version_number))
    there = {(asset_id, number) for asset_id, number in rows}
    return (there | {(asset_id, 0) for asset_id in queries.shown_merged(work.view, collection)}) & set(wanted)


def _positions(collection: Collection) -> Any:  # noqa: ANN401 — a query whose columns are still to be chosen
    return select(CollectionItem.position).where(CollectionItem.collection_id == collection.id)


def _refuse_none_or_too_many(things: Sequence[object]) -> None:
    if not 1 <= len(things) <= TOGETHER_MAX:
        raise InvalidInput(
            f"{len(things)} items cannot be dealt with together; name 1 to {TOGETHER_MAX}", code="bad-count"
        )


def _refuse_overfull(work: UnitOfWork, collection: Collection, more: int) -> None:
    count = work.session.scalar(_positions(collection).with_only_columns(func.count()))
    if count + more > ITEMS_MAX:
        raise InvalidInput(
            f"a collection holds at most {ITEMS_MAX:,} items, and these would be more; begin another one",
            code="too-many-items",
        )


def _place_of(
    work: UnitOfWork, collection: Collection, moving: Several[UUID], position: int | None, before: UUID | None
) -> int | None:
    """Return the place before which the moving items go; None for the end."""
    if before is not None:
        return queries.get_items(work.view, collection, [before])[0].item.position
    others = queries.visible_items(work.view, collection).where(CollectionItem.id.not_in(moving))
    wanted = min(position or 1, ITEMS_MAX + 1)
    place: int | None = work.session.scalar(
        others.with_only_columns(CollectionItem.position).offset(wanted - 1).limit(1)
    )
    return place


def _place(work: UnitOfWork, collection: Collection, moving: Sequence[CollectionItem], upper: int | None) -> None:
    """Write the places of the moving items; of all items only where there is no room left between two."""
    ids = [item.id for item in moving]
    others = _positions(collection).where(CollectionItem.id.not_in(ids))
    below = others if upper is None else others.where(CollectionItem.position < upper)
    lower = work.session.scalar(below.with_only_columns(func.max(CollectionItem.position)))
    places = places_between(lower, upper, len(ids))
    if places is None:
        ordered = others.with_only_columns(CollectionItem.id, CollectionItem.position).order_by(CollectionItem.position)
        rest = work.session.execute(ordered).all()
        at = sum(1 for row in rest if upper is None or row.position < upper)
        ids = [*(row.id for row in rest[:at]), *ids, *(row.id for row in rest[at:])]
        places = spread(len(ids))
    table = table_of(CollectionItem)
    written = update(table).where(table.c.id == bindparam("which")).values(position=bindparam("place"))
    work.session.connection().execute(
        written, [{"which": item_id, "place": place} for item_id, place in zip(ids, places, strict=True)]
    )
    for item in moving:
        work.session.expire(item)


def _assets(items: Sequence[Collected]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(one.asset.id for one in items))


def _names(items: Sequence[Collected]) -> tuple[str, ...]:
    return tuple(one.named for one in items)


def _told(item: CollectionItem) -> dict[str, Any]:
    return {"note": item.note, "version": item.version_number or None}
