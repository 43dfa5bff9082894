"""What people type, as an index is asked it. Pure: the same text gives the same terms on every machine.

``syntax`` reads the text; here its words become terms, and its fields what they stand for. Each stretch of one script
is a clause of its own, so that 邓丽君face finds both; what is quoted, excluded or an alternative holds together.

A text that is longer than anybody reads is cut, and a notice says where.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from catalog.fields.vocabulary import FieldType
from catalog.search import syntax
from catalog.search import text as words
from catalog.search.chinese import are_initials, syllables
from catalog.search.fields import NO_FIELDS, Field
from catalog.search.inflections import base
from catalog.search.little_words import is_little
from catalog.search.notices import Mistake, Notice
from catalog.search.recorded import Carrying, Recorded, any_value, exactly, numbers, word_in
from catalog.search.synonyms import NO_SYNONYMS, PHRASE_UNITS_MAX, PHRASE_WORDS_MAX, Synonyms, unit_key
from catalog.search.syntax import All, Either, Fielded, Node, Not, Quoted, Ranged
from catalog.search.syntax import Word as TypedWord
from catalog.search.terms import (
    HARDLY,
    INFLECTED,
    NOTHING,
    SPOKEN,
    SYNONYM,
    Alternative,
    Between,
    Clause,
    Group,
    Having,
    Linked,
    SearchText,
    Term,
    Word,
    alternatives,
    size_of,
)
from catalog.search.vocabulary import Facet, Link, Measure, Tier

TEXT_MAX = 10_000
NAME_MAX = 500
WORDS_MAX = 256
ALTERNATIVES_MAX = 100
"""So many characters are read, no name is longer, so many words are looked up, and so many things joined by OR."""

SOUND_LENGTH = 6
INITIALS_MIN = 3
"""So many letters make a sound that is no English word by chance; fewer initials stand for the end of a run only."""

BEGUN_TOGETHER = 4
"""From so many letters on an identifier may go on as one word."""

SPOKEN_MAX = 8
"""So many syllables with spaces between them are read as one name."""

_OWNERS = ("'s", "’s")
SPOKEN_TIERS = (Tier.NAMES, Tier.LABELS)
_DESCRIBED = (Tier.DESCRIPTION,)


def parse(text: str, synonyms: Synonyms = NO_SYNONYMS, custom: Mapping[str, Field] = NO_FIELDS) -> SearchText:
    """Read what somebody typed; never fails. What means or sounds the same is found, too, and is worth less.

    ``custom`` are fields that may be named besides those of every catalog.
    """
    reading = syntax.read(text[:TEXT_MAX], custom)
    notices = list(reading.notices)
    if len(text) > TEXT_MAX:
        notices.append(_limit(Mistake.TOO_LONG, TEXT_MAX, len(text)))
    read = list(dict.fromkeys(_clauses(reading.tree, synonyms)))
    clauses, size = _within(map(_few_enough, read))
    if size > WORDS_MAX:
        notices.append(_limit(Mistake.TOO_MANY_WORDS, WORDS_MAX, len(text)))
    elif any(_too_many(clause) for clause in read):
        notices.append(_limit(Mistake.TOO_MANY_WORDS, ALTERNATIVES_MAX, len(text)))
    return SearchText(
        clauses=tuple(clauses),
        whole=(words.key(text) or None) if reading.plain and len(text) <= NAME_MAX else None,
        notices=tuple(notices),
    )


def _limit(mistake: Mistake, most: int, end: int) -> Notice:
    return Notice(mistake=mistake, start=0, end=end, said=(("most", f"{most:,}"),))


def _too_many(clause: Clause) -> bool:
    return clause.several and len(clause.terms) > ALTERNATIVES_MAX


def _few_enough(clause: Clause) -> Clause:
    """Return the clause with the first of its alternatives; each is looked for in all documents that have it."""
    return replace(clause, terms=clause.terms[:ALTERNATIVES_MAX]) if _too_many(clause) else clause


def _within(clauses: Iterable[Clause]) -> tuple[list[Clause], int]:
    """Return the clauses that the number of words allows, and the whole number of words."""
    kept: list[Clause] = []
    size = 0
    for clause in clauses:
        allowed: list[Alternative] = []
        for one in clause.terms:
            left = WORDS_MAX - size
            size += sum(map(size_of, alternatives([Clause(terms=(one,))])))
            if size <= WORDS_MAX:
                allowed.append(one)
            elif isinstance(one, Term) and left > 0:
                allowed.append(replace(one, words=one.words[:left], joined=None, prefix=False, fuzzy=0))
        if allowed:
            kept.append(replace(clause, terms=tuple(allowed)))
    return kept, size


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """What must hold for one unit, or one node; ``key`` is the unit's where synonyms may stand for it.

    ``little`` words need not be there where others are. ``sound`` is a word that may be a Chinese syllable.
    """

    clause: Clause
    key: str = ""
    little: bool = False
    sound: str = ""


def _clauses(node: Node, synonyms: Synonyms) -> list[Clause]:
    """Return what must hold for a node to hold."""
    nodes = node.nodes if isinstance(node, All) else (node,)
    pieces = [piece for one in nodes for piece in _pieces(one, synonyms)]
    if all(piece.little or piece.clause.negated for piece in pieces):
        pieces = [replace(piece, little=False) for piece in pieces]
    return _with_synonyms(pieces, synonyms)


def _pieces(node: Node, synonyms: Synonyms) -> list[_Piece]:
    match node:
        case All():
            return [_Piece(clause=clause) for clause in _clauses(node, synonyms)]
        case Not():
            excluded = _excluded(node.node)
            return [_Piece(clause=Clause(terms=excluded, negated=True))] if excluded else []
        case TypedWord():
            return _units(node, tuple(Tier))
        case Fielded(value=TypedWord() as word) if isinstance(node.field.behind, Tier):
            return _units(word, (node.field.behind,))
        case Fielded(field=Field(behind=Recorded(name=name, type=FieldType.TEXT)), value=TypedWord() as word):
            return [_Piece(clause=_in_field(piece.clause, name)) for piece in _units(word, _DESCRIBED)]
        case _:
            either = _alternatives(node, synonyms)
            several = isinstance(node, Either) and any(isinstance(one, Group) for one in either)
            return [_Piece(clause=Clause(terms=either, several=several))] if either else []


def _with_synonyms(pieces: Sequence[_Piece], synonyms: Synonyms) -> list[Clause]:
    """Return the clauses of these pieces; the longest phrase that has synonyms may also be one of those."""
    found: list[Clause] = []
    at = 0
    while at < len(pieces):
        size, others = _meant_by(pieces[at : at + PHRASE_UNITS_MAX], synonyms)
        here = pieces[at : at + size]
        if not others:
            spoken = _syllables(pieces[at:], synonyms)
            if len(spoken) > 1 and not all(piece.little for piece in spoken):
                found.append(_said_together(spoken, synonyms))
                at += len(spoken) - size
            elif not here[0].little:
                found.append(_taken_apart(here[0].clause, here[0].key, synonyms))
        else:
            clauses = tuple(piece.clause for piece in here)
            typed = clauses[0].terms if size == 1 else (Group(clauses=clauses),)
            found.append(Clause(terms=(*typed, *(term for phrase in others for term in _meaning(phrase)))))
        at += size
    return found


def _syllables(pieces: Sequence[_Piece], synonyms: Synonyms) -> Sequence[_Piece]:
    """Return the first pieces that may be one name in syllables; they end before a phrase that goes on behind them."""
    spoken = list(takewhile(lambda piece: piece.sound, pieces[:SPOKEN_MAX]))
    for at in range(1, len(spoken)):
        size, _ = _meant_by(pieces[at : at + PHRASE_UNITS_MAX], synonyms)
        if at + size > len(spoken):
            return spoken[:at]
    return spoken


def _meant_by(here: Sequence[_Piece], synonyms: Synonyms) -> tuple[int, tuple[str, ...]]:
    """Return of how many of these pieces there are synonyms, and which; one piece where there are none."""
    keyed = next((size for size, piece in enumerate(here) if not piece.key), len(here))
    for size in range(keyed, 0, -1):
        if others := synonyms.of("".join(piece.key for piece in here[:size])):
            return size, others
    return 1, ()


def _said_together(pieces: Sequence[_Piece], synonyms: Synonyms) -> Clause:
    """Return the clause of words that may be Chinese with spaces: deng li jun; one after the other it is worth more."""
    typed = _with_synonyms([replace(piece, sound="") for piece in pieces], synonyms)
    growing = any(isinstance(one, Term) and one.prefix for one in pieces[-1].clause.terms)
    spoken = Term(words=sequence(piece.sound for piece in pieces), prefix=growing, tiers=SPOKEN_TIERS, eighths=SPOKEN)
    return Clause(terms=(Group(clauses=tuple(typed)), spoken))


def sequence(sounds: Iterable[str]) -> tuple[Word, ...]:
    """Return the words of Chinese that sounds so."""
    return tuple(Word(text=words.READING + sound, at=at) for at, sound in enumerate(sounds))


def _taken_apart(clause: Clause, key: str, synonyms: Synonyms) -> Clause:
    """Return the clause of a Chinese run, which may also be there in parts that have synonyms: 数字替身角色."""
    parts = synonyms.parts_of(key)
    if parts == [key]:
        return clause
    pieces = [piece for part in parts for piece in _units(TypedWord(text=part), tuple(Tier))]
    apart = tuple(
        replace(one, terms=tuple(_at_most(term, INFLECTED) for term in one.terms))
        for one in _with_synonyms(pieces, synonyms)
    )
    return replace(clause, terms=(*clause.terms, Group(clauses=apart)))


def _at_most(one: Alternative, eighths: int) -> Alternative:
    return replace(one, eighths=min(one.eighths, eighths)) if isinstance(one, Term) else one


def _meaning(phrase: str) -> Iterator[Term]:
    """Yield how a synonym is looked for: as it is, and without its endings."""
    units = list(words.units(phrase))
    term = _term(units, tuple(Tier), joined=None if any(unit.run for unit in units) else words.key(phrase))
    yield replace(term, eighths=SYNONYM)
    yield from (replace(each, eighths=SYNONYM - 1) for each in _inflected(term))


def _alternatives(node: Node, synonyms: Synonyms) -> tuple[Alternative, ...]:
    """Return those of which one must hold for a node to hold."""
    match node:
        case Either():
            every = (one for each in node.nodes for one in _of_several(_alternatives(each, synonyms)))
            return tuple(islice(every, ALTERNATIVES_MAX + 1))  # one more tells that there are too many
        case All() | Not():
            clauses = tuple(dict.fromkeys(_clauses(node, synonyms)))
            return (Group(clauses=clauses),) if clauses else ()
        case Fielded():
            return _held(node)
        case TypedWord() if len(alone := _clauses(node, synonyms)) == 1:
            return alone[0].terms
        case _:
            return _phrase(node, tuple(Tier))


def _of_several(either: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
    """Return one thing of several, which counts beside the others; words, not values of facets."""
    return (Group(clauses=(Clause(terms=either),)),) if any(isinstance(one, Term) for one in either) else either


def _excluded(node: Node) -> tuple[Alternative, ...]:
    """Return what must not be: words as they were typed, and nothing that only means or sounds the same."""
    match node:
        case Either():
            return tuple(one for each in node.nodes for one in _excluded(each))
        case TypedWord() | Quoted():
            return _phrase(node, tuple(Tier))
        case _:
            return _alternatives(node, NO_SYNONYMS)


def _held(node: Fielded) -> tuple[Alternative, ...]:
    match node.field.behind, node.value:
        case Measure() as measure, Ranged() as ranged:
            return (Between(measure=measure, low=ranged.range.low, high=ranged.range.high),)
        case Facet() as facet, (TypedWord() | Quoted()) as value:
            return (Having(facet=facet, value=value.text.casefold(), at=node.at),)
        case Link() as link, (TypedWord() | Quoted()) as value:
            return (Linked(link=link, value=value.text.casefold(), at=node.at),)
        case Tier() as tier, (TypedWord() | Quoted()) as value:
            return _phrase(value, (tier,))
        case (Recorded() | Carrying()) as recorded, value:
            return _recorded(recorded, value)
        case None, _:
            return (NOTHING,)
        case _:
            return ()


def _recorded(behind: Recorded | Carrying, value: TypedWord | Quoted | Ranged) -> tuple[Alternative, ...]:
    match behind, value:
        case Carrying(field=carried), _:
            return (any_value(carried),)
        case Recorded(name=name), Ranged(range=counted):
            return (numbers(name, counted.low, counted.high),)
        case Recorded(name=name, type=FieldType.EXACT), (TypedWord() | Quoted()):
            return (exactly(name, value.text, growing=value.prefix),)
        case Recorded(name=name), (TypedWord() | Quoted()):
            return _in_field(Clause(terms=_phrase(value, _DESCRIBED)), name).terms
        case _:
            return ()


def _in_field(clause: Clause, name: str) -> Clause:
    """Return the clause with its words as those of a custom field."""
    terms = []
    for one in clause.terms:
        if isinstance(one, Term):
            placed = tuple(replace(word, text=word_in(name, word.text)) for word in one.words)
            joined = word_in(name, one.joined) if one.joined else None
            terms.append(replace(one, words=placed, joined=joined))
    return replace(clause, terms=tuple(terms))


def _units(word: TypedWord, tiers: tuple[Tier, ...]) -> list[_Piece]:
    found = list(words.units(word.text))
    pieces = []
    for unit in found:
        term = _term([unit], tiers, joined=unit.joined)
        growing = word.prefix and unit is found[-1] and not unit.run
        if word.fuzzy and not unit.run and (unit.joined or len(term.words) == 1):
            written = tuple(tier for tier in tiers if tier is not Tier.FILES or len(tiers) == 1)
            pieces.append(_Piece(clause=Clause(terms=(replace(term, fuzzy=word.fuzzy, tiers=written),))))
            continue
        alike = (*_inflected(term), *_owned(word, unit, tiers), *_spoken(term, growing=growing))
        clause = Clause(terms=(*_begun(term, growing=growing), *alike))
        if len(tiers) == 1:
            pieces.append(_Piece(clause=clause))
            continue
        key = unit_key(unit) if len(term.words) <= PHRASE_WORDS_MAX else ""
        little = is_little(word.text) and not growing
        sound = "" if len(found) > 1 else _syllable(term, growing=growing)
        pieces.append(_Piece(clause=clause, key=key, little=little, sound=sound))
    return pieces


def _phrase(leaf: TypedWord | Quoted, tiers: tuple[Tier, ...]) -> tuple[Term, ...]:
    found = list(words.units(leaf.text))
    if not found:
        return ()
    joined = found[0].joined if len(found) == 1 and isinstance(leaf, TypedWord) else None
    # A CJK run needs no growing: its pairs and single characters are found from within already.
    return (replace(_term(found, tiers, joined=joined), prefix=leaf.prefix and not found[-1].run),)


def _term(units: Sequence[words.Unit], tiers: tuple[Tier, ...], *, joined: str | None) -> Term:
    found: list[Word] = []
    start = 0
    for unit in units:
        found.extend(Word(text=word, at=start + at) for word, at in unit.words())
        start += unit.width
    return Term(words=tuple(found), joined=joined, tiers=tiers)


def _inflected(term: Term) -> Iterator[Term]:
    """Yield the term without the endings of its words, where they have any."""
    bare = tuple(replace(word, text=base(word.text)) for word in term.words)
    if bare != term.words:
        yield replace(term, words=bare, joined=None, eighths=INFLECTED)


def _begun(term: Term, *, growing: bool) -> Iterator[Term]:
    """Yield the term, which may go on; of an identifier of few letters only the last part: t-r is no tractor."""
    if growing and term.joined and len(term.joined) < BEGUN_TOGETHER:
        yield replace(term, joined=None, prefix=True)
        yield term
    else:
        yield replace(term, prefix=growing)


def _owned(word: TypedWord, unit: words.Unit, tiers: tuple[Tier, ...]) -> Iterator[Term]:
    """Yield the owner: the hero's sword is that of the hero."""
    if len(unit.pieces) > 1 and word.text.casefold().endswith(_OWNERS):
        owner = replace(unit, pieces=unit.pieces[:-1])
        yield replace(_term([owner], tiers, joined=owner.joined), eighths=INFLECTED)


def _syllable(term: Term, *, growing: bool) -> str:
    """Return the one syllable that a word is, if it is one."""
    letters = term.words[0].text
    return letters if len(term.words) == 1 and (letters,) in syllables(letters, growing=growing) else ""


def _spoken(term: Term, *, growing: bool) -> Iterator[Term]:
    """Yield Chinese that sounds as the term is written, or whose initials these are."""
    tiers = tuple(tier for tier in term.tiers if tier in SPOKEN_TIERS)
    letters = term.words[0].text
    if len(term.words) > 1 or not tiers or not (letters.isascii() and letters.isalpha()) or len(letters) == 1:
        return
    for sounds in syllables(letters, growing=growing):
        worth = SPOKEN if len(sounds) > 1 and len(letters) >= SOUND_LENGTH else HARDLY
        yield Term(words=sequence(sounds), prefix=growing, tiers=tiers, eighths=worth)
    if len(letters) <= words.INITIALS_LENGTH and are_initials(letters) and not syllables(letters):
        begun = (Word(text=words.INITIALS + letters, at=0),)
        yield Term(words=begun, prefix=len(letters) >= INITIALS_MIN, tiers=tiers, eighths=HARDLY)
