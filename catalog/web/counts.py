"""The numbers in the head of every page: what is new in one's saved searches, and what waits for one's review."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.assets import queries
from catalog.collections import saved
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import CatalogError

if TYPE_CHECKING:
    from catalog.house import House
    from catalog.kernel.actors import Actor

COUNTED_MAX = 100


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How much is new, and how many versions wait, up to 100."""

    news: int = 0
    waiting: int = 0


def counts(house: House, viewer: Actor) -> Counts:
    """Return both by one reading, of the time at which the page is written; 0 while the database does not answer."""
    with suppress(CatalogError), house.desk.view(viewer) as view:
        waiting = queries.count_in_review(view, COUNTED_MAX) if viewer.can(Ability.CURATE) else 0
        return Counts(news=saved.count_all_news(view), waiting=waiting)
    return Counts()
