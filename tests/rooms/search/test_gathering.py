"""What is computed for thousands of documents at once is what is said of each document alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.fields.vocabulary import FieldType
from catalog.search.port import Document
from catalog.search.recorded import Custom
from catalog.search.relevance import digest, searchable, standing
from catalog.search.text import POSITIONS_MAX
from catalog.search.vocabulary import Facet, Measure, Tier
from catalog.search.whoosh_index.contents import Contents
from catalog.search.whoosh_index.gathering import Gathering, Spelled, gathered

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TEXTS = st.lists(
    st.sampled_from(
        [
            "wolf",
            "Wolves",
            "chrAnn_faceRig_v012",
            "aB_ab",
            "a-a-a",
            "邓丽君",
            "鄧",
            "face邓丽君",
            "Éclair",
            "ＡＢ",
            "…",
            "12",
        ]
    )
    | st.text(max_size=6),
    max_size=5,
).map(" ".join)
CUSTOM = st.one_of(
    st.builds(Custom, name=st.just("story"), type=st.just(FieldType.TEXT), value=TEXTS),
    st.builds(Custom, name=st.just("lens"), type=st.just(FieldType.EXACT), value=TEXTS),
    st.builds(Custom, name=st.just("weight"), type=st.just(FieldType.NUMBER), value=st.integers(-5, 10**6)),
)


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    return [
        Document(
            id=UUID(int=draw(st.integers(0, 2**128 - 1))),
            code=draw(st.sampled_from(["prp_wolf", "chrAnnRig01", "x"])),
            name=draw(TEXTS),
            kind=draw(st.sampled_from(["prop", "creature"])),
            status="active",
            updated_at=EPOCH + timedelta(seconds=draw(st.integers(0, 2**31))),
            asset_audience="studio",
            show_audience="studio",
            aliases=tuple(draw(st.lists(TEXTS, max_size=2))),
            description=draw(TEXTS),
            tags=tuple(draw(st.lists(TEXTS, max_size=3))),
            external_ids=tuple(draw(st.lists(TEXTS, max_size=2))),
            shows=tuple(draw(st.lists(st.sampled_from(["orion", "vega_2"]), max_size=2, unique=True))),
            uses=draw(st.integers(0, 5)),
            owner=draw(st.sampled_from([None, "Mira"])),
            custom=tuple(draw(st.lists(CUSTOM, max_size=2, unique_by=lambda one: one.name))),
            formats=tuple(draw(st.lists(st.sampled_from(["usd", "exr"]), max_size=2, unique=True))),
            files=tuple(draw(st.lists(st.sampled_from(["wolf_v012.usd", "fox.exr"]), max_size=2, unique=True))),
            measures=draw(st.dictionaries(st.sampled_from([Measure.POLYS, Measure.HEIGHT]), st.integers(0, 2**70))),
        )
        for _ in range(draw(st.integers(0, 5)))
    ]


@settings(max_examples=60, deadline=None)
@given(documents())
def test_words_of_many_documents_are_those_of_each(given_documents: list[Document]) -> None:
    assert words_in(gathered(given_documents)) == words_said(given_documents)


@settings(max_examples=30, deadline=None)
@given(documents())
def test_places_groups_and_measures_of_many_documents_are_those_of_each(given_documents: list[Document]) -> None:
    contents = gathered(given_documents)

    columns = contents.columns
    for row, document in enumerate(given_documents):
        place = standing(document)
        assert (int(columns.id_high[row]), int(columns.id_low[row])) == place.id
        assert tuple(columns.name[row].tolist()) == place.name
        assert columns.digest[row] == digest(document)
        assert columns.updated_us[row] == place.updated_us
        assert columns.uses[row] == place.uses
        assert columns.name_words[row] == place.name_words
        for measure in Measure:
            value = document.measure(measure)
            assert columns.measures[measure][row] == (0 if value is None else value + 1)
        for facet in Facet:
            grouping = contents.groupings[facet]
            numbers = grouping.numbers[grouping.starts[row] : grouping.starts[row + 1]]
            assert [grouping.values[int(number)].decode() for number in numbers] == list(document.values_of(facet))


@settings(max_examples=30, deadline=None)
@given(documents(), documents())
def test_spellings_that_are_known_from_other_documents_change_nothing(
    earlier: list[Document], later: list[Document]
) -> None:
    spelled = Spelled()

    found = []
    for several in (earlier, later):
        gathering = Gathering(spelled)
        for document in several:
            gathering.add(document)
        found.append(words_in(gathering.contents()))

    assert found == [words_said(earlier), words_said(later)]


def test_makers_begin_anew_when_values_of_custom_fields_were_very_many_words() -> None:
    spelled = Spelled()

    before = spelled.full
    spelled.words.update((f"#weight:{number}", number) for number in range(1_000_001))

    assert (before, len(spelled.spoken), spelled.full) == (False, 0, True)


def test_a_text_that_is_too_long_is_cut_where_that_of_one_document_is() -> None:
    long = Document(
        id=UUID(int=1),
        code="x",
        name="Wolf",
        kind="prop",
        status="active",
        updated_at=EPOCH,
        asset_audience="studio",
        show_audience="studio",
        description="pine " * (POSITIONS_MAX - 2) + "faceRig_v012 fox",
    )

    contents = gathered([long])

    assert words_in(contents) == words_said([long])
    assert len(contents.postings[Tier.DESCRIPTION].find(b"fox").rows) == 0


Words = dict[tuple[Tier, str], list[tuple[int, int, Sequence[int]]]]


def words_in(contents: Contents) -> Words:
    """Return row, impact and places of each word of each tier, as a segment has them."""
    found: Words = {}
    for tier, postings in contents.postings.items():
        assert list(postings.words) == sorted(postings.words)
        for at, word in enumerate(postings.words):
            stretch = postings.between(at, at + 1)
            places = np.split(stretch.places, np.cumsum(stretch.counts)[:-1])
            found[tier, word.decode("utf-8", "surrogatepass")] = [
                (int(row), int(impact), each.tolist())
                for row, impact, each in zip(stretch.rows, stretch.impacts, places, strict=True)
            ]
    return found


def words_said(given_documents: list[Document]) -> Words:
    """Return the same, as it is said of each document."""
    found: Words = defaultdict(list)
    for row, document in enumerate(given_documents):
        searched = searchable(document)
        for tier, words in searched.words.items():
            for word, places in words.items():
                found[tier, word].append((row, searched.impacts[word], places))
    return dict(found)
