"""Where every word of one tier stands, as arrays: made from documents, joined from segments, read in place.

Words are sorted, and what belongs to a word lies between what belongs to the word before and after it. So all words
with one beginning are one stretch too, and looking them up costs no more than looking up one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.search.whoosh_index.arrays import Arrays, Numbers, Texts, narrow, spread, text_arrays, texts_of, together

Rows = NDArray[np.int32]
AFTER_ALL = b"\xff"
"""Comes after every continuation of a text: UTF-8 never has this byte."""

COPIED_AT_ONCE = 1 << 20
"""So many postings are copied at once when segments are merged, or those of one word where it has more: some 40 MB."""


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
            return rows + self.places.take(kept).astype(np.int64)
        counts = self.counts.take(kept).astype(np.int64)
        starts = np.cumsum(self.counts, dtype=np.int64).take(kept) - counts
        return np.repeat(rows, counts) + self.places.take(spread(starts, counts)).astype(np.int64)


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

    def share(self, first: int, end: int) -> Postings:
        """Return the postings of the words from ``first`` to before ``end``, without the words."""
        found = self.between(first, end)
        starts, place_starts = (each[first : end + 1].astype(np.int64) for each in (self.starts, self.place_starts))
        return Postings(
            words=texts_of(text_arrays("", ()), ""),
            starts=starts - starts[0],
            place_starts=place_starts - place_starts[0],
            rows=found.rows,
            counts=found.counts,
            places=found.places,
            impacts=found.impacts,
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
            place_starts=starts_of(counts)[starts],
            rows=kept,
            counts=counts,
            places=places,
            impacts=impacts,
        )


def joined(parts: Sequence[tuple[Postings, Rows]]) -> Postings:
    """Return the postings of several segments as one, where each document gets a new row; those that get -1 go.

    Every row of a part comes before all rows of the next. So each word's stretches are copied behind one another, and
    nothing is sorted but the words: some of them at a time, for what is copied at once takes ten times its room.
    """
    words, numbers = together([part.words for part, _ in parts])
    sizes = np.zeros(len(words), np.int64)
    for (part, _), of_word in zip(parts, numbers, strict=True):
        sizes[of_word] += _lengths(part.starts)
    ends = np.searchsorted(np.cumsum(sizes), np.arange(COPIED_AT_ONCE, int(sizes.sum()), COPIED_AT_ONCE), "right")
    rows, counts = _Growing([part.rows for part, _ in parts]), _Growing([part.counts for part, _ in parts])
    places, impacts = _Growing([part.places for part, _ in parts]), _Growing([part.impacts for part, _ in parts])
    lengths, place_lengths = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for first, end in pairwise(np.unique([0, *ends, len(words)]).tolist()):
        share = _copied(parts, numbers, first, end)
        lengths.append(_lengths(share.starts))
        place_lengths.append(_lengths(share.place_starts))
        rows.append(share.rows)
        counts.append(share.counts)
        places.append(share.places)
        impacts.append(share.impacts)
    sizes = np.concatenate(lengths)
    used = np.flatnonzero(sizes)
    kept = text_arrays("", (words[at] for at in used.tolist()))
    return Postings(
        words=texts_of(kept, ""),
        starts=starts_of(sizes[used]),
        place_starts=starts_of(np.concatenate(place_lengths)[used]),
        rows=rows.filled,
        counts=counts.filled,
        places=places.filled,
        impacts=impacts.filled,
    )


class _Growing:
    """What several arrays become, share by share, in the place of the whole: nothing is there twice."""

    def __init__(self, parts: Sequence[NDArray[Any]]) -> None:
        self._whole = np.empty(sum(map(len, parts)), np.result_type(*parts))
        self._end = 0

    def append(self, share: NDArray[Any]) -> None:
        """Take the next share."""
        self._whole[self._end : self._end + len(share)] = share
        self._end += len(share)

    @property
    def filled(self) -> NDArray[Any]:
        """All that was taken."""
        return self._whole[: self._end]


def _copied(
    parts: Sequence[tuple[Postings, Rows]], numbers: Sequence[NDArray[np.int64]], first: int, end: int
) -> Postings:
    """Return the postings of the words from ``first`` to before ``end``; which words these are, the caller knows."""
    taken, of_words = [], []
    for (part, rows), of_part in zip(parts, numbers, strict=True):
        begins, ends = np.searchsorted(of_part, [first, end]).tolist()
        taken.append(part.share(begins, ends).kept(rows))
        of_words.append(of_part[begins:ends] - first)
    starts, to_rows = _destinations(of_words, [_lengths(part.starts) for part in taken], end - first)
    place_starts, to_places = _destinations(of_words, [_lengths(part.place_starts) for part in taken], end - first)
    return Postings(
        words=taken[0].words,
        starts=starts,
        place_starts=place_starts,
        rows=_placed([part.rows for part in taken], to_rows),
        counts=_placed([part.counts for part in taken], to_rows),
        places=_placed([part.places for part in taken], to_places),
        impacts=_placed([part.impacts for part in taken], to_rows),
    )


def _destinations(
    numbers: Sequence[NDArray[np.int64]], sizes: Sequence[NDArray[np.int64]], words: int
) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """Return where each word starts when all parts are one, and where each entry of each part goes."""
    totals = np.zeros(words, np.int64)
    for of_word, size in zip(numbers, sizes, strict=True):
        totals[of_word] += size
    starts = starts_of(totals)
    free = starts[:-1].copy()
    destinations = []
    for of_word, size in zip(numbers, sizes, strict=True):
        destinations.append(spread(free[of_word], size))
        free[of_word] += size
    return starts, destinations


def _placed(parts: Sequence[NDArray[Any]], destinations: Sequence[NDArray[np.int64]]) -> NDArray[Any]:
    found = np.empty(sum(map(len, destinations)), np.result_type(*parts))
    for part, destination in zip(parts, destinations, strict=True):
        found[destination] = part
    return found


def _lengths(starts: Numbers) -> NDArray[np.int64]:
    return starts[1:].astype(np.int64) - starts[:-1]


def starts_of(lengths: Numbers) -> NDArray[np.int64]:
    """Return where stretches of these lengths start, one after the other, and where the last ends."""
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts
