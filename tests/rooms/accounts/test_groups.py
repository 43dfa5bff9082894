"""Groups: sets of users that audiences name."""

import pytest

from catalog.accounts import users
from catalog.accounts.queries import get_group
from catalog.accounts.users import GroupChange, NewGroup
from catalog.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted, Stale
from tests.crew import Crew


def create(crew: Crew, code: str, *members: str, name: str = "") -> None:
    with crew.work(crew.admin) as work:
        users.create_group(work, NewGroup(code=code, name=name, members=members))


def members_of(crew: Crew, code: str) -> list[str]:
    with crew.view(crew.admin) as view:
        return sorted(membership.user.login for membership in get_group(view, code).memberships)


def test_a_group_has_a_code_a_name_and_members(crew: Crew) -> None:
    crew.joins("ann")
    crew.joins("ben")

    create(crew, "Orion", "ann", "BEN", name="Orion's crew")

    assert members_of(crew, "orion") == ["ann", "ben"]
    assert crew.entries("group.")[-1].values == {"code": "Orion", "members": ["ann", "ben"]}


def test_a_group_without_a_name_is_called_by_its_code(crew: Crew) -> None:
    create(crew, "orion")

    with crew.view(crew.admin) as view:
        assert get_group(view, "ORION").name == "orion"


def test_a_code_is_taken_in_whatever_case(crew: Crew) -> None:
    create(crew, "orion")

    with pytest.raises(Conflict, match="group 'ORION' exists already"):
        create(crew, "ORION")


@pytest.mark.parametrize("code", ["", "_x", "a b", "a@b", "組", "a" * 81, "a\n"])
def test_a_code_has_plain_letters_and_digits(crew: Crew, code: str) -> None:
    with pytest.raises(InvalidInput, match="1–80 letters, digits"):
        create(crew, code)


def test_a_member_is_a_user(crew: Crew) -> None:
    with pytest.raises(NotFound, match="there is no user 'nobody'"):
        create(crew, "orion", "nobody")

    assert crew.types("group.") == []


def test_a_member_named_twice_is_one_member(crew: Crew) -> None:
    crew.joins("ann")

    create(crew, "orion", "ann", "Ann")

    assert members_of(crew, "orion") == ["ann"]


def test_setting_the_members_tells_who_joined_and_who_left(crew: Crew) -> None:
    for login in ("ann", "ben", "cat"):
        crew.joins(login)
    create(crew, "orion", "ann", "ben")

    with crew.work(crew.admin) as work:
        users.change_group(work, "orion", GroupChange(name="Orion!", members=("ben", "cat")))

    assert members_of(crew, "orion") == ["ben", "cat"]
    assert crew.entries("group.changed")[-1].values == {
        "changes": {"name": ["orion", "Orion!"], "left": ["ann"], "joined": ["cat"]}
    }


def test_changing_nothing_leaves_no_entry(crew: Crew) -> None:
    crew.joins("ann")
    create(crew, "orion", "ann")

    with crew.work(crew.admin) as work:
        users.change_group(work, "orion", GroupChange(name="orion", members=("ann",)))

    assert crew.types("group.changed") == []


def test_two_who_read_the_same_cannot_both_change_it(crew: Crew) -> None:
    create(crew, "orion")

    refused = crew.overlaps(
        lambda work: users.change_group(work, "orion", GroupChange(name="a"), if_revision=1),
        lambda work: users.change_group(work, "orion", GroupChange(name="b"), if_revision=1),
    )

    assert isinstance(refused, Stale)


def test_nobody_changes_a_group_that_is_not_there(crew: Crew) -> None:
    with crew.work(crew.admin) as work, pytest.raises(NotFound, match="there is no group 'vega'"):
        users.change_group(work, "vega", GroupChange(name="Vega"))


def test_only_administrators_make_groups(crew: Crew) -> None:
    with crew.work(crew.supervisor) as work, pytest.raises(NotPermitted):
        users.create_group(work, NewGroup(code="orion", name=""))
    with crew.work(crew.supervisor) as work, pytest.raises(NotPermitted):
        users.change_group(work, "orion", GroupChange(name="x"))
