"""The port of search: what an index holds, is asked and answers. Implementations: ``whoosh_index`` and ``memory``.

An index is derived from the database and may be dropped at any time. It holds one document per asset, and the ledger's
``seq`` up to which it has followed; both change in one step, so that after a crash the follower goes on where the
documents stand. A reader sees one commit at a time, never half of one.

**Audiences.** A document carries the audience terms of its asset and of its home show; a query carries the terms that
the viewer may see, or None for viewers who see everything. A hidden document leaves no trace: not in hits, totals,
facets, suggestions, likeness, nor in the order of what is visible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from catalog.fields.vocabulary import FieldType
from catalog.search.facets import FACETS, field_of
from catalog.search.recorded import Custom, folded
from catalog.search.terms import NO_TEXT, SearchText
from catalog.search.vocabulary import Facet, Measure, Sort, SuggestionKind

ZEROS = 24
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


MEASURE_MAX = 2**62


def microseconds(moment: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    since = moment - _EPOCH
    return since.days * 86_400_000_000 + since.seconds * 1_000_000 + since.microseconds


@dataclass(frozen=True, kw_only=True)
class Document:
    """What is searched of one asset; ``id`` is the asset's. Audiences have no default, so that nobody forgets them."""

    id: UUID
    code: str
    name: str
    kind: str
    status: str
    updated_at: datetime
    asset_audience: str
    show_audience: str
    aliases: tuple[str, ...] = ()
    description: str = ""
    tags: tuple[str, ...] = ()
    external_ids: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    uses: int = 0
    owner: str | None = None
    created_at: datetime | None = None
    custom: tuple[Custom, ...] = ()
    formats: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    measures: Mapping[Measure, int] = field(default_factory=dict)
    """Those of its latest version that are known; none is negative."""

    def values_of(self, facet: str) -> tuple[str, ...]:
        """Return what the document is counted under, each value once. Tags and terms are one whatever their case."""
        if (name := field_of(facet)) is None:
            return tuple(FACETS[facet].values(self))
        return tuple(folded(str(one.value)) for one in self.custom if (one.name, one.type) == (name, FieldType.EXACT))

    def measure(self, measure: Measure) -> int | None:
        """Return a measure of the document, from 0 to ``MEASURE_MAX``, or None where it is not known."""
        match measure:
            case Measure.UPDATED:
                found: int | None = microseconds(self.updated_at)
            case Measure.CREATED:
                found = None if self.created_at is None else microseconds(self.created_at)
            case _:
                found = self.measures.get(measure)
        return None if found is None else min(max(found, 0), MEASURE_MAX)

    def visible_to(self, audiences: frozenset[str] | None) -> bool:
        """Whether a viewer with these audience terms may know of it; None sees everything."""
        return audiences is None or {self.asset_audience, self.show_audience} <= audiences


@dataclass(frozen=True, kw_only=True)
class Removal:
    """Takes a document out; harmless where there is none."""

    id: UUID


Change = Document | Removal


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What a facet is narrowed to: any value of ``include`` (where there are some), none of ``exclude``."""

    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()

    @property
    def values(self) -> frozenset[str]:
        """All that are named."""
        return self.include | self.exclude

    def admits(self, values: Iterable[str]) -> bool:
        """Whether a document with these values passes."""
        held = set(values)
        return (not self.include or not held.isdisjoint(self.include)) and held.isdisjoint(self.exclude)


@dataclass(frozen=True, kw_only=True)
class SearchQuery:
    """A question to an index.

    All parts narrow together: the text, the look-alikes of the asset ``like`` (itself left out), the selections. A
    facet is a ``Facet``, or ``fields.`` and the name of a custom field whose values are exact terms.
    ``facets`` are those to count; of values that no hit has, but something visible, so many are told (``zeros``). Of
    all values of a facet, so many are told at ``most``, the first and what is selected.
    ``priors`` prefer a little what changed lately. ``after`` is the ``position`` of the last hit of the page before,
    and ``rarities`` are those of its answer, so that following pages keep its order whatever is written meanwhile.
    ``among``: only these assets are looked at, as quickly as if there were few others.
    """

    audiences: frozenset[str] | None
    text: SearchText = NO_TEXT
    like: UUID | None = None
    selections: Mapping[str, Selection] = field(default_factory=dict)
    facets: Sequence[str] = ()
    zeros: int = ZEROS
    most: int | None = None
    sort: Sort = Sort.RELEVANCE
    limit: int = 50
    after: tuple[int, ...] | None = None
    among: frozenset[UUID] | None = None
    rarities: tuple[int, ...] | None = None
    priors: bool = True


@dataclass(frozen=True, kw_only=True)
class Hit:
    """An asset found. ``score`` compares within one answer only; ``position`` is where it stands in the order."""

    id: UUID
    score: int
    position: tuple[int, ...]


class FacetCount(NamedTuple):
    """How many hits there are, or would be, with this value alone of its facet."""

    value: str
    count: int  # type: ignore[assignment] # a name that tuples have for something else


@dataclass(frozen=True, kw_only=True)
class SearchAnswer:
    """Hits in order, the whole number of them, and counts for each facet asked for.

    A facet's counts ignore its own selection and honor all others. The most frequent values come first, then by value;
    after them those without a hit, of which the viewer sees most first. Values that nothing visible has do not appear.
    Of a custom field with more than a thousand terms an index may tell only the most frequent, each counted exactly.
    ``seq`` is the ledger's entry up to which the index had followed; ``rarities`` are those of the clauses of the text,
    counted over what the viewer sees.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]]
    seq: int
    rarities: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A completion: an asset with its name and code, or a tag with the number of visible assets that carry it."""

    kind: SuggestionKind
    text: str
    asset_id: UUID | None = None
    code: str | None = None
    count: int = 1


class SearchIndex(Protocol):
    """A search index. All methods may be called from any thread; ``Unavailable`` is raised where it cannot be read."""

    @property
    def seq(self) -> int:
        """The ledger's entry up to which the documents have followed; 0 for an empty index."""
        ...

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Answer a query."""
        ...

    def suggest(self, text: SearchText, audiences: frozenset[str] | None, limit: int) -> tuple[Suggestion, ...]:
        """Complete a text: assets whose names, aliases or code fit, best first, then tags, most used first."""
        ...

    def counts(self, facet: Facet, audiences: frozenset[str] | None) -> tuple[FacetCount, ...]:
        """Return how many visible documents have each value of a facet, most frequent first, then by value.

        As cheap as there are values: nothing is searched.
        """
        ...

    def write(self, changes: Iterable[Change], after_seq: int, through_seq: int) -> None:
        """Make changes that cover all ledger entries after ``after_seq`` up to ``through_seq``.

        Of several changes to one asset the last holds. Thousands of changes appear in one step, more in several;
        ``seq`` moves with the last, so that a write which was cut short is done again. Safe to run twice. Waits for
        another writer. ``Conflict`` when the index stands before ``after_seq``, so that something would be missed, or
        later than ``through_seq``, so that something would be undone: read ``seq`` again.
        """
        ...

    def digests(self) -> Iterator[tuple[UUID, int]]:
        """Yield the id and the ``relevance.digest`` of every document, by id, to be compared with the database."""
        ...

    def rebuilding(self) -> AbstractContextManager[SearchIndex]:
        """Open an empty index beside this one; when the block ends well it takes this one's place in one step.

        Until then this one keeps answering and following. When the block raises, the new one is dropped.
        """
        ...
