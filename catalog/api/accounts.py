"""``/users`` and ``/groups``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from pydantic import Field

from catalog.accounts import passwords, queries, users
from catalog.accounts.vocabulary import Role
from catalog.api.operation import Answer, Model, Operation, PageQuery
from catalog.api.shapes import Listing, listing
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Paging

if TYPE_CHECKING:
    from catalog.accounts.models import Group, User
    from catalog.api.operation import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

Name = Annotated[str, Field(max_length=200)]
Members = Annotated[tuple[str, ...], Field(max_length=5_000)]


class UserBody(Model):
    """A user to create."""

    login: str = Field(description="what they sign in with")
    display_name: Name = Field(default="", description="their name, for others to read")
    password: str | None = Field(default=None, description="left out for services, which use tokens only")
    roles: tuple[Role, ...] = Field(description="what they are here")
    groups: Annotated[tuple[str, ...], Field(max_length=100)] = Field(
        default=(), description="codes of groups that they join"
    )


class UserChangeBody(Model):
    """What is to change."""

    display_name: Name | None = Field(default=None, description="their name, for others to read")
    password: str | None = Field(default=None, description="a new one")
    roles: tuple[Role, ...] | None = Field(default=None, description="what they are here; replaces all that they have")
    active: bool | None = Field(default=None, description="whether they may sign in and their tokens open anything")


class UserAnswer(Answer):
    """A user."""

    id: UUID
    login: str
    display_name: str
    roles: list[Role]
    groups: list[str]
    active: bool
    created_at: datetime
    last_seen_at: datetime | None = Field(
        description="when a page was opened or a token of theirs used, to within five minutes"
    )
    revision: int


class GroupBody(Model):
    """A group to create."""

    code: str = Field(description="what it is named by, such as `dawn-crew`")
    name: Name = Field(default="", description="what people call it")
    members: Members = Field(default=(), description="logins")


class GroupChangeBody(Model):
    """What is to change; `members` replaces all of them."""

    name: Name | None = Field(default=None, description="what people call it")
    members: Members | None = Field(default=None, description="logins; they replace all that are in it")


class GroupAnswer(Answer):
    """A group with the logins of its members."""

    id: UUID
    code: str
    name: str
    members: list[str]
    revision: int


def _user(user: User) -> UserAnswer:
    return UserAnswer(
        id=user.id,
        login=user.login,
        display_name=user.display_name,
        roles=[Role(role) for role in user.roles],
        groups=sorted(membership.group.code for membership in user.memberships),
        active=user.active,
        created_at=user.created_at,
        last_seen_at=user.last_seen_at,
        revision=user.revision,
    )


def _group(group: Group) -> GroupAnswer:
    members = sorted(membership.user.login for membership in group.memberships)
    return GroupAnswer(id=group.id, code=group.code, name=group.name, members=members, revision=group.revision)


def _hashed(call: Call) -> str | None:
    return passwords.hash_password(call.body.password) if call.body.password is not None else None


def create_user(call: Call, work: UnitOfWork) -> UserAnswer:
    """Enter a user."""
    body: UserBody = call.body
    new = users.NewUser(
        login=body.login,
        display_name=body.display_name,
        password_hash=call.prepared,
        roles=body.roles,
        groups=body.groups,
    )
    users.create_user(work, new)
    return _user(queries.get_user(work.view, body.login))


def _said(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 — values of several fields
    """Return what a body speaks of: null and left out are one here."""
    return {name: value for name, value in fields.items() if value is not None}


def change_user(call: Call, work: UnitOfWork) -> UserAnswer:
    """Change a user."""
    body: UserChangeBody = call.body
    change = users.UserChange(
        **_said(display_name=body.display_name, password_hash=call.prepared, roles=body.roles, active=body.active)
    )
    users.change_user(work, call.path["login"], change, if_revision=call.if_revision)
    return _user(queries.get_user(work.view, call.path["login"]))


def list_users(call: Call, view: View) -> Listing[UserAnswer]:
    """Return users by login."""
    return listing(queries.page_users(view, Paging(limit=call.query.limit, cursor=call.query.cursor)).map(_user))


def get_user(call: Call, view: View) -> UserAnswer:
    """Return one user."""
    return _user(queries.get_user(view, call.path["login"]))


def create_group(call: Call, work: UnitOfWork) -> GroupAnswer:
    """Enter a group."""
    body: GroupBody = call.body
    users.create_group(work, users.NewGroup(code=body.code, name=body.name, members=body.members))
    return _group(queries.get_group(work.view, body.code))


def change_group(call: Call, work: UnitOfWork) -> GroupAnswer:
    """Rename a group or set its members."""
    change = users.GroupChange(**_said(name=call.body.name, members=call.body.members))
    users.change_group(work, call.path["code"], change, if_revision=call.if_revision)
    work.session.flush()
    work.session.expire_all()
    return _group(queries.get_group(work.view, call.path["code"]))


def list_groups(call: Call, view: View) -> Listing[GroupAnswer]:
    """Return groups by code."""
    return listing(queries.page_groups(view, Paging(limit=call.query.limit, cursor=call.query.cursor)).map(_group))


def get_group(call: Call, view: View) -> GroupAnswer:
    """Return one group."""
    return _group(queries.get_group(view, call.path["code"]))


_ACCOUNTS = Ability.MANAGE_ACCOUNTS
OPERATIONS = (
    Operation(
        name="users.create",
        method="POST",
        path="/users",
        summary="Create a user",
        ability=_ACCOUNTS,
        write=create_user,
        prepare=_hashed,
        body=UserBody,
        answer=UserAnswer,
        status=201,
        creates=True,
    ),
    Operation(
        name="users.list",
        method="GET",
        path="/users",
        summary="List users",
        ability=_ACCOUNTS,
        read=list_users,
        query=PageQuery,
        answer=Listing[UserAnswer],
    ),
    Operation(
        name="users.get",
        method="GET",
        path="/users/{login}",
        summary="Get a user",
        ability=Ability.BROWSE,
        read=get_user,
        answer=UserAnswer,
    ),
    Operation(
        name="users.change",
        method="PATCH",
        path="/users/{login}",
        summary="Change a user's name, password, roles or standing",
        ability=_ACCOUNTS,
        write=change_user,
        prepare=_hashed,
        body=UserChangeBody,
        answer=UserAnswer,
    ),
    Operation(
        name="groups.create",
        method="POST",
        path="/groups",
        summary="Create a group",
        ability=_ACCOUNTS,
        write=create_group,
        body=GroupBody,
        answer=GroupAnswer,
        status=201,
        creates=True,
    ),
    Operation(
        name="groups.list",
        method="GET",
        path="/groups",
        summary="List groups",
        ability=Ability.BROWSE,
        read=list_groups,
        query=PageQuery,
        answer=Listing[GroupAnswer],
    ),
    Operation(
        name="groups.get",
        method="GET",
        path="/groups/{code}",
        summary="Get a group with its members",
        ability=Ability.BROWSE,
        read=get_group,
        answer=GroupAnswer,
    ),
    Operation(
        name="groups.change",
        method="PATCH",
        path="/groups/{code}",
        summary="Rename a group or set its members",
        ability=_ACCOUNTS,
        write=change_group,
        body=GroupChangeBody,
        answer=GroupAnswer,
    ),
)
