"""``/collections``: ordered, annotated lists of assets, and with whom they are shared."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import Field

from catalog.accounts.queries import logins_of
from catalog.api.operation import Answer, Model, Operation, PageQuery, Reply
from catalog.api.shapes import Card, Listing, listing, show_cards
from catalog.collections import collecting, keeping, queries, sharing
from catalog.collections.collecting import ItemChange
from catalog.collections.keeping import CollectionChange
from catalog.collections.sharing import Share, With
from catalog.collections.vocabulary import SHARES_MAX, TOGETHER_MAX, Absence, Access, ShareRole, Whose
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Page, Paging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.api.operation import Call
    from catalog.collections.models import Collection
    from catalog.collections.queries import Collected
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

Title = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=20_000)]
Items = Annotated[tuple[UUID, ...], Field(min_length=1, max_length=TOGETHER_MAX)]
_IN_ORDER = "ids of items"


class ShareBody(Model):
    """Somebody with whom it is shared."""

    kind: With
    name: Annotated[str, Field(min_length=1, max_length=80, description="a login, or the code of a group")]
    role: ShareRole = ShareRole.VIEW


class ShareAnswer(Answer):
    """Somebody with whom it is shared."""

    kind: With
    name: str
    role: ShareRole


class CollectionBody(Model):
    """A collection to begin; it is yours alone."""

    title: Title = Field(description="what people call it")
    description: Text = Field(default="", description="what it is for")


class CollectionChangeBody(Model):
    """What is to change; fields that are left out stay as they are."""

    title: Title = Field(default="", description="what people call it")
    description: Text = Field(default="", description="what it is for")
    owner: str = Field(default="", description="login of whose it is from now on; you may go on editing it")
    studio: ShareRole | None = Field(default=None, description="what the whole studio may do with it; null: nothing")
    shares: Annotated[tuple[ShareBody, ...], Field(max_length=SHARES_MAX)] = Field(
        default=(), description="with whom it is shared, such as `user:ann:edit`; they replace all that there are"
    )


class CollectionsQuery(PageQuery):
    """Which collections."""

    whose: Whose | None = Field(
        default=None, description="only your own, those shared with you by name, or with the whole studio"
    )


class AddBody(Model):
    """What to add, in this order."""

    assets: Annotated[
        tuple[Annotated[str, Field(max_length=400)], ...],
        Field(min_length=1, max_length=TOGETHER_MAX, description="`prp_chair`, or `prp_chair@2` for one version of it"),
    ]
    note: Text = Field(default="", description="of each of them")


class ItemChangeBody(Model):
    """What is to change; fields that are left out stay as they are."""

    note: Text = Field(default="", description="what to know of it here")
    version: Annotated[int, Field(ge=1, lt=10**9)] | None = Field(
        default=None, description="the version that is meant; null: whichever is the latest"
    )


class MoveBody(Model):
    """Where items go; either `position` or `before` is said."""

    items: Items = Field(description=f"{_IN_ORDER}, in the order in which they stand from then on")
    position: Annotated[int, Field(ge=1, lt=10**9)] | None = Field(
        default=None, description="counted from 1 without the items that move; beyond the last one is the end"
    )
    before: UUID | None = Field(default=None, description="id of the item before which they go")


class DropBody(Model):
    """What to take out."""

    items: Items = Field(description=_IN_ORDER)


class CollectionAnswer(Answer):
    """A collection without its items."""

    id: UUID
    title: str
    description: str
    owner: str | None
    access: Access = Field(description="what you may do with it")
    studio: ShareRole | None
    shares: list[ShareAnswer] | None = Field(description="null for those who do not own it")
    item_count: int = Field(description="of the items that you may see")
    cover_urls: list[str] = Field(description="pictures of its first assets")
    created_at: datetime
    updated_at: datetime
    revision: int


class CollectedAnswer(Answer):
    """An item; `number` is its place among those that you may see."""

    id: UUID
    number: int
    asset: str
    version: int | None = Field(description="the version that is meant; null: whichever is the latest")
    note: str
    absence: Absence | None = Field(description="why it can no longer be taken")
    reason: str | None = Field(description="what was said of that")
    card: Card
    added_at: datetime
    added_by: str | None
    revision: int


class AddedAnswer(Answer):
    """What came of adding."""

    added: int
    already: int = Field(description="how many were in it and stay where they are")
    items: list[CollectedAnswer]


def show_collections(view: View, collections: Sequence[Collection]) -> list[CollectionAnswer]:
    """Return collections with what the viewer may do with them, and how many items they see."""
    access, counts = queries.access_to(view, collections), queries.count_items(view, collections)
    owned = [one for one in collections if access[one.id] is Access.OWN]
    shares = sharing.told(view, owned)
    owners = logins_of(view, {one.owner_id for one in collections})
    covers = {
        collection_id: [card.thumbnail_url for card in show_cards(view, assets) if card.thumbnail_url]
        for collection_id, assets in queries.covers_of(view, collections).items()
    }
    return [
        CollectionAnswer(
            id=one.id,
            title=one.title,
            description=one.description,
            owner=owners.get(one.owner_id),
            access=access[one.id],
            studio=ShareRole(one.studio_role) if one.studio_role else None,
            shares=[ShareAnswer(**vars(share)) for share in shares[one.id]] if one.id in shares else None,
            item_count=counts[one.id],
            cover_urls=covers[one.id],
            created_at=one.created_at,
            updated_at=one.updated_at,
            revision=one.revision,
        )
        for one in collections
    ]


def show_items(view: View, items: Sequence[Collected]) -> list[CollectedAnswer]:
    """Return items with the cards of their assets."""
    cards = show_cards(view, [one.asset for one in items])
    makers = logins_of(view, {one.item.added_by_id for one in items})
    return [
        CollectedAnswer(
            id=one.item.id,
            number=one.number,
            asset=one.asset.code,
            version=one.item.version_number or None,
            note=one.item.note,
            absence=one.absence,
            reason=one.reason,
            card=card,
            added_at=one.item.added_at,
            added_by=makers.get(one.item.added_by_id),
            revision=one.item.revision,
        )
        for one, card in zip(items, cards, strict=True)
    ]


def create(call: Call, work: UnitOfWork) -> CollectionAnswer:
    """Begin a collection."""
    collection = keeping.create(work, call.body.title, call.body.description)
    return show_collections(work.view, [collection])[0]


def list_collections(call: Call, view: View) -> Listing[CollectionAnswer]:
    """Return collections, those that changed last first."""
    query: CollectionsQuery = call.query
    page = queries.page_collections(view, Paging(limit=query.limit, cursor=query.cursor), query.whose)
    return listing(Page(items=tuple(show_collections(view, page.items)), next_cursor=page.next_cursor))


def get(call: Call, view: View) -> CollectionAnswer:
    """Return one collection."""
    return show_collections(view, [queries.get_collection(view, call.path["id"])])[0]


def change(call: Call, work: UnitOfWork) -> CollectionAnswer:
    """Change what was sent, and only that."""
    said = {name: getattr(call.body, name) for name in call.body.model_fields_set}
    if "shares" in said:
        said["shares"] = tuple(Share(**dict(one)) for one in said["shares"])
    changed = keeping.change(work, call.path["id"], CollectionChange(**said), if_revision=call.if_revision)
    return show_collections(work.view, [changed])[0]


def remove(call: Call, work: UnitOfWork) -> Reply:
    """Remove a collection."""
    keeping.remove(work, call.path["id"])
    return Reply()


def list_items(call: Call, view: View) -> Listing[CollectedAnswer]:
    """Return items in order."""
    collection = queries.get_collection(view, call.path["id"])
    page = queries.page_items(view, collection, Paging(limit=call.query.limit, cursor=call.query.cursor))
    shown = tuple(show_items(view, page.items))
    return listing(Page(items=shown, next_cursor=page.next_cursor, total=page.total))


def add(call: Call, work: UnitOfWork) -> AddedAnswer:
    """Add assets at the end."""
    added = collecting.add(work, call.path["id"], call.body.assets, call.body.note)
    return AddedAnswer(added=len(added.items), already=added.already, items=show_items(work.view, added.items))


def annotate(call: Call, work: UnitOfWork) -> CollectedAnswer:
    """Change an item's note or version."""
    said = ItemChange(**{name: getattr(call.body, name) for name in call.body.model_fields_set})
    _, item = collecting.annotate(
        work, call.path["id"], item_id_of(call.path["item"]), said, if_revision=call.if_revision
    )
    return show_items(work.view, [item])[0]


def move(call: Call, work: UnitOfWork) -> CollectionAnswer:
    """Move items."""
    body: MoveBody = call.body
    moved = collecting.move(
        work,
        call.path["id"],
        body.items,
        position=body.position,
        before=body.before,
        if_revision=call.if_revision,
    )
    return show_collections(work.view, [moved])[0]


def drop(call: Call, work: UnitOfWork) -> CollectionAnswer:
    """Take items out."""
    left = collecting.drop(work, call.path["id"], call.body.items, if_revision=call.if_revision)
    return show_collections(work.view, [left])[0]


def item_id_of(text: str) -> UUID:
    """Return the id of an item that an address names."""
    found = find_id(text)
    if found is None:
        raise NotFound(f"there is no item {text[:80]!r}", code="unknown-item")
    return found


_BROWSE, _COLLECT = Ability.BROWSE, Ability.COLLECT
OPERATIONS = (
    Operation(
        name="collections.create",
        method="POST",
        path="/collections",
        summary="Begin a collection",
        ability=_COLLECT,
        write=create,
        body=CollectionBody,
        answer=CollectionAnswer,
        status=201,
        creates=True,
    ),
    Operation(
        name="collections.list",
        method="GET",
        path="/collections",
        summary="List collections, those that changed last first",
        ability=_BROWSE,
        read=list_collections,
        query=CollectionsQuery,
        answer=Listing[CollectionAnswer],
    ),
    Operation(
        name="collections.get",
        method="GET",
        path="/collections/{id}",
        summary="Get a collection",
        ability=_BROWSE,
        read=get,
        answer=CollectionAnswer,
    ),
    Operation(
        name="collections.change",
        method="PATCH",
        path="/collections/{id}",
        summary="Change a collection's words, with whom it is shared, or whose it is",
        ability=_COLLECT,
        write=change,
        body=CollectionChangeBody,
        answer=CollectionAnswer,
    ),
    Operation(
        name="collections.remove",
        method="DELETE",
        path="/collections/{id}",
        summary="Remove a collection; its assets stay",
        ability=_COLLECT,
        write=remove,
        status=204,
    ),
    Operation(
        name="collections.items",
        method="GET",
        path="/collections/{id}/items",
        summary="List the items of a collection, in order",
        ability=_BROWSE,
        read=list_items,
        query=PageQuery,
        answer=Listing[CollectedAnswer],
    ),
    Operation(
        name="collections.add",
        method="POST",
        path="/collections/{id}/items",
        summary="Add assets to a collection",
        ability=_COLLECT,
        write=add,
        body=AddBody,
        answer=AddedAnswer,
        creates=True,
    ),
    Operation(
        name="collections.annotate",
        method="PATCH",
        path="/collections/{id}/items/{item}",
        summary="Change an item's note, or the version that is meant",
        ability=_COLLECT,
        write=annotate,
        body=ItemChangeBody,
        answer=CollectedAnswer,
    ),
    Operation(
        name="collections.move",
        method="POST",
        path="/collections/{id}/moves",
        summary="Move items of a collection",
        ability=_COLLECT,
        write=move,
        body=MoveBody,
        answer=CollectionAnswer,
    ),
    Operation(
        name="collections.drop",
        method="POST",
        path="/collections/{id}/removals",
        summary="Take items out of a collection",
        ability=_COLLECT,
        write=drop,
        body=DropBody,
        answer=CollectionAnswer,
    ),
)
