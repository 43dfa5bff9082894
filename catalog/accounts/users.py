"""Acts on users and groups."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from catalog.accounts.events import GroupChanged, GroupCreated, UserChanged, UserCreated
from catalog.accounts.models import Group, Membership, User
from catalog.accounts.vocabulary import Role
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict, InvalidInput, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.texts import checked_text
from catalog.kernel.unsaid import UNSAID, Unsaid
from catalog.work.revising import refuse_stale, what_changed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from catalog.work.unit import UnitOfWork

_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,79}")
_GROUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


@dataclass(frozen=True, kw_only=True)
class NewUser:
    """A user to be; ``password_hash`` is made before the unit of work begins."""

    login: str
    display_name: str
    password_hash: str | None
    roles: tuple[Role, ...]
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UserChange:
    """What is to change; an empty ``display_name`` is the login, ``password_hash`` is made before the unit of work."""

    display_name: str | Unsaid = UNSAID
    password_hash: str | Unsaid = UNSAID
    roles: tuple[Role, ...] | Unsaid = UNSAID
    active: bool | Unsaid = UNSAID


@dataclass(frozen=True, kw_only=True)
class NewGroup:
    """A group to be, with the logins of its members."""

    code: str
    name: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GroupChange:
    """What is to change; an empty ``name`` is the code, ``members`` are the logins of all members from now on."""

    name: str | Unsaid = UNSAID
    members: tuple[str, ...] | Unsaid = UNSAID


def create_user(work: UnitOfWork, new: NewUser) -> User:
    """Enter a user; ``Conflict`` if the login is taken, ignoring case."""
    work.require(Ability.MANAGE_ACCOUNTS)
    if not _LOGIN.fullmatch(new.login):
        raise InvalidInput(
            f"login {new.login[:80]!r} is not 1–80 letters, digits or . _ @ + - starting with a letter or digit",
            code="bad-login",
        )
    roles = _checked_roles(new.login, new.roles)
    key = new.login.casefold()
    if work.session.scalar(select(User.id).where(User.login_key == key)) is not None:
        raise Conflict(f"login {new.login!r} is taken", code="login-taken", login=new.login)
    user = User(
        id=new_id(),
        login=new.login,
        login_key=key,
        display_name=checked_text("name", new.display_name) or new.login,
        password_hash=new.password_hash,
        roles=roles,
        active=True,
        session_epoch=0,
        revision=1,
        created_at=work.now,
        updated_at=work.now,
    )
    groups = dict.fromkeys(_group(work, code) for code in new.groups)
    work.session.add(user)
    work.session.flush()
    for group in groups:
        group.revision += 1
        work.session.add(Membership(user_id=user.id, group_id=group.id))
    work.record(
        UserCreated(user_id=user.id, login=user.login, display_name=user.display_name, roles=tuple(user.roles)),
        *(GroupChanged(group_id=group.id, changes={"joined": [user.login]}) for group in groups),
    )
    return user


def change_user(work: UnitOfWork, login: str, said: UserChange, *, if_revision: int | None = None) -> User:
    """Change a user. A new password or the loss of standing signs the user out everywhere.

    Refuses (``Conflict``) to take the last active administrator away.
    """
    work.require(Ability.MANAGE_ACCOUNTS)
    user = _user(work, login)
    work.hold(user)
    refuse_stale(user.login, user.revision, if_revision)
    administered = _administers(user)
    before = _told(user)
    if said.display_name is not UNSAID:
        user.display_name = checked_text("name", said.display_name) or user.login
    if said.roles is not UNSAID:
        user.roles = _checked_roles(user.login, said.roles)
    if said.active is not UNSAID:
        user.active = said.active
    changes: dict[str, Any] = {**what_changed(before, _told(user))}
    if said.password_hash is not UNSAID:
        changes["password"] = "changed"  # noqa: S105 — a word, not a password
        user.password_hash = said.password_hash
    if changes.keys() & {"password", "active", "roles"}:
        user.session_epoch += 1
    if administered and not _administers(user):
        _keep_one_administrator(work)
    if changes:
        user.revision += 1
        user.updated_at = work.now
        work.record(UserChanged(user_id=user.id, changes=changes))
    return user


def create_group(work: UnitOfWork, new: NewGroup) -> Group:
    """Enter a group; ``Conflict`` if its code is taken, ignoring case."""
    work.require(Ability.MANAGE_ACCOUNTS)
    if not _GROUP.fullmatch(new.code):
        raise InvalidInput(
            f"group code {new.code[:80]!r} is not 1–80 letters, digits or . _ - starting with a letter or digit",
            code="bad-code",
            value=new.code[:80],
        )
    key = new.code.casefold()
    if work.session.scalar(select(Group.id).where(Group.code_key == key)) is not None:
        raise Conflict(f"group {new.code!r} exists already", code="code-taken", value=new.code)
    group = Group(
        id=new_id(),
        code=new.code,
        code_key=key,
        name=checked_text("name", new.name) or new.code,
        revision=1,
        created_at=work.now,
    )
    members = dict.fromkeys(_user(work, login) for login in new.members)
    work.session.add(group)
    work.session.flush()
    work.session.add_all(Membership(user_id=user.id, group_id=group.id) for user in members)
    work.record(GroupCreated(group_id=group.id, code=group.code, members=tuple(user.login for user in members)))
    return group


def change_group(work: UnitOfWork, code: str, said: GroupChange, *, if_revision: int | None = None) -> Group:
    """Rename a group or set its members; ``NotFound`` for an unknown group or login."""
    work.require(Ability.MANAGE_ACCOUNTS)
    group = _group(work, code)
    work.hold(group)
    refuse_stale(group.code, group.revision, if_revision)
    before = {"name": group.name}
    if said.name is not UNSAID:
        group.name = checked_text("name", said.name) or group.code
    changes: dict[str, Any] = {**what_changed(before, {"name": group.name})}
    if said.members is not UNSAID:
        changes |= _set_members(work, group, [_user(work, login) for login in said.members])
    if changes:
        group.revision += 1
        work.record(GroupChanged(group_id=group.id, changes=changes))
    return group


def _checked_roles(login: str, roles: Sequence[Role]) -> list[str]:
    if not roles:
        raise InvalidInput(f"user {login!r} needs at least one role: {', '.join(Role)}", code="no-role")
    return sorted(set(roles))


def _told(user: User) -> dict[str, Any]:
    """Return the user as the ledger tells of them."""
    return {"display_name": user.display_name, "roles": user.roles, "active": user.active}


def _set_members(work: UnitOfWork, group: Group, members: Sequence[User]) -> dict[str, Any]:
    query = (
        select(User.id, User.login)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.group_id == group.id)
    )
    before: dict[UUID, str] = dict(work.session.execute(query).all())
    after = {user.id: user.login for user in members}
    work.session.execute(
        delete(Membership).where(Membership.group_id == group.id, Membership.user_id.in_(before.keys() - after.keys()))
    )
    work.session.add_all(Membership(user_id=user_id, group_id=group.id) for user_id in after.keys() - before.keys())
    changes = {
        "left": sorted(before[one] for one in before.keys() - after.keys()),
        "joined": sorted(after[one] for one in after.keys() - before.keys()),
    }
    return {key: logins for key, logins in changes.items() if logins}


def _administers(user: User) -> bool:
    return user.active and Role.ADMIN in user.roles


def _keep_one_administrator(work: UnitOfWork) -> None:
    work.session.flush()
    # Held until the commit, so that two administrators cannot each count on the other staying.
    active = work.session.scalars(select(User.roles).where(User.active).with_for_update())
    if not any(Role.ADMIN in roles for roles in active):
        raise Conflict("this would leave no active administrator; give another user the role first", code="last-admin")


def _user(work: UnitOfWork, login: str) -> User:
    user = work.session.scalar(select(User).where(User.login_key == login.casefold()))
    if user is None:
        raise NotFound(f"there is no user {login[:80]!r}", code="unknown-user", login=login)
    return user


def _group(work: UnitOfWork, code: str) -> Group:
    group = work.session.scalar(select(Group).where(Group.code_key == code.casefold()))
    if group is None:
        raise NotFound(f"there is no group {code[:80]!r}", code="unknown-group", group=code)
    return group
