"""Reading saved searches: one's own, and those that others show. Hidden and absent look the same.

What is new in one is for its owner, and is read through the assets that they may know of now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, tuple_

from catalog.assets.models import Asset
from catalog.assets.queries import assets_by_id, get_asset, visible_to
from catalog.collections.models import SavedSearch, SavedSearchNews, SavedSearchShare
from catalog.collections.vocabulary import COUNTED_MAX, KNOWN_MAX, QUERY_MAX, WhoseSearches
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput, NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Page, Paging, decode_id_cursor, decode_place_in_time, page_of, place_in_time
from catalog.search.linking import knows_users
from catalog.search.meaning import may_name_fields, read_for
from catalog.search.queries import find_all
from catalog.search.questions import query_of, read_question
from catalog.search.vocabulary import Facet
from catalog.shows.models import Show
from catalog.shows.queries import visible_shows

if TYPE_CHECKING:
    from collections.abc import Collection as Several
    from uuid import UUID

    from catalog.search.port import SearchIndex
    from catalog.work.view import View


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What a query finds at one moment; ``known`` and ``seq`` are as ``SavedSearch`` has them."""

    query: str
    seq: int
    known: bytes | None


def take_stock(view: View, index: SearchIndex, query: str) -> Stock:
    """Ask a query, so that later can be told what is new; raises ``InvalidInput`` where it is none."""
    if len(query) > QUERY_MAX:
        raise InvalidInput(f"a query of {len(query):,} characters is longer than {QUERY_MAX:,}", code="bad-query")
    question = read_question(query)
    found = find_all(view, index, question, KNOWN_MAX + 1)
    known = b"".join(one.bytes for one in found.ids) if len(found.ids) <= KNOWN_MAX else None
    return Stock(query=query_of(question), seq=found.seq, known=known)


def take_stock_of_kept(view: View, index: SearchIndex, search_id: UUID | str) -> Stock:
    """Ask what a saved search asks; one that makes sense no more finds nothing, so that its owner can leave it behind.

    Raises ``NotFound`` as ``get_search`` does.
    """
    search, seq = get_search(view, search_id), index.seq
    try:
        return take_stock(view, index, search.query)
    except (InvalidInput, NotFound):
        return Stock(query=search.query, seq=seq, known=b"")


def visible_searches(view: View) -> Select[SavedSearch]:
    """Return the query over saved searches that the viewer may know of."""
    mine = SavedSearch.owner_id == view.viewer.person_id
    return select(SavedSearch).where(SavedSearch.removed_at.is_(None), or_(mine, SavedSearch.shared, _shown_to(view)))


def get_search(view: View, search_id: UUID | str) -> SavedSearch:
    """Return one saved search; ``NotFound`` if it is absent, removed or somebody else's alone."""
    wanted = find_id(search_id) if isinstance(search_id, str) else search_id
    found = view.session.scalar(visible_searches(view).where(SavedSearch.id == wanted)) if wanted else None
    if found is None or not may_read(view, found):
        raise NotFound(f"there is no saved search {str(search_id)[:80]!r}", code="unknown-search")
    return found


def page_searches(view: View, paging: Paging, whose: WhoseSearches | None = None) -> Page[SavedSearch]:
    """Return saved searches, those that were changed last first.

    A page lacks those of others that name a show or an asset which the viewer may not know of.
    """
    query = visible_searches(view).order_by(SavedSearch.updated_at.desc(), SavedSearch.id.desc())
    mine = SavedSearch.owner_id == view.viewer.person_id
    if whose is WhoseSearches.MINE:
        query = query.where(mine)
    elif whose is not None:
        query = query.where(not_(mine), SavedSearch.shared if whose is WhoseSearches.STUDIO else _shown_to(view))
    if paging.cursor:
        query = query.where(tuple_(SavedSearch.updated_at, SavedSearch.id) < decode_place_in_time(paging.cursor))
    rows = view.session.scalars(query.limit(paging.limit + 1)).all()
    page = page_of(rows, paging.limit, lambda one: place_in_time(one.updated_at, one.id))
    return replace(page, items=tuple(one for one in page.items if may_read(view, one)))


def may_govern(view: View, search: SavedSearch) -> bool:
    """Whether the viewer says who sees a search: its owner does, and in their absence who manages accounts."""
    return search.owner_id == view.viewer.person_id or view.viewer.can(Ability.MANAGE_ACCOUNTS)


def may_read(view: View, search: SavedSearch) -> bool:
    """Whether a search is one's own, or names no show and no asset that the viewer may not know of."""
    if search.owner_id == view.viewer.person_id:
        return True
    try:
        question = read_question(search.query)
        if question.like:
            get_asset(view, question.like)
        named = [*question.selections.get(Facet.SHOW, ()), *question.excluded.get(Facet.SHOW, ())]
        if may_name_fields(question.text):  # most do not, and many stand on one page
            read = read_for(view, question.text)
            named += read.values(Facet.SHOW)
            if not knows_users(view, read):
                return False
    except (InvalidInput, NotFound):
        return False
    keys = {value.casefold() for value in named}
    if not keys:
        return True
    known = visible_shows(view).where(Show.code_key.in_(keys)).with_only_columns(Show.code_key)
    return keys == set(view.session.scalars(known))


def count_news(view: View, searches: Several[SavedSearch]) -> dict[UUID, int]:
    """Return how much is new in each of these saved searches that is the viewer's own."""
    query = _news(view).with_only_columns(SavedSearchNews.search_id, func.count()).group_by(SavedSearchNews.search_id)
    found = dict(view.session.execute(query.where(SavedSearch.id.in_([one.id for one in searches]))).all())
    return {one.id: found.get(one.id, 0) for one in searches if one.owner_id == view.viewer.person_id}


def count_all_news(view: View) -> int:
    """Return how many assets are new in any of the viewer's saved searches, each once; no more than ``COUNTED_MAX``."""
    some = _news(view).with_only_columns(SavedSearchNews.asset_id).distinct().limit(COUNTED_MAX)
    return view.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def page_news(view: View, search: SavedSearch, paging: Paging) -> Page[Asset]:
    """Return what is new in a saved search, last registered first; nothing of one that is somebody else's."""
    query = _news(view).where(SavedSearch.id == search.id)
    total = view.session.scalar(query.with_only_columns(func.count())) or 0
    ordered = query.order_by(SavedSearchNews.asset_id.desc())
    if paging.cursor:
        ordered = ordered.where(SavedSearchNews.asset_id < decode_id_cursor(paging.cursor))
    rows = view.session.scalars(ordered.limit(paging.limit + 1)).all()
    page = page_of(rows, paging.limit, lambda one: [str(one.asset_id)])
    assets = assets_by_id(view, [one.asset_id for one in page.items])
    return Page(items=tuple(assets[one.asset_id] for one in page.items), next_cursor=page.next_cursor, total=total)


def first_news(view: View, searches: Several[SavedSearch], each: int) -> dict[UUID, list[Asset]]:
    """Return the first of what is new in several of the viewer's saved searches, last registered first, by search."""
    latest = func.row_number().over(partition_by=SavedSearchNews.search_id, order_by=SavedSearchNews.asset_id.desc())
    columns = (SavedSearchNews.search_id, SavedSearchNews.asset_id, latest.label("place"))
    ranked = _news(view).where(SavedSearch.id.in_([one.id for one in searches])).with_only_columns(*columns).subquery()
    first = select(ranked.c.search_id, ranked.c.asset_id).where(ranked.c.place <= each)
    rows = view.session.execute(first.order_by(ranked.c.search_id, ranked.c.place)).all()
    assets = assets_by_id(view, [asset_id for _, asset_id in rows])
    found: dict[UUID, list[Asset]] = {}
    for search_id, asset_id in rows:
        found.setdefault(search_id, []).append(assets[asset_id])
    return found


def _shown_to(view: View) -> ColumnElement[bool]:
    """Return the condition that a search is shown to the viewer, by name or through a group."""
    named = or_(SavedSearchShare.user_id == view.viewer.person_id, SavedSearchShare.group_id.in_(view.viewer.groups))
    return SavedSearch.id.in_(select(SavedSearchShare.search_id).where(named))


def _news(view: View) -> Select[SavedSearchNews]:
    """Return the query over what is new in the viewer's saved searches, of what they may know of."""
    theirs = and_(SavedSearch.owner_id == view.viewer.person_id, SavedSearch.removed_at.is_(None))
    return (
        select(SavedSearchNews)
        .join(SavedSearch, SavedSearch.id == SavedSearchNews.search_id)
        .join(Asset, Asset.id == SavedSearchNews.asset_id)
        .where(theirs, visible_to(view))
    )
