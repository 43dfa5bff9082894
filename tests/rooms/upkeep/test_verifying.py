"""Verifying that the store has what the database says it has."""

import pytest
from sqlalchemy import select

from catalog.kernel.clock import now
from catalog.storage import blobs
from catalog.storage.keys import blob_key
from catalog.storage.memory import MemoryBucket
from catalog.storage.models import Blob
from catalog.storage.vocabulary import BlobState
from catalog.upkeep.verifying import Flaw, StorageVerification, verify_storage
from tests.crew import Crew, digest


@pytest.fixture
def with_two(crew: Crew) -> Crew:
    crew.publishes("prp_chair", {"a.usd": b"model", "b.exr": b"wood"})
    return crew


def verify(crew: Crew, *, reading: bool = True) -> StorageVerification:
    return verify_storage(crew.desk, crew.stores, reading=reading)


def state(crew: Crew, content: bytes) -> str:
    with crew.desk.read() as session:
        return session.scalars(select(Blob.state).where(Blob.sha256 == digest(content))).one()


def damage(crew: Crew, content: bytes, *, kept_as: bytes) -> None:
    """Change bytes in the store behind its back, as a failing disk does."""
    originals = crew.stores.originals
    assert isinstance(originals, MemoryBucket)
    originals._keep(blob_key(digest(content)), kept_as, digest(content))


def test_a_store_that_has_everything_holds(with_two: Crew) -> None:
    told: list[tuple[int, int]] = []

    found = verify_storage(with_two.desk, with_two.stores, reading=True, progress=lambda *done: told.append(done))

    assert found.holds
    assert found == StorageVerification(checked=2, missing=0, altered=0, flaws=())
    assert told == [(2, 2)]


def test_a_missing_blob_is_named_and_noted(with_two: Crew) -> None:
    with_two.stores.originals.remove(blob_key(digest(b"wood")))

    found = verify(with_two, reading=False)

    assert not found.holds
    assert found.flaws == (Flaw(sha256=digest(b"wood"), size_bytes=4, state=BlobState.MISSING),)
    assert (state(with_two, b"wood"), state(with_two, b"model")) == ("missing", "verified")


def test_a_changed_byte_is_seen_by_reading_only(with_two: Crew) -> None:
    damage(with_two, b"wood", kept_as=b"w00d")

    looked, read = verify(with_two, reading=False), verify(with_two, reading=True)

    assert looked.holds
    assert (read.altered, state(with_two, b"wood")) == (1, "altered")


def test_a_blob_of_another_size_is_seen_without_reading(with_two: Crew) -> None:
    damage(with_two, b"wood", kept_as=b"woo")

    assert verify(with_two, reading=False).altered == 1


def test_what_was_mended_is_noted_as_right_again(with_two: Crew) -> None:
    with_two.stores.originals.remove(blob_key(digest(b"wood")))
    verify(with_two)
    with_two.stores.originals.put(blob_key(digest(b"wood")), b"wood", sha256=digest(b"wood"))

    found = verify(with_two)

    assert found.holds
    assert state(with_two, b"wood") == "verified"


def test_bytes_that_were_found_altered_stay_so_until_they_are_read_again(with_two: Crew) -> None:
    damage(with_two, b"wood", kept_as=b"w00d")
    verify(with_two, reading=True)
    damage(with_two, b"wood", kept_as=b"wood")

    assert verify(with_two, reading=False).altered == 1
    assert verify(with_two, reading=True).holds


def test_blobs_that_a_sweep_is_removing_do_not_count(with_two: Crew) -> None:
    with with_two.desk.bookkeeping() as session:
        blobs.doom(session, {digest(b"orphan"): 6}, store=with_two.stores.name, now=now())

    assert verify(with_two).checked == 2


def test_an_empty_store_holds(crew: Crew) -> None:
    assert verify(crew) == StorageVerification(checked=0, missing=0, altered=0, flaws=())
