"""``/collections``: the lists that somebody keeps or is shown, and one of them with its items, sharing and exports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalog.accounts.queries import logins_of
from catalog.assets.vocabulary import Platform
from catalog.collections import keeping, links, queries, sharing
from catalog.collections.keeping import CollectionChange
from catalog.collections.vocabulary import LINK_DAYS_DEFAULT, LINK_DAYS_MAX, Access, ShareRole, Whose
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.paging import Paging
from catalog.media import queries as media
from catalog.web import wording
from catalog.web.cards import Card, cards_of, picture_of
from catalog.web.forms import find_number, revision_of
from catalog.web.languages import gettext, marked
from catalog.web.route import Moved, Reply, Route, Shown
from catalog.web.shares import read_shares, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.collections.models import Collection
    from catalog.collections.queries import Collected
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

SHELF = 12
PER_PAGE = 60
WHOSE_WORDS: dict[Whose, str] = {
    Whose.MINE: marked("Yours"),
    Whose.SHARED: marked("Shared with you"),
    Whose.STUDIO: marked("The studio’s"),
}
LIVES = (1, 7, LINK_DAYS_DEFAULT, 30, LINK_DAYS_MAX)


@dataclass(frozen=True, kw_only=True)
class Cover:
    """A collection as listings show it: its words, whose it is, and the pictures of its first assets."""

    collection: Collection
    access: Access
    owner: str | None
    count: int
    cards: Sequence[Card]


@dataclass(frozen=True, kw_only=True)
class Item:
    """An item as its collection shows it."""

    collected: Collected
    card: Card
    added_by: str | None

    @property
    def why(self) -> str | None:
        """Why it can no longer be taken."""
        absence = self.collected.absence
        return wording.status(absence.value) if absence else None


def covers_of(view: View, collections: Sequence[Collection]) -> list[Cover]:
    """Return collections as listings show them."""
    access, counts = queries.access_to(view, collections), queries.count_items(view, collections)
    owners = logins_of(view, {one.owner_id for one in collections})
    firsts = queries.covers_of(view, collections)
    every = {asset.id: asset for assets in firsts.values() for asset in assets}
    cards = dict(zip(every, cards_of(view, list(every.values())), strict=True))
    return [
        Cover(
            collection=one,
            access=access[one.id],
            owner=owners.get(one.owner_id),
            count=counts[one.id],
            cards=[cards[asset.id] for asset in firsts[one.id]],
        )
        for one in collections
    ]


def show_all(call: Call, view: View) -> Shown:
    """Show the collections that are the viewer's, shared with them, and the studio's; or all of one sort."""
    asked = call.asked("whose")
    if asked is not None and asked not in set(Whose):
        raise InvalidInput(f"whose {asked[:20]!r} is none of {', '.join(Whose)}", code="bad-whose")
    shelves = []
    for whose in Whose:
        if asked in {None, whose}:
            paging = Paging(limit=PER_PAGE if asked else SHELF, cursor=call.asked("cursor") if asked else None)
            page = queries.page_collections(view, paging, whose)
            shelves.append((whose, gettext(WHOSE_WORDS[whose]), covers_of(view, page.items), page.next_cursor))
    return Shown(template="collections.html", values={"shelves": shelves, "whose": asked})


def create(call: Call, work: UnitOfWork) -> Reply:
    """Begin a collection."""
    collection = keeping.create(work, call.form.get("title", ""), call.form.get("description", ""))
    return Moved(page="collection", arguments={"id": collection.id})


def show(call: Call, view: View) -> Shown:
    """Show a collection, as far as its viewer may see it, with the forms for what they may do."""
    secret, cursor = call.said("link"), call.said("cursor")
    collection = links.open_collection(view, call.path["id"], secret)
    page = queries.page_items(view, collection, Paging(limit=PER_PAGE, cursor=cursor))
    (cover,) = covers_of(view, [collection])
    owns = queries.may_govern(view, cover.access) and view.viewer.can(Ability.COLLECT)
    values = {
        "cover": cover,
        "items": items_of(view, page.items),
        "total": page.total,
        "next_cursor": page.next_cursor,
        "cursor": cursor,
        "secret_link": secret,
        "edits": cover.access is not Access.VIEW and view.viewer.can(Ability.COLLECT),
        "owns": owns,
        "platforms": [(platform.value, wording.platform(platform)) for platform in Platform],
        "platform": call.tastes.get("platform"),
        **(_sharing_of(view, collection) if owns else {}),
    }
    return Shown(template="collection.html", values=values, part="collection/items.html")


def _sharing_of(view: View, collection: Collection) -> dict[str, object]:
    (shares,) = sharing.told(view, [collection]).values()
    lines = [f"{written(one)} {one.role}" for one in shares]
    return {
        "shares": shares,
        "share_lines": "\n".join(lines),
        "links": links.links_of(view, collection),
        "lives": LIVES,
    }


def items_of(view: View, items: Sequence[Collected]) -> list[Item]:
    """Return items with their cards; one that names a version shows that version."""
    cards = cards_of(view, [one.asset for one in items])
    pictures = media.thumbnails_of_versions(view, [one.version for one in items if one.version is not None])
    logins = logins_of(view, {one.item.added_by_id for one in items})
    found = []
    for one, card in zip(items, cards, strict=True):
        if one.version is not None:
            picture = picture_of(pictures.get(one.version.id))
            card = replace(card, version=one.version.number, picture=picture or card.picture)  # noqa: PLW2901 — the same card
        found.append(Item(collected=one, card=card, added_by=logins.get(one.item.added_by_id)))
    return found


def change(call: Call, work: UnitOfWork) -> Reply:
    """Change a collection's words."""
    said = CollectionChange(title=call.form.get("title", ""), description=call.form.get("description", ""))
    collection = keeping.change(work, call.path["id"], said, if_revision=revision_of(call))
    return back(collection, gettext("The collection is changed."))


def share(call: Call, work: UnitOfWork) -> Reply:
    """Say who sees a collection."""
    studio = call.form.get("studio", "")
    if studio and studio not in set(ShareRole):
        raise InvalidInput(f"the studio may {', '.join(ShareRole)} or nothing, not {studio[:20]!r}", code="bad-share")
    shares = read_shares(call.form.get("shares", ""))
    said = CollectionChange(studio=ShareRole(studio) if studio else None, shares=shares)
    collection = keeping.change(work, call.path["id"], said, if_revision=revision_of(call))
    return back(collection, gettext("Who sees it is changed."))


def hand_over(call: Call, work: UnitOfWork) -> Reply:
    """Make it somebody else's."""
    said = CollectionChange(owner=call.form.get("owner", "").strip())
    collection = keeping.change(work, call.path["id"], said, if_revision=revision_of(call))
    return back(collection, gettext("The collection is theirs now; you may go on editing it."))


def remove(call: Call, work: UnitOfWork) -> Reply:
    """Remove a collection."""
    keeping.remove(work, call.path["id"])
    return Moved(page="collections", saying=gettext("The collection is removed. Its assets are where they were."))


def make_link(call: Call, work: UnitOfWork) -> links.MadeLink:
    """Make a link that opens it."""
    days = find_number(call.form.get("days", "")) or 0
    return links.make_link(work, call.path["id"], call.form.get("name", ""), days)


def show_link(call: Call, made: links.MadeLink) -> Reply:
    """Show the new link, this once."""
    with call.house.desk.view(call.actor) as view:
        shown = show(call, view)
    return replace(shown, values={**shown.values, "made": made}, part=None, secret=True)


def revoke_link(call: Call, work: UnitOfWork) -> Reply:
    """Let a link open nothing any more."""
    links.revoke_link(work, call.path["id"], call.path["link"])
    saying = gettext("The link opens nothing any more.")
    return Moved(page="collection", arguments={"id": call.path["id"], "_anchor": "sharing"}, saying=saying)


def back(collection: Collection, saying: str | None = None) -> Moved:
    """Return to a collection."""
    return Moved(page="collection", arguments={"id": collection.id}, saying=saying)


_COLLECT = Ability.COLLECT
ROUTES = (
    Route(name="collections", path="/collections", ability=Ability.BROWSE, read=show_all),
    Route(name="create_collection", path="/collections", ability=_COLLECT, write=create, again=show_all),
    Route(name="collection", path="/collections/{id}", ability=Ability.BROWSE, read=show),
    Route(name="change_collection", path="/collections/{id}", ability=_COLLECT, write=change, again=show),
    Route(name="share_collection", path="/collections/{id}/sharing", ability=_COLLECT, write=share, again=show),
    Route(name="hand_over", path="/collections/{id}/owner", ability=_COLLECT, write=hand_over, again=show),
    Route(name="remove_collection", path="/collections/{id}/removal", ability=_COLLECT, write=remove),
    Route(
        name="make_link",
        path="/collections/{id}/links",
        ability=_COLLECT,
        write=make_link,
        conclude=show_link,
        again=show,
    ),
    Route(name="revoke_link", path="/collections/{id}/links/{link}/revocation", ability=_COLLECT, write=revoke_link),
)
