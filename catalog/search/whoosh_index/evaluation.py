"""Which documents of a segment fit a search text, and what each match is worth: ``search.matching``, on arrays.

The first clause picks documents, each further one looks at those that are left. A clause writes what its words are
worth into one number per document: first what is worth the same in many documents, the least first, so that the
greatest remains, and then each word by its impacts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.search.recorded import Within
from catalog.search.relevance import (
    BEGUN_SHARE,
    FUZZY_SHARE,
    LIKE_KIND,
    LIKE_SHOW,
    LIKE_TAG,
    LIKE_WORD,
    TYPICAL,
    WORTH_OF_NARROWING,
    WORTH_OF_WHOLE,
    tiers_of,
    worth,
)
from catalog.search.terms import Alternative, Between, Clause, Group, Having, Linked, SearchText, Term
from catalog.search.text import WHOLE
from catalog.search.vocabulary import Facet, Tier
from catalog.search.whoosh_index.contents import Mask
from catalog.search.whoosh_index.postings import Postings, Rows, Stretch
from catalog.search.whoosh_index.schema import encoded
from catalog.search.whoosh_index.segment import Vocabularies, chosen
from catalog.search.whoosh_index.snapshot import Segment

Tiers = tuple[Tier, ...]
Scores = NDArray[np.int32]
Worths = NDArray[np.integer[Any]]
AnyRows = Rows | NDArray[np.int64]
ByImpact = NDArray[np.uint16]
"""What a word is worth by its impact."""
Touched = Sequence[AnyRows] | None
"""Documents that a clause has looked at, perhaps several times; None where it looked at all."""

FEW_SHARE = 64
"""Where one document in so many may fit, those are looked at in place of all."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """The documents that fit, ascending, and the score of each."""

    rows: NDArray[np.int64]
    scores: Scores

    def only(self, kept: Mask) -> Fit:
        """Return those that the mask keeps."""
        return Fit(rows=self.rows[kept], scores=self.scores[kept])


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """What other assets are compared with."""

    words: tuple[str, ...]
    tags: tuple[str, ...]
    kinds: tuple[str, ...]
    shows: tuple[str, ...]


def fitting(text: SearchText, segment: Segment, visible: Mask, tiers: Tiers = tuple(Tier)) -> Fit:
    """Return which of the visible documents fit."""
    fit = _all(text.clauses, segment, visible, tiers)
    return _with_whole(fit, segment, visible, text.whole) if text.whole else fit


def likeness(segment: Segment, vocabularies: Vocabularies, model: Likeness, fit: Fit) -> Fit:
    """Return which of these share a tag or a word of the name with the model, with how much they share added."""
    shared = np.zeros(segment.contents.count, np.int32)
    for tag in model.tags:
        wanted = chosen(vocabularies, Facet.TAG, [tag])
        shared[fit.rows[segment.groups[Facet.TAG].having(wanted, fit.rows)]] += LIKE_TAG
    for word in model.words:
        shared[segment.contents.postings[Tier.NAMES].find(encoded(word)).rows] += LIKE_WORD
    alike = Fit(rows=fit.rows, scores=fit.scores + shared[fit.rows]).only(shared[fit.rows] > 0)
    scores = alike.scores
    for facet, values, weight in ((Facet.KIND, model.kinds, LIKE_KIND), (Facet.SHOW, model.shows, LIKE_SHOW)):
        wanted = chosen(vocabularies, facet, values)
        scores = scores + segment.groups[facet].having(wanted, alike.rows) * np.int32(weight)
    return Fit(rows=alike.rows, scores=scores)


def _all(clauses: Iterable[Clause], segment: Segment, visible: Mask, tiers: Tiers) -> Fit:
    """Return which of the visible documents fit all clauses."""
    fit: Fit | None = None
    for clause in sorted(clauses, key=_effort):
        if fit is not None and not len(fit.rows):
            break
        candidates = visible if fit is None else _mask(fit.rows, len(visible))
        few = None if fit is None or len(fit.rows) * FEW_SHARE > len(visible) else fit.rows.astype(np.int32)
        worths, touched = _clause_worth(clause, segment, candidates, tiers, few)
        if fit is None:
            fit = _first(clause, worths, touched, visible)
            continue
        found = worths[fit.rows]
        fit = Fit(rows=fit.rows, scores=fit.scores + found).only((found == 0) if clause.negated else (found > 0))
    return _everything(visible) if fit is None else fit


def _effort(clause: Clause) -> tuple[bool, bool, bool, bool, int]:
    """Order clauses so that the costly ones see few candidates: groups and sequences last, and what must not be.

    Of equal ones, the rarest comes first.
    """
    terms = [one for one in clause.terms if isinstance(one, Term)]
    several = any(len(term.words) > 1 for term in terms)
    groups = any(isinstance(one, Group) for one in clause.terms)
    return clause.negated, groups, several, any(term.prefix or term.fuzzy for term in terms), -clause.rarity


def _first(clause: Clause, worths: Worths, touched: Touched, visible: Mask) -> Fit:
    if clause.negated:
        rows = np.flatnonzero(visible & (worths == 0))
        return Fit(rows=rows, scores=np.zeros(len(rows), np.int32))
    if touched is not None and sum(map(len, touched)) * FEW_SHARE < len(visible):
        rows = np.unique(np.concatenate([np.empty(0, np.int64), *touched]))
        rows = rows[visible.take(rows) & (worths.take(rows) != 0)]
    else:
        rows = np.flatnonzero(visible & (worths != 0))
    return Fit(rows=rows, scores=worths.take(rows).astype(np.int32))


def _everything(visible: Mask) -> Fit:
    rows = np.flatnonzero(visible)
    return Fit(rows=rows, scores=np.zeros(len(rows), np.int32))


def _with_whole(fit: Fit, segment: Segment, visible: Mask, whole: str) -> Fit:
    """Return what fits together with what is called so, which is worth more for it."""
    called_so = segment.contents.postings[Tier.NAMES].find(encoded(WHOLE + whole)).rows.astype(np.int64)
    called_so = called_so[visible[called_so]]
    if not len(called_so):
        return fit
    rows = np.union1d(fit.rows, called_so)
    scores = np.zeros(len(rows), np.int32)
    scores[np.searchsorted(rows, fit.rows)] = fit.scores
    scores[np.searchsorted(rows, called_so)] += WORTH_OF_WHOLE
    return Fit(rows=rows, scores=scores)


def _clause_worth(
    clause: Clause, segment: Segment, candidates: Mask, tiers: Tiers, few: Rows | None = None
) -> tuple[Worths, Touched]:
    """Return what a clause is worth in each document, 0 where it does not hold, and where it may hold.

    Where the candidates are ``few``, it may be 0 in all others.
    """
    terms = [one for one in clause.terms if isinstance(one, Term)]
    alike = [each for one in clause.terms for each in _alike(one, clause.rarity, segment, candidates, tiers)]
    found: Worths = np.zeros(segment.contents.count, np.uint16)
    for rows, value in sorted(alike, key=lambda pair: pair[1]):
        found[rows] = value
    touched = [rows for rows, _ in alike]
    untouched = not alike
    for term, word in [(one, word) for one in terms for word in _whole_words(one)]:
        by_impact = _by_impact(term.eighths, clause.rarity)
        for tier in (tier for tier in term.tiers if tier in tiers):
            stretch = segment.contents.postings[tier].find(encoded(word))
            if few is not None:
                stretch = stretch.among(few)
            values = by_impact.take(stretch.impacts)
            found[stretch.rows] = values if untouched else np.maximum(found.take(stretch.rows), values)
            touched.append(stretch.rows)
        # In all tiers one word is worth the same, so only the next can be worth less.
        untouched = False
    groups = [_group_worth(one, segment, candidates, tiers) for one in clause.terms if isinstance(one, Group)]
    return (_with_groups(found, groups, several=clause.several), None) if groups else (found, touched)


def _with_groups(found: Worths, groups: Iterable[Worths], *, several: bool) -> Worths:
    summed = found.astype(np.int32)
    for group in groups:
        (np.add if several else np.maximum)(summed, group, out=summed)
    return summed


def _group_worth(group: Group, segment: Segment, candidates: Mask, tiers: Tiers) -> Worths:
    if len(group.clauses) == 1 and not group.clauses[0].negated:
        return _clause_worth(group.clauses[0], segment, candidates, tiers)[0]
    fit = _all(group.clauses, segment, candidates, tiers)
    found = np.zeros(segment.contents.count, np.int32)
    found[fit.rows] = np.maximum(fit.scores, WORTH_OF_NARROWING)
    return found


@lru_cache(1_024)
def _by_impact(eighths: int, rarity: int) -> ByImpact:
    return np.array([worth(impact, eighths, rarity) for impact in range(256)], np.uint16)


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
            for tier in one.tiers:
                if tier in tiers:
                    yield from _term_worth(one, rarity, segment.contents.postings[tier], tier, candidates)
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


def _term_worth(
    term: Term, rarity: int, postings: Postings, tier: Tier, candidates: Mask
) -> Iterator[tuple[AnyRows, int]]:
    """Yield the documents of one tier where a term stands as several words, begins, or is misspelt."""
    sequence = _stretches(term, postings)
    if len(sequence) > 1:
        yield _standing(sequence, candidates), worth(TYPICAL[tier], term.eighths, rarity)
    if term.prefix and tier in tiers_of(term, prefix=True):
        begun = worth(TYPICAL[tier], term.eighths, rarity, BEGUN_SHARE)
        if term.joined:
            yield postings.beginning(encoded(term.joined)).rows, begun
        if sequence:
            growing = postings.beginning(encoded(term.words[-1].text))
            yield _standing([*sequence[:-1], (growing, sequence[-1][1])], candidates), begun
    if term.fuzzy:
        misspelt = worth(TYPICAL[tier], term.eighths, rarity, FUZZY_SHARE)
        for word in postings.lexicon.near(term.joined or term.words[-1].text, term.fuzzy):
            yield postings.find(encoded(word)).rows, misspelt


def _stretches(term: Term, postings: Postings) -> list[tuple[Stretch, int]]:
    """Return where each word of a term stands; nothing where one before the last stands nowhere."""
    known: dict[str, Stretch] = {}
    found = []
    for number, word in enumerate(term.words, 1):
        stretch = known.get(word.text)
        if stretch is None:
            stretch = known[word.text] = postings.find(encoded(word.text))
            if not len(stretch.rows) and number < len(term.words):
                return []
        found.append((stretch, word.at))
    return found


def _standing(sequence: Sequence[tuple[Stretch, int]], candidates: Mask) -> AnyRows:
    """Return the documents where words stand in sequence, each so far from the start as is said with it."""
    if len(sequence) == 1:
        return sequence[0][0].rows
    rarest_first = sorted(sequence, key=lambda pair: len(pair[0].rows))
    having = candidates
    for stretch in {id(stretch): stretch for stretch, _ in rarest_first}.values():
        having = having & _mask(stretch.rows, len(candidates))
        if not having.any():
            return np.empty(0, np.int64)
    starts: NDArray[np.int64] | None = None
    for stretch, at in rarest_first:
        found = stretch.standing_in(having) - at
        starts = found if starts is None else starts[_among(starts, np.sort(found))]
        if not len(starts):
            break
    return np.unique(starts >> 32) if starts is not None else np.empty(0, np.int64)


def _among(values: NDArray[np.int64], known: NDArray[np.int64]) -> Mask:
    """Return which values are among the known ones, which ascend."""
    if not len(known):
        return np.zeros(len(values), np.bool_)
    at = np.searchsorted(known, values)
    at[at == len(known)] = 0
    found: Mask = known[at] == values
    return found


def _mask(rows: AnyRows, count: int) -> Mask:
    found = np.zeros(count, np.bool_)
    found[rows] = True
    return found
