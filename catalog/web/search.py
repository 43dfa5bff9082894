"""``/assets``: the search page, which is also the first page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalog.collections import queries as collections
from catalog.collections.vocabulary import Whose
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Paging
from catalog.search import queries
from catalog.search.notices import SENTENCES
from catalog.search.queries import Question
from catalog.search.vocabulary import Sort
from catalog.web import search_address
from catalog.web.cards import cards_of
from catalog.web.facets import boxes_of, chips_of, titles_of
from catalog.web.histograms import histograms_of
from catalog.web.languages import gettext, marked
from catalog.web.route import Moved, Reply, Route, Shown
from catalog.web.search_address import SearchAddress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.collections.models import Collection
    from catalog.search.notices import Notice
    from catalog.search.queries import SearchPage
    from catalog.web.facets import Chip
    from catalog.web.route import Call
    from catalog.work.view import View

PER_PAGE = 60
VALUES = 24
"""Of a facet, a page counts so many values, more than it shows: a histogram shows them all."""

SHELVES = 6
"""So many collections of one's own stand above everything."""
REMEDIES_MAX = 8
REMARKS_MAX = 3
AROUND = 60
"""So many characters beside a mistake are shown."""
SORT_LABELS: dict[Sort, str] = {
    Sort.RELEVANCE: marked("Relevance"),
    Sort.NEWEST: marked("Newest"),
    Sort.NAME: marked("Name"),
    Sort.REUSED: marked("Most reused"),
}


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """What a search that finds nothing would find without one of its filters."""

    words: str
    total: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What of the text was not read as it was meant: the place within its text, in words, and the search mended."""

    before: str
    place: str
    after: str
    words: str
    better: str | None
    url: str | None


@dataclass(frozen=True, kw_only=True)
class Order:
    """One way to sort, as a link."""

    label: str
    url: str
    current: bool


def first_page(_call: Call, _view: View) -> Reply:
    """Send people to the search, which is where everything begins."""
    return Moved(page="search")


def search(call: Call, view: View) -> Reply:
    """Show what is found, with facets; an address that is spelled differently goes to the canonical one."""
    address = search_address.read(call.query)
    if not search_address.is_canonical(address, call.pairs):
        return Moved(to=address.url())
    titles = titles_of(view)
    question = question_of(address, limit=PER_PAGE, facets=tuple(titles))
    found = queries.search(view, call.house.index, replace(question, most=VALUES))
    chips = chips_of(found, address, titles)
    values = {
        "address": address,
        "found": found,
        "cards": cards_of(view, found.assets),
        "boxes": boxes_of(found, address, titles),
        "histograms": histograms_of(found, address),
        "chips": chips,
        "notices": [_remark(one, address) for one in found.notices[:REMARKS_MAX]],
        "orders": _orders(address),
        "shelves": _shelves(view) if address == SearchAddress() else None,
        "exported": _exported(address, found),
        "following": address.following(found.next_cursor).url() if found.next_cursor else None,
        # With one filter only, the remedy is to show everything, and that is offered anyway.
        "remedies": _remedies(call, view, chips) if not found.total and len(chips) > 1 else (),
    }
    return Shown(template="search.html", values=values, part="search/part.html")


def question_of(address: SearchAddress, limit: int, facets: Sequence[str]) -> Question:
    """Return what an address asks."""
    return Question(
        text=address.text,
        like=address.like,
        selections=address.included,
        excluded=address.excluded,
        facets=facets,
        sort=address.order,
        priors=address.priors,
        limit=limit,
        cursor=address.cursor,
    )


def _remark(notice: Notice, address: SearchAddress) -> Remark:
    text = address.text
    better = (notice.mended(text) or "").strip()
    return Remark(
        before=text[max(notice.start - AROUND, 0) : notice.start],
        place=text[notice.start : min(notice.end, notice.start + AROUND)],
        after=text[notice.end : notice.end + AROUND],
        words=gettext(SENTENCES[notice.mistake], **dict(notice.said)),
        better=better or None,
        url=address.saying(better).url() if better else None,
    )


def _shelves(view: View) -> list[tuple[Collection, int]]:
    """Return the viewer's own collections, those changed last first, with how many assets are in each."""
    mine = collections.page_collections(view, Paging(limit=SHELVES), Whose.MINE).items
    counts = collections.count_items(view, mine)
    return [(one, counts[one.id]) for one in mine]


def _exported(address: SearchAddress, found: SearchPage) -> list[tuple[str, str]]:
    """Return what an export of all that is found here asks; of what was meant, where that was answered."""
    asked = address.saying(found.did_you_mean) if found.did_you_mean else address.following(None)
    return asked.pairs()


def _orders(address: SearchAddress) -> list[Order]:
    return [
        Order(label=gettext(label), url=address.ordered(sort).url(), current=address.order is sort)
        for sort, label in SORT_LABELS.items()
        if address.ranked or sort is not Sort.RELEVANCE
    ]


def _remedies(call: Call, view: View, chips: Sequence[Chip]) -> list[Remedy]:
    """Ask again without each filter; most helpful first, and only those that help."""

    def found_without(chip: Chip) -> SearchPage:
        return queries.search(view, call.house.index, question_of(chip.without, limit=1, facets=()))

    remedies = [
        Remedy(words=chip.words, total=found_without(chip).total, url=chip.without.url())
        for chip in chips[:REMEDIES_MAX]
    ]
    return sorted((one for one in remedies if one.total), key=lambda one: -one.total)


ROUTES = (
    Route(name="home", path="/", ability=Ability.BROWSE, read=first_page),
    Route(name="search", path=search_address.PATH, ability=Ability.BROWSE, read=search),
)
