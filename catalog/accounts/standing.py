"""Acting later: who asked for work is kept with it, and the work is done by them, with what they may at that moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from catalog.accounts.models import User
from catalog.accounts.vocabulary import abilities_of
from catalog.kernel.abilities import Ability
from catalog.kernel.actors import Actor, system_actor
from catalog.kernel.errors import NotPermitted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session


def kept_of(actor: Actor) -> dict[str, Any]:
    """Return an actor as JSON, to act later by ``actor_again``."""
    return {
        "id": str(actor.id),
        "name": actor.name,
        "abilities": sorted(actor.abilities),
        "through": actor.through,
        "token_id": str(actor.token_id) if actor.token_id else None,
        "served_id": str(actor.served_id) if actor.served_id else None,
        "context": [list(pair) for pair in actor.context],
        "system": actor.is_system,
    }


def actor_again(session: Session, kept: Mapping[str, Any]) -> Actor:
    """Return who asked, with what they could when they asked and still can; ``NotPermitted`` where they left."""
    if kept["system"]:
        return system_actor(kept["name"])
    user = _active(session, UUID(kept["id"]), kept["name"])
    served = _active(session, UUID(kept["served_id"]), "the served user") if kept["served_id"] else None
    abilities = frozenset(map(Ability, kept["abilities"])) & abilities_of(user.roles)
    person = served or user
    return Actor(
        id=user.id,
        name=user.login,
        abilities=abilities & abilities_of(person.roles),
        groups=frozenset(membership.group_id for membership in person.memberships),
        through=kept["through"],
        token_id=UUID(kept["token_id"]) if kept["token_id"] else None,
        on_behalf_of=served.login if served else None,
        served_id=served.id if served else None,
        context=tuple((name, value) for name, value in kept["context"]),
    )


def _active(session: Session, user_id: UUID, name: str) -> User:
    query = select(User).options(selectinload(User.memberships)).where(User.id == user_id, User.active)
    user = session.scalar(query)
    if user is None:
        raise NotPermitted(f"{name} is no active user any more")
    return user
