"""A short ledger to read and to damage: shows that were created, one unit of work each."""

from collections.abc import Iterable
from uuid import UUID

from catalog.kernel.ids import new_id
from catalog.shows.events import ShowCreated
from catalog.work.desk import Desk
from tests.crew import OPERATOR


def show_created(code: str, *, show_id: UUID | None = None) -> ShowCreated:
    """Return the event of a show that the ledger can speak of without a row."""
    return ShowCreated(show_id=show_id or new_id(), code=code, title=code.title(), audience=None)


def enter_shows(desk: Desk, codes: Iterable[str]) -> None:
    """Enter one entry for each code."""
    for code in codes:
        with desk.work(OPERATOR, request_id=f"request-{code}") as work:
            work.record(show_created(code))
