"""Which documents of a segment have a word, wherever it stands: looked up in every tier, put together, and remembered.

Who types asks for the same words again with each letter, and a question asks for each of its words twice: how rare it
is, and who has it. What is remembered is bounded by the size of the segment: some thirty bytes per document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from catalog.search.spelling import Lexicon
from catalog.search.vocabulary import Tier
from catalog.search.whoosh_index.postings import Postings, Rows, Stretch
from catalog.search.whoosh_index.schema import encoded

FEW_SHARE = 8
"""Of a word that so many times more documents have than are asked about, these are looked up."""

DENSE_SHARE = 5
"""A word that one document in so many has is kept as one byte per document, which is no more and quicker to look at."""

HELD_PER_DOCUMENT = 30
"""So many bytes per document are remembered: five for each that has a word, or one for each document."""

FIRST_LETTER = b"a"
"""No word that is all letters comes before; digits and marks do."""

WORDS_MAX = 1_000
"""So many words are remembered, which may all be rare."""


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """The documents that have a word, ascending, and how much each is about it; without rows, by row, 0 for no part."""

    rows: Rows | None
    impacts: NDArray[np.uint8]

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return self.impacts.nbytes + (0 if self.rows is None else self.rows.nbytes)

    def count(self, mask: NDArray[np.bool_]) -> int:
        """Return how many documents of a mask have it."""
        having = (self.impacts > 0) & mask if self.rows is None else mask.take(self.rows)
        return int(np.count_nonzero(having))

    def among(self, few: Rows) -> Weighed:
        """Return those of these documents, which ascend; where they are many, all."""
        if self.rows is None:
            impacts = self.impacts.take(few)
            having = impacts.nonzero()[0]
            return Weighed(rows=few.take(having), impacts=impacts.take(having))
        if len(few) * FEW_SHARE > len(self.rows):
            return self
        at = np.searchsorted(self.rows, few)
        at = at[self.rows.take(at, mode="clip") == few]
        return Weighed(rows=self.rows.take(at), impacts=self.impacts.take(at))


class Words:
    """The words of one segment, in all tiers together."""

    def __init__(self, postings: Mapping[Tier, Postings], count: int) -> None:
        self._postings = postings
        self._count = count
        self._held: dict[str, Weighed] = {}
        self._near: dict[tuple[str, int], list[str]] = {}
        self._left = HELD_PER_DOCUMENT * count
        self._lock = Lock()

    def find(self, word: str) -> Weighed:
        """Return who has a word."""
        with self._lock:
            found = self._held.pop(word, None)
            if found is not None:
                self._held[word] = found
                return found
        found = self._found(encoded(word))
        with self._lock:
            if word not in self._held:
                self._held[word] = found
                self._left -= found.size
            while self._held and (self._left < 0 or len(self._held) > WORDS_MAX):
                oldest = next(iter(self._held))
                self._left += self._held.pop(oldest).size
        return found

    def near(self, word: str, letters: int) -> list[str]:
        """Return the words that may be this one, misspelt, of all tiers; remembered, for who types asks again."""
        found = self._near.get((word, letters))
        if found is None:
            found = self._lexicon.near(word, letters)
            if len(self._near) >= WORDS_MAX:
                self._near.clear()
            self._near[word, letters] = found
        return found

    @cached_property
    def _lexicon(self) -> Lexicon:
        """The words that others may be, misspelt; made once."""
        listed = [postings.words for postings in self._postings.values()]
        spelled = dict.fromkeys(word for words in listed for word in words.without_digits(words.place(FIRST_LETTER)))
        return Lexicon(word.decode("utf-8", "surrogatepass") for word in spelled)

    def at_most(self, word: str) -> int:
        """Return how many documents have a word at most, without looking at them."""
        return sum(postings.many(encoded(word)) for postings in self._postings.values())

    def _found(self, word: bytes) -> Weighed:
        """Look a word up; in all tiers of a document its impact is the same."""
        found = [each for postings in self._postings.values() if len((each := postings.find(word)).rows)]
        if not found:
            return Weighed(rows=np.empty(0, np.int32), impacts=np.empty(0, np.uint8))
        dense = max(len(each.rows) for each in found) * DENSE_SHARE > self._count
        if len(found) == 1 and not dense:
            return Weighed(rows=found[0].rows, impacts=found[0].impacts)
        if sum(len(each.rows) for each in found) * FEW_SHARE < self._count:
            rows, at = np.unique(np.concatenate([each.rows for each in found]), return_index=True)
            return Weighed(rows=rows, impacts=np.concatenate([each.impacts for each in found]).take(at))
        rarest_first = sorted(found, key=lambda each: len(each.rows))
        if not dense and sum(len(each.rows) for each in rarest_first[:-1]) * FEW_SHARE < len(rarest_first[-1].rows):
            return _with(rarest_first[-1], rarest_first[:-1])
        impacts = np.zeros(self._count, np.uint8)  # no word has an impact of 0
        for each in found:
            impacts[each.rows] = each.impacts
        if dense:
            return Weighed(rows=None, impacts=impacts)
        rows = impacts.nonzero()[0].astype(np.int32)
        return Weighed(rows=rows, impacts=impacts.take(rows))


def _with(most: Stretch, few: Sequence[Stretch]) -> Weighed:
    """Return the postings of one tier with those of others that are not among them."""
    rows, impacts = few[0].rows, few[0].impacts
    if len(few) > 1:
        rows, first = np.unique(np.concatenate([each.rows for each in few]), return_index=True)
        impacts = np.concatenate([each.impacts for each in few]).take(first)
    at = np.searchsorted(most.rows, rows)
    new = (most.rows.take(at, mode="clip") != rows).nonzero()[0]
    at = at.take(new)
    return Weighed(
        rows=np.insert(most.rows, at, rows.take(new)), impacts=np.insert(most.impacts, at, impacts.take(new))
    )
