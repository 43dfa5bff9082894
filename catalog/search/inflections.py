"""English words without their endings, so that ``wolves`` finds a wolf and ``rigging`` a rig. Pure.

The first and the last step of M. F. Porter, "An algorithm for suffix stripping" (Program 14, 1980): plurals, -ed, -ing,
-y and a final -e. His other steps join too much for a catalogue, such as animals and animations. Plurals that no rule
makes are listed.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SHORTEST = 4
_IRREGULAR = {
    "children": "child",
    "feet": "foot",
    "geese": "goose",
    "mice": "mouse",
    "teeth": "tooth",
    "oxen": "ox",
    "men": "man",
    "women": "woman",
    "people": "person",
    "dice": "die",
    "lice": "louse",
    "vertices": "vertex",
    "indices": "index",
    "matrices": "matrix",
    "lens": "lens",
    "lenses": "lens",
    "meshes": "mesh",
    "torches": "torch",
    "calves": "calf",
    "elves": "elf",
    "halves": "half",
    "hooves": "hoof",
    "knives": "knife",
    "leaves": "leaf",
    "lives": "life",
    "loaves": "loaf",
    "scarves": "scarf",
    "selves": "self",
    "shelves": "shelf",
    "thieves": "thief",
    "wives": "wife",
    "wolves": "wolf",
    "dwarves": "dwarf",
    "wharves": "wharf",
    "sheaves": "sheaf",
    "buses": "bus",
    "gases": "gas",
    "flies": "fly",
    "dies": "die",
    "ties": "tie",
    "skies": "sky",
    "tied": "tie",
    "cacti": "cactus",
    "fungi": "fungus",
    "nuclei": "nucleus",
    "radii": "radius",
    "phenomena": "phenomenon",
}
_COMPOUNDS = ("wolves", "shelves", "knives", "leaves", "thieves", "women")
"""Plurals that also end longer words: werewolves, bookshelves."""

_VOWEL = re.compile(r"[aeiou]|(?<=[^aeiou])y")
_TURNS = re.compile(r"(?:[aeiouy]+[^aeiouy]+)")
_SHORT_END = re.compile(r"[^aeiou][aeiouy][^aeiouwxy]$")
_DOUBLE_END = re.compile(r"([^aeiouylsz])\1$")


@lru_cache(100_000)
def base(word: str) -> str:
    """Return a word without its ending; words of other scripts, short ones and those with digits are as they are."""
    if word in _IRREGULAR:
        return base(_IRREGULAR[word]) if _IRREGULAR[word] != word else word
    ending = next((each for each in _COMPOUNDS if word.endswith(each)), None)
    if ending:
        word = word.removesuffix(ending) + _IRREGULAR[ending]
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
        return word
    return _without_e(_without_past(_without_plural(word)))


def _without_plural(word: str) -> str:
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _without_past(word: str) -> str:
    for ending in ("ed", "ing"):
        stem = word.removesuffix(ending)
        if stem != word and not word.endswith("eed") and _VOWEL.search(stem):
            return _mended(stem)
    if word.endswith("y") and _VOWEL.search(word[:-1]) and word[-2:-1] not in set("aeiou"):
        return word[:-1] + "i"
    return word


def _mended(stem: str) -> str:
    if stem.endswith(("at", "bl", "iz")):
        return stem + "e"
    if _DOUBLE_END.search(stem):
        return stem[:-1]
    return stem + "e" if _turns(stem) == 1 and _SHORT_END.search(stem) else stem


def _without_e(word: str) -> str:
    if word.endswith("e"):
        stem = word[:-1]
        turns = _turns(stem)
        if turns > 1 or (turns == 1 and not _SHORT_END.search(stem)):
            word = stem
    return word[:-1] if word.endswith("ll") and _turns(word) > 1 else word


def _turns(stem: str) -> int:
    """Return how often a vowel turns into a consonant: the measure of Porter's paper."""
    return len(_TURNS.findall(stem))
