"""What somebody may be about to search for: assets and tags as the index completes them, shows, and saved searches.

Each leads to something: shows, and searches of one's own, that find nothing for the viewer are left out.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, or_

from catalog.accounts.audiences import terms_for
from catalog.assets.tagging import tag_key
from catalog.collections.models import SavedSearch
from catalog.collections.saved import may_read, visible_searches
from catalog.kernel.errors import InvalidInput, NotFound
from catalog.search import queries
from catalog.search.questions import read_question
from catalog.search.signs import say_value
from catalog.search.vocabulary import Facet, SuggestionKind
from catalog.shows.models import Show
from catalog.shows.queries import visible_shows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from sqlalchemy.orm import InstrumentedAttribute

    from catalog.search.port import SearchIndex, Suggestion
    from catalog.work.view import View

EACH_MAX = 2
"""So many shows, and so many saved searches, are offered."""

TEXT_MAX = 200
"""No title is longer."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What may be meant: an asset, or a search by its query, with how many assets it finds.

    What others share is not asked while somebody types, so that nobody's query decides what a letter costs: ``count``
    is None.
    """

    kind: SuggestionKind
    text: str
    asset_id: UUID | None = None
    code: str | None = None
    query: str | None = None
    count: int | None = 1


def suggest(view: View, index: SearchIndex, text: str, limit: int = 10) -> tuple[Offer, ...]:
    """Complete a text: assets first, then tags, shows and saved searches; raises as ``queries.suggest`` does."""
    offers = [_offer(one) for one in queries.suggest(view, index, text, limit)]
    named = text.strip()
    others = _others(view, index, named) if 0 < len(named) <= TEXT_MAX else []
    assets = [one for one in offers if one.kind is SuggestionKind.ASSET]
    rest = [*(one for one in offers if one.kind is not SuggestionKind.ASSET), *others]
    return (*assets[: max(limit - len(rest), 1)], *rest)[:limit]


def _others(view: View, index: SearchIndex, text: str) -> list[Offer]:
    """Return shows, and saved searches, one's own first."""
    searches = [*_own_searches(view, index, text), *_searches_of_others(view, text)]
    return [*_shows(view, index, text), *searches[:EACH_MAX]]


def _offer(one: Suggestion) -> Offer:
    query = urlencode([("tag", say_value(tag_key(one.text)))]) if one.kind is SuggestionKind.TAG else None
    return Offer(kind=one.kind, text=one.text, asset_id=one.asset_id, code=one.code, query=query, count=one.count)


def _shows(view: View, index: SearchIndex, text: str) -> Iterator[Offer]:
    named = or_(Show.code_key.startswith(text.casefold(), autoescape=True), _begins(Show.name, text))
    found = view.session.execute(
        visible_shows(view).where(named).with_only_columns(Show.code, Show.name).order_by(Show.code_key).limit(20)
    ).all()
    if not found:
        return
    counts = {one.value: one.count for one in index.counts(Facet.SHOW, terms_for(view))}
    held = [(code, name, counts[code]) for code, name in found if counts.get(code)]
    for code, name, count in held[:EACH_MAX]:
        query = urlencode([("show", code)])
        yield Offer(kind=SuggestionKind.SHOW, text=name, code=code, query=query, count=count)


def _own_searches(view: View, index: SearchIndex, text: str) -> Iterator[Offer]:
    mine = SavedSearch.owner_id == view.viewer.person_id
    for one in _searches(view, text, mine):
        with suppress(InvalidInput, NotFound):
            count = queries.find_all(view, index, read_question(one.query), 1).total
            if count:
                yield Offer(kind=SuggestionKind.SEARCH, text=one.title, query=one.query, count=count)


def _searches_of_others(view: View, text: str) -> Iterator[Offer]:
    for one in _searches(view, text, SavedSearch.owner_id != view.viewer.person_id):
        if may_read(view, one):
            yield Offer(kind=SuggestionKind.SEARCH, text=one.title, query=one.query, count=None)


def _searches(view: View, text: str, whose: ColumnElement[bool]) -> Iterable[SavedSearch]:
    named = visible_searches(view).where(whose, _begins(SavedSearch.title, text))
    return view.session.scalars(named.order_by(SavedSearch.updated_at.desc(), SavedSearch.id).limit(EACH_MAX))


def _begins(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Return the condition that a word of it begins so; Chinese has no spaces between words."""
    if not text.isascii():
        return column.icontains(text, autoescape=True)
    return or_(column.istartswith(text, autoescape=True), column.icontains(f" {text}", autoescape=True))
