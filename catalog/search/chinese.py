"""Chinese as people type it: in simplified or traditional characters, or by sound in Latin letters (pinyin).

The table of simplified characters is OpenCC's, the readings are pypinyin's. Both are read when a text first needs it,
into tables of 1 MB that leave nothing else behind: every web process has them. pypinyin itself, whose phrases take
70 MB, is not loaded. Every character has its first three readings, because names often have a rarer one (曾 is zeng
in names).
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import opencc

HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x2A6E0))
BLOCK = 1_024
READINGS_MAX = 3
SOUNDS_MAX = 4
"""So many ways at most to take a word apart into syllables."""

SYLLABLES_MAX = 12
_LONGEST = 6
_COMMON = range(0x4E00, 0xA000)
_POINTS = 0x34000
_ENTRY = re.compile(r'"(\d+)": "([^"]*)"')
_VOWELS = frozenset("aeiouv")


def simplified(text: str) -> str:
    """Return the text in simplified characters, one for one."""
    return text if text.isascii() else text.translate(_table())


def readings(character: str) -> tuple[str, ...]:
    """Return how a character is read, without tones, most usual first; none for what is no Chinese character."""
    places, ways = _dictionary()
    point = ord(character)
    return ways[places[point]] if point < _POINTS else ()


@lru_cache(2_000)
def syllables(word: str, *, growing: bool = False) -> tuple[tuple[str, ...], ...]:
    """Return the ways to read a word as syllables; where it is ``growing``, the last one may be a beginning."""
    known = _sounds()
    ends = known | _beginnings() if growing else known
    found: list[tuple[str, ...]] = []

    def take(at: int, before: tuple[str, ...]) -> None:
        if at == len(word):
            found.append(before)
            return
        for end in range(min(at + _LONGEST, len(word)), at, -1):
            if len(found) >= SOUNDS_MAX or len(before) >= SYLLABLES_MAX:
                return
            if word[at:end] in (ends if end == len(word) else known) and _may_end(word, end, known, ends):
                take(end, (*before, word[at:end]))

    if word.isascii() and word.isalpha() and len(word) <= _LONGEST * SYLLABLES_MAX:
        take(0, ())
    return tuple(sorted(found, key=len))


def are_initials(letters: str) -> bool:
    """Whether syllables may begin with these letters; a vowel after the first is more likely an English word's."""
    return _initials().issuperset(letters) and not _VOWELS.intersection(letters[1:])


def _may_end(word: str, end: int, known: frozenset[str], ends: frozenset[str]) -> bool:
    """Whether what follows begins a syllable, so that hopeless ways are left early."""
    if end == len(word):
        return True
    rest = word[end:]
    return any(rest[:size] in known for size in range(1, min(_LONGEST, len(rest)) + 1)) or rest in ends


@cache
def _table() -> dict[int, str]:
    convert = opencc.OpenCC("t2s").convert
    found: dict[int, str] = {}
    for first, end in HAN:
        for at in range(first, end, BLOCK):
            block = [chr(point) for point in range(at, min(at + BLOCK, end))]
            pairs = zip(block, convert("\n".join(block)).split("\n"), strict=True)
            found.update((ord(old), new) for old, new in pairs if old != new and len(new) == 1)
    return found


@cache
def _dictionary() -> tuple[array[int], list[tuple[str, ...]]]:
    """Return for each code point the place of its readings among all the ways in which characters are read."""
    package = find_spec("pypinyin")
    folder = Path(next(iter((package and package.submodule_search_locations) or ["."])))
    # Entry by entry: read as one dictionary, its 44,000 texts would leave 10 MB of memory in pieces.
    entries = _ENTRY.finditer((folder / "pinyin_dict.json").read_text("utf-8"))
    places = array("H", bytes(2 * _POINTS))
    ways: dict[tuple[str, ...], int] = {(): 0}
    for entry in entries:
        places[int(entry[1])] = ways.setdefault(_ways(entry[2]), len(ways))
    return places, list(ways)


def _ways(sounds: str) -> tuple[str, ...]:
    plain = dict.fromkeys(map(_plain, sounds.split(",")[:READINGS_MAX]))
    return tuple(way for sound in plain if _VOWELS.intersection(sound) for way in dict.fromkeys([sound, _typed(sound)]))


@cache
def _sounds() -> frozenset[str]:
    """Return the syllables of common characters."""
    return frozenset(sound for point in _COMMON for sound in readings(chr(point))[:2])


@cache
def _initials() -> frozenset[str]:
    return frozenset(sound[0] for sound in _sounds())


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(sound[:size] for sound in _sounds() for size in range(1, len(sound)))


@cache
def _plain(reading: str) -> str:
    """Return a reading without its tone; ü is typed v."""
    return unicodedata.normalize("NFD", reading).replace("u\u0308", "v").encode("ascii", "ignore").decode()


def _typed(reading: str) -> str:
    """Return how a reading is typed by those who have no ü."""
    return reading.replace("v", "u")
