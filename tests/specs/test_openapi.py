"""The OpenAPI document: whatever it allows is answered as it says, and whatever it forbids is no defect either."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from catalog.api.table import OPERATIONS
from tests.studio import Studio, digest

EXAMPLES = 6
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
BRIEFLY = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@schemathesis.serializer("application/x-ndjson")
def _lines(_context: object, row: Any) -> bytes:  # noqa: ANN401 — JSON
    """Send one row as one line."""
    return row if isinstance(row, bytes) else json.dumps(row).encode()


@pytest.fixture
def real(studio: Studio) -> dict[str, str]:
    """Names of things that are there, so that not every answer is 404."""
    studio.admin.post("/roots", {"name": "lib", "templates": [{"platform": "linux", "path": "/lib"}]})
    studio.admin.post("/groups", {"code": "vip"})
    studio.admin.post("/shows", {"code": "orion"})
    studio.admin.publishes("prp_lamp", {"notes.md": b"notes"}, show="orion")
    job = studio.admin.get("/jobs").items[0]["id"]
    token = studio.admin.post("/tokens", {"name": "spare"}).id
    return {
        "code": "prp_lamp",
        "number": "1",
        "path": "notes.md",
        "sha256": digest(b"notes"),
        "login": "admin",
        "name": "lib",
        "seq": "1",
        "relation": token,
        "id": job,
    }


def _in_the_place_of(operation: str, real: Mapping[str, str]) -> dict[str, str]:
    code = {"shows": "orion", "groups": "vip"}.get(operation.partition(".")[0], real["code"])
    return {**real, "code": code}


def _faults(studio: Studio, case: Case[Any]) -> Iterator[str]:
    response = case.call(headers={"Authorization": f"Bearer {studio.admin.token}"})
    try:
        case.validate_response(response, checks=CHECKS)
    except FailureGroup as group:
        for fault in group.exceptions:
            yield f"{case.method} {case.path} {response.status_code}: {fault}"


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
def test_every_operation_answers_as_its_description_says(
    studio: Studio, real: dict[str, str], mode: GenerationMode
) -> None:
    authorization = {"Authorization": f"Bearer {studio.admin.token}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", studio.app, headers=authorization)
    faults: list[str] = []
    for operation in OPERATIONS:
        described = schema[operation.path][operation.method]
        names = _in_the_place_of(operation.name, real)
        known = {name: names[name] for name in names if f"{{{name}}}" in operation.path}
        for given_path in ({}, known) if known else ({},):
            faults += _tried(studio, described, mode, given_path)

    assert faults == []


def _tried(studio: Studio, described: Any, mode: GenerationMode, path: dict[str, str]) -> set[str]:  # noqa: ANN401 — schemathesis does not say
    found: set[str] = set()

    @BRIEFLY
    @given(case=described.as_strategy(generation_mode=mode, path_parameters=path or None))
    def tries(case: Case[Any]) -> None:
        found.update(_faults(studio, case))

    tries()
    return found
