"""Acts on custom fields: administrators define, describe, retire and reinstate them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from catalog.fields import queries
from catalog.fields.events import FieldChanged, FieldDefined, FieldReinstated, FieldRetired
from catalog.fields.models import CustomField
from catalog.fields.vocabulary import FIELDS_MAX, RESERVED, FieldType
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict, InvalidInput
from catalog.kernel.ids import new_id
from catalog.kernel.texts import checked_text
from catalog.kernel.unsaid import UNSAID, Unsaid
from catalog.work.revising import refuse_stale, what_changed

if TYPE_CHECKING:
    from catalog.work.unit import UnitOfWork

NAME = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
NAME_MAX = 30
LABEL_MAX = 80
UNIT_MAX = 20


@dataclass(frozen=True, kw_only=True)
class NewField:
    """A field to be. An empty ``label`` is the name, an empty ``label_zh`` the label."""

    name: str
    type: FieldType
    label: str = ""
    label_zh: str = ""
    unit: str = ""
    description: str = ""
    facet: bool = False


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """What is to change of a field; name and type stay."""

    label: str | Unsaid = UNSAID
    label_zh: str | Unsaid = UNSAID
    unit: str | Unsaid = UNSAID
    description: str | Unsaid = UNSAID
    facet: bool | Unsaid = UNSAID


def define(work: UnitOfWork, new: NewField) -> CustomField:
    """Define a field; assets can carry values at once, and searches ask for them without a new index.

    ``Conflict`` where there is one of this name, also a retired one, or where there are as many as may be.
    """
    work.require(Ability.MANAGE_FIELDS)
    name = _checked_name(new.name)
    taken = work.session.scalar(select(CustomField).where(CustomField.name == name))
    if taken is not None:
        remedy = "choose another name" if taken.retired_at is None else "it is retired; reinstate it"
        raise Conflict(f"there is a field {name!r} already; {remedy}", code="field-taken")
    _refuse_too_many(work)
    field = CustomField(
        id=new_id(),
        name=name,
        type=new.type.value,
        label=_line("label", new.label, LABEL_MAX) or name,
        label_zh=_line("label_zh", new.label_zh, LABEL_MAX),
        unit=_unit(new.type, new.unit),
        description=checked_text("reason", new.description),
        facet=_facet(new.type, facet=new.facet),
        retired_at=None,
        revision=1,
        created_at=work.now,
    )
    work.session.add(field)
    work.session.flush()
    work.record(FieldDefined(field_id=field.id, field=name, type=field.type, label=field.label))
    return field


def change(work: UnitOfWork, name: str, said: FieldChange, *, if_revision: int | None = None) -> CustomField:
    """Change what a field is called and how it is described; changing nothing records nothing."""
    work.require(Ability.MANAGE_FIELDS)
    field = _held(work, name, if_revision)
    before = _told(field)
    if said.label is not UNSAID:
        field.label = _line("label", said.label, LABEL_MAX) or field.name
    if said.label_zh is not UNSAID:
        field.label_zh = _line("label_zh", said.label_zh, LABEL_MAX)
    if said.unit is not UNSAID:
        field.unit = _unit(FieldType(field.type), said.unit)
    if said.description is not UNSAID:
        field.description = checked_text("reason", said.description)
    if said.facet is not UNSAID:
        field.facet = _facet(FieldType(field.type), facet=said.facet)
    changes = what_changed(before, _told(field))
    if changes:
        field.revision += 1
        work.record(FieldChanged(field_id=field.id, field=field.name, changes=changes))
    return field


def retire(work: UnitOfWork, name: str, *, if_revision: int | None = None) -> CustomField:
    """Use a field no longer; assets keep its values, unseen. Safe to run twice."""
    work.require(Ability.MANAGE_FIELDS)
    field = _held(work, name, if_revision)
    if field.retired_at is None:
        field.retired_at = work.now
        field.revision += 1
        work.record(FieldRetired(field_id=field.id, field=field.name))
    return field


def reinstate(work: UnitOfWork, name: str, *, if_revision: int | None = None) -> CustomField:
    """Use a retired field again, with the values that it had. Safe to run twice."""
    work.require(Ability.MANAGE_FIELDS)
    field = _held(work, name, if_revision)
    if field.retired_at is not None:
        _refuse_too_many(work)
        field.retired_at = None
        field.revision += 1
        work.record(FieldReinstated(field_id=field.id, field=field.name))
    return field


def _held(work: UnitOfWork, name: str, if_revision: int | None) -> CustomField:
    field = queries.get_field(work.view, name)
    work.hold(field)
    refuse_stale(f"field {field.name}", field.revision, if_revision)
    return field


def _checked_name(name: str) -> str:
    if len(name) > NAME_MAX or not re.fullmatch(NAME, name):
        raise InvalidInput(
            f"field name {name[:80]!r} is not lower-case letters and digits, with single _ between them, such as "
            f"fabric or vendor_id, at most {NAME_MAX} characters",
            code="bad-field-name",
        )
    if name in RESERVED:
        raise InvalidInput(
            f"field name {name!r} is one that searches know already; {f'studio_{name}'!r} would do",
            code="bad-field-name",
        )
    return name


def _refuse_too_many(work: UnitOfWork) -> None:
    in_use = select(func.count()).select_from(CustomField).where(CustomField.retired_at.is_(None))
    if (work.session.scalar(in_use) or 0) >= FIELDS_MAX:
        raise Conflict(f"there are {FIELDS_MAX} fields in use, which is the most; retire one first", code="too-many")


def _unit(type_: FieldType, unit: str) -> str:
    found = _line("unit", unit, UNIT_MAX)
    if found and type_ is not FieldType.NUMBER:
        raise InvalidInput(f"unit {found!r}: only numbers have a unit, this field is {type_}", code="bad-unit")
    return found


def _facet(type_: FieldType, *, facet: bool) -> bool:
    if facet and type_ is not FieldType.EXACT:
        raise InvalidInput(f"only exact terms are counted as a facet, this field is {type_}", code="bad-facet")
    return facet


def _line(what: str, text: str, most: int) -> str:
    found = checked_text("name", text)
    if len(found) > most:
        raise InvalidInput(f"{what} has {len(found)} characters; at most {most} are right", code=f"bad-{what}")
    return found


def _told(field: CustomField) -> dict[str, Any]:
    return {
        "label": field.label,
        "label_zh": field.label_zh,
        "unit": field.unit,
        "description": field.description,
        "facet": field.facet,
    }
