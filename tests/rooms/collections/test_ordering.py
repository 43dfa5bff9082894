"""Places in an order: always between their neighbors, and written anew only where there is no room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalog.collections.ordering import GAP, places_between, spread

places = st.integers(min_value=-(2**60), max_value=2**60)
counts = st.integers(min_value=1, max_value=500)


@given(lower=places, width=st.integers(min_value=1, max_value=2**34), count=counts)
def test_new_places_lie_between_their_neighbors_in_order(lower: int, width: int, count: int) -> None:
    found = places_between(lower, lower + width, count)

    assert (found is None) == (width <= count)
    assert found is None or _grow([lower, *found, lower + width], count + 2)


@given(place=places, count=counts)
def test_new_places_lie_beyond_the_first_and_the_last(place: int, count: int) -> None:
    before, after = places_between(None, place, count), places_between(place, None, count)

    assert _grow([*(before or ()), place, *(after or ())], 2 * count + 1)


def _grow(places: list[int], count: int) -> bool:
    return len(places) == count and places == sorted(set(places))


def test_a_gap_that_is_too_narrow_has_no_place() -> None:
    assert places_between(5, 6, 1) is None
    assert places_between(5, 7, 1) == [6]
    assert places_between(5, 7, 2) is None


def test_some_thirty_insertions_fit_at_one_spot_before_all_is_spread_anew() -> None:
    upper, insertions = GAP, 0

    while found := places_between(0, upper, 1):
        (upper,), insertions = found, insertions + 1

    assert insertions == 32
    assert spread(3) == [GAP, 2 * GAP, 3 * GAP]
