"""``/assets/typeahead?q=``: what a search that is being typed may be about to say, in a list below the field.

With ``as=chips`` what is no asset, for the search itself, whose results are the assets; its filters stay.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from catalog.assets.queries import assets_by_id
from catalog.collections import suggesting
from catalog.kernel.abilities import Ability
from catalog.search.vocabulary import SuggestionKind
from catalog.web import search_address
from catalog.web.cards import cards_of
from catalog.web.languages import gettext, marked
from catalog.web.route import Reply, Route, Shown
from catalog.web.search_address import SearchAddress

if TYPE_CHECKING:
    from catalog.collections.suggesting import Offer
    from catalog.web.cards import Card
    from catalog.web.route import Call
    from catalog.work.view import View

ROWS = 8
LETTERS_MIN = 2
"""Of Latin and its like; one character of Chinese says enough."""


KINDS: dict[SuggestionKind, str] = {
    SuggestionKind.TAG: marked("Tag"),
    SuggestionKind.SHOW: marked("Show"),
    SuggestionKind.SEARCH: marked("Saved search"),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A search with its count and what it is: a tag, a show, a saved one; or an asset with its card."""

    words: str
    kind: str
    url: str | None
    count: int | None
    card: Card | None


def typeahead(call: Call, view: View) -> Reply:
    """Show what may be meant by what was typed so far; nothing for a text that says too little."""
    text = call.asked("q") or ""
    found = suggesting.suggest(view, call.house.index, text, ROWS) if _says_enough(text) else ()
    within = SearchAddress()
    if chips := call.asked("as") == "chips":
        found = tuple(one for one in found if one.query is not None)
        within = search_address.read(call.query)
        # Another value of a facet that is chosen would find more, not less.
        found = tuple(one for one in found if not _facets_of(one).intersection(within.included))
    assets = assets_by_id(view, [one.asset_id for one in found if one.asset_id])
    cards = {card.code: card for card in cards_of(view, list(assets.values()))}
    values = {"text": text, "rows": [_row(one, cards, within) for one in found]}
    part = "search/chips_part.html" if chips else "search/typeahead_part.html"
    return Shown(template="search/typeahead.html", values=values, part=part)


def _says_enough(text: str) -> bool:
    letters = text.strip()
    return len(letters) >= LETTERS_MIN or any(unicodedata.category(letter) == "Lo" for letter in letters)


def _facets_of(one: Offer) -> frozenset[str]:
    """Return what a tag or a show narrows by; a saved search is a search of its own."""
    if one.query is None or one.kind is SuggestionKind.SEARCH:
        return frozenset()
    return frozenset(search_address.read(parse_qs(one.query)).included)


def _row(one: Offer, cards: dict[str, Card], within: SearchAddress) -> Row:
    if one.query is None:
        return Row(words=one.text, kind="", url=None, count=1, card=cards[one.code or ""])
    address, count = search_address.read(parse_qs(one.query)), one.count
    if one.kind is not SuggestionKind.SEARCH and within.saying("") != SearchAddress():
        # What was typed is this value; how many have it among what the filters leave, the search itself will say.
        ((facet, (value,)),) = address.included.items()
        address = within.saying("").including(facet, value)
        count = None if within.saying("").narrows else count
    return Row(words=one.text, kind=gettext(KINDS[one.kind]), url=address.url(), count=count, card=None)


ROUTES = (Route(name="typeahead", path="/assets/typeahead", ability=Ability.BROWSE, read=typeahead),)
