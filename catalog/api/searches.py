"""``/searches``: searches that people keep, and what is new in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from pydantic import Field

from catalog.accounts.queries import logins_of
from catalog.api.operation import Answer, Model, Operation, PageQuery, Reply
from catalog.api.shapes import Card, Listing, listing, show_cards
from catalog.collections import saved, saving, sharing
from catalog.collections.saving import SavedSearchChange
from catalog.collections.sharing import Share, With
from catalog.collections.vocabulary import QUERY_MAX, SHARES_MAX, WhoseSearches
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Page, Paging
from catalog.search import queries
from catalog.search.questions import read_question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.api.operation import Call
    from catalog.collections.models import SavedSearch
    from catalog.collections.saved import Stock
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

Title = Annotated[str, Field(max_length=200)]
Query = Annotated[str, Field(max_length=QUERY_MAX)]
WHAT_QUERY = "the query of the search's address, such as `q=lamp&kind=prop&-tag=metal&sort=newest`"


class ShownToBody(Model):
    """Somebody who sees it."""

    kind: With = Field(description="whether `name` is of a person or of a group")
    name: Annotated[str, Field(min_length=1, max_length=80, description="a login, or the code of a group")]


class ShownToAnswer(Answer):
    """Somebody who sees it."""

    kind: With
    name: str


class SavedSearchBody(Model):
    """A search to keep."""

    title: Title = Field(description="what people call it")
    query: Query = Field(description=WHAT_QUERY)
    shared: bool = Field(default=False, description="show it to the whole studio; what is new is told to you alone")


class SavedSearchChangeBody(Model):
    """What is to change; fields that are left out stay as they are."""

    title: Title = Field(default="", description="what people call it")
    query: Query = Field(default="", description=WHAT_QUERY)
    shared: bool = Field(default=False, description="show it to the whole studio")
    shares: Annotated[tuple[ShownToBody, ...], Field(max_length=SHARES_MAX)] = Field(
        default=(), description="who sees it by name, such as `user:ann`; they replace all that there are"
    )


class SavedSearchesQuery(PageQuery):
    """Which saved searches."""

    whose: WhoseSearches | None = Field(
        default=None, description="only your own, those shown to you by name, or to the whole studio"
    )


class SavedSearchAnswer(Answer):
    """A search that somebody keeps."""

    id: UUID
    title: str
    query: str = Field(description=WHAT_QUERY)
    owner: str | None
    shared: bool = Field(description="whether the whole studio sees it")
    shares: list[ShownToAnswer] | None = Field(description="who sees it by name; null for those who may not change it")
    new_count: int | None = Field(description="found since you last looked, 1,000 at most; null where it is not yours")
    looked_at: datetime | None = Field(description="null where it is not yours")
    created_at: datetime
    updated_at: datetime
    revision: int


def show_searches(view: View, searches: Sequence[SavedSearch]) -> list[SavedSearchAnswer]:
    """Return saved searches as they travel."""
    owners, news = logins_of(view, {one.owner_id for one in searches}), saved.count_news(view, searches)
    shares = sharing.told_of_searches(view, [one for one in searches if saved.may_govern(view, one)])
    return [
        SavedSearchAnswer(
            id=one.id,
            title=one.title,
            query=one.query,
            owner=owners.get(one.owner_id),
            shared=one.shared,
            shares=_shown_to(shares[one.id]) if one.id in shares else None,
            new_count=news.get(one.id),
            looked_at=one.looked_at if one.id in news else None,
            created_at=one.created_at,
            updated_at=one.updated_at,
            revision=one.revision,
        )
        for one in searches
    ]


def _shown_to(shares: Sequence[Share]) -> list[ShownToAnswer]:
    return [ShownToAnswer(kind=one.kind, name=one.name) for one in shares]


def _stock_of_body(call: Call) -> Stock | None:
    """Ask the query before the transaction: nobody who writes waits for a search."""
    if "query" not in call.body.model_fields_set:
        return None
    with call.house.desk.view(call.actor) as view:
        return saved.take_stock(view, call.house.index, call.body.query)


def _stock_of_kept(call: Call) -> Stock:
    with call.house.desk.view(call.actor) as view:
        return saved.take_stock_of_kept(view, call.house.index, call.path["id"])


def create(call: Call, work: UnitOfWork) -> SavedSearchAnswer:
    """Keep a search."""
    kept = saving.save(work, call.body.title, call.prepared, shared=call.body.shared)
    return show_searches(work.view, [kept])[0]


def list_searches(call: Call, view: View) -> Listing[SavedSearchAnswer]:
    """Return saved searches, those that were changed last first."""
    query: SavedSearchesQuery = call.query
    page = saved.page_searches(view, Paging(limit=query.limit, cursor=query.cursor), query.whose)
    return listing(Page(items=tuple(show_searches(view, page.items)), next_cursor=page.next_cursor))


def get(call: Call, view: View) -> SavedSearchAnswer:
    """Return one saved search."""
    return show_searches(view, [saved.get_search(view, call.path["id"])])[0]


def change(call: Call, work: UnitOfWork) -> SavedSearchAnswer:
    """Change what was sent, and only that."""
    said: dict[str, Any] = {name: getattr(call.body, name) for name in call.body.model_fields_set - {"query"}}
    if "shares" in said:
        said["shares"] = tuple(Share(kind=one.kind, name=one.name) for one in said["shares"])
    if call.prepared is not None:
        said["stock"] = call.prepared
    changed = saving.change(work, call.path["id"], SavedSearchChange(**said), if_revision=call.if_revision)
    return show_searches(work.view, [changed])[0]


def remove(call: Call, work: UnitOfWork) -> Reply:
    """Keep a search no longer."""
    saving.remove(work, call.path["id"])
    return Reply()


def find(call: Call, view: View) -> Listing[Card]:
    """Return what a saved search finds for whoever asks: that alone, never what was probably meant."""
    query: PageQuery = call.query
    question = read_question(saved.get_search(view, call.path["id"]).query)
    asked = replace(question, limit=query.limit, cursor=query.cursor, mended=False)
    found = queries.search(view, call.house.index, asked)
    return Listing[Card](items=show_cards(view, found.assets), next_cursor=found.next_cursor, total=found.total)


def list_news(call: Call, view: View) -> Listing[Card]:
    """Return what one of the caller's saved searches finds since they last looked."""
    query: PageQuery = call.query
    kept = saved.get_search(view, call.path["id"])
    page = saved.page_news(view, kept, Paging(limit=query.limit, cursor=query.cursor))
    return Listing[Card](items=show_cards(view, page.items), next_cursor=page.next_cursor, total=page.total)


def look(call: Call, work: UnitOfWork) -> SavedSearchAnswer:
    """Count nothing of what it finds as new any more."""
    return show_searches(work.view, [saving.look(work, call.path["id"], call.prepared)])[0]


_BROWSE, _COLLECT = Ability.BROWSE, Ability.COLLECT
OPERATIONS = (
    Operation(
        name="searches.create",
        method="POST",
        path="/searches",
        summary="Keep a search, to be told what is new in it",
        ability=_COLLECT,
        prepare=_stock_of_body,
        write=create,
        body=SavedSearchBody,
        answer=SavedSearchAnswer,
        status=201,
        creates=True,
    ),
    Operation(
        name="searches.list",
        method="GET",
        path="/searches",
        summary="List saved searches, those that changed last first",
        ability=_BROWSE,
        read=list_searches,
        query=SavedSearchesQuery,
        answer=Listing[SavedSearchAnswer],
    ),
    Operation(
        name="searches.get",
        method="GET",
        path="/searches/{id}",
        summary="Get a saved search",
        ability=_BROWSE,
        read=get,
        answer=SavedSearchAnswer,
    ),
    Operation(
        name="searches.change",
        method="PATCH",
        path="/searches/{id}",
        summary="Change a saved search's title or query, or who sees it",
        ability=_COLLECT,
        prepare=_stock_of_body,
        write=change,
        body=SavedSearchChangeBody,
        answer=SavedSearchAnswer,
    ),
    Operation(
        name="searches.remove",
        method="DELETE",
        path="/searches/{id}",
        summary="Keep a search no longer",
        ability=_COLLECT,
        write=remove,
        status=204,
    ),
    Operation(
        name="searches.assets",
        method="GET",
        path="/searches/{id}/assets",
        summary="List what a saved search finds",
        ability=_BROWSE,
        read=find,
        query=PageQuery,
        answer=Listing[Card],
    ),
    Operation(
        name="searches.news",
        method="GET",
        path="/searches/{id}/news",
        summary="List what your saved search finds since you last looked",
        ability=_BROWSE,
        read=list_news,
        query=PageQuery,
        answer=Listing[Card],
    ),
    Operation(
        name="searches.look",
        method="POST",
        path="/searches/{id}/look",
        summary="Count nothing of what your saved search finds as new any more",
        ability=_COLLECT,
        prepare=_stock_of_kept,
        write=look,
        answer=SavedSearchAnswer,
    ),
)
