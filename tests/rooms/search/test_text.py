"""How text becomes words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.text import POSITIONS_MAX, WORD_LENGTH, fold, is_word, key, positions, units


def words(text: str) -> set[str]:
    return set(positions([text]))


@pytest.mark.parametrize(
    "text,expected",
    [
        ("Grey Wolf", {"grey", "gray", "wolf"}),
        ("chr_ann", {"chr", "ann", "chrann"}),
        ("faceRig", {"face", "rig", "facerig"}),
        (
            "chrAnn_faceRig_v012",
            {"chr", "ann", "chrann", "face", "rig", "facerig", "v", "012", "12", "v012", "chrannfacerigv012"},
        ),
        ("USDFile", {"usd", "file", "usdfile"}),
        ("mk2b", {"mk", "2", "b", "mk2b"}),
        ("HDRI 4K", {"hdri", "4", "k", "4k"}),
        ("geo/chr.usd", {"geo", "chr", "usd", "chrusd"}),
        ("don't", {"don", "t", "dont"}),
        ("_-._ … !?", set()),
        ("Éclair Ærø Straße", {"eclair", "aero", "strasse", "strass"}),
        ("Rigged wolves", {"rigged", "rig", "wolves", "wolf"}),
        ("ＦＡＣＥ １２", {"face", "12"}),
        ("Ελλάδα Ёлка", {"ελλαδα", "елка"}),
        ("हिन्दी", {"हिन्दी"}),
    ],
)
def test_latin_text_falls_apart_at_connectors_humps_and_digits(text: str, expected: set[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    "text,expected",
    [
        ("邓", {"邓"}),
        ("邓丽君", {"邓丽", "丽君", "邓", "丽", "君"}),
        ("Teresa邓丽君", {"teresa", "邓丽", "丽君", "邓", "丽", "君"}),
        ("克里·斯", {"克里", "里斯", "克", "里", "斯"}),
        ("ガンダム", {"ガン", "ンダ", "ダム", "ガ", "ン", "ダ", "ム"}),
        ("김치", {"김치", "김", "치"}),
        ("𠮷野", {"𠮷野", "𠮷", "野"}),
        ("鄧麗君", {"邓丽", "丽君", "邓", "丽", "君"}),
    ],
)
def test_chinese_japanese_and_korean_runs_give_pairs_and_single_characters(text: str, expected: set[str]) -> None:
    assert words(text) == expected


def test_words_know_where_they_stand_and_values_are_kept_apart() -> None:
    assert positions(["face rig", "face"]) == {"face": [0, 3], "rig": [1]}


@pytest.mark.parametrize(
    "first,second",
    [
        ("chr_ann", "ChrAnn"),
        ("Spider-Man", "spider man"),
        ("chrAnn_faceRig_v012", "chrann_facerig_v012"),
        ("Éclair", "eclair"),
        ("克里斯·埃文斯", "克里斯埃文斯"),
        ("鄧麗君", "邓丽君"),
    ],
)
def test_names_that_differ_in_spelling_only_have_one_key(first: str, second: str) -> None:
    assert key(first) == key(second) != ""


def test_a_name_tells_how_it_is_read_from_every_character_on() -> None:
    found = positions(["Teresa 邓丽君"], spoken=True)

    assert {entry: places for entry, places in found.items() if not is_word(entry)} == {
        "^deng": [1],
        "^shan": [1],
        "&dlj": [1],
        "&slj": [1],
        "^li": [2],
        "&lj": [2],
        "^jun": [3],
    }


def test_names_that_differ_have_different_keys() -> None:
    assert key("Ann") != key("Anna")


def test_a_very_long_word_is_cut_the_same_way_everywhere() -> None:
    assert words("a" * 500) == words("a" * 600) == {"a" * WORD_LENGTH}


def test_a_very_long_text_is_cut() -> None:
    found = positions([f"w{number} " for number in range(POSITIONS_MAX)])

    assert len(found) < 2 * POSITIONS_MAX


@given(st.text())
def test_any_text_at_all_gives_words(text: str) -> None:
    found = positions([text])

    assert all(word and word == word.strip() and len(word) <= 128 for word in found)
    assert all(place >= 0 for places in found.values() for place in places)


@given(st.text())
def test_every_word_that_a_query_needs_is_among_those_that_a_document_gives(text: str) -> None:
    found = positions([text])

    assert {word for unit in units(text) for word, _ in unit.words()} <= set(found)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_initials_of_a_name_may_be_those_of_any_one_rarer_reading() -> None:
    found = positions(["单雨桐"], spoken=True)

    assert {word for word, places in found.items() if word.startswith("&") and 0 in places} == {
        "&dyt",
        "&cyt",
        "&syt",
        "&dyd",
    }
