"""``/openapi.json``: the table of operations as an OpenAPI 3.1 document.

Models become schemas by openapi-pydantic; what every operation shares (headers, refusals, security) stands once, under
``components``.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from openapi_pydantic import OpenAPI, Schema
from openapi_pydantic.util import PydanticSchema, construct_open_api_with_schema_class

from catalog import __version__
from catalog.api.meanings import argument, say_meanings
from catalog.api.operation import Answer, Operation, Reply
from catalog.kernel.abilities import Ability

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import BaseModel

    from catalog.api.operation import Call
    from catalog.work.view import View

SERVER = "/api/v1"
_TEMPLATE = "#/components/schemas/{model}"


class FieldProblem(Answer):
    """One field that breaks a rule; `field` is a dotted path."""

    field: str
    message: str


class Problem(Answer):
    """A refusal (RFC 9457): `detail` says the wrong value and the remedy, `code` is stable and for programs."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem]
    request_id: str | None


REFUSALS: Mapping[str, tuple[str, str]] = {
    "401": ("NotSignedIn", "No token, or one that is unknown, revoked or expired"),
    "403": ("NotPermitted", "The actor lacks an ability, or the planned use is not cleared"),
    "404": ("NotFound", "It does not exist, or the viewer may not know that it does"),
    "409": ("Conflict", "It clashes with what is already there"),
    "412": ("Stale", "It was changed since it was read"),
    "413": ("TooLarge", "The request is larger than any that is taken"),
    "415": ("BadContentType", "The body is not of the type that is taken"),
    "416": ("BadRange", "The file has no such bytes; `Content-Range` says its size"),
    "422": ("InvalidInput", "A value breaks a rule; `errors` names the fields"),
    "429": ("TooMany", "Asked more often than the limit allows"),
    "503": ("Unavailable", "A part of the installation cannot answer now; trying again later is right"),
}
HEADERS: Mapping[str, tuple[str, str]] = {
    "RequestId": ("X-Request-ID", "Finds the request in the log and in the ledger; made where it is left out"),
    "OnBehalfOf": ("X-On-Behalf-Of", "Login of the user that a service token acts for"),
    "Show": ("X-Catalog-Show", "Show in which the work is done, for the ledger"),
    "FarmJob": ("X-Catalog-Farm-Job", "Farm job in which the work is done, for the ledger"),
    "IdempotencyKey": ("Idempotency-Key", "Under the same key the same request is done once within 24 hours"),
    "IfMatch": ("If-Match", "ETag of what was read; 412 where it was changed since"),
    "IfNoneMatch": ("If-None-Match", "ETag of what is there already; 304 where it is still the same"),
    "Range": ("Range", "Part of the bytes that is wanted (RFC 9110 §14)"),
}
"""Request headers, by their name under ``components``."""

SHARED_HEADERS = ("RequestId", "OnBehalfOf", "Show", "FarmJob")
"""What every request may have."""
_NUMBERS = {"number", "seq"}
_BYTES: Mapping[str, str] = {"files.get": "application/octet-stream", "previews.get": "*/*"}
_FURTHER: Mapping[str, Mapping[str, str]] = {
    "versions.draft": {"200": "A draft that goes on, or the published version that has these bytes already"},
    "versions.publish": {"202": "The bytes are being verified; `job` says how far"},
    "previews.get": {"206": "The part that was asked for"},
    "files.get": {"206": "The part that was asked for", "302": "An address of the store that lives 60 s"},
}
"""Statuses of success besides the usual one."""


def operation(table: Callable[[], Sequence[Operation]]) -> Operation:
    """Return the operation that answers the document; ``table`` gives all operations, this one included."""

    @cache
    def text() -> bytes:
        return json.dumps(document(table()), ensure_ascii=False).encode()

    def get_description(_call: Call, _view: View) -> Reply:
        """Return the description of every operation."""
        headers = {"Content-Type": "application/json", "Content-Length": str(len(text()))}
        return Reply(stream=iter([text()]), headers=headers)

    return Operation(
        name="openapi.get",
        method="GET",
        path="/openapi.json",
        summary="Get this description of the API",
        ability=Ability.BROWSE,
        read=get_description,
        by_hand=True,
    )


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the OpenAPI document of these operations."""
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    base = OpenAPI.model_validate(
        {
            "openapi": "3.1.1",
            "info": {
                "title": "Reprise",
                "version": __version__,
                "summary": "A catalogue of visual effects assets",
                "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": SERVER}],
            "security": [{"bearer": []}],
            "tags": [{"name": noun} for noun in dict.fromkeys(one.noun for one in operations)],
            "paths": paths,
            "components": _components(),
        }
    )
    described = construct_open_api_with_schema_class(base, [Problem])
    if described.components is None or described.components.schemas is None:
        raise TypeError(described)
    for one in operations:
        for name, schema in _schema(one.query).get("$defs", {}).items():
            described.components.schemas.setdefault(name, Schema.model_validate(schema))
    found: dict[str, Any] = described.model_dump(mode="json", by_alias=True, exclude_unset=True)
    say_meanings(found["components"]["schemas"])
    _forget_defaults_of_changes(found, operations)
    return found


def _operation(one: Operation) -> dict[str, Any]:
    act = one.read or one.write
    described: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": f"{(act.__doc__ or '').strip()}\n\nNeeds the ability `{one.ability}`.",
        "tags": [one.noun],
        "parameters": [*_path_parameters(one), *_query_parameters(one), *_headers(one)],
        "responses": _responses(one),
    }
    if one.body is not None:
        media_type = "application/x-ndjson" if one.ndjson else "application/json"
        schema = _reference(one.body)
        described["requestBody"] = {"required": True, "content": {media_type: {"schema": schema}}}
        if one.ndjson:
            described["requestBody"]["description"] = "One such object a line."
    return described


def _path_parameters(one: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": argument(name, one.path),
            "schema": _path_schema(name),
        }
        for name in re.findall(r"{(\w+)}", one.path)
    ]


def _path_schema(name: str) -> dict[str, Any]:
    if name in _NUMBERS:
        return {"type": "integer", "minimum": 1}
    return {"type": "string", "minLength": 1}


def _query_parameters(one: Operation) -> list[dict[str, Any]]:
    schema = _schema(one.query)
    required = schema.get("required", ())
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            **({"description": field["description"]} if "description" in field else {}),
            "schema": _plain({key: value for key, value in field.items() if key not in {"title", "description"}}),
        }
        for name, field in schema.get("properties", {}).items()
    ]


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter: there is no null in an address, and a reference stands alone."""
    several = [one for one in schema.pop("anyOf", ()) if one != {"type": "null"}]
    if several:
        schema = {**schema, **several[0]} if len(several) == 1 else {**schema, "anyOf": several}
    if schema.get("default", "") is None:
        del schema["default"]
    if "$ref" in schema and len(schema) > 1:
        return {"allOf": [{"$ref": schema.pop("$ref")}], **schema}
    return schema


def _reference(model: type[BaseModel]) -> PydanticSchema[Any]:
    return PydanticSchema.model_validate({"schema_class": model})


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True, ref_template=_TEMPLATE)


def _headers(one: Operation) -> list[dict[str, str]]:
    names = [*SHARED_HEADERS]
    names += ["IdempotencyKey"] if one.creates else []
    names += ["IfMatch"] if is_conditional(one) else []
    names += ["IfNoneMatch"] if one.read and (_has_revision(one) or one.name == "previews.get") else []
    names += ["Range"] if one.name in _BYTES else []
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def is_conditional(one: Operation) -> bool:
    """Whether the operation changes what has a revision, so that ``If-Match`` makes sense."""
    return one.write is not None and _has_revision(one) and not one.creates


def _has_revision(one: Operation) -> bool:
    return one.answer is not None and "revision" in one.answer.model_fields


def _responses(one: Operation) -> dict[str, Any]:
    headers = {"X-Request-ID": {"$ref": "#/components/headers/RequestId"}}
    if _has_revision(one):
        headers["ETag"] = {"$ref": "#/components/headers/ETag"}
    content: dict[str, Any] = {}
    if one.answer is not None:
        content = {"application/json": {"schema": _reference(one.answer)}}
    elif one.name in _BYTES:
        content = {_BYTES[one.name]: {"schema": {}}}
    elif one.name == "openapi.get":
        content = {"application/json": {"schema": {"type": "object"}}}
    answers = {str(one.status): one.summary, **_FURTHER.get(one.name, {})}
    responses: dict[str, Any] = {
        status: {"description": said, "headers": headers, "content": {} if status == "302" else content}
        for status, said in answers.items()
    }
    if one.read and (_has_revision(one) or one.name == "previews.get"):
        responses["304"] = {"description": "It is still the same", "headers": headers}
    return responses | {status: {"$ref": f"#/components/responses/{REFUSALS[status][0]}"} for status in _refused(one)}


def _refused(one: Operation) -> list[str]:
    told = bool(one.body or one.query.model_fields)
    statuses = {"401", "403", "413", "422", "429", "503"}
    statuses |= {"404"} if "{" in one.path or told else set()
    statuses |= {"415"} if one.method != "GET" and not one.ndjson else set()
    statuses |= {"416"} if one.name in _BYTES else set()
    # A reference may be an external id, which several assets may have.
    statuses |= {"409"} if one.write or one.path.startswith("/assets/{code}") or one.name == "search.similar" else set()
    statuses |= {"412"} if is_conditional(one) else set()
    return sorted(statuses)


def _components() -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": _reference(Problem)}}
    return {
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        "parameters": {
            name: {"name": header, "in": "header", "required": False, "description": said, "schema": {"type": "string"}}
            for name, (header, said) in HEADERS.items()
        },
        "headers": {
            "RequestId": {"description": "The request in the log and in the ledger", "schema": {"type": "string"}},
            "ETag": {"description": "The revision, for `If-Match`", "schema": {"type": "string"}},
            "RetryAfter": {"description": "Seconds to wait", "schema": {"type": "integer"}},
        },
        "responses": {
            name: {
                "description": said,
                "content": problem,
                "headers": {"X-Request-ID": {"$ref": "#/components/headers/RequestId"}}
                | ({"Retry-After": {"$ref": "#/components/headers/RetryAfter"}} if status == "503" else {}),
            }
            for status, (name, said) in REFUSALS.items()
        },
    }


def _forget_defaults_of_changes(found: dict[str, Any], operations: Sequence[Operation]) -> None:
    """A field of a change that is left out stays as it is, so the model's default is none of the API's."""
    for one in operations:
        if one.method == "PATCH" and one.body is not None:
            for field in found["components"]["schemas"][one.body.__name__]["properties"].values():
                field.pop("default", None)
