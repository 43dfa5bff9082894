"""What a worker does besides jobs: follow the ledger into the index, and sweep what nobody needs any more."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import structlog

from catalog.assets import sweeping
from catalog.collections import watching
from catalog.curation import editing
from catalog.jobs import claiming
from catalog.kernel import clock
from catalog.kernel.actors import system_actor
from catalog.kernel.errors import Conflict
from catalog.media import asking
from catalog.search import rebuild
from catalog.storage import turns
from catalog.work import idempotency

if TYPE_CHECKING:
    from catalog.house import House
    from catalog.kernel.actors import Actor

log = structlog.get_logger("catalog.worker")
SWEEPER = system_actor("worker:sweeping")


def follow(house: House) -> int:
    """Bring the search index up to the ledger, or rebuild one that is damaged; return how many entries it followed."""
    return rebuild.keep_up(house.desk, house.index)


def watch(house: House) -> int:
    """Hold what changed against saved searches; return how many entries of the ledger that were."""
    return watching.watch(house.desk, house.index)


def report_confinement(house: House) -> None:
    """Start the children that open untrusted files; keep for /readyz what holds one, as measured from inside."""
    measured = asdict(asking.confinement())
    beside = house.confinement_file.with_suffix(".new")
    beside.write_text(json.dumps(measured), encoding="utf-8")
    beside.replace(house.confinement_file)
    missing = sorted(name for name, held in measured.items() if not held)
    if missing:
        log.warning("this machine does not confine children fully", missing=missing)


def sweep_database(house: House) -> None:
    """Forget done jobs and kept answers after a day, previews after a week, rows of imports after weeks.

    Withdraw abandoned drafts.
    """
    with house.desk.bookkeeping() as session:
        claiming.sweep(session, clock.now())
        idempotency.sweep(session, clock.now())
    with house.desk.bookkeeping() as session:
        sweeping.forget_import_rows(session, clock.now())
    while _forgets_a_preview(house):
        pass
    with house.desk.work(SWEEPER) as work:
        sweeping.withdraw_abandoned(work)


def _forgets_a_preview(house: House) -> bool:
    """Forget one in a transaction of its own: it may have a row for each of many thousand assets."""
    with house.desk.bookkeeping() as session:
        return editing.forget_preview(session, clock.now())


def sweep_store(house: House, *, actor: Actor = SWEEPER, adopt: bool = False, many: bool = False) -> int:
    """Remove staged bytes of no open version, and blobs that no row speaks of; see ``sweeping.Order``."""
    order = sweeping.Order(actor=actor, by=house.settings.base_url, adopt=adopt, many=many)
    return sweeping.sweep_store(house.desk, house.stores, order)


def sweep_store_when_due(house: House) -> None:
    """Sweep the store once in six hours, whichever worker is first; say in the log where an operator has to look."""
    with house.desk.read() as session:
        if not turns.is_due(session, clock.now()):
            return
    try:
        sweep_store(house)
    except Conflict as refusal:
        log.warning("the store is not swept", why=refusal.message)
