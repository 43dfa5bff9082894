"""What an index is asked: clauses of alternatives, and what each alternative is worth. Pure.

``query`` makes them of a text; every index reads them by the rule of ``matching``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from uuid import UUID

from catalog.search.notices import Notice
from catalog.search.recorded import Within
from catalog.search.vocabulary import Facet, Link, Measure, Tier

FULL = 8
INFLECTED = 6
SYNONYM = 5
SPOKEN = 4
HARDLY = 1
"""What a match is worth, in eighths: what was typed, the same without its ending, a synonym, Chinese that sounds so,
and what sounds so but is short, so that it may be an English word."""


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word of a term and how far from the term's start it must stand."""

    text: str
    at: int


@dataclass(frozen=True, kw_only=True)
class Term:
    """Words that must stand in this order; ``joined`` is the same written as one word, which is as good.

    With ``prefix``, the last word and ``joined`` may go on. With ``fuzzy``, so many letters of what is one word may be
    wrong. It is looked for in ``tiers``, and worth so many ``eighths`` of what was typed.
    """

    words: tuple[Word, ...]
    joined: str | None = None
    prefix: bool = False
    fuzzy: int = 0
    tiers: tuple[Tier, ...] = tuple(Tier)
    eighths: int = FULL


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


NOTHING = Between(measure=Measure.UPDATED, low=1, high=0)
"""What no asset is."""


@dataclass(frozen=True, kw_only=True)
class Linked:
    """Assets that are tied to another; ``value`` names that one, and ``at`` is where it was typed.

    ``ids`` are those that the viewer may know of, once the database was asked. They are no part of what was asked, so
    that pages go on while assets are tied.
    """

    link: Link
    value: str
    ids: frozenset[UUID] = field(default=frozenset(), compare=False, repr=False)
    at: tuple[int, int] = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Group:
    """All of these clauses."""

    clauses: tuple[Clause, ...]


Narrowing = Having | Between | Linked
Alternative = Term | Narrowing | Within | Group


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One of ``terms`` must hold, the best counts, or all do that are ``several`` things; none where it is negated."""

    terms: tuple[Alternative, ...]
    negated: bool = False
    several: bool = False
    rarity: int = 1


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
        return sum(map(size_of, alternatives(self.clauses)))

    def havings(self, facet: Facet) -> list[Having]:
        """Return what is said of a facet."""
        return [one for one in alternatives(self.clauses) if isinstance(one, Having) and one.facet is facet]

    def linked(self, link: Link) -> list[Linked]:
        """Return what is said of other assets."""
        return [one for one in alternatives(self.clauses) if isinstance(one, Linked) and one.link is link]

    def values(self, facet: Facet) -> list[str]:
        """Return the values that are named of a facet, each once."""
        return list(dict.fromkeys(one.value for one in self.havings(facet)))

    def spelled(
        self,
        spelling: Mapping[tuple[Facet, str], Sequence[str]],
        linked: Mapping[tuple[Link, str], frozenset[UUID]] = MappingProxyType({}),
    ) -> SearchText:
        """Return the text with values of facets as documents spell them, any of which is as good, and linked assets."""

        def right(one: Alternative) -> list[Alternative]:
            match one:
                case Having():
                    return [replace(one, value=each) for each in spelling.get((one.facet, one.value), [one.value])]
                case Linked():
                    return [replace(one, ids=linked.get((one.link, one.value), frozenset()))]
                case Group():
                    return [Group(clauses=_each(one.clauses, right))]
                case _:
                    return [one]

        return replace(self, clauses=_each(self.clauses, right))


NO_TEXT = SearchText()


def alternatives(clauses: Iterable[Clause]) -> Iterator[Alternative]:
    """Yield every alternative of these clauses, those of groups included."""
    for clause in clauses:
        for one in clause.terms:
            yield one
            if isinstance(one, Group):
                yield from alternatives(one.clauses)


def size_of(one: Alternative) -> int:
    """Return how many words must be looked up, without those of a group's clauses."""
    match one:
        case Term():
            return len(one.words) if one.eighths == FULL else 0
        case Group():
            return 0
        case _:
            return 1


def _each(clauses: Iterable[Clause], change: Callable[[Alternative], list[Alternative]]) -> tuple[Clause, ...]:
    return tuple(
        replace(clause, terms=tuple(other for one in clause.terms for other in change(one))) for clause in clauses
    )
