"""Chinese as people type it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.pinyin import readings
from catalog.search.chinese import are_initials, simplified, syllables


@pytest.mark.parametrize(
    "typed,expected", [("鄧麗君", "邓丽君"), ("邓丽君", "邓丽君"), ("後髮", "后发"), ("wolf", "wolf")]
)
def test_traditional_characters_become_simplified_ones(typed: str, expected: str) -> None:
    assert simplified(typed) == expected


@given(st.text())
def test_simplifying_keeps_every_place(text: str) -> None:
    assert len(simplified(text)) == len(text)
    assert simplified(simplified(simplified(text))) == simplified(simplified(text))


@pytest.mark.parametrize(
    "character,expected",
    [("君", ("jun",)), ("曾", ("ceng", "zeng")), ("吕", ("lv", "lu")), ("w", ()), ("ガ", ()), ("", ())],
)
def test_a_character_has_its_readings(character: str, expected: tuple[str, ...]) -> None:
    assert readings(character or " ") == expected


@pytest.mark.parametrize(
    "word,growing,expected",
    [
        ("denglijun", False, [("deng", "li", "jun")]),
        ("denglij", False, []),
        ("denglij", True, [("deng", "li", "j")]),
        ("xian", False, [("xian",), ("xi", "an")]),
        ("lubu", False, [("lu", "bu")]),
        ("wolf", True, []),
        ("邓", False, []),
    ],
)
def test_letters_are_taken_apart_into_syllables(word: str, *, growing: bool, expected: list[tuple[str, ...]]) -> None:
    assert list(syllables(word, growing=growing)) == expected


@pytest.mark.parametrize("word", ["a" * 72, "n" * 72, "xian" * 18, "gan" * 24, "z" * 1_000])
def test_a_monstrous_word_is_taken_apart_at_once(word: str) -> None:
    assert len(syllables(word, growing=True)) <= 4


@pytest.mark.parametrize("letters,expected", [("dlj", True), ("oyx", True), ("usd", False), ("wolf", False)])
def test_some_letters_may_be_initials(letters: str, *, expected: bool) -> None:
    assert are_initials(letters) is expected
