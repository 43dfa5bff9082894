"""Sweeping what nobody needs: abandoned drafts, old answers to imports, bytes for nothing, blobs without a row.

A draft is abandoned when it is one still a week after it was begun, or after its bytes were refused; it becomes
withdrawn, for its number was given out.
One that was sent back by whoever reviews waits for its maker's answer, however long that takes: until it is published,
discarded, or a later version is published instead, or its maker has left.
Sweeping is bookkeeping but for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select, tuple_
from sqlalchemy.orm import aliased

from catalog.accounts.models import User
from catalog.assets.discarding import give_up
from catalog.assets.models import UNPUBLISHED_ROWS, AssetVersion, ImportRow
from catalog.assets.vocabulary import OFFERED, OPEN, VersionStatus
from catalog.kernel import clock
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict
from catalog.kernel.ids import find_id
from catalog.ledger.queries import head_of
from catalog.storage import blobs, sweeping, turns
from catalog.storage.keys import INCOMING
from catalog.storage.queries import amounts, blobs_after
from catalog.storage.vocabulary import BlobState
from catalog.upkeep import claims
from catalog.upkeep.events import MassRemovalAllowed, StoreAdopted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy.orm import Session

    from catalog.kernel.actors import Actor
    from catalog.storage.port import Stores
    from catalog.storage.turns import Turn
    from catalog.work.desk import Desk
    from catalog.work.unit import UnitOfWork

ABANDONED_AFTER = timedelta(days=7)
GRACE = timedelta(days=1)
"""Bytes younger than this are left alone: their row may be on its way."""
REPEATABLE = timedelta(weeks=8)
"""So long a row of an import that is sent again gets the answer it had."""
BATCH = 200
IMPORT_ROWS_BATCH = 5_000
ORPHANS_MIN, ORPHANS_SHARE = 100, 100
"""More blobs than a hundred, and than a hundredth of all that are known, are removed only when an operator says so."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a sweep of the store may do, and by whose leave. ``by`` says at which address the installation is.

    ``adopt``: the store is this database's, whatever it says itself. ``many``: so many blobs without a row are no
    mistake. Either needs an actor who may operate, and stands on the ledger before anything is removed.
    """

    actor: Actor
    by: str
    adopt: bool = False
    many: bool = False


def withdraw_abandoned(work: UnitOfWork) -> int:
    """Withdraw what has been a draft for over a week, at most 200 at once; return how many."""
    work.require(Ability.OPERATE)
    query = (
        select(AssetVersion)
        .where(abandoned(work.now))
        .order_by(AssetVersion.stood_since, AssetVersion.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    versions = work.session.scalars(query).all()
    give_up(work, versions, "abandoned: a draft for over a week")
    return len(versions)


def abandoned(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a version is a draft whose maker is not expected to come back to it."""
    later = aliased(AssetVersion)
    answered = exists().where(
        later.asset_id == AssetVersion.asset_id, later.number > AssetVersion.number, later.status.in_(OFFERED)
    )
    gone = exists().where(User.id == AssetVersion.created_by_id, ~User.active)
    draft = UNPUBLISHED_ROWS & (AssetVersion.status == VersionStatus.DRAFT)
    awaited = AssetVersion.sent_back_at.is_not(None) & ~answered & ~gone
    return draft & (AssetVersion.stood_since < now - ABANDONED_AFTER) & ~awaited


def forget_import_rows(session: Session, now: datetime) -> None:
    """Forget what became of rows that were imported over eight weeks ago, at most 5,000 at once."""
    key = tuple_(ImportRow.import_key, ImportRow.actor_id, ImportRow.row)
    old = (
        select(ImportRow.import_key, ImportRow.actor_id, ImportRow.row)
        .where(ImportRow.created_at < now - REPEATABLE)
        .order_by(ImportRow.created_at)
        .limit(IMPORT_ROWS_BATCH)
    )
    session.execute(delete(ImportRow).where(key.in_(old)), execution_options={"synchronize_session": False})


def sweep_store(desk: Desk, stores: Stores, order: Order) -> int:
    """Remove staged bytes of no open version, and blobs that no row speaks of; return how many objects went.

    A blob is doomed in the database before its bytes go, so that nobody can enter its digest meanwhile. Raises
    ``Unavailable`` while another sweep has the turn, and ``Conflict`` where an operator has to look first: the store is
    not this database's alone, or suspiciously much would go. Nothing that might be needed was removed then. Raises
    ``NotPermitted`` where the actor of the order may not let it do what it says.
    """
    with desk.read() as session:
        seq, _ = head_of(session)
    if seq == 0:
        return 0  # Nothing was ever entered here, so nothing can be this database's to remove.
    with desk.bookkeeping() as session:
        turn = turns.begin(session, clock.now())
    try:
        if order.adopt or order.many:
            with desk.work(order.actor) as work:
                _allow(work, order, turn.id, stores.name)
        claims.take(desk, stores, by=order.by, adopt=order.adopt)
        sweep = _Sweep(desk=desk, stores=stores, turn=turn, before=clock.now() - GRACE)
        removed = sweep.doomed() + sweep.incoming() + sweep.orphans(many=order.many)
    except Conflict as refusal:
        with desk.bookkeeping() as session:
            turns.end(session, turn, clock.now(), refusal.message)
        raise
    except BaseException:
        with desk.bookkeeping() as session:
            turns.release(session, turn)
        raise
    with desk.bookkeeping() as session:
        turns.end(session, turn, clock.now())
    return removed


def _allow(work: UnitOfWork, order: Order, sweep_id: UUID, store: str) -> None:
    """Enter what an operator lets a sweep do."""
    work.require(Ability.OPERATE)
    if order.adopt:
        turns.resume(work.session)
        work.record(StoreAdopted(sweep_id=sweep_id, store=store, address=order.by))
    if order.many:
        work.record(MassRemovalAllowed(sweep_id=sweep_id, store=store))


@dataclass(frozen=True, kw_only=True)
class _Sweep:
    """A sweep of a store that is ours, while it has the turn."""

    desk: Desk
    stores: Stores
    turn: Turn
    before: datetime

    def doomed(self) -> int:
        """Remove what a sweep that did not live to do so has doomed."""
        removed = 0
        while True:
            with self.desk.bookkeeping() as session:
                turns.keep(session, self.turn, clock.now())
                left = {blob.sha256 for blob in blobs_after(session, state=BlobState.DOOMED)}
            if not left:
                return removed
            removed += self._finish(left)

    def incoming(self) -> int:
        """Remove staged bytes of versions that are not open."""

        def wanted(keys: Collection[str]) -> set[str]:
            owners = {owner for key in keys if (owner := _owner(key)) is not None}
            query = select(AssetVersion.id).where(AssetVersion.id.in_(owners), AssetVersion.status.in_(OPEN))
            with self.desk.bookkeeping() as session:
                turns.keep(session, self.turn, clock.now())
                still_open = set(session.scalars(query))
            return {key for key in keys if _owner(key) in still_open}

        return sweeping.sweep_incoming(self.stores, before=self.before, wanted=wanted)

    def orphans(self, *, many: bool) -> int:
        """Remove blobs that no row speaks of, unless they are suspiciously ``many``."""

        def known(digests: Collection[str]) -> set[str]:
            with self.desk.bookkeeping() as session:
                turns.keep(session, self.turn, clock.now())
                return blobs.entered_digests(session, digests)

        found = sweeping.find_orphans(self.stores, before=self.before, known=known)
        return sum(self._remove(orphans) for orphans in (found if many else self._few(found)))

    def _few(self, found: Iterable[dict[str, int]]) -> Iterator[dict[str, int]]:
        """Look at all orphans before the first is removed."""
        with self.desk.read() as session:
            verified = amounts(session)[BlobState.VERIFIED].count
        limit = max(ORPHANS_MIN, verified // ORPHANS_SHARE)
        kept, count = [], 0
        for orphans in found:
            kept.append(orphans)
            count += len(orphans)
            if count > limit:
                raise Conflict(
                    f"the store has over {limit} blobs that no row speaks of, and the database knows {verified} blobs; "
                    "so many are rather needed by another database or by rows that were lost. See that this is the "
                    "right database and the right store; `catalog admin sweep --remove-many` removes them",
                    code="many-orphans",
                )
        return iter(kept)

    def _remove(self, orphans: dict[str, int]) -> int:
        now = clock.now()
        with self.desk.bookkeeping() as session:
            turns.keep(session, self.turn, now)
            doomed = blobs.doom(session, orphans, store=self.stores.name, now=now)
        return self._finish(doomed)

    def _finish(self, doomed: Collection[str]) -> int:
        sweeping.remove_blobs(self.stores, self.turn, doomed)
        with self.desk.bookkeeping() as session:
            turns.keep(session, self.turn, clock.now())
            blobs.forget_doomed(session, doomed)
        return len(doomed)


def _owner(key: str) -> UUID | None:
    return find_id(key.removeprefix(INCOMING).partition("/")[0])
