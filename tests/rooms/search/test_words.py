"""Who has a word, in all parts of documents together: each once, with how much it is about the word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from catalog.search.vocabulary import Tier
from catalog.search.whoosh_index.arrays import text_arrays, texts_of
from catalog.search.whoosh_index.postings import Postings
from catalog.search.whoosh_index.words import WORDS_MAX, Weighed, Words

COUNT = 4_000


def test_a_document_that_has_a_word_in_several_places_is_there_once() -> None:
    everywhere, twice = _postings("wolf", range(COUNT)), _postings("wolf", [7, 3_999])
    words = Words({Tier.NAMES: twice, Tier.LABELS: _postings("grey", [5]), Tier.DESCRIPTION: everywhere}, COUNT)

    assert _told(words.find("wolf")) == [(row, _impact(row)) for row in range(COUNT)]
    assert _told(words.find("grey")) == [(5, _impact(5))]
    assert _told(words.find("nobody")) == []


def test_what_only_few_have_in_one_place_is_added_to_what_many_have_in_another() -> None:
    described = range(0, COUNT, 2)
    words = Words({Tier.NAMES: _postings("wolf", [1, 4, 3_999]), Tier.DESCRIPTION: _postings("wolf", described)}, COUNT)

    assert _told(words.find("wolf")) == [(row, _impact(row)) for row in sorted({*described, 1, 3_999})]


def test_few_documents_of_several_places_are_put_in_order() -> None:
    words = Words({Tier.NAMES: _postings("wolf", [9, 30]), Tier.DESCRIPTION: _postings("wolf", [4, 9])}, COUNT)

    assert _told(words.find("wolf")) == [(4, _impact(4)), (9, _impact(9)), (30, _impact(30))]


def test_many_documents_of_several_places_are_put_in_order() -> None:
    named, described = range(0, COUNT, 3), range(0, COUNT, 2)
    words = Words({Tier.NAMES: _postings("wolf", named), Tier.DESCRIPTION: _postings("wolf", described)}, COUNT)

    assert _told(words.find("wolf")) == [(row, _impact(row)) for row in sorted({*named, *described})]


@pytest.mark.parametrize("every", [2, 10])
def test_only_those_of_few_documents_are_looked_up(every: int) -> None:
    found = Words({Tier.NAMES: _postings("wolf", range(0, COUNT, every))}, COUNT).find("wolf")

    few = np.array([20, 21, 40], np.int32)

    assert (found.rows is None) is (every == 2)
    assert _told(found.among(few)) == [(20, _impact(20)), (40, _impact(40))]
    assert _told(found.among(few[1:2])) == []


@pytest.mark.parametrize("every", [2, 10])
def test_a_word_is_counted_in_what_a_viewer_sees(every: int) -> None:
    found = Words({Tier.NAMES: _postings("wolf", range(0, COUNT, every))}, COUNT).find("wolf")

    mask = np.zeros(COUNT, np.bool_)
    mask[15:31] = True

    assert found.count(mask) == {2: 8, 10: 2}[every]


def test_a_word_is_remembered_until_there_is_no_room_for_it() -> None:
    words = Words({Tier.NAMES: _standing({f"w{number}": [0] for number in range(WORDS_MAX + 1)})}, COUNT)

    first = words.find("w0")
    again = words.find("w0")
    for number in range(1, WORDS_MAX + 1):
        words.find(f"w{number}")

    assert again is first
    assert words.find("w0") is not first


def test_a_misspelt_word_may_be_any_that_is_near_but_no_code_and_no_mark() -> None:
    spelled = ("&wolf", "^wolf", "2wolf", "w0lf", "wolf", "wolfs", "zwölf", "狼")
    words = Words({Tier.NAMES: _standing({word: [1] for word in spelled}), Tier.LABELS: _postings("wulf", [2])}, COUNT)

    near = words.near("wulf", 2)

    assert near == ["wulf", "wolf", "wolfs", "zwölf"]
    assert words.near("wulf", 2) is near


def _impact(row: int) -> int:
    return 8 + row % 200


def _postings(word: str, rows: range | list[int]) -> Postings:
    return _standing({word: rows})


def _standing(having: Mapping[str, Sequence[int]]) -> Postings:
    words = sorted(having)
    rows = [row for word in words for row in having[word]]
    starts = np.cumsum([0, *(len(having[word]) for word in words)])
    return Postings(
        words=texts_of(text_arrays("", [word.encode() for word in words]), ""),
        starts=starts,
        place_starts=starts,
        rows=np.array(rows, np.int32),
        counts=np.ones(len(rows), np.uint8),
        places=np.zeros(len(rows), np.uint8),
        impacts=np.array([_impact(row) for row in rows], np.uint8),
    )


def _told(found: Weighed) -> list[tuple[int, int]]:
    rows = found.impacts.nonzero()[0] if found.rows is None else found.rows
    impacts = found.impacts[rows] if found.rows is None else found.impacts
    return list(zip(rows.tolist(), impacts.tolist(), strict=True))
