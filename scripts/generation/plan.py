"""Reads the table of operations into a plan: what the client's methods take and give back, in words of Python 3.9."""

from __future__ import annotations

import types
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from pydantic import BaseModel

from catalog.api.shapes import Listing
from catalog.api.table import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from catalog.api.operation import Operation

NAMES = {"FileBody": "FileEntry", "SearchAnswerModel": "SearchPage", "SearchAnswer": "SearchPage"}
"""Classes of the client that are not called like the server's without its last word."""

WRITTEN_BY_HAND = {
    "versions.publish",
    "imports.send",
    "files.get",
    "previews.get",
    "openapi.get",
    "collections.export",
    "search.export",
}
"""Operations whose requests are more than JSON in and out; the client's own modules have them."""

POSITIONAL = {"search.assets": ("q",), "search.suggestions": ("q",)}
"""Arguments that people give without their names, besides those in the address and required parameters."""

JOINED = {"search.assets": ("facets",)}
"""Texts in which the server expects several words separated by commas; given as a list."""

IN_THE_ADDRESS = {
    "number": "int",
    "seq": "int",
    "id": "UUID | str",
    "item": "UUID | str",
    "link": "UUID | str",
    "relation": "UUID | str",
}
"""Types of the arguments in the address; all others are ``str``."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What values a field has: ``base`` is a class, several of it where ``many``, or None where ``empty``."""

    base: Any
    many: bool = False
    empty: bool = False
    mapped: bool = False

    @property
    def is_model(self) -> bool:
        """Whether the values are of a class of ours."""
        return isinstance(self.base, type) and issubclass(self.base, BaseModel)

    @property
    def words(self) -> list[str]:
        """The closed words that the values are, if they are."""
        return [word.value for word in self.base] if _is_words(self.base) else []


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a model."""

    name: str
    sent_as: str
    kind: Kind
    required: bool
    default: Any
    description: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One operation as the client offers it."""

    operation: Operation
    path_arguments: list[str]
    query: list[Field]
    body: list[Field]
    listing_of: type[BaseModel] | None
    after: str | None
    generated: bool
    positional: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()

    @property
    def method_name(self) -> str:
        """The verb as Python spells it."""
        return self.operation.verb.replace("-", "_")

    @property
    def items_of(self) -> type[BaseModel] | None:
        """What the answer is a list of, whether it comes in pages or whole."""
        answer = self.operation.answer
        if self.listing_of is not None or answer is None or set(answer.model_fields) != {"items"}:
            return self.listing_of
        found: type[BaseModel] = _kind(answer.model_fields["items"].annotation).base
        return found

    @property
    def changes(self) -> bool:
        """Whether fields that are left out stay as they are."""
        return self.operation.method == "PATCH"

    @property
    def conditional(self) -> bool:
        """Whether ``If-Match`` makes sense: the answer says a revision, and what it is of was there before."""
        answer = self.operation.answer
        fields = answer.model_fields if answer else {}
        return "revision" in fields and self.operation.method != "GET" and not self.operation.creates


@dataclass(kw_only=True)
class Answers:
    """The classes of the client, by the module of the API that they come from."""

    modules: dict[str, list[type[BaseModel]]] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, type[BaseModel]] = field(default_factory=dict)


def plans() -> list[Plan]:
    """Return every operation of the table, in its order."""
    return [_plan(operation) for operation in OPERATIONS]


def nouns(of: list[Plan]) -> dict[str, list[Plan]]:
    """Return operations by noun, in the table's order."""
    found: dict[str, list[Plan]] = {}
    for plan in of:
        found.setdefault(plan.operation.noun, []).append(plan)
    return found


def answers(of: list[Plan]) -> Answers:
    """Return every class that the operations answer with or take as a part of what they are told."""
    found = Answers()
    for plan in of:
        for model in _answered(plan):
            _enter(found, model)
    for plan in of:
        for one in plan.body:
            if one.kind.is_model:
                _enter_input(found, one.kind.base)
    return found


def class_name(model: type[BaseModel]) -> str:
    """Return what the client calls a class of the server."""
    name = model.__name__
    return NAMES.get(name) or name.removesuffix("Answer").removesuffix("Body")


def home_of(model: type[BaseModel]) -> str:
    """Return the last name of the module that a class of the server is in."""
    return model.__module__.rpartition(".")[2]


def fields_of(model: type[BaseModel]) -> list[Field]:
    """Return the fields of a class of the server, in order."""
    return [_field(name, one) for name, one in model.model_fields.items()]


def _plan(operation: Operation) -> Plan:
    query = fields_of(operation.query)
    listing_of, after = _listing(operation)
    if listing_of is not None:
        query = [one for one in query if one.name not in {"limit", "cursor"}]
    required = tuple(one.name for one in query if one.required)
    return Plan(
        operation=operation,
        path_arguments=[part.partition("}")[0] for part in operation.path.split("{")[1:]],
        query=query,
        body=fields_of(operation.body) if operation.body and not operation.ndjson else [],
        listing_of=listing_of,
        after=after,
        generated=operation.name not in WRITTEN_BY_HAND,
        positional=(*required, *POSITIONAL.get(operation.name, ())),
        joined=JOINED.get(operation.name, ()),
    )


def _listing(operation: Operation) -> tuple[type[BaseModel] | None, str | None]:
    answer = operation.answer
    if answer is None or "items" not in answer.model_fields:
        return None, None
    base: type[BaseModel] = _kind(answer.model_fields["items"].annotation).base
    if "next_after" in answer.model_fields:
        return base, "after"
    if issubclass(answer, Listing):
        return base, "cursor" if "cursor" in operation.query.model_fields else None
    return None, None


def _field(name: str, one: FieldInfo) -> Field:
    default = None if one.is_required() else one.get_default(call_default_factory=True)
    return Field(
        name=name,
        sent_as=one.alias or name,
        kind=_kind(one.annotation),
        required=one.is_required(),
        default=default,
        description=one.description or "",
    )


def _kind(annotation: Any) -> Kind:  # noqa: ANN401 — annotations are any object
    origin, inner = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return _kind(inner[0])
    if origin in (Union, types.UnionType):
        bases = [one for one in inner if one is not type(None)]
        if len(bases) > 1:  # a text or a number: any of them
            return Kind(base=Any, empty=type(None) in inner)
        found = _kind(bases[0])
        return Kind(base=found.base, many=found.many, mapped=found.mapped, empty=True)
    if origin in (list, tuple, frozenset):
        return Kind(base=_kind(inner[0]).base, many=True)
    if origin is dict:
        values = _kind(inner[1])
        return Kind(base=values.base, many=values.many, mapped=True)
    return Kind(base=annotation)


def _is_words(base: object) -> bool:
    return isinstance(base, type) and issubclass(base, StrEnum)


def _answered(plan: Plan) -> Iterator[type[BaseModel]]:
    if plan.listing_of is not None:
        yield plan.listing_of
    elif plan.operation.answer is not None:
        yield plan.operation.answer


def _enter(found: Answers, model: type[BaseModel]) -> None:
    name = class_name(model)
    if name in found.homes:
        return
    for base in reversed(model.__mro__[1:]):
        if issubclass(base, BaseModel) and base.__name__ not in {"BaseModel", "Answer", "Model"}:
            _enter(found, base)
    found.homes[name] = home_of(model)
    for one in fields_of(model):
        if one.kind.is_model:
            _enter(found, one.kind.base)
    found.modules.setdefault(home_of(model), []).append(model)


def _enter_input(found: Answers, model: type[BaseModel]) -> None:
    """Note a class that is told; where one with the same fields is answered, they are one class of the client."""
    name = class_name(model)
    answered = next((one for models in found.modules.values() for one in models if class_name(one) == name), None)
    if answered is None:
        _enter(found, model)
    elif answered is not model and set(answered.model_fields) != set(model.model_fields):
        message = f"{model.__name__} and {answered.__name__} would both be {name}; name one of them in NAMES"
        raise ValueError(message)
    found.inputs[name] = model
