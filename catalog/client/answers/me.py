"""What the server answers about me.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from catalog.client.wire import Json


@dataclass(frozen=True)
class Me:
    """Who the caller is and what they may do."""

    id: UUID
    login: str
    abilities: list[str]
    through: str | None
    on_behalf_of: str | None
    language: str | None
    """Of the pages; null: as the browser asks."""

    @classmethod
    def read(cls, found: Json) -> Me:
        """Read Me from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            login=found["login"],
            abilities=found["abilities"],
            through=found.get("through"),
            on_behalf_of=found.get("on_behalf_of"),
            language=found.get("language"),
        )
