"""Merging assets that are one, and taking it back: what moves, what stays, and what nobody may learn by it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from catalog.accounts.vocabulary import Role
from catalog.assets import changing, merging, queries, relating
from catalog.assets.changing import AssetChange
from catalog.assets.vocabulary import RelationKind
from catalog.fields import defining
from catalog.fields.defining import NewField
from catalog.fields.vocabulary import FieldType
from catalog.kernel.errors import Conflict
from catalog.kernel.paging import Paging
from catalog.work.unit import UnitOfWork
from tests.crew import Crew


def relates(crew: Crew, source: str, target: str) -> UUID:
    with crew.work() as work:
        return relating.relate(work, source, RelationKind.CONTAINS, target).id


def merges(crew: Crew, asset: str, into: str) -> None:
    with crew.work(crew.supervisor) as work:
        merging.merge(work, asset, into)


def unmerges(crew: Crew, asset: str) -> None:
    with crew.work(crew.supervisor) as work:
        merging.unmerge(work, asset)


def relations(crew: Crew, code: str) -> list[tuple[str, str]]:
    with crew.view() as view:
        page = relating.relations_of(view, queries.get_asset(view, code), Paging())
        return sorted((one.source.code, one.target.code) for one in page.items)


def told(crew: Crew, code: str) -> tuple[Any, ...]:
    """What is said of an asset as far as a merge changes it."""
    with crew.view() as view:
        asset = queries.get_asset(view, code)
        return asset.status, asset.tags, [alias["text"] for alias in asset.aliases]


@pytest.fixture
def lamps(crew: Crew) -> Crew:
    """An old lamp that hangs in a room and holds a bulb, and a new one."""
    crew.registers("prp_old", tags=("brass", "hero"))
    crew.registers("prp_new", tags=("hero",))
    crew.registers("prp_best", "env_room", "prp_bulb")
    relates(crew, "env_room", "prp_old")
    relates(crew, "prp_old", "prp_bulb")
    return crew


def test_what_means_the_latest_moves_and_comes_back(lamps: Crew) -> None:
    before = [told(lamps, "prp_old"), told(lamps, "prp_new"), relations(lamps, "prp_old"), relations(lamps, "prp_new")]

    merges(lamps, "prp_old", "prp_new")
    merged = [told(lamps, "prp_new"), relations(lamps, "prp_new")]
    unmerges(lamps, "prp_old")

    assert merged == [
        ("active", ["hero", "brass"], ["prp_old"]),
        [("env_room", "prp_new"), ("prp_new", "prp_bulb")],
    ]
    assert before == [
        told(lamps, "prp_old"),
        told(lamps, "prp_new"),
        relations(lamps, "prp_old"),
        relations(lamps, "prp_new"),
    ]


def test_values_of_custom_fields_are_taken_over_where_there_are_none_and_given_back(crew: Crew) -> None:
    with crew.work(crew.admin) as work:
        for name in ("vendor", "fabric", "ticket"):
            defining.define(work, NewField(name=name, type=FieldType.EXACT))
    crew.registers("prp_old", fields={"vendor": "Acme", "fabric": "linen", "ticket": "T-1"})
    crew.registers("prp_new", fields={"fabric": "silk"})

    def carried() -> dict[str, Any]:
        with crew.view() as view:
            return dict(queries.get_asset(view, "prp_new").fields)

    merges(crew, "prp_old", "prp_new")
    merged = carried()
    with crew.work() as work:
        changing.change(work, "prp_new", AssetChange(fields={"ticket": "T-2"}))
    unmerges(crew, "prp_old")

    assert merged == {"vendor": "Acme", "fabric": "silk", "ticket": "T-1"}
    assert carried() == {"fabric": "silk", "ticket": "T-2"}
    assert (crew.entries("asset.merged")[0].values or {})["fields"] == {"ticket": "T-1", "vendor": "Acme"}
    assert (crew.entries("asset.changed")[0].values or {})["changes"]["fields.vendor"] == [None, "Acme"]


def test_nobody_takes_back_a_merge_into_what_they_may_not_know_of(lamps: Crew) -> None:
    merges(lamps, "prp_old", "prp_new")
    lamps.has_group("vip")
    with lamps.work() as work:
        changing.change(work, "prp_new", AssetChange(audience=("vip",)))
    before = (told(lamps, "prp_new"), len(lamps.entries()))

    with pytest.raises(Conflict, match="prp_old is not merged into another asset") as refusal:
        unmerges(lamps, "prp_old")

    assert refusal.value.code == "not-merged"
    assert (told(lamps, "prp_new"), len(lamps.entries())) == before


def test_of_merges_into_one_another_the_last_is_taken_back_first(lamps: Crew) -> None:
    before = relations(lamps, "env_room")
    merges(lamps, "prp_old", "prp_new")
    merges(lamps, "prp_new", "prp_best")

    with pytest.raises(Conflict, match="prp_new was merged in turn; take that merge back first"):
        unmerges(lamps, "prp_old")
    unmerges(lamps, "prp_new")
    unmerges(lamps, "prp_old")

    assert relations(lamps, "env_room") == before == [("env_room", "prp_old")]
    assert told(lamps, "prp_new") == ("active", ["hero"], [])


def test_a_relation_that_would_close_a_cycle_by_now_stays_where_it_is(lamps: Crew) -> None:
    merges(lamps, "prp_old", "prp_new")
    with lamps.work() as work:
        (copied,) = [
            one
            for one in relating.relations_of(work.view, queries.get_asset(work.view, "prp_bulb"), Paging()).items
            if one.source.code == "prp_new"
        ]
        relating.unrelate(work, "prp_new", copied.id)
    relates(lamps, "prp_bulb", "env_room")

    unmerges(lamps, "prp_old")

    assert relations(lamps, "env_room") == [("env_room", "prp_new"), ("prp_bulb", "env_room")]


def test_of_two_who_merge_the_same_pair_at_once_the_second_is_refused(lamps: Crew) -> None:
    kim = lamps.joins("kim", Role.SUPERVISOR)

    def merge(work: UnitOfWork) -> None:
        merging.merge(work, "prp_old", "prp_new")

    refused = lamps.overlaps(merge, merge, by=kim)

    assert isinstance(refused, Conflict)
    assert refused.code == "merged"
    assert relations(lamps, "env_room") == [("env_room", "prp_new")]


def test_of_two_who_merge_a_pair_both_ways_at_once_the_second_is_refused(lamps: Crew) -> None:
    refused = lamps.overlaps(
        lambda work: merging.merge(work, "prp_old", "prp_new"),
        lambda work: merging.merge(work, "prp_new", "prp_old"),
    )

    assert isinstance(refused, Conflict)
    assert refused.code == "merged"


def test_tags_that_somebody_changes_while_a_merge_is_under_way_are_kept(lamps: Crew) -> None:
    refused = lamps.overlaps(
        lambda work: changing.change(work, "prp_new", AssetChange(tags=("hero", "dusty"))),
        lambda work: merging.merge(work, "prp_old", "prp_new"),
    )

    assert refused is None
    assert told(lamps, "prp_new")[1] == ["hero", "dusty", "brass"]
