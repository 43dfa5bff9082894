"""Who may do what in the source: read the clock, commit, silence a checker, decide."""

import ast
import re

from tests.house.source import Module, modules

CLOCK = "catalog.kernel.clock"
MAY_COMMIT = ("catalog.db", "catalog.work", "catalog.search.whoosh_index")
PURE = {"clearance.py", "grammar.py", "naming.py", "query.py", "score.py"}
"""Modules with these names decide or parse; they are given what they need and ask nobody."""

IMPURE = (
    "boto3",
    "catalog.db",
    "catalog.kernel.clock",
    "catalog.storage",
    "catalog.work",
    "http",
    "os",
    "requests",
    "socket",
    "sqlalchemy",
    "subprocess",
    "time",
    "urllib.request",
)
SILENCER = re.compile(
    r"#\s*(?P<what>noqa|type:\s*ignore)(?P<code>:\s*[A-Z]+[0-9]+[A-Z0-9, ]*|\[[a-z-]+(?:,\s*[a-z-]+)*\])?(?P<why>.*)$"
)


def _calls(module: Module) -> list[tuple[int, str]]:
    """Line and dotted name of everything called."""
    return [
        (node.lineno, ast.unparse(node.func))
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
    ]


def test_only_the_clock_reads_the_time() -> None:
    readings = [
        f"{module.name}:{line} {name}"
        for module in modules()
        if module.name != CLOCK
        for line, name in _calls(module)
        if re.search(r"\b(?:date|datetime)\.(?:now|utcnow|today)$", name)
    ]

    assert readings == []


def test_only_the_unit_of_work_commits() -> None:
    commits = [
        f"{module.name}:{line} {name}"
        for module in modules()
        if not module.name.startswith(MAY_COMMIT)
        for line, name in _calls(module)
        if name.endswith(".commit")
    ]

    assert commits == []


def test_whoever_silences_a_checker_says_which_rule_and_why() -> None:
    unexplained = [
        f"{module.name}:{number} {line.strip()}"
        for module in modules()
        for number, line in enumerate(module.text.splitlines(), start=1)
        for found in [SILENCER.search(line)]
        if found and (not found["code"] or not found["why"].strip(" -#—:"))
    ]

    assert unexplained == []


def test_a_pure_module_asks_no_database_network_or_clock() -> None:
    asked = {
        module.name: name
        for module in modules()
        if module.path.name in PURE
        for name in module.imports()
        if any(name == impure or name.startswith(f"{impure}.") for impure in IMPURE)
    }

    assert asked == {}
