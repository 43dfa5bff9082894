"""``/collections``: ordered, annotated lists of assets, and with whom they are shared."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import Field

from catalog.accounts.queries import logins_of
from catalog.api.operation import Answer, Model, Operation, PageQuery, Reply
from catalog.api.shapes import Listing, listing, show_cards
from catalog.collections import keeping, links, queries, sharing
from catalog.collections.keeping import CollectionChange
from catalog.collections.sharing import Share, With
from catalog.collections.vocabulary import SHARES_MAX, Access, ShareRole, Whose
from catalog.kernel.abilities import Ability
from catalog.kernel.batches import in_batches
from catalog.kernel.paging import Page, Paging
from catalog.media.queries import CARDS_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.api.operation import Call
    from catalog.collections.models import Collection
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

Title = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=20_000)]
Secret = Annotated[str, Field(max_length=200)]
BY_LINK = "secret of a link that opens it, where it is not shared with you"


class ShareBody(Model):
    """Somebody with whom it is shared."""

    kind: With = Field(description="whether `name` is of a person or of a group")
    name: Annotated[str, Field(min_length=1, max_length=80, description="a login, or the code of a group")]
    role: ShareRole = Field(default=ShareRole.VIEW, description="what they may do with it")


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


class OpenedQuery(Model):
    """By what it is opened."""

    link: Secret | None = Field(default=None, description=BY_LINK)


class CollectionAnswer(Answer):
    """A collection without its items."""

    id: UUID
    title: str
    description: str
    owner: str | None
    access: Access = Field(description="what you may do with it")
    studio: ShareRole | None
    shares: list[ShareAnswer] | None = Field(description="null for those who may not change them")
    item_count: int = Field(description="of the items that you may see")
    cover_urls: list[str] = Field(description="pictures of its first assets")
    created_at: datetime
    updated_at: datetime
    revision: int


def show_collections(view: View, collections: Sequence[Collection]) -> list[CollectionAnswer]:
    """Return collections with what the viewer may do with them, and how many items they see."""
    access, counts = queries.access_to(view, collections), queries.count_items(view, collections)
    shares = sharing.told(view, [one for one in collections if queries.may_govern(view, access[one.id])])
    owners = logins_of(view, {one.owner_id for one in collections})
    covers = _cover_urls(view, collections)
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


def _cover_urls(view: View, collections: Sequence[Collection]) -> dict[UUID, list[str]]:
    """Return pictures of the first assets of each collection; the pictures of all are asked for together."""
    firsts = queries.covers_of(view, collections)
    every = {asset.id: asset for assets in firsts.values() for asset in assets}
    cards = [card for batch in in_batches(every.values(), CARDS_MAX) for card in show_cards(view, batch)]
    urls = {card.id: card.thumbnail_url for card in cards}
    return {one: [url for asset in assets if (url := urls[asset.id])] for one, assets in firsts.items()}


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
    return show_collections(view, [links.open_collection(view, call.path["id"], call.query.link)])[0]


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
        query=OpenedQuery,
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
)
