"""Pages of a listing, and the cursors that lead from one to the next."""

import base64
import json
from contextlib import suppress
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.errors import InvalidInput
from catalog.kernel.paging import Page, Paging, decode_cursor, decode_id_cursor, encode_cursor, page_of

NUMBERS = st.integers(min_value=-(2**63), max_value=2**63 - 1)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
"""What both databases can compare with."""


@given(st.lists(WORDS | NUMBERS, min_size=1, max_size=3))
def test_a_cursor_gives_back_the_values_that_it_was_made_of(values: list[str | int]) -> None:
    cursor = encode_cursor(values)

    read = decode_cursor(cursor, *(type(value) for value in values))

    assert list(read) == values


@given(st.lists(WORDS, min_size=1, max_size=2))
def test_a_cursor_is_safe_in_an_address(values: list[str]) -> None:
    cursor = encode_cursor(values)

    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("", id="nothing"),
        pytest.param("!!!", id="no base64"),
        pytest.param("邓丽君", id="no ASCII"),
        pytest.param("bm90IGpzb24", id="base64 of no JSON"),
        pytest.param("_____w", id="base64 of no UTF-8"),
        pytest.param(encode_cursor([]), id="of no value"),
        pytest.param(encode_cursor([1]), id="of a number where a text is wanted"),
        pytest.param(encode_cursor(["a", "b"]), id="of two values where one is wanted"),
        pytest.param("W3RydWVd", id="of a truth value"),
        pytest.param("eyJhIjoxfQ", id="of an object"),
    ],
)
def test_a_cursor_of_another_listing_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput, match="start without a cursor") as refused:
        decode_cursor(cursor, str)

    assert refused.value.code == "bad-cursor"


@given(st.text(max_size=60))
def test_no_text_that_is_sent_as_a_cursor_does_harm(text: str) -> None:
    with suppress(InvalidInput):
        (value,) = decode_cursor(text, str)

        assert isinstance(value, str)


def test_a_deeply_nested_cursor_is_refused_like_any_other() -> None:
    nested = "W1tb" * 20_000

    with pytest.raises(InvalidInput, match="is not from this listing"):
        decode_cursor(nested, str)


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**40])
def test_a_number_that_no_database_can_hold_is_refused(number: int) -> None:
    cursor = encode_cursor([number])

    with pytest.raises(InvalidInput, match="is not from this listing"):
        decode_cursor(cursor, int)


@pytest.mark.parametrize("word", ["a\0b", "\ud800"])
def test_a_word_that_no_database_can_hold_is_refused(word: str) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([word]).encode()).decode().rstrip("=")

    with pytest.raises(InvalidInput, match="is not from this listing"):
        decode_cursor(cursor, str)


def test_the_cursor_of_a_listing_by_id_gives_back_the_id() -> None:
    row = UUID("019308a4-9ab9-7c3e-8f67-3b6f0c4a2d11")

    assert decode_id_cursor(encode_cursor([str(row)])) == row


@pytest.mark.parametrize("value", ["chr_ann", "", 7])
def test_a_listing_by_id_refuses_the_cursor_of_a_listing_by_name(value: str | int) -> None:
    cursor = encode_cursor([value])

    with pytest.raises(InvalidInput, match="start without a cursor"):
        decode_id_cursor(cursor)


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_page_has_between_one_and_two_hundred_rows(limit: int) -> None:
    with pytest.raises(InvalidInput, match="is not between 1 and 200") as refused:
        Paging(limit=limit)

    assert refused.value.code == "bad-limit"


def test_a_further_page_is_known_by_the_one_row_too_many() -> None:
    page = page_of(["a", "b", "c"], 2, lambda row: [row])

    assert page.items == ("a", "b")
    assert page.next_cursor == encode_cursor(["b"])


def test_the_last_page_has_no_cursor() -> None:
    page = page_of(["a", "b"], 2, lambda row: [row])

    assert page == Page(items=("a", "b"), next_cursor=None)


def test_an_empty_listing_is_one_empty_page() -> None:
    page: Page[str] = page_of([], 2, lambda row: [row])

    assert page == Page(items=())


def test_changing_the_rows_of_a_page_keeps_where_it_leads() -> None:
    page = Page(items=("a", "b"), next_cursor="next", total=7)

    changed = page.map(str.upper)

    assert changed == Page(items=("A", "B"), next_cursor="next", total=7)
