"""How Chinese characters are read, in Latin letters (pinyin).

The readings are pypinyin's. They are read when a text first needs them, into a table of 1 MB that leaves nothing else
behind: every web process has it. pypinyin itself, whose phrases take 70 MB, is not loaded. Every character has its
first three readings, because names often have a rarer one (曾 is zeng in names).
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from functools import cache
from importlib.util import find_spec
from pathlib import Path

HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x2A6E0))
READINGS_MAX = 3
_POINTS = 0x34000
_ENTRY = re.compile(r'"(\d+)": "([^"]*)"')
_VOWELS = frozenset("aeiouv")


def readings(character: str) -> tuple[str, ...]:
    """Return how a character is read, without tones, most usual first; none for what is no Chinese character."""
    places, ways = _dictionary()
    point = ord(character)
    return ways[places[point]] if point < _POINTS else ()


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in a text."""
    return not text.isascii() and any(first <= ord(one) < end for one in text for first, end in HAN)


def spelled(text: str) -> str:
    """Return the text with its Chinese characters as words, in their usual reading: ``灯笼`` is `` deng  long ``."""
    return text if text.isascii() else "".join(f" {ways[0]} " if (ways := readings(one)) else one for one in text)


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
def _plain(reading: str) -> str:
    """Return a reading without its tone; ü is typed v."""
    return unicodedata.normalize("NFD", reading).replace("u\u0308", "v").encode("ascii", "ignore").decode()


def _typed(reading: str) -> str:
    """Return how a reading is typed by those who have no ü."""
    return reading.replace("v", "u")
