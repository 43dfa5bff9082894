"""``/search``: hits as cards, complete totals, disjunctive facet counts; suggestions; more like this."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from pydantic import ConfigDict, Field

from catalog.api.operation import CURSOR, LIMIT, Answer, Model, Operation, Reply
from catalog.api.shapes import Card, show_cards
from catalog.collections import suggesting
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.exports import Form
from catalog.media.vocabulary import Part
from catalog.search import exporting, queries
from catalog.search.facets import CUSTOM
from catalog.search.signs import read_value
from catalog.search.vocabulary import Facet, Sort, SuggestionKind

if TYPE_CHECKING:
    from catalog.api.operation import Call
    from catalog.search.notices import Notice
    from catalog.work.view import View


class Narrowed(Model):
    """What is searched. Several values of a facet are OR, facets are AND, a leading `-` excludes a value.

    A value that begins with `-` itself stands in quotes: `"-40c"`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    q: str = Field(default="", description="words and `name:value` terms")
    kind: tuple[str, ...] = Field(default=(), description="sorts of assets")
    status: tuple[str, ...] = Field(default=(), description="standings, such as active")
    show: tuple[str, ...] = Field(default=(), description="codes of shows")
    tag: tuple[str, ...] = Field(default=(), description="tags")
    format: tuple[str, ...] = Field(default=(), description="endings of files, such as usd")
    has: tuple[str, ...] = Field(default=(), description=f"what comes with it: {', '.join(Part)}")
    owner: tuple[str, ...] = Field(default=(), description="logins")
    year: tuple[str, ...] = Field(default=(), description="years of registration")
    polys: tuple[str, ...] = Field(default=(), description="ranges of triangles, such as <50k or 10k..2m")
    texture: tuple[str, ...] = Field(default=(), description="ranges of longest sides, such as >=4k")
    height: tuple[str, ...] = Field(default=(), description="ranges of heights, such as 1.6m..1.9m")
    field: tuple[str, ...] = Field(
        default=(),
        description="values of custom fields, such as `vendor=acme`",
    )
    sort: Sort = Field(default=Sort.RELEVANCE, description="order of hits")
    priors: bool = Field(default=True, description="`off`: what changed lately is no more relevant for it")


class SearchQueryModel(Narrowed):
    """A search, and which part of its answer is wanted."""

    facets: str = Field(default="", description=f"facets to count, comma-separated: {', '.join(Facet)}, fields.NAME")
    limit: Annotated[int, Field(ge=1, le=200, description=LIMIT)] = 50
    cursor: str | None = Field(default=None, description=CURSOR)


class SearchExportQuery(Narrowed):
    """A search, and as what its hits are exported."""

    form: Form = Field(default=Form.CSV, description="`csv` or `json`")
    bom: bool = Field(default=False, description="make CSV for spreadsheets: marked as UTF-8, formulas as text")


class FacetValueAnswer(Answer):
    """A value of a facet, with how many assets have it among the hits of all other facets."""

    value: str
    label: str
    count: int
    selected: bool
    excluded: bool


class NoticeAnswer(Answer):
    """What of the text was not read as it was meant."""

    code: str
    message: str
    start: int = Field(description="the first character of `q` that it is about")
    end: int = Field(description="the character after the last")
    instead: str | None = Field(description="what would be right in their place")
    q: str | None = Field(description="the whole text with it")


class SearchAnswerModel(Answer):
    """What was found."""

    total: int
    took_ms: float
    items: list[Card]
    facets: dict[str, list[FacetValueAnswer]]
    notices: list[NoticeAnswer]
    did_you_mean: str | None
    next_cursor: str | None
    seq: int = Field(description="the ledger's entry up to which the index had followed")


class SuggestionsQuery(Model):
    """What was typed so far."""

    q: str = Field(default="", description="what was typed so far")
    limit: Annotated[int, Field(ge=1, le=20, description="how many at most, up to 20")] = 10


class SuggestionAnswer(Answer):
    """A completion."""

    kind: SuggestionKind
    text: str
    code: str | None = Field(description="of an asset or a show")
    query: str | None = Field(description="the query of the search that it leads to; null for an asset")
    count: int | None = Field(description="how many assets it finds; null for a saved search of somebody else")


class SuggestionsAnswer(Answer):
    """Completions, best first."""

    items: list[SuggestionAnswer]


class SimilarQuery(Model):
    """Like which asset."""

    asset: str = Field(description="code of the asset that others are to be like")
    limit: Annotated[int, Field(ge=1, le=50, description="how many at most, up to 50")] = 10


class CardsAnswer(Answer):
    """Cards, best first."""

    items: list[Card]


def search(call: Call, view: View) -> SearchAnswerModel:
    """Search."""
    query: SearchQueryModel = call.query
    facets = tuple(name.strip() for name in query.facets.split(",") if name.strip())
    question = replace(_question(query), facets=facets, limit=query.limit, cursor=query.cursor)
    found = queries.search(view, call.house.index, question)
    counted = {
        str(facet): [
            FacetValueAnswer(
                value=one.value, label=one.label, count=one.count, selected=one.selected, excluded=one.excluded
            )
            for one in values
        ]
        for facet, values in found.facets.items()
    }
    return SearchAnswerModel(
        total=found.total,
        took_ms=found.took_ms,
        items=show_cards(view, found.assets),
        facets=counted,
        notices=[_notice(one, query.q) for one in found.notices],
        did_you_mean=found.did_you_mean,
        next_cursor=found.next_cursor,
        seq=found.seq,
    )


def export(call: Call, _view: View) -> Reply:
    """Return everything that a search finds as a file, row by row."""
    query: SearchExportQuery = call.query
    house = call.house
    made = exporting.export(house.desk, call.actor, house.index, _question(query), query.form, bom=query.bom)
    return Reply(stream=made.chunks, headers=made.headers)


def _question(query: Narrowed) -> queries.Question:
    selections: dict[str, list[str]] = {}
    excluded: dict[str, list[str]] = {}
    for facet, value, left_out in (*_by_facet(query), *map(_of_field, query.field)):
        (excluded if left_out else selections).setdefault(facet, []).append(value)
    return queries.Question(
        text=query.q, selections=selections, excluded=excluded, sort=query.sort, priors=query.priors
    )


def _by_facet(query: Narrowed) -> list[tuple[str, str, bool]]:
    return [(facet.value, *read_value(said)) for facet in Facet for said in getattr(query, facet.value)]


def _of_field(said: str) -> tuple[str, str, bool]:
    """Return the facet of a custom field with a value, and whether that is left out."""
    name, equals, value = said.removeprefix("-").partition("=")
    if not equals:
        raise InvalidInput(f"field {said[:80]!r} is not NAME=VALUE, such as vendor=acme", code="bad-field-value")
    return (CUSTOM + name, *((value, True) if said.startswith("-") else read_value(value)))


def _notice(one: Notice, text: str) -> NoticeAnswer:
    return NoticeAnswer(
        code=one.mistake.value,
        message=one.message,
        start=one.start,
        end=one.end,
        instead=one.instead,
        q=one.mended(text),
    )


def suggest(call: Call, view: View) -> SuggestionsAnswer:
    """Complete what was typed."""
    found = suggesting.suggest(view, call.house.index, call.query.q, limit=call.query.limit)
    items = [
        SuggestionAnswer(kind=one.kind, text=one.text, code=one.code, query=one.query, count=one.count) for one in found
    ]
    return SuggestionsAnswer(items=items)


def similar(call: Call, view: View) -> CardsAnswer:
    """Find more like an asset."""
    found = queries.similar(view, call.house.index, call.query.asset, limit=call.query.limit)
    return CardsAnswer(items=show_cards(view, found))


OPERATIONS = (
    Operation(
        name="search.assets",
        method="GET",
        path="/search",
        summary="Search assets, with facet counts",
        ability=Ability.BROWSE,
        read=search,
        query=SearchQueryModel,
        answer=SearchAnswerModel,
        by_hand=True,
    ),
    Operation(
        name="search.export",
        method="GET",
        path="/search/export",
        summary="Export everything that a search finds as CSV or JSON",
        ability=Ability.BROWSE,
        read=export,
        query=SearchExportQuery,
        by_hand=True,
    ),
    Operation(
        name="search.suggestions",
        method="GET",
        path="/search/suggestions",
        summary="Complete what was typed",
        ability=Ability.BROWSE,
        read=suggest,
        query=SuggestionsQuery,
        answer=SuggestionsAnswer,
    ),
    Operation(
        name="search.similar",
        method="GET",
        path="/search/similar",
        summary="Find assets like one",
        ability=Ability.BROWSE,
        read=similar,
        query=SimilarQuery,
        answer=CardsAnswer,
    ),
)
