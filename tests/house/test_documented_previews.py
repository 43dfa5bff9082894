"""The page about previews names every kind and every derivative."""

import re
from pathlib import Path

from catalog.media.vocabulary import DERIVATIVES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "previews.md"


def _named(cell: str, kind: str) -> list[str]:
    """The derivatives of a cell; ``-480`` is short for the one before it with that ending."""
    short = re.findall(r"`([^`]+)`", cell)
    return [each if not each.startswith("-") else f"{kind}{each}" for each in short]


def test_the_page_about_previews_names_what_is_made() -> None:
    rows = [line.split("|")[1:-1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]

    told = {cells[0].strip(" `"): _named(cells[1], cells[0].strip(" `")) for cells in rows}

    assert told == {str(kind): [str(each) for each in derivatives] for kind, derivatives in DERIVATIVES.items()}
