"""What the server answers about tokens.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.client.wire import Json, moment


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
    """To within five minutes, readings included."""
    last_used_from: str | None
    """The address that it was used from then."""

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
            last_used_from=found.get("last_used_from"),
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
