"""English words without their endings, so that ``wolves`` finds a wolf and ``rigging`` a rig. Pure.

The first and the last step of M. F. Porter, "An algorithm for suffix stripping" (Program 14, 1980): plurals, -ed, -ing,
-y and a final -e. His other steps join too much for a catalogue, such as animals and animations. Plurals that no rule
makes are listed, and so are some participles.

What is spelled in two ways, British and American, has one base: armour and armor, centre and center. So has a number
with zeros before it and without: 0042 and 42.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

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
    "broken": "break",
    "beaten": "beat",
    "driven": "drive",
    "drawn": "draw",
    "fallen": "fall",
    "fought": "fight",
    "frozen": "freeze",
    "stolen": "steal",
    "sunken": "sink",
    "thrown": "throw",
    "torn": "tear",
    "worn": "wear",
    "woven": "weave",
}
_COMPOUNDS = ("wolves", "shelves", "knives", "leaves", "thieves", "women")
"""Plurals that also end longer words: werewolves, bookshelves."""

_AMERICAN = {
    "aeroplane": "airplane",
    "aluminium": "aluminum",
    "archaeology": "archeology",
    "axe": "ax",
    "cosy": "cozy",
    "defence": "defense",
    "grey": "gray",
    "jewellery": "jewelry",
    "kerb": "curb",
    "licence": "license",
    "manoeuvre": "maneuver",
    "mediaeval": "medieval",
    "mould": "mold",
    "moustache": "mustache",
    "plough": "plow",
    "programme": "program",
    "pyjamas": "pajamas",
    "sulphur": "sulfur",
    "tyre": "tire",
    "woollen": "woolen",
}
"""Words that no rule makes of one another, as they are spelled in Britain and in America."""

_AS_IN_AMERICA = (
    (re.compile(r"(?<=[b-df-hj-np-tv-z])our(?=i?$)"), "or"),  # armour, armoury
    (re.compile(r"(?<=[bt])r$"), "er"),  # centre, fibre
    (re.compile(r"(?<=og)u$"), ""),  # dialogue
)
_VERB = re.compile(r".{3,}[iy]s(?:e|es|ed|ing)$")
"""What is spelled with a z in America, such as stylised."""

_VOWEL = re.compile(r"[aeiou]|(?<=[^aeiou])y")
_TURNS = re.compile(r"(?:[aeiouy]+[^aeiouy]+)")
_SHORT_END = re.compile(r"[^aeiou][aeiouy][^aeiouwxy]$")
_DOUBLE_END = re.compile(r"([^aeiouylsz])\1$")


@lru_cache(100_000)
def base(word: str) -> str:
    """Return a word without its ending, as it is spelled in America; and a number without zeros before it."""
    if word.isdecimal():
        return word.lstrip("0") or "0"
    bare = without_ending(word)
    if not bare.isascii() or bare in _american():
        return _american().get(bare, bare)
    if _VERB.match(word):
        bare = re.sub(r"(?<=[iy])s(?=e?$)", "z", bare)
    for british, instead in _AS_IN_AMERICA:
        if found := british.search(bare):
            return (
                bare[: found.start()] + instead + bare[found.end() :] if _VOWEL.search(bare[: found.start()]) else bare
            )
    return bare


@lru_cache(100_000)
def without_ending(word: str) -> str:
    """Return a word without its ending; words of other scripts, short ones and those with digits are as they are."""
    if word in _IRREGULAR:
        return without_ending(_IRREGULAR[word]) if _IRREGULAR[word] != word else word
    ending = next((each for each in _COMPOUNDS if word.endswith(each)), None)
    if ending:
        word = word.removesuffix(ending) + _IRREGULAR[ending]
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
        return word
    return _without_e(_without_past(_without_plural(word)))


@cache
def _american() -> dict[str, str]:
    """Return the listed words as they are spelled in America, all without endings."""
    return {without_ending(british): without_ending(american) for british, american in _AMERICAN.items()}


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
