"""Sweeping what nobody needs: abandoned drafts, bytes that were brought for nothing, blobs without a row."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from catalog.assets import queries, sweeping
from catalog.assets.history import events_after, page_history
from catalog.assets.models import AssetVersion, Upload
from catalog.kernel import clock
from catalog.kernel.errors import NotFound, NotPermitted
from catalog.kernel.paging import Paging
from catalog.storage.keys import blob_key, incoming_key
from catalog.storage.memory import memory_stores
from catalog.work.desk import Desk
from tests.crew import OPERATOR, Crew, Drafted, digest, stored


@pytest.fixture
def two_days_later(desk: Desk) -> Crew:
    """A crew whose store has had everything for two days."""
    return Crew(desk, memory_stores(now=lambda: clock.now() - timedelta(days=2)))


def keys(crew: Crew) -> list[str]:
    return [found.key for found in crew.stores.originals.walk()]


def draft(crew: Crew, content: bytes = b"model", *, days_ago: int = 0) -> Drafted:
    crew.registers("prp_chair")
    drafted = crew.drafts("prp_chair", stored("a.usd", content), by=crew.artist)
    with crew.desk.bookkeeping() as session:
        begun = clock.now() - timedelta(days=days_ago, minutes=1)
        session.execute(update(AssetVersion).where(AssetVersion.id == drafted.id).values(created_at=begun))
    return drafted


def sweep(crew: Crew) -> int:
    return sweeping.sweep_store(crew.desk, crew.stores, OPERATOR)


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
            "abandoned: begun over a week ago and not published",
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


def test_staged_bytes_of_an_open_version_are_kept(two_days_later: Crew) -> None:
    drafted = draft(two_days_later)
    two_days_later.brings(drafted.id, b"model")

    assert sweep(two_days_later) == 0
    assert keys(two_days_later) == [incoming_key(drafted.id, digest(b"model"))]


def test_staged_bytes_of_an_abandoned_draft_are_removed(two_days_later: Crew) -> None:
    drafted = draft(two_days_later, days_ago=8)
    two_days_later.brings(drafted.id, b"model")
    withdraw_abandoned(two_days_later)

    assert sweep(two_days_later) == 1
    assert keys(two_days_later) == []


def test_staged_bytes_that_a_crash_left_behind_a_published_version_are_removed(two_days_later: Crew) -> None:
    two_days_later.publishes("prp_chair", {"a.usd": b"model"})
    with two_days_later.desk.read() as session:
        version_id = session.scalars(select(AssetVersion.id)).one()
    two_days_later.brings(version_id, b"model")

    assert sweep(two_days_later) == 1
    assert keys(two_days_later) == [blob_key(digest(b"model"))]


def test_parts_of_an_upload_that_nobody_finished_are_freed(two_days_later: Crew) -> None:
    drafted = draft(two_days_later, days_ago=8)
    two_days_later.stores.transfers.begin(incoming_key(drafted.id, digest(b"model")))
    withdraw_abandoned(two_days_later)

    assert sweep(two_days_later) == 1
    assert list(two_days_later.stores.staging.unfinished(clock.now())) == []


def test_a_blob_with_a_row_is_kept(two_days_later: Crew) -> None:
    two_days_later.publishes("prp_chair", {"a.usd": b"model"})

    assert sweep(two_days_later) == 0
    assert keys(two_days_later) == [blob_key(digest(b"model"))]


def test_a_blob_without_a_row_is_removed(two_days_later: Crew) -> None:
    two_days_later.stores.originals.put(blob_key(digest(b"orphan")), b"orphan", sha256=digest(b"orphan"))

    assert sweep(two_days_later) == 1
    assert keys(two_days_later) == []


def test_young_bytes_are_left_alone_whatever_they_are(crew: Crew) -> None:
    drafted = draft(crew, days_ago=8)
    crew.brings(drafted.id, b"model")
    crew.stores.originals.put(blob_key(digest(b"orphan")), b"orphan", sha256=digest(b"orphan"))
    withdraw_abandoned(crew)

    assert sweep(crew) == 0
    assert len(keys(crew)) == 2


def test_a_blob_that_was_swept_can_be_brought_again(two_days_later: Crew) -> None:
    two_days_later.stores.originals.put(blob_key(digest(b"model")), b"model", sha256=digest(b"model"))
    sweep(two_days_later)

    two_days_later.publishes("prp_chair", {"a.usd": b"model"})

    assert keys(two_days_later) == [blob_key(digest(b"model"))]
