"""What the server answers about searches.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class ShownTo:
    """Somebody who sees it."""

    kind: str
    name: str

    @classmethod
    def read(cls, found: Json) -> ShownTo:
        """Read ShownTo from what a JSON document holds."""
        return cls(
            kind=found["kind"],
            name=found["name"],
        )


@dataclass(frozen=True)
class SavedSearch:
    """A search that somebody keeps."""

    id: UUID
    title: str
    query: str
    """The query of the search's address, such as `q=lamp&kind=prop&-tag=metal&sort=newest`."""
    owner: str | None
    shared: bool
    """Whether the whole studio sees it."""
    shares: list[ShownTo] | None
    """Who sees it by name; null for those who may not change it."""
    new_count: int | None
    """Found since you last looked, 1,000 at most; null where it is not yours."""
    looked_at: datetime | None
    """Null where it is not yours."""
    created_at: datetime
    updated_at: datetime
    revision: int

    @classmethod
    def read(cls, found: Json) -> SavedSearch:
        """Read SavedSearch from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            title=found["title"],
            query=found["query"],
            owner=found.get("owner"),
            shared=found["shared"],
            shares=None if found.get("shares") is None else [ShownTo.read(one) for one in found["shares"]],
            new_count=found.get("new_count"),
            looked_at=None if found.get("looked_at") is None else moment(found["looked_at"]),
            created_at=moment(found["created_at"]),
            updated_at=moment(found["updated_at"]),
            revision=found["revision"],
        )
