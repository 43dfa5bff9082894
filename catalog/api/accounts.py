"""``/users``, ``/groups`` and ``/tokens``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from pydantic import Field

from catalog.accounts import passwords, queries, tokens, users
from catalog.accounts.networks import NETWORKS_MAX
from catalog.accounts.vocabulary import Role
from catalog.api.operation import Answer, Model, Operation, PageQuery, Reply
from catalog.api.shapes import Listing, listing
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Paging

if TYPE_CHECKING:
    from catalog.accounts.models import Group, Token, User
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


class TokenBody(Model):
    """A token to issue."""

    name: Annotated[str, Field(min_length=1, max_length=200, description="what it is for")]
    login: str | None = Field(default=None, description="for whom; the caller by default")
    scopes: tuple[Ability, ...] | None = Field(
        default=None, description="abilities it carries; all of its user's by default"
    )
    networks: Annotated[tuple[str, ...], Field(max_length=NETWORKS_MAX)] = Field(
        default=(), description="where it may be used from, such as `10.20.0.0/16`; anywhere by default"
    )
    days: int = Field(default=tokens.DAYS_DEFAULT, description="how long it is valid")
    service: bool = Field(default=False, description="may act on behalf of users (`X-On-Behalf-Of`)")


class TokenAnswer(Answer):
    """A token without its secret."""

    id: UUID
    name: str
    login: str
    scopes: list[str]
    networks: list[str]
    service: bool
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class IssuedTokenAnswer(TokenAnswer):
    """A new token with its secret, which is shown this once."""

    secret: str


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


def _token(token: Token, login: str) -> TokenAnswer:
    return TokenAnswer(
        id=token.id,
        name=token.name,
        login=login,
        scopes=token.scopes,
        networks=token.networks,
        service=token.service,
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        last_used_at=token.last_used_at,
    )


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


def issue_token(call: Call, work: UnitOfWork) -> IssuedTokenAnswer:
    """Make a token and show its secret this once."""
    issued = tokens.issue_token(work, tokens.NewToken(**dict(call.body)))
    answer = _token(issued.token, call.body.login or work.actor.name)
    return IssuedTokenAnswer(**dict(answer), secret=issued.secret)


def list_tokens(call: Call, view: View) -> Listing[TokenAnswer]:
    """Return tokens, newest first."""
    page = queries.page_tokens(view, Paging(limit=call.query.limit, cursor=call.query.cursor))
    return listing(page.map(lambda token: _token(token, token.user.login)))


def revoke_token(call: Call, work: UnitOfWork) -> Reply:
    """Close a token for good."""
    token_id = find_id(call.path["id"])
    if token_id is None:
        raise NotFound(f"{call.path['id'][:80]!r} is no token's id", code="unknown-token")
    tokens.revoke_token(work, token_id)
    return Reply(status=204)


_ACCOUNTS, _OWN = Ability.MANAGE_ACCOUNTS, Ability.MANAGE_OWN_TOKENS
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
    Operation(
        name="tokens.issue",
        method="POST",
        path="/tokens",
        summary="Issue a token; its secret is shown this once",
        ability=_OWN,
        write=issue_token,
        body=TokenBody,
        answer=IssuedTokenAnswer,
        status=201,
    ),
    Operation(
        name="tokens.list",
        method="GET",
        path="/tokens",
        summary="List your tokens, or everybody's for administrators",
        ability=_OWN,
        read=list_tokens,
        query=PageQuery,
        answer=Listing[TokenAnswer],
    ),
    Operation(
        name="tokens.revoke",
        method="DELETE",
        path="/tokens/{id}",
        summary="Revoke a token",
        ability=_OWN,
        write=revoke_token,
        status=204,
    ),
)
