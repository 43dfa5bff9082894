"""Which assets are tied to what a search text names: ``used_in:orion``. The database knows it, and no document.

Only what the viewer may know of is looked into, walked through and offered in place of what is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement

from catalog.assets.models import Asset
from catalog.assets.queries import visible_assets
from catalog.assets.relating import ids_built_into
from catalog.search.notices import Mistake, Notice, nearest
from catalog.search.terms import Linked, SearchText
from catalog.search.vocabulary import Link
from catalog.shows.models import Show
from catalog.shows.queries import visible_shows
from catalog.work.view import View

USERS_MAX = 8
USED_MAX = 10_000
"""So many shows and assets of one text are looked into, and so many assets that are used in one are searched."""

SHOWS_MAX = 2_000
BESIDE_MAX = 200
"""Among so many shows, and so many assets before and after a code, the nearest is looked for."""


@dataclass(frozen=True, kw_only=True)
class Ties:
    """The assets that are tied to each value of a text, and what is to be said of it."""

    ids: Mapping[tuple[Link, str], frozenset[UUID]] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


def ties_of(view: View, read: SearchText, most: int = USED_MAX) -> Ties:
    """Return what is used in the shows and assets that a text names, ``most`` at most of each.

    What the viewer knows nothing of has nothing in it.
    """
    said = read.linked(Link.USED_IN)
    if not said:
        return Ties()
    values = list(dict.fromkeys(one.value for one in said))[:USERS_MAX]
    users = _users(view, values)
    used = {value: ids_built_into(view, users[value], most + 1) if value in users else None for value in values}
    offers = {value: near for value in values if value not in users and (near := _nearest(view, value))}
    return Ties(
        ids={(Link.USED_IN, value): frozenset(ids[:most]) for value, ids in used.items() if ids},
        notices=tuple(_notices(said, used, offers, most)),
    )


def knows_users(view: View, read: SearchText) -> bool:
    """Whether the viewer may know of each show or asset that a text names as one that uses others."""
    named = list(dict.fromkeys(one.value for one in read.linked(Link.USED_IN)))
    return not named or len(_users(view, named)) == len(named)


def _users(view: View, values: Sequence[str]) -> dict[str, ColumnElement[bool]]:
    """Return which assets are meant by each value that is the code of a show, or of an asset, or of both."""
    shows = visible_shows(view).where(Show.code_key.in_(values)).with_only_columns(Show.code_key, Show.id)
    assets = visible_assets(view).where(Asset.code_key.in_(values)).with_only_columns(Asset.code_key, Asset.id)
    found: dict[str, ColumnElement[bool]] = {
        key: Asset.show_id == show_id for key, show_id in view.session.execute(shows)
    }
    for key, asset_id in view.session.execute(assets):
        itself = Asset.id == asset_id
        found[key] = found[key] | itself if key in found else itself
    return found


def _notices(
    said: Sequence[Linked], used: Mapping[str, Sequence[UUID] | None], offers: Mapping[str, str], most: int
) -> Iterator[Notice]:
    for one in said:
        start, end = one.at
        found, instead = ("found", one.value[:80]), None
        ids = used.get(one.value)
        if one.value not in used:
            mistake, words = Mistake.TOO_MANY_USERS, [("most", str(USERS_MAX))]
        elif ids is None:
            mistake, words, instead = Mistake.UNKNOWN_USER, [found], offers.get(one.value)
        elif len(ids) > most:
            mistake, words = Mistake.MANY_USED, [found, ("most", f"{most:,}")]
        else:
            continue
        yield Notice(mistake=mistake, start=start, end=end, said=tuple(words), instead=instead)


def _nearest(view: View, value: str) -> str | None:
    """Return the show, or the asset beside which the value would stand, that is most like it."""
    keys = visible_assets(view).with_only_columns(Asset.code_key, Asset.code)
    before = keys.where(Asset.code_key < value).order_by(Asset.code_key.desc()).limit(BESIDE_MAX)
    after = keys.where(Asset.code_key > value).order_by(Asset.code_key).limit(BESIDE_MAX)
    shows = visible_shows(view).with_only_columns(Show.code_key, Show.code).limit(SHOWS_MAX)
    known = {key: code for query in (before, after, shows) for key, code in view.session.execute(query)}
    near = nearest(value, known)
    return f"{Link.USED_IN}:{known[near]}" if near else None
