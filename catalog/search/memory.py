"""A search index in memory: the plain reading of the port, for tests and for catalogues of a few thousand assets.

It answers by looking at every document, forgets all when the process ends, and serves one process.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from threading import Lock
from uuid import UUID

from catalog.search.answers import admits, completes, facet_counts, refuse_gap, shared_out, tag_fits
from catalog.search.matching import text_score
from catalog.search.port import (
    Change,
    Document,
    FacetCount,
    Hit,
    Removal,
    SearchAnswer,
    SearchIndex,
    SearchQuery,
    Suggestion,
)
from catalog.search.rating import rarities_in, rated, rated_as_before
from catalog.search.relevance import (
    LIKE_KIND,
    LIKE_SHOW,
    LIKE_TAG,
    LIKE_WORD,
    Searched,
    Standing,
    digest,
    likeness_words,
    prior,
    searchable,
    standing,
    tiers_of_word,
)
from catalog.search.terms import Having, Linked, Narrowing, SearchText
from catalog.search.vocabulary import Facet, Sort, SuggestionKind, Tier


@dataclass(frozen=True, kw_only=True)
class _Held:
    """A document with everything that is asked of it."""

    document: Document
    words: Searched
    standing: Standing
    digest: int

    def holds(self, narrowing: Narrowing) -> bool:
        """Whether the document has a facet's value, lies within a range, or is tied to another."""
        if isinstance(narrowing, Having):
            return narrowing.value in self.document.values_of(narrowing.facet)
        if isinstance(narrowing, Linked):
            return self.document.id in narrowing.ids
        measured = self.document.measure(narrowing.measure)
        return measured is not None and narrowing.admits(measured)


@dataclass(frozen=True, kw_only=True)
class _State:
    """What readers see: replaced as a whole, never changed."""

    held: Mapping[UUID, _Held] = field(default_factory=dict)
    seq: int = 0


class MemoryIndex:
    """The port, word for word."""

    def __init__(self) -> None:
        self._state = _State()
        self._writing = Lock()

    @property
    def seq(self) -> int:
        """The ledger's entry up to which the documents have followed."""
        return self._state.seq

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Answer a query."""
        state = self._state
        query = replace(query, text=_rated(state, query))
        fitting = [(held, score) for held, score in _scored(state, query) if score is not None]
        hits = [
            Hit(id=held.document.id, score=score, position=held.standing.position(query.sort, score))
            for held, score in fitting
            if _selected(held.document, query)
        ]
        visible = [held.document for held in state.held.values() if held.document.visible_to(query.audiences)]
        following = sorted(
            (hit for hit in hits if query.after is None or hit.position > query.after), key=lambda hit: hit.position
        )
        return SearchAnswer(
            total=len(hits),
            hits=tuple(following[: query.limit]),
            facets={facet: _counts(facet, fitting, visible, query) for facet in query.facets},
            seq=state.seq,
            rarities=rarities_in(query.text),
        )

    def suggest(self, text: SearchText, audiences: frozenset[str] | None, limit: int) -> tuple[Suggestion, ...]:
        """Complete a text."""
        visible = [held for held in self._state.held.values() if held.document.visible_to(audiences)]
        if not completes(text):
            return ()
        scored = [
            (held.standing.position(Sort.RELEVANCE, score), held.document)
            for held in visible
            if (score := text_score(text, held.words, (Tier.NAMES,), held.holds)) is not None
        ]
        assets = [
            Suggestion(kind=SuggestionKind.ASSET, text=document.name, asset_id=document.id, code=document.code)
            for _, document in sorted(scored, key=lambda pair: pair[0])
        ]
        used = Counter(tag for held in visible for tag in held.document.values_of(Facet.TAG))
        tags = [
            Suggestion(kind=SuggestionKind.TAG, text=tag, count=count)
            for tag, count in sorted(used.items(), key=lambda pair: (-pair[1], pair[0]))
            if tag_fits(text, tag)
        ]
        return shared_out(assets, tags, limit)

    def counts(self, facet: Facet, audiences: frozenset[str] | None) -> tuple[FacetCount, ...]:
        """Count the visible documents under each value of a facet."""
        visible = (held.document for held in self._state.held.values() if held.document.visible_to(audiences))
        counted = Counter(value for each in visible for value in each.values_of(facet))
        return facet_counts(counted, {}, SearchQuery(audiences=audiences), facet)

    def write(self, changes: Iterable[Change], after_seq: int, through_seq: int) -> None:
        """Make all these changes in one step."""
        prepared = [_held(change) if isinstance(change, Document) else change for change in changes]
        with self._writing:
            refuse_gap(self._state.seq, after_seq, through_seq)
            held = dict(self._state.held)
            for change in prepared:
                if isinstance(change, Removal):
                    held.pop(change.id, None)
                else:
                    held[change.document.id] = change
            self._state = _State(held=held, seq=through_seq)

    def digests(self) -> Iterator[tuple[UUID, int]]:
        """Yield id and digest of every document, by id."""
        state = self._state
        return ((asset_id, state.held[asset_id].digest) for asset_id in sorted(state.held))

    @contextmanager
    def rebuilding(self) -> Iterator[SearchIndex]:
        """Open an empty index that takes this one's place when the block ends well."""
        fresh = MemoryIndex()
        yield fresh
        with self._writing:
            self._state = fresh._state


def _held(document: Document) -> _Held:
    return _Held(document=document, words=searchable(document), standing=standing(document), digest=digest(document))


def _scored(state: _State, query: SearchQuery) -> Iterator[tuple[_Held, int | None]]:
    """Yield every visible document with its score for text and likeness, None where it does not fit."""
    likeness = _likeness_to(state, query)
    among = state.held if query.among is None else query.among
    for held in (state.held[one] for one in among if one in state.held):
        if held.document.visible_to(query.audiences):
            score = text_score(query.text, held.words, holds=held.holds)
            like = likeness(held) if score is not None else None
            lately = prior(held.standing.updated_us) if query.priors and query.sort is Sort.RELEVANCE else 0
            yield held, None if score is None or like is None else score + like + lately


def _rated(state: _State, query: SearchQuery) -> SearchText:
    """Return the text with rarities: as they were on the page before, or counted over what the viewer sees."""
    if query.rarities is not None:
        return rated_as_before(query.text, query.rarities)
    visible = [held.words.words for held in state.held.values() if held.document.visible_to(query.audiences)]

    @cache
    def frequency(word: str, begins: bool) -> int:  # noqa: FBT001 — as it is asked
        def has(tiers: Mapping[Tier, Mapping[str, object]]) -> bool:
            if not begins:
                return any(word in found for found in tiers.values())
            return any(one.startswith(word) for tier in tiers_of_word(word, prefix=True) for one in tiers[tier])

        return sum(map(has, visible))

    return rated(query.text, frequency, len(visible))


def _likeness_to(state: _State, query: SearchQuery) -> Callable[[_Held], int | None]:
    """Return the measure of likeness; it says None of what shares neither tag nor word."""
    if query.like is None:
        return lambda _held: 0
    model = state.held.get(query.like)
    if model is None or not model.document.visible_to(query.audiences):
        return lambda _held: None
    tags, shows = set(model.document.values_of(Facet.TAG)), set(model.document.shows)
    words = likeness_words(model.document.name)

    def measured(held: _Held) -> int | None:
        document = held.document
        shared = LIKE_TAG * len(tags.intersection(document.values_of(Facet.TAG)))
        shared += LIKE_WORD * sum(word in held.words.words[Tier.NAMES] for word in words)
        if not shared or document.id == model.document.id:
            return None
        shared += LIKE_KIND * (document.kind == model.document.kind)
        return shared + LIKE_SHOW * (not shows.isdisjoint(document.shows))

    return measured


def _selected(document: Document, query: SearchQuery, ignored: str | None = None) -> bool:
    return all(admits(document, facet, selection) for facet, selection in query.selections.items() if facet != ignored)


def _counts(
    facet: str, fitting: Iterable[tuple[_Held, int]], visible: Iterable[Document], query: SearchQuery
) -> tuple[FacetCount, ...]:
    counted = Counter(
        value
        for held, _ in fitting
        if _selected(held.document, query, ignored=facet)
        for value in held.document.values_of(facet)
    )
    return facet_counts(counted, Counter(value for each in visible for value in each.values_of(facet)), query, facet)
