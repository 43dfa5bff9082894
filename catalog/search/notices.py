"""What a search text has wrong, in words: where, what, and what would be right. Pure.

A text with mistakes is searched all the same; notices tell how it was read. Sentences are templates, so that pages can
say them in another language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum


class Mistake(StrEnum):
    """What can be wrong with a search text."""

    UNKNOWN_FIELD = "unknown-field"
    UNKNOWN_VALUE = "unknown-value"
    UNKNOWN_SHOW = "unknown-show"
    UNKNOWN_TAG = "unknown-tag"
    UNKNOWN_USER = "unknown-user"
    MANY_USED = "many-used"
    TOO_MANY_USERS = "too-many-users"
    FIELD_WITHOUT_VALUE = "field-without-value"
    NOTHING_BEHIND = "nothing-behind"
    BAD_RANGE = "bad-range"
    RANGE_REVERSED = "range-reversed"
    LONE_STAR = "lone-star"
    INNER_STAR = "inner-star"
    BAD_FUZZINESS = "bad-fuzziness"
    LONE_OR = "lone-or"
    NOT_OPENED = "not-opened"
    NOT_CLOSED = "not-closed"
    TOO_DEEP = "too-deep"
    TOO_LONG = "too-long"
    TOO_MANY_WORDS = "too-many-words"
    TOO_MANY_FUZZY = "too-many-fuzzy"
    NOT_FUZZY = "not-fuzzy"
    NEAR_MISS = "near-miss"


SENTENCES: dict[Mistake, str] = {
    Mistake.UNKNOWN_FIELD: "There is no field “%(found)s”; it was searched for as words.",
    Mistake.UNKNOWN_VALUE: "“%(field)s” is never “%(found)s”; it was searched for as words.",
    Mistake.UNKNOWN_SHOW: "You know of no show “%(found)s”, so this finds nothing.",
    Mistake.UNKNOWN_TAG: "Nothing that you may see has the tag “%(found)s”.",
    Mistake.UNKNOWN_USER: "You know of no show or asset “%(found)s”, so nothing is used in it.",
    Mistake.MANY_USED: "More than %(most)s assets are used in “%(found)s”; some of them were left out.",
    Mistake.TOO_MANY_USERS: "At most %(most)s shows and assets are looked into; this one was not, so it finds nothing.",
    Mistake.FIELD_WITHOUT_VALUE: "“%(field)s:” needs something after it; it was searched for as a word.",
    Mistake.NOTHING_BEHIND: "Nothing is recorded under “%(field)s” yet, so nothing is found by it.",
    Mistake.BAD_RANGE: "“%(found)s” is no value of “%(field)s”, such as %(example)s; it was searched for as words.",
    Mistake.RANGE_REVERSED: "The range ends before it begins; it was turned around.",
    Mistake.LONE_STAR: "A star needs the beginning of a word before it; it was passed over.",
    Mistake.INNER_STAR: "A star works at the end of a word; elsewhere it was passed over.",
    Mistake.BAD_FUZZINESS: "A word may differ in one letter (~) or two (~2), not more; it was searched for as it is.",
    Mistake.LONE_OR: "OR stands between two things; it was passed over.",
    Mistake.NOT_OPENED: "This parenthesis was never opened; it was passed over.",
    Mistake.NOT_CLOSED: "This parenthesis is never closed; it was closed at the end.",
    Mistake.TOO_DEEP: "Parentheses stand in %(most)s others at most; this one was passed over.",
    Mistake.TOO_LONG: "At most %(most)s characters are searched for; the rest was left out.",
    Mistake.TOO_MANY_FUZZY: "At most %(most)s words may have wrong letters; this one was searched for as it is.",
    Mistake.NOT_FUZZY: "What stands under “%(field)s” may have no wrong letters; it was searched for as it is.",
    Mistake.NEAR_MISS: "This finds nothing. Shown is what “%(found)s” finds.",
    Mistake.TOO_MANY_WORDS: "At most %(most)s words are searched for; the rest was left out.",
}

NOTICES_MAX = 20
"""So many notices at most; nobody reads more."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A mistake in the characters from ``start`` to before ``end``; ``instead``, put in their place, would be right."""

    mistake: Mistake
    start: int
    end: int
    said: tuple[tuple[str, str], ...] = ()
    instead: str | None = None

    @property
    def message(self) -> str:
        """The mistake in a sentence."""
        return SENTENCES[self.mistake] % dict(self.said)

    def mended(self, text: str) -> str | None:
        """Return the text with what would be right, or None where nothing is offered."""
        return None if self.instead is None else text[: self.start] + self.instead + text[self.end :]


def nearest(word: str, right: Iterable[str]) -> str | None:
    """Return what is most like a word, or None where nothing is."""
    return next(iter(get_close_matches(word.casefold()[:40], list(right), 1, 0.6)), None)
