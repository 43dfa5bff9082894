"""``/admin/users``, ``/admin/groups`` and ``/admin/roles``: who may come in, what they may, and to whom they belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.accounts import passwords, queries, users
from catalog.accounts.users import GroupChange, NewGroup, NewUser, UserChange
from catalog.accounts.vocabulary import ROLE_ABILITIES, Role
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.paging import Paging
from catalog.kernel.unsaid import UNSAID
from catalog.web.forms import revision_of, words_of
from catalog.web.languages import gettext
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

PER_PAGE = 100


def list_users(call: Call, view: View) -> Shown:
    """Show everybody who has an account, and the form for another."""
    page = queries.page_users(view, Paging(limit=PER_PAGE, cursor=call.asked("cursor")))
    values = {"rows": page.items, "next_cursor": page.next_cursor, "roles": tuple(Role), "least": passwords.LENGTH_MIN}
    return Shown(template="admin/users.html", values=values)


def create_user(call: Call, work: UnitOfWork) -> Reply:
    """Enter a user."""
    form = call.form
    new = NewUser(
        login=form.get("login", "").strip(),
        display_name=form.get("display_name", ""),
        password_hash=call.prepared,
        roles=_roles(call),
        groups=words_of(form.get("groups", "")),
    )
    user = users.create_user(work, new)
    return Moved(
        page="user", arguments={"login": user.login}, saying=gettext("%(login)s may sign in now.", login=user.login)
    )


def show_user(call: Call, view: View) -> Shown:
    """Show one account, and the form that changes it."""
    user = queries.get_user(view, call.path["login"])
    groups = sorted(membership.group.code for membership in user.memberships)
    values = {"user": user, "groups": groups, "roles": tuple(Role), "least": passwords.LENGTH_MIN}
    return Shown(template="admin/user.html", values=values)


def change_user(call: Call, work: UnitOfWork) -> Reply:
    """Change a name, roles or standing; a password only where a new one is given."""
    change = UserChange(
        display_name=call.form.get("display_name", ""),
        password_hash=call.prepared or UNSAID,
        roles=_roles(call),
        active="active" in call.form,
    )
    user = users.change_user(work, call.path["login"], change, if_revision=revision_of(call))
    return Moved(
        page="user", arguments={"login": user.login}, saying=gettext("%(login)s is changed.", login=user.login)
    )


def list_groups(call: Call, view: View) -> Shown:
    """Show the groups that audiences name, and the form for another."""
    page = queries.page_groups(view, Paging(limit=PER_PAGE, cursor=call.asked("cursor")))
    return Shown(template="admin/groups.html", values={"rows": page.items, "next_cursor": page.next_cursor})


def create_group(call: Call, work: UnitOfWork) -> Reply:
    """Enter a group."""
    form = call.form
    new = NewGroup(
        code=form.get("code", "").strip(), name=form.get("name", ""), members=words_of(form.get("members", ""))
    )
    group = users.create_group(work, new)
    return Moved(
        page="group", arguments={"code": group.code}, saying=gettext("Group %(code)s is made.", code=group.code)
    )


def show_group(call: Call, view: View) -> Shown:
    """Show one group, and the form that changes it."""
    group = queries.get_group(view, call.path["code"])
    members = sorted(membership.user.login for membership in group.memberships)
    return Shown(template="admin/group.html", values={"group": group, "members": members})


def change_group(call: Call, work: UnitOfWork) -> Reply:
    """Rename a group, or set its members."""
    change = GroupChange(name=call.form.get("name", ""), members=words_of(call.form.get("members", "")))
    group = users.change_group(work, call.path["code"], change, if_revision=revision_of(call))
    return Moved(
        page="group", arguments={"code": group.code}, saying=gettext("Group %(code)s is changed.", code=group.code)
    )


def show_roles(_call: Call, _view: View) -> Shown:
    """Show what each role may do."""
    values = {"roles": tuple(Role), "abilities": tuple(Ability), "grants": ROLE_ABILITIES}
    return Shown(template="admin/roles.html", values=values)


def _hashed(call: Call) -> str | None:
    """Return the hash of the password in the form; None where there is none."""
    password = call.form.get("password", "")
    return passwords.hash_password(password) if password else None


def _roles(call: Call) -> tuple[Role, ...]:
    found = tuple(role for role in Role if f"role-{role.value}" in call.form)
    if not found:
        raise InvalidInput("tick at least one role: it says what they are here", code="no-role")
    return found


_ACCOUNTS = Ability.MANAGE_ACCOUNTS
ROUTES = (
    Route(name="users", path="/admin/users", ability=_ACCOUNTS, read=list_users),
    Route(
        name="create_user",
        path="/admin/users",
        ability=_ACCOUNTS,
        prepare=_hashed,
        write=create_user,
        again=list_users,
    ),
    Route(name="user", path="/admin/users/{login}", ability=_ACCOUNTS, read=show_user),
    Route(
        name="change_user",
        path="/admin/users/{login}",
        ability=_ACCOUNTS,
        prepare=_hashed,
        write=change_user,
        again=show_user,
    ),
    Route(name="groups", path="/admin/groups", ability=_ACCOUNTS, read=list_groups),
    Route(name="create_group", path="/admin/groups", ability=_ACCOUNTS, write=create_group, again=list_groups),
    Route(name="group", path="/admin/groups/{code}", ability=_ACCOUNTS, read=show_group),
    Route(name="change_group", path="/admin/groups/{code}", ability=_ACCOUNTS, write=change_group, again=show_group),
    Route(name="roles", path="/admin/roles", ability=_ACCOUNTS, read=show_roles),
)
