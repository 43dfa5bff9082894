"""Records and questions of the judged suite that were written by hand, before anybody looked at what the search does.

``judged_by_hand/records.txt`` is a studio in small, in the ways of several studios; ``judged_by_hand/questions.txt`` is
what people type there. All of it is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from catalog.assets.registry import Alias, Registration
from catalog.assets.vocabulary import Kind

FOLDER = Path(__file__).with_name("judged_by_hand")
SHOWS = {
    "redtide": "Red Tide",
    "nlf": "Northern Lights Forever",
    "s3k": "Saturn 3000",
    "jade": "玉龙传奇",
    "obx": "Outer Banks X",
    "wolfhall": "Wolf Hall Revisited",
    "kite": "The Kite",
    "mars49": "Mars 2049",
}
SPACE = "›"
"""Stands for a space at the end of a question."""


def registrations() -> Iterator[tuple[Registration, tuple[str, ...]]]:
    """Yield every asset with the names of its files."""
    for line in _lines("records.txt"):
        cells = [cell.strip() for cell in line.split("|")]
        code, kind, name, others, tags, show, description, files = cells + [""] * (8 - len(cells))
        yield (
            Registration(
                code=code,
                kind=Kind(kind),
                name=name,
                aliases=tuple(Alias(text=text) for text in _several(others)),
                tags=_several(tags),
                show=show or None,
                description=description,
            ),
            _several(files),
        )


def asked() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield every question: its kind, the text, and the codes of which one is wanted first."""
    kind = ""
    for line in _lines("questions.txt"):
        if line.startswith("[") and line.endswith("]"):
            kind = f"by hand: {line[1:-1]}"
            continue
        text, _, right = line.partition(" -> ")
        yield kind, text.replace(SPACE, " "), frozenset(right.split())


def _lines(name: str) -> Iterator[str]:
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return (line for line in lines if line.strip() and not line.startswith("# "))


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
