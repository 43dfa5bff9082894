"""Every page of a list says how a script gets the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.api.table import OPERATIONS

TEMPLATES = Path(__file__).parents[2] / "catalog" / "web" / "templates"
LISTS = sorted(path for path in TEMPLATES.rglob("*.html") if "{{ paging(" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("template", LISTS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_list_names_the_call_that_answers_the_same(template: Path) -> None:
    text = template.read_text(encoding="utf-8")

    named = {part.partition('"')[0] for part in text.split('{{ as_call("')[1:]}

    assert named
    assert named <= {operation.name for operation in OPERATIONS}
