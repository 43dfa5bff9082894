"""Every method of the client asks for what the table says: method, address, and where each argument goes."""

from __future__ import annotations

import inspect
import json
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from catalog.api.operation import Operation
from catalog.api.table import OPERATIONS
from catalog.cli.table import operation as described
from catalog.client import Client, Listing, NotFound
from tests.surfaces.scripted import ScriptedServer

GENERATED = [operation for operation in OPERATIONS if described(operation.name).generated]
PAGING = {"limit", "cursor"}


@pytest.mark.parametrize("operation", GENERATED, ids=lambda operation: operation.name)
def test_a_method_asks_for_what_the_table_says(scripted: ScriptedServer, operation: Operation) -> None:
    said = described(operation.name)
    arguments = {one.name: _made_up(one.type) for one in said.arguments}
    options = {
        one.name: [{"text": "a b"}] if one.parts else ["a b"] if one.many else _made_up(one.type)
        for one in said.options
    }

    with Client(scripted.url, "x", timeout_s=30) as client:
        method = getattr(getattr(client, operation.noun), operation.verb.replace("-", "_"))
        options = {name: value for name, value in options.items() if name in inspect.signature(method).parameters}
        with pytest.raises(NotFound):
            _use(method(**arguments, **options))

    (asked,) = scripted.asked
    path, query = urlsplit(asked.path).path, parse_qs(urlsplit(asked.path).query)
    expected = "/api/v1" + operation.path.format(**{name: quote(str(value)) for name, value in arguments.items()})
    assert (asked.method, path) == (operation.method, expected)
    told = {**arguments, **options}
    assert set(query) - PAGING == {name for name in operation.query.model_fields if name in told} - PAGING
    if operation.body is not None:
        assert json.loads(asked.body) == {name: told[name] for name in operation.body.model_fields if name in told}


def _made_up(kind: str) -> Any:  # noqa: ANN401 — a value of the named type
    return {"int": 3, "bool": True}.get(kind, "a b")


def _use(answer: object) -> None:
    """Ask for a listing's first page; it asks nothing before."""
    if isinstance(answer, Listing):
        answer.page(limit=2, cursor="c")
