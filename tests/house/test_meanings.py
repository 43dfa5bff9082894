"""What every field means: said beside it in what is sent, and in the description of the API of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from catalog.api.meanings import ARGUMENTS, MEANINGS
from catalog.api.openapi import document
from catalog.api.table import OPERATIONS
from catalog.app.manual import make_manual
from tests.house.test_requests import MODELS

if TYPE_CHECKING:
    from pydantic import BaseModel

DESCRIBED = document(OPERATIONS)
FIELDS = [
    (model, name, field.get("description"))
    for model, schema in DESCRIBED["components"]["schemas"].items()
    for name, field in schema.get("properties", {}).items()
]
PARAMETERS = [
    (one["operationId"], given["name"], given.get("description"))
    for path in DESCRIBED["paths"].values()
    for one in path.values()
    for given in one["parameters"]
    if "$ref" not in given
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_each_field_of_a_request_says_what_it_means(model: type[BaseModel]) -> None:
    assert [name for name, field in model.model_fields.items() if not field.description] == []


def test_each_field_and_parameter_of_the_described_api_says_what_it_means() -> None:
    assert [(of, name) for of, name, said in [*FIELDS, *PARAMETERS] if not said] == []


def test_no_meaning_is_kept_that_nothing_has() -> None:
    told = {(name, said) for _, name, said in [*FIELDS, *PARAMETERS]}

    unused = [key for key, said in {**MEANINGS, **ARGUMENTS}.items() if (key.rpartition(".")[2], said) not in told]

    assert unused == []


def test_pages_show_what_objects_hold_with_type_and_meaning() -> None:
    one = next(one for one in make_manual("http://studio.test").operations if one.name == "versions.draft")
    rows = {row.name: (row.type, row.required, row.said) for row in one.body}

    assert list(rows)[:3] == ["files", "files[].path", "files[].sha256"]
    assert rows["files"] == ("list of object", True, "all files that it is made of")
    assert rows["files[].size_bytes"] == ("integer", True, "how many bytes it has")
    assert rows["files[].root"] == ("string or null", False, "root under which a referenced file lies")
    assert rows["asset.name"] == ("string", True, "what people call it, in any script")
    assert "version.revision" in {row.name for row in one.answer}
