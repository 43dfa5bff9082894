"""What the server answers about assets.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from catalog.client.answers.shapes import Card
from catalog.client.wire import Json


@dataclass(frozen=True)
class Dependent(Card):
    """An asset that uses the asked one, `depth` relations away."""

    relation: str
    """How it uses what is one step nearer."""
    depth: int

    @classmethod
    def read(cls, found: Json) -> Dependent:
        """Read Dependent from what a JSON document holds."""
        return cls(
            **vars(Card.read(found)),
            relation=found["relation"],
            depth=found["depth"],
        )


@dataclass(frozen=True)
class Relation:
    """One relation; `source` depends on `target`."""

    id: UUID
    kind: str
    source: str
    target: str
    version: int | None
    """Version of the target; null is whichever is the latest."""
    count: int | None

    @classmethod
    def read(cls, found: Json) -> Relation:
        """Read Relation from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            kind=found["kind"],
            source=found["source"],
            target=found["target"],
            version=found.get("version"),
            count=found.get("count"),
        )
