"""Sweeping what nobody needs: abandoned drafts, and old answers to imports."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, text, update

from catalog.accounts.models import User
from catalog.assets import importing, publishing, queries, reviewing, sweeping
from catalog.assets.history import events_after, page_history
from catalog.assets.models import AssetVersion, ImportRow, Upload
from catalog.assets.registry import Registration
from catalog.assets.vocabulary import Kind
from catalog.kernel import clock
from catalog.kernel.errors import NotFound, NotPermitted
from catalog.kernel.paging import Paging
from tests.crew import Crew, Drafted, stored


def draft(crew: Crew, content: bytes = b"model", *, days_ago: int = 0) -> Drafted:
    crew.registers("prp_chair")
    drafted = crew.drafts("prp_chair", stored("a.usd", content), by=crew.artist)
    age(crew, drafted, days_ago)
    return drafted


def age(crew: Crew, drafted: Drafted, days_ago: int) -> None:
    """Have the version stand as it does since so many days."""
    with crew.desk.bookkeeping() as session:
        since = clock.now() - timedelta(days=days_ago, minutes=1)
        session.execute(update(AssetVersion).where(AssetVersion.id == drafted.id).values(stood_since=since))


def withdraw_abandoned(crew: Crew) -> int:
    with crew.work() as work:
        return sweeping.withdraw_abandoned(work)


def test_a_draft_is_abandoned_after_a_week(crew: Crew) -> None:
    draft(crew, days_ago=7)

    withdrawn = withdraw_abandoned(crew)

    assert withdrawn == 1
    with crew.view(crew.artist) as view:
        version = queries.get_version(view, "prp_chair", 1)
        assert (version.status, version.standing_reason) == (
            "withdrawn",
            "abandoned: a draft for over a week",
        )
        assert view.session.scalar(select(func.count()).select_from(Upload)) == 0


@pytest.mark.parametrize("days_ago", [0, 6])
def test_a_younger_draft_is_left_alone(crew: Crew, days_ago: int) -> None:
    draft(crew, days_ago=days_ago)

    assert withdraw_abandoned(crew) == 0


def test_a_version_that_is_being_verified_is_left_alone(crew: Crew) -> None:
    draft(crew, days_ago=9)
    crew.submits("prp_chair", 1, by=crew.artist)

    assert withdraw_abandoned(crew) == 0


def sent_back(crew: Crew, *, days_ago: int) -> None:
    """An old draft that waited for review and was sent back."""
    drafted = draft(crew, days_ago=days_ago)
    crew.brings(drafted.id, b"model")
    with crew.work(crew.artist) as work:
        publishing.submit(work, "prp_chair", 1, review=True)
    crew.settles(drafted.id)
    with crew.work(crew.supervisor) as work:
        reviewing.send_back(work, "prp_chair", 1, "one leg is short")
    age(crew, drafted, days_ago)


def test_what_was_sent_back_waits_for_its_maker_s_answer(crew: Crew) -> None:
    sent_back(crew, days_ago=60)

    assert withdraw_abandoned(crew) == 0

    assert crew.submits("prp_chair", 1, by=crew.artist) == "review"


def test_what_was_sent_back_is_abandoned_once_a_later_version_answers(crew: Crew) -> None:
    sent_back(crew, days_ago=60)
    crew.publishes("prp_chair", {"a.usd": b"four long legs"}, by=crew.artist)

    assert withdraw_abandoned(crew) == 1

    with crew.view(crew.artist) as view:
        assert queries.get_version(view, "prp_chair", 1).status == "withdrawn"


def test_what_was_sent_back_to_somebody_who_has_left_is_abandoned(crew: Crew) -> None:
    sent_back(crew, days_ago=8)
    with crew.desk.bookkeeping() as session:
        session.execute(update(User).where(User.id == crew.artist.person_id).values(active=False))

    assert withdraw_abandoned(crew) == 1


def test_an_abandoned_draft_stays_as_unknown_to_others_as_it_was(crew: Crew) -> None:
    draft(crew, days_ago=7)
    withdraw_abandoned(crew)

    with crew.view(crew.supervisor) as view:
        asset = queries.get_asset(view, "prp_chair")
        assert queries.page_versions(view, "prp_chair", Paging()).items == ()
        with pytest.raises(NotFound):
            queries.get_version(view, "prp_chair", 1)
        told = {entry.type for entry in page_history(view, asset, Paging()).items}
        assert told == {"asset.registered/1"}
        assert not [entry for entry in events_after(view, 0, 100)[0] if entry.type.startswith("version.")]


def test_its_number_is_not_given_again(crew: Crew) -> None:
    draft(crew, days_ago=7)
    withdraw_abandoned(crew)

    assert crew.drafts("prp_chair", stored("a.usd", b"other"), by=crew.artist).number == 2


def test_abandoned_drafts_are_withdrawn_by_those_who_operate(crew: Crew) -> None:
    with crew.work(crew.supervisor) as work, pytest.raises(NotPermitted, match="sue may not operate"):
        sweeping.withdraw_abandoned(work)


def test_abandoned_drafts_are_found_without_reading_every_version(sqlite_engine: Engine) -> None:
    abandoned = select(AssetVersion.id).where(sweeping.abandoned(clock.now()))
    words = abandoned.compile(sqlite_engine, compile_kwargs={"literal_binds": True})

    with sqlite_engine.connect() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {words}")).all()

    assert "USING INDEX ix_asset_version_unpublished (status=? AND stood_since<?)" in str(plan)


def test_rows_of_imports_are_forgotten_after_eight_weeks(crew: Crew) -> None:
    with crew.work() as work:
        rows = [Registration(code=f"prp_{number}", name="x", kind=Kind.PROP) for number in (1, 2)]
        importing.enter_rows(work, "spring", [importing.Row(number=n, registration=r) for n, r in enumerate(rows)])
    with crew.desk.bookkeeping() as session:
        old = clock.now() - timedelta(weeks=8, minutes=1)
        session.execute(update(ImportRow).where(ImportRow.row == 0).values(created_at=old))

        sweeping.forget_import_rows(session, clock.now())

        assert session.scalars(select(ImportRow.row)).all() == [1]


def test_a_draft_whose_bytes_were_refused_is_kept_for_another_week(crew: Crew) -> None:
    drafted = draft(crew, days_ago=9)
    with crew.work(crew.artist) as work:
        publishing.submit(work, "prp_chair", 1)
    with crew.work(crew.artist) as work:
        publishing.refuse(work, queries.get_version(work.view, "prp_chair", 1), "a.usd arrived with other bytes")

    assert withdraw_abandoned(crew) == 0

    crew.brings(drafted.id, b"model")
    crew.submits("prp_chair", 1, by=crew.artist)
    crew.settles(drafted.id)
    with crew.view() as view:
        assert queries.get_version(view, "prp_chair", 1).status == "published"
