"""What the server answers about synonyms.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class Synonyms:
    """The synonyms that searches use."""

    text: str
    """One line for each meaning, its words between equals signs; # begins a remark."""
    updated_at: datetime | None
    """When they were changed; null where they are as shipped."""
    revision: int

    @classmethod
    def read(cls, found: Json) -> Synonyms:
        """Read Synonyms from what a JSON document holds."""
        return cls(
            text=found["text"],
            updated_at=None if found.get("updated_at") is None else moment(found["updated_at"]),
            revision=found["revision"],
        )
