"""Ranges as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.fields import RANGED, Form
from catalog.search.ranges import Range, read

DAY = 86_400_000_000


@pytest.mark.parametrize(
    "text,form,low,high",
    [
        ("<50k", Form.COUNT, None, 49_999),
        ("<=50k", Form.COUNT, None, 50_000),
        (">1.5m", Form.COUNT, 1_500_001, None),
        ("1200", Form.COUNT, 1_200, 1_200),
        ("10K..2M", Form.COUNT, 10_000, 2_000_000),
        ("..3", Form.COUNT, None, 3),
        ("3..", Form.COUNT, 3, None),
        ("1.6m..1.9m", Form.LENGTH, 1_600_000, 1_900_000),
        ("30cm", Form.LENGTH, 300_000, 300_000),
        ("6ft", Form.LENGTH, 1_828_800, 1_828_800),
        ("1,8", Form.LENGTH, 1_800_000, 1_800_000),
        (">=4k", Form.PIXELS, 4_096, None),
        ("10mb..2gb", Form.BYTES, 10_000_000, 2_000_000_000),
        ("1970", Form.DATE, 0, 365 * DAY - 1),
        ("1970-01", Form.DATE, 0, 31 * DAY - 1),
        ("1970-01-02", Form.DATE, DAY, 2 * DAY - 1),
        (">1970-01-01", Form.DATE, DAY, None),
        ("1970..1971", Form.DATE, 0, 730 * DAY - 1),
    ],
)
def test_a_range_is_two_whole_numbers(text: str, form: Form, low: int | None, high: int | None) -> None:
    assert read(text, form) == Range(low=low, high=high)


def test_a_range_that_ends_before_it_begins_is_turned_around() -> None:
    assert read("5..3", Form.COUNT) == Range(low=3, high=5, reversed=True)


@pytest.mark.parametrize(
    "text,form",
    [
        ("", Form.COUNT),
        ("..", Form.COUNT),
        ("many", Form.COUNT),
        ("5q", Form.LENGTH),
        ("<", Form.COUNT),
        ("1..2..3", Form.COUNT),
        ("2019-13", Form.DATE),
        ("2019-02-30", Form.DATE),
        ("0000", Form.DATE),
        ("9999", Form.DATE),
    ],
)
def test_what_is_no_range_is_none(text: str, form: Form) -> None:
    assert read(text, form) is None


@given(st.text(alphabet="0123456789.-<>=kmgbcft "), st.sampled_from(sorted(RANGED)))
def test_every_range_that_is_read_begins_before_it_ends(text: str, form: Form) -> None:
    found = read(text, form)

    assert found is None or found.low is None or found.high is None or found.low <= found.high
