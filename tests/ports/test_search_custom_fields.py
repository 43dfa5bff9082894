"""Custom fields, asked of every search index: ``name:value``, words, ranges; and no index has to be made anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.fields.vocabulary import FieldType
from catalog.search.fields import BY_NAME, Field, Form
from catalog.search.memory import MemoryIndex
from catalog.search.notices import Mistake
from catalog.search.port import Document, SearchIndex, SearchQuery
from catalog.search.query import parse
from catalog.search.ranges import read
from catalog.search.recorded import Custom, Recorded, number
from catalog.search.whoosh_index.index import WhooshIndex
from tests.ports.test_search_index import JANUARY

FORMS = {FieldType.TEXT: Form.WORDS, FieldType.EXACT: Form.VALUE, FieldType.NUMBER: Form.NUMBER}
TYPES = {"vendor": FieldType.EXACT, "story": FieldType.TEXT, "weight": FieldType.NUMBER}
FIELDS = {
    name: Field(
        name=name,
        form=FORMS[kind],
        meaning=name,
        behind=Recorded(name=name, type=kind, unit="kg" if name == "weight" else ""),
    )
    for name, kind in TYPES.items()
}


@pytest.fixture(params=["memory", "whoosh"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    return MemoryIndex() if request.param == "memory" else WhooshIndex(tmp_path / "index")


def asset(at: int, audience: str = "studio", **values: Any) -> Document:  # noqa: ANN401 — any field
    return Document(
        id=UUID(int=at),
        code=f"prp_{at:03d}x",
        name="Thing",
        kind="prop",
        status="active",
        updated_at=JANUARY,
        custom=tuple(Custom(name=name, type=TYPES[name], value=value) for name, value in values.items()),
        asset_audience=audience,
        show_audience="studio",
    )


def found(index: SearchIndex, text: str, audiences: frozenset[str] | None = None) -> list[int]:
    answer = index.search(SearchQuery(audiences=audiences, text=parse(text, custom=FIELDS)))
    return sorted(hit.id.int for hit in answer.hits)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("vendor:acme ", [1]),
        ("vendor:ACME ", [1]),
        ("vendor:Acm ", []),
        ("vendor:Acm*", [1, 2]),
        ('vendor:"Acmé  Tools" ', [2]),
        ('vendor:"Acme" ', [1]),
        ("vendor:acme,other ", [1, 3]),
        ("-vendor:acme ", [2, 3, 4]),
        ("vendor:acme OR weight:<0 ", [1, 3]),
        ("tools ", [2]),
        ("story:barn ", [1]),
        ("story:barns ", [1]),
        ('story:"red barn" ', [1]),
        ('story:"barn red" ', []),
        ("story:bar", [1]),
        ("story:thing ", []),
        ("story:acme ", []),
        ("barn ", [1]),
        ("red barn thing ", [1]),
        ("story:谷仓 ", [2]),
        ("weight:2.5 ", [1]),
        ("weight:2.5kg ", [1]),
        ("weight:2.5KG ", [1]),
        ("weight:kg2.5 ", []),
        ("weight:2.5kkgg ", []),
        ("weight:>2.5 ", [2]),
        ("weight:>=2.5 ", [1, 2]),
        ("weight:<2.5 ", [3]),
        ("weight:-1..3 ", [1, 3]),
        ("weight:-0.5 ", [3]),
        ("weight:1kg..20kg ", [1, 2]),
        ("weight:..0 ", [3]),
        ("weight:2.500001.. ", [2]),
        ("-weight:2.5 ", [2, 3, 4]),
        ("vendor:(acme OR other) weight:>0 ", [1]),
        ("has:vendor ", [1, 2, 3]),
        ("has:story", [1, 2]),
        ("has:Weight -has:story ", [3]),
        ("-has:vendor,weight ", [4]),
        ("has:(vendor OR model) ", [1, 2, 3]),
    ],
)
def test_values_are_found_by_the_field_that_has_them(index: SearchIndex, text: str, expected: list[int]) -> None:
    documents = [
        asset(1, vendor="Acme", story="A red barn.", weight=2.5),
        asset(2, vendor="Acme Tools", story="从谷仓来的", weight=12),
        asset(3, vendor="other", weight=-0.5),
        asset(4),
    ]
    index.write(documents, 0, 1)

    assert found(index, text) == expected


def test_a_field_that_is_new_needs_no_new_index(index: SearchIndex) -> None:
    index.write([asset(1, vendor="Acme"), asset(2)], 0, 1)
    before = found(index, "weight:>0 ")

    index.write([asset(2, weight=3)], 1, 2)

    assert (before, found(index, "weight:>0 "), found(index, "vendor:acme ")) == ([], [2], [1])


def test_a_value_that_is_gone_is_not_found(index: SearchIndex) -> None:
    index.write([asset(1, vendor="Acme", weight=3)], 0, 1)

    index.write([asset(1, weight=4)], 1, 2)

    assert [found(index, text) for text in ("vendor:acme ", "acme ", "weight:3 ", "weight:4 ")] == [[], [], [], [1]]


def test_values_of_hidden_assets_find_nothing(index: SearchIndex) -> None:
    index.write([asset(1, "vip", vendor="Umbra", weight=3), asset(2, weight=3)], 0, 1)

    outside = frozenset({"studio"})

    assert [found(index, text, outside) for text in ("vendor:umbra ", "umbra ", "weight:3 ")] == [[], [], [2]]


@given(st.integers(-(10**18), 10**18), st.integers(-(10**18), 10**18))
def test_words_of_numbers_sort_as_numbers_do(one: int, other: int) -> None:
    assert (number("weight", one) < number("weight", other)) == (one < other)


values = st.fixed_dictionaries(
    {},
    optional={
        "vendor": st.sampled_from(["Acme", "acme tools", "邓丽君"]),
        "story": st.sampled_from(["red barn", "barn red", "邓丽君"]),
        "weight": st.sampled_from([-1, 0, 0.000001, 2.5, 10]),
    },
)
PARTS = ["vendor:acme", "vendor:ac*", "story:barn", 'story:"red barn"', "weight:>0", "-weight:0..3", "acme", "OR", "邓"]
questions = st.lists(st.sampled_from(PARTS), max_size=4).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(st.lists(values, max_size=6), st.lists(questions, min_size=1, max_size=6))
def test_all_indexes_answer_alike(
    tmp_path_factory: pytest.TempPathFactory, carried: list[dict[str, Any]], asked: list[str]
) -> None:
    memory, whoosh = MemoryIndex(), WhooshIndex(tmp_path_factory.mktemp("index"))
    for seq, said in enumerate(carried):
        for each in (memory, whoosh):
            each.write([asset(seq % 4, **said)], seq, seq + 1)

    for text in asked:
        query = SearchQuery(audiences=None, text=parse(f"{text} ", custom=FIELDS))
        assert whoosh.search(query) == memory.search(query)
    assert list(whoosh.digests()) == list(memory.digests())


def test_a_field_that_nobody_defined_is_a_notice_with_the_nearest() -> None:
    (notice,) = parse("wieght:>3 ", custom=FIELDS).notices

    assert (notice.mistake, notice.instead, notice.mended("wieght:>3 ")) == (
        Mistake.UNKNOWN_FIELD,
        "weight",
        "weight:>3 ",
    )


def test_what_is_no_number_is_a_notice_with_an_example() -> None:
    (notice,) = parse("weight:heavy ", custom=FIELDS).notices

    assert notice.message == "“heavy” is no value of “weight”, such as >3, 1.5..4, 12; it was searched for as words."


def test_a_field_of_the_studio_never_stands_for_one_of_every_catalog() -> None:
    mine = Field(name="kind", form=Form.NUMBER, meaning="mine", behind=Recorded(name="kind", type=FieldType.NUMBER))

    assert parse("kind:prop ", custom={"kind": mine}) == parse("kind:prop ")
    assert BY_NAME["kind"].form is Form.VALUE


@pytest.mark.parametrize(
    "text, low, high", [("-5", -5_000_000, -5_000_000), ("<=1.5", None, 1_500_000), ("-2..-1", -2_000_000, -1_000_000)]
)
def test_numbers_may_be_below_nothing(text: str, low: int | None, high: int | None) -> None:
    found = read(text, Form.NUMBER)

    assert found is not None
    assert (found.low, found.high) == (low, high)


def test_fields_whose_names_begin_alike_are_told_apart(index: SearchIndex) -> None:
    alike = {
        name: replace(FIELDS["vendor"], name=name, behind=Recorded(name=name, type=kind))
        for name, kind in (("fit", FieldType.TEXT), ("fit2", FieldType.EXACT), ("fit_3", FieldType.NUMBER))
    }
    carrying = [
        Custom(name="fit", type=FieldType.TEXT, value="loose"),
        Custom(name="fit2", type=FieldType.EXACT, value="a"),
        Custom(name="fit_3", type=FieldType.NUMBER, value=-4),
    ]
    index.write([replace(asset(at), custom=(one,)) for at, one in enumerate(carrying, 1)], 0, 1)

    def carry(text: str) -> list[int]:
        answer = index.search(SearchQuery(audiences=None, text=parse(text, custom=alike)))
        return [hit.id.int for hit in answer.hits]

    assert [carry(f"has:{name} ") for name in alike] == [[1], [2], [3]]


def test_wrong_letters_under_a_field_are_a_notice_and_has_offers_the_nearest_field(index: SearchIndex) -> None:
    index.write([asset(1, vendor="Acme", story="A red barn.")], 0, 1)
    fuzzy, near = parse("story:bran~ vendor:acme~2 ", custom=FIELDS), parse("has:vendro ", custom=FIELDS)

    assert [(one.mistake, one.start, one.end, one.instead) for one in fuzzy.notices] == [
        (Mistake.NOT_FUZZY, 10, 11, ""),
        (Mistake.NOT_FUZZY, 23, 25, ""),
    ]
    assert found(index, "story:barn~ vendor:acme~2 ") == [1]
    assert [(one.mistake, one.instead) for one in near.notices] == [(Mistake.UNKNOWN_VALUE, "has:vendor")]
