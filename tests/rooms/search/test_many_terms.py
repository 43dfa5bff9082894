"""A custom field with more terms than are told of, over several segments: what is told is counted exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from catalog.fields.vocabulary import FieldType
from catalog.search.port import Document, SearchQuery, Selection
from catalog.search.query import parse
from catalog.search.recorded import Custom
from catalog.search.whoosh_index.asking import search
from catalog.search.whoosh_index.snapshot import Snapshot
from tests.rooms.search.test_whoosh_index import asset, new_index, taken, write_apart

SERIAL = "fields.serial"


def carrying(number: int, term: str, name: str = "Wolf") -> Document:
    document = asset(number, name)
    return replace(document, custom=(Custom(name="serial", type=FieldType.EXACT, value=term),))


def counted(snapshot: Snapshot, text: str = "", *chosen: str) -> dict[str, int]:
    selections = {SERIAL: Selection(include=frozenset(chosen))} if chosen else {}
    query = SearchQuery(audiences=None, text=parse(text), facets=(SERIAL,), selections=selections, zeros=24)
    return {one.value: one.count for one in search(snapshot, query).facets[SERIAL]}


def written(folder: Path, *segments: Sequence[tuple[str, str]]) -> Snapshot:
    """Write segments of assets with a name and a term."""
    index = new_index(folder)
    for seq, several in enumerate(segments, 1):
        documents = [carrying(seq * 10_000 + at, term, name) for at, (name, term) in enumerate(several)]
        write_apart(index, folder, list(documents), seq)
    snapshot = taken(index, folder)
    assert len(snapshot.segments) == len(segments)
    return snapshot


def test_a_term_that_is_frequent_in_one_segment_is_counted_in_those_where_it_is_rare(tmp_path: Path) -> None:
    first = [("Wolf", term) for term in ["x"] * 3 + [f"a{number:04}" for number in range(1_100)]]
    second = [("Wolf", term) for term in ["x"] + [f"b{number:04}" for number in range(1_001)] * 2]
    snapshot = written(tmp_path, first, second)

    told = counted(snapshot)

    every = Counter(term for _, term in [*first, *second])
    assert told["x"] == 4
    assert len(told) == 1_000
    assert {term: every[term] for term in told} == told


def test_no_term_with_a_hit_is_told_as_one_without(tmp_path: Path) -> None:
    wolves = [("Wolf", f"t{number:04}") for number in range(1_200)]
    foxes = [("Fox", f"t{number:04}") for number in range(900, 1_200)]
    snapshot = written(tmp_path, wolves + foxes)

    told = counted(snapshot, "wolf ")

    assert set(told.values()) == {1}
    assert len(told) == 1_000


def test_what_was_chosen_is_counted_also_where_a_thousand_terms_are_more_frequent(tmp_path: Path) -> None:
    rare = [("Wolf", "rare")]
    frequent = [("Wolf", f"t{number:04}") for number in range(1_001)] * 2
    snapshot = written(tmp_path, rare + frequent)

    told = counted(snapshot, "", "rare")

    assert told["rare"] == 1
    assert "rare" not in counted(snapshot)


def test_few_hits_are_told_before_terms_without_one(tmp_path: Path) -> None:
    frequent = [("Wolf", f"t{number:04}") for number in range(1_100)] * 2
    snapshot = written(tmp_path, [*frequent, ("Fox", "once")])

    told = counted(snapshot, "fox ")

    assert told.pop("once") == 1
    assert list(told.values()) == [0] * 24
