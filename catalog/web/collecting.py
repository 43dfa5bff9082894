"""Adding to collections from anywhere, and what is done with their items: noted, moved, dropped, exported."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from catalog.assets import resolving
from catalog.assets.naming import parse_reference
from catalog.assets.queries import assets_by_id, assets_named, named_by
from catalog.assets.vocabulary import Platform
from catalog.collections import collecting, exporting, keeping, links, queries
from catalog.collections.collecting import ItemChange
from catalog.collections.vocabulary import TOGETHER_MAX
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput, NotFound
from catalog.kernel.exports import Exported
from catalog.kernel.ids import find_id
from catalog.licensing import gate
from catalog.licensing.gate import How, Release, Use
from catalog.web.cards import cards_of
from catalog.web.collections import show
from catalog.web.exports import as_file, for_spreadsheets, form_of
from catalog.web.forms import find_number, revision_of, words_of
from catalog.web.languages import gettext, ngettext
from catalog.web.route import Moved, Reply, Route, Shown
from catalog.web.signing import inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.assets.resolving import Resolved
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

SHOWN = 8
"""So many of the assets that are about to be added are shown."""


def choose(call: Call, view: View) -> Shown:
    """Ask into which collection assets go: those last added to come first, and a new one can be begun."""
    references = words_of(call.form.get("assets", "")) or tuple(call.query.get("asset", ()))
    if not 1 <= len(references) <= TOGETHER_MAX:
        raise InvalidInput(f"{len(references)} assets cannot be added together; name 1 to {TOGETHER_MAX}")
    read = [parse_reference(text) for text in references]
    found = assets_named(view, read)
    ids = list(dict.fromkeys(named_by(one, found)[0].id for one in read))
    assets = assets_by_id(view, ids[:SHOWN])
    collections = queries.collections_to_fill(view)
    counts = queries.count_items(view, collections)
    values = {
        "references": references,
        "cards": cards_of(view, [assets[asset_id] for asset_id in ids[:SHOWN]]),
        "beyond": max(0, len(ids) - SHOWN),
        "collections": [(one, counts[one.id]) for one in collections],
        "next": inside(call.form.get("next") or call.asked("next")),
    }
    return Shown(template="collection/add.html", values=values, part="collection/add_part.html")


def add(call: Call, work: UnitOfWork) -> Reply:
    """Add assets to a collection, or to one that begins with them."""
    form = call.form
    chosen, title = form.get("collection", ""), form.get("title", "")
    if not chosen and not title.strip():
        raise InvalidInput("choose a collection, or give a new one a title", code="no-collection")
    collection_id = chosen or keeping.create(work, title).id
    added = collecting.add(work, collection_id, words_of(form.get("assets", "")))
    if "dialog" in form:
        told = {"id": added.collection.id, "added": len(added.items), "already": added.already}
        return Moved(page="added", arguments=told)
    saying = _added(len(added.items), added.already, added.collection.title)
    return Moved(to=inside(form.get("next")), saying=saying)


def tell_added(call: Call, view: View) -> Shown:
    """Say what came of adding, in the dialog or on a page."""
    collection = queries.get_collection(view, call.path["id"])
    added, already = (find_number(call.asked(name) or "") or 0 for name in ("added", "already"))
    values = {"collection": collection, "saying": _added(added, already, collection.title)}
    return Shown(template="collection/added.html", values=values, part="collection/added_part.html")


def _added(added: int, already: int, title: str) -> str:
    if not added:
        return gettext("All of it is in “%(title)s” already.", title=title)
    now = ngettext(
        "%(count)s asset is in “%(title)s” now.",
        "%(count)s assets are in “%(title)s” now.",
        added,
        count=added,
        title=title,
    )
    there = ngettext("%(count)s was there already.", "%(count)s were there already.", already, count=already)
    return f"{now} {there}" if already else now


def change_item(call: Call, work: UnitOfWork) -> Reply:
    """Change an item's note, or the version that it names."""
    number = call.form.get("version", "").strip()
    if number and not find_number(number):
        raise InvalidInput(f"version {number[:20]!r} is no number; leave it empty for the latest", code="bad-version")
    said = ItemChange(note=call.form.get("note", ""), version=find_number(number) if number else None)
    collection, item = collecting.annotate(
        work, call.path["id"], _item(call.path["item"]), said, if_revision=revision_of(call)
    )
    return Moved(page="collection", arguments={"id": collection.id, **_where(call), "_anchor": f"item-{item.item.id}"})


def move(call: Call, work: UnitOfWork) -> Reply:
    """Move an item to a position, or before another; a position is counted in the order that its reader saw."""
    form = call.form
    item_id = _item(form.get("item", ""))
    if form.get("before"):
        collection = collecting.move(work, call.path["id"], [item_id], before=_item(form["before"]))
    else:
        position = find_number(form.get("position", "").strip())
        if not position:
            raise InvalidInput(
                f"position {form.get('position', '')[:20]!r} is no number from 1 on", code="bad-position"
            )
        collection = collecting.move(work, call.path["id"], [item_id], position=position, if_revision=revision_of(call))
    return Moved(page="collection", arguments={"id": collection.id, **_where(call), "_anchor": f"item-{item_id}"})


def drop(call: Call, work: UnitOfWork) -> Reply:
    """Take an item out."""
    collection = collecting.drop(work, call.path["id"], [_item(call.path["item"])])
    saying = gettext("It is no longer in the collection.")
    return Moved(page="collection", arguments={"id": collection.id, **_where(call)}, saying=saying)


def export(call: Call, _view: View) -> Reply:
    """Return a collection as CSV or JSON."""
    made = exporting.export(
        call.house.desk,
        call.actor,
        call.path["id"],
        call.asked("link"),
        form_of(call.asked("form")),
        bom=for_spreadsheets(call),
    )
    return as_file(made)


def look_up(call: Call) -> list[Resolved]:
    """Return what the items stand for, before the gate is asked."""
    with call.house.desk.view(call.actor) as view:
        names = exporting.every_name(view, call.path["id"], call.form.get("link") or None)
        return resolving.resolve_all(view, names, platform=_platform(call), site=call.house.settings.site)


def paths(call: Call, work: UnitOfWork) -> Reply:
    """Let the paths of all files out, as one entry, and return them one on each line."""
    site = call.house.settings.site
    resolved: Sequence[Resolved] = resolving.look_again(work.view, call.prepared, platform=_platform(call), site=site)
    collection = links.open_collection(work.view, call.path["id"], call.form.get("link") or None)
    releases = [Release(version=one.version) for one in resolved if one.version is not None]
    if releases:
        gate.admit(work, releases, Use(), How.EXPORT)
    lines = list(exporting.path_lines(resolved))
    body = "".join(f"{line}\n" for line in lines).encode()
    name, media_type = f"{collection.title}.txt", "text/plain; charset=utf-8"
    return as_file(Exported(count=len(lines), file_name=name, media_type=media_type, chunks=iter((body,))))


def _platform(call: Call) -> Platform:
    asked = call.form.get("platform", "")
    if asked not in set(Platform):
        raise InvalidInput(f"platform {asked[:20]!r} is none of {', '.join(Platform)}", code="bad-platform")
    return Platform(asked)


def _item(text: str) -> UUID:
    found = find_id(text)
    if found is None:
        raise NotFound(f"there is no item {text[:80]!r}", code="unknown-item")
    return found


def _where(call: Call) -> dict[str, str]:
    """Return on which page of the collection the form stood."""
    cursor = call.form.get("cursor")
    return {"cursor": cursor} if cursor else {}


_COLLECT = Ability.COLLECT
_ONE = "/collections/{id}"
ROUTES = (
    Route(name="choose_collection", path="/collections/add", ability=_COLLECT, read=choose),
    Route(name="add", path="/collections/add", ability=_COLLECT, write=add, again=choose),
    Route(name="added", path=f"{_ONE}/added", ability=Ability.BROWSE, read=tell_added),
    Route(name="change_item", path=f"{_ONE}/items/{{item}}", ability=_COLLECT, write=change_item, again=show),
    Route(name="drop", path=f"{_ONE}/items/{{item}}/removal", ability=_COLLECT, write=drop, again=show),
    Route(name="move", path=f"{_ONE}/moves", ability=_COLLECT, write=move, again=show),
    Route(name="export", path=f"{_ONE}/export", ability=Ability.BROWSE, read=export),
    Route(
        name="collection_paths",
        path=f"{_ONE}/paths",
        ability=Ability.RELEASE,
        prepare=look_up,
        write=paths,
        again=show,
    ),
)
