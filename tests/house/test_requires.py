"""Every act asks whether the actor may: seen in the source of each function that takes a unit of work."""

import ast
from collections.abc import Iterator

from tests.house.source import Module, functions, modules

DOORS = {"api", "app", "cli", "web", "worker", "work"}
"""Doors hand the unit of work on to acts, and ``work`` is where it is made."""


def _acts() -> Iterator[tuple[Module, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Public functions that take a unit of work, outside the doors."""
    for module in modules():
        if module.room in DOORS:
            continue
        for function in module.tree.body:
            if isinstance(function, ast.FunctionDef) and not function.name.startswith("_") and _unit(function):
                yield module, function


def _unit(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """The name of the parameter that is the unit of work."""
    for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
        if argument.annotation is not None and ast.unparse(argument.annotation).strip("\"'") == "UnitOfWork":
            return argument.arg
    return None


def _calls(function: ast.AST) -> Iterator[str]:
    """The last names of everything that a function calls."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).rpartition(".")[2]


def _reaches(module: Module, function: ast.AST, wanted: set[str]) -> bool:
    """Whether the function calls one of ``wanted``, itself or through functions of its own module."""
    own = {each.name: each for each in functions(module.tree)}
    seen: set[str] = set()
    todo = list(_calls(function))
    while todo:
        name = todo.pop()
        if name in wanted:
            return True
        if name in own and name not in seen:
            seen.add(name)
            todo.extend(_calls(own[name]))
    return False


def test_every_act_that_leaves_an_entry_requires_an_ability() -> None:
    unguarded = [
        f"{module.name}.{function.name}"
        for module, function in _acts()
        if _reaches(module, function, {"record"}) and not _reaches(module, function, {"require"})
    ]

    assert unguarded == []


def test_an_act_requires_before_it_does_anything_else() -> None:
    late = [
        f"{module.name}.{function.name}"
        for module, function in _acts()
        for lines in [_lines(function)]
        if "require" in lines
        and any(lines[name] < lines["require"] for name in ("record", "add", "add_all") if name in lines)
    ]

    assert late == []


def _lines(function: ast.AST) -> dict[str, int]:
    """Where a function first calls each name."""
    first: dict[str, int] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            first[name] = min(node.lineno, first.get(name, node.lineno))
    return first
