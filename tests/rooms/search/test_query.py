"""What people type, read as terms."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.query import WORDS_MAX, parse
from catalog.search.synonyms import read
from catalog.search.terms import (
    FULL,
    NO_TEXT,
    Alternative,
    Between,
    Clause,
    Group,
    Having,
    SearchText,
    Term,
    Word,
    alternatives,
)
from catalog.search.vocabulary import Facet, Measure, Tier


def term(*words: str, joined: str | None = None, prefix: bool = False) -> Term:
    sequence = tuple(Word(text=word, at=at) for at, word in enumerate(words))
    return Term(words=sequence, joined=joined, prefix=prefix)


def alone(one: Term) -> Group:
    """One thing of several."""
    return Group(clauses=(Clause(terms=(one,)),))


def negated(*terms: Alternative) -> Clause:
    return Clause(terms=terms, negated=True)


def typed(one: Alternative) -> bool:
    return not isinstance(one, Term) or one.eighths == FULL


def as_typed(clause: Clause) -> Clause:
    """A clause without what only means or sounds the same."""
    kept = tuple(
        Group(clauses=tuple(map(as_typed, one.clauses))) if isinstance(one, Group) else one
        for one in clause.terms
        if typed(one)
    )
    return replace(clause, terms=kept)


def clauses(text: str) -> tuple[Clause, ...]:
    return tuple(map(as_typed, parse(text).clauses))


def test_every_word_is_a_clause_and_the_last_one_may_go_on() -> None:
    assert clauses("ann face") == (Clause(terms=(term("ann"),)), Clause(terms=(term("face", prefix=True),)))


def test_a_space_ends_the_last_word() -> None:
    assert clauses("ann ") == (Clause(terms=(term("ann"),)),)


def test_a_star_lets_any_word_go_on() -> None:
    assert clauses("an* face ") == (Clause(terms=(term("an", prefix=True),)), Clause(terms=(term("face"),)))


def test_quoted_words_stand_together() -> None:
    assert clauses('"Ann Face"') == clauses("“ann face”") == (Clause(terms=(term("ann", "face"),)),)


def test_a_quotation_in_the_making_may_go_on() -> None:
    assert clauses('"ann fa') == (Clause(terms=(term("ann", "fa", prefix=True),)),)
    assert clauses('"ann ') == (Clause(terms=(term("ann"),)),)


def test_a_minus_excludes_a_word_or_a_quotation() -> None:
    assert clauses('-wolf -"grey fox"') == (
        Clause(terms=(term("wolf"),), negated=True),
        Clause(terms=(term("grey", "fox"),), negated=True),
    )


def test_alternatives_are_one_clause() -> None:
    either = Clause(terms=(alone(term("wolf")), alone(term("fox")), alone(term("bear", prefix=True))), several=True)

    assert clauses("wolf OR fox | bear") == (either,)


def test_an_identifier_is_a_sequence_or_one_joined_word() -> None:
    assert clauses("chr_ann ") == (Clause(terms=(term("chr", "ann", joined="chrann"),)),)


def test_what_changes_script_is_two_clauses() -> None:
    assert clauses("邓丽君face ") == (Clause(terms=(term("邓丽", "丽君"),)), Clause(terms=(term("face"),)))


def test_pairs_keep_their_distance_from_what_follows_in_a_quotation() -> None:
    (clause,) = clauses('"邓丽君face"')

    words = (Word(text="邓丽", at=0), Word(text="丽君", at=1), Word(text="face", at=3))
    assert clause.terms == (Term(words=words),)


@pytest.mark.parametrize("text", ["", "   ", "*", "-", "--", '""', '"', "OR", "| AND", "\x00\x07", "-*", "…!?", '-""'])
def test_what_means_nothing_limits_nothing(text: str) -> None:
    assert clauses(text) == ()


@pytest.mark.parametrize(
    "text,expected",
    [
        ("OR wolf ", (Clause(terms=(term("wolf"),)),)),
        ("wolf OR ", (Clause(terms=(term("wolf"),)),)),
        ("wolf AND fox ", (Clause(terms=(term("wolf"),)), Clause(terms=(term("fox"),)))),
        (
            "wolf OR -fox ",
            (Clause(terms=(alone(term("wolf")), Group(clauses=(negated(term("fox")),))), several=True),),
        ),
        ("wolf wolf ", (Clause(terms=(term("wolf"),)),)),
        ("wolf\x00fox ", (Clause(terms=(term("wolf"),)), Clause(terms=(term("fox"),)))),
    ],
)
def test_what_is_half_said_is_read_kindly(text: str, expected: tuple[Clause, ...]) -> None:
    assert clauses(text) == expected


@pytest.mark.parametrize(
    "text,expected", [("Grey Wolf", "greywolf"), ('"grey wolf"', "greywolf"), ("wolf -fox", None), ("a OR b", None)]
)
def test_a_text_that_may_be_a_name_has_a_key(text: str, expected: str | None) -> None:
    assert parse(text).whole == expected


def test_no_text_is_no_clause() -> None:
    assert parse("") == NO_TEXT == SearchText()


def test_parentheses_hold_together() -> None:
    both = Group(clauses=(Clause(terms=(term("wolf"),)), Clause(terms=(term("cub"),))))

    assert clauses("(wolf cub) OR fox ") == (Clause(terms=(both, alone(term("fox"))), several=True),)
    assert clauses("-(wolf cub)") == (negated(both),)
    assert clauses("((wolf)) ") == clauses("wolf ")


def test_a_wave_allows_for_wrong_letters() -> None:
    written = (Tier.NAMES, Tier.LABELS, Tier.DESCRIPTION)

    assert clauses("wlof~ fase~2 file:fase~ ") == (
        Clause(terms=(replace(term("wlof"), fuzzy=1, tiers=written),)),
        Clause(terms=(replace(term("fase"), fuzzy=2, tiers=written),)),
        Clause(terms=(replace(term("fase"), fuzzy=1, tiers=(Tier.FILES,)),)),
    )


def test_fields_look_in_one_place() -> None:
    assert clauses('name:wolf text:"grey fox" ') == (
        Clause(terms=(replace(term("wolf"), tiers=(Tier.NAMES,)),)),
        Clause(terms=(replace(term("grey", "fox"), tiers=(Tier.DESCRIPTION,)),)),
    )
    assert clauses("kind:PROP,creature -tag:hero ") == (
        Clause(terms=(Having(facet=Facet.KIND, value="prop"), Having(facet=Facet.KIND, value="creature"))),
        Clause(terms=(Having(facet=Facet.TAG, value="hero"),), negated=True),
    )
    assert clauses("updated:2026-11-30") == (
        Clause(terms=(Between(measure=Measure.UPDATED, low=1795996800000000, high=1796083199999999),)),
    )


def test_text_that_is_too_long_is_cut_and_says_so() -> None:
    long, wordy = parse("a" * 10_001), parse(" ".join(f"a{number}" for number in range(300)))

    assert [(one.mistake, one.end) for one in long.notices] == [("too-long", 10_001)]
    assert [one.message for one in wordy.notices] == ["At most 256 words are searched for; the rest was left out."]
    assert (wordy.size, len(wordy.clauses)) == (WORDS_MAX, 128)


def test_of_very_many_alternatives_the_first_hundred_are_looked_for_and_a_notice_says_so() -> None:
    text = parse("hero " + " OR ".join(f"w{number}" for number in range(101)))

    assert [one.message for one in text.notices] == ["At most 100 words are searched for; the rest was left out."]
    assert [len(clause.terms) for clause in text.clauses] == [1, 100]


def test_values_of_facets_are_spelled_as_documents_spell_them() -> None:
    text = parse("show:orion OR (wolf -show:vega) ")

    spelled = text.spelled({(Facet.SHOW, "orion"): ["ORION"], (Facet.SHOW, "vega"): ["Vega", "VEGA"]})

    assert spelled.values(Facet.SHOW) == ["ORION", "Vega", "VEGA"]
    assert [one.at for one in text.havings(Facet.SHOW)] == [(0, 10), (21, 30)]


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    found = parse(text)

    assert found.size <= WORDS_MAX
    assert found.size >= len(found.clauses) or any(isinstance(one, Group) for one in alternatives(found.clauses))


@pytest.mark.parametrize(
    "text,size",
    [
        ("a " * 5_000, 1),
        (" OR ".join(f"w{number}" for number in range(1_000)), 200),
        ('"' * 10_000, 0),
        ("-" * 10_000, 0),
        ("(" * 10_000, 0),
        ("a" + "*" * 9_000 + "b", 2),
        ("~" * 10_000, 0),
        ("kind:" * 2_000, 256),
        ("邓" * 10_000, 256),
        ("aB1_" * 2_500, 256),
        ("-(a OR (" * 1_000, 8),
        ("a:b" * 3_000, 3),
    ],
    ids=["words", "or", "quotes", "minus", "open", "stars", "waves", "kinds", "chinese", "humps", "nested", "fields"],
)
def test_a_monstrous_text_is_read_like_any_other(text: str, size: int) -> None:
    assert parse(text).size == size


def spoken(text: str) -> set[tuple[tuple[str, ...], int]]:
    """The readings and initials that are looked for, with what they are worth."""
    terms = [one for clause in parse(text).clauses for one in clause.terms if isinstance(one, Term)]
    return {(tuple(word.text for word in term.words), term.eighths) for term in terms if term.words[0].text[0] in "^&"}


def test_letters_may_be_how_chinese_sounds() -> None:
    assert spoken("denglijun ") == {(("^deng", "^li", "^jun"), 4)}
    assert spoken("dlj ") == {(("&dlj",), 1)}
    assert spoken("deng ") == {(("^deng",), 1)}
    assert spoken("denglij") == {(("^deng", "^li", "^j"), 4)}
    assert spoken("wolf ") == spoken("chr_ann ") == spoken('"denglijun"') == spoken("-deng") == set()


def test_a_word_with_an_ending_may_be_without_it() -> None:
    (clause,) = parse("wolves ").clauses

    assert clause.terms == (term("wolves"), replace(term("wolf"), eighths=6))
    assert parse('"wolves" ').clauses == (Clause(terms=(term("wolves"),)),)


@pytest.mark.parametrize(
    "text,expected",
    [
        ("the sword of the hero ", ["sword", "hero"]),
        ("sword of", ["sword", "of"]),
        ("sword of, the hero ", ["sword", "hero"]),
        ("crowd A rig ", ["crowd", "a", "rig"]),
        ("a. karlsson ", ["karlsson"]),
        ("A. Karlsson ", ["a", "karlsson"]),
        ("to be ", ["be"]),
        ("of the ", ["of", "the"]),
        ("of -the wolf ", ["the", "wolf"]),
        ('"of the" hero ', ["of the", "hero"]),
        ("name:of hero ", ["of", "hero"]),
    ],
)
def test_little_words_need_not_be_there_where_others_are(text: str, expected: list[str]) -> None:
    assert [said(clause.terms[0]) for clause in parse(text).clauses] == expected


def test_a_phrase_with_a_little_word_may_have_synonyms() -> None:
    (clause,) = parse("stand in ", read("proxy = stand in")).clauses

    assert [said(term) for term in clause.terms] == ["(stand in)", "proxy", "proxi"]


@pytest.mark.parametrize("text", ["ann's ", "Ann’s ", "ANN'S "])
def test_what_is_somebodys_is_found_by_the_owner(text: str) -> None:
    (clause,) = parse(text).clauses

    assert [said(term) for term in clause.terms] == ["ann s", "ann"]


def test_a_number_with_zeros_before_it_may_be_without_them() -> None:
    (clause,) = parse("0042 ").clauses

    assert clause.terms == (term("0042"), replace(term("42"), eighths=6))


def test_an_identifier_of_few_letters_goes_on_in_its_last_part_only() -> None:
    short, long = parse("t-r").clauses[0].terms, parse("t-rex").clauses[0].terms

    assert [(said(one), one.joined, one.prefix) for one in short if isinstance(one, Term)] == [
        ("t r", None, True),
        ("t r", "tr", False),
    ]
    assert [(said(one), one.joined, one.prefix) for one in long if isinstance(one, Term)] == [("t rex", "trex", True)]


def test_syllables_with_spaces_are_one_name_or_words() -> None:
    (clause,) = parse("deng li jun").clauses
    typed, together = clause.terms

    assert isinstance(typed, Group)
    assert [said(each.terms[0]) for each in typed.clauses] == ["deng", "li", "jun"]
    assert together == Term(
        words=tuple(Word(text=f"^{sound}", at=at) for at, sound in enumerate(["deng", "li", "jun"])),
        prefix=True,
        tiers=(Tier.NAMES, Tier.LABELS),
        eighths=4,
    )
    assert len(parse("deng wolf ").clauses) == 2


def test_a_little_word_may_be_a_syllable() -> None:
    (clause,) = parse("an lu shan ").clauses
    typed, together = clause.terms

    assert isinstance(typed, Group)
    assert [said(each.terms[0]) for each in typed.clauses] == ["lu", "shan"]
    assert isinstance(together, Term)
    assert [word.text for word in together.words] == ["^an", "^lu", "^shan"]
    assert [said(one.terms[0]) for one in parse("a an wolf ").clauses] == ["wolf"]


def test_of_many_syllables_eight_are_one_name() -> None:
    assert len(parse("li " * 9).clauses) == 1
    assert len(parse("li ma deng wu he ba sun zhu lin ").clauses) == 2


@pytest.mark.parametrize("before", ["brass", "man", "long dong"])
def test_what_is_a_syllable_before_a_phrase_leaves_the_phrase_its_synonyms(before: str) -> None:
    clauses = parse(f"{before} gun turret ", read("gatling = gun turret")).clauses

    (phrase,) = [clause for clause in clauses if "gatling" in str(clause)]
    assert "turret" in str(phrase)
    assert before not in str(phrase)


def test_synonyms_stand_for_words_and_phrases() -> None:
    trade = read("digidouble = digital double = 数字替身")

    one, two, chinese = (parse(text, trade).clauses for text in ("digidouble ", "hero Digital doubles ", "数字替身"))

    double = ["digital double", "digital doubl"]
    assert [said(term) for term in one[0].terms] == ["digidouble", "digidoubl", *double, "数字 字替 替身"]
    assert [said(term) for term in two[1].terms] == ["(digital doubles)", "digidouble", "digidoubl", "数字 字替 替身"]
    assert [said(term) for term in chinese[0].terms] == ["数字 字替 替身", "digidouble", "digidoubl", *double]


def said(one: Alternative) -> str:
    if isinstance(one, Group):
        return f"({' '.join(said(clause.terms[0]) for clause in one.clauses)})"
    return " ".join(word.text for word in one.words) if isinstance(one, Term) else ""
