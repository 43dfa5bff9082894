"""The custom fields of a studio, as searches ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.fields.queries import fields_in_use
from catalog.fields.vocabulary import FieldType
from catalog.search.fields import Field, Form
from catalog.search.recorded import Recorded

if TYPE_CHECKING:
    from catalog.work.view import View

_FORMS = {FieldType.TEXT: Form.WORDS, FieldType.EXACT: Form.VALUE, FieldType.NUMBER: Form.NUMBER}


def custom_fields(view: View) -> dict[str, Field]:
    """Return the fields that a search text may name besides, by name."""
    return {
        field.name: Field(
            name=field.name,
            form=_FORMS[FieldType(field.type)],
            meaning=field.label,
            behind=Recorded(name=field.name, type=FieldType(field.type), unit=field.unit),
        )
        for field in fields_in_use(view).values()
    }
