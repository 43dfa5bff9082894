"""Sweeping the store: bytes that were brought for nothing, blobs without a row, and what is left alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from catalog.assets import sweeping
from catalog.assets.models import AssetVersion
from catalog.kernel import clock
from catalog.kernel.errors import Conflict, Unavailable
from catalog.storage import blobs, turns
from catalog.storage.keys import blob_key, incoming_key
from catalog.storage.memory import memory_stores
from catalog.storage.sweeping import remove_blobs
from catalog.upkeep import claims
from catalog.work.desk import Desk
from tests.crew import OPERATOR, Crew, Drafted, digest, stored


@pytest.fixture
def crew(desk: Desk) -> Crew:
    """A crew whose store has had everything for two days."""
    crew = Crew(desk, memory_stores(now=lambda: clock.now() - timedelta(days=2)))
    crew.registers("prp_chair")
    return crew


def keys(crew: Crew) -> list[str]:
    """What is stored, but for the claim."""
    return [found.key for found in crew.stores.originals.walk() if found.key != claims.KEY]


def leaves(crew: Crew, *contents: bytes) -> None:
    """Leave bytes without a row, as a crash does."""
    for content in contents:
        crew.stores.originals.put(blob_key(digest(content)), content, sha256=digest(content))


def drafts(crew: Crew) -> Drafted:
    return crew.drafts("prp_chair", stored("a.usd", b"model"), by=crew.artist)


def withdraws(crew: Crew, drafted: Drafted) -> None:
    with crew.desk.bookkeeping() as session:
        session.get_one(AssetVersion, drafted.id).status = "withdrawn"


def sweep(crew: Crew, *, many: bool = False) -> int:
    return sweeping.sweep_store(
        crew.desk, crew.stores, sweeping.Order(actor=OPERATOR, by="http://here.test", many=many)
    )


def problem(crew: Crew) -> str | None:
    with crew.view(OPERATOR) as view:
        return claims.find_problem(view)


def test_staged_bytes_of_an_open_version_are_kept(crew: Crew) -> None:
    drafted = drafts(crew)
    crew.brings(drafted.id, b"model")

    assert sweep(crew) == 0
    assert keys(crew) == [incoming_key(drafted.id, digest(b"model"))]


def test_staged_bytes_of_a_draft_that_was_withdrawn_are_removed(crew: Crew) -> None:
    drafted = drafts(crew)
    crew.brings(drafted.id, b"model")
    withdraws(crew, drafted)

    assert sweep(crew) == 1
    assert keys(crew) == []


def test_staged_bytes_that_a_crash_left_behind_a_published_version_are_removed(crew: Crew) -> None:
    crew.publishes("prp_chair", {"a.usd": b"model"})
    with crew.desk.read() as session:
        version_id = session.scalars(select(AssetVersion.id)).one()
    crew.brings(version_id, b"model")

    assert sweep(crew) == 1
    assert keys(crew) == [blob_key(digest(b"model"))]


def test_parts_of_an_upload_that_nobody_finished_are_freed(crew: Crew) -> None:
    drafted = drafts(crew)
    crew.stores.transfers.begin(incoming_key(drafted.id, digest(b"model")))
    withdraws(crew, drafted)

    assert sweep(crew) == 1
    assert list(crew.stores.staging.unfinished(clock.now())) == []


def test_a_blob_with_a_row_is_kept(crew: Crew) -> None:
    crew.publishes("prp_chair", {"a.usd": b"model"})

    assert sweep(crew) == 0
    assert keys(crew) == [blob_key(digest(b"model"))]


def test_a_blob_without_a_row_is_removed(crew: Crew) -> None:
    leaves(crew, b"orphan")

    assert sweep(crew) == 1
    assert keys(crew) == []


def test_young_bytes_are_left_alone_whatever_they_are(desk: Desk) -> None:
    crew = Crew(desk, memory_stores())
    crew.registers("prp_chair")
    drafted = drafts(crew)
    crew.brings(drafted.id, b"model")
    leaves(crew, b"orphan")
    withdraws(crew, drafted)

    assert sweep(crew) == 0
    assert len(keys(crew)) == 2


def test_a_blob_that_was_swept_can_be_brought_again(crew: Crew) -> None:
    leaves(crew, b"model")
    sweep(crew)

    crew.publishes("prp_chair", {"a.usd": b"model"})

    assert keys(crew) == [blob_key(digest(b"model"))]


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_sweep_that_was_killed_after_any_step_is_finished_by_the_next(crew: Crew, steps: int) -> None:
    leaves(crew, b"model")
    with crew.desk.bookkeeping() as session:
        turn = turns.begin(session, clock.now() - timedelta(hours=2))
        doomed = blobs.doom(session, {digest(b"model"): 5}, store="memory", now=clock.now())
    if steps > 1:
        remove_blobs(crew.stores, turn, doomed)
    if steps > 2:
        with crew.desk.bookkeeping() as session:
            blobs.forget_doomed(session, doomed)

    sweep(crew)

    crew.publishes("prp_chair", {"a.usd": b"model"})
    assert keys(crew) == [blob_key(digest(b"model"))]


def test_two_do_not_sweep_at_once(crew: Crew) -> None:
    leaves(crew, b"orphan")
    with crew.desk.bookkeeping() as session:
        turns.begin(session, clock.now())

    with pytest.raises(Unavailable, match="another sweep is running"):
        sweep(crew)

    assert keys(crew) == [blob_key(digest(b"orphan"))]


def test_of_many_who_begin_at_once_one_has_the_turn(crew: Crew) -> None:
    def begin(_: int) -> bool:
        try:
            with crew.desk.bookkeeping() as session:
                turns.begin(session, clock.now())
        except Unavailable:
            return False
        return True

    with ThreadPoolExecutor(max_workers=6) as threads:
        began = list(threads.map(begin, range(6)))

    assert began.count(True) == 1


def test_a_sweep_that_was_overtaken_removes_nothing_that_was_published_since(crew: Crew) -> None:
    leaves(crew, b"model")
    with crew.desk.bookkeeping() as session:
        overtaken = turns.begin(session, clock.now() - timedelta(hours=2))
    sweep(crew)
    crew.publishes("prp_chair", {"a.usd": b"model"})
    slow = sweeping._Sweep(desk=crew.desk, stores=crew.stores, turn=overtaken, before=clock.now())

    with pytest.raises(Unavailable, match="another sweep has taken over"):
        slow._remove({digest(b"model"): 5})

    assert keys(crew) == [blob_key(digest(b"model"))]


def test_the_turn_is_given_back(crew: Crew) -> None:
    sweep(crew)

    assert sweep(crew) == 0
    with crew.desk.read() as session:
        assert not turns.is_due(session, clock.now())


def test_many_blobs_without_a_row_are_not_removed_before_an_operator_says_so(crew: Crew) -> None:
    leaves(crew, *(b"%d" % number for number in range(101)))

    with pytest.raises(Conflict, match="over 100 blobs that no row speaks of, and the database knows 0") as refusal:
        sweep(crew)

    assert refusal.value.code == "many-orphans"
    assert problem(crew) == refusal.value.message
    assert len(keys(crew)) == 101
    assert crew.types("mass_removal.") == []
    assert sweep(crew, many=True) == 101
    assert crew.types("mass_removal.") == ["mass_removal.allowed/1"]
    assert problem(crew) is None
