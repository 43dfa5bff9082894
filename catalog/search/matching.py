"""Whether one document fits a search text, and what the match is worth: the rule that every index follows.

Pure, and as slow as reading every word; indexes give the same answers from their postings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from catalog.search.query import FULL, Alternative, Between, Clause, Group, Having, SearchText, Term
from catalog.search.recorded import Within
from catalog.search.relevance import FUZZY_SHARE, WORTH, WORTH_OF_NARROWING, WORTH_OF_WHOLE, tiers_of
from catalog.search.spelling import Lexicon
from catalog.search.text import WHOLE
from catalog.search.vocabulary import Tier

Words = Mapping[str, list[int]]
Searchable = Mapping[Tier, Words]
Holds = Callable[[Having | Between], bool]


def _nothing(_narrowing: Having | Between) -> bool:
    return False


def text_score(
    text: SearchText, found: Searchable, tiers: Iterable[Tier] = tuple(Tier), holds: Holds = _nothing
) -> int | None:
    """Return what the match is worth in these tiers, or None where the document does not fit.

    ``holds`` says whether the document has a facet's value, or lies within a range.
    """
    whole = WORTH_OF_WHOLE if text.whole and WHOLE + text.whole in found.get(Tier.NAMES, {}) else 0
    score = _Document(found, tuple(tiers), holds).worth_of_all(text.clauses)
    return whole or None if score is None else score + whole


class _Document:
    """A document that clauses are held against."""

    def __init__(self, found: Searchable, tiers: tuple[Tier, ...], holds: Holds) -> None:
        self._found = found
        self._tiers = tiers
        self._holds = holds

    def worth_of_all(self, clauses: Iterable[Clause]) -> int | None:
        """Return what these clauses are worth together, or None where one does not hold."""
        score = 0
        for clause in clauses:
            worth = max(map(self._worth, clause.terms), default=0)
            if bool(worth) == clause.negated:
                return None
            score += worth
        return score

    def _worth(self, one: Alternative) -> int:
        match one:
            case Term():
                tiers = (tier for tier in one.tiers if tier in self._tiers)
                return max((_term_worth(one, tier, self._found.get(tier, {})) for tier in tiers), default=0)
            case Within():
                described = self._found.get(Tier.DESCRIPTION, {})
                return WORTH_OF_NARROWING if any(one.first <= word <= one.last for word in described) else 0
            case Group():
                worth = self.worth_of_all(one.clauses)
                return 0 if worth is None else max(worth, WORTH_OF_NARROWING)
            case _:
                return WORTH_OF_NARROWING if self._holds(one) else 0


def _term_worth(term: Term, tier: Tier, words: Words) -> int:
    worth = WORTH[tier] * term.eighths // FULL
    if term.joined in words or _stands(term, words, {term.words[-1].text}):
        return worth
    if term.prefix and tier in tiers_of(term, prefix=True):
        if term.joined and any(word.startswith(term.joined) for word in words):
            return worth // 2
        beginning = term.words[-1].text
        if _stands(term, words, {word for word in words if word.startswith(beginning)}):
            return worth // 2
    if term.fuzzy and Lexicon(words).near(term.joined or term.words[-1].text, term.fuzzy):
        return worth // FUZZY_SHARE
    return 0


def _stands(term: Term, words: Words, last: set[str]) -> bool:
    """Whether the term's words stand in sequence, one of ``last`` at the end."""
    *sequence, end = term.words
    ends = {place - end.at for word in last for place in words.get(word, ())}
    for word in sequence:
        if not ends:
            return False
        ends &= {place - word.at for place in words.get(word.text, ())}
    return bool(ends)
