"""Which documents of a segment fit a search text, and what each match is worth: ``search.matching``, on arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from catalog.search.query import Clause, SearchText, Term
from catalog.search.relevance import (
    LIKE_KIND,
    LIKE_SHOW,
    LIKE_TAG,
    LIKE_WORD,
    WHOLE,
    WORTH,
    WORTH_OF_WHOLE,
    tiers_of,
)
from catalog.search.vocabulary import Facet, Tier
from catalog.search.whoosh_index.segment import Mask, Rows, Scores, Vocabularies
from catalog.search.whoosh_index.snapshot import Segment, chosen

Tiers = tuple[Tier, ...]


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """What other assets are compared with."""

    words: tuple[str, ...]
    tags: tuple[str, ...]
    kinds: tuple[str, ...]
    shows: tuple[str, ...]


def fitting(text: SearchText, segment: Segment, candidates: Mask, tiers: Tiers = tuple(Tier)) -> tuple[Mask, Scores]:
    """Return which candidates fit, and the scores, which mean something only there."""
    fit = candidates.copy()
    scores = np.zeros(segment.columns.count, np.int32)
    for clause in sorted(text.clauses, key=_effort):
        if not fit.any():
            break
        worth = _clause_worth(clause, segment, fit, tiers)
        fit &= (worth == 0) if clause.negated else (worth > 0)
        scores += worth
    if text.whole:
        named_so = segment.rows(Tier.NAMES, WHOLE + text.whole)
        named_so = named_so[candidates[named_so]]
        scores[named_so[~fit[named_so]]] = 0
        scores[named_so] += WORTH_OF_WHOLE
        fit[named_so] = True
    return fit, scores


def likeness(segment: Segment, vocabularies: Vocabularies, model: Likeness, candidates: Mask) -> tuple[Mask, Scores]:
    """Return which candidates share a tag or a word of the name with the model, and how much they share."""
    columns = segment.columns
    scores = np.zeros(columns.count, np.int32)
    tags = columns.groups[Facet.TAG]
    shared = chosen(vocabularies, Facet.TAG, model.tags)[tags.numbers]
    scores += LIKE_TAG * np.bincount(tags.rows[shared], minlength=columns.count).astype(np.int32)
    for word in model.words:
        scores[segment.rows(Tier.NAMES, word)] += LIKE_WORD
    alike = candidates & (scores > 0)
    for facet, values, worth in ((Facet.KIND, model.kinds, LIKE_KIND), (Facet.SHOW, model.shows, LIKE_SHOW)):
        wanted = chosen(vocabularies, facet, values)
        scores[columns.groups[facet].having(wanted, columns.count)] += worth
    return alike, scores


def _effort(clause: Clause) -> tuple[bool, bool]:
    """Order clauses so that the costly ones see few candidates: sequences and beginnings last."""
    return any(len(term.words) > 1 for term in clause.terms), any(term.prefix for term in clause.terms)


def _clause_worth(clause: Clause, segment: Segment, candidates: Mask, tiers: Tiers) -> Scores:
    worth = np.zeros(segment.columns.count, np.int32)
    for term in clause.terms:
        for rows, value in _term_worth(term, segment, candidates, tiers):
            worth[rows] = np.maximum(worth[rows], value)
    return worth


def _term_worth(term: Term, segment: Segment, candidates: Mask, tiers: Tiers) -> Iterator[tuple[Rows, int]]:
    """Yield documents and what the term is worth in them; a document may come more than once."""
    for tier in tiers:
        if term.joined:
            yield segment.rows(tier, term.joined), WORTH[tier]
        yield _standing(term, segment, tier, candidates), WORTH[tier]
        if term.prefix and tier in tiers_of(term, prefix=True):
            if term.joined:
                yield segment.rows_begun(tier, term.joined), WORTH[tier] // 2
            yield _standing(term, segment, tier, candidates, growing=True), WORTH[tier] // 2


def _standing(term: Term, segment: Segment, tier: Tier, candidates: Mask, *, growing: bool = False) -> Rows:
    """Return the documents where the term's words stand in sequence; the last one may go on where it is ``growing``."""
    *sequence, end = term.words
    ending = segment.rows_begun(tier, end.text) if growing else segment.rows(tier, end.text)
    if not sequence:
        return ending
    rows = ending[candidates[ending]]
    for word in sequence:
        rows = np.intersect1d(rows, segment.rows(tier, word.text), assume_unique=True)
        if not len(rows):
            return rows
    starts: dict[int, set[int]] = {}
    for last in segment.words(tier, end.text) if growing else [end.text]:
        having = np.intersect1d(rows, segment.rows(tier, last), assume_unique=True)
        for row, places in segment.places(tier, last, having) if len(having) else ():
            starts.setdefault(row, set()).update(place - end.at for place in places)
    for word in sequence:
        rows = _with_a_start(starts)
        for row, places in segment.places(tier, word.text, rows) if len(rows) else ():
            starts[row].intersection_update(place - word.at for place in places)
    return _with_a_start(starts)


def _with_a_start(starts: dict[int, set[int]]) -> Rows:
    return np.array(sorted(row for row, found in starts.items() if found), np.int32)
