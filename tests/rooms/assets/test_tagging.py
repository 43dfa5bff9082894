"""Tags: which are in use, and how merged ones are written."""

from __future__ import annotations

from uuid import UUID

import pytest

from catalog.accounts.vocabulary import Role
from catalog.assets import changing, merging, tagging
from catalog.assets.changing import AssetChange
from catalog.kernel.actors import Actor
from catalog.kernel.errors import NotPermitted
from catalog.kernel.ids import new_id
from tests.crew import Crew


def merges(crew: Crew, *tags: str, into: str) -> UUID:
    """Let words be written as another; the merge."""
    merge_id = new_id()
    with crew.work(crew.supervisor) as work:
        tagging.merge_words(work, merge_id, tags, into)
    return merge_id


def unmerges(crew: Crew, merge_id: UUID) -> None:
    with crew.work(crew.supervisor) as work:
        tagging.unmerge_words(work, merge_id)


def synonyms(crew: Crew) -> dict[str, str]:
    with crew.desk.read() as session:
        return tagging.synonyms_of(session)


def in_use(crew: Crew, viewer: Actor) -> dict[str, int]:
    """Which tags somebody sees, in order, and on how many assets."""
    with crew.view(viewer) as view:
        spellings = tagging.spellings_in_use(view)
        counts = tagging.count_tagged(view, spellings)
    return {text: counts[text] for text in spellings}


def test_tags_in_use_are_counted_by_spelling(crew: Crew) -> None:
    crew.registers("prp_a", tags=("hero", "brass"))
    crew.registers("prp_b", tags=("Hero", "brass", "brass"))

    seen = in_use(crew, crew.viewer)

    assert list(seen.items()) == [("brass", 2), ("Hero", 1), ("hero", 1)]


def test_assets_are_found_by_their_tags_in_any_case_by_code(crew: Crew) -> None:
    ivy = crew.joins("ivy", Role.ARTIST, groups=["vip"])
    ids = crew.registers("prp_b", "prp_a", tags=("STRASSE", "brass"))
    crew.registers("prp_c", tags=("brass",))
    crew.registers("prp_secret", tags=("straße",), by=ivy, audience=("vip",))

    with crew.view(crew.viewer) as view:
        found = tagging.ids_tagged(view, ["Straße"], 10)
        first = tagging.ids_tagged(view, ["Straße"], 1)

    assert (found, first) == ([ids[1], ids[0]], [ids[1]])


def test_tags_of_hidden_and_of_merged_assets_are_not_in_use(crew: Crew) -> None:
    ivy = crew.joins("ivy", Role.ARTIST, groups=["vip"])
    crew.registers("prp_secret", tags=("umbra",), by=ivy, audience=("vip",))
    crew.registers("prp_old", tags=("brass",))
    crew.registers("prp_new", tags=("metal",))
    with crew.work(crew.supervisor) as work:
        merging.merge(work, "prp_old", "prp_new")
        changing.change(work, "prp_new", AssetChange(tags=("metal",)))

    assert in_use(crew, crew.viewer) == {"metal": 1}
    assert in_use(crew, ivy) == {"metal": 1, "umbra": 1}


def test_an_undone_merge_brings_back_what_an_earlier_one_said(crew: Crew) -> None:
    merges(crew, "heroes", into="hero")
    before = synonyms(crew)
    second = merges(crew, "heroes", "hero", into="lead")
    between = synonyms(crew)

    unmerges(crew, second)

    assert between == {"heroes": "lead", "hero": "lead", "lead": "lead"}
    assert synonyms(crew) == before == {"heroes": "hero", "hero": "hero"}


def test_a_merge_the_other_way_round_is_undone_to_the_first(crew: Crew) -> None:
    merges(crew, "heroes", into="hero")
    second = merges(crew, "hero", into="heroes")

    unmerges(crew, second)

    assert synonyms(crew) == {"heroes": "hero", "hero": "hero"}


def test_an_earlier_merge_that_is_undone_leaves_the_later_alone(crew: Crew) -> None:
    first = merges(crew, "heroes", into="hero")
    second = merges(crew, "heroes", into="lead")

    unmerges(crew, first)
    held = synonyms(crew)
    unmerges(crew, second)

    assert held == {"heroes": "lead", "lead": "lead"}
    assert synonyms(crew) == {}


def test_of_three_merges_the_middle_one_undone_leaves_the_first_behind_the_last(crew: Crew) -> None:
    merges(crew, "heroes", into="hero")
    second = merges(crew, "heroes", into="lead")
    third = merges(crew, "heroes", into="star")

    unmerges(crew, second)
    unmerges(crew, third)

    assert synonyms(crew) == {"heroes": "hero", "hero": "hero"}


def test_merging_and_unmerging_are_safe_to_run_twice(crew: Crew) -> None:
    merges(crew, "heroes", into="hero")
    merge_id = new_id()
    for _ in range(2):
        with crew.work(crew.supervisor) as work:
            tagging.merge_words(work, merge_id, ["heroes"], "lead")
    merged = synonyms(crew)
    for _ in range(2):
        unmerges(crew, merge_id)

    assert merged == {"heroes": "lead", "hero": "hero", "lead": "lead"}
    assert synonyms(crew) == {"heroes": "hero", "hero": "hero"}
    assert crew.types("tags.unmerged") == ["tags.unmerged/1"]


def test_words_are_merged_by_those_who_curate(crew: Crew) -> None:
    with crew.work(crew.artist) as work, pytest.raises(NotPermitted):
        tagging.merge_words(work, new_id(), ["heroes"], "hero")
    with crew.work(crew.artist) as work, pytest.raises(NotPermitted):
        tagging.unmerge_words(work, new_id())
