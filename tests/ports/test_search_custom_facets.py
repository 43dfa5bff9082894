"""Facets of custom fields, asked of every search index: counted from words, so that no index has to be made anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.search.memory import MemoryIndex
from catalog.search.port import FacetCount, SearchAnswer, SearchIndex, SearchQuery, Selection
from catalog.search.query import parse
from catalog.search.vocabulary import Facet
from catalog.search.whoosh_index.index import WhooshIndex
from tests.ports.test_search_custom_fields import asset

VENDOR, STAGE = "fields.vendor", "fields.stage"


@pytest.fixture(params=["memory", "whoosh"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    made: SearchIndex = MemoryIndex() if request.param == "memory" else WhooshIndex(tmp_path / "index")
    made.write(
        [
            asset(1, vendor="Acme Tools", weight=2),
            asset(2, vendor="ACME  tools"),
            asset(3, vendor="Other"),
            asset(4, vendor="Hidden", audience="family"),
            asset(5, story="Acme Tools"),
        ],
        0,
        1,
    )
    return made


def ask(index: SearchIndex, text: str = "", **given: Any) -> SearchAnswer:  # noqa: ANN401 — any field of a query
    return index.search(SearchQuery(**{"audiences": frozenset({"studio"}), "text": parse(text), **given}))


def only(*values: str) -> Selection:
    return Selection(include=frozenset(values))


def test_exact_terms_are_counted_whatever_their_capitals_and_none_that_only_hidden_assets_have(
    index: SearchIndex,
) -> None:
    answer = ask(index, "other ", facets=[VENDOR, Facet.KIND, STAGE])

    assert answer.facets[VENDOR] == (FacetCount(value="other", count=1), FacetCount(value="acme tools", count=0))
    assert answer.facets[Facet.KIND] == (FacetCount(value="prop", count=1),)
    assert answer.facets[STAGE] == ()
    assert ask(index, facets=[VENDOR]).facets[VENDOR] == (
        FacetCount(value="acme tools", count=2),
        FacetCount(value="other", count=1),
    )


def test_values_of_one_field_widen_exclude_and_leave_its_own_counts_alone(index: SearchIndex) -> None:
    narrowed = ask(index, selections={VENDOR: only("acme tools")}, facets=[VENDOR, Facet.KIND])
    widened = ask(index, selections={VENDOR: only("acme tools", "other")})
    without = ask(index, selections={VENDOR: Selection(exclude=frozenset({"other"}))})
    both = ask(index, selections={VENDOR: only("other"), Facet.KIND: only("creature")}, facets=[VENDOR])

    assert sorted(hit.id.int for hit in narrowed.hits) == [1, 2]
    assert narrowed.facets[VENDOR] == (FacetCount(value="acme tools", count=2), FacetCount(value="other", count=1))
    assert narrowed.facets[Facet.KIND] == (FacetCount(value="prop", count=2),)
    assert (widened.total, without.total, both.total) == (3, 3, 0)
    assert both.facets[VENDOR] == (FacetCount(value="acme tools", count=0), FacetCount(value="other", count=0))


def test_what_is_called_so_is_no_hit_where_a_field_narrows_it_away(index: SearchIndex) -> None:
    assert ask(index, "thing", selections={VENDOR: only("other")}).total == 1


def test_counts_follow_what_is_written(index: SearchIndex) -> None:
    index.write([asset(1, vendor="Other"), asset(6, vendor="New")], 1, 2)

    assert ask(index, facets=[VENDOR]).facets[VENDOR] == (
        FacetCount(value="other", count=2),
        FacetCount(value="acme tools", count=1),
        FacetCount(value="new", count=1),
    )


def test_terms_without_a_hit_are_told_whatever_was_looked_at(index: SearchIndex) -> None:
    beside_unknown = ask(index, like=UUID(int=99), facets=[VENDOR, Facet.KIND])
    among_none = ask(index, among=frozenset({UUID(int=98)}), facets=[VENDOR])

    assert beside_unknown.facets == {
        VENDOR: (FacetCount(value="acme tools", count=0), FacetCount(value="other", count=0)),
        Facet.KIND: (FacetCount(value="prop", count=0),),
    }
    assert among_none.facets == {VENDOR: (FacetCount(value="acme tools", count=0), FacetCount(value="other", count=0))}


vendors = st.sampled_from(["a", "A", "b", "c d", ""])
documents = st.lists(st.tuples(st.integers(1, 6), vendors, st.sampled_from(["studio", "family"])), max_size=8)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(documents, max_size=3),
    st.frozensets(vendors.filter(bool).map(str.lower), max_size=2),
    st.sampled_from([None, frozenset({"studio"})]),
)
def test_indexes_agree_on_every_count(
    tmp_path_factory: pytest.TempPathFactory, batches: list[Any], chosen: frozenset[str], seen_by: frozenset[str] | None
) -> None:
    both: list[SearchIndex] = [MemoryIndex(), WhooshIndex(tmp_path_factory.mktemp("index") / "index")]
    selections = {VENDOR: Selection(include=chosen)} if chosen else {}
    for index in both:
        for seq, batch in enumerate(batches):
            changes = [asset(at, audience=seen, **({"vendor": vendor} if vendor else {})) for at, vendor, seen in batch]
            index.write(changes, seq, seq + 1)
    one, other = (ask(index, audiences=seen_by, selections=selections, facets=[VENDOR]) for index in both)

    assert (one.total, one.facets) == (other.total, other.facets)
