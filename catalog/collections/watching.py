"""How saved searches tell what is new: what changed is held against each of them, as its owner sees it.

The worker follows the ledger a second time, behind the index, and asks each saved search about the assets that changed
alone: an index answers that from its youngest segments, however many assets there are. It writes what is new now, so
that a step may be done twice, in any size, or be cut short anywhere; the place in the ledger moves last. A step is
bounded by entries and by assets, so that a restart begins little again. Of two workers, the one that is overtaken
writes nothing of what it found out, and begins again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from catalog.accounts.authentication import actors_by_id
from catalog.assets.events import AssetRegistered
from catalog.collections.models import SavedSearch, SavedSearchNews, SavedSearchWatch
from catalog.collections.vocabulary import NEWS_MAX
from catalog.db.base import table_of
from catalog.kernel.actors import system_actor
from catalog.kernel.batches import in_batches
from catalog.kernel.errors import InvalidInput, NotFound
from catalog.ledger.queries import subjects_since
from catalog.search.follower import ENTRIES_MAX, touched_assets
from catalog.search.queries import Found, find_all
from catalog.search.questions import read_question

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from catalog.search.port import SearchIndex
    from catalog.work.desk import Desk
    from catalog.work.view import View

WATCHER = system_actor("worker:watching")
TOGETHER = 500
"""So many people, or searches, are read at once."""

TOUCHED_MAX = 2_000
"""So many assets at most are done in one step: one entry about a show may touch all that it has."""

_ID_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A saved search, and which of the assets that changed it finds."""

    search_id: UUID
    query: str
    found: Found


def watch(desk: Desk, index: SearchIndex, most: int = TOUCHED_MAX) -> int:
    """Hold what changed against all saved searches, ``most`` assets in one step.

    Return how many ledger entries that were, 0 where it keeps up.
    """
    seq = index.seq
    with desk.view(WATCHER) as view:
        place: SavedSearchWatch | None = view.session.scalar(select(SavedSearchWatch))
        looked: int | None = view.session.scalar(_kept(func.min(SavedSearch.looked_seq)))
        if place is None or looked is None:
            return 0
        after = max(place.seq, looked)
        begun_through = place.through or 0
        begun = begun_through > after
        through = begun_through if begun else min(seq, after + ENTRIES_MAX)
        if through <= after:
            return 0
        touched = sorted(touched_assets(view, after, through))
        if begun and place.asset_id is not None:
            touched = touched[bisect_right(touched, place.asset_id) :]
        owners = list(view.session.scalars(_kept(SavedSearch.owner_id).distinct().order_by(SavedSearch.owner_id)))
    part = touched[:most]
    step = _Step(calls=place.calls)
    with suppress(_OvertakenError):
        for several in in_batches(owners if part else (), TOGETHER):
            _watch_for(desk, index, several, frozenset(part), step)
        with desk.bookkeeping() as session:
            if len(part) < len(touched):
                step.call(session, through=through, asset_id=part[-1])
            else:
                step.call(session, seq=through, through=None, asset_id=None)
    return through - after


class _OvertakenError(Exception):
    """A search was saved, or another worker told or moved, since a step began: it may know less, and is done again."""


@dataclass
class _Step:
    """The calls that a step knows of: each transaction of it is one more, and holds only where there was no other."""

    calls: int

    def call(self, session: Session, **place: Any) -> None:  # noqa: ANN401 — columns of the watch
        """Write the watch's place, or only that something was told; raise where another did."""
        mine = update(SavedSearchWatch).where(SavedSearchWatch.calls == self.calls)
        counted = mine.values(calls=self.calls + 1, **place).returning(SavedSearchWatch.calls)
        calls = session.scalar(counted)
        if calls is None:
            raise _OvertakenError
        self.calls = calls


def watch_from(session: Session, seq: int) -> None:
    """See to it that all that happened after this entry is held against a search that was saved just now."""
    watched = session.scalar(select(SavedSearchWatch).with_for_update())
    if watched is None:
        session.add(SavedSearchWatch(id=1, seq=seq))
        return
    watched.seq = min(watched.seq, seq)
    watched.calls += 1
    if watched.through is not None and watched.through > seq:
        watched.through = watched.asset_id = None


def _kept(*columns: Any) -> Select[Any]:  # noqa: ANN401 — whatever of a search is asked for
    return select(*columns).where(SavedSearch.removed_at.is_(None))


def _watch_for(desk: Desk, index: SearchIndex, owner_ids: list[UUID], asset_ids: frozenset[UUID], step: _Step) -> None:
    """Tell these people what of these assets is new to their searches, each of which is asked once."""
    with desk.read() as session:
        actors = actors_by_id(session, owner_ids)
    for actor in actors:
        with desk.view(actor) as view:
            mine = _kept(SavedSearch.id, SavedSearch.query).where(SavedSearch.owner_id == actor.id)
            asked = [
                _Asked(search_id=search_id, query=query, found=_found(view, index, query, asset_ids))
                for search_id, query in view.session.execute(mine)
            ]
            told = _told(view.session, [one.search_id for one in asked], asset_ids)
            different = [one for one in asked if any(_differences(view.session, one, told[one.search_id]))]
        if different:
            with desk.bookkeeping() as session:
                told_something = [_tell(session, one, asset_ids) for one in different]
                # One that holds all that it may tells nothing, each time; that overtakes no other worker.
                if any(told_something):
                    step.call(session)


def _found(view: View, index: SearchIndex, query: str, asset_ids: frozenset[UUID]) -> Found:
    try:
        return find_all(view, index, read_question(query), len(asset_ids), among=asset_ids)
    except (InvalidInput, NotFound):
        # What others were to be like is gone, or a word that questions were asked in: it finds nothing any more.
        return Found(ids=(), total=0, seq=index.seq)


def _told(session: Session, search_ids: Collection[UUID], asset_ids: frozenset[UUID]) -> defaultdict[UUID, set[UUID]]:
    """Return which of these assets are told as new already, by search."""
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for some in in_batches(search_ids, TOGETHER):
        rows = select(SavedSearchNews.search_id, SavedSearchNews.asset_id).where(
            SavedSearchNews.search_id.in_(some), SavedSearchNews.asset_id.in_(asset_ids)
        )
        for search_id, asset_id in session.execute(rows):
            found[search_id].add(asset_id)
    return found


def _differences(session: Session, asked: _Asked, told: set[UUID]) -> tuple[set[UUID], set[UUID]]:
    """Return what is to be told as new from now on, and what no longer."""
    found = set(asked.found.ids)
    return _unknown(session, asked.search_id, found - told), told - found


def _unknown(session: Session, search_id: UUID, asset_ids: set[UUID]) -> set[UUID]:
    """Return which of these assets a search did not find when its owner last looked."""
    if not asset_ids:
        return set()
    query = select(SavedSearch.known, SavedSearch.looked_seq).where(SavedSearch.id == search_id)
    known, looked_seq = session.execute(query).one()
    if known is None:
        # Held against the ledger, not the clock: what was registered by then may have been indexed later.
        return subjects_since(session, AssetRegistered, asset_ids, looked_seq)
    held = {known[at : at + _ID_BYTES] for at in range(0, len(known), _ID_BYTES)}
    return {one for one in asset_ids if one.bytes not in held}


def _tell(session: Session, asked: _Asked, asset_ids: frozenset[UUID]) -> bool:
    """Write what is new, unless its owner looked, or asks something else, since it was found out; return whether."""
    unchanged = _kept(SavedSearch.id).where(
        SavedSearch.id == asked.search_id, SavedSearch.query == asked.query, SavedSearch.looked_seq < asked.found.seq
    )
    if session.scalar(unchanged.with_for_update()) is None:
        return False
    fresh, gone = _differences(session, asked, _told(session, [asked.search_id], asset_ids)[asked.search_id])
    mine = SavedSearchNews.search_id == asked.search_id
    session.execute(delete(SavedSearchNews).where(mine, SavedSearchNews.asset_id.in_(gone)))
    room = NEWS_MAX - (session.scalar(select(func.count()).where(mine)) or 0)
    rows = [
        {"search_id": asked.search_id, "asset_id": asset_id, "seq": asked.found.seq}
        for asset_id in sorted(fresh, reverse=True)[: max(room, 0)]
    ]
    if rows:
        session.execute(insert(table_of(SavedSearchNews)), rows)
    return bool(gone or rows)
