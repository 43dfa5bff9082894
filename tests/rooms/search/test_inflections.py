"""English words without their endings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.inflections import base

SAME = [
    "wolf wolves",
    "bookshelf bookshelves",
    "rig rigs rigged rigging",
    "texture textures textured texturing",
    "model models modeled modelled modeling modelling",
    "body bodies",
    "knife knives",
    "box boxes",
    "mesh meshes",
    "base bases based",
    "hero heroes",
    "lens lenses",
    "fly flies flying",
    "vertex vertices",
    "child children",
    "scan scans scanned scanning",
    "face faces facing",
    "creature creatures",
    "skeleton skeletons",
    "armor armour armors armours armored armoured",
    "armory armoury",
    "color colour coloured",
    "harbor harbour",
    "center centre centers centres",
    "theater theatre",
    "fiber fibre",
    "stylized stylised stylize stylise",
    "analyze analyse",
    "dialog dialogue",
    "gray grey",
    "tire tyre tires tyres",
    "aluminum aluminium",
    "airplane aeroplane aeroplanes",
    "jewelry jewellery",
    "plow plough ploughed",
    "ax axe axes",
    "break broken",
    "7 07 007",
    "0 00",
]
DIFFERENT = [
    "animal animation",
    "car care",
    "cap cape",
    "king kin",
    "ring rig",
    "glass glas",
    "hero her",
    "v012 v01",
    "flour flor",
    "four for",
    "10 1",
]


@pytest.mark.parametrize("words", SAME)
def test_forms_of_one_word_have_one_base(words: str) -> None:
    assert len(set(map(base, words.split()))) == 1


@pytest.mark.parametrize("words", DIFFERENT)
def test_different_words_stay_different(words: str) -> None:
    first, second = words.split()

    assert base(first) != base(second)


@pytest.mark.parametrize("word", ["gas", "is", "邓丽君", "v012", "éclairs", "ed", "ing", "string", "speed"])
def test_what_has_no_ending_stays_as_it_is(word: str) -> None:
    assert base(word) == word


@given(st.text())
def test_no_word_is_left_empty_or_grows_by_more_than_a_letter(word: str) -> None:
    assert bool(base(word)) == bool(word)
    assert len(base(word)) <= len(word) + 1
