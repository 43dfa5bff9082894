"""Whose turn it is to sweep the store."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from catalog.kernel.errors import Unavailable
from catalog.storage import turns
from tests.rooms.storage.conftest import NOON

HOUR = timedelta(hours=1)


def test_a_store_that_was_never_swept_is_due(session: Session) -> None:
    assert turns.is_due(session, NOON)


def test_only_one_sweeper_has_the_turn(session: Session) -> None:
    turns.begin(session, NOON)

    assert not turns.is_due(session, NOON)
    with pytest.raises(Unavailable, match="another sweep is running") as refusal:
        turns.begin(session, NOON + HOUR)
    assert refusal.value.code == "sweep-running"


def test_a_store_is_due_six_hours_after_its_last_sweep_ended(session: Session) -> None:
    turns.end(session, turns.begin(session, NOON), NOON)

    assert not turns.is_due(session, NOON + 6 * HOUR)
    assert turns.is_due(session, NOON + 7 * HOUR)


def test_a_sweep_that_could_not_go_on_is_due_at_once(session: Session) -> None:
    turns.release(session, turns.begin(session, NOON))

    assert turns.is_due(session, NOON)


def test_the_turn_of_a_sweeper_that_was_killed_is_free_after_an_hour(session: Session) -> None:
    turns.begin(session, NOON)
    later = NOON + HOUR + timedelta(seconds=1)

    assert turns.is_due(session, later)
    turns.begin(session, later)


def test_a_sweeper_whose_turn_went_to_another_stops(session: Session) -> None:
    slow = turns.begin(session, NOON)
    other = turns.begin(session, NOON + 2 * HOUR)

    with pytest.raises(Unavailable, match="another sweep has taken over"):
        turns.keep(session, slow, NOON + 2 * HOUR)
    turns.end(session, slow, NOON + 2 * HOUR)
    turns.keep(session, other, NOON + 3 * HOUR)


def test_a_turn_that_is_kept_lasts_another_hour(session: Session) -> None:
    turn = turns.begin(session, NOON)
    turns.keep(session, turn, NOON + HOUR)

    assert not turns.is_due(session, NOON + 2 * HOUR)


def test_why_a_sweep_was_refused_is_told_until_one_succeeds(session: Session) -> None:
    assert turns.find_problem(session) is None

    turns.end(session, turns.begin(session, NOON), NOON, "suspiciously much")
    assert turns.find_problem(session) == "suspiciously much"

    turns.end(session, turns.begin(session, NOON), NOON)
    assert turns.find_problem(session) is None


def test_a_hold_lasts_until_an_operator_resumes(session: Session) -> None:
    turns.hold(session, "restored")
    turns.end(session, turns.begin(session, NOON), NOON, "not swept, because restored")
    assert turns.find_hold(session) == "restored"

    turns.resume(session)

    assert (turns.find_hold(session), turns.find_problem(session)) == (None, None)
