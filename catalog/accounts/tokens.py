"""Acts on bearer tokens. A secret is shown once, when it is made; only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from catalog.accounts.events import TokenIssued, TokenRevoked
from catalog.accounts.models import Token, User
from catalog.accounts.networks import checked_networks
from catalog.accounts.vocabulary import abilities_of
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput, NotFound, NotPermitted
from catalog.kernel.ids import new_id
from catalog.kernel.texts import checked_text

if TYPE_CHECKING:
    from uuid import UUID

    from catalog.work.unit import UnitOfWork

PREFIX = "rpr_"
DAYS_DEFAULT = 90
DAYS_MAX = 3_650


@dataclass(frozen=True, kw_only=True)
class NewToken:
    """A token to be: for the user ``login`` (None: the actor), with these abilities (None: all its user has).

    ``networks`` is where it may be used from; none: anywhere.
    """

    name: str
    login: str | None = None
    scopes: tuple[Ability, ...] | None = None
    networks: tuple[str, ...] = ()
    days: int = DAYS_DEFAULT
    service: bool = False


@dataclass(frozen=True, kw_only=True)
class IssuedToken:
    """A new token with its secret, for the one time that it is shown."""

    token: Token
    secret: str


def hash_of(secret: str) -> str:
    """Return the hash under which a secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue_token(work: UnitOfWork, new: NewToken) -> IssuedToken:
    """Make a token. For others, or to act on behalf of others (``service``), one must manage accounts."""
    work.require(Ability.MANAGE_OWN_TOKENS)
    _refuse_services(work)
    if new.service or (new.login or work.actor.name).casefold() != work.actor.name.casefold():
        work.require(Ability.MANAGE_ACCOUNTS)
    user = _owner(work, new)
    if not 1 <= new.days <= DAYS_MAX:
        raise InvalidInput(f"days {new.days} is not between 1 and {DAYS_MAX}", code="bad-expiry")
    theirs = abilities_of(user.roles)
    scopes = frozenset(new.scopes) if new.scopes is not None else theirs
    if user.id == work.actor.id:
        # A token made through a narrower one must not be wider than it.
        scopes = scopes & work.actor.abilities if new.scopes is None else scopes
    beyond = sorted(scopes - (theirs & work.actor.abilities if user.id == work.actor.id else theirs))
    if beyond:
        raise InvalidInput(
            f"{user.login} lacks {', '.join(beyond)}; a token cannot carry more than its user", code="bad-scope"
        )
    if new.service:
        scopes |= {Ability.ACT_FOR_OTHERS}
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token(
        id=new_id(),
        user_id=user.id,
        name=checked_text("name", new.name, required=True),
        secret_hash=hash_of(secret),
        scopes=sorted(scopes),
        networks=checked_networks(new.networks, within=work.actor.networks),
        service=new.service,
        expires_at=work.now + timedelta(days=new.days),
        created_at=work.now,
    )
    work.session.add(token)
    work.record(
        TokenIssued(
            token_id=token.id,
            user_id=user.id,
            token_name=token.name,
            scopes=tuple(token.scopes),
            networks=tuple(token.networks),
            service=token.service,
            expires_at=token.expires_at.isoformat() if token.expires_at else None,
        )
    )
    return IssuedToken(token=token, secret=secret)


def revoke_token(work: UnitOfWork, token_id: UUID) -> Token:
    """Close a token for good; safe to run twice. One's own, or anybody's for those who manage accounts."""
    work.require(Ability.MANAGE_OWN_TOKENS)
    _refuse_services(work)
    token = work.session.get(Token, token_id)
    if token is None or not (token.user_id == work.actor.id or work.actor.can(Ability.MANAGE_ACCOUNTS)):
        raise NotFound(f"there is no token {token_id} of yours", code="unknown-token")
    if token.revoked_at is None:
        token.revoked_at = work.now
        work.record(TokenRevoked(token_id=token.id, user_id=token.user_id, token_name=token.name))
    return token


def _refuse_services(work: UnitOfWork) -> None:
    if work.actor.on_behalf_of is not None:
        raise NotPermitted(
            f"{work.actor.name} serves {work.actor.on_behalf_of}, whose tokens are theirs to make and end"
        )


def _owner(work: UnitOfWork, new: NewToken) -> User:
    wanted = User.id == work.actor.id if new.login is None else User.login_key == new.login.casefold()
    user = work.session.scalar(select(User).where(wanted, User.active))
    if user is None:
        raise NotFound(f"there is no active user {(new.login or work.actor.name)[:80]!r}", code="unknown-user")
    return user
