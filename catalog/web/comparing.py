"""``/assets/<code>/comparison?a=1&b=2``: two versions beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.assets import queries
from catalog.assets.comparing import LISTED_MAX, compare
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.kernel.paging import Paging
from catalog.media import queries as media
from catalog.web import facts
from catalog.web.assets import head_of
from catalog.web.cards import largest_of
from catalog.web.route import Reply, Route, Shown
from catalog.web.versions import read_number

if TYPE_CHECKING:
    from catalog.assets.models import AssetVersion
    from catalog.web.route import Call
    from catalog.work.view import View

OFFERED_MAX = 200
FACTS_MAX = 100


@dataclass(frozen=True, kw_only=True)
class FactMoved:
    """A fact of a file that reads otherwise now; what is None was not measured."""

    path: str
    words: str
    before: str | None
    after: str | None


def comparison(call: Call, view: View) -> Reply:
    """Show what became other between two versions: by default between the two latest."""
    asset = queries.get_asset(view, call.path["code"])
    page = queries.page_versions(view, asset.code, Paging(limit=OFFERED_MAX))
    numbers = [version.number for version in page.items]
    if not numbers:
        raise NotFound(f"{asset.code} has no version to compare", code="unknown-version")
    after = _asked(call, "b", numbers[0])
    before = _asked(call, "a", next((number for number in numbers if number < after), after))
    old, new = (queries.get_version(view, asset.code, number) for number in (before, after))
    values = {
        "head": head_of(asset),
        "numbers": numbers,
        "old": old,
        "new": new,
        "found": compare(view, old, new),
        "listed": LISTED_MAX,
        "moved": facts_moved(view, old, new),
        "pictures": [largest_of(media.previews_of(view, version)) for version in (old, new)],
    }
    return Shown(template="asset/comparison.html", values=values)


def _asked(call: Call, name: str, default: int) -> int:
    asked = call.asked(name)
    return default if asked is None else read_number(asked)


def facts_moved(view: View, old: AssetVersion, new: AssetVersion) -> list[FactMoved]:
    """Return the facts that differ between files of one path."""
    before, after = ({file.path: file for file in facts.by_file(media.facts_of(view, one))} for one in (old, new))
    found = []
    for path in sorted(before.keys() & after.keys()):
        was, now = ({row.words: row.value for row in side[path].rows} for side in (before, after))
        found += [
            FactMoved(path=path, words=words, before=was.get(words), after=now.get(words))
            for words in dict.fromkeys([*was, *now])
            if was.get(words) != now.get(words)
        ]
    return found[:FACTS_MAX]


ROUTES = (Route(name="comparison", path="/assets/{code}/comparison", ability=Ability.BROWSE, read=comparison),)
