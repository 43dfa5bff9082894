"""Words of the trade that mean the same, in English and Chinese. Pure.

One line for each meaning, its words between equals signs: ``digidouble = digital double = 数字替身``. What stands after
a hash is for people. A word belongs to one line; case, spaces, connectors and English endings make no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from catalog.kernel.errors import FieldError, InvalidInput
from catalog.search import text as words
from catalog.search.inflections import base, without_ending

TEXT_MAX = 200_000
LINE_WORDS_MAX = 20
LINES_TOLD = 5
PHRASE_UNITS_MAX = 4
"""A phrase has so many words at most, because so many are looked at together in a search."""

PHRASE_WORDS_MAX = 12
"""A unit of more words is no synonym."""

PARTICLE = "的"
"""Stands between words, and means nothing by itself."""

SHIPPED = Path(__file__).with_name("synonyms.txt")


@dataclass(frozen=True, kw_only=True)
class Synonyms:
    """Which phrases mean the same, by key."""

    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, key: str) -> tuple[str, ...]:
        """Return the other phrases that mean what this key means."""
        return self.others.get(key, ())

    def parts_of(self, run: str) -> list[str]:
        """Return a Chinese run taken apart at what in it has synonyms; it is one part where nothing has.

        The longest phrase counts, and one character alone is none: it may belong to any word.
        """
        parts: list[str] = []
        begun = at = 0
        while at < len(run) and not run.isascii():
            sizes = range(min(len(run) - at, PHRASE_WORDS_MAX + 1), 1, -1)
            size = next((size for size in sizes if run[at : at + size] in self.others), 0)
            if size:
                parts += [run[begun:at].strip(PARTICLE), run[at : at + size]]
                begun = at + size
            at += size or 1
        return [part for part in (*parts, run[begun:].strip(PARTICLE)) if part] if parts else [run]


NO_SYNONYMS = Synonyms()


def unit_key(unit: words.Unit) -> str:
    """Return what is compared of a unit; the key of a phrase is that of its units one after the other."""
    return "".join(map(base, _parts(unit)))


def _parts(unit: words.Unit) -> list[str]:
    return [unit.run] if unit.run else [part for piece in unit.pieces for part in piece]


def phrase_key(phrase: str) -> str:
    """Return what is compared of a phrase."""
    return "".join(map(unit_key, words.units(phrase)))


def read(text: str) -> Synonyms:
    """Read a file of synonyms; a line that is wrong is passed over."""
    return _read(text)[0]


def check(text: str) -> None:
    """Raise ``InvalidInput``, which names every line that is wrong and why, unless the file is right."""
    if len(text) > TEXT_MAX:
        raise InvalidInput(f"text has {len(text)} characters; at most {TEXT_MAX} are right", code="bad-synonyms")
    errors = _read(text)[1]
    if errors:
        raise InvalidInput(
            "; ".join(error.message for error in errors[:LINES_TOLD]), code="bad-synonyms", errors=list(errors)
        )


@lru_cache(4)
def _read(text: str) -> tuple[Synonyms, tuple[FieldError, ...]]:
    others: dict[str, tuple[str, ...]] = {}
    errors: list[FieldError] = []
    for number, phrases in _lines(text):
        keys = list(map(phrase_key, phrases))
        if wrong := _wrong(phrases, keys, others):
            errors.append(FieldError(field="text", message=f"line {number}: {wrong}"))
            continue
        for key in keys:
            others[key] = tuple(phrase for phrase, other in zip(phrases, keys, strict=True) if other != key)
    return Synonyms(others=others), tuple(errors)


@cache
def shipped() -> str:
    """Return the synonyms that every catalogue begins with."""
    return SHIPPED.read_text("utf-8")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        said = line.partition("#")[0].strip()
        if said:
            yield number, [phrase.strip() for phrase in said.replace("\uff1d", "=").split("=")]


def _wrong(phrases: list[str], keys: list[str], known: Iterable[str]) -> str | None:
    """Return what is wrong with a line, or None."""
    spelled = ["".join(without_ending(part) for unit in words.units(one) for part in _parts(unit)) for one in phrases]
    twice = next((phrase for phrase, one in zip(phrases, spelled, strict=True) if spelled.count(one) > 1), None)
    taken = next((phrase for phrase, key in zip(phrases, keys, strict=True) if key in known), None)
    if not 1 < len(phrases) <= LINE_WORDS_MAX:
        return f"{len(phrases)} words; 2 to {LINE_WORDS_MAX} belong between equals signs"
    if not all(keys):
        return "there is nothing beside an equals sign; write a word on both sides of each"
    if long := next((phrase for phrase in phrases if sum(1 for _ in words.units(phrase)) > PHRASE_UNITS_MAX), None):
        return f"“{long}” has more than {PHRASE_UNITS_MAX} words"
    if twice:
        return f"“{twice}” is there twice, or differs in spelling only"
    return f"“{taken}” stands in another line already; put both lines together" if taken else None
