"""What the server answers about tags.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalog.client.wire import Json


@dataclass(frozen=True)
class Tag:
    """A tag as it is written."""

    tag: str
    assets: int
    """Assets that have it, as far as the caller may know of them."""
    merged: list[str]
    """What was merged into it, for those who curate; whoever writes one of these writes it."""

    @classmethod
    def read(cls, found: Json) -> Tag:
        """Read Tag from what a JSON document holds."""
        return cls(
            tag=found["tag"],
            assets=found["assets"],
            merged=found["merged"],
        )
