"""What the server answers about collections.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class Share:
    """Somebody with whom it is shared."""

    kind: str
    name: str
    role: str = "view"

    @classmethod
    def read(cls, found: Json) -> Share:
        """Read Share from what a JSON document holds."""
        return cls(
            kind=found["kind"],
            name=found["name"],
            role=found["role"],
        )


@dataclass(frozen=True)
class Collection:
    """A collection without its items."""

    id: UUID
    title: str
    description: str
    owner: str | None
    access: str
    """What you may do with it."""
    studio: str | None
    shares: list[Share] | None
    """Null for those who may not change them."""
    item_count: int
    """Of the items that you may see."""
    cover_urls: list[str]
    """Pictures of its first assets."""
    created_at: datetime
    updated_at: datetime
    revision: int

    @classmethod
    def read(cls, found: Json) -> Collection:
        """Read Collection from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            title=found["title"],
            description=found["description"],
            owner=found.get("owner"),
            access=found["access"],
            studio=found.get("studio"),
            shares=None if found.get("shares") is None else [Share.read(one) for one in found["shares"]],
            item_count=found["item_count"],
            cover_urls=found["cover_urls"],
            created_at=moment(found["created_at"]),
            updated_at=moment(found["updated_at"]),
            revision=found["revision"],
        )
