"""Values of custom fields as words of a document, so that a field needs no column of its own. Pure.

Every value stands in the postings of the description under a mark and its field's name. Words are sorted there, so a
number is a word that sorts as it counts, and a range of numbers is a range of words. A field that nobody has in a part
of the index has no words there and finds nothing; one that is new brings its words with the first asset that has it.
What a text says, and an exact term, are words like others besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.fields.values import DECIMALS, NUMBER_MAX, Value
from catalog.fields.vocabulary import FieldType
from catalog.search.text import RECORDED, fold, positions

LAST = "\U0010ffff"
"""Comes after every word that begins the same."""

_ONE = 10**DECIMALS
_BELOW_ALL = NUMBER_MAX * _ONE
_EXACT_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A field that the studio defined, as searches ask for it."""

    name: str
    type: FieldType
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Carrying:
    """Whether there is any value of a field that the studio defined."""

    field: Recorded


@dataclass(frozen=True, kw_only=True)
class Custom:
    """What a document carries of one field."""

    name: str
    type: FieldType
    value: Value


@dataclass(frozen=True, kw_only=True)
class Within:
    """A word of the description from ``first`` to ``last``, in their order."""

    first: str
    last: str


def words_of(description: str, custom: Sequence[Custom]) -> dict[str, list[int]]:
    """Return the words of a description and of all custom fields, and where each stands."""
    found = positions(texts_of(description, custom))
    for one in custom:
        found.update(marked(one))
    return found


def texts_of(description: str, custom: Sequence[Custom]) -> tuple[str, ...]:
    """Return what is read as text of a description and of all custom fields."""
    return (description, *(str(one.value) for one in custom if one.type is not FieldType.NUMBER))


def marked(one: Custom) -> Iterator[tuple[str, list[int]]]:
    """Yield the words of a field under its mark, and where each stands."""
    match one.type:
        case FieldType.TEXT:
            yield from ((word_in(one.name, word), places) for word, places in positions([str(one.value)]).items())
        case FieldType.EXACT:
            yield exact(one.name, str(one.value)), [0]
        case FieldType.NUMBER:
            yield number(one.name, int(Decimal(str(one.value)) * _ONE)), [0]


def word_in(name: str, word: str) -> str:
    """Return a word of a text, as that of its field."""
    return f"{RECORDED}{name} {word}"


def exact(name: str, value: str) -> str:
    """Return the word of an exact term; capitals, accents and the number of spaces make no difference."""
    return f"{RECORDED}{name}={folded(value)}"


def folded(value: str) -> str:
    """Return an exact term as it is compared."""
    return " ".join(fold(value).split())[:_EXACT_LENGTH]


def terms_of(name: str) -> Within:
    """Return the words of all exact terms of a field."""
    begins = exact(name, "")
    return Within(first=begins, last=begins + LAST)


def number(name: str, millionths: int) -> str:
    """Return the word of a number, given in millionths, which sorts as it counts."""
    return f"{RECORDED}{name}:{min(max(millionths, -_BELOW_ALL), _BELOW_ALL) + _BELOW_ALL:016x}"


def numbers(name: str, low: int | None, high: int | None) -> Within:
    """Return the words of numbers from one to another, both included and in millionths; None is open."""
    first, last = -_BELOW_ALL if low is None else low, _BELOW_ALL if high is None else high
    return Within(first=number(name, first), last=number(name, last))


def any_value(of: Recorded) -> Within:
    """Return the words of all values of a field."""
    if of.type is FieldType.NUMBER:
        return numbers(of.name, None, None)
    if of.type is FieldType.EXACT:
        return terms_of(of.name)
    return Within(first=word_in(of.name, ""), last=word_in(of.name, LAST))


def exactly(name: str, value: str, *, growing: bool) -> Within:
    """Return the word of an exact term, or all that begin so where it may go on."""
    word = exact(name, value)
    return Within(first=word, last=word + LAST if growing else word)
