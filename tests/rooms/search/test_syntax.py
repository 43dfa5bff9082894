"""The query language: trees that print as texts, and mistakes that name their place and what would be right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.fields import BY_NAME, FIELDS
from catalog.search.notices import NOTICES_MAX
from catalog.search.syntax import read

PIECES = [
    *["wolf", "fox*", "fase~", "fase~2", "x~5", '"grey wolf"', '"grey wo', "“邓丽君”", "邓丽君face", "chrAnn_v012"],
    *["OR", "|", "AND", "NOT", "-", "--", "−wolf", "-fox", "(", ")", "（", "）", "-(", "*", "w*lf", "~", "\x00", " "],
    *["kind:", "kind:prop", "kind:prop,creature", "type:-prop", "kind:spaceship", "kind:(", "name:", 'tag:"a b"'],
    *["polys:<50k", "updated:2019..2022", "updated:2022..2019", "updated:soon", "used_in:orion", "has:rig", "名称：狼"],
    *["colour:red", "kind:OR", "kind:polys:5", "OR:", "NOT:x", "http://x.y/z", "C:\\maya", "a:", ":", "::", "name:*"],
]
typed = st.lists(st.sampled_from(PIECES), max_size=12).flatmap(
    lambda pieces: st.sampled_from([" ", ""]).map(lambda space: space.join(pieces))
)


@given(st.one_of(st.text(), typed))
def test_a_tree_prints_as_a_text_that_reads_as_the_same_tree(text: str) -> None:
    tree = read(text).tree

    assert read(str(read(text))).tree == tree


@given(st.one_of(st.text(), typed))
def test_every_notice_stands_within_the_text_and_says_something(text: str) -> None:
    for notice in read(text).notices:
        assert 0 <= notice.start < notice.end <= len(text)
        assert notice.message
        assert "%(" not in notice.message


MENDED = {
    "wolf knid:prop": ("unknown-field", "knid", "wolf kind:prop"),
    "kind:creatur wolf": ("unknown-value", "kind:creatur", "kind:creature wolf"),
    "kind:prop,creatur": ("unknown-value", "creatur", "kind:prop,kind:creature"),
    "modality:lidar wolf": ("nothing-behind", "modality:lidar", " wolf"),
    "score:<50k wolf": ("nothing-behind", "score:<50k", " wolf"),
    "updated:2022..2019": ("range-reversed", "updated:2022..2019", "updated:2019..2022"),
    "wolf *": ("lone-star", "*", "wolf "),
    "wolf~7": ("bad-fuzziness", "~7", "wolf~2"),
    "OR wolf": ("lone-or", "OR", " wolf"),
    "wolf OR OR fox": ("lone-or", "OR", "wolf OR  fox"),
    "wolf OR": ("lone-or", "OR", "wolf "),
    "wolf) fox": ("not-opened", ")", "wolf fox"),
}


@pytest.mark.parametrize("text", MENDED)
def test_a_mistake_names_its_place_and_what_would_be_right(text: str) -> None:
    (notice,) = read(text).notices

    assert (notice.mistake, text[notice.start : notice.end], notice.mended(text)) == MENDED[text]


TOLD = {
    "updated:soon": ("bad-range", "updated:soon"),
    "xyzzy:1": ("unknown-field", "xyzzy"),
    "kind:": ("field-without-value", "kind:"),
    "w*lf": ("inner-star", "*"),
    "(wolf": ("not-closed", "("),
}


@pytest.mark.parametrize("text", TOLD)
def test_a_mistake_that_cannot_be_mended_names_its_place(text: str) -> None:
    (notice,) = read(text).notices

    assert (notice.mistake, text[notice.start : notice.end], notice.mended(text)) == (*TOLD[text], None)


@pytest.mark.parametrize("text", ["http://x.y/z", "C:\\maya\\wolf", "/geo/wolf.usd", "Wolf: the movie", "12:30", '"a'])
def test_what_people_paste_is_no_mistake(text: str) -> None:
    assert read(text).notices == ()


def test_few_words_may_have_wrong_letters() -> None:
    reading = read(" ".join(f"{letter * 3}~" for letter in "abcdefghij") + " ")

    assert [(one.mistake, one.start) for one in reading.notices] == [("too-many-fuzzy", 43), ("too-many-fuzzy", 48)]
    assert str(reading).endswith("hhh~1 iii jjj ")


def test_a_text_full_of_mistakes_says_enough() -> None:
    assert len(read("knid:x " * 100).notices) == NOTICES_MAX


def test_parentheses_in_too_many_others_are_passed_over() -> None:
    reading = read("(" * 20 + "wolf" + ")" * 20)

    assert [one.mistake for one in reading.notices] == ["too-deep"] * 4
    assert str(reading) == "wolf "


def test_fields_have_names_of_their_own() -> None:
    assert len(BY_NAME) == sum(1 + len(field.others) for field in FIELDS)
    assert all(name == name.casefold() for name in BY_NAME)


@pytest.mark.parametrize(
    "typed,same",
    [
        ("－wolf", "-wolf"),
        ("kind:－prop", "kind:-prop"),
        ("类型：道具", "kind:prop"),
        ("kind:digital-double", "kind:digital_double"),
        ("状态:已停用", "status:retired"),
        ("has:混合变形", "has:blend-shapes"),
        ("has:Blend_Shapes", "has:blend-shapes"),
        ("polys:＜５０ｋ", "polys:<50k"),
        ("height：１．６ｍ．．１．９ｍ", "height:1.6m..1.9m"),
    ],
)
def test_what_chinese_keyboards_write_and_pages_show_is_read_as_what_it_means(typed: str, same: str) -> None:
    assert read(typed).notices == ()
    assert read(f"{typed} ").tree == read(f"{same} ").tree


def test_a_value_in_quotes_is_what_pages_call_it() -> None:
    assert str(read('kind:"Digital double"')) == 'kind:"digital_double" '
