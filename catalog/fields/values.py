"""What the values of custom fields may be. Pure.

A text has up to 20,000 characters on several lines; an exact value up to 200 on one; a number is less than a million
million either way and kept to six decimals, so that it can be compared exactly; one with more digits than a float holds
is refused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from catalog.fields.queries import nearest
from catalog.fields.vocabulary import FieldType
from catalog.kernel.errors import FieldError, InvalidInput
from catalog.kernel.texts import checked_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.fields.models import CustomField

Value = str | int | float

NUMBER_MAX = 10**12
DECIMALS = 6
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_SORTS = {FieldType.TEXT: "description", FieldType.EXACT: "alias"}


def checked_values(fields: Mapping[str, CustomField], given: Mapping[str, Any]) -> dict[str, Value | None]:
    """Return each value as it is kept, None for what is to be emptied; ``InvalidInput`` names all that are wrong."""
    found: dict[str, Value | None] = {}
    errors: list[FieldError] = []
    for name, value in given.items():
        field = fields.get(name)
        try:
            if field is None:
                message = f"there is no field {name[:80]!r}{nearest(name, fields)}"
                raise InvalidInput(message, code="unknown-field")  # noqa: TRY301 — told with the others
            found[name] = _checked(field, value)
        except InvalidInput as refusal:
            code = refusal.code
            errors.append(FieldError(field=f"fields.{name[:80]}", message=refusal.message))
    if errors:
        told = [f"{one.field}: {one.message}" for one in errors[:5]]
        raise InvalidInput("; ".join(told), code=code, errors=errors[:50])
    return found


def merged(before: Mapping[str, Value], changes: Mapping[str, Value | None]) -> dict[str, Value]:
    """Return an asset's values with some of them changed; None empties one."""
    after = {**before, **changes}
    return {name: value for name, value in sorted(after.items()) if value is not None}


def _checked(field: CustomField, value: object) -> Value | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if field.type == FieldType.NUMBER:
        return _number(value)
    if not isinstance(value, str):
        raise InvalidInput(f"{value!r} is no text", code="bad-field-value")
    try:
        return checked_text(_SORTS[FieldType(field.type)], value)
    except InvalidInput as refusal:
        said = refusal.message.partition(" ")[2]
        raise InvalidInput(f"the value {said}", code="bad-field-value") from None


def _number(value: object) -> int | float:
    wrong = InvalidInput(
        f"{str(value)[:40]!r} is no number of less than {NUMBER_MAX:,} either way, such as 4 or 1.75",
        code="bad-field-value",
    )
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise wrong
    said = str(value).strip()
    if not _NUMBER.fullmatch(said) or abs(Decimal(said)) >= NUMBER_MAX:
        raise wrong
    kept = round(Decimal(said), DECIMALS)
    if abs(kept) >= NUMBER_MAX:
        raise wrong
    if kept == kept.to_integral_value():
        return int(kept)
    if Decimal(str(float(kept))) != kept:
        raise InvalidInput(f"{said[:40]!r} has more digits than are kept exactly; fifteen are", code="bad-field-value")
    return float(kept)
