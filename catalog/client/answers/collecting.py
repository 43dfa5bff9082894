"""What the server answers about collecting.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.client.answers.shapes import Card
from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class Collected:
    """An item; `number` is its place among those that you may see."""

    id: UUID
    number: int
    asset: str
    added_as: str | None
    """The code that it was added by, where that asset was merged into this one."""
    version: int | None
    """The version that is meant; null: whichever is the latest."""
    note: str
    absence: str | None
    """Why it can no longer be taken."""
    reason: str | None
    """What was said of that."""
    card: Card
    added_at: datetime
    added_by: str | None
    revision: int

    @classmethod
    def read(cls, found: Json) -> Collected:
        """Read Collected from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            number=found["number"],
            asset=found["asset"],
            added_as=found.get("added_as"),
            version=found.get("version"),
            note=found["note"],
            absence=found.get("absence"),
            reason=found.get("reason"),
            card=Card.read(found["card"]),
            added_at=moment(found["added_at"]),
            added_by=found.get("added_by"),
            revision=found["revision"],
        )


@dataclass(frozen=True)
class Added:
    """What came of adding."""

    added: int
    already: int
    """How many were in it and stay where they are."""
    items: list[Collected]

    @classmethod
    def read(cls, found: Json) -> Added:
        """Read Added from what a JSON document holds."""
        return cls(
            added=found["added"],
            already=found["already"],
            items=[Collected.read(one) for one in found["items"]],
        )
