"""``/searches``: the searches that somebody keeps, what is new in each, and those that others share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from catalog.accounts.queries import logins_of
from catalog.collections import saved, saving, sharing
from catalog.collections.saving import SavedSearchChange
from catalog.collections.vocabulary import NEWS_MAX, SEARCHES_MAX, WhoseSearches
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Paging
from catalog.kernel.unsaid import UNSAID
from catalog.search.questions import query_of, read_question
from catalog.web import search_address
from catalog.web.cards import cards_of
from catalog.web.facets import titles_of, words_of
from catalog.web.forms import revision_of
from catalog.web.languages import gettext
from catalog.web.route import Moved, Reply, Route, Shown
from catalog.web.shares import read_shares, written
from catalog.web.wording import counted, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.collections.models import SavedSearch
    from catalog.collections.saved import Stock
    from catalog.web.cards import Card
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

FIRST = 6
"""So much of what is new is seen of each in the list."""
PER_PAGE = 60


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A saved search as pages show it. ``news`` is how much is new, None where it is somebody else’s."""

    search: SavedSearch
    words: tuple[str, ...]
    url: str
    owner: str | None
    news: int | None
    cards: Sequence[Card] = ()

    @property
    def much(self) -> str:
        """How much is new, in words; where very much came at once, no more of it is kept."""
        news = self.news or 0
        if news >= NEWS_MAX:
            return gettext("%(count)s or more new", count=number(news))
        return counted(news, "%(count)s new", "%(count)s new")


def show_all(call: Call, view: View) -> Shown:
    """Show the viewer's saved searches, what is new first, and by pages those shown by name and the studio's."""
    cursor, named_cursor = call.asked("cursor"), call.asked("named")
    mine = kept_of(view, saved.page_searches(view, Paging(limit=SEARCHES_MAX), WhoseSearches.MINE).items, cards=FIRST)
    named = saved.page_searches(view, Paging(limit=PER_PAGE, cursor=named_cursor), WhoseSearches.SHARED)
    shared = saved.page_searches(view, Paging(limit=PER_PAGE, cursor=cursor), WhoseSearches.STUDIO)
    values = {
        "mine": sorted(mine, key=lambda one: not one.news),
        "named": kept_of(view, named.items),
        "named_next": named.next_cursor,
        "named_cursor": named_cursor,
        "shared": kept_of(view, shared.items),
        "next_cursor": shared.next_cursor,
        "cursor": cursor,
    }
    return Shown(template="searches.html", values=values)


def show(call: Call, view: View) -> Shown:
    """Show what is new in a saved search, and the forms that change it."""
    search = saved.get_search(view, call.path["id"])
    cursor = call.said("cursor")
    page = saved.page_news(view, search, Paging(limit=PER_PAGE, cursor=cursor))
    (kept,) = kept_of(view, [search])
    changes = saved.may_govern(view, search) and view.viewer.can(Ability.COLLECT)
    values = {
        "kept": kept,
        "cards": cards_of(view, page.items),
        "next_cursor": page.next_cursor,
        "cursor": cursor,
        "changes": changes,
        "share_lines": "\n".join(map(written, sharing.told_of_searches(view, [search])[search.id])) if changes else "",
    }
    return Shown(template="saved_search.html", values=values)


def show_new(call: Call, view: View) -> Shown:
    """Show the form that keeps the search of this address."""
    query = query_of(read_question(call.form.get("query") or urlencode(call.pairs)))
    mine = saved.page_searches(view, Paging(limit=SEARCHES_MAX), WhoseSearches.MINE).items
    address = _address(query)
    values = {
        "query": query,
        "words": words_of(address, titles_of(view)),
        "url": address.url(),
        "mine": mine,
        "suggested": address.text,
    }
    return Shown(template="new_search.html", values=values)


def kept_of(view: View, searches: Sequence[SavedSearch], cards: int = 0) -> list[Kept]:
    """Return saved searches as pages show them, each with the first cards of what is new in it."""
    counts, owners = saved.count_news(view, searches), logins_of(view, {one.owner_id for one in searches})
    first = saved.first_news(view, searches, cards) if cards else {}
    assets = {asset.id: asset for several in first.values() for asset in several}
    shown = dict(zip(assets, cards_of(view, list(assets.values())), strict=True))
    titles = titles_of(view)
    found = []
    for one in searches:
        address = _address(one.query)
        found.append(
            Kept(
                search=one,
                words=words_of(address, titles),
                url=address.url(),
                owner=owners.get(one.owner_id),
                news=counts.get(one.id),
                cards=[shown[asset.id] for asset in first.get(one.id, ())],
            )
        )
    return found


def keep(call: Call, work: UnitOfWork) -> Reply:
    """Keep a search, or let one that is kept ask this from now on."""
    title, instead = call.form.get("title", ""), call.form.get("instead", "")
    if instead:
        search = saving.change(work, instead, SavedSearchChange(stock=call.prepared))
        saying = gettext("“%(title)s” asks this from now on.", title=search.title)
    else:
        search = saving.save(work, title, call.prepared, shared="shared" in call.form)
        saying = gettext("“%(title)s” is kept. What comes to it is told on this page.", title=search.title)
    return Moved(page="searches", saying=saying)


def change(call: Call, work: UnitOfWork) -> Reply:
    """Change a saved search."""
    stock = UNSAID if call.prepared is None else call.prepared
    said = SavedSearchChange(
        title=call.form.get("title", ""),
        shared="shared" in call.form,
        shares=read_shares(call.form["shares"]) if "shares" in call.form else UNSAID,
        stock=stock,
    )
    search = saving.change(work, call.path["id"], said, if_revision=revision_of(call))
    return Moved(page="saved_search", arguments={"id": search.id}, saying=gettext("The search is changed."))


def look(call: Call, work: UnitOfWork) -> Reply:
    """Count nothing of what it finds as new any more."""
    saving.look(work, call.path["id"], call.prepared)
    return Moved(page="searches")


def remove(call: Call, work: UnitOfWork) -> Reply:
    """Keep a search no longer."""
    saving.remove(work, call.path["id"])
    return Moved(page="searches", saying=gettext("The search is removed. What it finds is where it was."))


def _stock_of_form(call: Call) -> Stock:
    with call.house.desk.view(call.actor) as view:
        return saved.take_stock(view, call.house.index, call.form.get("query", ""))


def _stock_of_change(call: Call) -> Stock | None:
    """Ask another query; the one that is kept is not asked, for it may make sense no more."""
    query = call.form.get("query")
    with call.house.desk.view(call.actor) as view:
        if query is None or query == saved.get_search(view, call.path["id"]).query:
            return None
        return saved.take_stock(view, call.house.index, query)


def _stock_of_kept(call: Call) -> Stock:
    with call.house.desk.view(call.actor) as view:
        return saved.take_stock_of_kept(view, call.house.index, call.path["id"])


def _address(query: str) -> search_address.SearchAddress:
    return search_address.read(parse_qs(query))


_BROWSE, _COLLECT = Ability.BROWSE, Ability.COLLECT
ROUTES = (
    Route(name="searches", path="/searches", ability=_BROWSE, read=show_all),
    Route(name="new_search", path="/searches/new", ability=_COLLECT, read=show_new),
    Route(name="keep_search", path="/searches", ability=_COLLECT, prepare=_stock_of_form, write=keep, again=show_new),
    Route(name="saved_search", path="/searches/{id}", ability=_BROWSE, read=show),
    Route(
        name="change_search",
        path="/searches/{id}",
        ability=_COLLECT,
        prepare=_stock_of_change,
        write=change,
        again=show,
    ),
    Route(name="look_at_search", path="/searches/{id}/look", ability=_COLLECT, prepare=_stock_of_kept, write=look),
    Route(name="remove_search", path="/searches/{id}/removal", ability=_COLLECT, write=remove),
)
