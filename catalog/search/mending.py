"""What somebody may have meant whose text finds nothing.

Words in the making; a word with letters wrong, or Chinese that sounds the same; or as many of the words as can be had.

What is offered is taken from assets that the viewer sees, and found something for this viewer before it is offered. So
a word that only hidden assets have is never named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from catalog.assets.models import Asset
from catalog.assets.queries import assets_by_id
from catalog.kernel.pinyin import readings
from catalog.search import guesses, syntax
from catalog.search import text as words
from catalog.search.custom import custom_fields
from catalog.search.little_words import is_little
from catalog.search.meaning import read_for
from catalog.search.port import Hit, SearchAnswer, SearchIndex, SearchQuery
from catalog.search.query import parse, sequence
from catalog.search.spelling import near
from catalog.search.syntax import All, Either, Node, Reading
from catalog.search.syntax import Word as TypedWord
from catalog.search.terms import HARDLY, Clause, SearchText, Term, Word
from catalog.search.trade_words import synonyms_for
from catalog.shows.models import Show
from catalog.shows.queries import visible_shows
from catalog.work.view import View

WORDS_MAX = 6
"""Of a longer text nobody guesses what is wrong."""

EITHER_MAX = 16
"""Of so many words those that can be had are looked for."""

SHOWS_MAX = 2_000
SHOW_WORDS_MAX = 6
SHOWS_TOLD = 4
"""Among so many shows one is looked for whose name, of so many words, is part of the text; so many may be called so."""

QUESTIONS_MAX = 100
"""So often at most the index is asked while somebody waits for a guess; what is asked after that is not there."""

LOOKED_AT = 30
"""Among the words of so many assets the right one is looked for."""

SHORTEST = 3
LONG = 6
"""From so many letters on two may be wrong."""


@dataclass(frozen=True, kw_only=True)
class Meant:
    """What was probably meant: the text, and what it finds."""

    text: str
    query: SearchQuery
    answer: SearchAnswer


class _Asker:
    """Asks the index what the viewer sees, ``QUESTIONS_MAX`` times, and for the same words once."""

    def __init__(self, index: SearchIndex, audiences: frozenset[str] | None) -> None:
        self._index, self._audiences, self._left = index, audiences, QUESTIONS_MAX
        self._known: dict[str, bool] = {}

    def hits(self, text: SearchText, limit: int = 1) -> Sequence[Hit]:
        """Return the first that fit a text."""
        if not self._left:
            return ()
        self._left -= 1
        return self._index.search(SearchQuery(audiences=self._audiences, text=text, limit=limit)).hits

    def has(self, text: str) -> bool:
        """Whether something that the viewer sees has all of this."""
        if text not in self._known:
            self._known[text] = bool(self.hits(replace(parse(f"{text} "), whole=None)))
        return self._known[text]


def meant(view: View, index: SearchIndex, query: SearchQuery, typed: str) -> Meant | None:
    """Return what was probably meant by a text that finds nothing, or None."""
    reading = syntax.read(typed, custom_fields(view))
    found = list(_words(reading.tree))
    alone = replace(query, selections={}, facets=(), like=None, limit=1, after=None)
    if not 0 < len(found) <= EITHER_MAX or query.text.notices or index.search(alone).total:
        return None
    for text in _instead(view, _Asker(index, query.audiences), typed, reading):
        asked = replace(query, text=read_for(view, f"{text} "), after=None)
        answer = index.search(asked)
        if answer.total:
            return Meant(text=text, query=asked, answer=answer)
    return None


def _instead(view: View, asker: _Asker, typed: str, reading: Reading) -> Iterator[str]:
    """Yield what may have been meant, likeliest first."""
    found = [word for word in _words(reading.tree) if word.prefix or not is_little(word.text)]
    several = reading.plain and len(found) > 1
    if reading.plain:
        yield from _of_a_show(view, list(_words(reading.tree)))
    if several:
        yield " ".join(map(_begun, found))
        yield from _in_one(view, asker, found)
    unknown = [word for word in found if not _finds(asker, word)] if len(found) <= WORDS_MAX else []
    better: dict[tuple[int, int], str] = {}
    if len(found) <= WORDS_MAX and (unknown or reading.plain):
        better = {word.at: right for word in unknown or found if (right := _right(view, asker, word.text))}
    if unknown and len(better) == len(unknown):
        yield _changed(typed, better)
    elif not unknown:
        yield from (_changed(typed, {at: right}) for at, right in better.items())
    parts = {word.at: part for word in unknown if word.at not in better and (part := _part(asker, word.text))}
    if unknown and parts and len(better) + len(parts) == len(unknown):
        yield _changed(typed, better | parts)
    if several:
        likely = parts | better if unknown else {}
        yield " OR ".join(likely.get(word.at, _typed(word)) for word in found)
    elif reading.plain and found and len(apart := synonyms_for(view).parts_of(words.key(found[0].text))) > 1:
        yield " OR ".join(apart)


def _of_a_show(view: View, found: Sequence[TypedWord]) -> Iterator[str]:
    """Yield a text with the name of a show, or two words of it at least, as that show: red tide sword."""
    named = visible_shows(view).with_only_columns(Show.code, Show.name).order_by(Show.code_key).limit(SHOWS_MAX)
    shows = [(code, words.key(name)) for code, name in view.session.execute(named)]
    for size in range(min(len(found), SHOW_WORDS_MAX), 0, -1):
        for at in range(len(found) - size + 1):
            key = "".join(words.key(word.text) for word in found[at : at + size])
            named_so = [code for code, name in shows if name == key or (size > 1 and name.startswith(key))]
            if key and named_so:
                before, after = found[:at], found[at + size :]
                yield " ".join([*map(_typed, before), f"show:{','.join(named_so[:SHOWS_TOLD])}", *map(_typed, after)])
                return


def _typed(word: TypedWord) -> str:
    return word.text + "*" * word.prefix


def _in_one(view: View, asker: _Asker, found: Sequence[TypedWord]) -> Iterator[str]:
    """Yield a text with two of its words in one, such as key board; and Chinese that sounds almost as all of it."""
    if (sounds := "".join(word.text for word in found).casefold()) and (run := _sounds_like(view, asker, sounds)):
        yield run
    for at, (one, other) in enumerate(pairwise(found)):
        together = replace(one, text=one.text + other.text, prefix=other.prefix)
        if len(found) <= WORDS_MAX and _finds(asker, together):
            said = [*found[:at], together, *found[at + 2 :]]
            yield " ".join(map(_typed, said))


def _begun(word: TypedWord) -> str:
    """Return a word that may go on; Chinese is found from within anyway."""
    return word.text if any(unit.run for unit in words.units(word.text)) else f"{word.text}*"


def _words(node: Node) -> Iterator[TypedWord]:
    """Yield the plain words of a text."""
    match node:
        case All() | Either():
            for one in node.nodes:
                yield from _words(one)
        case TypedWord(fuzzy=0):
            yield node
        case _:
            return


def _finds(asker: _Asker, word: TypedWord) -> bool:
    typed = parse(word.text if word.prefix else f"{word.text} ")
    text = replace(typed, whole=None, clauses=tuple(map(_without_chance, typed.clauses)))
    return bool(asker.hits(text))


def _without_chance(clause: Clause) -> Clause:
    """Return a clause without what only happens to sound so."""
    kept = (one for one in clause.terms if not isinstance(one, Term) or one.eighths > HARDLY)
    return replace(clause, terms=tuple(kept))


def _right(view: View, asker: _Asker, word: str) -> str | None:
    """Return what was probably meant by a word: its parts, or the word of a visible asset that is most like it."""
    if apart := _first(asker, guesses.apart(word)):
        return apart.strip('"')
    units = list(words.units(word))
    key = words.key(word)
    if len(units) == 1 and units[0].run and len(key) > 1:
        text = SearchText(clauses=(Clause(terms=tuple(_sounding(key))),))
        sounds = [readings(character) for character in key]
        return _homophone(sounds, _said_by(view, asker, text), key)
    if not all(unit.pieces for unit in units):
        return None
    near = _near(view, asker, word) or _sounds_like(view, asker, key)
    return near or _parts_right(view, asker, word)


def _near(view: View, asker: _Asker, word: str) -> str | None:
    """Return the word of a visible asset that has the fewest letters other than this one."""
    key = words.key(word)
    if len(key) < SHORTEST or not any(map(str.isalpha, key)):
        return None
    text = replace(parse(f"{word}~{_letters(key)} "), whole=None)
    return _alike(key, _said_by(view, asker, text))


def _parts_right(view: View, asker: _Asker, word: str) -> str | None:
    """Return the parts of an identifier, those that nothing has as what is most like them."""
    parts = guesses.parts_in(word)
    if not 1 < len(parts) <= guesses.PARTS_MAX:
        return None
    right = [part if asker.has(part) else _near(view, asker, part) or part for part in parts]
    return " ".join(right) if right != parts and asker.has(" ".join(right)) else None


def _part(asker: _Asker, word: str) -> str | None:
    """Return most of a word that something has."""
    return _first(asker, guesses.parts_of(word))


def _first(asker: _Asker, texts: Iterable[str]) -> str | None:
    """Return the first of these texts, made of a word, all of which something has."""
    return next((text for text in texts if all(map(asker.has, guesses.pairs_in(text))) and asker.has(text)), None)


def _sounds_like(view: View, asker: _Asker, word: str) -> str | None:
    """Return Chinese of a visible asset that sounds almost as a word is written, or begins so: zaozilong, denglj."""
    several = [sounds for sounds in guesses.like_sounds(word) if len(sounds) > 1]
    terms = [Term(words=sequence(sounds)) for sounds in several]
    for first, sounds, last in guesses.shortened(word):
        several.append((*first, *sounds, *last))
        begun = [Word(text=words.INITIALS + "".join(last), at=len(sounds))] if last else []
        terms.append(Term(words=(*sequence(sounds), *begun), prefix=bool(last)))
    if not terms:
        return None
    said = list(_said_by(view, asker, SearchText(clauses=(Clause(terms=tuple(terms)),))))
    return next((run for sounds in several if (run := _homophone([(sound,) for sound in sounds], said))), None)


def _said_by(view: View, asker: _Asker, text: SearchText) -> Iterator[str]:
    """Yield what the first assets say that fit a text."""
    hits = asker.hits(text, LOOKED_AT)
    assets = assets_by_id(view, [hit.id for hit in hits])
    return (part for hit in hits if hit.id in assets for part in _said(assets[hit.id]))


def _letters(key: str) -> int:
    return 1 if len(key) < LONG else 2


def _sounding(run: str) -> Iterator[Term]:
    sounds = [readings(character)[:1] for character in run]
    if all(sounds):
        yield Term(words=sequence(sound[0] for sound in sounds))


def _said(asset: Asset) -> Iterator[str]:
    yield asset.name
    yield from (alias["text"] for alias in asset.aliases)
    yield asset.code
    yield from asset.tags
    yield asset.description


def _alike(key: str, said: Iterable[str]) -> str | None:
    """Return the most frequent of the nearest words; an identifier is written as it is."""
    counted: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for part in said:
        whole = words.key(part)
        for unit in words.units(part):
            pieces = ["".join(piece) for piece in unit.pieces]
            for text in dict.fromkeys(["".join(pieces), *pieces]):
                if text and text != key:
                    counted[text] += 1
                    spelled.setdefault(text, part if text == whole else text)
    found = near(key, list(counted), _letters(key))
    letters = next((distance for distance in (1, 2) if near(key, found, distance)), 0)
    best = max(near(key, found, letters) if letters else [], key=lambda text: counted[text], default=None)
    return spelled[best] if best is not None else None


def _homophone(sounds: Sequence[Sequence[str]], said: Iterable[str], run: str = "") -> str | None:
    """Return characters, other than these, each of which is read in one of these ways, or begins as one letter."""
    for part in said:
        for unit in words.units(part):
            for at in range(len(unit.run) - len(sounds) + 1):
                other = unit.run[at : at + len(sounds)]
                if other != run and all(map(_is_read, other, sounds)):
                    return other
    return None


def _is_read(character: str, sounds: Sequence[str]) -> bool:
    return any(way == sound or (len(sound) == 1 and way[0] == sound) for way in readings(character) for sound in sounds)


def _changed(text: str, better: dict[tuple[int, int], str]) -> str:
    for (start, end), right in sorted(better.items(), reverse=True):
        text = text[:start] + right + text[end:]
    return text.strip()
