"""What is searched of a document and what a match is worth: the order of hits, the same for every index.

A word's *impact* in a document says how much the document is about it, from 8 to 255 (BM25F): each place where it
stands weighs what its field weighs, less in long names and descriptions, and what all fields say together saturates. It
depends on nothing but the document, so it is computed once, when the document is indexed.

What a clause of a search text is worth is the impact of the best of its words, times its *rarity*: how many times fewer
documents have it than there are, in powers of two. Both are counted over what the viewer sees, so that nothing hidden
moves anything; the steps are coarse, so that two people who see almost the same see the same order. Words in sequence,
beginnings and misspellings are worth what their part of the document is worth, whole, a half or a quarter.

A name, alias, code or external id that *is* the text, however it is spelled, comes before all else. What only narrows,
such as the value of a facet, is worth 1. Priors add a little to what was changed lately: in ten years about what lies
between a word in the name and one in a tag. They compare two dates, and know no today.

Equal scores are ordered by the number of words in the name (fewer first), then last changed first, then by id.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from catalog.search import recorded
from catalog.search import text as words
from catalog.search.vocabulary import Measure, Sort, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from catalog.search.port import Document
    from catalog.search.terms import Term

IN_NAME = 512
IN_CODE = 384
IN_LABEL = 256
IN_DESCRIPTION = 64
IN_FILES = 12
"""What a place weighs: in a name or alias, the code, a tag, external id or show, and the description. What names of
files say counts once, and less than all else."""

SATURATION = 128
"""Places that weigh so much together are half of all that a word can be worth."""

NAME_WORDS = 3
CODE_WORDS = 4
LONG_WORDS = 12
"""A name of so many words weighs what its field weighs, a longer one less; beyond the last, length plays no part."""

DESCRIPTION_LETTERS = 240
LONG_LETTERS = 1_200
COUNTED_IN_DESCRIPTION = 3
"""The same of descriptions, and how often a word counts there at most."""

IMPACT_MIN, IMPACT_MAX = 8, 255
TYPICAL = {Tier.NAMES: 204, Tier.LABELS: 170, Tier.DESCRIPTION: 85, Tier.FILES: 21}
"""What stands for the impact of words in sequence, beginnings and misspellings."""

RAREST = 20
RAREST_TOGETHER = 80
WORTH_OF_WHOLE = 1 << 24
WORTH_OF_NARROWING = 1
BEGUN_SHARE = 2
FUZZY_SHARE = 4
BROAD_PREFIX = 2
BROADLY = frozenset({Tier.NAMES, Tier.LABELS})
"""Beginnings shorter than this are looked for in names and labels only: elsewhere they would match almost all."""

PRIOR_EVERY_US = 16 * 86_400_000_000
PRIOR_MAX = 1_023
PRIOR_FROM_US = 946_684_800_000_000
"""One more for every sixteen days since the year 2000."""

LIKE_TAG = 256
LIKE_WORD = 256
LIKE_KIND = 128
LIKE_SHOW = 64
LIKE_WORDS_MAX = 16
"""So many words of a name are compared."""

NAME_BYTES = 32
NAME_WORDS_MAX = 0xFFFF
_HALF = 64

Whole = TypeVar("Whole", int, "NDArray[np.int64]")
"""One whole number, or many in an array."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What decides a document's place besides its score: all of it whole numbers that fit 64 bits."""

    id: tuple[int, int]
    updated_us: int
    uses: int
    name_words: int
    name: tuple[int, int, int, int]

    def position(self, sort: Sort, score: int) -> tuple[int, ...]:
        """Return the place in this order; smaller comes first."""
        match sort:
            case Sort.RELEVANCE:
                return (-score, self.name_words, -self.updated_us, *self.id)
            case Sort.NEWEST:
                return (-self.updated_us, *self.id)
            case Sort.NAME:
                return (*self.name, *self.id)
            case Sort.REUSED:
                return (-self.uses, -self.updated_us, *self.id)


def standing(document: Document) -> Standing:
    """Return what decides the document's place."""
    name = sorted_as(document.name)
    first, second, third, fourth = (int.from_bytes(name[at : at + 8]) for at in range(0, NAME_BYTES, 8))
    return Standing(
        id=halves(document.id),
        updated_us=document.measure(Measure.UPDATED) or 0,
        uses=document.uses,
        name_words=min(words.width(document.name), NAME_WORDS_MAX),
        name=(first, second, third, fourth),
    )


def sorted_as(name: str) -> bytes:
    """Return what names are compared by: their first 32 bytes, folded."""
    return words.fold(name).encode("utf-8", "replace")[:NAME_BYTES].ljust(NAME_BYTES, b"\0")


def halves(asset_id: UUID) -> tuple[int, int]:
    """Return an id as two whole numbers of 64 bits."""
    return asset_id.int >> _HALF, asset_id.int & ((1 << _HALF) - 1)


def whole_id(high: int, low: int) -> UUID:
    """Return the id of two halves."""
    return UUID(int=high << _HALF | low)


@dataclass(frozen=True, kw_only=True, slots=True)
class Searched:
    """The words of a document: where they stand, by tier, and the impact of each in all tiers together."""

    words: Mapping[Tier, Mapping[str, Sequence[int]]]
    impacts: Mapping[str, int]


def texts_of(document: Document) -> dict[Tier, tuple[str, ...]]:
    """Return the texts of a document by the tier that their words stand in. The name comes first, the code last."""
    return {
        Tier.NAMES: (document.name, *document.aliases, document.code),
        Tier.LABELS: (*document.tags, *document.external_ids, *document.shows, document.kind, *document.formats),
        Tier.DESCRIPTION: recorded.texts_of(document.description, document.custom),
        Tier.FILES: document.files,
    }


def searchable(document: Document) -> Searched:
    """Return the words of a document."""
    texts = texts_of(document)
    names = words.positions(texts[Tier.NAMES], spoken=True)
    for value in (*texts[Tier.NAMES], *document.external_ids):
        names.setdefault(words.WHOLE + words.key(value), [0])
    found = {
        Tier.NAMES: names,
        Tier.LABELS: words.positions(texts[Tier.LABELS], spoken=True),
        Tier.DESCRIPTION: recorded.words_of(document.description, document.custom),
        Tier.FILES: words.positions(texts[Tier.FILES]),
    }
    return Searched(words=found, impacts=_impacts(found, _in_names(document), in_description(document.description)))


def _impacts(found: Mapping[Tier, Mapping[str, Sequence[int]]], in_names: list[int], described: int) -> dict[str, int]:
    """Return the impact of each word, where each place of the names weighs so much, and each of the description.

    Names of files add nothing to what is told of a word elsewhere.
    """
    totals: Counter[str] = Counter()
    for word, places in found[Tier.NAMES].items():
        totals[word] += sum(in_names[place] for place in places)
    for word, places in found[Tier.LABELS].items():
        totals[word] += IN_LABEL * len(places)
    for word, places in found[Tier.DESCRIPTION].items():
        totals[word] += described * min(len(places), COUNTED_IN_DESCRIPTION)
    totals |= dict.fromkeys(found[Tier.FILES], IN_FILES)
    return {word: max(impact(total), IMPACT_MIN) for word, total in totals.items()}


def impact(total: Whole) -> Whole:
    """Return what places that weigh so much together are worth; what is less than ``IMPACT_MIN`` counts as that."""
    return IMPACT_MAX * total // (total + SATURATION)


def in_name(width: Whole) -> Whole:
    """Return what a place weighs in a name or alias of so many words, ``LONG_WORDS`` at most."""
    return 4 * NAME_WORDS * IN_NAME // (3 * NAME_WORDS + width)


def in_code(width: Whole) -> Whole:
    """Return what a place weighs in a code of so many words, ``LONG_WORDS`` at most."""
    return 4 * CODE_WORDS * IN_CODE // (3 * CODE_WORDS + width)


def in_description(description: str) -> int:
    """Return what a place in this description weighs."""
    length = min(len(description), LONG_LETTERS)
    return 2 * DESCRIPTION_LETTERS * IN_DESCRIPTION // (DESCRIPTION_LETTERS + length)


def _in_names(document: Document) -> list[int]:
    """Return what each place in the names weighs: those of the name, the aliases and the code, one after the other."""
    placed: list[int] = []
    *names, code = texts_of(document)[Tier.NAMES]
    for value, weight in (*((name, in_name) for name in names), (code, in_code)):
        width = words.width(value)
        placed += [weight(min(width, LONG_WORDS))] * (width + 1)
    return placed


def worth(impact: int, eighths: int, rarity: int, share: int = 1) -> int:
    """Return what a match is worth; never nothing."""
    return max(impact * eighths * rarity // (8 * share), 1)


def rarity_of(having: int, documents: int) -> int:
    """Return how rare it is that a document has something: by how many powers of two fewer have it than there are."""
    return min(max((documents // max(having, 1)).bit_length(), 1), RAREST)


def prior(updated_us: int) -> int:
    """Return what a document is worth for having been changed lately."""
    return min(max((updated_us - PRIOR_FROM_US) // PRIOR_EVERY_US, 0), PRIOR_MAX)


def tiers_of(term: Term, *, prefix: bool) -> tuple[Tier, ...]:
    """Return where to look for a term, best tier first."""
    if len(term.words) > 1:
        return term.tiers
    return tuple(tier for tier in term.tiers if tier in tiers_of_word(term.words[0].text, prefix=prefix))


def tiers_of_word(word: str, *, prefix: bool) -> tuple[Tier, ...]:
    """Return where to look for a word, or where words begin so."""
    broad = not prefix or len(word) >= BROAD_PREFIX
    return tuple(tier for tier in Tier if broad or tier in BROADLY)


def likeness_words(name: str) -> tuple[str, ...]:
    """Return the words of a name that another asset's names are compared with."""
    found = (word for unit in words.units(name) for word, _ in unit.words())
    telling = (word for word in found if not word.isdecimal() and (len(word) > 2 or not word.isascii()))  # noqa: PLR2004 — v, mk and the like tell nothing
    return tuple(dict.fromkeys(telling))[:LIKE_WORDS_MAX]


def digest(document: Document) -> int:
    """Return 64 bits that differ whenever two documents do."""
    values = (
        document.id.int,
        document.code,
        document.name,
        document.kind,
        document.status,
        document.updated_at.timestamp(),
        document.aliases,
        document.description,
        document.files,
        document.tags,
        document.external_ids,
        document.shows,
        document.owner,
        document.created_at and document.created_at.timestamp(),
        document.formats,
        document.parts,
        [document.measures.get(measure) for measure in Measure],
        document.asset_audience,
        document.show_audience,
        document.uses,
        *((one.name, one.type, one.value) for one in document.custom),
    )
    return int.from_bytes(hashlib.blake2b(json.dumps(values).encode(), digest_size=8).digest())
