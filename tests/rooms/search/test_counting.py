"""Counting by packs and one by one gives the same, and what one counts by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from catalog.search.whoosh_index.counting import PACKED_MIN, Group, Tally, packs, tally
from catalog.search.whoosh_index.grouping import Grouping, Sorting
from catalog.search.whoosh_index.segment import Vocabulary
from tests.rooms.search.test_whoosh_index import asset, new_index, taken, write_apart

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


def test_few_documents_are_counted_without_tables_of_ones_own_beside_those_of_the_file(tmp_path: Path) -> None:
    index = new_index(tmp_path)
    tagged = [replace(asset(number), tags=("a", f"b{number}")) for number in range(1, 4)]
    write_apart(index, tmp_path, [*tagged, replace(asset(4), tags=tuple(f"c{at}" for at in range(20)))], 1)
    write_apart(index, tmp_path, [replace(one, id=UUID(int=one.id.int + 10)) for one in tagged], 2)
    snapshot = taken(index, tmp_path)
    tally = Tally(snapshot.sizes)

    for segment in snapshot.segments:
        segment.tally_few(np.arange(3), tally)

    made = [vars(group.grouping) for segment in snapshot.segments for group in segment.groups.values()]
    assert [segment.contents.count for segment in snapshot.segments] == [4, 3]
    assert not [each for each in made if "_as_lanes" in each]
    assert {tag: int(tally.of["tag"][snapshot.vocabularies["tag"].find(tag)]) for tag in ("a", "b1", "c1")} == {
        "a": 6,
        "b1": 2,
        "c1": 0,
    }


def test_the_order_of_values_is_kept_as_numbers(tmp_path: Path) -> None:
    index = new_index(tmp_path)
    write_apart(index, tmp_path, [replace(asset(number), tags=("z", "b", "a")[:number]) for number in range(1, 4)], 1)
    snapshot = taken(index, tmp_path)

    by_use = snapshot.by_use("tag", None)

    assert by_use.dtype == np.int64
    assert [snapshot.vocabularies["tag"].values[number] for number in by_use] == ["z", "b", "a"]


@pytest.mark.parametrize("look", [1, 2])
def test_values_are_ordered_while_another_thread_orders_more_of_them(look: int) -> None:
    vocabulary = Vocabulary()
    vocabulary.numbers([b"wolf", b"fox"])
    vocabulary.ordered(np.array([1, 1]))
    looks = count(1)

    class Interrupted(np.ndarray):
        """Counts of two values; while somebody looks how many they are, another thread sees a third value."""

        def __len__(self) -> int:
            if next(looks) == look:
                vocabulary.numbers([b"bear"])
                vocabulary.ordered(np.array([1, 1, 1]))
            return 2

    assert vocabulary.ordered(np.array([1, 2]).view(Interrupted)).tolist() == [1, 0]


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
