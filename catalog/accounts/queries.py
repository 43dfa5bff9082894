"""Reading accounts: everybody reads their own user, groups and tokens, and logins; managers of accounts read all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from catalog.accounts.models import Group, Membership, Token, User
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.kernel.paging import Page, Paging, decode_cursor, decode_id_cursor, page_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from catalog.work.view import View

_USER = selectinload(User.memberships).joinedload(Membership.group)
_GROUP = selectinload(Group.memberships).joinedload(Membership.user)


def page_users(view: View, paging: Paging) -> Page[User]:
    """Return users with their groups, by login."""
    view.require(Ability.MANAGE_ACCOUNTS)
    query = select(User).options(_USER).order_by(User.login_key).limit(paging.limit + 1)
    if paging.cursor:
        (after,) = decode_cursor(paging.cursor, str)
        query = query.where(User.login_key > after)
    return page_of(view.session.scalars(query).all(), paging.limit, lambda user: [user.login_key])


def get_user(view: View, login: str) -> User:
    """Return one user with groups: oneself, or anybody for those who manage accounts."""
    user = view.session.scalar(select(User).options(_USER).where(User.login_key == login.casefold()))
    if user is None or not (user.id == view.viewer.person_id or view.viewer.can(Ability.MANAGE_ACCOUNTS)):
        raise NotFound(f"there is no user {login[:80]!r}", code="unknown-user")
    return user


def page_groups(view: View, paging: Paging) -> Page[Group]:
    """Return groups with their members, by code: all for those who manage accounts, else one's own."""
    query = select(Group).options(_GROUP).order_by(Group.code_key).limit(paging.limit + 1)
    if not view.viewer.can(Ability.MANAGE_ACCOUNTS):
        query = query.where(Group.id.in_(view.viewer.groups))
    if paging.cursor:
        (after,) = decode_cursor(paging.cursor, str)
        query = query.where(Group.code_key > after)
    return page_of(view.session.scalars(query).all(), paging.limit, lambda group: [group.code_key])


def get_group(view: View, code: str) -> Group:
    """Return one group with its members: one's own, or any for those who manage accounts."""
    group = view.session.scalar(select(Group).options(_GROUP).where(Group.code_key == code.casefold()))
    if group is None or not (group.id in view.viewer.groups or view.viewer.can(Ability.MANAGE_ACCOUNTS)):
        raise NotFound(f"there is no group {code[:80]!r}", code="unknown-group")
    return group


def page_tokens(view: View, paging: Paging) -> Page[Token]:
    """Return tokens with their users, newest first: all for those who manage accounts, else one's own."""
    query = select(Token).options(joinedload(Token.user)).order_by(Token.id.desc()).limit(paging.limit + 1)
    if not view.viewer.can(Ability.MANAGE_ACCOUNTS):
        query = query.where(Token.user_id == view.viewer.person_id)
    if paging.cursor:
        query = query.where(Token.id < decode_id_cursor(paging.cursor))
    return page_of(view.session.scalars(query).all(), paging.limit, lambda token: [str(token.id)])


def get_token(view: View, token_id: UUID | None) -> Token:
    """Return one token with its user: one's own, or anybody's for those who manage accounts."""
    query = select(Token).options(joinedload(Token.user)).where(Token.id == token_id)
    token = view.session.scalar(query)
    if token is None or not (token.user_id == view.viewer.person_id or view.viewer.can(Ability.MANAGE_ACCOUNTS)):
        raise NotFound(f"there is no token {token_id} of yours", code="unknown-token")
    return token


def find_user_id(view: View, login: str) -> UUID | None:
    """Return the id of the user with this login; None where there is none."""
    return view.session.scalar(select(User.id).where(User.login_key == login.casefold()))


def logins_of(view: View, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the logins of these users; people are named to everybody who may browse."""
    rows = view.session.execute(select(User.id, User.login).where(User.id.in_(set(user_ids))))
    return dict(rows.all())
