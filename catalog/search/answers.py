"""What all indexes say in the same way: the order of counts, the shares of suggestions, the refusal of a gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from catalog.kernel.errors import Conflict
from catalog.search.facets import bins_of
from catalog.search.matching import text_score
from catalog.search.port import Document, FacetCount, SearchQuery, Selection, Suggestion
from catalog.search.relevance import IMPACT_MIN, Searched
from catalog.search.terms import SearchText, Term
from catalog.search.text import positions
from catalog.search.vocabulary import Tier

TAGS_SHARE = 3
"""One suggestion in so many is a tag, where there are enough of both."""


def facet_counts(
    counted: Mapping[str, int], visible: Mapping[str, int], query: SearchQuery, facet: str
) -> tuple[FacetCount, ...]:
    """Order counts: most frequent first, then by value; then some of those without a hit, ``visible`` most first."""
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    idle = sorted((-count, value) for value, count in visible.items() if value not in counted)
    told = [*ordered, *((value, 0) for _, value in idle[: query.zeros])]
    return first_counts((FacetCount(value=value, count=count) for value, count in told), query, facet)


def first_counts(counts: Iterable[FacetCount], query: SearchQuery, facet: str) -> tuple[FacetCount, ...]:
    """Return as many counts as are asked for, and those of what is selected."""
    if query.most is None:
        return tuple(counts)
    following = iter(counts)
    chosen = query.selections.get(facet, Selection()).values
    return (*islice(following, query.most), *(one for one in following if one.value in chosen))


def admits(document: Document, facet: str, selection: Selection) -> bool:
    """Whether a document passes a selection; of a measured facet, the selected values are ranges."""
    bins = bins_of(facet)
    if bins is None:
        return selection.admits(document.values_of(facet))
    measure = document.measure(bins.measure)
    ranges = {text: bins.read(text) for text in selection.include | selection.exclude}
    held = {text for text, read in ranges.items() if read and measure is not None and read.admits(measure)}
    return selection.admits(held)


def completes(text: SearchText) -> bool:
    """Whether a text can be completed; nothing completes what it is not."""
    return bool(text.clauses) and not any(clause.negated for clause in text.clauses)


def tag_fits(text: SearchText, tag: str) -> bool:
    """Whether a tag completes the text: one of its words begins as the text ends, and all of the text fits."""
    found = positions([tag], spoken=True)
    searched = Searched(words={Tier.LABELS: found}, impacts=dict.fromkeys(found, IMPACT_MIN))
    begun = tuple(endings(text))
    return any(word.startswith(begun) for word in found) and (text_score(text, searched, (Tier.LABELS,)) is not None)


def endings(text: SearchText) -> set[str]:
    """Return what a word may begin with that completes the text."""
    last = [term for term in text.clauses[-1].terms if isinstance(term, Term)]
    return {ending for term in last for ending in (term.words[-1].text, term.joined) if ending}


def shared_out(assets: Sequence[Suggestion], tags: Sequence[Suggestion], limit: int) -> tuple[Suggestion, ...]:
    """Share the places between assets and tags; what one does not need the other gets."""
    for_tags = min(len(tags), max(limit // TAGS_SHARE, limit - len(assets)))
    return (*assets[: limit - for_tags], *tags[:for_tags])


def refuse_gap(seq: int, after_seq: int, through_seq: int) -> None:
    """Refuse a write that would miss entries, or undo later ones, of an index that stands at ``seq``."""
    if not after_seq <= seq <= through_seq:
        raise Conflict(
            f"the index has followed the ledger to {seq}; changes from {after_seq} to {through_seq} do not join on: "
            "read its seq again",
            code="seq-moved",
        )
