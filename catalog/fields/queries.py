"""Reading custom fields. Which there are is no secret; what assets carry is seen by whoever sees the asset."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from sqlalchemy import select

from catalog.fields.models import CustomField
from catalog.fields.vocabulary import FIELDS_MAX
from catalog.kernel.errors import NotFound
from catalog.kernel.paging import Page, Paging, decode_cursor, page_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from catalog.work.view import View


def fields_in_use(view: View) -> dict[str, CustomField]:
    """Return the fields that are not retired by name, in the order of their names."""
    in_use = select(CustomField).where(CustomField.retired_at.is_(None)).order_by(CustomField.name).limit(FIELDS_MAX)
    return {field.name: field for field in view.session.scalars(in_use)}


def every_field(view: View) -> list[CustomField]:
    """Return all fields by name, the retired ones too: what histories tell of."""
    return list(view.session.scalars(select(CustomField).order_by(CustomField.name)))


def shown_values(view: View, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of an asset's values whose fields are in use, in the order of their names."""
    return values_of(fields_in_use(view), values) if values else {}


def values_of(fields: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of an asset's values that are of these fields, in their order; for many assets, read once."""
    return {name: values[name] for name in fields if name in values}


def get_field(view: View, name: str) -> CustomField:
    """Return one field, retired or not; ``NotFound`` names the nearest."""
    field = view.session.scalar(select(CustomField).where(CustomField.name == name))
    if field is None:
        raise NotFound(f"there is no field {name[:80]!r}{nearest(name, fields_in_use(view))}", code="unknown-field")
    return field


def page_fields(view: View, paging: Paging) -> Page[CustomField]:
    """Return fields by name, the retired ones too."""
    query = select(CustomField).order_by(CustomField.name).limit(paging.limit + 1)
    if paging.cursor:
        (after,) = decode_cursor(paging.cursor, str)
        query = query.where(CustomField.name > after)
    return page_of(view.session.scalars(query).all(), paging.limit, lambda field: [field.name])


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the end of a refusal that offers the nearest field."""
    known = list(names)
    found = get_close_matches(name.casefold(), known, n=1, cutoff=0.6)
    if found:
        return f"; {found[0]!r} is near"
    return f"; there are {', '.join(known[:10])}" if known else "; no field is defined"
