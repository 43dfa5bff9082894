"""``/admin/fields``: custom fields of assets; and how other pages ask for their values and show them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from catalog.accounts.vocabulary import Language
from catalog.fields import defining, queries
from catalog.fields.defining import FieldChange, NewField
from catalog.fields.vocabulary import FieldType
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.paging import Paging
from catalog.web.forms import revision_of
from catalog.web.languages import gettext, marked, spoken
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.assets.models import Asset
    from catalog.fields.models import CustomField
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

PREFIX = "fields."
"""How a form, a refusal and the ledger begin the name of a custom field."""
PER_PAGE = 100
TYPES = {
    FieldType.TEXT: marked("Text, searched by its words"),
    FieldType.EXACT: marked("One term, as it is"),
    FieldType.NUMBER: marked("Number"),
}


@dataclass(frozen=True, kw_only=True)
class Blank:
    """A place in a form for a value; ``name`` is the form's, ``label`` tells the unit, too."""

    name: str
    label: str
    type: str
    hint: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """A value as it is shown; ``asked`` is the search text that finds all assets which carry an exact term."""

    name: str
    label: str
    value: str
    type: str
    asked: str | None


def label_of(field: CustomField) -> str:
    """Return what a field is called in the language of this answer."""
    return field.label_zh if spoken() is Language.CHINESE and field.label_zh else field.label


def blanks(view: View) -> list[Blank]:
    """Return what a form asks for."""
    return [
        Blank(
            name=PREFIX + field.name,
            label=f"{label_of(field)} ({field.unit})" if field.unit else label_of(field),
            type=field.type,
            hint=field.description,
        )
        for field in queries.fields_in_use(view).values()
    ]


def typed_values(form: Mapping[str, str]) -> dict[str, str]:
    """Return what a form says of custom fields."""
    return {name.removeprefix(PREFIX): text for name, text in form.items() if name.startswith(PREFIX)}


def texts_of(view: View, asset: Asset) -> dict[str, str]:
    """Return each value as a form holds it, by the form's name; fields without one are empty."""
    return {PREFIX + name: _text(asset.fields.get(name)) for name in queries.fields_in_use(view)}


def shown(view: View, asset: Asset) -> list[Said]:
    """Return the values that an asset carries, in the order of their labels."""
    return told(view, asset.fields)


def told(view: View, values: Mapping[str, Any]) -> list[Said]:
    """Return some values, in the order of their labels; those of retired fields are left out."""
    fields = queries.fields_in_use(view) if values else {}
    said = [
        Said(
            name=name,
            label=label_of(field),
            value=f"{_text(values[name])} {field.unit}".rstrip(),
            type=field.type,
            asked=_asked(name, values[name]) if field.type == FieldType.EXACT else None,
        )
        for name, field in fields.items()
        if name in values
    ]
    return sorted(said, key=lambda one: one.label.casefold())


def beside(view: View, assets: Sequence[Asset]) -> list[tuple[str, list[str]]]:
    """Return what each of several assets carries, field by field in the order of their labels; empty where nothing."""
    carried = [{one.name: one for one in shown(view, asset)} for asset in assets]
    known = {name: one.label for several in carried for name, one in several.items()}
    ordered = sorted(known.items(), key=lambda pair: (pair[1].casefold(), pair[0]))
    return [(label, [one[name].value if name in one else "" for one in carried]) for name, label in ordered]


def labels(view: View) -> dict[str, str]:
    """Return what each field is called, the retired ones too, by the name that the ledger has."""
    return {PREFIX + field.name: label_of(field) for field in queries.every_field(view)}


def list_fields(call: Call, view: View) -> Shown:
    """Show every field, and the form for another."""
    page = queries.page_fields(view, Paging(limit=PER_PAGE, cursor=call.asked("cursor")))
    values = {
        "rows": [(field, label_of(field), gettext(TYPES[FieldType(field.type)])) for field in page.items],
        "next_cursor": page.next_cursor,
        "types": [(type_.value, gettext(words)) for type_, words in TYPES.items()],
    }
    return Shown(template="admin/fields.html", values=values)


def define(call: Call, work: UnitOfWork) -> Reply:
    """Define a field."""
    said = call.form.get("type", "")
    if said not in set(FieldType):
        raise InvalidInput(f"type {said[:40]!r} is none of {', '.join(FieldType)}", code="bad-field-type")
    new = NewField(name=call.form.get("name", "").strip(), type=FieldType(said), **_words(call))
    field = defining.define(work, new)
    return Moved(page="fields", saying=gettext("Field %(name)s is defined.", name=field.name))


def show_field(call: Call, view: View) -> Shown:
    """Show one field, and the form that changes it."""
    field = queries.get_field(view, call.path["name"])
    values = {"field_": field, "label": label_of(field), "type": gettext(TYPES[FieldType(field.type)])}
    return Shown(template="admin/field.html", values=values)


def change(call: Call, work: UnitOfWork) -> Reply:
    """Change what a field is called and how it is described."""
    said = FieldChange(**_words(call))
    field = defining.change(work, call.path["name"], said, if_revision=revision_of(call))
    return Moved(page="fields", saying=gettext("Field %(name)s is changed.", name=field.name))


def retire(call: Call, work: UnitOfWork) -> Reply:
    """Use a field no longer, or again."""
    if "back" in call.form:
        field = defining.reinstate(work, call.path["name"], if_revision=revision_of(call))
        saying = gettext("Field %(name)s is used again, with the values that it had.", name=field.name)
    else:
        field = defining.retire(work, call.path["name"], if_revision=revision_of(call))
        saying = gettext("Field %(name)s is retired; assets keep its values, unseen.", name=field.name)
    return Moved(page="fields", saying=saying)


def _words(call: Call) -> dict[str, Any]:
    words = {word: call.form.get(word, "") for word in ("label", "label_zh", "unit", "description")}
    return {**words, "facet": "facet" in call.form}


def _asked(name: str, value: Any) -> str | None:  # noqa: ANN401 — JSON is what it is
    """Return the search for a term; None where its quotation marks would end the quotation, or a ``*`` go on."""
    return None if re.search(r'["“”「」『』]|\*$', str(value)) else f'{name}:"{value}"'


def _text(value: Any) -> str:  # noqa: ANN401 — JSON is what it is
    return "" if value is None else f"{Decimal(str(value)):f}" if isinstance(value, float) else str(value)


_DEFINE = Ability.MANAGE_FIELDS
ROUTES = (
    Route(name="fields", path="/admin/fields", ability=_DEFINE, read=list_fields),
    Route(name="define_field", path="/admin/fields", ability=_DEFINE, write=define, again=list_fields),
    Route(name="field", path="/admin/fields/{name}", ability=_DEFINE, read=show_field),
    Route(name="change_field", path="/admin/fields/{name}", ability=_DEFINE, write=change, again=show_field),
    Route(name="retire_field", path="/admin/fields/{name}/retirement", ability=_DEFINE, write=retire, again=show_field),
)
