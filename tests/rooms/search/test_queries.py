"""What the doors ask of search: pages, facets with labels, cursors, completions, and refusals that help."""

import pytest

from catalog.assets import tagging
from catalog.assets.vocabulary import Kind
from catalog.fields import defining
from catalog.fields.vocabulary import FieldType
from catalog.kernel.actors import Actor
from catalog.kernel.errors import InvalidInput, NotFound
from catalog.kernel.ids import new_id
from catalog.search.queries import Question, SearchPage, search, similar, suggest
from catalog.search.vocabulary import Facet
from tests.rooms.search.catalogue import ANYBODY, OPERATOR, Catalogue


def ask(catalogue: Catalogue, text: str = "", viewer: Actor = ANYBODY, **given: object) -> SearchPage:
    with catalogue.desk.view(viewer) as view:
        return search(view, catalogue.index, Question(text=text, **given))  # type: ignore[arg-type] # fields by name


def codes(page: SearchPage) -> list[str]:
    return [asset.code for asset in page.assets]


@pytest.fixture
def wolves(catalogue: Catalogue) -> Catalogue:
    """Five assets, two of them of a private show."""
    catalogue.founds("family")
    catalogue.opens_show("Orion", "Orion Rising")
    catalogue.opens_show("umbra", audience=("family",))
    catalogue.registers("crt_wolf", "Wolf", kind=Kind.CREATURE, tags=["Fur"], show="orion", ids=[("shotgrid", "SG-9")])
    catalogue.registers("crt_pup", "Wolf pup", kind=Kind.CREATURE, tags=["fur"])
    catalogue.registers("prp_den", "Den", description="home of the wolf")
    catalogue.registers("crt_shade", "Shadow wolf", kind=Kind.CREATURE, tags=["fur", "smoke"], show="umbra")
    catalogue.registers("veh_umbra", "Umbra", kind=Kind.VEHICLE, show="umbra")
    catalogue.follows()
    return catalogue


def test_an_answer_is_assets_in_order_with_totals(wolves: Catalogue) -> None:
    page = ask(wolves, "wolf")

    assert codes(page) == ["crt_wolf", "crt_pup", "prp_den"]
    assert (page.total, page.next_cursor, page.did_you_mean, page.seq) == (3, None, None, wolves.index.seq)
    assert page.took_ms >= 0
    assert page.assets[0].show is not None
    assert page.assets[0].show.code == "Orion"


def test_without_words_the_newest_come_first(wolves: Catalogue) -> None:
    assert codes(ask(wolves)) == ["prp_den", "crt_pup", "crt_wolf"]


def test_facets_carry_labels_and_what_was_chosen(wolves: Catalogue) -> None:
    page = ask(
        wolves,
        facets=["kind", "status", "show", "tag"],
        selections={"kind": ["CREATURE", "mocap"], "show": [""]},
        excluded={"tag": ["smoke"]},
    )

    shown = {
        facet: [(one.value, one.label, one.count, one.selected, one.excluded) for one in values]
        for facet, values in page.facets.items()
    }
    assert shown == {
        Facet.KIND: [
            ("creature", "Creature", 2, True, False),
            ("prop", "Prop", 1, False, False),
            ("mocap", "Mocap", 0, True, False),
        ],
        Facet.STATUS: [("active", "Active", 2, False, False)],
        Facet.SHOW: [("Orion", "Orion Rising", 1, False, False)],
        Facet.TAG: [("fur", "fur", 2, False, False), ("smoke", "smoke", 0, False, True)],
    }


def test_shows_and_tags_are_chosen_whatever_their_case(wolves: Catalogue) -> None:
    assert codes(ask(wolves, selections={"show": ["ORION"]})) == ["crt_wolf"]
    assert codes(ask(wolves, selections={"tag": ["FUR"]})) == ["crt_pup", "crt_wolf"]


def test_a_hidden_show_is_chosen_like_one_that_does_not_exist(wolves: Catalogue) -> None:
    hidden = ask(wolves, selections={"show": ["umbra"]}, facets=["show"])
    absent = ask(wolves, selections={"show": ["nowhere"]}, facets=["show"])

    assert codes(hidden) == codes(absent) == []
    assert [(one.label, one.count) for one in hidden.facets[Facet.SHOW]] == [("Orion Rising", 1), ("umbra", 0)]
    assert [(one.label, one.count) for one in absent.facets[Facet.SHOW]] == [("Orion Rising", 1), ("nowhere", 0)]


def test_members_and_operators_find_what_others_do_not(catalogue: Catalogue) -> None:
    family = catalogue.founds("family")
    catalogue.registers("crt_shade", "Shade", audience=("family",))
    catalogue.follows()

    assert codes(ask(catalogue, "shade")) == []
    assert codes(ask(catalogue, "shade", catalogue.member(family))) == ["crt_shade"]
    assert codes(ask(catalogue, "shade", OPERATOR)) == ["crt_shade"]


def test_a_hit_that_became_private_a_moment_ago_is_not_shown(wolves: Catalogue) -> None:
    wolves.changes("crt_wolf", audience=("family",))

    page = ask(wolves, "wolf")

    assert codes(page) == ["crt_pup", "prp_den"]
    assert page.total == 2
    with wolves.desk.view(ANYBODY) as view:
        assert [one.text for one in suggest(view, wolves.index, "wol")] == ["Wolf pup"]


def test_pages_follow_each_other_by_cursor(wolves: Catalogue) -> None:
    first = ask(wolves, "wolf", limit=2)
    second = ask(wolves, "wolf", limit=2, cursor=first.next_cursor)

    assert codes(first) + codes(second) == ["crt_wolf", "crt_pup", "prp_den"]
    assert (first.total, second.total, second.next_cursor) == (3, 3, None)


def test_a_cursor_of_another_question_is_refused(wolves: Catalogue) -> None:
    cursor = ask(wolves, "wolf", limit=1).next_cursor

    with pytest.raises(InvalidInput, match="another search"):
        ask(wolves, "pup", cursor=cursor)
    with pytest.raises(InvalidInput, match="another search"):
        ask(wolves, "wolf", sort="name", cursor=cursor)
    with pytest.raises(InvalidInput, match="not from this listing"):
        ask(wolves, "wolf", cursor="nonsense")


def test_a_cursor_survives_other_facets_and_another_page_size(wolves: Catalogue) -> None:
    cursor = ask(wolves, "wolf", limit=1).next_cursor

    assert codes(ask(wolves, "wolf", facets=["kind"], limit=5, cursor=cursor)) == ["crt_pup", "prp_den"]


def test_the_most_alike_are_named_by_reference(wolves: Catalogue) -> None:
    with wolves.desk.view(ANYBODY) as view:
        assert [asset.code for asset in similar(view, wolves.index, "SG-9")] == ["crt_pup"]
    with wolves.desk.view(ANYBODY) as view, pytest.raises(NotFound):
        similar(view, wolves.index, "crt_shade")


def test_completions_tell_names_and_codes_as_they_are_now(wolves: Catalogue) -> None:
    wolves.changes("crt_pup", name="Wolf cub")

    with wolves.desk.view(ANYBODY) as view:
        found = suggest(view, wolves.index, "wolf p")
        tags = suggest(view, wolves.index, "fu")

    assert [(one.text, one.code) for one in found] == [("Wolf cub", "crt_pup")]
    assert [(one.text, one.count) for one in tags] == [("fur", 2)]


@pytest.mark.parametrize(
    "given,said",
    [
        ({"facets": ["colour"]}, "facets 'colour' is none of kind, status, show, tag"),
        ({"selections": {"colour": ["red"]}}, "facet 'colour' is none of kind, status, show, tag"),
        ({"selections": {"kind": ["wolf"]}}, "kind 'wolf' is none of digital_double, creature"),
        ({"excluded": {"status": ["lost"]}}, "status 'lost' is none of active, retired"),
        ({"selections": {"tag": ["x"] * 201}}, "tag has 201 values; at most 200"),
        ({"sort": "price"}, "sort 'price' is none of relevance, newest, name"),
        ({"limit": 0}, "limit 0 is not between 1 and 200"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would_be_right(
    catalogue: Catalogue, given: dict[str, object], said: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ask(catalogue, **given)  # type: ignore[arg-type] # fields by name

    assert said in refusal.value.message


@pytest.mark.parametrize("text", ["*", "-", '"', "\x00\x1b[31m", "OR OR OR", "%' --", "\\", "🐺", "a" * 20_000])
def test_strange_texts_are_answered(wolves: Catalogue, text: str) -> None:
    assert ask(wolves, text, facets=["kind"]).total in {0, 3}


def test_too_many_completions_are_refused(wolves: Catalogue) -> None:
    with wolves.desk.view(ANYBODY) as view, pytest.raises(InvalidInput, match="between 1 and 50"):
        suggest(view, wolves.index, "wol", limit=51)


def test_a_merged_tag_finds_the_new_word_and_the_old_where_it_still_is(wolves: Catalogue) -> None:
    with wolves.desk.work(OPERATOR) as work:
        tagging.merge_words(work, new_id(), ["fur"], "hair")
    wolves.registers("crt_bear", "Bear", tags=["FUR"])
    wolves.follows()

    page = ask(wolves, facets=["tag"], selections={"tag": ["Fur"]})

    assert sorted(codes(page)) == ["crt_bear", "crt_pup", "crt_wolf"]
    assert sorted(codes(ask(wolves, selections={"tag": ["hair"]}))) == ["crt_bear"]
    assert codes(ask(wolves, excluded={"tag": ["fur"]})) == ["prp_den"]
    assert sorted(codes(ask(wolves, "tag:fur "))) == ["crt_bear", "crt_pup", "crt_wolf"]
    assert [(one.value, one.count, one.selected) for one in page.facets[Facet.TAG]] == [
        ("fur", 2, True),
        ("hair", 1, False),
    ]


@pytest.mark.parametrize(
    "text,expected",
    [
        ("kind:creature ", ["crt_pup", "crt_wolf"]),
        ("kind:creature show:orion ", ["crt_wolf"]),
        ("tag:FUR -show:Orion ", ["crt_pup"]),
        ("kind:(prop OR creature) wolf ", ["crt_pup", "crt_wolf", "prp_den"]),
        ("text:wolf ", ["prp_den"]),
        ("name:wolf (pup OR den) ", ["crt_pup"]),
        ("status:retired ", []),
        ("updated:2026 ", ["crt_pup", "crt_wolf", "prp_den"]),
        ("updated:<2026 ", []),
        ("wlof~ ", ["crt_pup", "crt_wolf", "prp_den"]),
    ],
)
def test_fields_and_operators_narrow_what_is_found(wolves: Catalogue, text: str, expected: list[str]) -> None:
    page = ask(wolves, text)

    assert sorted(codes(page)) == expected
    assert (page.total, page.notices) == (len(expected), ())


def test_a_show_that_the_viewer_knows_nothing_of_is_told_with_the_nearest_that_they_know(wolves: Catalogue) -> None:
    misspelt, hidden = ask(wolves, "wolf show:oiron "), ask(wolves, "show:umbr ")

    assert [(one.mistake, one.start, one.end, one.instead) for one in misspelt.notices] == [
        ("unknown-show", 5, 15, "show:Orion")
    ]
    assert misspelt.total == 0
    assert [one.instead for one in hidden.notices] == [None]


def test_a_tag_that_nothing_visible_has_is_told_with_the_nearest_that_something_has(wolves: Catalogue) -> None:
    wolves.registers("prp_rug", "Rug", tags=["set dressing", "moss"])
    wolves.follows()

    one, several, hidden = (
        ask(wolves, "wolf tag:furr "),
        ask(wolves, 'tag:"set dresing",FUR '),
        ask(wolves, "tag:smoke "),
    )

    assert [(each.message, each.start, each.end, each.instead) for each in one.notices] == [
        ("Nothing that you may see has the tag “furr”.", 5, 13, "tag:fur")
    ]
    assert [(each.mistake, each.instead) for each in several.notices] == [("unknown-tag", 'tag:"set dressing"')]
    assert [(each.mistake, each.instead) for each in hidden.notices] == [("unknown-tag", None)]
    assert ask(wolves, "tag:smoke ", OPERATOR).notices == ()
    assert ask(wolves, "wolf -tag:furr ").notices == ()


def test_only_a_few_tags_that_are_none_are_told(wolves: Catalogue) -> None:
    page = ask(wolves, " OR ".join(f"tag:no{number}" for number in range(200)) + " ")

    assert [each.mistake for each in page.notices] == ["unknown-tag"] * 4


def test_a_tag_that_was_merged_is_told_only_where_nothing_has_the_other_either(wolves: Catalogue) -> None:
    with wolves.desk.work(OPERATOR) as work:
        tagging.merge_words(work, new_id(), ["pelt"], "fur")
        tagging.merge_words(work, new_id(), ["fog"], "haze")

    merged, gone = ask(wolves, "tag:pelt "), ask(wolves, "tag:fog ")

    assert (merged.total, merged.notices) == (2, ())
    assert [each.message for each in gone.notices] == ["Nothing that you may see has the tag “fog”."]


def test_a_text_that_nobody_reads_is_cut_and_answered(wolves: Catalogue) -> None:
    page = ask(wolves, "wolf OR " + " OR ".join(f"w{number}" for number in range(1_000)))

    assert page.total == 3
    assert [one.mistake for one in page.notices] == ["too-many-words"]


def test_what_nothing_is_recorded_under_finds_nothing_and_takes_nothing_away(wolves: Catalogue) -> None:
    cleared, both, not_blocked = (ask(wolves, text) for text in ("clearance:cleared", "wolf score:>5", "-grade:d wolf"))

    assert (cleared.total, both.total, codes(not_blocked)) == (0, 0, ["crt_wolf", "crt_pup", "prp_den"])
    assert [one.message for one in cleared.notices] == [
        "Nothing is recorded under “clearance” yet, so nothing is found by it."
    ]
    assert [(one.start, one.end, one.instead) for one in both.notices] == [(5, 13, "")]


def test_assets_are_found_by_their_kind_as_a_word(wolves: Catalogue) -> None:
    assert codes(ask(wolves, "creature"))[:2] == ["crt_wolf", "crt_pup"]
    assert codes(ask(wolves, "生物 wolf")) == ["crt_wolf", "crt_pup"]


def test_a_show_that_is_named_by_its_name_is_offered_by_its_code(wolves: Catalogue) -> None:
    (named,) = ask(wolves, "show:rising wolf").notices
    (hidden,) = ask(wolves, "show:umbr wolf").notices

    assert (named.instead, hidden.instead) == ("show:Orion", None)


def test_a_field_is_asked_for_by_its_labels_too(catalogue: Catalogue) -> None:
    with catalogue.desk.work(OPERATOR) as work:
        defining.define(
            work, defining.NewField(name="vendor", type=FieldType.EXACT, label="Supplier", label_zh="供应商")
        )
        defining.define(work, defining.NewField(name="note", type=FieldType.EXACT, label="Vendor", label_zh="名称"))
    catalogue.registers("prp_sold", fields={"vendor": "Acme"})
    catalogue.registers("prp_kept", "Acme", fields={"note": "Acme"})
    catalogue.follows()

    found = {
        text: codes(ask(catalogue, text)) for text in ("supplier:acme", "供应商：acme", "vendor:acme", "名称:acme")
    }

    assert found == {
        "supplier:acme": ["prp_sold"],
        "供应商：acme": ["prp_sold"],
        "vendor:acme": ["prp_sold"],
        "名称:acme": ["prp_kept"],
    }
