"""Users: entering and changing the people of a studio."""

from typing import Any

import pytest

from catalog.accounts import users
from catalog.accounts.authentication import actor_of_session
from catalog.accounts.queries import get_user
from catalog.accounts.users import NewUser, UserChange
from catalog.accounts.vocabulary import Role
from catalog.kernel.actors import Actor
from catalog.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted, NotSignedIn, Stale
from tests.crew import Crew

ANN = NewUser(login="Ann", display_name="Ann 邓", password_hash=None, roles=(Role.ARTIST,))


def create(crew: Crew, new: NewUser, by: Actor | None = None) -> None:
    with crew.work(by or crew.admin) as work:
        users.create_user(work, new)


def change(crew: Crew, login: str, *, if_revision: int | None = None, **changes: Any) -> None:  # noqa: ANN401 — of UserChange
    with crew.work(crew.admin) as work:
        users.change_user(work, login, UserChange(**changes), if_revision=if_revision)


def test_a_new_user_has_a_login_a_name_and_roles(crew: Crew) -> None:
    create(crew, ANN)

    with crew.view(crew.admin) as view:
        ann = get_user(view, "ann")
        assert (ann.login, ann.display_name, ann.roles, ann.active) == ("Ann", "Ann 邓", ["artist"], True)
    assert crew.entries("user.")[-1].values == {"login": "Ann", "display_name": "Ann 邓", "roles": ["artist"]}


def test_a_user_without_a_name_is_called_by_the_login(crew: Crew) -> None:
    create(crew, NewUser(login="ann", display_name="", password_hash=None, roles=(Role.VIEWER,)))

    with crew.view(crew.admin) as view:
        assert get_user(view, "ann").display_name == "ann"


@pytest.mark.parametrize("login", ["ann", "ANN", "Ann"])
def test_a_login_is_taken_in_whatever_case(crew: Crew, login: str) -> None:
    create(crew, ANN)

    with pytest.raises(Conflict, match=f"login '{login}' is taken") as refused:
        create(crew, NewUser(login=login, display_name="", password_hash=None, roles=(Role.VIEWER,)))

    assert refused.value.code == "login-taken"


@pytest.mark.parametrize("login", ["", "-ann", "ann b", "邓丽君", "аnn", "a" * 81, "ann\n", "ann/b", "ann\0"])
def test_a_login_has_plain_letters_and_digits(crew: Crew, login: str) -> None:
    with pytest.raises(InvalidInput, match="1–80 letters, digits") as refused:
        create(crew, NewUser(login=login, display_name="", password_hash=None, roles=(Role.VIEWER,)))

    assert refused.value.code == "bad-login"


@pytest.mark.parametrize("login", ["a", "ann.b@studio.example", "7ann", "a" * 80, "ann+farm_2"])
def test_a_login_may_be_an_address(crew: Crew, login: str) -> None:
    create(crew, NewUser(login=login, display_name="", password_hash=None, roles=(Role.VIEWER,)))

    assert crew.actor(login).name == login


def test_a_user_has_at_least_one_role(crew: Crew) -> None:
    with pytest.raises(InvalidInput, match="needs at least one role: viewer, artist, supervisor"):
        create(crew, NewUser(login="ann", display_name="", password_hash=None, roles=()))


def test_a_role_that_is_named_twice_is_one_role(crew: Crew) -> None:
    create(crew, NewUser(login="ann", display_name="", password_hash=None, roles=(Role.VIEWER, Role.VIEWER)))
    change(crew, "ann", roles=(Role.VIEWER, Role.VIEWER))

    assert crew.entries("user.")[-1].values == {"login": "ann", "display_name": "ann", "roles": ["viewer"]}


def test_a_user_may_join_groups_at_once(crew: Crew) -> None:
    crew.has_group("orion")

    create(crew, NewUser(login="ann", display_name="", password_hash=None, roles=(Role.VIEWER,), groups=("Orion",)))

    assert len(crew.actor("ann").groups) == 1
    assert crew.entries("group.changed")[-1].values == {"changes": {"joined": ["ann"]}}


def test_a_user_cannot_join_a_group_that_is_not_there(crew: Crew) -> None:
    new = NewUser(login="ann", display_name="", password_hash=None, roles=(Role.VIEWER,), groups=("nobody",))

    with pytest.raises(NotFound, match="there is no group 'nobody'"):
        create(crew, new)

    assert "user.created/1" not in crew.types()[1:]


def test_what_changed_is_told_before_and_after(crew: Crew) -> None:
    create(crew, ANN)

    change(crew, "ANN", display_name="Ann Lee", roles=(Role.SUPERVISOR, Role.ARTIST))

    assert crew.entries("user.changed")[-1].values == {
        "changes": {"display_name": ["Ann 邓", "Ann Lee"], "roles": [["artist"], ["artist", "supervisor"]]}
    }


def test_changing_nothing_leaves_no_entry(crew: Crew) -> None:
    create(crew, ANN)

    change(crew, "ann", display_name="Ann 邓", roles=(Role.ARTIST,), active=True)

    assert crew.types("user.changed") == []


def test_a_new_password_is_said_to_have_changed_and_nothing_more(crew: Crew) -> None:
    create(crew, ANN)

    change(crew, "ann", password_hash="$argon2id$secret")

    entry = crew.entries("user.changed")[-1]
    assert entry.values == {"changes": {"password": "changed"}}
    assert b"argon2" not in entry.body


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"password_hash": "$argon2id$other"}, id="another password"),
        pytest.param({"roles": (Role.VIEWER,)}, id="other roles"),
        pytest.param({"active": False}, id="no standing"),
    ],
)
def test_a_session_ends_with_another_password_other_roles_or_no_standing(crew: Crew, changes: dict[str, Any]) -> None:
    create(crew, ANN)
    ann = crew.actor("Ann")

    change(crew, "ann", **changes)

    with crew.desk.read() as session, pytest.raises(NotSignedIn, match="your session has ended"):
        actor_of_session(session, ann.id, 0)


def test_a_session_lives_through_another_name(crew: Crew) -> None:
    create(crew, ANN)
    ann = crew.actor("Ann")

    change(crew, "ann", display_name="Ann Lee")

    with crew.desk.read() as session:
        assert actor_of_session(session, ann.id, 0).id == ann.id


@pytest.mark.parametrize("changes", [{"active": False}, {"roles": (Role.ARTIST,)}])
def test_the_last_administrator_stays(crew: Crew, changes: dict[str, Any]) -> None:
    with pytest.raises(Conflict, match="no active administrator") as refused:
        change(crew, "ada", **changes)

    assert refused.value.code == "last-admin"
    assert crew.actor("ada").abilities == crew.admin.abilities


def test_an_administrator_may_go_while_another_stays(crew: Crew) -> None:
    crew.joins("zoe", Role.ADMIN)

    change(crew, "ada", active=False)

    with crew.desk.read() as session, pytest.raises(NotSignedIn):
        actor_of_session(session, crew.admin.id, 1)


def test_of_the_last_two_administrators_only_one_can_go_however_close_they_are(crew: Crew) -> None:
    crew.joins("ada", Role.ADMIN)
    crew.joins("zoe", Role.ADMIN)

    refused = crew.overlaps(
        lambda work: users.change_user(work, "ada", UserChange(active=False)),
        lambda work: users.change_user(work, "zoe", UserChange(active=False)),
    )

    assert isinstance(refused, Conflict)
    assert refused.code == "last-admin"


def test_where_nobody_is_an_administrator_yet_others_can_be_changed(crew: Crew) -> None:
    crew.joins("ann", Role.ARTIST)

    with crew.work() as work:
        users.change_user(work, "ann", UserChange(roles=(Role.SUPERVISOR,)))

    assert crew.types("user.changed") == ["user.changed/1"]


def test_a_change_of_what_was_read_meets_nobody_elses_change(crew: Crew) -> None:
    create(crew, ANN)
    change(crew, "ann", display_name="Ann Lee", if_revision=1)

    with pytest.raises(Stale, match=r"you have revision 1, it is at 2"):
        change(crew, "ann", display_name="Ann Chen", if_revision=1)


def test_of_two_changes_at_once_both_are_kept_and_told_as_they_were(crew: Crew) -> None:
    create(crew, ANN)

    crew.overlaps(
        lambda work: users.change_user(work, "ann", UserChange(display_name="Ann Lee")),
        lambda work: users.change_user(work, "ann", UserChange(display_name="Ann Chen")),
    )

    told = [entry.values and entry.values["changes"]["display_name"] for entry in crew.entries("user.changed")]
    assert told == [["Ann 邓", "Ann Lee"], ["Ann Lee", "Ann Chen"]]


def test_two_who_read_the_same_cannot_both_change_it(crew: Crew) -> None:
    create(crew, ANN)

    refused = crew.overlaps(
        lambda work: users.change_user(work, "ann", UserChange(display_name="Ann Lee"), if_revision=1),
        lambda work: users.change_user(work, "ann", UserChange(display_name="Ann Chen"), if_revision=1),
    )

    assert isinstance(refused, Stale)
    assert crew.types("user.changed") == ["user.changed/1"]


def test_nobody_changes_a_user_who_is_not_there(crew: Crew) -> None:
    with pytest.raises(NotFound, match="there is no user 'nobody'"):
        change(crew, "nobody", active=False)


def test_a_user_cannot_be_left_without_a_role(crew: Crew) -> None:
    create(crew, ANN)

    with pytest.raises(InvalidInput, match="needs at least one role"):
        change(crew, "ann", roles=())


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_administrators_manage_accounts(crew: Crew, role: Role) -> None:
    somebody = crew.joins("sam", role)

    with crew.work(somebody) as work, pytest.raises(NotPermitted, match="may not manage accounts"):
        users.create_user(work, ANN)
    with crew.work(somebody) as work, pytest.raises(NotPermitted):
        users.change_user(work, "sam", UserChange(roles=(Role.ADMIN,)))
