"""What the values of custom fields may be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.fields.models import CustomField
from catalog.fields.values import checked_values, merged
from catalog.fields.vocabulary import RESERVED
from catalog.kernel.errors import InvalidInput
from catalog.search.fields import BY_NAME

FIELDS = {
    "vendor": CustomField(name="vendor", type="exact"),
    "rating": CustomField(name="rating", type="number"),
    "story": CustomField(name="story", type="text"),
}


@pytest.mark.parametrize(
    "name, value, kept",
    [
        ("rating", 4, 4),
        ("rating", 4.0, 4),
        ("rating", " 1.75 ", 1.75),
        ("rating", 0.1234567, 0.123457),
        ("rating", "-2e3", -2000),
        ("rating", "12345678901.123", 12345678901.123),
        ("rating", "1e-300", 0),
        ("rating", 1e300 / 1e300, 1),
        ("rating", "", None),
        ("rating", None, None),
        ("vendor", "  Café  ", "Café"),
        ("vendor", "  ", None),
        ("story", "found\r\nin a barn", "found\nin a barn"),
    ],
)
def test_a_value_is_kept_in_one_spelling(name: str, value: object, kept: object) -> None:
    found = checked_values(FIELDS, {name: value})

    assert found == {name: kept}
    assert type(found[name]) is type(kept)


@pytest.mark.parametrize(
    "name, value, message",
    [
        ("rating", "high", "fields.rating: 'high' is no number of less than 1,000,000,000,000 either way"),
        ("rating", "nan", "fields.rating: 'nan' is no number"),
        ("rating", True, "fields.rating: 'True' is no number"),
        ("rating", 10**12, "fields.rating: '1000000000000' is no number"),
        ("rating", "999999999999.9999999", "fields.rating: '999999999999.9999999' is no number"),
        ("rating", "1_000", "fields.rating: '1_000' is no number"),
        ("rating", "１２", "fields.rating: '１２' is no number"),
        ("rating", "1e9999", "fields.rating: '1e9999' is no number"),
        ("rating", "123456789012.123457", "fields.rating: '123456789012.123457' has more digits than are kept exactly"),
        ("vendor", 4, "fields.vendor: 4 is no text"),
        ("vendor", "two\nlines", "fields.vendor: the value 'two\\nlines' has a control character"),
        ("vendor", "x" * 201, "fields.vendor: the value has 201 characters; at most 200 are right"),
        ("ratting", 4, "fields.ratting: there is no field 'ratting'; 'rating' is near"),
        ("zzz", 4, "fields.zzz: there is no field 'zzz'; there are vendor, rating, story"),
    ],
)
def test_a_value_that_is_wrong_is_refused_with_what_would_be_right(name: str, value: object, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_values(FIELDS, {name: value})

    assert refused.value.message.startswith(message)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_values(FIELDS, {"rating": "high", "story": "good", "nothing": 1})

    assert [one.field for one in refused.value.errors] == ["fields.rating", "fields.nothing"]


def test_a_change_leaves_what_it_does_not_name() -> None:
    after = merged({"vendor": "Acme", "rating": 3, "old": "kept"}, {"rating": None, "story": "new"})

    assert after == {"old": "kept", "story": "new", "vendor": "Acme"}


@given(
    st.dictionaries(
        st.sampled_from([*FIELDS, "ratting"]),
        st.none() | st.text("1.e-é\n\0 ", max_size=9) | st.integers() | st.floats() | st.booleans() | st.just([]),
    )
)
def test_whatever_is_given_is_kept_as_it_would_be_kept_again_or_is_refused(said: dict[str, Any]) -> None:
    try:
        kept = checked_values(FIELDS, said)
    except InvalidInput:
        return

    assert checked_values(FIELDS, kept) == kept


def test_names_that_every_search_knows_are_reserved() -> None:
    assert {name for name in BY_NAME if name.isascii()} - RESERVED == set()
