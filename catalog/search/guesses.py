"""What a word that nothing has may be instead, as texts to be tried, likeliest first. Pure, and bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, islice, product

from catalog.kernel.pinyin import has_han
from catalog.search import text as words
from catalog.search.chinese import VOWELS, are_initials, are_syllables, syllables

RUN_MAX = 12
WORD_MAX = 24
SIDE_MIN = 3
PARTS_MAX = 12
SENTENCE_MAX = 32
SOUNDS_MAX = 24
"""So long at most are a Chinese run and an English word that are taken apart, so long at least each half of a word; so
many parts at most has an identifier, of so long a run are the parts most of what was meant, and so many sounds are like
one."""

VERSION = "v"
_THREE_FROM = 6
_APART_MAX = 6
_PARTICLES = re.compile("[的之和与及]")
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("h", "f"))
_NASAL = re.compile(r"(?<=[aei])ng?$")


def apart(word: str) -> Iterator[str]:
    """Yield a word in parts all of which may be meant: 洪崖洞重庆, boyin747, shanghaiskyline (next to each other)."""
    run = next((unit.run for unit in words.units(word) if len(unit.run) > 1), "")
    if run:
        yield from (word.replace(run, f" {parts} ").strip() for parts in _runs(run) if run in word)
        return
    parts = parts_in(word)
    if 1 < len(parts) <= PARTS_MAX:
        yield " ".join(parts)
    elif word.isalpha() and not has_han(word) and len(word) <= WORD_MAX:
        yield from (f'"{word[:at]} {word[at:]}"' for at in range(SIDE_MIN, len(word) - SIDE_MIN + 1))


def _runs(run: str) -> Iterator[str]:
    """Yield a Chinese run in parts: between particles, in two, in three, and each character for itself."""
    if len(parts := [part for part in _PARTICLES.split(run) if part]) > 1:
        yield " ".join(parts)
    if len(run) > RUN_MAX:
        return
    yield from (f"{run[:at]} {run[at:]}" for at in sorted(range(1, len(run)), key=lambda at: abs(2 * at - len(run))))
    if len(run) >= _THREE_FROM:
        places = combinations(range(2, len(run) - 1), 2)
        yield from (f"{run[:one]} {run[one:two]} {run[two:]}" for one, two in places if two - one > 1)
    if len(run) <= _APART_MAX:
        yield " ".join(run)


def parts_of(word: str) -> Iterator[str]:
    """Yield what of a word is most of what was meant, longest first: 折扇 of 一把折扇, boeing 747 of boeing747_v003.

    Of a path it is the end, and of a Chinese run that is longer than anybody says at once.
    """
    run = next((unit.run for unit in words.units(word) if len(unit.run) > 1), "")[-SENTENCE_MAX:]
    if run:
        longest = min(len(run) - 1, RUN_MAX)
        yield from (run[at : at + size] for size in range(longest, 1, -1) for at in range(len(run) - size, -1, -1))
        return
    spellings = words.spellings(word)[-PARTS_MAX:]
    yield from (" ".join(spellings[at:]) for at in range(1, len(spellings)))
    parts = parts_in(word)[:PARTS_MAX]
    sizes = range(len(parts) - 1, (len(parts) - 1) // 2, -1)
    yield from (" ".join(parts[:size]) for size in sizes if parts[size - 1] != VERSION)


def pairs_in(text: str) -> list[str]:
    """Return the pairs of Chinese characters that stand next to each other: who has not all has no such text."""
    return [unit.run[at : at + 2] for unit in words.units(text) for at in range(len(unit.run) - 1)]


def parts_in(word: str) -> list[str]:
    """Return the parts of an identifier."""
    return [part for unit in words.units(word) for part, _ in unit.words()]


def like_sounds(word: str) -> list[tuple[str, ...]]:
    """Return the syllables that are easily taken for those of a word: z for zh, n for ng; one is wrong, or two."""
    found = (like for sounds in syllables(word) for like in (*_mistaken(sounds, 1), *_mistaken(sounds, 2)))
    return list(dict.fromkeys(islice(found, SOUNDS_MAX)))


def shortened(word: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """Yield what of a word are initials, syllables and initials: denglj, dlijun."""
    ends = range(2, min(len(word), WORD_MAX) - 1)
    for head, tail in ((word[:-size], word[-size:]) for size in ends):
        if are_initials(tail) and tail[0] not in VOWELS and (heads := syllables(head)):
            yield (), heads[0], tuple(tail)
            break
    for head, tail in ((word[:size], word[size:]) for size in (1, 2)):
        if are_initials(head) and head[0] not in VOWELS and len(tail) >= SIDE_MIN and (tails := syllables(tail)):
            yield tuple(head), tails[0], ()
            break


def _mistaken(sounds: tuple[str, ...], wrong: int) -> Iterator[tuple[str, ...]]:
    """Yield syllables with so many of them mistaken."""
    for places in combinations(range(len(sounds)), wrong):
        ways = (_like(sound) if at in places else [sound] for at, sound in enumerate(sounds))
        yield from product(*ways)


def _like(sound: str) -> list[str]:
    """Return the syllables that are like one."""
    begins = [sound]
    for one, other in _ALIKE:
        if sound.startswith(one):
            begins.append(other + sound.removeprefix(one))
        elif sound.startswith(other):
            begins.append(one + sound.removeprefix(other))
    ends = [_NASAL.sub("n" if each.endswith("g") else "ng", each) for each in begins]
    return [each for each in dict.fromkeys([*ends[:1], *begins, *ends]) if each != sound and are_syllables([each])]
