"""Entering verified blobs, and what later checks found."""

import hashlib

import pytest
from sqlalchemy.orm import Session

from catalog.kernel.errors import Unavailable
from catalog.storage import blobs
from catalog.storage.models import Blob
from catalog.storage.queries import Amount, amounts, blobs_after
from catalog.storage.vocabulary import BlobState
from tests.rooms.storage.conftest import NOON, Clock

A, B, C = (hashlib.sha256(word).hexdigest() for word in (b"a", b"b", b"c"))


def enter(session: Session, *digests: str) -> None:
    blobs.mark_verified(session, dict.fromkeys(digests, 10), store="memory", now=NOON)


def test_a_verified_blob_is_known_with_its_size_store_and_time(session: Session) -> None:
    blobs.mark_verified(session, {A: 123}, store="memory", now=NOON)

    blob = session.get(Blob, A, populate_existing=True)

    assert blob is not None
    assert (blob.size_bytes, blob.store, blob.state, blob.verified_at) == (123, "memory", "verified", NOON)


def test_entering_twice_is_entering_once(session: Session) -> None:
    enter(session, A, B)
    enter(session, A)

    assert [blob.sha256 for blob in blobs_after(session)] == sorted([A, B])


def test_only_verified_blobs_count_as_there(session: Session) -> None:
    enter(session, A, B)
    blobs.note_checked(session, B, BlobState.MISSING, NOON)

    assert blobs.verified_digests(session, [A, B, C]) == {A}


def test_thousands_of_digests_are_asked_for_at_once(session: Session) -> None:
    many = {hashlib.sha256(b"%d" % number).hexdigest(): number for number in range(1_201)}
    blobs.mark_verified(session, many, store="memory", now=NOON)

    assert blobs.verified_digests(session, [*many, A]) == set(many)


def test_a_blob_that_is_brought_again_is_right_again(session: Session, clock: Clock) -> None:
    enter(session, A)
    blobs.note_checked(session, A, BlobState.ALTERED, NOON)

    clock.move(days=1)
    blobs.mark_verified(session, {A: 10}, store="memory", now=clock())

    blob = session.get(Blob, A, populate_existing=True)
    assert blob is not None
    assert (blob.state, blob.verified_at) == ("verified", clock())


def test_a_check_that_finds_a_blob_right_notes_when(session: Session, clock: Clock) -> None:
    enter(session, A)

    clock.move(hours=1)
    blobs.note_checked(session, A, BlobState.VERIFIED, clock())

    blob = session.get(Blob, A, populate_existing=True)
    assert blob is not None
    assert blob.verified_at == clock()


def test_a_check_that_finds_a_blob_missing_keeps_when_it_was_last_right(session: Session, clock: Clock) -> None:
    enter(session, A)

    clock.move(hours=1)
    blobs.note_checked(session, A, BlobState.MISSING, clock())

    blob = session.get(Blob, A, populate_existing=True)
    assert blob is not None
    assert (blob.state, blob.verified_at) == ("missing", NOON)


def test_only_bytes_without_a_row_are_doomed(session: Session) -> None:
    enter(session, A)

    doomed = blobs.doom(session, {A: 10, B: 10}, store="memory", now=NOON)

    assert doomed == {B}
    assert blobs.verified_digests(session, [A, B]) == {A}
    assert blobs.entered_digests(session, [A, B, C]) == {A, B}


def test_what_another_sweep_has_doomed_is_not_mine_to_remove(session: Session) -> None:
    blobs.doom(session, {A: 10}, store="memory", now=NOON)

    assert blobs.doom(session, {A: 10, B: 10}, store="memory", now=NOON) == {B}


def test_hundreds_of_blobs_are_doomed_at_once(session: Session) -> None:
    many = {hashlib.sha256(b"%d" % number).hexdigest(): number for number in range(501)}

    assert blobs.doom(session, many, store="memory", now=NOON) == set(many)


def test_a_doomed_blob_cannot_be_entered_before_it_is_gone(session: Session) -> None:
    blobs.doom(session, {A: 10}, store="memory", now=NOON)

    with pytest.raises(Unavailable, match="being removed") as refusal:
        enter(session, A)
    blobs.forget_doomed(session, [A])
    enter(session, A)

    assert refusal.value.code == "blob-being-removed"
    assert blobs.verified_digests(session, [A]) == {A}


def test_a_check_does_not_save_what_is_doomed(session: Session) -> None:
    blobs.doom(session, {A: 10}, store="memory", now=NOON)

    blobs.note_checked(session, A, BlobState.VERIFIED, NOON)

    assert blobs.verified_digests(session, [A]) == set()


def test_forgetting_forgets_doomed_blobs_only(session: Session) -> None:
    enter(session, A)

    blobs.forget_doomed(session, [A, B])

    assert session.get(Blob, A, populate_existing=True) is not None


def test_blobs_are_gone_through_page_by_page_and_by_state(session: Session) -> None:
    enter(session, A, B, C)
    blobs.note_checked(session, B, BlobState.MISSING, NOON)
    first, second, third = sorted([A, B, C])

    assert [blob.sha256 for blob in blobs_after(session, limit=2)] == [first, second]
    assert [blob.sha256 for blob in blobs_after(session, second, limit=2)] == [third]
    assert [blob.sha256 for blob in blobs_after(session, state=BlobState.MISSING)] == [B]


def test_amounts_are_told_by_state(session: Session) -> None:
    enter(session, A, B, C)
    blobs.note_checked(session, B, BlobState.ALTERED, NOON)

    assert amounts(session) == {
        BlobState.VERIFIED: Amount(count=2, size_bytes=20),
        BlobState.MISSING: Amount(count=0, size_bytes=0),
        BlobState.ALTERED: Amount(count=1, size_bytes=10),
        BlobState.DOOMED: Amount(count=0, size_bytes=0),
    }
