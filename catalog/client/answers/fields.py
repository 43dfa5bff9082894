"""What the server answers about fields.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class Field:
    """A custom field."""

    id: UUID
    name: str
    type: str
    label: str
    label_zh: str
    unit: str
    description: str
    facet: bool
    """Narrow searches by its values and count them; of exact terms only."""
    created_at: datetime
    retired_at: datetime | None
    """Since when it is used no longer; assets keep its values, unseen."""
    revision: int

    @classmethod
    def read(cls, found: Json) -> Field:
        """Read Field from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            name=found["name"],
            type=found["type"],
            label=found["label"],
            label_zh=found["label_zh"],
            unit=found["unit"],
            description=found["description"],
            facet=found["facet"],
            created_at=moment(found["created_at"]),
            retired_at=None if found.get("retired_at") is None else moment(found["retired_at"]),
            revision=found["revision"],
        )
