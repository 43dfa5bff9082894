"""The shape of the source: small modules, rooms that say what they keep, names that mean something."""

import ast
import re

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


def _read() -> list[Module]:
    """The modules that people read; a migration lists what it changes, however much that is, and is never edited."""
    return [module for module in modules() if not module.name.startswith("catalog.db.migrations.")]


def test_every_module_stays_under_four_hundred_lines() -> None:
    lines = {module.name: len(module.text.splitlines()) for module in _read()}

    assert {name: count for name, count in lines.items() if count >= LONGEST_MODULE} == {}, "split it by act"


def test_every_function_fits_a_screen() -> None:
    lines = {
        f"{module.name}.{function.name}": (function.end_lineno or function.lineno) - function.lineno + 1
        for module in _read()
        for function in functions(module.tree)
    }

    assert {name: count for name, count in lines.items() if count > LONGEST_FUNCTION} == {}


def test_every_module_says_what_it_is_for() -> None:
    assert [module.name for module in modules() if not ast.get_docstring(module.tree)] == []


def test_every_name_is_a_word_of_the_trade() -> None:
    names = [module.name for module in _read()]

    assert [name for name in names if name.rpartition(".")[2] in MEANINGLESS] == []
    assert [name for name in names if re.search(r"[a-z]\d$", name) and not name.endswith(".s3")] == [], "split by act"


def test_the_door_sign_of_a_room_is_a_docstring_and_nothing_else() -> None:
    rooms = [each for each in modules() if each.path.name == "__init__.py" and each.room not in ("", *OUTSIDE)]

    beyond_the_docstring = {
        room.name: [ast.unparse(node) for node in room.tree.body[1:]] for room in rooms if room.tree.body[1:]
    }

    assert beyond_the_docstring == {}
