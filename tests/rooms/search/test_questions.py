"""Questions as the query of an address says them."""

from __future__ import annotations

from urllib.parse import parse_qs, parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.errors import InvalidInput
from catalog.search.queries import Question
from catalog.search.questions import query_of, read_question
from catalog.search.recorded import folded
from catalog.search.signs import read_value, say_value
from catalog.web import search_address

values = st.one_of(
    st.text(alphabet='-"40cé', min_size=1, max_size=6),
    st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=12),
).filter(lambda value: value.strip() == value and folded(value))
"""Values as they are kept: without spaces around, and of more than accents."""
several = st.lists(values, min_size=1, max_size=3, unique=True).map(sorted)


def test_a_query_is_read_as_the_question_that_it_asks() -> None:
    read = read_question("?q=paper+lamp&kind=prop&kind=-creature&-tag=broken&sort=name&cursor=abc&limit=5")

    assert read == Question(
        text="paper lamp",
        selections={"kind": ["prop"]},
        excluded={"kind": ["creature"], "tag": ["broken"]},
        sort="name",
    )


@pytest.mark.parametrize(
    "text",
    [
        "-tag=broken&sort=name&kind=veh&q=lamp&kind=prop",
        "?kind=prop&kind=veh&kind=prop&q=+lamp+&tag=-broken&tag=&sort=name&facets=kind",
    ],
)
def test_equal_questions_are_spelled_the_same(text: str) -> None:
    assert query_of(read_question(text)) == "q=lamp&kind=prop&kind=veh&-tag=broken&sort=name"


def test_a_question_that_was_spelled_reads_as_itself() -> None:
    question = Question(
        text="a&b=邓",
        like="prp_lamp",
        selections={"show": ["ORION"]},
        excluded={"tag": ["x y"]},
        sort="newest",
        priors=False,
    )

    assert read_question(query_of(question)) == question


def test_a_name_that_no_search_has_is_refused() -> None:
    with pytest.raises(InvalidInput, match="'knid', which is none of q, like, sort, priors, kind"):
        read_question("knid=prop")


@pytest.mark.parametrize(
    "text, value, left_out",
    [
        ("40c", "40c", False),
        ("-40c", "40c", True),
        ('"-40c"', "-40c", False),
        ("--40c", "-40c", True),
        ('""-40c""', '"-40c"', False),
        ('"40c"', '"40c"', False),
        ('"-', '"-', False),
    ],
)
def test_a_value_that_begins_with_a_minus_stands_in_quotes(text: str, value: str, left_out: bool) -> None:  # noqa: FBT001 — as parametrized
    assert read_value(text) == (value, left_out)


@given(values)
def test_every_value_that_is_said_is_read_as_itself(value: str) -> None:
    assert read_value(say_value(value)) == (value, False)
    assert read_value(f"-{value}") == (value, True)


@given(several, several)
def test_every_value_comes_back_from_the_query_that_is_kept(chosen: list[str], left: list[str]) -> None:
    question = Question(selections={"fields.vendor": chosen, "tag": chosen}, excluded={"fields.vendor": left})

    assert read_question(query_of(question)) == question


@given(several, several)
def test_the_page_and_a_kept_search_read_the_same_address(chosen: list[str], left: list[str]) -> None:
    query = query_of(Question(selections={"fields.x": chosen}, excluded={"fields.x": left}))

    address = search_address.read(parse_qs(query))
    kept = read_question(address.url().partition("?")[2])

    assert set(address.included["fields.x"]) == {folded(value) for value in chosen}
    assert set(address.excluded["fields.x"]) == {folded(value) for value in left}
    assert set(kept.selections["fields.x"]) == set(address.included["fields.x"])
    assert set(kept.excluded["fields.x"]) == set(address.excluded["fields.x"])


@given(values, values)
def test_every_chip_takes_off_what_it_names_and_an_address_stays_as_it_is_spelled(one: str, other: str) -> None:
    address = search_address.SearchAddress().including("fields.x", folded(one)).excluding("fields.y", folded(other))
    query = address.url().partition("?")[2]

    read = search_address.read(parse_qs(query))

    assert search_address.is_canonical(read, parse_qsl(query))
    assert read.without("fields.x", folded(one)).included == {}
    assert read.without("fields.y", folded(other)).excluded == {}
