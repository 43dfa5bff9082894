"""What a worker does besides jobs: follow the ledger into the index, and sweep what nobody needs any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.jobs import claiming
from catalog.kernel import clock
from catalog.search import follower
from catalog.work import idempotency

if TYPE_CHECKING:
    from catalog.house import House


def follow(house: House) -> int:
    """Bring the search index up to the ledger; return how many entries it followed."""
    return follower.follow(house.desk, house.index)


def sweep(house: House) -> None:
    """Forget done jobs and kept answers that are older than a day."""
    with house.desk.bookkeeping() as session:
        claiming.sweep(session, clock.now())
        idempotency.sweep(session, clock.now())
