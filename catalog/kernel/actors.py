"""Who acts. Doors make an ``Actor`` from a session or token; background work has named system actors."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid5

from catalog.kernel.abilities import Ability

_SYSTEM = UUID("6ba7b814-9dad-11d1-80b4-00c04fd430c8")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody who reads or acts, with what they may do and the groups they belong to.

    ``through`` names the token of a script, ``token_id`` is its id, and ``networks`` is where that may be used from
    (none: anywhere); ``on_behalf_of`` and ``context`` are what a service token says of the user, show and farm job it
    acts for. All of them but the networks stand in the ledger. ``served_id`` is that user's id.
    """

    id: UUID
    name: str
    abilities: frozenset[Ability]
    groups: frozenset[UUID] = frozenset()
    through: str | None = None
    token_id: UUID | None = None
    networks: tuple[str, ...] = ()
    on_behalf_of: str | None = None
    served_id: UUID | None = None
    context: tuple[tuple[str, str], ...] = ()

    def can(self, ability: Ability) -> bool:
        """Whether the actor has the ability."""
        return ability in self.abilities

    @property
    def person_id(self) -> UUID:
        """Whose own things are this actor's own: the served user's, or the actor's."""
        return self.served_id or self.id

    @property
    def is_system(self) -> bool:
        """Whether background work or an operator's command acts, and no user."""
        return self.id == _system_id(self.name)

    @property
    def sees_everything(self) -> bool:
        """Whether audiences do not limit this actor."""
        return Ability.SEE_EVERYTHING in self.abilities


def system_actor(name: str) -> Actor:
    """Return the background actor of this name, such as ``worker:inspection``; the same id each time."""
    return Actor(id=_system_id(name), name=name, abilities=frozenset(Ability))


def _system_id(name: str) -> UUID:
    return uuid5(_SYSTEM, f"reprise:{name}")
