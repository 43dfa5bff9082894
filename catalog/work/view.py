"""The power to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.kernel.errors import NotPermitted

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from catalog.kernel.abilities import Ability
    from catalog.kernel.actors import Actor


@dataclass(frozen=True, kw_only=True)
class View:
    """What somebody sees at one instant. Every read takes one, and starts from what its viewer may see."""

    session: Session
    viewer: Actor
    now: datetime

    def require(self, ability: Ability) -> None:
        """Refuse a viewer who lacks the ability."""
        require(self.viewer, ability)


def require(actor: Actor, ability: Ability) -> None:
    """Raise ``NotPermitted`` unless the actor has the ability."""
    if not actor.can(ability):
        raise NotPermitted(
            f"{_who(actor)} may not {ability.value.replace('-', ' ')}; "
            f"ask an administrator for a role or token scope with {ability.value!r}",
            ability=ability.value,
        )


def _who(actor: Actor) -> str:
    """Return who was refused: often it is the token that is too narrow, not the person."""
    return f"{actor.name} with token {actor.through!r}" if actor.through else actor.name
