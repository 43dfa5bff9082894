"""From a secret to an actor: the only place where one becomes the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Select, select, update
from sqlalchemy.orm import joinedload, selectinload

from catalog.accounts import networks, passwords
from catalog.accounts.models import Token, User
from catalog.accounts.tokens import PREFIX, hash_of
from catalog.accounts.vocabulary import abilities_of
from catalog.kernel.abilities import Ability
from catalog.kernel.actors import Actor
from catalog.kernel.errors import NotPermitted, NotSignedIn

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

NOTED_STEP = timedelta(minutes=5)
"""How much later than it is kept a last use may have been: most requests write nothing."""


def actor_of_token(
    session: Session,
    secret: str,
    now: datetime,
    *,
    address: str | None = None,
    on_behalf_of: str | None = None,
    context: Mapping[str, str] | None = None,
) -> Actor:
    """Return who acts by this bearer token, which is used from this address.

    A service token may act for another user: then that user's abilities and groups count, cut by the token's scopes,
    and the ledger names both. Raises ``NotSignedIn`` for a token that is unknown, revoked, expired or of a disabled
    user, and ``NotPermitted`` for a token that may not act for others, or may not be used from there.
    """
    return recognize(session, secret, now, address=address, on_behalf_of=on_behalf_of, context=context).actor


@dataclass(frozen=True, kw_only=True)
class Recognized:
    """Who acts, and whether the kept last use of their token is more than five minutes old."""

    actor: Actor
    use_is_stale: bool


def recognize(
    session: Session,
    secret: str,
    now: datetime,
    *,
    address: str | None = None,
    on_behalf_of: str | None = None,
    context: Mapping[str, str] | None = None,
) -> Recognized:
    """Return what ``actor_of_token`` does, and whether the use of the token is worth noting; one query for most."""
    token = _live_token(session, secret, now)
    if not networks.admit(token.networks, address):
        # The networks are not told: whoever has found a token shall not learn where it opens something.
        raise NotPermitted(
            "this token is limited to networks, and the request came from none of them; use it where it belongs, or "
            "make one for here on the page /me/tokens. Behind a reverse proxy CATALOG_PROXIES must say so",
            code="outside-network",
        )
    actor = _acting(session, token, on_behalf_of, context)
    return Recognized(actor=actor, use_is_stale=is_stale(token.last_used_at, now))


def is_stale(noted: datetime | None, now: datetime) -> bool:
    """Whether a last use that was noted then is worth noting again."""
    return noted is None or now - noted > NOTED_STEP


def _acting(session: Session, token: Token, on_behalf_of: str | None, context: Mapping[str, str] | None) -> Actor:
    scopes = frozenset(map(Ability, token.scopes))
    if on_behalf_of is None:
        return _actor(token.user, scopes, through=token, context=context)
    if not token.service:
        raise NotPermitted(f"token {token.name!r} may not act for {on_behalf_of[:80]!r}; it is not a service token")
    served = session.scalar(_with_groups().where(User.login_key == on_behalf_of.casefold(), User.active))
    if served is None:
        raise NotPermitted(f"there is no active user {on_behalf_of[:80]!r} to act for", code="unknown-user")
    # Neither the service's present roles nor those of whom it serves can be exceeded.
    own = abilities_of(token.user.roles)
    actor = _actor(served, scopes & own, through=token, context=context)
    return Actor(
        id=token.user.id,
        name=token.user.login,
        abilities=actor.abilities,
        groups=actor.groups,
        through=token.name,
        token_id=token.id,
        networks=actor.networks,
        on_behalf_of=served.login,
        served_id=served.id,
        context=actor.context,
    )


def actor_of_session(session: Session, user_id: UUID, epoch: int) -> Actor:
    """Return who a web session belongs to; ``NotSignedIn`` once the user was disabled or signed out everywhere."""
    return actor_of(user_of_session(session, user_id, epoch))


def user_of_session(session: Session, user_id: UUID, epoch: int) -> User:
    """Return the user whom a web session belongs to; raises as ``actor_of_session`` does."""
    user = session.scalar(_with_groups().where(User.id == user_id, User.active, User.session_epoch == epoch))
    if user is None:
        raise NotSignedIn("your session has ended; sign in again")
    return user


def actor_of(user: User) -> Actor:
    """Return a user of ``user_of_session`` as who acts by themselves, with all that they may."""
    return _actor(user, frozenset(Ability))


def actor_named(session: Session, login: str) -> Actor | None:
    """Return who an active user is, to ask what they may know of; nobody acts as them by it."""
    user = session.scalar(_with_groups().where(User.login_key == login.casefold(), User.active))
    return _actor(user, frozenset(Ability)) if user else None


def actors_by_id(session: Session, user_ids: Collection[UUID]) -> list[Actor]:
    """Return who those of these users are that are active, to ask what they may know of; nobody acts as them by it."""
    users = session.scalars(_with_groups().where(User.id.in_(user_ids), User.active).order_by(User.id))
    return [_actor(user, frozenset(Ability)) for user in users]


def find_user_to_check(session: Session, login: str) -> User | None:
    """Return the active user of this login, whose password is then checked outside the transaction."""
    return session.scalar(select(User).where(User.login_key == login.casefold(), User.active))


def check_password(user: User | None, password: str) -> User:
    """Return the user if the password is theirs; ``NotSignedIn`` otherwise, without saying which of both was wrong."""
    if not passwords.matches(user.password_hash if user else None, password) or user is None:
        raise NotSignedIn("login or password is wrong; after a forgotten password an administrator sets a new one")
    return user


def note_use(session: Session, secret: str, now: datetime, *, address: str | None = None) -> None:
    """Keep when and from which address a token was last used, and its user seen, to within five minutes."""
    noted = {"last_used_at": now, "last_used_from": networks.spelled(address)}
    used = update(Token).where(Token.secret_hash == hash_of(secret)).values(**noted)
    user_id = session.scalar(used.returning(Token.user_id))
    if user_id is not None:
        note_sight(session, user_id, now)


def note_sight(session: Session, user_id: UUID, now: datetime) -> None:
    """Keep when a user was last seen, to within five minutes."""
    session.execute(update(User).where(User.id == user_id).values(last_seen_at=now))


def _live_token(session: Session, secret: str, now: datetime) -> Token:
    token = None
    if secret.startswith(PREFIX):
        query = (
            select(Token)
            .where(Token.secret_hash == hash_of(secret))
            .options(joinedload(Token.user).joinedload(User.memberships))
        )
        token = session.scalars(query).unique().one_or_none()
    if token is None or token.revoked_at is not None or not token.user.active:
        raise NotSignedIn(
            "the bearer token is unknown or was revoked; make one on the page /me/tokens, "
            "or with `catalog admin create-token LOGIN` on the server"
        )
    if token.expires_at is not None and token.expires_at <= now:
        raise NotSignedIn(f"token {token.name!r} expired at {token.expires_at:%Y-%m-%d %H:%M} UTC; make a new one")
    return token


def _with_groups() -> Select[User]:
    return select(User).options(selectinload(User.memberships))


def _actor(
    user: User, scopes: frozenset[Ability], *, through: Token | None = None, context: Mapping[str, str] | None = None
) -> Actor:
    return Actor(
        id=user.id,
        name=user.login,
        abilities=abilities_of(user.roles) & scopes,
        groups=frozenset(membership.group_id for membership in user.memberships),
        through=through.name if through else None,
        token_id=through.id if through else None,
        networks=tuple(through.networks) if through else (),
        context=tuple(sorted((context or {}).items())),
    )
