"""Owing work: called by the unit of work, in the transaction of the row that causes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite

from catalog.db.engine import is_sqlite
from catalog.jobs.models import OWED, Job
from catalog.jobs.vocabulary import JobState, Lane
from catalog.kernel.batches import in_batches
from catalog.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from catalog.jobs.vocabulary import JobKind

_BATCH = 500
_URGENCY = {Lane.INTERACTIVE: 0, Lane.NORMAL: 1, Lane.BULK: 2}


@dataclass(frozen=True, kw_only=True)
class OwedJob:
    """Work to be owed: what kind, about what, how urgent."""

    kind: JobKind
    subject_id: UUID
    lane: Lane


def owe(session: Session, jobs: Sequence[OwedJob], now: datetime) -> None:
    """Owe the jobs.

    One that is owed already is owed once, in the more urgent of both lanes, due at once, with its attempts
    counted anew.
    """
    rows = _rows(jobs, now)
    insert: Any = sqlite.insert(Job) if is_sqlite(session.get_bind()) else postgresql.insert(Job)
    more_urgent = case(
        (_rank(insert.excluded.lane) < _rank(Job.lane), insert.excluded.lane),
        else_=Job.lane,
    )
    sooner = case((insert.excluded.due_at < Job.due_at, insert.excluded.due_at), else_=Job.due_at)
    statement = insert.on_conflict_do_update(
        index_elements=["kind", "subject_id"],
        index_where=OWED,
        set_={"lane": more_urgent, "failing_since": None, "attempts": 0, "due_at": sooner},
    )
    for batch in in_batches(rows, _BATCH):
        session.execute(statement, batch)


def _rank(lane: Any) -> Any:  # noqa: ANN401 — a column expression
    return case({str(name): rank for name, rank in _URGENCY.items()}, value=lane, else_=len(_URGENCY))


def _rows(jobs: Sequence[OwedJob], now: datetime) -> list[dict[str, Any]]:
    # A batch may owe one thing twice; PostgreSQL refuses to touch a row twice in one upsert. Sorted, so that two units
    # of work that owe the same jobs lock them in the same order.
    once: dict[tuple[str, UUID], tuple[OwedJob, Lane]] = {}
    for job in jobs:
        key, lane = (job.kind.name, job.subject_id), job.kind.lane(job.lane)
        if key not in once or _URGENCY[lane] < _URGENCY[once[key][1]]:
            once[key] = job, lane
    return [
        {
            "id": new_id(),
            "kind": job.kind.name,
            "subject_id": job.subject_id,
            "lane": lane.value,
            "state": JobState.OWED.value,
            "attempts": 0,
            "progress": 0.0,
            "due_at": now + job.kind.rest(lane),
            "created_at": now,
        }
        for _, (job, lane) in sorted(once.items(), key=lambda pair: pair[0])
    ]
