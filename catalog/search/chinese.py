"""Chinese as people type it: in simplified or traditional characters, or by sound in Latin letters (pinyin).

The table of simplified characters is OpenCC's. It is read when a text first needs it, into 1 MB that leaves nothing
else behind: every web process has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

import opencc

from catalog.kernel.pinyin import HAN, readings

BLOCK = 1_024
SOUNDS_MAX = 4
"""So many ways at most to take a word apart into syllables."""

SYLLABLES_MAX = 12
_LONGEST = 6
_COMMON = range(0x4E00, 0xA000)
VOWELS = frozenset("aeiouv")


def simplified(text: str) -> str:
    """Return the text in simplified characters, one for one."""
    return text if text.isascii() else text.translate(_table())


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


def are_syllables(sounds: Iterable[str]) -> bool:
    """Whether common characters are read so."""
    return _sounds().issuperset(sounds)


def are_initials(letters: str) -> bool:
    """Whether syllables may begin with these letters; a vowel after the first is more likely an English word's."""
    return _initials().issuperset(letters) and not VOWELS.intersection(letters[1:])


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
def _sounds() -> frozenset[str]:
    """Return the syllables of common characters."""
    return frozenset(sound for point in _COMMON for sound in readings(chr(point))[:2])


@cache
def _initials() -> frozenset[str]:
    return frozenset(sound[0] for sound in _sounds())


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(sound[:size] for sound in _sounds() for size in range(1, len(sound)))
