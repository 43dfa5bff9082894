"""``/tags``: the words that assets are found by, and merging those that mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from catalog.api.edits import EditAnswer, show_edit
from catalog.api.operation import Answer, Model, Operation, PageQuery, Reply
from catalog.api.shapes import Listing
from catalog.assets.tagging import TAGS_MAX, count_tagged, likeness, spellings_in_use, tag_order
from catalog.curation import editing
from catalog.curation.queries import merged_words
from catalog.curation.tag_merging import propose_merge
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Paging, decode_cursor, page_of

if TYPE_CHECKING:
    from catalog.api.operation import Call
    from catalog.curation.choosing import Proposal
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


class TagsQuery(PageQuery):
    """Which tags."""

    q: str | None = Field(default=None, description="only those with this in them, in any case, width or accents")


class TagAnswer(Answer):
    """A tag as it is written."""

    tag: str
    assets: int = Field(description="assets that have it, as far as the caller may know of them")
    merged: list[str] = Field(
        description="what was merged into it, for those who curate; whoever writes one of these writes it"
    )


class TagMergeBody(Model):
    """Tags that mean the same."""

    tags: Annotated[tuple[str, ...], Field(min_length=1, max_length=TAGS_MAX)] = Field(
        description="tags to merge, in any case"
    )
    into: str = Field(description="how they are written from now on; a word that is not there yet renames them")


def list_tags(call: Call, view: View) -> Listing[TagAnswer]:
    """Return tags by text."""
    query: TagsQuery = call.query
    paging = Paging(limit=query.limit, cursor=query.cursor)
    wanted = likeness(query.q) if query.q else ""
    tags = [text for text in spellings_in_use(view) if wanted in likeness(text)]
    after = decode_cursor(paging.cursor, str, str) if paging.cursor else ("", "")
    rest = [text for text in tags if tag_order(text) > after]
    page = page_of(rest[: paging.limit + 1], paging.limit, lambda text: list(tag_order(text)))
    counts, merged = count_tagged(view, page.items), merged_words(view, page.items)
    items = [TagAnswer(tag=text, assets=counts.get(text, 0), merged=list(merged.get(text, ()))) for text in page.items]
    return Listing[TagAnswer](items=items, next_cursor=page.next_cursor, total=len(tags))


def _propose(call: Call) -> Proposal:
    """Find and plan before the transaction."""
    with call.house.desk.view(call.actor) as view:
        return propose_merge(view, call.body.tags, call.body.into)


def merge(call: Call, work: UnitOfWork) -> Reply:
    """Keep what merging would do, as a bulk edit."""
    edit = editing.keep(work, call.prepared)
    return Reply(answer=show_edit(work.view, edit), headers={"Location": f"/api/v1/edits/{edit.id}"})


OPERATIONS = (
    Operation(
        name="tags.list",
        method="GET",
        path="/tags",
        summary="List tags with how many assets have them, by text",
        ability=Ability.BROWSE,
        read=list_tags,
        query=TagsQuery,
        answer=Listing[TagAnswer],
    ),
    Operation(
        name="tags.merge",
        method="POST",
        path="/tags/merges",
        summary="See what merging or renaming tags would do; `edits.start` does it, `edits.undo` takes it back",
        ability=Ability.CURATE,
        prepare=_propose,
        write=merge,
        body=TagMergeBody,
        answer=EditAnswer,
        status=201,
        creates=True,
    ),
)
