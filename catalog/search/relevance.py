"""What is searched of a document and what a match is worth: the order of hits, the same for every index.

A word found in a name, alias or code is worth 128, in a tag, external id or show 64, in the description 16; half of
that where only its beginning was typed, a quarter where letters differ. A clause counts once, where it is worth most.
A name, alias, code or external id that *is* the text, however it is spelled, adds 512. What only narrows, such as the
value of a facet, is worth 1. So an asset that is called what was typed comes before those that contain it, and those
before assets that only mention it.

Equal scores are ordered by the number of words in the name (fewer first), then last changed first, then by id.

How rare a word is plays no part, on purpose: rarity counted over hidden assets would betray them, and rarity counted
over what each viewer sees would order the same assets differently for two people who talk about them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING
from uuid import UUID

from catalog.search import text as words
from catalog.search.recorded import words_of
from catalog.search.vocabulary import Facet, Measure, Sort, Tier

if TYPE_CHECKING:
    from catalog.search.port import Document
    from catalog.search.query import Term

WORTH = {Tier.NAMES: 128, Tier.LABELS: 64, Tier.DESCRIPTION: 16}
WORTH_OF_WHOLE = 512
WORTH_OF_NARROWING = 1
FUZZY_SHARE = 4
BROAD_PREFIX = 2
"""Beginnings shorter than this are looked for in names and labels only: in descriptions they would match almost all."""

LIKE_TAG = 4
LIKE_WORD = 4
LIKE_KIND = 2
LIKE_SHOW = 1
LIKE_WORDS_MAX = 16
"""So many words of a name are compared."""

_NAME_BYTES = 32
_HALF = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What decides a document's place besides its score: all of it whole numbers that fit 64 bits."""

    id: tuple[int, int]
    updated_us: int
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


def standing(document: Document) -> Standing:
    """Return what decides the document's place. Names are compared folded, by their first 32 bytes."""
    name = words.fold(document.name).encode("utf-8", "replace")[:_NAME_BYTES].ljust(_NAME_BYTES, b"\0")
    first, second, third, fourth = (int.from_bytes(name[at : at + 8]) for at in range(0, _NAME_BYTES, 8))
    return Standing(
        id=halves(document.id),
        updated_us=document.measure(Measure.UPDATED),
        name_words=min(words.width(document.name), 0xFFFF),
        name=(first, second, third, fourth),
    )


def halves(asset_id: UUID) -> tuple[int, int]:
    """Return an id as two whole numbers of 64 bits."""
    return asset_id.int >> _HALF, asset_id.int & ((1 << _HALF) - 1)


def whole_id(high: int, low: int) -> UUID:
    """Return the id of two halves."""
    return UUID(int=high << _HALF | low)


def searchable(document: Document) -> dict[Tier, dict[str, list[int]]]:
    """Return the words of a document and where they stand, by tier."""
    names = words.positions([document.name, *document.aliases, document.code], spoken=True)
    for value in (document.name, *document.aliases, document.code, *document.external_ids):
        names.setdefault(words.WHOLE + words.key(value), [0])
    return {
        Tier.NAMES: names,
        Tier.LABELS: words.positions([*document.tags, *document.external_ids, *document.shows], spoken=True),
        Tier.DESCRIPTION: words_of(document.description, document.custom),
    }


def tiers_of(term: Term, *, prefix: bool) -> tuple[Tier, ...]:
    """Return where to look for a term, best tier first."""
    broad = not prefix or len(term.words) > 1 or len(term.words[0].text) >= BROAD_PREFIX
    return term.tiers if broad else tuple(tier for tier in term.tiers if tier is not Tier.DESCRIPTION)


def likeness_words(name: str) -> tuple[str, ...]:
    """Return the words of a name that another asset's names are compared with."""
    found = (word for unit in words.units(name) for word, _ in unit.words())
    telling = (word for word in found if not word.isdecimal() and (len(word) > 2 or not word.isascii()))  # noqa: PLR2004 — v, mk and the like tell nothing
    return tuple(dict.fromkeys(telling))[:LIKE_WORDS_MAX]


def digest(document: Document) -> int:
    """Return 64 bits that differ whenever two documents do."""
    values = [
        str(document.id),
        document.code,
        document.name,
        document.kind,
        document.status,
        document.updated_at.astimezone(UTC).isoformat(),
        document.aliases,
        document.description,
        document.tags,
        document.external_ids,
        [document.values_of(facet) for facet in Facet],
        document.asset_audience,
        document.show_audience,
        *((one.name, one.type, one.value) for one in document.custom),
    ]
    return int.from_bytes(hashlib.blake2b(json.dumps(values).encode(), digest_size=8).digest())
