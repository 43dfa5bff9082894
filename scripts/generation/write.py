"""Writes, or checks, everything that follows from the table of operations."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.generation.answers import answer_modules
from scripts.generation.commands import command_table
from scripts.generation.nouns import noun_modules
from scripts.generation.plan import answers, nouns, plans
from scripts.generation.reference import cli_reference, client_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "catalog" / "client"
OWNED = (CLIENT / "answers", CLIENT / "nouns")
RUFF = Path(sys.executable).with_name("ruff")


def main() -> None:
    """Write what is new; with ``--check`` name it and end with 1."""
    checking = sys.argv[1:] == ["--check"]
    written: set[Path] = set()
    stale = []
    for path, text in _texts():
        written.add(path)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if not checking:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    for path in _left_over(written):
        stale.append(path)
        if not checking:
            path.unlink()
    for path in stale:
        print(f"{'is not up to date' if checking else 'is written'}: {path.relative_to(ROOT)}")
    sys.exit(1 if stale and checking else 0)


def _texts() -> Iterator[tuple[Path, str]]:
    all_plans = plans()
    all_answers = answers(all_plans)
    for name, text in (*answer_modules(all_answers), *noun_modules(nouns(all_plans), all_answers)):
        path = CLIENT / name
        yield path, _formatted(path, text)
    # In this order: the commands are described as they are made from this file.
    yield ROOT / "catalog" / "cli" / "operations.json", command_table(all_plans)
    yield ROOT / "docs" / "reference" / "client.md", client_reference()
    yield ROOT / "docs" / "reference" / "cli.md", cli_reference()


def _formatted(path: Path, text: str) -> str:
    """Return the text as the formatter leaves it, without the imports that it does not need."""
    # What is not needed goes first: a list of imports that once was too long for its line would stay in several.
    remove, order = (("check", "--fix", "--select", rule, "--quiet") for rule in ("F401", "I"))
    for command in (remove, order, ("format", "--quiet")):
        done = subprocess.run(
            [RUFF, *command, "--stdin-filename", path, "-"],
            input=text,
            capture_output=True,
            check=False,
            text=True,
            cwd=ROOT,
        )
        if done.returncode != 0:
            print(text, done.stderr, done.stdout, sep="\n", file=sys.stderr)
            sys.exit(done.returncode)
        text = done.stdout
    return text


def _left_over(written: set[Path]) -> list[Path]:
    return [path for folder in OWNED for path in folder.glob("*.py") if path not in written]


if __name__ == "__main__":
    main()
