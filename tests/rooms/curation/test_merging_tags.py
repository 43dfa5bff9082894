"""Merging tags: a bulk edit that says how words are written, from its start until it is undone."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from catalog.accounts import users
from catalog.accounts.users import UserChange
from catalog.accounts.vocabulary import Role
from catalog.assets import queries as assets
from catalog.assets import tagging
from catalog.curation import editing, queries
from catalog.curation.choosing import Asked, propose
from catalog.curation.planning import Instruction
from catalog.curation.running import run_edit
from catalog.curation.tag_merging import propose_merge
from catalog.kernel.actors import Actor
from catalog.kernel.errors import Conflict, InvalidInput
from catalog.search.memory import MemoryIndex
from tests.crew import Crew


def previews(crew: Crew, *tags: str, into: str, by: Actor | None = None) -> UUID:
    with crew.view(by or crew.supervisor) as view:
        proposal = propose_merge(view, tags, into)
    with crew.work(by or crew.supervisor) as work:
        return editing.keep(work, proposal).id


def starts(crew: Crew, *tags: str, into: str, by: Actor | None = None) -> UUID:
    edit_id = previews(crew, *tags, into=into, by=by)
    with crew.work(by or crew.supervisor) as work:
        editing.start(work, edit_id)
    return edit_id


def runs(crew: Crew, edit_id: UUID) -> str:
    run_edit(crew.workshop(Path()), edit_id)
    with crew.view() as view:
        return queries.get_edit(view, edit_id).state


def undoes(crew: Crew, edit_id: UUID) -> str:
    with crew.work(crew.supervisor) as work:
        editing.undo(work, edit_id)
    return runs(crew, edit_id)


def tags(crew: Crew, code: str) -> list[str]:
    with crew.view() as view:
        return assets.get_asset(view, code).tags


def synonyms(crew: Crew) -> dict[str, str]:
    with crew.desk.read() as session:
        return tagging.synonyms_of(session)


@pytest.fixture
def heroes(crew: Crew) -> Crew:
    crew.registers("prp_a", tags=("Heroes", "brass"))
    crew.registers("prp_b", tags=("hero", "heroes"))
    return crew


def test_merged_tags_are_written_as_one_and_set_back(heroes: Crew) -> None:
    edit_id = starts(heroes, "HEROES", into="hero")
    done = runs(heroes, edit_id)
    merged = [tags(heroes, "prp_a"), tags(heroes, "prp_b"), synonyms(heroes)]
    undone = undoes(heroes, edit_id)

    assert (done, undone) == ("done", "undone")
    assert merged == [["hero", "brass"], ["hero"], {"heroes": "hero", "hero": "hero"}]
    assert [tags(heroes, "prp_a"), tags(heroes, "prp_b"), synonyms(heroes)] == [
        ["Heroes", "brass"],
        ["hero", "heroes"],
        {},
    ]


def test_a_merge_that_is_stopped_before_its_first_asset_is_undone_in_its_words(heroes: Crew) -> None:
    edit_id = starts(heroes, "heroes", into="hero")
    with heroes.work(heroes.supervisor) as work:
        editing.cancel(work, edit_id)
    stopped = synonyms(heroes)

    undone = undoes(heroes, edit_id)

    assert stopped == {"heroes": "hero", "hero": "hero"}
    assert (undone, synonyms(heroes), tags(heroes, "prp_a")) == ("undone", {}, ["Heroes", "brass"])
    with heroes.work(heroes.supervisor) as work:
        assert editing.undo(work, edit_id).state == "undone"


def test_what_was_never_started_has_no_words_to_set_back(heroes: Crew) -> None:
    edit_id = previews(heroes, "heroes", into="hero")

    with heroes.work(heroes.supervisor) as work, pytest.raises(Conflict, match="the edit is previewed"):
        editing.undo(work, edit_id)


def test_a_merge_stops_where_whoever_began_it_may_no_longer_curate(heroes: Crew) -> None:
    edit_id = starts(heroes, "heroes", into="hero")
    with heroes.work() as work:
        users.change_user(work, "sue", UserChange(roles=(Role.ARTIST,)))

    ended = runs(heroes, edit_id)

    assert (ended, tags(heroes, "prp_a")) == ("stopped", ["Heroes", "brass"])
    with heroes.view() as view:
        assert "sue may not" in (queries.get_edit(view, edit_id).problem or "")


def test_who_removes_a_merged_word_removes_the_new_one_too(heroes: Crew) -> None:
    runs(heroes, starts(heroes, "heroes", into="hero"))

    with heroes.view(heroes.supervisor) as view:
        removing = propose(
            view, MemoryIndex(), Asked(instruction=Instruction(remove_tags=("HEROES",)), assets=["prp_a"])
        )
        both = Instruction(add_tags=("heroes",), remove_tags=("hero",))
        with pytest.raises(InvalidInput) as refusal:
            propose(view, MemoryIndex(), Asked(instruction=both, assets=["prp_a"]))

    assert [one.plan.changes for one in removing.planned] == [{"tags": [["hero", "brass"], ["brass"]]}]
    assert refusal.value.code == "contradiction"


def test_what_was_merged_is_told_to_those_who_curate_and_see_all_that_had_it(heroes: Crew) -> None:
    kim = heroes.joins("kim", Role.SUPERVISOR, groups=["vip"])
    heroes.registers("prp_secret", tags=("umbra-codename",), audience=("vip",))
    runs(heroes, starts(heroes, "heroes", into="hero"))
    runs(heroes, starts(heroes, "umbra-codename", into="hero", by=kim))

    def merged(viewer: Actor) -> dict[str, tuple[str, ...]]:
        with heroes.view(viewer) as view:
            return queries.merged_words(view, ["hero", "brass"])

    assert merged(kim) == merged(heroes.admin) == {"hero": ("heroes", "umbra-codename")}
    assert merged(heroes.supervisor) == {"hero": ("heroes",)}
    assert (merged(heroes.artist), merged(heroes.viewer)) == ({}, {})


def test_only_assets_that_the_curator_may_know_of_are_merged(heroes: Crew) -> None:
    ivy = heroes.joins("ivy", Role.ARTIST, groups=["vip"])
    heroes.registers("prp_secret", tags=("heroes", "umbra"), by=ivy, audience=("vip",))

    runs(heroes, starts(heroes, "heroes", into="hero"))

    assert tags(heroes, "prp_secret") == ["heroes", "umbra"]
    with heroes.view(heroes.supervisor) as view, pytest.raises(InvalidInput):
        propose_merge(view, ["umbra"], "hero")
