"""Rule 15 for operations: the table, the routes, OpenAPI, the client and the CLI say the same."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import click
import pytest
import schemathesis
from flask import Flask

import catalog
from catalog.api import blueprint, openapi
from catalog.api.operation import Operation
from catalog.api.table import OPERATIONS
from catalog.cli.program import HAND_MADE, program
from catalog.client import VERSION, Client
from catalog.client.wire import Unchanged
from tests.house.source import ROOT, Module, modules

BY_OTHER_NAMES = {
    "versions.publish": {"number"},
    "imports.send": {"import_key"},
    "search.export": {"q", "form", "bom", "narrowed"},
}
"""What is given to the client's hand-made methods where it is not the operation's own arguments."""

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi.document(OPERATIONS)


def path_arguments(operation: Operation) -> list[str]:
    return re.findall(r"{(\w+)}", operation.path)


def arguments(operation: Operation) -> set[str]:
    """Everything that an operation is told: in its address, its query and its body."""
    body = set(operation.body.model_fields) if operation.body and not operation.ndjson else set()
    return {*path_arguments(operation), *operation.query.model_fields, *body}


# ── the table and the routes ────────────────────────────────────────────────────────────────────────────────────────


def test_names_and_addresses_are_there_once() -> None:
    names = [operation.name for operation in OPERATIONS]
    addresses = [(operation.method, operation.path) for operation in OPERATIONS]

    assert len(set(names)) == len(names)
    assert len(set(addresses)) == len(addresses)


def test_the_routes_are_those_of_the_table() -> None:
    app = Flask("routes")
    app.register_blueprint(blueprint.create_blueprint())

    routes = {
        (rule.endpoint.partition(".")[2], method, re.sub(r"<\w+:(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert routes == {(one.name.replace(".", "-"), one.method, f"{blueprint.PREFIX}{one.path}") for one in OPERATIONS}


# ── OpenAPI ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_description_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")

    schemathesis.openapi.from_dict(document).validate()


def test_the_description_has_every_operation_and_no_other(document: dict[str, Any]) -> None:
    found = {
        (said["operationId"], method.upper(), path)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    }

    assert found == {(operation.name, operation.method, operation.path) for operation in OPERATIONS}


@each_operation
def test_an_operation_is_described_wholly(document: dict[str, Any], operation: Operation) -> None:
    said = document["paths"][operation.path][operation.method.lower()]

    own = {one["name"]: one["in"] for one in said["parameters"] if "name" in one}
    query = {field.alias or name: "query" for name, field in operation.query.model_fields.items()}
    assert own == {**query, **dict.fromkeys(path_arguments(operation), "path")}
    assert ("requestBody" in said) == (operation.body is not None)
    assert str(operation.status) in said["responses"]
    assert {"401", "403", "503"} <= set(said["responses"])
    assert f"`{operation.ability}`" in said["description"]


@each_operation
def test_headers_are_described_where_they_mean_something(document: dict[str, Any], operation: Operation) -> None:
    said = document["paths"][operation.path][operation.method.lower()]
    headers = {one["$ref"].rpartition("/")[2] for one in said["parameters"] if "$ref" in one}

    assert {"RequestId", "OnBehalfOf"} <= headers
    assert ("IdempotencyKey" in headers) == operation.creates
    assert ("IfMatch" in headers) == ("412" in said["responses"]) == openapi.is_conditional(operation)


def references(value: object) -> Iterator[str]:
    """Every reference in a JSON document."""
    if isinstance(value, list):
        for one in value:
            yield from references(one)
    elif isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        yield from references(list(value.values()))


def test_every_reference_of_the_description_leads_somewhere(document: dict[str, Any]) -> None:
    missing = set()
    for reference in references(document):
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place.get(step) if isinstance(place, dict) else None
        if place is None:
            missing.add(reference)

    assert missing == set()


def test_everything_is_behind_the_token(document: dict[str, Any]) -> None:
    assert document["security"] == [{"bearer": []}]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert [one for methods in document["paths"].values() for one in methods.values() if "security" in one] == []


def test_a_refusal_is_described_as_a_problem(document: dict[str, Any]) -> None:
    for response in document["components"]["responses"].values():
        schema = response["content"]["application/problem+json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/Problem"}
    assert set(document["components"]["schemas"]["Problem"]["properties"]) == {
        *("type", "title", "status", "detail", "code", "errors", "request_id"),
    }


# ── the client ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def client() -> Client:
    return Client("http://127.0.0.1:9", "nobody")


@each_operation
def test_the_client_has_the_operation_with_its_arguments(client: Client, operation: Operation) -> None:
    method = getattr(getattr(client, operation.noun), operation.verb.replace("-", "_"))

    taken = set(inspect.signature(method).parameters)

    pages = {"limit", "cursor"} if {"cursor"} <= set(operation.query.model_fields) else set()
    if "Listing" in str(inspect.signature(method).return_annotation):
        pages |= {"limit"}
    assert BY_OTHER_NAMES.get(operation.name, arguments(operation) - pages) <= taken
    assert inspect.getdoc(method)


@each_operation
def test_a_change_of_the_client_leaves_alone_what_is_not_named(client: Client, operation: Operation) -> None:
    method = getattr(getattr(client, operation.noun), operation.verb.replace("-", "_"))
    defaults = {name: one.default for name, one in inspect.signature(method).parameters.items()}

    if operation.method == "PATCH" and operation.body:
        assert all(isinstance(defaults[name], Unchanged) for name in operation.body.model_fields)
    if openapi.is_conditional(operation):
        assert defaults["if_revision"] is None


def test_what_is_generated_is_up_to_date() -> None:
    checked = subprocess.run(
        [ROOT / "scripts" / "generate_client", "--check"], capture_output=True, check=False, text=True, cwd=ROOT
    )

    assert checked.returncode == 0, f"run scripts/generate_client:\n{checked.stdout}{checked.stderr}"


def test_the_client_has_the_version_of_the_release() -> None:
    assert catalog.__version__ == VERSION


# ── the CLI ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def commands(group: click.Group = program, *above: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command by its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        yield (*above, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)


@each_operation
def test_the_cli_has_the_operation(operation: Operation) -> None:
    found = dict(commands())

    command = found[operation.noun, operation.verb]

    if operation.verb not in HAND_MADE.get(operation.noun, {}):
        told = {parameter.name for parameter in command.params}
        assert arguments(operation) - {"limit", "cursor"} <= told


@pytest.mark.parametrize(
    "words,command", list(commands()), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_a_command_says_what_it_does_and_stands_in_the_reference(
    words: tuple[str, ...], command: click.Command
) -> None:
    reference = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")

    assert command.help
    assert re.search(rf"^##+ catalog {' '.join(words)}$", reference, re.MULTILINE)
    section = re.split(rf"^##+ catalog {' '.join(words)}$", reference, flags=re.MULTILINE)[1].partition("\n#")[0]
    shared = {"url", "token", "data", "on_behalf_of", "form"}
    own = [one for one in command.params if isinstance(one, click.Option) and one.name not in shared]
    assert [one.opts[0] for one in own if f"`{one.opts[0]}`" not in section] == []


# ── what runs inside Maya, Houdini and Nuke ─────────────────────────────────────────────────────────────────────────

NEWER = {
    "datetime.UTC",
    "hashlib.file_digest",
    "itertools.batched",
    "itertools.pairwise",
    "pathlib.Path.walk",
    "tomllib",
    "typing.Self",
    "typing.TypeAlias",
    "types.UnionType",
}
"""What Python 3.9 does not have."""

each_client_module = pytest.mark.parametrize(
    "module", [each for each in modules() if each.room == "client"], ids=lambda module: module.name
)


@each_client_module
def test_the_client_is_written_in_python_3_9(module: Module) -> None:
    tree = ast.parse(module.text, feature_version=(3, 9))
    newer = set(module.imports()) & NEWER
    keywords = {
        (ast.unparse(node.func).rpartition(".")[2], keyword.arg)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    }

    assert newer == set()
    assert keywords & {("zip", "strict"), ("dataclass", "slots"), ("dataclass", "kw_only"), ("open", "strict")} == set()
    assert [node for node in ast.walk(tree) if isinstance(node, ast.Match)] == []


@each_client_module
def test_annotations_of_the_client_are_not_evaluated(module: Module) -> None:
    """``X | None`` in an annotation is text there; anywhere else Python 3.9 would try to compute it."""
    annotated = any(isinstance(node, ast.AnnAssign | ast.arg) for node in ast.walk(module.tree))
    computed = [
        ast.unparse(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assign | ast.Call)
        for inner in ast.walk(node)
        if isinstance(inner, ast.BinOp)
        and isinstance(inner.op, ast.BitOr)
        and ("None" in ast.unparse(inner) or "str" in ast.unparse(inner))
    ]

    assert not annotated or "from __future__ import annotations" in module.text
    assert computed == []


@each_client_module
def test_the_client_needs_requests_and_nothing_else(module: Module) -> None:
    import sys  # noqa: PLC0415 — only here

    tops = {name.partition(".")[0] for name in module.imports()}

    assert tops - set(sys.stdlib_module_names) - {"requests", "catalog"} == set()
    assert all(name.startswith("catalog.client") for name in module.imports() if name.startswith("catalog"))
