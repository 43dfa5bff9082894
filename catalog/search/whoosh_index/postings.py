"""Where every word of one tier stands, as arrays: made from documents, joined from segments, read in place.

Words are sorted, and what belongs to a word lies between what belongs to the word before and after it. So all words
with one beginning are one stretch too, and looking them up costs no more than looking up one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.search.whoosh_index.arrays import Arrays, Numbers, Texts, narrow, spread, text_arrays, texts_of

Rows = NDArray[np.int32]
AFTER_ALL = b"\xff"
"""Comes after every continuation of a text: UTF-8 never has this byte."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """The postings of one word, or of neighboring words: the documents, and where in each the word stands.

    The ``counts[i]`` places of ``rows[i]`` follow those of the rows before. Rows ascend within one word. ``impacts[i]``
    says how much the document is about the word, in all tiers together.
    """

    rows: Rows
    counts: Numbers
    places: Numbers
    impacts: NDArray[np.uint8]

    def standing_in(self, wanted: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return ``row << 32 | place`` for every place in the documents that the mask wants."""
        kept = wanted.take(self.rows).nonzero()[0]
        rows = self.rows.take(kept).astype(np.int64) << 32
        if len(self.places) == len(self.rows):  # once in each document
            return rows + self.places.take(kept)
        counts = self.counts.take(kept).astype(np.int64)
        starts = np.cumsum(self.counts, dtype=np.int64).take(kept) - counts
        return np.repeat(rows, counts) + self.places.take(spread(starts, counts))


@dataclass(frozen=True, kw_only=True)
class Postings:
    """The postings of one tier in one segment.

    Word ``n`` has the postings from ``starts[n]`` to ``starts[n + 1]``, and the places from ``place_starts[n]`` on.
    """

    words: Texts
    starts: Numbers
    place_starts: Numbers
    rows: Rows
    counts: Numbers
    places: Numbers
    impacts: NDArray[np.uint8]

    def find(self, word: bytes) -> Stretch:
        """Return the postings of a word; none where nobody has it."""
        at = self.words.place(word)
        return self.between(at, at + (at < len(self.words) and self.words[at] == word))

    def many(self, word: bytes) -> int:
        """Return how many postings a word has."""
        at = self.words.place(word)
        there = at < len(self.words) and self.words[at] == word
        return int(self.starts[at + 1]) - int(self.starts[at]) if there else 0

    def beginning(self, beginning: bytes) -> Stretch:
        """Return the postings of all words that begin so."""
        return self.between(self.words.place(beginning), self.words.place(beginning + AFTER_ALL))

    def within(self, first: bytes, last: bytes) -> Stretch:
        """Return the postings of all words from one to another, both included."""
        end = self.words.place(last)
        return self.between(self.words.place(first), end + (end < len(self.words) and self.words[end] == last))

    def between(self, first: int, end: int) -> Stretch:
        """Return the postings of the words from ``first`` to before ``end``."""
        here = slice(int(self.starts[first]), int(self.starts[end]))
        there = slice(int(self.place_starts[first]), int(self.place_starts[end]))
        return Stretch(
            rows=self.rows[here], counts=self.counts[here], places=self.places[there], impacts=self.impacts[here]
        )

    def lengths(self, count: int) -> NDArray[np.int64]:
        """Return how many words stand in each of ``count`` documents."""
        return np.bincount(self.rows, self.counts, count).astype(np.int64)

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return what is written of it."""
        return {
            **text_arrays(f"{name} words", self.words),
            f"{name} starts": narrow(self.starts),
            f"{name} place starts": narrow(self.place_starts),
            f"{name} rows": self.rows,
            f"{name} counts": narrow(self.counts),
            f"{name} places": narrow(self.places),
            f"{name} impacts": self.impacts,
        }

    @staticmethod
    def of(arrays: Arrays, name: str) -> Postings:
        """Return what was written under this name."""
        return Postings(
            words=texts_of(arrays, f"{name} words"),
            starts=arrays[f"{name} starts"],
            place_starts=arrays[f"{name} place starts"],
            rows=arrays[f"{name} rows"],
            counts=arrays[f"{name} counts"],
            places=arrays[f"{name} places"],
            impacts=arrays[f"{name} impacts"],
        )

    def kept(self, new_rows: Rows) -> Postings:
        """Return what stays when every document gets a new row; those that get -1 go."""
        rows = new_rows[self.rows]
        stays = rows >= 0
        if stays.all():
            kept, counts, places, impacts = rows, self.counts, self.places, self.impacts
        else:
            kept, counts, impacts = rows[stays], self.counts[stays], self.impacts[stays]
            places = self.places[np.repeat(stays, self.counts)]
        before = np.zeros(len(stays) + 1, np.int64)
        np.cumsum(stays, out=before[1:])
        starts = before[self.starts]
        return Postings(
            words=self.words,
            starts=starts,
            place_starts=_starts_of(counts)[starts],
            rows=kept,
            counts=counts,
            places=places,
            impacts=impacts,
        )


class Gathering:
    """Takes the words of one document after the other and makes postings of them."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._words = array("I")
        self._rows = array("I")
        self._counts = array("I")
        self._places = array("I")
        self._impacts = array("B")

    def add(self, row: int, words: Mapping[str, Sequence[int]], impacts: Mapping[str, int]) -> None:
        """Take the words of a document, where each stands and its impact. Rows ascend."""
        numbers = self._numbers
        self._words.extend([numbers.setdefault(word, len(numbers)) for word in words])
        self._rows.extend([row] * len(words))
        self._counts.extend(map(len, words.values()))
        self._impacts.extend(map(impacts.__getitem__, words))
        for places in words.values():
            self._places.extend(places)

    def postings(self) -> Postings:
        """Return what was gathered."""
        spelled = [word.encode("utf-8", "surrogatepass") for word in self._numbers]
        order = sorted(range(len(spelled)), key=spelled.__getitem__)
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        ranks = rank[np.array(self._words, np.int64)]
        by_word = np.argsort(ranks, kind="stable")
        counts = np.array(self._counts, np.int64)
        found_at = (np.cumsum(counts) - counts)[by_word]
        counts = counts[by_word]
        starts = np.searchsorted(ranks[by_word], np.arange(len(order) + 1))
        words = text_arrays("", (spelled[at] for at in order))
        return Postings(
            words=texts_of(words, ""),
            starts=starts,
            place_starts=_starts_of(counts)[starts],
            rows=np.array(self._rows, np.int32)[by_word],
            counts=counts,
            places=np.array(self._places, np.int64)[spread(found_at, counts)],
            impacts=np.array(self._impacts, np.uint8)[by_word],
        )


def joined(parts: Sequence[Postings]) -> Postings:
    """Return the postings of several segments as one; every row of a part comes before all rows of the next.

    Each word's stretches are copied behind one another, so nothing is sorted but the words.
    """
    spelled = [list(part.words) for part in parts]
    words = sorted({word for part in spelled for word in part})
    number = {word: at for at, word in enumerate(words)}
    numbers = [np.fromiter(map(number.__getitem__, part), np.int64, len(part)) for part in spelled]
    starts, to_rows = _destinations(numbers, [_lengths(part.starts) for part in parts], len(words))
    place_starts, to_places = _destinations(numbers, [_lengths(part.place_starts) for part in parts], len(words))
    used = np.flatnonzero(np.diff(starts))
    kept = text_arrays("", (words[at] for at in used.tolist()))
    return Postings(
        words=texts_of(kept, ""),
        starts=np.append(starts[used], starts[-1]),
        place_starts=np.append(place_starts[used], place_starts[-1]),
        rows=_placed((part.rows for part in parts), to_rows, np.int32),
        counts=_placed((part.counts for part in parts), to_rows, np.uint32),
        places=_placed((part.places for part in parts), to_places, np.uint32),
        impacts=_placed((part.impacts for part in parts), to_rows, np.uint8),
    )


def _destinations(
    numbers: Sequence[NDArray[np.int64]], sizes: Sequence[NDArray[np.int64]], words: int
) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """Return where each word starts when all parts are one, and where each entry of each part goes."""
    totals = np.zeros(words, np.int64)
    for of_word, size in zip(numbers, sizes, strict=True):
        totals[of_word] += size
    starts = _starts_of(totals)
    free = starts[:-1].copy()
    destinations = []
    for of_word, size in zip(numbers, sizes, strict=True):
        destinations.append(spread(free[of_word], size))
        free[of_word] += size
    return starts, destinations


def _placed(parts: Iterable[Numbers], destinations: Sequence[NDArray[np.int64]], kind: type[Any]) -> NDArray[Any]:
    found = np.empty(sum(map(len, destinations)), kind)
    for part, destination in zip(parts, destinations, strict=True):
        found[destination] = part
    return found


def _lengths(starts: Numbers) -> NDArray[np.int64]:
    return starts[1:].astype(np.int64) - starts[:-1]


def _starts_of(lengths: Numbers) -> NDArray[np.int64]:
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts
