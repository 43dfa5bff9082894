"""Whether one document fits a search text, and what the match is worth: the rule that every index follows.

Pure, and as slow as reading every word; indexes give the same answers from their postings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from catalog.search.recorded import Within
from catalog.search.relevance import (
    BEGUN_SHARE,
    FUZZY_SHARE,
    TYPICAL,
    WORTH_OF_NARROWING,
    WORTH_OF_WHOLE,
    Searched,
    tiers_of,
    worth,
)
from catalog.search.spelling import Lexicon
from catalog.search.terms import Alternative, Clause, Group, Narrowing, SearchText, Term
from catalog.search.text import WHOLE
from catalog.search.vocabulary import Tier

Words = Mapping[str, Sequence[int]]
Holds = Callable[[Narrowing], bool]


def _nothing(_narrowing: Narrowing) -> bool:
    return False


def text_score(
    text: SearchText, found: Searched, tiers: Iterable[Tier] = tuple(Tier), holds: Holds = _nothing
) -> int | None:
    """Return what the match is worth in these tiers, or None where the document does not fit.

    ``holds`` says whether the document has a facet's value, lies within a range, or is tied to another.
    """
    whole = WORTH_OF_WHOLE if text.whole and WHOLE + text.whole in found.words.get(Tier.NAMES, {}) else 0
    score = _Document(found, tuple(tiers), holds).worth_of_all(text.clauses)
    return whole or None if score is None else score + whole


class _Document:
    """A document that clauses are held against."""

    def __init__(self, found: Searched, tiers: tuple[Tier, ...], holds: Holds) -> None:
        self._found = found
        self._tiers = tiers
        self._holds = holds

    def worth_of_all(self, clauses: Iterable[Clause]) -> int | None:
        """Return what these clauses are worth together, or None where one does not hold."""
        score = 0
        for clause in clauses:
            found = self._worth_of(clause)
            if bool(found) == clause.negated:
                return None
            score += found
        return score

    def _worth_of(self, clause: Clause) -> int:
        """Return what a clause is worth, 0 where none of its alternatives holds."""
        worths = [(self._worth(one, clause.rarity), isinstance(one, Group)) for one in clause.terms]
        if not clause.several:
            return max((value for value, _ in worths), default=0)
        alone = max((value for value, grouped in worths if not grouped), default=0)
        return alone + sum(value for value, grouped in worths if grouped)

    def _worth(self, one: Alternative, rarity: int) -> int:
        match one:
            case Term():
                tiers = (tier for tier in one.tiers if tier in self._tiers)
                return max((value for tier in tiers for value in self._term(one, tier, rarity)), default=0)
            case Within():
                described = self._found.words.get(Tier.DESCRIPTION, {})
                return WORTH_OF_NARROWING if any(one.first <= word <= one.last for word in described) else 0
            case Group():
                together = self.worth_of_all(one.clauses)
                return 0 if together is None else max(together, WORTH_OF_NARROWING)
            case _:
                return WORTH_OF_NARROWING if self._holds(one) else 0

    def _term(self, term: Term, tier: Tier, rarity: int) -> Iterator[int]:
        """Yield what each way in which the term is there is worth."""
        words = self._found.words.get(tier, {})
        alone = term.words[0].text if len(term.words) == 1 else None
        for word in (alone, term.joined):
            if word is not None and word in words:
                yield worth(self._found.impacts[word], term.eighths, rarity)
        ending = term.words[-1].text
        if not alone and _stands(term, words, {ending}):
            yield worth(TYPICAL[tier], term.eighths, rarity)
        if term.prefix and tier in tiers_of(term, prefix=True):
            begun = {word for word in words if word.startswith(ending)}
            if _stands(term, words, begun) or (term.joined and any(word.startswith(term.joined) for word in words)):
                yield worth(TYPICAL[tier], term.eighths, rarity, BEGUN_SHARE)
        if term.fuzzy and Lexicon(words).near(term.joined or ending, term.fuzzy):
            yield worth(TYPICAL[tier], term.eighths, rarity, FUZZY_SHARE)


def _stands(term: Term, words: Words, last: set[str]) -> bool:
    """Whether the term's words stand in sequence, one of ``last`` at the end."""
    *sequence, end = term.words
    ends = {place - end.at for word in last for place in words.get(word, ())}
    for word in sequence:
        if not ends:
            return False
        ends &= {place - word.at for place in words.get(word.text, ())}
    return bool(ends)
