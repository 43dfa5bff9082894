"""What the server answers about lending.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class Link:
    """A link that opens a collection, to look at, for whoever of the studio has it."""

    id: UUID
    name: str
    created_by: str | None
    created_at: datetime
    expires_at: datetime

    @classmethod
    def read(cls, found: Json) -> Link:
        """Read Link from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            name=found["name"],
            created_by=found.get("created_by"),
            created_at=moment(found["created_at"]),
            expires_at=moment(found["expires_at"]),
        )


@dataclass(frozen=True)
class MadeLink(Link):
    """A new link; `secret` and `url` are shown this once."""

    secret: str
    url: str

    @classmethod
    def read(cls, found: Json) -> MadeLink:
        """Read MadeLink from what a JSON document holds."""
        return cls(
            **vars(Link.read(found)),
            secret=found["secret"],
            url=found["url"],
        )
