"""How text becomes words. Every index uses this module for documents and queries alike, so that they agree.

* Compatibility forms are unified (NFKC), case and accents are folded: ``Éclair`` is found by ``eclair``.
* Identifiers fall apart at connectors, camelCase and digits: ``chrAnn_faceRig_v012`` gives chr, ann, face, rig, v,
  012; the pieces ``chrann``, ``facerig``, ``v012`` and the whole without connectors stay findable too.
* An English word that has an ending also gives what is left without it (``inflections``).
* Chinese, Japanese and Korean runs have no spaces. Each gives overlapping pairs, so that 丽君 is found inside 邓丽君,
  and single characters for one-character queries. Traditional characters are read as simplified ones.
* In names and labels each Chinese character also gives its readings, and each place in a run the initials from there
  on: marked, so that they are no words. So 邓丽君 is found by denglijun and dlj.

Whoever changes what comes out raises ``VERSION``: an index that was made with other words is rebuilt.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from catalog.kernel.pinyin import readings
from catalog.search.chinese import simplified
from catalog.search.inflections import base

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

VERSION = 4
WORD_LENGTH = 64
"""Words are cut to this many characters, in documents and queries alike."""

JOINED_LENGTH = 128
INITIALS_LENGTH = 8
"""So many initials at most stand for a run."""

INITIALS_WAYS = 4
READING = "^"
INITIALS = "&"
WHOLE = "="
RECORDED = "#"
"""Stand before a reading, initials, the key of a whole name, and what a custom field holds; no word begins so."""

REMEMBERED = 1 << 16
"""So many spellings, and what comes of each, are remembered: texts mostly consist of the same words."""

POSITIONS_MAX = 50_000
"""So many positions of one document field are searched; a longer text is cut."""

_CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
)
_MARKS = "".join(
    re.escape(chr(point)) for point in range(0x300, 0xFE30) if unicodedata.category(chr(point)) in {"Mn", "Mc"}
)
_LETTER = rf"[^\W_{_CJK}]"
_PIECE = rf"{_LETTER}(?:{_LETTER}|[{_MARKS}])*"
_UNIT = re.compile(rf"[{_CJK}]+|{_PIECE}(?:[_.\-'’]+{_PIECE})*")
_ASCII_CONNECTORS = "_.-'"
_ASCII_SPACES = {at: " " for at in range(128) if not chr(at).isalnum() and chr(at) not in _ASCII_CONNECTORS}
_ASCII_PART = re.compile(r"[0-9]+|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_OF_A_RUN = re.compile(f"[{_CJK}]")
_CONNECTOR = re.compile(r"[_.\-'’]+")
_NAME_DOT = re.compile(rf"(?<=[{_CJK}])[·・‧•](?=[{_CJK}])")
"""The dot between the parts of a foreign name in Chinese or Japanese, written or left out at will."""

_ACCENTS = re.compile("[\u0300-\u036f]")
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters that Unicode does not decompose into a base letter and an accent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """A stretch of text without spaces in one kind of script: an identifier in folded pieces, or a CJK run."""

    pieces: tuple[tuple[str, ...], ...] = ()
    run: str = ""

    @property
    def joined(self) -> str | None:
        """The identifier without its connectors, or None where it is one plain word."""
        if self.run or (len(self.pieces) == 1 and len(self.pieces[0]) == 1):
            return None
        return "".join(part for piece in self.pieces for part in piece)[:JOINED_LENGTH]

    @property
    def width(self) -> int:
        """How many positions it takes."""
        return len(self.run) or sum(map(len, self.pieces))

    def words(self) -> list[tuple[str, int]]:
        """Return the words that a query needs in sequence, each with its place from the start."""
        if self.run:
            pairs = [(self.run[at : at + 2], at) for at in range(len(self.run) - 1)]
            return pairs or [(self.run, 0)]
        return [(part, at) for at, part in enumerate(part for piece in self.pieces for part in piece)]

    def entries(self) -> Iterator[tuple[str, int]]:
        """Yield all words under which a document is found, each with its place from the start."""
        if self.run:
            yield from ((self.run[at : at + 2], at) for at in range(len(self.run) - 1))
            yield from ((character, at) for at, character in enumerate(self.run))
            return
        at = 0
        for piece in self.pieces:
            for number, part in enumerate(piece):
                yield part, at + number
                bare = base(part)
                if bare != part:
                    yield bare, at + number
            if len(piece) > 1 and len(self.pieces) > 1:
                yield "".join(piece)[:JOINED_LENGTH], at
            at += len(piece)
        if self.joined:
            yield self.joined, 0

    def sounds(self) -> Iterator[tuple[str, int]]:
        """Yield readings and initials of a Chinese run, each with its place."""
        spoken = [readings(character) for character in self.run]
        for at, sounds in enumerate(spoken):
            yield from ((READING + sound, at) for sound in sounds)
            letters = [tuple(dict.fromkeys(sound[0] for sound in each)) for each in spoken[at : at + INITIALS_LENGTH]]
            letters = letters[: next((end for end, each in enumerate(letters) if not each), len(letters))]
            if len(letters) > 1:
                ways = islice(_likeliest(letters), INITIALS_WAYS)
                yield from ((INITIALS + "".join(way), at) for way in ways)


def fold(text: str) -> str:
    """Remove the differences that a searcher does not mean: case, accents, compatibility forms."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", text).casefold()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", plain))
    return unicodedata.normalize("NFC", bare).translate(_UNDECOMPOSED)


def units(text: str) -> Iterator[Unit]:
    """Yield the units of a text in order; never fails, whatever the text is."""
    return map(_unit, spellings(text))


def key(text: str) -> str:
    """Return what is left of a text when spelling is ignored; equal keys mean that two names are the same name."""
    return "".join(indexed(spelling).key for spelling in spellings(text))[:JOINED_LENGTH]


def width(text: str) -> int:
    """Return how many positions a text takes."""
    return sum(indexed(spelling).width for spelling in spellings(text))


def positions(values: Iterable[str], *, spoken: bool = False) -> dict[str, list[int]]:
    """Return the words of these values with the places where each stands; no phrase reaches into the next value.

    With ``spoken``, also how Chinese is read.
    """
    found: dict[str, list[int]] = {}
    start = 0
    for value in values:
        for spelling in spellings(value):
            if start >= POSITIONS_MAX:
                return found
            entries, taken, _ = indexed(spelling, spoken)
            for word, at in entries:
                found.setdefault(word, []).append(start + at)
            start += taken
        start += 1
    return found


def is_word(entry: str) -> bool:
    """Whether an entry is a word as people write it, and none of what is marked."""
    return not entry.startswith((READING, INITIALS, WHOLE, RECORDED))


class Indexed(NamedTuple):
    """What comes of one spelling: words with their places, how many places it takes, and its key.

    No word stands twice at one place, and the places of each ascend.
    """

    entries: tuple[tuple[str, int], ...]
    width: int
    key: str


def spellings(text: str) -> list[str]:
    """Return the units of a text as they are written."""
    if text.isascii():
        stretches = text.translate(_ASCII_SPACES).split()
        return [unit for stretch in stretches if (unit := stretch.strip(_ASCII_CONNECTORS))]
    return _UNIT.findall(simplified(_NAME_DOT.sub("", unicodedata.normalize("NFKC", text))))


def _unit(spelling: str) -> Unit:
    if _OF_A_RUN.match(spelling):
        return Unit(run=spelling)
    return Unit(pieces=tuple(map(_parts, _CONNECTOR.split(spelling))))


def indexed(spelling: str, spoken: bool = False) -> Indexed:  # noqa: FBT001, FBT002 — as ``_looked_at``
    """Return what comes of one spelling."""
    return _remembered(spelling, spoken) if len(spelling) <= WORD_LENGTH else _looked_at(spelling, spoken)


def _looked_at(spelling: str, spoken: bool) -> Indexed:  # noqa: FBT001 — what is remembered by place is found faster
    if spelling.isascii() and spelling.isalpha() and _is_one_word(spelling):
        word = spelling.lower()[:WORD_LENGTH]
        bare = base(word)
        return Indexed(((word, 0),) if bare == word else ((word, 0), (bare, 0)), 1, word)
    if spelling.isascii():
        return _identifier(spelling)
    unit = _unit(spelling)
    entries = dict.fromkeys((*unit.entries(), *(unit.sounds() if spoken else ())))
    return Indexed(
        tuple(sorted(entries, key=itemgetter(1))), unit.width, unit.run or "".join(map("".join, unit.pieces))
    )


def _identifier(spelling: str) -> Indexed:
    """Return what comes of an ASCII identifier: the same as its unit says, in a third of the time."""
    entries: dict[tuple[str, int], None] = {}
    pieces = [_ascii_parts(piece) for piece in _CONNECTOR.split(spelling)]
    at = 0
    for piece in pieces:
        begins = at
        for part in piece:
            entries[part, at] = None
            entries[base(part), at] = None
            at += 1
        if len(piece) > 1 and len(pieces) > 1:
            entries["".join(piece)[:JOINED_LENGTH], begins] = None
    key = "".join(map("".join, pieces))
    if at > 1:
        entries[key[:JOINED_LENGTH], 0] = None
    return Indexed(tuple(sorted(entries, key=itemgetter(1))), at, key)


def _likeliest(letters: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield the usual initials, then those of which one is another: that of a surname is first."""
    usual = tuple(each[0] for each in letters)
    yield usual
    for at, each in enumerate(letters):
        yield from ((*usual[:at], other, *usual[at + 1 :]) for other in each[1:])


_remembered = lru_cache(REMEMBERED)(_looked_at)


def _parts(piece: str) -> tuple[str, ...]:
    if piece.isalpha() and _is_one_word(piece):
        return (fold(piece)[:WORD_LENGTH],)
    if piece.isascii():
        return _ascii_parts(piece)
    return tuple(fold(piece[start:end])[:WORD_LENGTH] for start, end in _spans(piece))


def _ascii_parts(piece: str) -> tuple[str, ...]:
    return tuple([part.lower()[:WORD_LENGTH] for part in _ASCII_PART.findall(piece)])


def _is_one_word(letters: str) -> bool:
    """Whether letters have no hump among them."""
    return letters.islower() or letters.isupper() or letters[1:].islower()


def _spans(piece: str) -> Iterator[tuple[int, int]]:
    """Cut before a digit that follows a letter, after digits, at aB, and before the last capital of ABc."""
    start = 0
    for at in range(1, len(piece)):
        before, here, after = piece[at - 1], piece[at], piece[at + 1 : at + 2]
        digits_meet_letters = before.isdecimal() != here.isdecimal()
        hump = here.isupper() and (before.islower() or (before.isupper() and after.islower()))
        if digits_meet_letters or hump:
            yield start, at
            start = at
    yield start, len(piece)
