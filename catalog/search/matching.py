"""Whether one document fits a search text, and what the match is worth: the rule that every index follows.

Pure, and as slow as reading every word; indexes give the same answers from their postings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from catalog.search.query import Clause, SearchText, Term
from catalog.search.relevance import WHOLE, WORTH, WORTH_OF_WHOLE, tiers_of
from catalog.search.vocabulary import Tier

Words = Mapping[str, list[int]]
Searchable = Mapping[Tier, Words]


def text_score(text: SearchText, found: Searchable, tiers: Iterable[Tier] = tuple(Tier)) -> int | None:
    """Return what the match is worth in these tiers, or None where the document does not fit."""
    tiers = tuple(tiers)
    whole = WORTH_OF_WHOLE if text.whole and WHOLE + text.whole in found.get(Tier.NAMES, {}) else 0
    score = 0
    for clause in text.clauses:
        worth = _clause_worth(clause, found, tiers)
        if bool(worth) == clause.negated:
            return whole or None
        score += worth
    return score + whole


def _clause_worth(clause: Clause, found: Searchable, tiers: tuple[Tier, ...]) -> int:
    return max((_term_worth(term, tier, found.get(tier, {})) for term in clause.terms for tier in tiers), default=0)


def _term_worth(term: Term, tier: Tier, words: Words) -> int:
    if tier in tiers_of(term, prefix=False) and (term.joined in words or _stands(term, words, {term.words[-1].text})):
        return WORTH[tier]
    if term.prefix and tier in tiers_of(term, prefix=True):
        if term.joined and any(word.startswith(term.joined) for word in words):
            return WORTH[tier] // 2
        beginning = term.words[-1].text
        if _stands(term, words, {word for word in words if word.startswith(beginning)}):
            return WORTH[tier] // 2
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
