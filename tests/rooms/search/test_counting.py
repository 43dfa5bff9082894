"""Counting by packs and one by one gives the same, and what one counts by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from catalog.search.whoosh_index.counting import PACKED_MIN, Group, Tally, packs, tally
from catalog.search.whoosh_index.grouping import Grouping, Sorting

COUNT = PACKED_MIN + 1000


def test_a_pack_counts_all_its_groups_in_one_pass() -> None:
    kinds = [("prop", "creature", "plate")[row * 7 % 3] for row in range(COUNT)]
    shows = [(f"show{row // 2 * 11 % 40}",) if row % 4 else () for row in range(COUNT)]
    groups = {"kind": _group([(kind,) for kind in kinds]), "show": _group(shows)}
    rows = np.arange(0, COUNT, 2)

    made = packs(groups, COUNT)
    counted = {name: np.zeros(group.size + 1, np.int64) for name, group in groups.items()}
    tally(groups, made, rows, counted)

    assert [list(pack.groups) for pack in made] == [["kind", "show"]]
    assert _by_value(groups["kind"], counted["kind"]) == Counter(kinds[::2])
    assert _by_value(groups["show"], counted["show"]) == Counter(show for held in shows[::2] for show in held)


def test_what_is_counted_by_packs_can_be_taken_away_again() -> None:
    groups = {
        "kind": _group([(f"k{row % 5}",) for row in range(COUNT)]),
        "status": _group([(f"s{row % 3}",) for row in range(COUNT)]),
    }
    counted = {name: np.zeros(group.size + 1, np.int64) for name, group in groups.items()}

    tally(groups, packs(groups, COUNT), np.arange(COUNT), counted)
    tally(groups, packs(groups, COUNT), np.arange(COUNT), counted, -1)

    assert not counted["kind"].any()
    assert not counted["status"].any()


def test_only_what_is_asked_for_is_counted() -> None:
    groups = {name: _group([(f"{name}{row % 7}",) for row in range(COUNT)]) for name in ("kind", "status", "show")}
    asked = {name: np.zeros(8, np.int64) for name in ("kind", "show")}

    tally(groups, packs(groups, COUNT), np.arange(700), asked)

    assert asked["kind"].tolist() == [100, 100, 100, 100, 100, 100, 100, 0]
    assert asked["show"].tolist() == [100, 100, 100, 100, 100, 100, 100, 0]


def test_values_of_which_documents_have_several_are_in_no_pack_where_they_come_together_in_many_ways() -> None:
    groups = {
        "kind": _group([("prop",)] * COUNT),
        "status": _group([("active",)] * COUNT),
        "tag": _group([(f"a{row % 1999}", f"b{row * 7 % 2003}") for row in range(COUNT)]),
    }

    made = packs(groups, COUNT)

    assert [list(pack.groups) for pack in made] == [["kind", "status"]]


def test_values_that_come_together_in_few_ways_are_counted_as_one() -> None:
    held: list[tuple[str, ...]] = [("usd",), ("usd", "exr"), (), ("abc", "exr", "usd")]
    groups = {
        "kind": _group([(f"k{row % 3}",) for row in range(COUNT)]),
        "format": _group([held[row % 4] for row in range(COUNT)]),
    }
    counted = {name: np.zeros(group.size + 1, np.int64) for name, group in groups.items()}

    made = packs(groups, COUNT)
    tally(groups, made, np.arange(8_000), counted)

    assert [list(pack.groups) for pack in made] == [["kind", "format"]]
    assert _by_value(groups["format"], counted["format"]) == {"usd": 6_000, "exr": 4_000, "abc": 2_000}
    wanted = np.array([value == b"exr" for value in groups["format"].grouping.values])
    assert groups["format"].having(wanted, np.arange(5)).tolist() == [False, True, False, True, False]


def test_a_tally_has_room_for_every_facet_and_for_what_counts_for_nothing() -> None:
    tally = Tally({"kind": 2, "show": 3})

    tally.of["show"][0] += 5
    tally.of["kind"][-1] += 1

    assert tally.starts == {"kind": 0, "show": 3}
    assert tally.every.tolist() == [0, 0, 1, 5, 0, 0, 0]


def test_more_combinations_than_can_be_counted_at_once_are_several_packs() -> None:
    sizes = {"a": 20, "b": 30, "c": 100, "d": 150, "e": 300}
    groups = {name: _group([(f"{name}{row % size}",) for row in range(COUNT)]) for name, size in sizes.items()}

    made = packs(groups, COUNT)

    assert [list(pack.groups) for pack in made] == [["a", "b"], ["c", "d"]]


def test_small_segments_have_no_packs() -> None:
    groups = {"kind": _group([("prop",)] * 10), "show": _group([("orion",)] * 10)}

    assert packs(groups, 10) == []


def _group(values: Sequence[tuple[str, ...]]) -> Group:
    sorting = Sorting()
    for each in values:
        sorting.add(each)
    made = sorting.grouping()
    grouping = Grouping.of(made.arrays("x"), "x")
    numbers = np.arange(len(made.values))
    return Group(grouping=grouping, single=grouping.single, numbers=numbers, size=len(numbers))


def _by_value(group: Group, counted: np.ndarray) -> dict[str, int]:
    return {
        value.decode(): int(count) for value, count in zip(group.grouping.values, counted[:-1], strict=True) if count
    }
