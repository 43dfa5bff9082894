"""What can happen to custom fields. A value that changes is a change of its asset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from catalog.ledger.event import Event


@dataclass(frozen=True, kw_only=True)
class FieldDefined(Event):
    """Assets can carry values of this field."""

    name: ClassVar[str] = "field.defined"
    about: ClassVar[str] = "field_id"
    field_id: UUID
    field: str
    type: str
    label: str


@dataclass(frozen=True, kw_only=True)
class FieldChanged(Event):
    """What a field is called, or how it is described, changed; ``changes`` holds [before, after]."""

    name: ClassVar[str] = "field.changed"
    about: ClassVar[str] = "field_id"
    field_id: UUID
    field: str
    changes: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class FieldRetired(Event):
    """A field is used no longer; assets keep its values, unseen."""

    name: ClassVar[str] = "field.retired"
    about: ClassVar[str] = "field_id"
    field_id: UUID
    field: str


@dataclass(frozen=True, kw_only=True)
class FieldReinstated(Event):
    """A retired field is used again, with the values that it had."""

    name: ClassVar[str] = "field.reinstated"
    about: ClassVar[str] = "field_id"
    field_id: UUID
    field: str
