"""``/fields``: custom fields, what a studio records of its assets besides what every catalog knows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import Field

from catalog.api.operation import Answer, Model, Operation, PageQuery
from catalog.api.shapes import Listing, listing
from catalog.fields import defining, queries
from catalog.fields.vocabulary import FieldType
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Paging

if TYPE_CHECKING:
    from catalog.api.operation import Call
    from catalog.fields.models import CustomField
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

Label = Annotated[str, Field(max_length=defining.LABEL_MAX)]
Unit = Annotated[str, Field(max_length=defining.UNIT_MAX)]
Description = Annotated[str, Field(max_length=2_000)]
_LABEL = "what people call it; its name by default"
_LABEL_ZH = "what it is called in Chinese; its label by default"
_UNIT = "what its numbers count, such as `m`"
_DESCRIPTION = "what is to be entered, for whoever fills it in"

_FACET = "narrow searches by its values and count them; of exact terms only"


class FieldBody(Model):
    """A field to define."""

    name: Annotated[str, Field(pattern=defining.NAME, max_length=defining.NAME_MAX)] = Field(
        description="what requests and searches call it, such as `vendor_id`; it stays"
    )
    type: FieldType = Field(
        description="`text` is searched by its words, `exact` is one term as it is, `number` has ranges; it stays"
    )
    label: Label = Field(default="", description=_LABEL)
    label_zh: Label = Field(default="", description=_LABEL_ZH)
    unit: Unit = Field(default="", description=_UNIT)
    description: Description = Field(default="", description=_DESCRIPTION)
    facet: bool = Field(default=False, description=_FACET)


class FieldChangeBody(Model):
    """What is to change; fields that are left out stay as they are."""

    label: Label = Field(default="", description=_LABEL)
    label_zh: Label = Field(default="", description=_LABEL_ZH)
    unit: Unit = Field(default="", description=_UNIT)
    description: Description = Field(default="", description=_DESCRIPTION)
    facet: bool = Field(default=False, description=_FACET)


class FieldAnswer(Answer):
    """A custom field."""

    id: UUID
    name: str
    type: FieldType
    label: str
    label_zh: str
    unit: str
    description: str
    facet: bool = Field(description=_FACET)
    created_at: datetime
    retired_at: datetime | None = Field(description="since when it is used no longer; assets keep its values, unseen")
    revision: int


def define(call: Call, work: UnitOfWork) -> FieldAnswer:
    """Define a field."""
    return _shown(defining.define(work, defining.NewField(**dict(call.body))))


def list_fields(call: Call, view: View) -> Listing[FieldAnswer]:
    """Return fields by name, the retired ones too."""
    return listing(queries.page_fields(view, Paging(limit=call.query.limit, cursor=call.query.cursor)).map(_shown))


def get_field(call: Call, view: View) -> FieldAnswer:
    """Return one field."""
    return _shown(queries.get_field(view, call.path["name"]))


def change_field(call: Call, work: UnitOfWork) -> FieldAnswer:
    """Change what a field is called and how it is described."""
    said = defining.FieldChange(**{name: getattr(call.body, name) for name in call.body.model_fields_set})
    return _shown(defining.change(work, call.path["name"], said, if_revision=call.if_revision))


def retire_field(call: Call, work: UnitOfWork) -> FieldAnswer:
    """Use a field no longer."""
    return _shown(defining.retire(work, call.path["name"], if_revision=call.if_revision))


def reinstate_field(call: Call, work: UnitOfWork) -> FieldAnswer:
    """Use a retired field again."""
    return _shown(defining.reinstate(work, call.path["name"], if_revision=call.if_revision))


def _shown(field: CustomField) -> FieldAnswer:
    return FieldAnswer(**{name: getattr(field, name) for name in FieldAnswer.model_fields})


_DEFINE = Ability.MANAGE_FIELDS
OPERATIONS = (
    Operation(
        name="fields.define",
        method="POST",
        path="/fields",
        summary="Define a custom field of assets",
        ability=_DEFINE,
        write=define,
        body=FieldBody,
        answer=FieldAnswer,
        status=201,
        creates=True,
    ),
    Operation(
        name="fields.list",
        method="GET",
        path="/fields",
        summary="List custom fields by name, the retired ones too",
        ability=Ability.BROWSE,
        read=list_fields,
        query=PageQuery,
        answer=Listing[FieldAnswer],
    ),
    Operation(
        name="fields.get",
        method="GET",
        path="/fields/{name}",
        summary="Get a custom field",
        ability=Ability.BROWSE,
        read=get_field,
        answer=FieldAnswer,
    ),
    Operation(
        name="fields.change",
        method="PATCH",
        path="/fields/{name}",
        summary="Change a custom field's labels, unit or description",
        ability=_DEFINE,
        write=change_field,
        body=FieldChangeBody,
        answer=FieldAnswer,
    ),
    Operation(
        name="fields.retire",
        method="POST",
        path="/fields/{name}/retirement",
        summary="Use a custom field no longer; assets keep its values, unseen",
        ability=_DEFINE,
        write=retire_field,
        answer=FieldAnswer,
    ),
    Operation(
        name="fields.reinstate",
        method="DELETE",
        path="/fields/{name}/retirement",
        summary="Use a retired custom field again, with the values that it had",
        ability=_DEFINE,
        write=reinstate_field,
        answer=FieldAnswer,
    ),
)
