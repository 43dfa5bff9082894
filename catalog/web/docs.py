"""``/docs``: how to speak to the catalog: the API by noun, command line, Python client, guides, and searching them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.search.facets import field_of
from catalog.web import examples
from catalog.web.guides import CHANGES, found_in, guides
from catalog.web.route import Reply, Route, Shown

if TYPE_CHECKING:
    from catalog.web.manual import Described, Manual
    from catalog.web.route import Call
    from catalog.work.view import View

FOUND_MAX = 50


def show_docs(call: Call, _view: View) -> Reply:
    """Show what there is to read, or where it speaks of what is looked for."""
    words = tuple((call.asked("q") or "").casefold().split())
    operations = tuple(call.manual().naming(words))[:FOUND_MAX] if words else ()
    places = [(guide, heading) for guide in guides().values() if words and (heading := found_in(guide, words))]
    values = {
        "text": call.asked("q") or "",
        "operations": operations,
        "places": places,
        "guides": [guide for guide in guides().values() if guide.folder != "reference" and guide.name != CHANGES],
        "references": [guide for guide in guides().values() if guide.folder == "reference"],
    }
    return Shown(template="docs/index.html", values=_around(call) | values)


def show_api(call: Call, _view: View) -> Reply:
    """List all operations by what they are about."""
    manual = call.manual()
    by_noun = [(noun, manual.of(noun)) for noun in manual.nouns]
    return Shown(template="docs/api.html", values=_around(call) | {"by_noun": by_noun, "shared": manual.shared})


def show_noun(call: Call, _view: View) -> Reply:
    """Show the operations on something in full. What a list page was asked for stands in the call of its operation."""
    operations = call.manual().of(call.path["noun"])
    if not operations:
        raise NotFound(f"the API has no {call.path['noun'][:40]!r}", code="unknown-page")
    asked = call.asked("operation")
    shown = [_as_asked(call, one) if one.name == asked else one for one in operations]
    return Shown(template="docs/noun.html", values=_around(call) | {"noun": call.path["noun"], "operations": shown})


def show_cli(call: Call, _view: View) -> Reply:
    """Show the reference of the command line."""
    return _guide(call, "cli")


def show_python(call: Call, _view: View) -> Reply:
    """Show the reference of the Python client."""
    return _guide(call, "client")


def show_guide(call: Call, _view: View) -> Reply:
    """Show one guide."""
    return _guide(call, call.path["name"])


def _guide(call: Call, name: str) -> Shown:
    guide = guides().get(name)
    if guide is None:
        raise NotFound(f"there is no guide {name[:40]!r}", code="unknown-page")
    return Shown(template="docs/guide.html", values=_around(call) | {"guide": guide})


def _around(call: Call) -> dict[str, object]:
    manual: Manual = call.manual()
    return {"version": manual.version, "nouns": manual.nouns, "has_changes": CHANGES in guides(), "text": ""}


def _as_asked(call: Call, one: Described) -> Described:
    """Return the operation with the call that answers what a page was asked; what it does not take is left out."""
    named = dict(call.pairs)
    taken = {field.name for field in one.parameters} - {"code", "cursor", "id"}
    asked = [(name, value) for name, value in map(_as_sent, call.pairs) if name in taken and value]
    path = one.sample_path
    for name in ("code", "id"):
        if named.get(name) and one.path.count("{") == one.path.count(f"{{{name}}}") == 1:
            path = one.path.replace(f"{{{name}}}", quote(named[name]))
    address = path + (f"?{urlencode(asked)}" if asked else "")
    first = replace(one.examples[0], text=examples.curl(call.house.settings.base_url.rstrip("/"), one.method, address))
    return replace(one, examples=(first, *one.examples[1:]))


def _as_sent(pair: tuple[str, str]) -> tuple[str, str]:
    """Return a filter of the search page as the API takes it: what is left out is marked before the value.

    A custom field stands there, too: ``field=-vendor=acme``.
    """
    said, value = pair
    name, sign = said.removeprefix("-"), "-" if said.startswith("-") else ""
    field = field_of(name)
    return ("field", f"{sign}{field}={value}") if field else (name, f"{sign}{value}")


ROUTES = (
    Route(name="docs", path="/docs", ability=Ability.BROWSE, read=show_docs),
    Route(name="docs_api", path="/docs/api", ability=Ability.BROWSE, read=show_api),
    Route(name="docs_noun", path="/docs/api/{noun}", ability=Ability.BROWSE, read=show_noun),
    Route(name="docs_cli", path="/docs/cli", ability=Ability.BROWSE, read=show_cli),
    Route(name="docs_python", path="/docs/python", ability=Ability.BROWSE, read=show_python),
    Route(name="docs_guide", path="/docs/guides/{name}", ability=Ability.BROWSE, read=show_guide),
)
