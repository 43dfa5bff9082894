"""``/assets/facet/<name>``: all values of one facet of a search, with a box that filters them. Needs no scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.search import queries
from catalog.search.queries import Question
from catalog.search.text import fold
from catalog.web import search_address
from catalog.web.facets import choices_of, label_of, titles_of
from catalog.web.route import Reply, Route, Shown

if TYPE_CHECKING:
    from catalog.web.route import Call
    from catalog.work.view import View

LISTED = 250
"""So many values are on the page; the box finds the others."""
ZEROS = 5_000
NAMED_MAX = 200


def facet_page(call: Call, view: View) -> Reply:
    """Show the values of a facet, those that were chosen first, then the most frequent."""
    name = call.path["name"]
    titles = titles_of(view)
    if name not in titles:
        raise NotFound(f"there is no facet {name[:40]!r}; there are {', '.join(titles)}", code="unknown-facet")
    facet = name
    address = search_address.read(call.query).following(None)
    named = (call.asked("named") or "").strip()[:NAMED_MAX]
    question = Question(
        text=address.text,
        like=address.like,
        selections=address.included,
        excluded=address.excluded,
        facets=[facet],
        zeros=ZEROS,
        limit=1,
    )
    found = queries.search(view, call.house.index, question)
    key = fold(named)
    fitting = [
        one
        for one in found.facets[facet]
        if one.selected or key in fold(label_of(facet, one)) or key in fold(one.value)
    ]
    values = {
        "facet": facet,
        "title": titles[facet],
        "address": address,
        "named": named,
        "choices": choices_of(facet, fitting, address, LISTED),
        "beyond": max(0, len(fitting) - LISTED),
        "kept": [(other, value) for other, value in address.pairs() if other != facet],
    }
    return Shown(template="search/facet.html", values=values)


ROUTES = (Route(name="facet", path=f"{search_address.PATH}/facet/{{name}}", ability=Ability.BROWSE, read=facet_page),)
