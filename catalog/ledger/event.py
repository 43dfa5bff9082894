"""The base of every event. Rooms declare theirs in their ``events.py``; a published schema never changes.

A field named ``*_id`` is a subject of the event, ``*_ids`` several; all other fields are its values. The ledger
chains the subjects and a digest of the values; the values themselves live beside the chain, where they can be erased.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

EVENT_TYPES: dict[str, type[Event]] = {}
"""Every declared event by its type, such as ``asset.registered/1``."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Something an entry is about: ``kind`` is the word before ``_id`` (``asset``, ``version``, ``show`` …)."""

    kind: str
    id: UUID


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened. Subclasses set ``name``; ``about`` names the subject that owed jobs are told of."""

    name: ClassVar[str]
    schema: ClassVar[int] = 1
    about: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """Enter the event in ``EVENT_TYPES``."""
        EVENT_TYPES[cls.type_name()] = cls

    @classmethod
    def type_name(cls) -> str:
        """Return name and schema version, as the ledger shows it."""
        return f"{cls.name}/{cls.schema}"

    @property
    def about_id(self) -> UUID:
        """The id that owed jobs are told of."""
        found: UUID = getattr(self, self.about)
        return found

    def subjects(self) -> list[Subject]:
        """Return what the event is about, in field order, each once."""
        found: dict[UUID, Subject] = {}
        for name in subject_fields(self.type_name()):
            value = getattr(self, name)
            kind = name.removesuffix("_ids").removesuffix("_id")
            for one in value if isinstance(value, tuple) else (value,):
                if one is not None:
                    found.setdefault(one, Subject(kind=kind, id=one))
        return list(found.values())

    def values(self) -> dict[str, Any]:
        """Return the values as JSON would hold them."""
        return {name: _plain(getattr(self, name)) for name in value_fields(self.type_name())}


@cache
def subject_fields(event_type: str) -> tuple[str, ...]:
    """Return the names of the fields that are subjects, in order."""
    return tuple(field.name for field in fields(EVENT_TYPES[event_type]) if field.name.endswith(("_id", "_ids")))


@cache
def value_fields(event_type: str) -> tuple[str, ...]:
    """Return the names of the fields that are values, in order."""
    subjects = subject_fields(event_type)
    return tuple(field.name for field in fields(EVENT_TYPES[event_type]) if field.name not in subjects)


def _plain(value: Any) -> Any:  # noqa: ANN401 — JSON is what it is
    match value:
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {str(key): _plain(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(one) for one in value]
        case _:
            return value
