"""What the server answers about accounts.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class User:
    """A user."""

    id: UUID
    login: str
    display_name: str
    roles: list[str]
    groups: list[str]
    active: bool
    created_at: datetime
    last_seen_at: datetime | None
    """When a page was opened or a token of theirs used, to within five minutes."""
    revision: int

    @classmethod
    def read(cls, found: Json) -> User:
        """Read User from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            login=found["login"],
            display_name=found["display_name"],
            roles=found["roles"],
            groups=found["groups"],
            active=found["active"],
            created_at=moment(found["created_at"]),
            last_seen_at=None if found.get("last_seen_at") is None else moment(found["last_seen_at"]),
            revision=found["revision"],
        )


@dataclass(frozen=True)
class Group:
    """A group with the logins of its members."""

    id: UUID
    code: str
    name: str
    members: list[str]
    revision: int

    @classmethod
    def read(cls, found: Json) -> Group:
        """Read Group from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            code=found["code"],
            name=found["name"],
            members=found["members"],
            revision=found["revision"],
        )
