"""Answering from a snapshot: hits in order, totals, facet counts, suggestions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from catalog.search.answers import completes, endings, shared_out, tag_fits
from catalog.search.facets import bins_of, field_of
from catalog.search.port import FacetCount, Hit, SearchAnswer, SearchQuery, Selection, Suggestion
from catalog.search.rating import rarities_in, rated, rated_as_before
from catalog.search.relevance import likeness_words
from catalog.search.terms import SearchText
from catalog.search.vocabulary import Facet, Sort, SuggestionKind
from catalog.search.whoosh_index.carrying import Terms, carrying
from catalog.search.whoosh_index.contents import Mask
from catalog.search.whoosh_index.counting import Counts, Tally
from catalog.search.whoosh_index.evaluation import Fit, first_named, fitting
from catalog.search.whoosh_index.likening import Likeness, likeness
from catalog.search.whoosh_index.ordering import Found, Proposal, first, proposed
from catalog.search.whoosh_index.segment import Vocabulary, chosen
from catalog.search.whoosh_index.snapshot import Segment, Snapshot

FEW = 1 << 11
"""Fewer hits of a segment are counted by all facets at once."""

_FACET_COUNT = partial(tuple.__new__, FacetCount)
"""Makes a count of value and number, five times as fast as by name: an answer may have thousands."""


@dataclass(frozen=True, kw_only=True)
class _Part:
    """What fits in one segment before the selections, and which of it each selection lets through."""

    segment: Segment
    fit: Fit
    selected: dict[str, Mask]

    def hits(self, ignored: str | None = None) -> Fit:
        """Return what fits and passes all selections but the ignored facet's."""
        passed: Mask | None = None
        for facet, admitted in self.selected.items():
            if facet != ignored:
                passed = admitted if passed is None else passed & admitted
        return self.fit if passed is None else self.fit.only(passed)


def search(snapshot: Snapshot, query: SearchQuery) -> SearchAnswer:
    """Answer a query."""
    query = replace(query, text=_rated(snapshot, query))
    model = _model(snapshot, query)
    nothing = query.like is not None and model is None
    counting = _Counting(snapshot, query)
    proposals: list[Proposal] = []
    total = 0
    # One segment after the other, so that what is in hand stays in the processor's cache.
    for segment in () if nothing else snapshot.segments:
        mask = _looked_at(segment, query)
        if mask is not None:
            part = _part(segment, snapshot, query, model, mask)
            fit = part.hits()
            total += len(fit.rows)
            counting.count(part, fit)
            floor = proposals[-1].floor if proposals else 0
            proposals.append(proposed(segment, fit, query.sort, query.limit, after=query.after, floor=floor))
    return SearchAnswer(
        total=total,
        hits=tuple(map(_hit, first(proposals, query.sort, query.limit))),
        facets=counting.ordered(),
        seq=snapshot.seq,
        rarities=rarities_in(query.text),
    )


def suggest(
    snapshot: Snapshot, text: SearchText, audiences: frozenset[str] | None, limit: int
) -> tuple[Suggestion, ...]:
    """Complete a text."""
    if not completes(text):
        return ()
    proposals: list[Proposal] = []
    for segment in snapshot.segments:
        fit = first_named(text, segment, segment.visible(audiences).mask, limit)
        floor = proposals[-1].floor if proposals else 0
        proposals.append(proposed(segment, fit, Sort.RELEVANCE, limit, floor=floor))
    assets = [_asset(found) for found in first(proposals, Sort.RELEVANCE, limit)]
    return shared_out(assets, _tags(snapshot, text, audiences), limit)


def counts(snapshot: Snapshot, facet: Facet, audiences: frozenset[str] | None) -> tuple[FacetCount, ...]:
    """Count what a viewer may know of under each value of a facet."""
    vocabulary, numbers = snapshot.vocabularies[facet], snapshot.by_use(facet, audiences)
    return _counts(vocabulary, numbers, snapshot.totals(facet, audiences))


def _rated(snapshot: Snapshot, query: SearchQuery) -> SearchText:
    """Return the text with rarities: as they were on the page before, or counted over what the viewer sees."""
    if query.rarities is not None:
        return rated_as_before(query.text, query.rarities)

    def frequency(word: str, begins: bool) -> int:  # noqa: FBT001 — as it is asked
        return sum(segment.frequency(word, query.audiences, begins=begins) for segment in snapshot.segments)

    visible = sum(segment.visible(query.audiences).count for segment in snapshot.segments)
    return rated(query.text, frequency, visible)


def _looked_at(segment: Segment, query: SearchQuery) -> Mask | None:
    """Return which documents of a segment are looked at, or None where it has none of those that are asked about."""
    rows = None if query.among is None else segment.rows_of(query.among)
    if rows is not None and not len(rows):
        return None
    visible = segment.visible(query.audiences).mask
    if rows is None:
        return visible
    mask = np.zeros(len(visible), np.bool_)
    mask[rows] = visible[rows]
    return mask


def _part(segment: Segment, snapshot: Snapshot, query: SearchQuery, model: Likeness | None, mask: Mask) -> _Part:
    fit = fitting(query.text, segment, mask)
    if model is not None:
        fit = likeness(segment, snapshot.vocabularies, model, fit)
        itself = segment.find(query.like) if query.like else None
        if itself is not None:
            fit = fit.only(fit.rows != itself)
    if query.priors and query.sort is Sort.RELEVANCE:
        fit = replace(fit, scores=fit.scores + segment.contents.columns.priors.take(fit.rows))
    selected = {
        facet: _admitted(segment, snapshot, facet, selection, fit.rows) for facet, selection in query.selections.items()
    }
    return _Part(segment=segment, fit=fit, selected=selected)


def _admitted(segment: Segment, snapshot: Snapshot, facet: str, selection: Selection, rows: NDArray[np.int64]) -> Mask:
    """Return which of these documents a selection lets through."""

    def having(values: frozenset[str]) -> Mask:
        if name := field_of(facet):
            return carrying(segment, name, values)[rows]
        if bins := bins_of(facet):
            found = np.zeros(len(rows), np.bool_)
            for between in filter(None, map(bins.read, values)):
                found |= segment.contents.columns.within(between, rows)
            return found
        return segment.groups[facet].having(chosen(snapshot.vocabularies, facet, values), rows)

    admitted = np.ones(len(rows), np.bool_)
    if selection.exclude:
        admitted &= ~having(selection.exclude)
    if selection.include:
        admitted &= having(selection.include)
    return admitted


def _model(snapshot: Snapshot, query: SearchQuery) -> Likeness | None:
    """Return what look-alikes are compared with, or None where the viewer may not know of it."""
    if query.like is None:
        return None
    for segment in snapshot.segments:
        row = segment.find(query.like)
        if row is not None and segment.visible(query.audiences).mask[row]:
            return Likeness(
                words=likeness_words(segment.name(row)),
                tags=tuple(segment.groups[Facet.TAG].of(row)),
                kinds=tuple(segment.groups[Facet.KIND].of(row)),
                shows=tuple(segment.groups[Facet.SHOW].of(row)),
            )
    return None


class _Counting:
    """The counts of all facets that are asked for; those that nothing is selected of are counted together."""

    def __init__(self, snapshot: Snapshot, query: SearchQuery) -> None:
        self._snapshot = snapshot
        self._query = query
        self._tally = Tally(snapshot.sizes)
        self._apart = Tally(snapshot.sizes)
        self._terms = {facet: Terms(name, query.audiences) for facet in query.facets if (name := field_of(facet))}
        grouped = [facet for facet in query.facets if facet not in self._terms]
        self._together: dict[str, Counts] = {
            facet: self._tally.of[facet] for facet in grouped if facet not in query.selections
        }
        self._alone = [facet for facet in grouped if facet in query.selections]

    def count(self, part: _Part, fit: Fit) -> None:
        """Count what fits in a segment."""
        audiences = self._query.audiences
        if self._together and len(fit.rows) < FEW:
            part.segment.tally_few(fit.rows, self._tally)
        else:
            part.segment.tally(fit.rows, self._together, audiences)
        for facet in self._alone:
            part.segment.tally(part.hits(ignored=facet).rows, {facet: self._apart.of[facet]}, audiences)
        for facet, terms in self._terms.items():
            rows = part.hits(ignored=facet).rows if facet in self._query.selections else fit.rows
            terms.count(part.segment, rows)

    def ordered(self) -> dict[str, tuple[FacetCount, ...]]:
        """Return the counts, most frequent values first, and after them values without a hit."""
        return {facet: self._ordered(facet) for facet in self._query.facets}

    def _ordered(self, facet: str) -> tuple[FacetCount, ...]:
        if facet in self._terms:
            return self._terms[facet].ordered(self._snapshot.segments, self._query)
        counted = (self._apart if facet in self._query.selections else self._tally).of[facet][:-1]
        vocabulary = self._snapshot.vocabularies[facet]
        numbers = vocabulary.ordered(counted)
        most = self._query.most
        if most is None or len(numbers) < most or facet in self._query.selections:
            visible = self._snapshot.by_use(facet, self._query.audiences)
            likely = visible[: len(numbers) + self._query.zeros]
            numbers = np.concatenate([numbers, likely[counted.take(likely) == 0][: self._query.zeros]])
        return _counts(vocabulary, numbers if most is None else self._first(facet, numbers, most), counted)

    def _first(self, facet: str, numbers: NDArray[np.int64], most: int) -> NDArray[np.int64]:
        """Return as many values as are asked for, and what is selected (``answers.first_counts``)."""
        if facet not in self._query.selections:
            return numbers[:most]
        selected = chosen(self._snapshot.vocabularies, facet, self._query.selections[facet].values)
        return np.concatenate([numbers[:most], numbers[most:][selected.take(numbers[most:])]])


def _counts(vocabulary: Vocabulary, numbers: NDArray[np.int64], counted: Counts) -> tuple[FacetCount, ...]:
    """Return what was counted of these values, in their order."""
    values = map(vocabulary.values.__getitem__, numbers.tolist())
    return tuple(map(_FACET_COUNT, zip(values, counted.take(numbers).tolist(), strict=True)))


def _hit(found: Found) -> Hit:
    return Hit(id=found.id, score=found.score, position=found.position)


def _asset(found: Found) -> Suggestion:
    return Suggestion(
        kind=SuggestionKind.ASSET,
        text=found.segment.name(found.row),
        asset_id=found.id,
        code=found.segment.code(found.row),
    )


def _tags(snapshot: Snapshot, text: SearchText, audiences: frozenset[str] | None) -> list[Suggestion]:
    vocabulary = snapshot.vocabularies[Facet.TAG]
    counted = snapshot.totals(Facet.TAG, audiences)
    likely = {number for ending in endings(text) for number in vocabulary.having_word(ending) if number < len(counted)}
    fitting_tags = [
        (vocabulary.values[number], int(counted[number]))
        for number in likely
        if counted[number] and tag_fits(text, vocabulary.values[number])
    ]
    return [
        Suggestion(kind=SuggestionKind.TAG, text=tag, count=count)
        for tag, count in sorted(fitting_tags, key=lambda pair: (-pair[1], pair[0]))
    ]
