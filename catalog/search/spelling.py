"""Words that are almost the same: how many letters differ. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.search.text import is_word

LONGEST = 24


def near(word: str, others: Sequence[str], letters: int) -> list[str]:
    """Return which of the other words differ in so many letters at most: wrong, missing, too many or swapped.

    All of them, nearest first: a limit would let words of hidden assets take the places of others.
    """
    found = process.extract(word, others, scorer=OSA.distance, score_cutoff=letters, limit=None)
    return [other for other, _, _ in found]


def can_be_misspelt(word: str) -> bool:
    """Whether other words may be this one, misspelt. With other digits, something is another thing."""
    return is_word(word) and len(word) <= LONGEST and word.isalpha()


class Lexicon:
    """Words that others may be, misspelt: kept by length, so that few have to be looked at."""

    def __init__(self, words: Iterable[str]) -> None:
        self._of_length: dict[int, list[str]] = {}
        for word in words:
            if can_be_misspelt(word):
                self._of_length.setdefault(len(word), []).append(word)

    def near(self, word: str, letters: int) -> list[str]:
        """Return which words differ from this one in so many letters at most."""
        lengths = range(len(word) - letters, len(word) + letters + 1)
        return near(word, [other for length in lengths for other in self._of_length.get(length, ())], letters)


SLIPS_FROM, SLIPS_TO = 4, 12
"""Of a word with so many letters slips of the fingers are looked for."""


def slips(word: str) -> list[str]:
    """Return what was probably meant by the beginning of a word: two letters swapped, or one too many."""
    if not (word.isalpha() and SLIPS_FROM <= len(word) <= SLIPS_TO):
        return []
    swapped = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    shortened = (word[:at] + word[at + 1 :] for at in range(len(word)))
    return [one for one in dict.fromkeys([*swapped, *shortened]) if one != word]
