"""A unit of work: rows, ledger entries and owed jobs appear together, or not at all."""

from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy import func, select

from catalog.assets import publishing, registry
from catalog.assets.jobs import SETTLE_VERSION
from catalog.assets.models import Asset
from catalog.assets.vocabulary import Kind
from catalog.jobs.models import Job
from catalog.jobs.vocabulary import Lane
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotPermitted
from catalog.kernel.ids import new_id
from catalog.ledger.models import LedgerEntry
from catalog.work.desk import Desk
from catalog.work.unit import UnitOfWork
from tests.crew import Crew, stored

CHAIR = registry.Registration(code="prp_chair", name="Chair", kind=Kind.PROP)


def counts(desk: Desk) -> tuple[int, int, int]:
    """How many assets, ledger entries and jobs everybody sees."""
    with desk.read() as session:
        assets, entries, jobs = (
            session.scalar(select(func.count()).select_from(table)) or 0 for table in (Asset, LedgerEntry, Job)
        )
    return assets, entries, jobs


def submit(work: UnitOfWork, code: str) -> None:
    """An act that changes a row, leaves an entry and owes a job."""
    publishing.submit(work, code, 1)


def test_nobody_sees_a_change_before_it_is_committed(crew: Crew) -> None:
    with crew.work() as work:
        registry.register(work, CHAIR)
        work.owe(SETTLE_VERSION, new_id())
        work.write_jobs()
        meanwhile = counts(crew.desk)

    assert meanwhile == (0, 0, 0)
    assert counts(crew.desk) == (1, 1, 1)


def test_an_exception_leaves_neither_rows_nor_entries_nor_jobs(crew: Crew) -> None:
    with suppress(LookupError), crew.work() as work:
        registry.register(work, CHAIR)
        work.owe(SETTLE_VERSION, new_id())
        work.write_ledger()
        raise LookupError

    assert counts(crew.desk) == (0, 0, 0)


def test_a_failed_unit_of_work_does_not_keep_the_next_one_from_working(crew: Crew) -> None:
    with suppress(LookupError), crew.work() as work:
        registry.register(work, CHAIR)
        raise LookupError

    with crew.work() as work:
        registry.register(work, CHAIR)

    assert crew.types() == ["asset.registered/1"]


def test_what_is_recorded_owes_what_reactions_say_in_the_lane_of_its_unit(crew: Crew) -> None:
    crew.registers("prp_chair")
    version = crew.drafts("prp_chair", stored("geo/chair.obj", b"o"))

    with crew.work(lane=Lane.BULK) as work:
        submit(work, "prp_chair")

    with crew.desk.read() as session:
        jobs = session.scalars(select(Job)).all()
    assert [(job.kind, job.subject_id, job.lane) for job in jobs] == [("settle-version", version.id, "bulk")]


def test_the_address_of_owed_work_can_be_told_before_the_commit(crew: Crew) -> None:
    crew.registers("prp_chair")
    crew.drafts("prp_chair", stored("geo/chair.obj", b"o"))

    with crew.work() as work:
        submit(work, "prp_chair")
        work.write_jobs()
        told = work.session.scalars(select(Job.id)).one()
        work.write_jobs()

    with crew.desk.read() as session:
        assert session.scalars(select(Job.id)).all() == [told]


def test_work_can_be_owed_in_another_lane_than_that_of_its_unit(crew: Crew) -> None:
    with crew.work(lane=Lane.INTERACTIVE) as work:
        work.owe(SETTLE_VERSION, new_id())
        work.owe(SETTLE_VERSION, new_id(), Lane.BULK)

    with crew.desk.read() as session:
        assert sorted(session.scalars(select(Job.lane))) == ["bulk", "interactive"]


def test_a_unit_of_work_in_which_nothing_happened_says_so(crew: Crew) -> None:
    with crew.work() as work:
        last = work.write_ledger()

    assert last is None


def test_an_actor_without_the_ability_is_told_what_to_ask_for(crew: Crew) -> None:
    with crew.work(crew.viewer) as work, pytest.raises(NotPermitted) as refused:
        work.require(Ability.PUBLISH)

    assert refused.value.message == (
        "vic may not publish; ask an administrator for a role or token scope with 'publish'"
    )
    assert refused.value.details == {"ability": "publish"}


def test_a_unit_of_work_sees_its_own_changes(crew: Crew) -> None:
    with crew.work() as work:
        entered: UUID = registry.register(work, CHAIR).id
        seen = work.view.session.scalars(select(Asset.id)).all()

    assert seen == [entered]
