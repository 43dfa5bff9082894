"""Reading collections. Every query over them starts from ``visible_collections``: hidden and absent look the same.

Items are read through the assets that the viewer may know of: others are neither shown nor counted, and leave no gap in
the numbering. An item that means the latest version of an asset which was merged into another is shown as that one,
once: nothing is rewritten, so that a merge which is taken back leaves the collection as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, tuple_
from sqlalchemy.orm import joinedload

from catalog.assets.merged import survivors_of
from catalog.assets.models import Asset, AssetVersion
from catalog.assets.queries import visible_to
from catalog.assets.vocabulary import AssetStatus, VersionStatus
from catalog.collections.models import Collection, CollectionItem, CollectionShare
from catalog.collections.vocabulary import Absence, Access, ShareRole, Whose
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Page, Paging, decode_cursor, decode_place_in_time, page_of, place_in_time

if TYPE_CHECKING:
    from collections.abc import Collection as Several
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from catalog.work.view import View

COVERS = 4
"""So many of its first assets make the cover of a collection."""
TO_FILL_MAX = 100


@dataclass(frozen=True, kw_only=True)
class Collected:
    """An item as its reader sees it: ``number`` is its place among what they see, ``version`` the one it names.

    ``asset`` is the one that stays, where the item means the latest version of an asset that was merged into it.
    """

    item: CollectionItem
    asset: Asset
    version: AssetVersion | None
    number: int
    added_as: str | None = None
    """The code of the merged one."""

    @property
    def named(self) -> str:
        """The item for people and for ``add``: ``prp_chair``, or ``prp_chair@2`` where it names a version."""
        return named(self.asset, self.item)

    @property
    def absence(self) -> Absence | None:
        """Why it can no longer be taken; None where it can."""
        if self.asset.status == AssetStatus.RETIRED and not self._merged_at_version:
            return Absence.RETIRED
        withdrawn = self.version is not None and self.version.status == VersionStatus.WITHDRAWN
        return Absence.WITHDRAWN if withdrawn else None

    @property
    def reason(self) -> str | None:
        """What was said when it was retired or withdrawn."""
        if self.absence is Absence.RETIRED:
            return self.asset.retirement_reason
        return self.version.standing_reason if self.version is not None and self.absence else None

    @property
    def _merged_at_version(self) -> bool:
        # Such an asset is retired, but its versions go on being what they were.
        return self.version is not None and self.asset.merged_into_id is not None


def named(asset: Asset, item: CollectionItem) -> str:
    """Return what an item names: an asset, or one of its versions."""
    return f"{asset.code}@{item.version_number}" if item.version_number else asset.code


def opens_to(view: View) -> ColumnElement[bool]:
    """Return the condition that the viewer may know of a collection."""
    if view.viewer.sees_everything:
        return Collection.removed_at.is_(None)
    mine = Collection.owner_id == view.viewer.person_id
    return and_(Collection.removed_at.is_(None), or_(mine, Collection.studio_role.is_not(None), _shared(view)))


def visible_collections(view: View) -> Select[Collection]:
    """Return the query over collections that the viewer may know of."""
    return select(Collection).where(opens_to(view))


def get_collection(view: View, collection_id: UUID | str) -> Collection:
    """Return one collection; ``NotFound`` if it is absent, removed or not shared with the viewer."""
    wanted = find_id(collection_id) if isinstance(collection_id, str) else collection_id
    found = view.session.scalar(visible_collections(view).where(Collection.id == wanted)) if wanted else None
    if found is None:
        raise NotFound(f"there is no collection {str(collection_id)[:80]!r}", code="unknown-collection")
    return found


def access_to(view: View, collections: Sequence[Collection]) -> dict[UUID, Access]:
    """Return what the viewer may do with each of these collections, which were read through this view."""
    shared = select(CollectionShare.collection_id, CollectionShare.role).where(
        CollectionShare.collection_id.in_([one.id for one in collections]), _with(view)
    )
    editable = {collection_id for collection_id, role in view.session.execute(shared) if role == ShareRole.EDIT}

    def access(one: Collection) -> Access:
        if one.owner_id == view.viewer.person_id:
            return Access.OWN
        return Access.EDIT if one.studio_role == ShareRole.EDIT or one.id in editable else Access.VIEW

    return {one.id: access(one) for one in collections}


def may_govern(view: View, access: Access) -> bool:
    """Whether the viewer says who sees a collection: its owner does, and in their absence who manages accounts."""
    return access is Access.OWN or view.viewer.can(Ability.MANAGE_ACCOUNTS)


def page_collections(view: View, paging: Paging, whose: Whose | None = None) -> Page[Collection]:
    """Return collections, those that were changed last first."""
    query = visible_collections(view).order_by(Collection.updated_at.desc(), Collection.id.desc())
    mine = Collection.owner_id == view.viewer.person_id
    if whose is Whose.MINE:
        query = query.where(mine)
    elif whose is Whose.SHARED:
        query = query.where(not_(mine), _shared(view))
    elif whose is Whose.STUDIO:
        query = query.where(not_(mine), Collection.studio_role.is_not(None))
    if paging.cursor:
        query = query.where(tuple_(Collection.updated_at, Collection.id) < decode_place_in_time(paging.cursor))
    rows = view.session.scalars(query.limit(paging.limit + 1)).all()
    return page_of(rows, paging.limit, lambda one: place_in_time(one.updated_at, one.id))


def collections_to_fill(view: View) -> list[Collection]:
    """Return the collections that the viewer may add to: first where they added last, then the newest; 100 at most."""
    me = view.viewer.person_id
    used = (
        select(CollectionItem.collection_id, func.max(CollectionItem.added_at).label("at"))
        .where(CollectionItem.added_by_id == me)
        .group_by(CollectionItem.collection_id)
        .subquery()
    )
    edited = select(CollectionShare.collection_id).where(CollectionShare.role == ShareRole.EDIT.value, _with(view))
    mine = or_(Collection.owner_id == me, Collection.studio_role == ShareRole.EDIT.value, Collection.id.in_(edited))
    query = (
        visible_collections(view)
        .outerjoin(used, used.c.collection_id == Collection.id)
        .where(mine)
        .order_by(used.c.at.is_(None), used.c.at.desc(), Collection.id.desc())
        .limit(TO_FILL_MAX)
    )
    return list(view.session.scalars(query))


def visible_items(view: View, collection: Collection) -> Select[CollectionItem]:
    """Return the query over the items of a collection, in order, that the viewer sees: of what is one now only one."""
    return _items(view, [collection.id], stood_for(view, [collection])).order_by(CollectionItem.position)


def stood_for(view: View, collections: Sequence[Collection]) -> dict[UUID, UUID]:
    """Return, by the id of each item of a merged asset that another item shows already, the id of that other.

    The item of the asset that stays is shown, else the first of those whose assets were merged into it.
    """
    merged = _merged(view, [one.id for one in collections])
    if not merged:
        return {}
    survivors = {asset.id for _, asset in merged}
    own = _latest(view, [one.id for one in collections]).where(CollectionItem.asset_id.in_(survivors))
    shown = {(one.collection_id, one.asset_id): one.id for one in view.session.scalars(own)}
    kept = {item.id: shown.setdefault((item.collection_id, asset.id), item.id) for item, asset in merged}
    return {item_id: other for item_id, other in kept.items() if item_id != other}


def shown_merged(view: View, collection: Collection) -> set[UUID]:
    """Return the assets that items of a collection are shown as because their own were merged into them."""
    return {asset.id for _, asset in _merged(view, [collection.id])}


def _merged(view: View, collection_ids: Several[UUID]) -> list[tuple[CollectionItem, Asset]]:
    """Return items whose assets were merged, in order, with the asset that stays."""
    query = _latest(view, collection_ids).where(Asset.merged_into_id.is_not(None)).add_columns(Asset)
    rows = view.session.execute(query.order_by(CollectionItem.position)).all()
    survivors = survivors_of(view, [asset for _, asset in rows])
    return [(item, survivors[asset.id]) for item, asset in rows if asset.id in survivors]


def _latest(view: View, collection_ids: Several[UUID]) -> Select[CollectionItem]:
    return _items(view, collection_ids, ()).where(CollectionItem.version_number == 0)


def _items(view: View, collection_ids: Several[UUID], behind: Several[UUID]) -> Select[CollectionItem]:
    query = (
        select(CollectionItem)
        .join(Asset, Asset.id == CollectionItem.asset_id)
        .where(CollectionItem.collection_id.in_(collection_ids), visible_to(view))
    )
    return query.where(CollectionItem.id.not_in(list(behind))) if behind else query


def count_items(view: View, collections: Sequence[Collection]) -> dict[UUID, int]:
    """Return how many items of each collection the viewer sees."""
    query = _items(view, [one.id for one in collections], stood_for(view, collections))
    grouped = query.with_only_columns(CollectionItem.collection_id, func.count())
    counts = dict(view.session.execute(grouped.group_by(CollectionItem.collection_id)).all())
    return {one.id: counts.get(one.id, 0) for one in collections}


def covers_of(view: View, collections: Sequence[Collection]) -> dict[UUID, list[Asset]]:
    """Return the first assets of each collection that the viewer may know of, in order."""
    found: dict[UUID, Sequence[CollectionItem]] = {}
    behind = stood_for(view, collections)
    for one in collections:
        # One short walk of an index each: a ranking over all of them would read every item of every collection.
        first = _items(view, [one.id], behind).order_by(CollectionItem.position).limit(COVERS)
        found[one.id] = view.session.scalars(first).all()
    assets = _assets_of(view, [item for items in found.values() for item in items])
    return {collection_id: [assets[item.id][1] for item in items] for collection_id, items in found.items()}


def page_items(view: View, collection: Collection, paging: Paging) -> Page[Collected]:
    """Return items of a collection that was read through this view, in order, with how many there are."""
    query = visible_items(view, collection)
    before = 0
    if paging.cursor:
        (after,) = decode_cursor(paging.cursor, int)
        seen = query.where(CollectionItem.position <= after).order_by(None)
        before = view.session.scalar(select(func.count()).select_from(seen.subquery())) or 0
        query = query.where(CollectionItem.position > after)
    items = view.session.scalars(query.limit(paging.limit + 1)).all()
    page = page_of(items, paging.limit, lambda item: [item.position])
    shown = _collected(view, page.items, range(before + 1, before + 1 + len(page.items)))
    return Page(items=tuple(shown), next_cursor=page.next_cursor, total=count_items(view, [collection])[collection.id])


def _collected(view: View, items: Sequence[CollectionItem], numbers: Sequence[int]) -> list[Collected]:
    """Return items, which were found through their assets, with what they name."""
    assets = _assets_of(view, items)
    pinned = {(item.asset_id, item.version_number) for item in items if item.version_number}
    # Only published versions were ever named, and those are seen by whoever sees the asset.
    versions = select(AssetVersion).where(tuple_(AssetVersion.asset_id, AssetVersion.number).in_(pinned))
    found = {(one.asset_id, one.number): one for one in view.session.scalars(versions)} if pinned else {}
    return [
        Collected(
            item=item,
            asset=assets[item.id][1],
            added_as=assets[item.id][0].code if assets[item.id][0] is not assets[item.id][1] else None,
            version=found.get((item.asset_id, item.version_number)),
            number=number,
        )
        for number, item in zip(numbers, items, strict=True)
    ]


def _assets_of(view: View, items: Sequence[CollectionItem]) -> dict[UUID, tuple[Asset, Asset]]:
    """Return the asset of each item and the one that it is shown as, with their shows, by the id of the item."""
    named = view.session.scalars(_with_shows({item.asset_id for item in items}))
    assets = {asset.id: asset for asset in named}
    stays = {merged_id: survivor.id for merged_id, survivor in survivors_of(view, assets.values()).items()}
    shown = {one.id: one for one in view.session.scalars(_with_shows(set(stays.values())))} if stays else {}
    pairs = {one.id: (one, shown[stays[one.id]] if one.id in stays else one) for one in assets.values()}
    return {item.id: (assets[item.asset_id],) * 2 if item.version_number else pairs[item.asset_id] for item in items}


def _with_shows(asset_ids: Several[UUID]) -> Select[Asset]:
    return select(Asset).where(Asset.id.in_(asset_ids)).options(joinedload(Asset.show))


def get_items(view: View, collection: Collection, item_ids: Iterable[UUID]) -> list[Collected]:
    """Return these items, in the order asked for; ``NotFound`` for one that is not there, or hidden."""
    wanted = list(dict.fromkeys(item_ids))
    number = func.row_number().over(order_by=CollectionItem.position).label("number")
    every = visible_items(view, collection).order_by(None).with_only_columns(CollectionItem.id, number).subquery()
    query = select(CollectionItem, every.c.number).join(every, every.c.id == CollectionItem.id)
    rows = view.session.execute(query.where(CollectionItem.id.in_(wanted)))
    found = {row[0].id: row for row in rows}
    for item_id in wanted:
        if item_id not in found:
            raise NotFound(
                f"{collection.title!r} has no item {item_id}; somebody may have taken it out", code="unknown-item"
            )
    ordered = [found[item_id] for item_id in wanted]
    return _collected(view, [row[0] for row in ordered], [row[1] for row in ordered])


def shares_of(view: View, collections: Several[Collection]) -> dict[UUID, list[CollectionShare]]:
    """Return with whom each collection, which the viewer owns, is shared."""
    query = select(CollectionShare).where(CollectionShare.collection_id.in_([one.id for one in collections]))
    found: dict[UUID, list[CollectionShare]] = {one.id: [] for one in collections}
    for share in view.session.scalars(query.order_by(CollectionShare.id)):
        found[share.collection_id].append(share)
    return found


def _shared(view: View) -> ColumnElement[bool]:
    return Collection.id.in_(select(CollectionShare.collection_id).where(_with(view)))


def _with(view: View) -> ColumnElement[bool]:
    """Return the condition that a share is with the viewer, by name or through a group."""
    groups = CollectionShare.group_id.in_(view.viewer.groups)
    return or_(CollectionShare.user_id == view.viewer.person_id, groups)
