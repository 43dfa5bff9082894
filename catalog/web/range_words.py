"""Ranges as they are shown: ``1k – 3k`` for a bin, ``≥ 4k``, ``1.6m – 1.9m``. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.search import ranges

if TYPE_CHECKING:
    from catalog.search.facets import Bins


def range_words(bins: Bins, text: str) -> str:
    """Return a range in signs that everybody reads; a bin ends where the next one begins."""
    if text in bins.values:
        at = bins.values.index(text)
        edges = [ranges.shortest(edge, bins.form) for edge in bins.edges[at : at + 2]]
        return " – ".join(edges) if len(edges) > 1 else f"≥ {edges[0]}"
    return text.replace("..", " – ").replace(">=", "≥ ").replace("<=", "≤ ")
