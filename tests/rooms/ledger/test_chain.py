"""How an entry is sealed."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.ledger.chain import canonical, digest_of_values, seal

WORDS = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


def test_the_canonical_form_has_sorted_keys_no_spaces_and_utf_8() -> None:
    value = {"name": "Ann 邓丽君", "count": 2, "b": [True, None, "\n"], "A": {}}

    assert canonical(value) == '{"A":{},"b":[true,null,"\\n"],"count":2,"name":"Ann 邓丽君"}'.encode()


@given(JSON)
def test_the_canonical_form_holds_the_whole_value(value: object) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(WORDS, JSON, max_size=6))
def test_the_order_in_which_keys_were_entered_does_not_matter(value: Mapping[str, object]) -> None:
    backwards = dict(reversed(list(value.items())))

    assert canonical(backwards) == canonical(value)


@given(JSON, JSON)
def test_two_values_have_one_canonical_form_only_if_they_are_the_same_json(one: object, other: object) -> None:
    assert (canonical(one) == canonical(other)) == (
        json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_say_is_not_sealed(value: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical({"value": value})


def test_a_seal_is_the_sha256_of_the_bytes() -> None:
    assert seal(b"{}") == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@given(st.binary(min_size=1, max_size=200), st.data())
def test_one_changed_bit_gives_another_seal(body: bytes, data: st.DataObject) -> None:
    bit = data.draw(st.integers(min_value=0, max_value=len(body) * 8 - 1))
    changed = bytearray(body)
    changed[bit // 8] ^= 1 << bit % 8

    assert seal(bytes(changed)) != seal(body)


def test_a_short_value_cannot_be_guessed_from_its_digest_without_the_salt() -> None:
    values = {"login": "ann"}

    first = digest_of_values(values, b"0123456789abcdef")
    second = digest_of_values(values, b"fedcba9876543210")

    assert first == "54a057771e2aa9e9656f1b1c7786afd6b2c71686dc734944806bbc8a12ccd2f6"
    assert second != first
