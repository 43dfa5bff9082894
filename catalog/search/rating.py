"""How rare what a search text asks for is, clause by clause, among what the viewer sees. Pure.

It is counted before anything is looked for, over single words, so that it costs little and every index counts alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from catalog.search.relevance import RAREST_TOGETHER, rarity_of
from catalog.search.terms import HARDLY, SPOKEN, Clause, Group, SearchText, Term

RATED_MAX = 32
"""With more clauses than this, nobody weighs one against the other: all count as equally rare."""

Frequency = Callable[[str, bool], int]
"""How many documents have a word, or with True, a word that begins so."""


def rated(text: SearchText, frequency: Frequency, documents: int) -> SearchText:
    """Return the text with the rarity of each clause among so many documents."""
    if sum(1 for _ in _every(text.clauses)) > RATED_MAX:
        return text
    return replace(text, clauses=tuple(_rated(clause, frequency, documents) for clause in text.clauses))


def rarities_in(text: SearchText) -> tuple[int, ...]:
    """Return the rarities of all clauses, one after the other."""
    return tuple(clause.rarity for clause in _every(text.clauses))


def rated_as_before(text: SearchText, rarities: Sequence[int]) -> SearchText:
    """Return the text with rarities that were told of an equal text before."""
    return replace(text, clauses=_told(text.clauses, iter(rarities)))


def _rated(clause: Clause, frequency: Frequency, documents: int) -> Clause:
    """Return the clause with its rarity.

    It is as frequent as the most frequent of its terms. A group is as rare as its clauses altogether; what means the
    same may be more frequent.
    """
    if clause.negated:
        return clause
    terms = tuple(_rated_group(one, frequency, documents) if isinstance(one, Group) else one for one in clause.terms)
    groups = [one for one in terms if isinstance(one, Group)]
    if groups:
        together = min(max(sum(inner.rarity for inner in groups[0].clauses), 1), RAREST_TOGETHER)
        others = [one for one in terms if isinstance(one, Term) and one.eighths > SPOKEN]
        having = max((_frequency(one, frequency) for one in others), default=0)
        return replace(clause, terms=terms, rarity=min(together, rarity_of(having, documents)) if having else together)
    having = max((_frequency(one, frequency) for one in terms if isinstance(one, Term)), default=documents)
    return replace(clause, rarity=rarity_of(having, documents))


def _rated_group(group: Group, frequency: Frequency, documents: int) -> Group:
    return Group(clauses=tuple(_rated(clause, frequency, documents) for clause in group.clauses))


def _frequency(term: Term, frequency: Frequency) -> int:
    """Return how many documents have the rarest word of a term; what sounds so by chance counts for nothing."""
    if term.eighths <= HARDLY:
        return 0
    *sequence, end = (word.text for word in term.words)
    found = min([frequency(end, term.prefix), *(frequency(word, False) for word in sequence)])
    return max(found, frequency(term.joined, term.prefix)) if term.joined else found


def _every(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """Yield these clauses, those of groups included."""
    for clause in clauses:
        yield clause
        for one in clause.terms:
            if isinstance(one, Group):
                yield from _every(one.clauses)


def _told(clauses: Iterable[Clause], left: Iterator[int]) -> tuple[Clause, ...]:
    found = []
    for clause in clauses:
        rarity = min(max(next(left, 1), 1), RAREST_TOGETHER)
        terms = (Group(clauses=_told(one.clauses, left)) if isinstance(one, Group) else one for one in clause.terms)
        found.append(replace(clause, rarity=rarity, terms=tuple(terms)))
    return tuple(found)
