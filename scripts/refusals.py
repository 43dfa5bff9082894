"""What the catalog refuses: read from its source, for the page of errors and for the translations of the pages."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.api import problems
from catalog.kernel import errors
from catalog.kernel.texts import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator

CATALOG = Path(__file__).resolve().parents[1] / "catalog"
CALLERS = frozenset({"client", "cli"})
"""These are told refusals, or make ones of their own on the machine of whoever calls."""
NO_PAGES = CALLERS | {"api", "app", "upkeep", "settings.py"}
"""What only scripts, and whoever keeps the installation, are told."""
COMPUTED = {
    "f'bad-{sort}'": [f"bad-{sort}" for sort in LONGEST],
    "f'unknown-{word}'": ["unknown-note", "unknown-issue"],
    "f'unknown-{kind}'": ["unknown-user", "unknown-group"],
    "f'bad-{what}'": ["bad-label", "bad-label_zh", "bad-unit"],
    "f\"unknown-{('facet' if name == 'facets' else name)}\"": [
        *("unknown-facet", "unknown-sort"),
        *("unknown-kind", "unknown-status", "unknown-has"),
    ],
    "found.obstacles[0].code": [
        *("same-asset", "too-many-tags", "too-many-relations", "cycle"),
        *("merged", "retired", "other-kind", "other-audience"),
    ],
    "resolved.code or 'no-template'": ["no-template"],
    "DAMAGED": ["index-damaged"],
    "code": ["bad-field-value", "unknown-field"],
}
"""Codes that are put together where they are raised; one that is missing here fails loudly."""


@dataclass(frozen=True)
class Refused:
    """One refusal as it stands in the source; ``says`` has ``…`` for values, ``details`` are named beside it."""

    code: str
    status: int
    says: str
    details: frozenset[str]


def refusals(without: frozenset[str] = CALLERS) -> Iterator[Refused]:
    """Return every refusal of the source, but for those of some of its parts."""
    for path in sorted(CATALOG.rglob("*.py")):
        if path.relative_to(CATALOG).parts[0] not in without:
            yield from _refused(ast.parse(path.read_text(encoding="utf-8")))


def codes_of_pages() -> set[str]:
    """Return the codes of all refusals that a page may have to show."""
    return {one.code for one in refusals(NO_PAGES)}


def _refused(tree: ast.AST) -> Iterator[Refused]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        kind = getattr(errors, node.func.id, None)
        if not (isinstance(kind, type) and issubclass(kind, errors.CatalogError)):
            continue
        written = next((keyword.value for keyword in node.keywords if keyword.arg == "code"), None)
        details = frozenset(keyword.arg for keyword in node.keywords if keyword.arg) - {"code", "errors"}
        for code in [kind.default_code] if written is None else _codes(written):
            yield Refused(code, problems.status_of(kind("", code=code))[0], _template(node.args[0]), details)


def _codes(written: ast.expr) -> list[str]:
    if isinstance(written, ast.Constant):
        return [str(written.value)]
    return COMPUTED[ast.unparse(written)]


def _template(message: ast.expr) -> str:
    if isinstance(message, ast.Constant):
        return str(message.value)
    if not isinstance(message, ast.JoinedStr):
        return "…"
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in message.values)
