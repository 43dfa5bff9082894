"""Passwords: argon2id, and nobody learns which logins there are."""

from functools import cache

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from catalog.accounts.authentication import check_password, find_user_to_check
from catalog.accounts.passwords import hash_password, matches
from catalog.accounts.users import UserChange, change_user
from catalog.kernel.errors import InvalidInput, NotSignedIn
from tests.crew import Crew

NOBODYS = "a password that nobody has"
"""What is hashed in place of the password of an unknown user."""


@cache
def hashed(password: str) -> str:
    """The hash of a password, made once: it is meant to be slow."""
    return hash_password(password)


def signs_in(crew: Crew, login: str, password: str, *, active: bool = True) -> None:
    """Let somebody join who signs in with a password."""
    crew.joins(login)
    with crew.work() as work:
        change_user(work, login, UserChange(password_hash=hashed(password), active=active))


def test_a_password_is_kept_as_an_argon2id_hash_of_current_cost() -> None:
    kept = extract_parameters(hash_password("correct horse battery"))

    assert kept.type is Type.ID
    assert (kept.memory_cost, kept.time_cost, kept.parallelism) == (65_536, 3, 4)


def test_the_same_password_has_another_hash_each_time() -> None:
    assert hash_password("correct horse battery") != hash_password("correct horse battery")


@pytest.mark.parametrize(
    "password", ["correct horse battery", "邓丽君邓丽君邓丽君邓", " leading and trailing ", "x" * 1_000]
)
def test_a_password_belongs_to_its_own_hash_only(password: str) -> None:
    kept = hash_password(password)

    assert matches(kept, password)
    assert not matches(kept, password[:-1] + "!")


@pytest.mark.parametrize("password, length", [("", 0), ("short pwd", 9), ("x" * 1_001, 1_001)])
def test_a_password_has_ten_to_a_thousand_characters(password: str, length: int) -> None:
    with pytest.raises(InvalidInput, match=f"10 to 1000 characters, this one has {length}") as refused:
        hash_password(password)

    assert refused.value.code == "bad-password"


def test_without_a_hash_a_password_is_compared_all_the_same_and_never_belongs() -> None:
    assert not matches(None, "correct horse battery")
    assert not matches(None, NOBODYS)


@pytest.mark.parametrize("kept", ["", "plain text", "$argon2id$v=19$broken"])
def test_nothing_belongs_to_a_hash_that_is_none(kept: str) -> None:
    assert not matches(kept, kept)


def test_a_very_long_attempt_is_cut_before_it_costs_anything() -> None:
    assert not matches(None, "x" * 10_000_000)


def test_the_right_password_names_its_user(crew: Crew) -> None:
    signs_in(crew, "ann", "correct horse battery")

    with crew.desk.read() as session:
        found = find_user_to_check(session, "ANN")

    assert check_password(found, "correct horse battery").login == "ann"


@pytest.mark.parametrize(
    "login, password",
    [
        pytest.param("ann", "wrong horse battery", id="another password"),
        pytest.param("nobody", "correct horse battery", id="nobody's login"),
        pytest.param("nobody", NOBODYS, id="nobody's login and password"),
        pytest.param("ben", "correct horse battery", id="somebody who is disabled"),
        pytest.param("cat", NOBODYS, id="somebody without a password"),
    ],
)
def test_what_was_wrong_is_not_told(crew: Crew, login: str, password: str) -> None:
    signs_in(crew, "ann", "correct horse battery")
    signs_in(crew, "ben", "correct horse battery", active=False)
    crew.joins("cat")

    with crew.desk.read() as session:
        found = find_user_to_check(session, login)

    with pytest.raises(NotSignedIn) as refused:
        check_password(found, password)
    assert refused.value.message == (
        "login or password is wrong; after a forgotten password an administrator sets a new one"
    )
