"""What people type, as an index is asked it. Pure: the same text gives the same terms on every machine.

``syntax`` reads the text; here its words become terms, and its fields what they stand for. Each stretch of one script
is a clause of its own, so that 邓丽君face finds both; what is quoted, excluded or an alternative holds together.

A text that is longer than anybody reads is cut, and a notice says where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalog.search import syntax
from catalog.search import text as words
from catalog.search.notices import Mistake, Notice
from catalog.search.syntax import All, Either, Fielded, Node, Not, Quoted, Ranged
from catalog.search.syntax import Word as TypedWord
from catalog.search.vocabulary import Facet, Measure, Tier

TEXT_MAX = 10_000
"""So many characters are read."""

WORDS_MAX = 256
"""So many words are looked up."""


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word of a term and how far from the term's start it must stand."""

    text: str
    at: int


@dataclass(frozen=True, kw_only=True)
class Term:
    """Words that must stand in this order; ``joined`` is the same written as one word, which is as good.

    With ``prefix``, the last word and ``joined`` may go on. With ``fuzzy``, so many letters of what is one word may be
    wrong. It is looked for in ``tiers``.
    """

    words: tuple[Word, ...]
    joined: str | None = None
    prefix: bool = False
    fuzzy: int = 0
    tiers: tuple[Tier, ...] = tuple(Tier)


@dataclass(frozen=True, kw_only=True)
class Having:
    """A value of a facet; ``at`` is where it was typed."""

    facet: Facet
    value: str
    at: tuple[int, int] = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Between:
    """A measure from ``low`` to ``high``, both included; None is open."""

    measure: Measure
    low: int | None = None
    high: int | None = None

    def admits(self, value: int) -> bool:
        """Whether a value lies within."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


@dataclass(frozen=True, kw_only=True)
class Group:
    """All of these clauses."""

    clauses: tuple[Clause, ...]


Alternative = Term | Having | Between | Group


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One of ``terms`` must hold, or none of them where the clause is negated."""

    terms: tuple[Alternative, ...]
    negated: bool = False


@dataclass(frozen=True, kw_only=True)
class SearchText:
    """A search text as read. An asset fits when every clause holds, or when its name has the key ``whole``.

    ``whole`` is None where the text is more than a name. No clauses: the text limits nothing.
    """

    clauses: tuple[Clause, ...] = ()
    whole: str | None = None
    notices: tuple[Notice, ...] = field(default=(), compare=False, repr=False)

    @property
    def size(self) -> int:
        """How many words must be looked up."""
        return sum(map(_size, alternatives(self.clauses)))

    def havings(self, facet: Facet) -> list[Having]:
        """Return what is said of a facet."""
        return [one for one in alternatives(self.clauses) if isinstance(one, Having) and one.facet is facet]

    def values(self, facet: Facet) -> list[str]:
        """Return the values that are named of a facet, each once."""
        return list(dict.fromkeys(one.value for one in self.havings(facet)))

    def spelled(self, spelling: Mapping[tuple[Facet, str], Sequence[str]]) -> SearchText:
        """Return the text with values of facets as documents spell them; any spelling is as good."""

        def right(one: Alternative) -> list[Alternative]:
            match one:
                case Having():
                    return [replace(one, value=each) for each in spelling.get((one.facet, one.value), [one.value])]
                case Group():
                    return [Group(clauses=_each(one.clauses, right))]
                case _:
                    return [one]

        return replace(self, clauses=_each(self.clauses, right))


NO_TEXT = SearchText()


def parse(text: str) -> SearchText:
    """Read what somebody typed; never fails."""
    reading = syntax.read(text[:TEXT_MAX])
    notices = list(reading.notices)
    if len(text) > TEXT_MAX:
        notices.append(_limit(Mistake.TOO_LONG, TEXT_MAX, len(text)))
    clauses, size = _within(dict.fromkeys(_clauses(reading.tree)))
    if size > WORDS_MAX:
        notices.append(_limit(Mistake.TOO_MANY_WORDS, WORDS_MAX, len(text)))
    return SearchText(
        clauses=tuple(clauses),
        whole=(words.key(text) or None) if reading.plain else None,
        notices=tuple(notices),
    )


def alternatives(clauses: Iterable[Clause]) -> Iterator[Alternative]:
    """Yield every alternative of these clauses, those of groups included."""
    for clause in clauses:
        for one in clause.terms:
            yield one
            if isinstance(one, Group):
                yield from alternatives(one.clauses)


def _limit(mistake: Mistake, most: int, end: int) -> Notice:
    return Notice(mistake=mistake, start=0, end=end, said=(("most", f"{most:,}"),))


def _size(one: Alternative) -> int:
    return len(one.words) if isinstance(one, Term) else 0 if isinstance(one, Group) else 1


def _each(clauses: Iterable[Clause], change: Callable[[Alternative], list[Alternative]]) -> tuple[Clause, ...]:
    return tuple(
        replace(clause, terms=tuple(other for one in clause.terms for other in change(one))) for clause in clauses
    )


def _within(clauses: Iterable[Clause]) -> tuple[list[Clause], int]:
    """Return the clauses that the number of words allows, and the whole number of words."""
    kept: list[Clause] = []
    size = 0
    for clause in clauses:
        allowed: list[Alternative] = []
        for one in clause.terms:
            left = WORDS_MAX - size
            size += sum(map(_size, alternatives([Clause(terms=(one,))])))
            if size <= WORDS_MAX:
                allowed.append(one)
            elif isinstance(one, Term) and left > 0:
                allowed.append(replace(one, words=one.words[:left], joined=None, prefix=False, fuzzy=0))
        if allowed:
            kept.append(replace(clause, terms=tuple(allowed)))
    return kept, size


def _clauses(node: Node) -> list[Clause]:
    """Return what must hold for a node to hold."""
    match node:
        case All():
            return [clause for one in node.nodes for clause in _clauses(one)]
        case Not():
            excluded = _alternatives(node.node)
            return [Clause(terms=excluded, negated=True)] if excluded else []
        case TypedWord():
            return _units(node, tuple(Tier))
        case Fielded(value=TypedWord() as word) if isinstance(node.field.behind, Tier):
            return _units(word, (node.field.behind,))
        case _:
            either = _alternatives(node)
            return [Clause(terms=either)] if either else []


def _alternatives(node: Node) -> tuple[Alternative, ...]:
    """Return those of which one must hold for a node to hold."""
    match node:
        case Either():
            return tuple(one for each in node.nodes for one in _alternatives(each))
        case All() | Not():
            clauses = tuple(dict.fromkeys(_clauses(node)))
            return (Group(clauses=clauses),) if clauses else ()
        case Fielded():
            return _held(node)
        case _:
            return _phrase(node, tuple(Tier))


def _held(node: Fielded) -> tuple[Alternative, ...]:
    match node.field.behind, node.value:
        case Measure() as measure, Ranged() as ranged:
            return (Between(measure=measure, low=ranged.range.low, high=ranged.range.high),)
        case Facet() as facet, (TypedWord() | Quoted()) as value:
            return (Having(facet=facet, value=value.text.casefold(), at=node.at),)
        case Tier() as tier, (TypedWord() | Quoted()) as value:
            return _phrase(value, (tier,))
        case _:
            return ()


def _units(word: TypedWord, tiers: tuple[Tier, ...]) -> list[Clause]:
    found = list(words.units(word.text))
    return [
        Clause(terms=(_term([unit], word, tiers, joined=unit.joined, growing=word.prefix and unit is found[-1]),))
        for unit in found
    ]


def _phrase(leaf: TypedWord | Quoted, tiers: tuple[Tier, ...]) -> tuple[Term, ...]:
    found = list(words.units(leaf.text))
    if not found:
        return ()
    joined = found[0].joined if len(found) == 1 and isinstance(leaf, TypedWord) else None
    return (_term(found, leaf, tiers, joined=joined, growing=leaf.prefix),)


def _term(
    units: list[words.Unit], leaf: TypedWord | Quoted, tiers: tuple[Tier, ...], *, joined: str | None, growing: bool
) -> Term:
    sequence: list[Word] = []
    start = 0
    for unit in units:
        sequence.extend(Word(text=word, at=start + at) for word, at in unit.words())
        start += unit.width
    run = bool(units[-1].run)
    # A CJK run needs no growing: its pairs and single characters are found from within already.
    fuzzy = leaf.fuzzy if isinstance(leaf, TypedWord) and not run and (joined or len(sequence) == 1) else 0
    return Term(words=tuple(sequence), joined=joined, prefix=growing and not run, fuzzy=fuzzy, tiers=tiers)
