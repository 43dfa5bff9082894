"""What the server answers about ledger.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog.client.wire import Json, moment


@dataclass(frozen=True)
class Subject:
    """What an entry is about."""

    kind: str
    id: UUID

    @classmethod
    def read(cls, found: Json) -> Subject:
        """Read Subject from what a JSON document holds."""
        return cls(
            kind=found["kind"],
            id=UUID(found["id"]),
        )


@dataclass(frozen=True)
class Event:
    """Something that happened; `seq` is its place in the one order of everything."""

    seq: int
    type: str
    """Name and schema version, such as `asset.registered/1`."""
    at: datetime
    actor: dict[str, Any]
    subjects: list[Subject]
    values: dict[str, Any] | None
    """Null once they were erased."""
    request_id: str | None

    @classmethod
    def read(cls, found: Json) -> Event:
        """Read Event from what a JSON document holds."""
        return cls(
            seq=found["seq"],
            type=found["type"],
            at=moment(found["at"]),
            actor=found["actor"],
            subjects=[Subject.read(one) for one in found["subjects"]],
            values=found.get("values"),
            request_id=found.get("request_id"),
        )


@dataclass(frozen=True)
class Entry(Event):
    """An entry of the ledger with its place in the chain."""

    previous: str
    hash: str
    body: str
    """The exact bytes that `hash` is the SHA-256 of, as UTF-8."""

    @classmethod
    def read(cls, found: Json) -> Entry:
        """Read Entry from what a JSON document holds."""
        return cls(
            **vars(Event.read(found)),
            previous=found["previous"],
            hash=found["hash"],
            body=found["body"],
        )


@dataclass(frozen=True)
class Verification:
    """Whether every entry is as it was written."""

    holds: bool
    verified_through: int
    head: str
    first_bad: int | None
    reason: str | None

    @classmethod
    def read(cls, found: Json) -> Verification:
        """Read Verification from what a JSON document holds."""
        return cls(
            holds=found["holds"],
            verified_through=found["verified_through"],
            head=found["head"],
            first_bad=found.get("first_bad"),
            reason=found.get("reason"),
        )
