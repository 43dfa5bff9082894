"""The shape of the source: small modules, rooms that say what they keep, names that mean something."""

import ast
import re

import pytest

from tests.house.source import OUTSIDE, Module, functions, modules

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
MEANINGLESS = {
    "common",
    "data",
    "handle",
    "handlers",
    "helper",
    "helpers",
    "info",
    "lib",
    "manager",
    "managers",
    "misc",
    "process",
    "service",
    "services",
    "util",
    "utils",
}

each_module = pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
each_module_that_is_read = pytest.mark.parametrize(
    "module",
    # A migration lists what it changes, however much that is, and is never changed again.
    [each for each in modules() if not each.name.startswith("catalog.db.migrations.")],
    ids=lambda module: module.name,
)


@each_module_that_is_read
def test_a_module_stays_under_four_hundred_lines(module: Module) -> None:
    lines = len(module.text.splitlines())

    assert lines < LONGEST_MODULE, f"{module.name} has {lines} lines; split it by act"


@each_module_that_is_read
def test_a_function_fits_a_screen(module: Module) -> None:
    long = {
        function.name: function.end_lineno - function.lineno + 1
        for function in functions(module.tree)
        if function.end_lineno and function.end_lineno - function.lineno >= LONGEST_FUNCTION
    }

    assert long == {}


@each_module
def test_a_module_says_what_it_is_for(module: Module) -> None:
    if module.text.strip() == "":
        pytest.fail(f"{module.name} is empty")

    assert ast.get_docstring(module.tree)


@each_module
def test_a_name_is_a_word_of_the_trade(module: Module) -> None:
    last = module.name.rpartition(".")[2]

    assert last not in MEANINGLESS
    assert not re.search(r"[a-z]\d$", last) or last == "s3", "split by act, never assets2.py"


@pytest.mark.parametrize(
    "module",
    [each for each in modules() if each.path.name == "__init__.py" and each.room not in ("", *OUTSIDE)],
    ids=lambda module: module.name,
)
def test_the_door_sign_of_a_room_is_a_docstring_and_nothing_else(module: Module) -> None:
    beyond_the_docstring = module.tree.body[1:]

    assert [ast.unparse(node) for node in beyond_the_docstring] == []
