"""The source tree as the checks of the house see it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CATALOG = ROOT / "catalog"

OUTSIDE = ("client", "dcc", "openassetio_manager")
"""Parts of the package that run in other programs and keep their own manners."""


@dataclass(frozen=True, kw_only=True)
class Module:
    """One module of the catalogue: where it is, its text and its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The dotted name, as it is imported."""
        dotted = ".".join(self.path.relative_to(ROOT).with_suffix("").parts)
        return dotted.removesuffix(".__init__")

    @property
    def room(self) -> str:
        """The first part below ``catalog``, or nothing for the package itself."""
        return self.name.partition(".")[2].partition(".")[0]

    def imports(self) -> Iterator[str]:
        """Every name that the module imports, absolute: ``from a import b`` is both ``a`` and ``a.b``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def modules() -> tuple[Module, ...]:
    """All modules of ``catalog``, by path."""
    return tuple(
        Module(path=path, text=text, tree=ast.parse(text))
        for path in sorted(CATALOG.rglob("*.py"))
        for text in [path.read_text(encoding="utf-8")]
    )


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method below ``tree``."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
