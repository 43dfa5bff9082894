"""Words that are almost the same: how many letters differ. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

NEAR_MAX = 50
"""So many words at most are taken for one that may be misspelt, nearest first."""


def near(word: str, others: Sequence[str], letters: int) -> list[str]:
    """Return which of the other words differ in so many letters at most: wrong, missing, too many or swapped."""
    found = process.extract(word, others, scorer=OSA.distance, score_cutoff=letters, limit=NEAR_MAX)
    return [other for other, _, _ in found]
