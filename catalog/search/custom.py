"""The custom fields of a studio, as searches ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.fields.queries import fields_in_use
from catalog.fields.vocabulary import FieldType
from catalog.search.facets import CUSTOM
from catalog.search.fields import Field, Form
from catalog.search.recorded import Recorded

if TYPE_CHECKING:
    from catalog.fields.models import CustomField
    from catalog.work.view import View

_FORMS = {FieldType.TEXT: Form.WORDS, FieldType.EXACT: Form.VALUE, FieldType.NUMBER: Form.NUMBER}


def custom_fields(view: View) -> dict[str, Field]:
    """Return the fields that a search text may name besides: by name, and by their labels where nothing else has it."""
    found: dict[str, Field] = {}
    labeled: dict[str, Field] = {}
    for one in fields_in_use(view).values():
        behind = Recorded(name=one.name, type=FieldType(one.type), unit=one.unit)
        field = Field(name=one.name, form=_FORMS[FieldType(one.type)], meaning=one.label, behind=behind)
        found[one.name] = field
        labeled |= {label.casefold(): field for label in (one.label, one.label_zh) if label}
    return {**labeled, **found}


def custom_facets(view: View) -> dict[str, CustomField]:
    """Return the fields whose values are counted, as facets are named."""
    return {facet: field for facet, field in narrowing_fields(view).items() if field.facet}


def narrowing_fields(view: View) -> dict[str, CustomField]:
    """Return the fields that searches narrow by: a search that is kept goes on when a field is counted no longer."""
    return {CUSTOM + field.name: field for field in fields_in_use(view).values() if field.type == FieldType.EXACT}
