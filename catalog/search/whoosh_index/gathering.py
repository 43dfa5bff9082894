"""A segment made of documents: what ``relevance`` says of one, computed for thousands at once.

Texts mostly consist of the same words. So each spelling is looked at once, and documents are kept as numbers of
spellings; where their words stand, how often, and what they are worth follows for all of them in a few steps over
arrays. A test holds this to what ``relevance.searchable`` says of each document alone.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from catalog.search import relevance
from catalog.search.port import Document
from catalog.search.recorded import marked
from catalog.search.text import JOINED_LENGTH, POSITIONS_MAX, WHOLE, indexed, spellings
from catalog.search.vocabulary import Facet, Measure, Tier
from catalog.search.whoosh_index.arrays import narrow, spread, text_arrays, texts_of
from catalog.search.whoosh_index.contents import Contents, columns_of
from catalog.search.whoosh_index.grouping import Faceted, Numbering, Sorting
from catalog.search.whoosh_index.postings import Postings, starts_of
from catalog.search.whoosh_index.schema import GROUPS, encoded, reader_of

Ints = NDArray[np.int64]


NAME_PARTS = relevance.NAME_BYTES // 8
SPELLINGS_MAX = 400_000
"""So many spellings at most are kept from one segment to the next: codes are all different, and fill it in the end."""

WORDS_MAX = 1_000_000
"""So many words at most are kept as well: values of custom fields are words without a spelling, at 150 bytes each."""


def gathered(documents: Iterable[Document]) -> Contents:
    """Return the contents of a segment of these documents."""
    gathering = Gathering(Spelled())
    for document in documents:
        gathering.add(document)
    return gathering.contents()


class Spelled:
    """All spellings that were looked at, with sounds and without, and the words that came of them by number."""

    def __init__(self) -> None:
        self.words = Numbering()
        self.spoken = Spellings(self.words, spoken=True)
        self.written = Spellings(self.words, spoken=False)

    @property
    def full(self) -> bool:
        """Whether it is time to begin anew."""
        return len(self.spoken) + len(self.written) > SPELLINGS_MAX or len(self.words) > WORDS_MAX


class Spellings(dict[str, int]):
    """Numbers spellings as they come, and keeps what comes of each: words by number, places, a width and a key."""

    def __init__(self, words: Numbering, *, spoken: bool) -> None:
        super().__init__()
        self._numbers = words
        self._spoken = spoken
        self._keys: list[str] = []
        self.widths = array("I")
        self.sizes = array("I")
        self.words = array("I")
        self.places = array("I")

    def __missing__(self, spelling: str) -> int:
        """Look at a new spelling."""
        found = self[spelling] = len(self)
        entries, width, key = indexed(spelling, self._spoken)
        self._keys.append(key)
        self.widths.append(width)
        self.sizes.append(len(entries))
        for word, place in entries:
            self.words.append(self._numbers[word])
            self.places.append(place)
        return found

    def units(self, text: str) -> list[int]:
        """Return the spellings of a text."""
        return list(map(self.__getitem__, spellings(text)))

    def key(self, units: Sequence[int]) -> str:
        """Return what is left of these when spelling is ignored (``text.key``)."""
        return "".join(map(self._keys.__getitem__, units))[:JOINED_LENGTH]


class Remembered(dict[str, list[int]]):
    """The spellings of texts that come again and again, such as tags."""

    def __init__(self, spelled: Spellings) -> None:
        super().__init__()
        self._spelled = spelled

    def __missing__(self, text: str) -> list[int]:
        """Look at a new text."""
        found = self[text] = self._spelled.units(text)
        return found


class Gathering:
    """Takes one document after the other, and keeps of each what a segment needs."""

    def __init__(self, spelled: Spelled) -> None:
        self._spelled = spelled
        self._placing = {
            Tier.NAMES: Placing(spelled.spoken),
            Tier.LABELS: Placing(spelled.spoken),
            Tier.DESCRIPTION: Placing(spelled.written),
            Tier.FILES: Placing(spelled.written),
        }
        self._known = Remembered(spelled.spoken)
        self._groups = {group: Sorting() for group in GROUPS}
        self._grouped = [(sorting.add, reader_of(group)) for group, sorting in self._groups.items()]
        self._measures = {measure: array("Q") for measure in Measure}
        self._ids, self._sorted_as = bytearray(), bytearray()
        self._digests, self._times, self._uses, self._in_description = array("Q"), array("q"), array("q"), array("q")
        self._codes: list[bytes] = []
        self._shown: list[bytes] = []

    def add(self, document: Document) -> None:
        """Take a document."""
        self._add_words(document)
        for add, read in self._grouped:
            add(read(document))
        for measure, held in self._measures.items():
            value = document.measure(measure)
            held.append(0 if value is None else value + 1)
        self._ids += document.id.bytes
        self._sorted_as += relevance.sorted_as(document.name)
        self._digests.append(relevance.digest(document))
        self._times.append(document.measure(Measure.UPDATED) or 0)
        self._uses.append(document.uses)
        self._codes.append(encoded(document.code))
        self._shown.append(encoded(document.name))

    def _add_words(self, document: Document) -> None:
        row, placing = len(self._codes), self._placing
        spoken, written, known = self._spelled.spoken, self._spelled.written, self._known
        texts = relevance.texts_of(document)
        names = list(map(spoken.units, texts[Tier.NAMES]))
        placing[Tier.NAMES].add(row, names)
        placing[Tier.LABELS].add(row, list(map(known.__getitem__, texts[Tier.LABELS])))
        placing[Tier.DESCRIPTION].add(row, list(map(written.units, texts[Tier.DESCRIPTION])))
        placing[Tier.FILES].add(row, list(map(written.units, texts[Tier.FILES])))
        self._in_description.append(relevance.in_description(document.description))
        for whole in dict.fromkeys(map(spoken.key, (*names, *map(known.__getitem__, document.external_ids)))):
            placing[Tier.NAMES].mark(row, self._spelled.words[WHOLE + whole], (0,))
        for word, places in dict(pair for one in document.custom for pair in marked(one)).items():
            placing[Tier.DESCRIPTION].mark(row, self._spelled.words[word], places)

    def contents(self) -> Contents:
        """Return what was gathered as a segment."""
        count = len(self._codes)
        halves = np.frombuffer(bytes(self._ids), ">u8").reshape(count, 2).astype(np.uint64)
        placed = {tier: placing.placed() for tier, placing in self._placing.items()}
        names = placed[Tier.NAMES]
        groupings = {group: sorting.grouping() for group, sorting in self._groups.items()}
        return Contents(
            count=count,
            columns=columns_of(
                np.column_stack(
                    [
                        halves,
                        np.array(self._digests, np.uint64),
                        np.minimum(names.widths[names.firsts], relevance.NAME_WORDS_MAX).astype(np.uint64),
                        np.array(self._uses, np.uint64),
                        np.frombuffer(bytes(self._sorted_as), ">u8").reshape(count, NAME_PARTS).astype(np.uint64),
                    ]
                ),
                np.array(self._times, np.int64),
                {measure: narrow(np.array(held, np.uint64)) for measure, held in self._measures.items()},
            ),
            postings=self._postings(placed),
            groupings=groupings,
            faceted=Faceted.made({facet: groupings[facet] for facet in Facet}),
            codes=texts_of(text_arrays("", self._codes), ""),
            names=texts_of(text_arrays("", self._shown), ""),
        )

    def _postings(self, placed: Mapping[Tier, Placed]) -> dict[Tier, Postings]:
        """Return where each word stands, and its impact: what all its places weigh together."""
        words, ranks = _sorted(list(self._spelled.words), (each.words for each in placed.values()))
        listed = {tier: Listed.of(each, ranks) for tier, each in placed.items()}
        described = listed[Tier.DESCRIPTION]
        weights = {
            Tier.NAMES: listed[Tier.NAMES].summed(_in_names(placed[Tier.NAMES])),
            Tier.LABELS: relevance.IN_LABEL * listed[Tier.LABELS].counts,
            Tier.DESCRIPTION: np.array(self._in_description, np.int64)[described.rows]
            * np.minimum(described.counts, relevance.COUNTED_IN_DESCRIPTION),
            Tier.FILES: np.zeros_like(listed[Tier.FILES].counts),
        }
        both = np.concatenate([each.ranks << 32 | each.rows for each in listed.values()])
        _, same = np.unique(both, return_inverse=True)
        totals = np.bincount(same, np.concatenate([weights[tier] for tier in listed])).astype(np.int64)
        totals = np.maximum(totals, relevance.IN_FILES)  # less than all else weighs
        impacts = np.maximum(relevance.impact(totals), relevance.IMPACT_MIN).astype(np.uint8)[same]
        ends = np.cumsum([len(each.rows) for each in listed.values()])[:-1]
        return {
            tier: each.postings(words, of_tier)
            for (tier, each), of_tier in zip(listed.items(), np.split(impacts, ends), strict=True)
        }


class Placing:
    """Takes the texts of one tier."""

    def __init__(self, spelled: Spellings) -> None:
        self._spelled = spelled
        self._units, self._lengths, self._rows = array("I"), array("I"), array("I")
        self._marks = [array("I"), array("I"), array("I")]

    def add(self, row: int, texts: Sequence[Sequence[int]]) -> None:
        """Take the texts of a document, as spellings. Rows ascend."""
        self._units.extend(chain.from_iterable(texts))
        self._lengths.extend(map(len, texts))
        self._rows.extend([row] * len(texts))

    def mark(self, row: int, word: int, places: Sequence[int]) -> None:
        """Take a word that stands in no text."""
        for held, value in zip(self._marks, (row, word), strict=False):
            held.extend([value] * len(places))
        self._marks[2].extend(places)

    def placed(self) -> Placed:
        """Return where all words stand."""
        lengths, rows = np.array(self._lengths, np.int64), np.array(self._rows, np.int64)
        units = np.array(self._units, np.int64)
        taken = np.array(self._spelled.widths, np.int64)[units]
        values = np.repeat(np.arange(len(rows)), lengths)
        widths = np.bincount(values, taken, len(rows)).astype(np.int64)
        firsts = np.flatnonzero(np.diff(rows, prepend=-1))
        # Each text takes its width and one place more, so that no phrase reaches into the next.
        begins = starts_of(widths + 1)[:-1]
        begins -= np.repeat(begins[firsts], np.diff(np.append(firsts, len(rows))))
        within = starts_of(taken)[:-1]
        starts = begins[values] + within - starts_of(widths)[:-1][values]
        kept = starts < POSITIONS_MAX
        units, values, starts = units[kept], values[kept], starts[kept]
        sizes = np.array(self._spelled.sizes, np.int64)
        entries = spread(starts_of(sizes)[:-1][units], sizes[units])
        values = np.repeat(values, sizes[units])
        marked, words, places = (np.array(each, np.int64) for each in self._marks)
        return Placed(
            widths=widths,
            firsts=firsts,
            rows=np.concatenate([rows[values], marked]),
            words=np.concatenate([np.array(self._spelled.words, np.int64)[entries], words]),
            places=np.concatenate(
                [np.repeat(starts, sizes[units]) + np.array(self._spelled.places, np.int64)[entries], places]
            ),
            values=np.concatenate([values, firsts[np.searchsorted(rows[firsts], marked)]]),
        )


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where words stand in one tier, word by word as they come in texts; rows ascend within each word.

    ``widths`` are those of the texts, and ``firsts`` says which text is a document's first; ``values`` names of each
    word the text in which it stands.
    """

    widths: Ints
    firsts: Ints
    rows: Ints
    words: Ints
    places: Ints
    values: Ints


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The same word by word: the documents of each, how often it stands there, and the places."""

    order: Ints
    heads: Ints
    ranks: Ints
    rows: Ints
    counts: Ints
    places: Ints

    @staticmethod
    def of(placed: Placed, ranks: Ints) -> Listed:
        """Return words in the order of their ranks."""
        of_word = ranks[placed.words]
        order = np.argsort(of_word, kind="stable")
        of_word, rows = of_word[order], placed.rows[order]
        both = of_word << 32 | rows
        heads = np.flatnonzero(np.diff(both, prepend=-1))
        return Listed(
            order=order,
            heads=heads,
            ranks=of_word[heads],
            rows=rows[heads],
            counts=np.diff(np.append(heads, len(rows))),
            places=placed.places[order],
        )

    def summed(self, weights: Ints) -> Ints:
        """Return the sum of what the places of each word in each document weigh."""
        return np.add.reduceat(weights[self.order], self.heads) if len(self.heads) else weights

    def postings(self, words: Sequence[str], impacts: NDArray[np.uint8]) -> Postings:
        """Return what is written of it."""
        heads = np.flatnonzero(np.diff(self.ranks, prepend=-1))
        starts = np.append(heads, len(self.ranks))
        spelled = text_arrays("", (encoded(words[rank]) for rank in self.ranks[heads].tolist()))
        return Postings(
            words=texts_of(spelled, ""),
            starts=starts,
            place_starts=starts_of(self.counts)[starts],
            rows=self.rows.astype(np.int32),
            counts=self.counts,
            places=self.places,
            impacts=impacts,
        )


def _sorted(words: Sequence[str], used: Iterable[Ints]) -> tuple[list[str], Ints]:
    """Return those words, given by number, that are used, in order, and the rank of each number among them.

    Texts come in the order of their code points, and so do their bytes.
    """
    wanted = np.zeros(len(words), np.bool_)
    for numbers in used:
        wanted[numbers] = True
    at = sorted(np.flatnonzero(wanted).tolist(), key=words.__getitem__)
    ranks = np.zeros(len(words), np.int64)
    ranks[at] = np.arange(len(at))
    return [words[one] for one in at], ranks


def _in_names(names: Placed) -> Ints:
    """Return what each place in the names weighs, which lies with its text: the last of each document is its code."""
    widths = np.minimum(names.widths, relevance.LONG_WORDS)
    found = relevance.in_name(widths)
    codes = np.append(names.firsts[1:], len(widths)) - 1 if len(widths) else names.firsts
    found[codes] = relevance.in_code(widths[codes])
    return found[names.values]
