"""Words that mean the same."""

import pytest

from catalog.kernel.errors import InvalidInput, Stale
from catalog.search import trade_words
from catalog.search.synonyms import check, phrase_key, read, shipped
from tests.crew import Crew

FILE = """
# people
digidouble = digital double = 数字替身   # the doubles of actors
wolf = 狼
"""


def test_any_word_of_a_line_leads_to_the_others() -> None:
    found = read(FILE)

    assert found.of(phrase_key("Digi_Doubles")) == ("digital double", "数字替身")
    assert found.of(phrase_key("數字替身")) == ("digidouble", "digital double")
    assert found.of(phrase_key("fox")) == ()


@pytest.mark.parametrize(
    "run,expected",
    [
        ("数字替身角色", ["数字替身", "角色"]),
        ("英雄数字替身", ["英雄", "数字替身"]),
        ("数字替身的脸", ["数字替身", "脸"]),
        ("数字替身", ["数字替身"]),
        ("狼人", ["狼人"]),
        ("wolfhound", ["wolfhound"]),
        ("的", ["的"]),
        ("", [""]),
    ],
)
def test_a_run_is_taken_apart_at_what_has_synonyms(run: str, expected: list[str]) -> None:
    assert read(FILE).parts_of(run) == expected


WRONG = {
    "wolf": "line 1: 1 words; 2 to 20 belong between equals signs",
    "wolf = ": "line 1: there is nothing beside an equals sign",
    "wolf = wolves": "line 1: “wolf” is there twice, or differs in spelling only",
    "a b c d e = f": "line 1: “a b c d e” has more than 4 words",
    "wolf = 狼\n狼 = lupus": "line 2: “狼” stands in another line already",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_line_that_is_wrong_is_named_with_the_reason(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check(text)

    assert WRONG[text] in refusal.value.message


def test_a_file_that_nobody_reads_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at most 200000"):
        check("x" * 200_001)


def test_a_line_that_is_wrong_hinders_no_other() -> None:
    assert read("wolf\nfox = 狐狸").of("fox") == ("狐狸",)


def test_two_spellings_of_a_word_in_one_line_are_one_word() -> None:
    check("armor = armour = 盔甲")

    assert read("armor = armour = 盔甲").of(phrase_key("armour")) == ("盔甲",)


def test_what_is_shipped_is_right() -> None:
    check(shipped())

    assert read(shipped()).of(phrase_key("digital double")) == (
        "digidouble",
        "数字替身",
        "数字演员",
        "digi dub",
        "digital human",
    )


def test_of_two_who_change_what_is_shipped_at_once_the_second_is_told_to_read_it_again(crew: Crew) -> None:
    refused = crew.overlaps(
        lambda work: trade_words.change(work, "lamp = luminaire", if_revision=0),
        lambda work: trade_words.change(work, "lamp = lantern", if_revision=0),
    )

    assert isinstance(refused, Stale)
    assert "you have revision 0, it is at 1" in refused.message
    with crew.view() as view:
        assert trade_words.trade_words(view).text == "lamp = luminaire\n"


def test_of_two_first_changes_that_nobody_minds_the_later_holds_and_both_are_told(crew: Crew) -> None:
    crew.overlaps(
        lambda work: trade_words.change(work, "lamp = luminaire"),
        lambda work: trade_words.change(work, "lamp = lantern"),
    )

    with crew.view() as view:
        kept = trade_words.trade_words(view)
    assert (kept.text, kept.revision) == ("lamp = lantern\n", 2)
    assert [(entry.values or {})["removed"] for entry in crew.entries("synonyms.changed")][1] == ["lamp = luminaire"]
