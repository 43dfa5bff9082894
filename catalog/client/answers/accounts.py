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


@dataclass(frozen=True)
class Token:
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

    @classmethod
    def read(cls, found: Json) -> Token:
        """Read Token from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            name=found["name"],
            login=found["login"],
            scopes=found["scopes"],
            networks=found["networks"],
            service=found["service"],
            created_at=moment(found["created_at"]),
            expires_at=None if found.get("expires_at") is None else moment(found["expires_at"]),
            revoked_at=None if found.get("revoked_at") is None else moment(found["revoked_at"]),
            last_used_at=None if found.get("last_used_at") is None else moment(found["last_used_at"]),
        )


@dataclass(frozen=True)
class IssuedToken(Token):
    """A new token with its secret, which is shown this once."""

    secret: str

    @classmethod
    def read(cls, found: Json) -> IssuedToken:
        """Read IssuedToken from what a JSON document holds."""
        return cls(
            **vars(Token.read(found)),
            secret=found["secret"],
        )
