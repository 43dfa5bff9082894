"""What the server answers about merges.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catalog.client.answers.shapes import Alias
from catalog.client.wire import Json


@dataclass(frozen=True)
class Obstacle:
    """Why two assets cannot be merged as they are."""

    code: str
    message: str

    @classmethod
    def read(cls, found: Json) -> Obstacle:
        """Read Obstacle from what a JSON document holds."""
        return cls(
            code=found["code"],
            message=found["message"],
        )


@dataclass(frozen=True)
class MergePlan:
    """What a merge would do; nothing is merged while there are obstacles."""

    asset: str
    into: str
    obstacles: list[Obstacle]
    tags: list[str]
    """Tags that the asset that stays gets."""
    aliases: list[Alias]
    """Names that it gets."""
    fields: dict[str, Any]
    """Values of custom fields that it gets, having none there."""
    moved: int
    """Relations of others to the latest version, which will mean that of the one that stays."""
    copied: int
    """What the merged one is made of, said of the one that stays, too."""
    pinned: int
    """Relations of others to one of its versions, which stay as they are."""

    @classmethod
    def read(cls, found: Json) -> MergePlan:
        """Read MergePlan from what a JSON document holds."""
        return cls(
            asset=found["asset"],
            into=found["into"],
            obstacles=[Obstacle.read(one) for one in found["obstacles"]],
            tags=found["tags"],
            aliases=[Alias.read(one) for one in found["aliases"]],
            fields=found["fields"],
            moved=found["moved"],
            copied=found["copied"],
            pinned=found["pinned"],
        )
