"""``/collections/{id}/items``: what is in a collection, added, noted, moved and dropped."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import Field

from catalog.accounts.queries import logins_of
from catalog.api.collections import BY_LINK, CollectionAnswer, Secret, Text, show_collections
from catalog.api.operation import Answer, Model, Operation, PageQuery
from catalog.api.shapes import Card, Listing, listing, show_cards
from catalog.collections import collecting, links, queries
from catalog.collections.collecting import ItemChange
from catalog.collections.vocabulary import TOGETHER_MAX, Absence
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Page, Paging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.api.operation import Call
    from catalog.collections.queries import Collected
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

Items = Annotated[tuple[UUID, ...], Field(min_length=1, max_length=TOGETHER_MAX)]
_IN_ORDER = "ids of items"


class ItemsQuery(PageQuery):
    """By what it is opened, and which part of it."""

    link: Secret | None = Field(default=None, description=BY_LINK)


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


class CollectedAnswer(Answer):
    """An item; `number` is its place among those that you may see."""

    id: UUID
    number: int
    asset: str
    added_as: str | None = Field(description="the code that it was added by, where that asset was merged into this one")
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


def show_items(view: View, items: Sequence[Collected]) -> list[CollectedAnswer]:
    """Return items with the cards of their assets."""
    cards = show_cards(view, [one.asset for one in items])
    makers = logins_of(view, {one.item.added_by_id for one in items})
    return [
        CollectedAnswer(
            id=one.item.id,
            number=one.number,
            asset=one.asset.code,
            added_as=one.added_as,
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


def list_items(call: Call, view: View) -> Listing[CollectedAnswer]:
    """Return items in order."""
    collection = links.open_collection(view, call.path["id"], call.query.link)
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
        name="collections.items",
        method="GET",
        path="/collections/{id}/items",
        summary="List the items of a collection, in order",
        ability=_BROWSE,
        read=list_items,
        query=ItemsQuery,
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
