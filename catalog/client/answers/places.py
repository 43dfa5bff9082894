"""What the server answers about places.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class Show:
    """A show."""

    id: UUID
    code: str
    name: str
    description: str
    audience: list[str] | None
    reviewed: bool
    """Versions of its assets wait for review before they are published."""
    created_at: datetime
    updated_at: datetime
    revision: int

    @classmethod
    def read(cls, found: Json) -> Show:
        """Read Show from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            code=found["code"],
            name=found["name"],
            description=found["description"],
            audience=found.get("audience"),
            reviewed=found["reviewed"],
            created_at=moment(found["created_at"]),
            updated_at=moment(found["updated_at"]),
            revision=found["revision"],
        )


@dataclass(frozen=True)
class Template:
    """How a platform spells the root at a site."""

    platform: str
    path: str
    site: str = "main"

    @classmethod
    def read(cls, found: Json) -> Template:
        """Read Template from what a JSON document holds."""
        return cls(
            platform=found["platform"],
            site=found["site"],
            path=found["path"],
        )


@dataclass(frozen=True)
class Root:
    """A place that an administrator declared."""

    id: UUID
    name: str
    templates: list[Template]
    created_at: datetime
    revision: int

    @classmethod
    def read(cls, found: Json) -> Root:
        """Read Root from what a JSON document holds."""
        return cls(
            id=UUID(found["id"]),
            name=found["name"],
            templates=[Template.read(one) for one in found["templates"]],
            created_at=moment(found["created_at"]),
            revision=found["revision"],
        )
