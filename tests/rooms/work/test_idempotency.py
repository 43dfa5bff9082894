"""Answers kept for a day, so that a request sent again is done once."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from catalog.kernel.errors import Conflict, InvalidInput, Stale
from catalog.work import idempotency
from catalog.work.desk import Desk
from catalog.work.idempotency import Answered, RequestKey, digest_of
from catalog.work.models import KeptAnswer
from catalog.work.revising import refuse_stale
from tests.crew import OPERATOR

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
REQUEST = RequestKey(caller="ann's token", operation="assets.register", key="job-17", request_digest="d" * 64)


def keep(desk: Desk, request: RequestKey, body: bytes, at: datetime = NOON) -> None:
    with desk.work(OPERATOR) as work:
        idempotency.keep_answer(work.session, request, Answered(status=201, body=body), at)


def find(desk: Desk, request: RequestKey, at: datetime = NOON) -> bytes | None:
    with desk.read() as session:
        found = idempotency.find_answer(session, request, at)
        return found.body if found else None


def test_a_request_that_was_answered_is_answered_the_same_again(desk: Desk) -> None:
    keep(desk, REQUEST, b'{"code": "chr_ann"}')

    assert find(desk, REQUEST, NOON + timedelta(hours=24)) == b'{"code": "chr_ann"}'


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"caller": "ben's token"}, id="another caller"),
        pytest.param({"operation": "shows.create"}, id="another operation"),
        pytest.param({"key": "job-18"}, id="another key"),
    ],
)
def test_an_answer_belongs_to_one_caller_operation_and_key(desk: Desk, other: dict[str, str]) -> None:
    keep(desk, REQUEST, b"{}")

    assert find(desk, replace(REQUEST, **other)) is None


def test_a_key_that_was_used_for_another_request_is_a_conflict(desk: Desk) -> None:
    keep(desk, REQUEST, b"{}")

    with pytest.raises(Conflict, match="'job-17' was used for another request") as refused:
        find(desk, replace(REQUEST, request_digest="e" * 64))

    assert refused.value.code == "key-reused"


def test_after_a_day_a_key_is_free_again(desk: Desk) -> None:
    keep(desk, REQUEST, b"old")
    later = NOON + timedelta(hours=24, seconds=1)
    other = replace(REQUEST, request_digest="e" * 64)

    found = find(desk, other, later)
    keep(desk, other, b"new", later)

    assert found is None
    assert find(desk, other, later) == b"new"


def test_the_answer_to_an_act_that_failed_is_not_kept(desk: Desk) -> None:
    with suppress(LookupError), desk.work(OPERATOR) as work:
        idempotency.keep_answer(work.session, REQUEST, Answered(status=201, body=b"{}"), NOON)
        raise LookupError

    assert find(desk, REQUEST) is None


def test_answers_older_than_a_day_are_swept(desk: Desk) -> None:
    keep(desk, REQUEST, b"old")
    keep(desk, replace(REQUEST, key="job-18"), b"new", NOON + timedelta(hours=1))

    with desk.bookkeeping() as session:
        idempotency.sweep(session, NOON + timedelta(hours=24, minutes=30))

    with desk.read() as session:
        assert session.scalars(select(KeptAnswer.key)).all() == ["job-18"]


@pytest.mark.parametrize("key", ["", "x" * 201, "two\nlines", "\0"])
def test_a_key_has_up_to_two_hundred_printable_characters(key: str) -> None:
    with pytest.raises(InvalidInput, match="1 to 200 printable characters"):
        RequestKey(caller="c", operation="o", key=key, request_digest="d")


@given(st.lists(st.binary(max_size=8).filter(lambda part: b"\0" not in part), min_size=1, max_size=4))
def test_requests_are_told_apart_by_their_parts_not_by_where_these_end(parts: list[bytes]) -> None:
    joined = b"".join(parts)

    assert (digest_of(*parts) == digest_of(joined)) == (len(parts) == 1)


@pytest.mark.parametrize("seen", [2, 4, 6])
def test_a_writer_who_saw_another_revision_is_told_both(seen: int) -> None:
    with pytest.raises(Stale, match=rf"chr_ann was changed .* \(you have revision {seen}, it is at 5\)"):
        refuse_stale("chr_ann", 5, seen)


@given(seen=st.none() | st.integers(1, 9))
def test_only_a_writer_who_saw_this_revision_or_does_not_mind_may_go_on(seen: int | None) -> None:
    try:
        refuse_stale("chr_ann", 5, seen)
    except Stale:
        assert seen not in (5, None)
    else:
        assert seen in (5, None)
