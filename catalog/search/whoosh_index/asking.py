"""Answering from a snapshot: hits in order, totals, facet counts, suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.search.answers import completes, facet_counts, shared_out, tag_fits
from catalog.search.port import FacetCount, Hit, SearchAnswer, SearchQuery, Suggestion
from catalog.search.query import SearchText
from catalog.search.relevance import likeness_words, whole_id
from catalog.search.vocabulary import Facet, SuggestionKind, Tier
from catalog.search.whoosh_index.evaluation import Likeness, fitting, likeness
from catalog.search.whoosh_index.segment import Mask, Scores
from catalog.search.whoosh_index.snapshot import Segment, Snapshot, chosen


@dataclass(frozen=True, kw_only=True)
class _Found:
    """What fits in one segment before the selections, and which of it each selection lets through."""

    segment: Segment
    fit: Mask
    scores: Scores
    selected: dict[Facet, Mask]

    def hits(self, ignored: Facet | None = None) -> Mask:
        """Return what fits and passes all selections but the ignored facet's."""
        passed = self.fit
        for facet, admitted in self.selected.items():
            if facet is not ignored:
                passed = passed & admitted
        return passed


def search(snapshot: Snapshot, query: SearchQuery) -> SearchAnswer:
    """Answer a query."""
    model = _model(snapshot, query)
    nothing = query.like is not None and model is None
    found = [] if nothing else [_found(segment, snapshot, query, model) for segment in snapshot.segments]
    return SearchAnswer(
        total=sum(int(np.count_nonzero(part.hits())) for part in found),
        hits=_ordered([(part.segment, np.flatnonzero(part.hits()), part.scores) for part in found], query),
        facets={facet: _counts(snapshot, found, facet) for facet in query.facets},
        seq=snapshot.seq,
    )


def suggest(
    snapshot: Snapshot, text: SearchText, audiences: frozenset[str] | None, limit: int
) -> tuple[Suggestion, ...]:
    """Complete a text."""
    if not completes(text):
        return ()
    found = []
    for segment in snapshot.segments:
        fit, scores = fitting(text, segment, segment.visible(audiences), (Tier.NAMES,))
        found.append((segment, np.flatnonzero(fit), scores))
    query = SearchQuery(audiences=audiences, limit=limit)
    assets = [_asset(snapshot, hit) for hit in _ordered(found, query)]
    return shared_out(assets, _tags(snapshot, text, audiences), limit)


def _found(segment: Segment, snapshot: Snapshot, query: SearchQuery, model: Likeness | None) -> _Found:
    fit, scores = fitting(query.text, segment, segment.visible(query.audiences))
    if model is not None:
        alike, likenesses = likeness(segment, snapshot.vocabularies, model, fit)
        at = segment.find(query.like) if query.like else None
        if at is not None:
            alike[at] = False
        fit, scores = alike, scores + likenesses
    selected = {}
    for facet, selection in query.selections.items():
        grouping, count = segment.columns.groups[facet], segment.columns.count
        admitted = ~grouping.having(chosen(snapshot.vocabularies, facet, selection.exclude), count)
        if selection.include:
            admitted &= grouping.having(chosen(snapshot.vocabularies, facet, selection.include), count)
        selected[facet] = admitted
    return _Found(segment=segment, fit=fit, scores=scores, selected=selected)


def _model(snapshot: Snapshot, query: SearchQuery) -> Likeness | None:
    """Return what look-alikes are compared with, or None where the viewer may not know of it."""
    for segment in snapshot.segments if query.like else ():
        row = segment.find(query.like) if query.like else None
        if row is not None and segment.visible(query.audiences)[row]:
            return Likeness(
                words=likeness_words(segment.named(row)[1]),
                tags=segment.values(Facet.TAG, row),
                kinds=segment.values(Facet.KIND, row),
                shows=segment.values(Facet.SHOW, row),
            )
    return None


def _counts(snapshot: Snapshot, found: Sequence[_Found], facet: Facet) -> tuple[FacetCount, ...]:
    vocabulary = snapshot.vocabularies[facet]
    size = len(vocabulary)
    counted = np.zeros(size, np.int64)
    for part in found:
        counted += part.segment.columns.groups[facet].count(part.hits(ignored=facet), size)
    return facet_counts({vocabulary.values[number]: int(counted[number]) for number in np.flatnonzero(counted)})


def _ordered(found: Sequence[tuple[Segment, NDArray[np.intp], Scores]], query: SearchQuery) -> tuple[Hit, ...]:
    """Return the first hits in the query's order after ``query.after``."""
    parts = [segment.columns.positions(query.sort, rows, scores) for segment, rows, scores in found if len(rows)]
    if not parts:
        return ()
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    scores = np.concatenate([scores[rows] for _, rows, scores in found if len(rows)])
    at = np.arange(len(scores)) if query.after is None else np.flatnonzero(_beyond(columns, query.after))
    return tuple(
        Hit(
            id=whole_id(int(columns[-2][place]), int(columns[-1][place])),
            score=int(scores[place]),
            position=tuple(int(column[place]) for column in columns),
        )
        for place in _smallest(columns, at, query.limit)
    )


def _beyond(columns: Sequence[NDArray[Any]], position: tuple[int, ...]) -> Mask:
    """Return which rows stand after a position."""
    beyond = np.zeros(len(columns[0]), np.bool_)
    level = np.ones(len(columns[0]), np.bool_)
    for column, value in zip(columns, position, strict=True):
        beyond |= level & (column > value)
        level &= column == value
    return beyond


def _smallest(columns: Sequence[NDArray[Any]], at: NDArray[np.intp], limit: int) -> NDArray[np.intp]:
    """Return the first ``limit`` of these rows in order, without sorting the others."""
    sure: list[NDArray[np.intp]] = []
    missing = limit
    for column in columns:
        if len(at) <= missing or missing <= 0:
            break
        values = column[at]
        last = np.partition(values, missing - 1)[missing - 1]
        sure.append(at[values < last])
        missing -= len(sure[-1])
        at = at[values == last]
    chosen_rows = np.concatenate([*sure, at[:missing]])
    return chosen_rows[np.lexsort([column[chosen_rows] for column in reversed(columns)])]


def _asset(snapshot: Snapshot, hit: Hit) -> Suggestion:
    for segment in snapshot.segments:
        row = segment.find(hit.id)
        if row is not None:
            code, name = segment.named(row)
            break
    return Suggestion(kind=SuggestionKind.ASSET, text=name, asset_id=hit.id, code=code)


def _tags(snapshot: Snapshot, text: SearchText, audiences: frozenset[str] | None) -> list[Suggestion]:
    vocabulary = snapshot.vocabularies[Facet.TAG]
    counted = np.zeros(len(vocabulary), np.int64)
    for segment in snapshot.segments:
        counts = segment.tag_counts(audiences)
        counted[: len(counts)] += counts
    endings = {ending for term in text.clauses[-1].terms for ending in (term.words[-1].text, term.joined) if ending}
    likely = {number for ending in endings for number in vocabulary.having_word(ending) if number < len(counted)}
    fitting_tags = [
        (vocabulary.values[number], int(counted[number]))
        for number in likely
        if counted[number] and tag_fits(text, vocabulary.values[number])
    ]
    return [
        Suggestion(kind=SuggestionKind.TAG, text=tag, count=count)
        for tag, count in sorted(fitting_tags, key=lambda pair: (-pair[1], pair[0]))
    ]
