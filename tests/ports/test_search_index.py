"""What every search index promises, asked of all of them."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from catalog.kernel.errors import Conflict
from catalog.search.memory import MemoryIndex
from catalog.search.port import Document, FacetCount, Removal, SearchAnswer, SearchIndex, SearchQuery, Selection
from catalog.search.query import parse
from catalog.search.relevance import digest
from catalog.search.synonyms import read
from catalog.search.vocabulary import Facet, Link, Measure, Sort, SuggestionKind
from catalog.search.whoosh_index.index import WhooshIndex

STUDIO = frozenset({"studio"})
JANUARY = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["memory", "whoosh"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    return MemoryIndex() if request.param == "memory" else WhooshIndex(tmp_path / "index")


def asset(number: int, name: str = "Thing", **given: Any) -> Document:  # noqa: ANN401 — any field of a document
    """A document whose id is a number, so that expectations can be read."""
    fields: dict[str, Any] = {
        "code": f"prp_{number:03d}x",
        "kind": "prop",
        "status": "active",
        "updated_at": JANUARY + timedelta(days=number),
        "asset_audience": "studio",
        "show_audience": "studio",
        **given,
    }
    return Document(id=UUID(int=number), name=name, **fields)


def add(index: SearchIndex, *documents: Document) -> None:
    index.write(documents, index.seq, index.seq + 1)


def ask(index: SearchIndex, text: str = "", **given: Any) -> SearchAnswer:  # noqa: ANN401 — any field of a query
    return index.search(SearchQuery(**{"audiences": STUDIO, "text": parse(text), **given}))


def numbers(answer: SearchAnswer) -> list[int]:
    return [hit.id.int for hit in answer.hits]


def found(index: SearchIndex, text: str, **given: Any) -> list[int]:  # noqa: ANN401 — any field of a query
    return numbers(ask(index, text, **given))


def counts(facet_counts: Iterable[FacetCount]) -> dict[str, int]:
    return {count.value: count.count for count in facet_counts}


def only(*values: str) -> Selection:
    return Selection(include=frozenset(values))


def test_an_empty_index_answers_that_there_is_nothing(index: SearchIndex) -> None:
    answer = ask(index, "ann", facets=[Facet.KIND])

    assert answer == SearchAnswer(total=0, hits=(), facets={Facet.KIND: ()}, seq=0, rarities=(1,))


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    ["wolf", "WOLF", "grey wolf", "wolf grey", "wol", "gre* wolf", '"grey wolf"', "eclair", "Éclair", "lupine",
     "north", "sg-4711", "4711", "crt_wolf", "wolf OR fox", "fox | wolf", "wolf -fox", "greywolf OR lupine"],
)  # fmt: skip
def test_a_word_is_found_wherever_it_stands(index: SearchIndex, text: str) -> None:
    wolf = asset(
        1,
        "Grey Wolf",
        code="crt_wolf",
        aliases=("Éclair",),
        description="a lupine creature",
        tags=("North",),
        external_ids=("SG-4711",),
    )

    add(index, wolf, asset(2, "Crate"))

    assert found(index, text) == [1]


@pytest.mark.parametrize("text", ["wolf fox", '"wolf grey"', "-wolf", "wolf -grey", "wo grey", "olf", "fox OR bear"])
def test_what_is_not_there_is_not_found(index: SearchIndex, text: str) -> None:
    add(index, asset(1, "Grey Wolf"))

    assert found(index, text) == []


def test_the_last_word_may_be_in_the_making_until_a_space_ends_it(index: SearchIndex) -> None:
    add(index, asset(1, "Annabel"))

    assert found(index, "ann") == [1]
    assert found(index, "ann ") == []
    assert found(index, "ann* ") == [1]


@pytest.mark.parametrize(
    "text",
    ["ann face rig", "rig face", "faceRig", "facerig", "chrann", "chrAnn_faceRig_v012", "chrann_facerig_v012",
     "v012", "012", "chr_ann", "ann_face", "CHRANN_FACE", "chrAnn_fa", "face-rig"],
)  # fmt: skip
def test_an_identifier_is_found_by_its_parts_however_they_are_joined(index: SearchIndex, text: str) -> None:
    add(index, asset(1, "Rig", code="chrAnn_faceRig_v012"), asset(2, "Other", code="chr_other"))

    assert found(index, text) == [1]


@pytest.mark.parametrize(
    "text,expected",
    [
        ("邓丽君", [1, 3, 5, 9]),
        ("丽君", [1, 3, 5, 9]),
        ("邓", [1, 3, 5, 6, 9]),
        ("灭霸", [2, 7]),
        ("thanos 灭霸", [2]),
        ("灭霸thanos", [2]),
        ("teresa", [1, 5]),
        ("Teresa邓丽君", [1, 5]),
        ("手套", [7]),
        ("演唱会", [3]),
        ("face", [5]),
        ("克里斯埃文斯", [8]),
        ("克里斯·埃文斯", [8]),
        ("鄧麗君", [1, 3, 5, 9]),
        ("丽霸", []),
        ("denglijun", [1, 5, 9]),
        ("deng li jun", [1, 5, 6, 9]),
        ("dlj", [1, 5, 9]),
        ("miebashoutao", [7]),
    ],
)
def test_chinese_is_found_from_within_and_by_single_characters(
    index: SearchIndex, text: str, expected: list[int]
) -> None:
    add(
        index,
        asset(1, "邓丽君 Teresa Teng", description="数字替身 hero head v3"),
        asset(2, "灭霸 Thanos", description="复仇者联盟 full body rig"),
        asset(3, "Crowd plate", description="邓丽君演唱会1983"),
        asset(4, "消灭恐龙霸王"),
        asset(5, "Teresa邓丽君face_scan"),
        asset(6, "君丽邓"),
        asset(7, "Glove", aliases=("漫威灭霸手套",)),
        asset(8, "克里斯·埃文斯"),
        asset(9, "鄧麗君"),
    )

    assert sorted(found(index, text)) == expected


def test_a_phrase_does_not_reach_from_one_name_or_tag_into_the_next(index: SearchIndex) -> None:
    add(index, asset(1, "Grey", aliases=("Wolf",), tags=("night", "shift")))

    assert found(index, '"grey wolf"') == []
    assert found(index, '"night shift"') == []


# ── order ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_names_come_before_tags_and_tags_before_descriptions(index: SearchIndex) -> None:
    add(
        index,
        asset(1, "Crate", description="a wolf stands on it"),
        asset(2, "Forest", tags=("wolf",)),
        asset(3, "Grey wolf"),
        asset(4, "Beast", aliases=("Wolf of the north",)),
        asset(5, "Den", code="env_wolf_den"),
    )

    assert found(index, "wolf") == [3, 4, 5, 2, 1]


def test_what_is_called_exactly_that_comes_first_then_whole_words_then_beginnings(index: SearchIndex) -> None:
    add(
        index,
        asset(1, "Wolf pack"),
        asset(2, "Wolfgang"),
        asset(3, "Wolf"),
        asset(5, "Hound", external_ids=("WOLF",)),
    )

    assert found(index, "wolf") == [3, 5, 1, 2]


def test_a_word_counts_more_where_it_is_said_in_more_places_and_in_a_shorter_name(index: SearchIndex) -> None:
    add(
        index,
        asset(1, "Wolf of the far north", tags=("fur",)),
        asset(2, "Wolf of the north", tags=("fur",)),
        asset(3, "Wolf of the far north", tags=("wolf",)),
        asset(4, "Wolf of the far north", tags=("wolf",), description="a wolf"),
    )

    assert found(index, "wolf") == [4, 3, 2, 1]


def test_rare_words_outweigh_common_ones(index: SearchIndex) -> None:
    add(
        index,
        *(asset(number, f"Hero prop {number}", tags=("hero",)) for number in range(1, 17)),
        asset(20, "Crate", description="with a samovar"),
        asset(21, "Samovar", tags=("hero",)),
    )

    assert found(index, "hero OR samovar", limit=3) == [21, 20, 16]
    assert found(index, "hero samovar") == [21]


def test_what_changed_lately_comes_a_little_sooner_unless_priors_are_off(index: SearchIndex) -> None:
    add(
        index,
        asset(1, "Wolf cub", updated_at=JANUARY - timedelta(days=1_500)),
        asset(2, "Wolf cub at play", updated_at=JANUARY),
        asset(3, "Den", tags=("wolf",), updated_at=JANUARY),
        *(asset(number, "Fox") for number in range(10, 20)),
    )

    assert found(index, "wolf") == [2, 1, 3]
    assert found(index, "wolf", priors=False) == [1, 2, 3]


def test_equals_are_ordered_by_fewer_words_then_last_change_then_id(index: SearchIndex) -> None:
    add(
        index,
        asset(1, "Wolf of the north", updated_at=JANUARY),
        asset(2, "Wolf den", updated_at=JANUARY),
        asset(4, "Wolf pup", updated_at=JANUARY + timedelta(microseconds=1)),
        asset(3, "Wolf cub", updated_at=JANUARY),
    )

    assert found(index, "wolf") == [4, 2, 3, 1]


def test_the_newest_are_those_that_changed_last(index: SearchIndex) -> None:
    add(index, asset(1), asset(3), asset(2))

    assert found(index, "", sort=Sort.NEWEST) == [3, 2, 1]


def test_names_are_ordered_without_regard_to_case_and_accents(index: SearchIndex) -> None:
    add(index, asset(1, "zebra"), asset(2, "Éclair"), asset(3, "apple"), asset(4, "Fox"), asset(5, "邓丽君"))

    assert found(index, "", sort=Sort.NAME) == [3, 2, 4, 1, 5]


def test_the_most_reused_come_first_and_of_equals_the_newest(index: SearchIndex) -> None:
    add(index, asset(1, uses=2), asset(2), asset(3, uses=11), asset(4, uses=2))

    assert found(index, "", sort=Sort.REUSED) == [3, 4, 1, 2]


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_follow_each_other_without_gap_or_repetition(index: SearchIndex, sort: Sort) -> None:
    documents = [asset(number, f"Wolf {number % 4}", updated_at=JANUARY) for number in range(1, 24)]
    add(index, *documents)
    seen: list[int] = []
    after = None

    while page := ask(index, "wolf", sort=sort, limit=5, after=after).hits:
        seen += [hit.id.int for hit in page]
        after = page[-1].position

    assert len(seen) == 23
    assert seen == found(index, "wolf", sort=sort, limit=50)


def test_a_page_goes_on_where_the_last_one_ended_although_assets_were_added_between(index: SearchIndex) -> None:
    add(index, *(asset(number) for number in range(1, 5)))
    first = ask(index, sort=Sort.NEWEST, limit=2)

    add(index, asset(9))
    second = ask(index, sort=Sort.NEWEST, limit=2, after=first.hits[-1].position)

    assert numbers(first) + numbers(second) == [4, 3, 2, 1]
    assert second.total == 5


def test_pages_keep_their_order_although_a_word_has_become_common_between(index: SearchIndex) -> None:
    add(
        index,
        asset(1, "Otter", description="by the lake"),
        asset(2, "Lake", description="with an otter"),
        asset(3, "Otter"),
        *(asset(number, "Lake") for number in range(10, 15)),
    )
    first = ask(index, "otter OR lake", limit=2)

    add(index, *(asset(number, "Otter") for number in range(20, 60)))
    following = ask(index, "otter OR lake", after=first.hits[-1].position, rarities=first.rarities, limit=100)

    assert numbers(first) == [1, 2]
    assert not set(numbers(following)) & {1, 2}
    assert following.total == 48
    assert len(following.hits) == 46
    assert following.rarities == first.rarities != ask(index, "otter OR lake").rarities


def test_hidden_assets_leave_room_for_all_that_is_near_to_a_word(index: SearchIndex) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    near = [f"wol{one}" for one in letters] + [f"wo{one}f" for one in letters] + [f"w{one}lf" for one in letters]
    hidden = [asset(100 + number, name, asset_audience="vega") for number, name in enumerate(near)]
    add(index, *hidden, asset(1, "wxyf"), asset(2, "wolff"))

    assert sorted(found(index, "wolf~2 ")) == [1, 2]


def test_what_a_file_says_that_no_number_holds_is_the_greatest_that_there_is(index: SearchIndex) -> None:
    add(index, asset(1, measures={Measure.POLYS: 10**25}), asset(2, measures={Measure.POLYS: -5}), asset(3))

    assert found(index, "polys:>1k ") == [1]
    assert found(index, "polys:0 ") == [2]


# ── names of files ──────────────────────────────────────────────────────────────────────────────────────────────────


RIGS = (
    asset(1, "Ann", files=("chrAnn_faceRig_v012.ma", "skin_diff.1001.exr")),
    asset(2, "Face rig of Ann", files=("scene.ma",)),
    asset(3, "Oskar", files=("chrOskar_faceRig_v003.ma",)),
)


@pytest.mark.parametrize(
    "text,expected",
    [
        ("ann face rig ", [2, 1]),
        ("chrAnn_faceRig_v012.ma ", [1]),
        ("chrann facerig ", [1]),
        ("chrAnn_fa", [1]),
        ("skin diff exr ", [1]),
        ('file:"face rig" ', [3, 1]),
        ("filename:chrOskar_faceRig_v003.ma ", [3]),
        ("file:ann ", [1]),
        ("file:osk* ", [3]),
        ("file:oskra~ ", [3]),
        ("-file:scene ", [3, 1]),
        ("name:oskar file:ann ", []),
    ],
)
def test_assets_are_found_by_names_of_their_files_after_all_that_somebody_wrote(
    index: SearchIndex, text: str, expected: list[int]
) -> None:
    add(index, *RIGS)

    assert found(index, text) == expected


def test_what_is_misspelt_is_looked_for_among_names_of_files_only_where_it_is_asked_there(index: SearchIndex) -> None:
    add(index, *RIGS)

    assert (found(index, "skni~ "), found(index, "file:skni~ ")) == ([], [1])


def test_a_file_that_is_called_like_its_asset_makes_it_no_better(index: SearchIndex) -> None:
    add(index, asset(1, "Lantern"), asset(2, "Lantern", files=("lantern.usd", "lantern.obj")))

    first, second = ask(index, "lantern ").hits

    assert first.score == second.score


# ── facets ──────────────────────────────────────────────────────────────────────────────────────────────────────────

PROPS = (
    asset(1, "Sword", shows=("orion",), tags=("hero", "metal"), owner="Mira", created_at=JANUARY,
          formats=("fbx", "usd"), parts=("model",), measures={Measure.POLYS: 2_999, Measure.HEIGHT: 1_200_000}),
    asset(2, "Shield", shows=("orion",), tags=("metal",), owner="mira", created_at=JANUARY - timedelta(days=1),
          formats=("usd",), measures={Measure.POLYS: 3_000, Measure.TEXTURE: 4_096}),
    asset(3, "Dragon", kind="creature", shows=("vega",), tags=("Hero",)),
    asset(4, "Griffin", kind="creature", status="retired"),
    asset(5, "Truck", kind="vehicle", measures={Measure.POLYS: 0}),
)  # fmt: skip


def test_a_facet_counts_every_hit_under_each_of_its_values(index: SearchIndex) -> None:
    add(index, *PROPS)

    answer = ask(index, facets=list(Facet), limit=1)

    assert answer.total == 5
    assert answer.facets == {
        Facet.KIND: (FacetCount(value="creature", count=2), FacetCount(value="prop", count=2),
                     FacetCount(value="vehicle", count=1)),
        Facet.STATUS: (FacetCount(value="active", count=4), FacetCount(value="retired", count=1)),
        Facet.SHOW: (FacetCount(value="orion", count=2), FacetCount(value="vega", count=1)),
        Facet.TAG: (FacetCount(value="hero", count=2), FacetCount(value="metal", count=2)),
        Facet.FORMAT: (FacetCount(value="usd", count=2), FacetCount(value="fbx", count=1)),
        Facet.HAS: (FacetCount(value="model", count=1),),
        Facet.OWNER: (FacetCount(value="mira", count=2),),
        Facet.YEAR: (FacetCount(value="2025", count=1), FacetCount(value="2026", count=1)),
        Facet.POLYS: (FacetCount(value="0..99", count=1), FacetCount(value="1k..2999", count=1),
                      FacetCount(value="3k..9999", count=1)),
        Facet.TEXTURE: (FacetCount(value="4k..8191", count=1),),
        Facet.HEIGHT: (FacetCount(value="1m..1499.999mm", count=1),),
    }  # fmt: skip


def test_values_of_a_facet_are_counted_over_all_that_a_viewer_may_know_of(index: SearchIndex) -> None:
    add(index, *PROPS, asset(6, "Secret", shows=("umbra",), tags=("hero",), asset_audience="family"))
    add(index, asset(2, "Shield", tags=("metal",)))

    assert counts(index.counts(Facet.SHOW, STUDIO)) == {"orion": 1, "vega": 1}
    assert index.counts(Facet.TAG, None) == (FacetCount(value="hero", count=3), FacetCount(value="metal", count=2))
    assert index.counts(Facet.FORMAT, frozenset()) == ()


def test_an_asset_with_very_many_tags_is_counted_and_found_under_each(index: SearchIndex) -> None:
    tags = tuple(f"tag{number}" for number in range(40))
    add(index, asset(1, tags=tags), asset(2, tags=("tag7", "fur")), asset(3))

    answer = ask(index, facets=[Facet.TAG])
    narrowed = ask(index, selections={Facet.TAG: only("tag7", "tag39")})

    assert counts(answer.facets[Facet.TAG]) == {**dict.fromkeys(tags, 1), "tag7": 2, "fur": 1}
    assert sorted(numbers(narrowed)) == [1, 2]


def test_values_of_one_facet_widen_and_other_facets_narrow(index: SearchIndex) -> None:
    add(index, *PROPS)

    chosen = {Facet.KIND: only("prop", "creature"), Facet.STATUS: only("active")}

    assert sorted(found(index, "", selections=chosen)) == [1, 2, 3]


def test_a_facet_ignores_its_own_selection_and_honors_the_others(index: SearchIndex) -> None:
    add(index, *PROPS)

    answer = ask(
        index,
        selections={Facet.KIND: only("creature"), Facet.STATUS: only("active")},
        facets=[Facet.KIND, Facet.STATUS, Facet.TAG],
    )

    assert numbers(answer) == [3]
    assert counts(answer.facets[Facet.KIND]) == {"prop": 2, "creature": 1, "vehicle": 1}
    assert counts(answer.facets[Facet.STATUS]) == {"active": 1, "retired": 1}
    assert counts(answer.facets[Facet.TAG]) == {"hero": 1, "metal": 0}


def test_an_excluded_value_takes_out_all_that_have_it(index: SearchIndex) -> None:
    add(index, *PROPS)

    without_metal = {Facet.TAG: Selection(exclude=frozenset({"metal"}))}
    heroes_without_metal = {Facet.TAG: Selection(include=frozenset({"hero"}), exclude=frozenset({"metal"}))}

    assert sorted(found(index, "", selections=without_metal)) == [3, 4, 5]
    assert found(index, "", selections=heroes_without_metal) == [3]


def test_a_value_that_nothing_has_finds_nothing(index: SearchIndex) -> None:
    add(index, *PROPS)

    answer = ask(index, selections={Facet.SHOW: only("nowhere")}, facets=[Facet.SHOW])

    assert answer.total == 0
    assert counts(answer.facets[Facet.SHOW]) == {"orion": 2, "vega": 1}


@pytest.mark.parametrize("value", ["\ud800", "邓", "a b", "-x"])
def test_any_text_at_all_can_be_a_value(index: SearchIndex, value: str) -> None:
    add(index, asset(1, "Wolf" + value, tags=(value, "b")), asset(2, "Fox", shows=(value,)))

    answer = ask(index, selections={Facet.TAG: only(value)}, facets=[Facet.TAG, Facet.SHOW])

    assert numbers(answer) == [1]
    assert counts(answer.facets[Facet.TAG]) == {value: 1, "b": 1}
    assert found(index, "fox", selections={Facet.SHOW: only(value)}) == [2]


def test_facets_count_what_the_text_finds(index: SearchIndex) -> None:
    add(index, *PROPS)

    answer = ask(index, "s", facets=[Facet.KIND])

    assert numbers(answer) == [2, 1]
    assert counts(answer.facets[Facet.KIND]) == {"prop": 2, "creature": 0, "vehicle": 0}


@pytest.mark.parametrize(
    "facet,include,exclude,expected",
    [
        (Facet.POLYS, ["<3k"], [], [1, 5]),
        (Facet.POLYS, ["2999..3000"], [], [1, 2]),
        (Facet.POLYS, ["<10", ">=3k"], [], [2, 5]),
        (Facet.POLYS, [], [">100"], [3, 4, 5]),
        (Facet.POLYS, [">=0"], ["3k"], [1, 5]),
        (Facet.TEXTURE, ["<=4k"], [], [2]),
        (Facet.HEIGHT, ["1.2m"], [], [1]),
        (Facet.HEIGHT, ["<1.2m"], [], []),
        (Facet.POLYS, [">99999999999999g"], [], []),
        (Facet.FORMAT, ["usd"], ["fbx"], [2]),
        (Facet.HAS, ["model"], [], [1]),
    ],
)
def test_a_measured_facet_is_narrowed_by_ranges_and_what_is_not_known_lies_in_none(
    index: SearchIndex, facet: Facet, include: list[str], exclude: list[str], expected: list[int]
) -> None:
    add(index, *PROPS[:2])
    add(index, *PROPS[2:])

    chosen = {facet: Selection(include=frozenset(include), exclude=frozenset(exclude))}

    assert sorted(found(index, "", selections=chosen)) == expected


@pytest.mark.parametrize(
    "text,expected",
    [("polys:<3k", [1, 5]), ("-polys:<3k", [2, 3, 4]), ("height:1m..1.9m", [1]), ("texture:>=4k", [2]),
     ("texture:>=8k", []), ("size:<1gb", []), ("created:2025", [2]), ("format:usd has:model", [1])],
)  # fmt: skip
def test_ranges_in_a_text_find_what_was_measured(index: SearchIndex, text: str, expected: list[int]) -> None:
    add(index, *PROPS)

    assert sorted(found(index, text)) == expected


def test_a_histogram_ignores_its_own_range_and_honors_the_others(index: SearchIndex) -> None:
    add(index, *PROPS)

    chosen = {Facet.POLYS: only("<2999"), Facet.KIND: only("prop")}
    answer = ask(index, selections=chosen, facets=[Facet.POLYS])

    assert answer.total == 0
    assert counts(answer.facets[Facet.POLYS]) == {"1k..2999": 1, "3k..9999": 1, "0..99": 0}


def test_values_without_a_hit_follow_the_others_those_of_most_visible_assets_first(index: SearchIndex) -> None:
    tags = [("a", "fur"), ("b", "fur"), ("b", "c"), ("d",), ("secret",)]
    add(index, *(asset(n, "Fox", tags=tags[n]) for n in range(4)), asset(9, "Wolf", tags=("e", "fur")))
    add(index, *(asset(20 + n, "Fox", tags=tags[4], asset_audience="family") for n in range(3)))

    told = ask(index, "wolf", facets=[Facet.TAG]).facets[Facet.TAG]
    few = ask(index, "wolf", facets=[Facet.TAG], zeros=2).facets[Facet.TAG]

    assert [(one.value, one.count) for one in told] == [("e", 1), ("fur", 1), ("b", 0), ("a", 0), ("c", 0), ("d", 0)]
    assert few == told[:4]


def test_of_a_facet_the_first_values_are_told_and_what_is_selected(index: SearchIndex) -> None:
    tags, kinds = [("a",), ("a", "b"), ("a", "b", "c")], ["prop", "creature", "prop"]
    add(index, *(asset(n, "Fox", tags=tags[n], kind=kinds[n]) for n in range(3)))

    chosen = {Facet.TAG: only("c"), Facet.KIND: only("creature")}
    told = ask(index, selections=chosen, facets=[Facet.TAG, Facet.KIND], most=1).facets

    assert [(one.value, one.count) for one in told[Facet.TAG]] == [("a", 1), ("c", 0)]
    assert [(one.value, one.count) for one in told[Facet.KIND]] == [("prop", 1), ("creature", 0)]


# ── audiences ───────────────────────────────────────────────────────────────────────────────────────────────────────

OPEN = asset(1, "Wolf pup", tags=("fur",))
OF_A_PRIVATE_SHOW = asset(2, "Wolf", tags=("secret",), shows=("umbra",), show_audience="umbra")
OF_A_GROUP = asset(3, "Wolf mother", kind="creature", tags=("secret", "fur"), asset_audience="family")
OF_BOTH = asset(4, "Wolf father", asset_audience="family", show_audience="umbra")


def test_a_hidden_document_leaves_no_trace(index: SearchIndex) -> None:
    add(index, OPEN, OF_A_PRIVATE_SHOW, OF_A_GROUP, OF_BOTH)

    answer = ask(index, "wolf", facets=list(Facet))
    without_them = SearchAnswer(
        total=1,
        hits=answer.hits,
        facets={
            Facet.KIND: (FacetCount(value="prop", count=1),),
            Facet.STATUS: (FacetCount(value="active", count=1),),
            Facet.SHOW: (),
            Facet.TAG: (FacetCount(value="fur", count=1),),
            **dict.fromkeys(list(Facet)[4:], ()),
        },
        seq=1,
        rarities=(1,),
    )

    assert numbers(answer) == [1]
    assert answer == without_them
    assert [one.text for one in index.suggest(parse("wol"), STUDIO, 10)] == ["Wolf pup"]
    assert index.suggest(parse("sec"), STUDIO, 10) == ()
    assert numbers(ask(index, like=UUID(int=1))) == []
    assert numbers(ask(index, like=UUID(int=3))) == []


def test_what_a_hit_is_worth_does_not_depend_on_hidden_documents(index: SearchIndex) -> None:
    add(index, OPEN, asset(9, "Wolf fur", description="fur"))
    before = ask(index, "wolf fur").hits

    add(index, OF_A_PRIVATE_SHOW, OF_A_GROUP, OF_BOTH, *(asset(n, "Wolf", asset_audience="x") for n in range(20, 40)))

    assert ask(index, "wolf fur").hits == before


@pytest.mark.parametrize(
    "text,expected",
    [
        ("数字替身角色 ", [1, 2, 3, 4]),
        ("數字替身的角色 ", [1, 2, 3, 4]),
        ("英雄数字替身 ", [5]),
        ("-数字替身角色 ", [2, 3, 4, 5, 6, 7]),
        ("数字替身角色 OR fox ", [1, 2, 3, 4, 7]),
        ("character 数字替身 ", [1, 2, 3, 4]),
    ],
)
def test_synonyms_are_found_within_a_longer_run(index: SearchIndex, text: str, expected: list[int]) -> None:
    names = [
        "数字替身角色",
        "数字替身的角色",
        "Digidouble character",
        "角色 digidouble",
        "英雄 digidouble",
        "character",
    ]
    add(index, *(asset(number, name) for number, name in enumerate([*names, "Fox"], 1)))

    asked = parse(text, read("digidouble = 数字替身\n角色 = character"))

    assert sorted(numbers(index.search(SearchQuery(audiences=STUDIO, text=asked)))) == expected


def test_a_run_as_it_was_typed_comes_before_its_parts_and_what_they_mean(index: SearchIndex) -> None:
    add(index, asset(3, "Digidouble character"), asset(2, "角色 数字替身"), asset(1, "大数字替身角色"))

    asked = parse("数字替身角色 ", read("digidouble = 数字替身\n角色 = character"))

    assert numbers(index.search(SearchQuery(audiences=STUDIO, text=asked))) == [1, 2, 3]


@pytest.mark.parametrize(
    "text,expected",
    [
        ("used_in:orion ", [1, 2]),
        ("wolf used_in:orion ", [1]),
        ("wolf -used_in:orion ", [3]),
        ("used_in:vega OR wolf ", [1, 3]),
        ("used_in:vega ", []),
    ],
)
def test_assets_that_are_tied_to_another_are_narrowed_to_as_far_as_they_are_seen(
    index: SearchIndex, text: str, expected: list[int]
) -> None:
    add(index, asset(1, "Wolf"), asset(2, "Den"), asset(3, "Wolf"), asset(4, "Wolf", asset_audience="umbra"))
    used = frozenset(UUID(int=number) for number in (1, 2, 4, 99))

    tied = parse(text).spelled({}, {(Link.USED_IN, "orion"): used})

    assert sorted(numbers(index.search(SearchQuery(audiences=STUDIO, text=tied)))) == expected


@pytest.mark.parametrize(
    "audiences,expected",
    [
        (frozenset({"studio"}), [1]),
        (frozenset({"studio", "umbra"}), [1, 2]),
        (frozenset({"studio", "family"}), [1, 3]),
        (frozenset({"studio", "family", "umbra"}), [1, 2, 3, 4]),
        (frozenset[str](), []),
        (None, [1, 2, 3, 4]),
    ],
)
def test_both_the_asset_and_its_show_must_admit_the_viewer(
    index: SearchIndex, audiences: frozenset[str] | None, expected: list[int]
) -> None:
    add(index, OPEN, OF_A_PRIVATE_SHOW, OF_A_GROUP, OF_BOTH)

    answer = ask(index, audiences=audiences)

    assert sorted(numbers(answer)) == expected
    assert answer.total == len(expected)


def test_a_changed_audience_holds_from_the_next_search(index: SearchIndex) -> None:
    add(index, OPEN)

    add(index, replace(OPEN, asset_audience="family"))

    assert found(index, "wolf") == []
    assert found(index, "wolf", audiences=frozenset({"studio", "family"})) == [1]


# ── suggestions and likeness ────────────────────────────────────────────────────────────────────────────────────────


def test_suggestions_are_assets_by_name_and_code_and_tags_by_use(index: SearchIndex) -> None:
    add(
        index,
        asset(1, "Wolf", code="crt_wolf", tags=("wool",)),
        asset(2, "Grey wolf", tags=("Wool", "wood")),
        asset(3, "Crate", description="wolf-proof", tags=("wooden box",)),
    )

    suggested = index.suggest(parse("wo"), STUDIO, 10)

    assert [(one.kind, one.text, one.code, one.count) for one in suggested] == [
        (SuggestionKind.ASSET, "Wolf", "crt_wolf", 1),
        (SuggestionKind.ASSET, "Grey wolf", "prp_002x", 1),
        (SuggestionKind.TAG, "wool", None, 2),
        (SuggestionKind.TAG, "wood", None, 1),
        (SuggestionKind.TAG, "wooden box", None, 1),
    ]
    assert [one.text for one in index.suggest(parse("box wo"), STUDIO, 10)] == ["wooden box"]


def test_assets_and_tags_share_the_places_of_a_short_list(index: SearchIndex) -> None:
    add(index, *(asset(number, f"Wolf {number}", tags=(f"wolf-{number}",)) for number in range(1, 9)))

    suggested = index.suggest(parse("wolf"), STUDIO, 6)

    assert [one.kind for one in suggested] == [SuggestionKind.ASSET] * 4 + [SuggestionKind.TAG] * 2


@pytest.mark.parametrize(
    "text,expected", [("邓", ["邓丽君"]), ("丽君", ["邓丽君"]), ("", []), ("-wolf", []), ("*", [])]
)
def test_one_chinese_character_is_enough_and_nothing_completes_nothing(
    index: SearchIndex, text: str, expected: list[str]
) -> None:
    add(index, asset(1, "邓丽君"), asset(2, "Wolf"))

    assert [one.text for one in index.suggest(parse(text), STUDIO, 10)] == expected


def test_a_question_about_some_assets_is_answered_from_these_alone(index: SearchIndex) -> None:
    add(index, asset(1, "Grey Wolf", tags=("night",)), asset(2, "Red Wolf"), asset(3, "Crate"))
    add(index, asset(4, "White Wolf", tags=("night",)), asset(2, "Red Fox"))
    add(index, asset(5, "Black Wolf", asset_audience="vip"))
    some = frozenset(UUID(int=number) for number in (2, 3, 4, 5, 9, 1 << 70 | 1))

    wolves = ask(index, "wolf", among=some, facets=[Facet.TAG])
    all_of_them = ask(index, among=some)
    dark = ask(index, "wolf", among=some, selections={Facet.TAG: only("day")}, facets=[Facet.TAG])

    assert (numbers(wolves), wolves.total, counts(wolves.facets[Facet.TAG])) == ([4], 1, {"night": 1})
    assert sorted(numbers(all_of_them)) == [2, 3, 4]
    assert (dark.total, counts(dark.facets[Facet.TAG])) == (0, {"night": 1})
    assert sorted(found(index, "-wolf", among=some)) == [2, 3]
    assert found(index, "wolf", among=frozenset()) == []


def test_what_is_like_an_asset_is_asked_of_some_alone(index: SearchIndex) -> None:
    add(index, asset(1, "Wolf", tags=("night",)), asset(2, "Wolf"))
    add(index, asset(3, "Owl", tags=("night",)))

    assert found(index, "", like=UUID(int=1), among=frozenset({UUID(int=1), UUID(int=3)})) == [3]


def test_the_most_alike_share_tags_and_words_of_the_name(index: SearchIndex) -> None:
    add(
        index,
        asset(1, "Grey Wolf", kind="creature", tags=("fur", "north"), shows=("orion",)),
        asset(2, "White Wolf", kind="creature", tags=("FUR", "north"), shows=("orion",)),
        asset(3, "Fox", kind="creature", tags=("fur",)),
        asset(4, "Wolf statue", tags=("stone",)),
        asset(5, "Truck", shows=("orion",)),
        asset(6, "Dragon", kind="creature"),
    )

    alike = ask(index, like=UUID(int=1), facets=[Facet.KIND])

    assert numbers(alike) == [2, 3, 4]
    assert counts(alike.facets[Facet.KIND]) == {"creature": 2, "prop": 1}
    assert found(index, "fox", like=UUID(int=1)) == [3]
    assert found(index, "", like=UUID(int=99)) == []


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_write_is_seen_by_the_next_search_and_moves_the_seq(index: SearchIndex) -> None:
    index.write([asset(1, "Wolf")], 0, 7)

    answer = ask(index, "wolf")

    assert (answer.seq, answer.total, index.seq) == (7, 1, 7)


def test_a_changed_document_replaces_its_former_self(index: SearchIndex) -> None:
    add(index, asset(1, "Wolf", tags=("fur",)), asset(2, "Fox"))

    add(index, asset(1, "Bear", tags=("claw",)))

    assert found(index, "wolf") == []
    assert found(index, "bear") == [1]
    assert counts(ask(index, facets=[Facet.TAG]).facets[Facet.TAG]) == {"claw": 1}
    assert ask(index).total == 2


def test_a_removed_document_is_gone_and_removing_it_again_is_harmless(index: SearchIndex) -> None:
    add(index, asset(1, "Wolf"), asset(2, "Fox"))

    for _ in range(2):
        index.write([Removal(id=UUID(int=1)), Removal(id=UUID(int=77))], index.seq, index.seq + 1)

    assert found(index, "") == [2]
    assert [asset_id.int for asset_id, _ in index.digests()] == [2]


def test_everything_can_be_removed(index: SearchIndex) -> None:
    add(index, asset(1), asset(2))

    index.write([Removal(id=UUID(int=1)), Removal(id=UUID(int=2))], 1, 2)

    assert ask(index, facets=[Facet.KIND]) == SearchAnswer(total=0, hits=(), facets={Facet.KIND: ()}, seq=2)


def test_of_several_changes_to_one_asset_the_last_holds(index: SearchIndex) -> None:
    changes: list[Document | Removal] = [
        asset(1, "Wolf"),
        Removal(id=UUID(int=1)),
        asset(1, "Fox"),
        asset(2, "Bear"),
        Removal(id=UUID(int=2)),
    ]

    index.write(changes, 0, 1)

    assert (found(index, "fox"), ask(index).total) == ([1], 1)


def test_the_same_write_twice_is_the_same_as_once(index: SearchIndex) -> None:
    for _ in range(2):
        index.write([asset(1, "Wolf"), Removal(id=UUID(int=2))], 0, 5)

    assert (found(index, "wolf"), ask(index).total, index.seq) == ([1], 1, 5)


def test_a_write_without_changes_moves_the_seq(index: SearchIndex) -> None:
    add(index, asset(1))

    index.write([], 1, 4)

    assert (index.seq, ask(index).total) == (4, 1)


@pytest.mark.parametrize("after_seq,through_seq", [(6, 9), (0, 4)])
def test_a_write_that_does_not_join_on_is_refused(index: SearchIndex, after_seq: int, through_seq: int) -> None:
    index.write([asset(1)], 0, 5)

    with pytest.raises(Conflict, match="followed the ledger to 5"):
        index.write([asset(2)], after_seq, through_seq)

    assert (index.seq, ask(index).total) == (5, 1)


def test_a_write_that_overlaps_what_was_followed_is_welcome(index: SearchIndex) -> None:
    index.write([asset(1, "Wolf")], 0, 5)

    index.write([asset(1, "Fox")], 3, 8)

    assert (index.seq, found(index, "fox")) == (8, [1])


def test_a_write_that_fails_half_way_leaves_the_seq_where_it_was(index: SearchIndex) -> None:
    add(index, asset(1, "Wolf"))

    def broken() -> Iterable[Document]:
        yield asset(2, "Fox")
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"):
        index.write(broken(), 1, 2)
    index.write([asset(2, "Fox")], 1, 2)

    assert (index.seq, ask(index).total) == (2, 2)


@pytest.mark.slow
def test_a_write_of_more_than_one_commit_is_whole_in_the_end(index: SearchIndex) -> None:
    index.write((asset(number, "W") for number in range(1, 5_502)), 0, 3)

    answer = ask(index, "w", facets=[Facet.KIND], limit=1)

    assert (answer.total, index.seq, counts(answer.facets[Facet.KIND])) == (5_501, 3, {"prop": 5_501})


def test_digests_tell_every_document_and_every_difference(index: SearchIndex) -> None:
    documents = [asset(3, "Wolf"), asset(1, "邓丽君"), asset(2, "Fox", tags=("a", "b"))]
    add(index, *documents)

    told = list(index.digests())

    assert told == [(UUID(int=n), digest(d)) for n, d in [(1, documents[1]), (2, documents[2]), (3, documents[0])]]
    assert (
        len({digest(d) for d in (documents[2], replace(documents[2], tags=("ab",)), replace(documents[2], name="x"))})
        == 3
    )


# ── rebuilding ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rebuilt_index_takes_over_in_one_step_when_it_is_done(index: SearchIndex) -> None:
    add(index, asset(1, "Wolf"), asset(2, "Bear"))

    with index.rebuilding() as fresh:
        fresh.write([asset(3, "Fox")], 0, 1)
        during = sorted(found(index, ""))
        add(index, asset(2, "Brown bear"))
        fresh.write([asset(2, "Brown bear")], 1, 2)

    assert during == [1, 2]
    assert sorted(found(index, "")) == [2, 3]
    assert index.seq == 2


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(index: SearchIndex) -> None:
    add(index, asset(1, "Wolf"))

    def fail() -> None:
        with index.rebuilding() as fresh:
            fresh.write([asset(3, "Fox")], 0, 1)
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        fail()

    assert found(index, "") == [1]
    add(index, asset(2, "Bear"))
    assert ask(index).total == 2


# ── many at once ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_readers_always_see_one_whole_state_while_somebody_writes(index: SearchIndex) -> None:
    def state(number: int) -> Sequence[Document]:
        return [asset(one, f"Wolf state{number}", tags=(f"state{number}",)) for one in range(1, 13)]

    index.write(state(0), 0, 1)
    seen: set[tuple[int, tuple[int, ...]]] = set()
    failures: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                answer = ask(index, "wolf", facets=[Facet.TAG], limit=3)
                seen.add((answer.total, tuple(count.count for count in answer.facets[Facet.TAG])))
        except BaseException as failure:  # noqa: BLE001 — whatever a thread meets is what this test asks about
            failures.append(failure)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 25):
        index.write(state(number), number, number + 1)
    done.set()
    for reader in readers:
        reader.join()

    assert failures == []
    assert seen == {(12, (12,))}


def test_several_writers_wait_for_each_other(index: SearchIndex) -> None:
    def write(number: int) -> None:
        index.write([asset(number, "Wolf")], 0, 1)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(1, 9)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert ask(index, "wolf").total == 8
