"""Which documents of a segment fit a search text, and what each match is worth: ``search.matching``, on arrays.

The first clause picks documents, each further one looks at those that are left. A clause writes what its words are
worth into one number per document: first what is worth the same in many documents, the least first, so that the
greatest remains, and then each word by its impacts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.search.rating import RATED_MAX
from catalog.search.recorded import Within
from catalog.search.relevance import (
    BEGUN_SHARE,
    FUZZY_SHARE,
    TYPICAL,
    WORTH_OF_NARROWING,
    WORTH_OF_WHOLE,
    tiers_of,
    worth,
)
from catalog.search.terms import Alternative, Between, Clause, Group, Having, Linked, SearchText, Term
from catalog.search.text import WHOLE
from catalog.search.vocabulary import Sort, Tier
from catalog.search.whoosh_index.contents import Mask
from catalog.search.whoosh_index.postings import Postings, Rows
from catalog.search.whoosh_index.schema import encoded
from catalog.search.whoosh_index.segment import chosen
from catalog.search.whoosh_index.sequences import AnyRows, mask_of, standing, stretches
from catalog.search.whoosh_index.snapshot import FEW_SHARE, Segment

Tiers = tuple[Tier, ...]
Scores = NDArray[np.int32]
Worths = NDArray[np.integer[Any]]
ByImpact = NDArray[np.uint16]
"""What a word is worth by its impact; without one, nothing."""

Word = tuple[Rows | None, Worths]
"""Who has a word, and what it is worth there; None: by row."""

FEW_OF_MANY = 8
"""Where one document in so many may fit, words are looked up for those alone."""

COMMON = 3
"""A clause of this rarity or less fits every eighth document, or more."""

DENSE_SHARE = 16
"""Where one document in so many has something, adding it to all is quicker than to those."""

WALKED_AHEAD = 8
"""So many times more documents than are wanted are looked at first, along their order."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """The documents that fit, ascending, and the score of each."""

    rows: NDArray[np.int64]
    scores: Scores

    def only(self, kept: Mask) -> Fit:
        """Return those that the mask keeps."""
        return Fit(rows=self.rows[kept], scores=self.scores[kept])


@dataclass(frozen=True, kw_only=True)
class Worth:
    """What a clause is worth: in these documents, which ascend, or by row in all ``count``. 0: it does not hold."""

    rows: AnyRows | None
    values: Worths
    count: int

    def dense(self) -> Worths:
        """Return what it is worth in every document."""
        if self.rows is None:
            return self.values
        found = np.zeros(self.count, self.values.dtype)
        found[self.rows] = self.values
        return found

    def at(self, rows: NDArray[np.int64]) -> Worths:
        """Return what it is worth in these documents."""
        if self.rows is None or len(rows) * FEW_SHARE > self.count or not len(self.rows):
            return self.dense().take(rows)
        at = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        found: Worths = self.values.take(at) * (self.rows.take(at) == rows)
        return found


def fitting(text: SearchText, segment: Segment, visible: Mask, tiers: Tiers = tuple(Tier)) -> Fit:
    """Return which of the visible documents fit."""
    fit = _all(text.clauses, segment, visible, tiers)
    return _with_whole(fit, segment, visible, text.whole) if text.whole else fit


def first_named(text: SearchText, segment: Segment, visible: Mask, limit: int) -> Fit:
    """Return those of the visible documents whose names fit; where so many fit best alike, the first of them alone.

    What all codes begin with is worth the same in a million of documents: walking along their order finds the first
    without any list of them.
    """
    alone = len(text.clauses) == 1 and not text.clauses[0].negated
    if alone and not (text.whole and len(_called_so(segment, visible, text.whole))):
        found = _clause_worth(text.clauses[0], segment, visible, (Tier.NAMES,))
        if found.rows is None:
            seen = found.values * visible
            best = int(seen.max(initial=0))
            hit: Mask = seen == best
            if best and np.count_nonzero(hit) >= limit:
                rows = np.sort(first_of(hit, segment.contents.columns.orders[Sort.RELEVANCE], limit))
                return Fit(rows=rows.astype(np.int64), scores=np.full(len(rows), best, np.int32))
    return fitting(text, segment, visible, (Tier.NAMES,))


def first_of(hit: Mask, order: NDArray[np.uint32], limit: int) -> NDArray[np.uint32]:
    """Return the first of these documents, found along an order."""
    ahead = limit * WALKED_AHEAD
    while True:
        found = order[:ahead][hit[order[:ahead]]]
        if len(found) >= limit or ahead >= len(order):
            return found[:limit]
        ahead *= 4


def _all(clauses: Sequence[Clause], segment: Segment, visible: Mask, tiers: Tiers) -> Fit:
    """Return which of the visible documents fit all clauses.

    What is no text narrows what is looked at, or where a text is rare, what it leaves.
    """
    if len(clauses) > RATED_MAX:  # nobody said which is the rarest
        clauses = sorted(clauses, key=partial(_most, segment))
    narrowing = [each for each in clauses if _only_narrows(each)]
    texts = sorted((each for each in clauses if not _only_narrows(each)), key=_effort)
    if all(each.rarity <= COMMON for each in texts):
        fit = _fit_texts(
            texts, segment, visible & _held(narrowing, segment, slice(None)) if narrowing else visible, tiers
        )
    else:
        fit = _fit_texts(texts, segment, visible, tiers)
        fit = fit.only(_held(narrowing, segment, fit.rows)) if narrowing else fit
    held = sum(not each.negated for each in narrowing)
    return Fit(rows=fit.rows, scores=fit.scores + np.int32(held * WORTH_OF_NARROWING)) if held else fit


def _fit_texts(clauses: Sequence[Clause], segment: Segment, visible: Mask, tiers: Tiers) -> Fit:
    """Return which of the visible documents fit clauses that are in the order of their effort."""
    fit: Fit | None = None
    for clause in clauses:
        if fit is None:
            fit = _first(clause, _clause_worth(clause, segment, visible, tiers), visible)
            continue
        if not len(fit.rows):
            break
        candidates = mask_of(fit.rows, len(visible)) if _narrows(clause) else visible
        few = None if len(fit.rows) * FEW_OF_MANY > len(visible) else fit.rows.astype(np.int32)
        found = _clause_worth(clause, segment, candidates, tiers, few).at(fit.rows)
        fit = Fit(rows=fit.rows, scores=fit.scores + found).only((found == 0) if clause.negated else (found > 0))
    return _everything(visible) if fit is None else fit


def _only_narrows(clause: Clause) -> bool:
    """Whether a clause asks for values of facets and ranges alone, which every document has in a column."""
    return all(isinstance(one, Having | Between) for one in clause.terms)


def _held(clauses: Sequence[Clause], segment: Segment, rows: Any) -> Mask:  # noqa: ANN401 — whatever selects rows
    """Return which of these documents all of these clauses let through."""

    def holds(one: Alternative) -> Mask:
        if isinstance(one, Having):
            wanted = chosen(segment.known.vocabularies, one.facet, [one.value])
            return segment.groups[one.facet].having(wanted, rows)
        assert isinstance(one, Between)  # noqa: S101 — these clauses have no other terms
        return segment.contents.columns.within(one, rows)

    held = [np.logical_or.reduce([holds(one) for one in clause.terms]) != clause.negated for clause in clauses]
    passed: Mask = np.logical_and.reduce(held)
    return passed


def _narrows(clause: Clause) -> bool:
    """Whether it helps to know which documents are left: where words stand in sequence, and for groups."""
    return any(isinstance(one, Group) or (isinstance(one, Term) and len(one.words) > 1) for one in clause.terms)


def _effort(clause: Clause) -> tuple[bool, bool, bool, bool, int]:
    """Order clauses so that the costly ones see few candidates: groups and sequences last, and what must not be.

    Of equal ones, the rarest comes first.
    """
    terms = [one for one in clause.terms if isinstance(one, Term)]
    several = any(len(term.words) > 1 for term in terms)
    groups = any(isinstance(one, Group) for one in clause.terms)
    return clause.negated, groups, several, any(term.prefix or term.fuzzy for term in terms), -clause.rarity


def _most(segment: Segment, clause: Clause) -> int:
    """Return how many documents have a word of a clause at most."""
    terms = [one for one in clause.terms if isinstance(one, Term)]
    return sum(segment.known.words.at_most(word) for term in terms for word in _whole_words(term))


def _first(clause: Clause, worth_of: Worth, visible: Mask) -> Fit:
    if clause.negated:
        rows = np.flatnonzero(visible & (worth_of.dense() == 0))
        return Fit(rows=rows, scores=np.zeros(len(rows), np.int32))
    if worth_of.rows is None:
        rows = np.flatnonzero(visible & (worth_of.values != 0))
        return Fit(rows=rows, scores=worth_of.values.take(rows).astype(np.int32))
    seen = visible.take(worth_of.rows).nonzero()[0]
    return Fit(rows=worth_of.rows.take(seen).astype(np.int64), scores=worth_of.values.take(seen).astype(np.int32))


def _everything(visible: Mask) -> Fit:
    rows = np.flatnonzero(visible)
    return Fit(rows=rows, scores=np.zeros(len(rows), np.int32))


def _with_whole(fit: Fit, segment: Segment, visible: Mask, whole: str) -> Fit:
    """Return what fits together with what is called so, which is worth more for it."""
    called_so = _called_so(segment, visible, whole)
    if not len(called_so):
        return fit
    rows = np.union1d(fit.rows, called_so)
    scores = np.zeros(len(rows), np.int32)
    scores[np.searchsorted(rows, fit.rows)] = fit.scores
    scores[np.searchsorted(rows, called_so)] += WORTH_OF_WHOLE
    return Fit(rows=rows, scores=scores)


def _called_so(segment: Segment, visible: Mask, whole: str) -> NDArray[np.int64]:
    """Return the visible documents of which a name is this."""
    found = segment.contents.postings[Tier.NAMES].find(encoded(WHOLE + whole)).rows.astype(np.int64)
    return found[visible[found]]


def _clause_worth(clause: Clause, segment: Segment, candidates: Mask, tiers: Tiers, few: Rows | None = None) -> Worth:
    """Return what a clause is worth in each document.

    Where the candidates are ``few``, it may be 0 in all others.
    """
    alike = [each for one in clause.terms for each in _alike(one, clause.rarity, segment, candidates, tiers)]
    words = [each for one in clause.terms if isinstance(one, Term) for each in _words(one, clause, segment, tiers, few)]
    found = _best([pair for pair in alike if len(pair[0])], words, segment.contents.count)
    groups = [_group_worth(one, segment, candidates, tiers) for one in clause.terms if isinstance(one, Group)]
    return _with_groups(found, groups, several=clause.several) if groups else found


def _words(term: Term, clause: Clause, segment: Segment, tiers: Tiers, few: Rows | None) -> Iterator[Word]:
    """Yield who has a word that is the whole term, and what that is worth."""
    by_impact = _by_impact(term.eighths, clause.rarity)
    for word in _whole_words(term):
        for found in segment.weighed(word, tuple(tier for tier in term.tiers if tier in tiers)):
            kept = found if few is None else found.among(few)
            if len(kept.impacts):
                yield kept.rows, by_impact.take(kept.impacts)


def _best(alike: Sequence[tuple[AnyRows, int]], words: Sequence[Word], count: int) -> Worth:
    """Return the greatest worth of each document; one word alone stands as it is, few documents are sorted."""
    words = _telling(words)
    if not alike and len(words) == 1:
        return Worth(rows=words[0][0], values=words[0][1], count=count)
    touched = [rows for rows, _ in (*alike, *words) if rows is not None]
    if len(touched) == len(alike) + len(words) and sum(map(len, touched)) * FEW_SHARE < count:
        rows = np.concatenate([np.empty(0, np.int64), *touched])
        values = np.concatenate(
            [np.empty(0, np.uint16), *(np.full(len(each), value, np.uint16) for each, value in alike)]
            + [values for _, values in words]
        )
        order = np.lexsort((values, rows))
        rows, values = rows.take(order), values.take(order)
        last = np.flatnonzero(np.append(rows[1:] != rows[:-1], np.ones(min(len(rows), 1), np.bool_)))
        return Worth(rows=rows.take(last), values=values.take(last), count=count)
    found: Worths = np.zeros(count, np.uint16)
    for some, value in sorted(alike, key=lambda pair: pair[1]):
        found[some] = value
    for rows_of, values in words:
        if rows_of is None:
            np.maximum(found, values, out=found)
        else:
            found[rows_of] = np.maximum(found.take(rows_of), values)
    return Worth(rows=None, values=found, count=count)


def _telling(words: Sequence[Word]) -> Sequence[Word]:
    """Return the first word alone where the other is worth less in the same documents: none has it with an ending."""
    if len(words) != 2 or len(words[0][1]) != len(words[1][1]):  # noqa: PLR2004 — as typed, and without its ending
        return words
    (rows, worths), (others, less) = words
    same = rows is others if rows is None or others is None else np.array_equal(rows, others)
    return words[:1] if same and bool((worths >= less).all()) else words


def _with_groups(found: Worth, groups: Iterable[Worth], *, several: bool) -> Worth:
    """Return the best of a clause's alternatives, or their sum. A thousand rare words touch few documents each."""
    summed = found.dense().astype(np.int32)
    for group in groups:
        if group.rows is None or len(group.rows) * DENSE_SHARE > group.count:
            (np.add if several else np.maximum)(summed, group.dense(), out=summed)
        else:
            before = summed.take(group.rows)
            summed[group.rows] = before + group.values if several else np.maximum(before, group.values)
    return Worth(rows=None, values=summed, count=found.count)


def _group_worth(group: Group, segment: Segment, candidates: Mask, tiers: Tiers) -> Worth:
    if len(group.clauses) == 1 and not group.clauses[0].negated:
        return _clause_worth(group.clauses[0], segment, candidates, tiers)
    fit = _all(group.clauses, segment, candidates, tiers)
    return Worth(rows=fit.rows, values=np.maximum(fit.scores, WORTH_OF_NARROWING), count=len(candidates))


@lru_cache(1_024)
def _by_impact(eighths: int, rarity: int) -> ByImpact:
    return np.array([0, *(worth(impact, eighths, rarity) for impact in range(1, 256))], np.uint16)


def _whole_words(term: Term) -> list[str]:
    """Return the words that are the whole term."""
    alone = [term.words[0].text] if len(term.words) == 1 else []
    return [*alone, term.joined] if term.joined else alone


def _alike(
    one: Alternative, rarity: int, segment: Segment, candidates: Mask, tiers: Tiers
) -> Iterator[tuple[AnyRows, int]]:
    """Yield documents in which the alternative is worth the same, and what; a document may come more than once."""
    match one:
        case Term():
            yield from _term_alike(one, rarity, segment, candidates, tiers)
        case Having():
            wanted = chosen(segment.known.vocabularies, one.facet, [one.value])
            yield np.flatnonzero(segment.groups[one.facet].having(wanted, slice(None))), WORTH_OF_NARROWING
        case Linked():
            yield segment.rows_of(one.ids), WORTH_OF_NARROWING
        case Within():
            found = segment.contents.postings[Tier.DESCRIPTION].within(encoded(one.first), encoded(one.last))
            yield found.rows, WORTH_OF_NARROWING
        case Between():
            yield np.flatnonzero(segment.contents.columns.within(one, slice(None))), WORTH_OF_NARROWING


def _term_alike(
    term: Term, rarity: int, segment: Segment, candidates: Mask, tiers: Tiers
) -> Iterator[tuple[AnyRows, int]]:
    """Yield the same of a term; of one plain word nothing, for it has an impact in each document (``_words``)."""
    if not (term.prefix or term.fuzzy or len(term.words) > 1):
        return
    near = segment.known.words.near(term.joined or term.words[-1].text, term.fuzzy) if term.fuzzy else ()
    for tier in term.tiers:
        if tier in tiers:
            yield from _term_worth(term, rarity, segment.contents.postings[tier], tier, candidates)
            misspelt = worth(TYPICAL[tier], term.eighths, rarity, FUZZY_SHARE)
            for word in near:
                yield segment.contents.postings[tier].find(encoded(word)).rows, misspelt


def _term_worth(
    term: Term, rarity: int, postings: Postings, tier: Tier, candidates: Mask
) -> Iterator[tuple[AnyRows, int]]:
    """Yield the documents of one tier where a term stands as several words, or begins."""
    sequence = stretches(term, postings) if term.prefix or len(term.words) > 1 else []
    if len(sequence) > 1:
        yield standing(sequence, candidates), worth(TYPICAL[tier], term.eighths, rarity)
    if term.prefix and tier in tiers_of(term, prefix=True):
        begun = worth(TYPICAL[tier], term.eighths, rarity, BEGUN_SHARE)
        if term.joined:
            yield postings.beginning(encoded(term.joined)).rows, begun
        if sequence:
            growing = postings.beginning(encoded(term.words[-1].text))
            yield standing([*sequence[:-1], (growing, sequence[-1][1])], candidates), begun
