"""Makes the manual that pages show from the table of operations and its OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog import __version__
from catalog.accounts.vocabulary import ROLE_ABILITIES
from catalog.api.openapi import SHARED_HEADERS, document
from catalog.api.table import OPERATIONS
from catalog.app.samples import ALSO, body_of, examples_of, path_of, resolved, sample
from catalog.web.manual import Described, Field, Manual, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from catalog.api.operation import Operation

ENUM_SHOWN = 20


def make_manual(base_url: str) -> Manual:
    """Return the manual of this version, with examples for the server at this address."""
    described = document(OPERATIONS)
    headers = {name: described["components"]["parameters"][name] for name in SHARED_HEADERS}
    return Manual(
        version=__version__,
        shared=tuple(
            Field(name=one["name"], type="string", required=False, said=one["description"]) for one in headers.values()
        ),
        operations=tuple(_described(one, described, base_url.rstrip("/")) for one in OPERATIONS),
    )


def _described(one: Operation, document: Mapping[str, Any], base_url: str) -> Described:
    said = document["paths"][one.path][one.method.lower()]
    schemas = document["components"]["schemas"]
    shared = {f"#/components/parameters/{name}" for name in SHARED_HEADERS}
    parameters = [_parameter(given, document) for given in said["parameters"] if given.get("$ref") not in shared]
    values = _values(one.name, said, schemas)
    return Described(
        name=one.name,
        method=one.method,
        path=one.path,
        summary=one.summary,
        said=said["description"].partition("\n\nNeeds the ability")[0],
        ability=one.ability.value,
        roles=tuple(role.value for role, abilities in ROLE_ABILITIES.items() if one.ability in abilities),
        parameters=tuple(
            _field(
                given["name"],
                given["schema"],
                schemas,
                required=given["required"],
                said=given.get("description"),
            )
            for given in parameters
        ),
        body=_fields(_content(said.get("requestBody", {})), schemas),
        answer=_fields(_content(said["responses"][str(one.status)]), schemas),
        statuses=tuple(_status(status, answer, document) for status, answer in said["responses"].items()),
        examples=examples_of(one.name, (one.method, one.path), base_url, values),
        sample_path=path_of(one.path, values["path"], {}),
    )


def _values(name: str, said: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the values of the examples: of the path, of what the query needs, and of the body."""
    given = [one for one in said["parameters"] if "$ref" not in one]
    wanted = {
        place: {
            one["name"]: sample(one["name"], one["schema"], schemas, name)
            for one in given
            if one["in"] == place and (one["required"] or one["name"] in ALSO.get(name, ()))
        }
        for place in ("path", "query")
    }
    content = _content(said.get("requestBody", {}))
    return {**wanted, "body": body_of(resolved(content, schemas), schemas, name) if content else {}}


def _parameter(given: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = given
    if "$ref" in given:
        found = document["components"]["parameters"][given["$ref"].rpartition("/")[2]]
    return found


def _content(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of the JSON that is sent or answered; nothing where it is none."""
    found: Mapping[str, Any] = next(
        (one["schema"] for kind, one in holder.get("content", {}).items() if "json" in kind), {}
    )
    return found


def _status(status: str, answer: Mapping[str, Any], document: Mapping[str, Any]) -> Status:
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return Status(status=status, said=answer["description"])


def _fields(content: Mapping[str, Any], schemas: Mapping[str, Any], within: str = "") -> tuple[Field, ...]:
    """Return the fields of an object, each followed by those of what it holds: ``files``, then ``files[].path``."""
    schema = resolved(content, schemas) if content else {}
    required: Iterable[str] = schema.get("required", ())
    found: list[Field] = []
    for name, one in schema.get("properties", {}).items():
        found.append(_field(within + name, one, schemas, required=name in required))
        held = resolved(one, schemas)
        if held.get("type") == "array":
            found += _fields(held.get("items", {}), schemas, f"{within}{name}[].")
        else:
            found += _fields(held, schemas, f"{within}{name}.")
    return tuple(found)


def _field(
    name: str, schema: Mapping[str, Any], schemas: Mapping[str, Any], *, required: bool, said: str | None = None
) -> Field:
    default = schema.get("default")
    words = [said or schema.get("description", "")]
    if default not in (None, "", [], {}):
        words.append(f"default {default}")
    return Field(name=name, type=_type(schema, schemas), required=required, said="; ".join(filter(None, words)))


def _type(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """Return what sort of value it is, in words."""
    several = schema.get("anyOf", schema.get("allOf"))
    if several:
        return " or ".join(_type(one, schemas) for one in several)
    if "$ref" in schema:
        return _type(resolved(schema, schemas), schemas)
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"][:ENUM_SHOWN]))
    match schema.get("type"):
        case "array":
            return f"list of {_type(schema.get('items', {}), schemas)}"
        case str(kind):
            return "id" if schema.get("format") == "uuid" else "time" if schema.get("format") == "date-time" else kind
        case _:
            return "anything"
