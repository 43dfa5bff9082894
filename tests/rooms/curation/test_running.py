"""Bulk edits at work: what was shown is what is done, in batches, and it can be stopped, killed and undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from catalog.accounts import users
from catalog.accounts.models import User
from catalog.accounts.users import UserChange
from catalog.accounts.vocabulary import Role
from catalog.assets import changing, merging, registry
from catalog.assets.changing import AssetChange
from catalog.assets.models import Asset
from catalog.assets.vocabulary import Kind
from catalog.curation import editing, queries
from catalog.curation.choosing import Asked, propose
from catalog.curation.models import BulkEditAsset
from catalog.curation.planning import Instruction
from catalog.curation.running import run_edit
from catalog.curation.vocabulary import RowState
from catalog.kernel import clock
from catalog.kernel.actors import Actor
from catalog.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from catalog.kernel.paging import Paging
from catalog.ledger.models import LedgerEntry
from catalog.search.memory import MemoryIndex
from tests.crew import Crew

MANY = 1_200
HERO: dict[str, Any] = {"add_tags": ("hero",), "kind": Kind.COSTUME}


class Killed(Exception):
    """The worker is gone."""


def preview(crew: Crew, *names: str, by: Actor | None = None, **said: Any) -> UUID:  # noqa: ANN401 — of Instruction
    actor = by or crew.supervisor
    with crew.view(actor) as view:
        proposal = propose(view, MemoryIndex(), Asked(instruction=Instruction(**said), assets=names))
    with crew.work(actor) as work:
        return editing.keep(work, proposal).id


def act(crew: Crew, what: Callable[..., Any], edit_id: UUID, by: Actor | None = None) -> str:
    with crew.work(by or crew.supervisor) as work:
        return str(what(work, edit_id).state)


def runs(crew: Crew, edit_id: UUID, beat: Callable[[float], None] = lambda _progress: None) -> str:
    run_edit(replace(crew.workshop(Path()), beat=beat), edit_id)
    with crew.view() as view:
        return queries.get_edit(view, edit_id).state


def counts(crew: Crew, edit_id: UUID) -> dict[str, int]:
    with crew.view() as view:
        tally = queries.tally_of(view, queries.get_edit(view, edit_id))
    return {state.value: count for state, count in tally.states.items() if count}


def rows(crew: Crew, edit_id: UUID, state: RowState) -> list[tuple[str, str | None, list[str]]]:
    with crew.view() as view:
        page = queries.page_assets(view, queries.get_edit(view, edit_id), Paging(), state)
        return [(one.code, one.row.reason, one.row.since) for one in page.items]


def registry_of(crew: Crew) -> dict[str, tuple[Any, ...]]:
    """What the registry says of every asset, as far as a bulk edit could change it."""
    columns = (Asset.code, Asset.tags, Asset.owner_id, Asset.kind, Asset.status, Asset.retirement_reason, Asset.name)
    with crew.desk.read() as session:
        return {row.code: tuple(row)[1:] for row in session.execute(select(*columns))}


def change(crew: Crew, code: str, **fields: Any) -> None:  # noqa: ANN401 — of AssetChange
    with crew.work() as work:
        changing.change(work, code, AssetChange(**fields))


@pytest.fixture
def chairs(crew: Crew) -> Crew:
    crew.registers("prp_a", "prp_b", "prp_c", tags=("wood",), by=crew.artist)
    return crew


@pytest.fixture
def many(crew: Crew) -> tuple[Crew, list[str]]:
    codes = [f"prp_n{number}" for number in range(MANY)]
    crew.registers(*codes, tags=("wood",), by=crew.artist)
    return crew, codes


def test_a_preview_changes_nothing_and_leaves_no_entry(chairs: Crew) -> None:
    before, entries = registry_of(chairs), chairs.types()

    edit_id = preview(chairs, "prp_a", "PRP_B", "prp_a", "prp_nothing", **HERO)

    assert counts(chairs, edit_id) == {"planned": 2}
    assert registry_of(chairs) == before
    assert chairs.types() == [*entries, "user.created/1"]  # the supervisor's own


def test_what_was_shown_is_done_by_whoever_began_it(chairs: Crew) -> None:
    edit_id = preview(chairs, "prp_a", "prp_b", **HERO)

    act(chairs, editing.start, edit_id)
    ended = runs(chairs, edit_id)

    assert ended == "done"
    assert registry_of(chairs)["prp_a"][0:3] == (["wood", "hero"], chairs.artist.id, "costume")
    assert registry_of(chairs)["prp_c"][0] == ["wood"]
    entry = chairs.entries("asset.changed")[-1]
    assert (entry.actor["name"], entry.request_id) == ("sue", f"edit:{edit_id}")
    assert entry.values == {"changes": {"tags": [["wood"], ["wood", "hero"]], "kind": ["prop", "costume"]}}
    assert chairs.types("edit.") == ["edit.started/1"]


def test_what_others_changed_since_the_preview_is_left_alone_and_listed(chairs: Crew) -> None:
    edit_id = preview(chairs, "prp_a", "prp_b", "prp_c", **HERO)
    change(chairs, "prp_a", tags=("metal",))
    change(chairs, "prp_b", name="B")

    act(chairs, editing.start, edit_id)
    runs(chairs, edit_id)

    assert rows(chairs, edit_id, RowState.LEFT) == [("prp_a", "changed-since", ["tags"])]
    assert registry_of(chairs)["prp_a"][0] == ["metal"]
    assert registry_of(chairs)["prp_b"][0] == ["wood", "hero"]


def test_what_became_invisible_since_the_preview_is_left_alone(chairs: Crew) -> None:
    sam = chairs.joins("sam", Role.SUPERVISOR, groups=["crew"])
    edit_id = preview(chairs, "prp_a", "prp_b", by=sam, **HERO)
    chairs.has_group("vip")
    change(chairs, "prp_a", audience=("vip",))

    act(chairs, editing.start, edit_id, sam)
    runs(chairs, edit_id)

    assert counts(chairs, edit_id) == {"left": 1, "applied": 1}
    assert rows(chairs, edit_id, RowState.LEFT) == [("prp_a", "not-visible", [])]
    assert registry_of(chairs)["prp_a"][0] == ["wood"]


def test_an_edit_of_many_is_done_in_batches_that_say_how_far_it_is(many: tuple[Crew, list[str]]) -> None:
    crew, codes = many
    edit_id, said = preview(crew, *codes, **HERO), list[float]()

    act(crew, editing.start, edit_id)
    runs(crew, edit_id, said.append)

    assert [round(progress, 2) for progress in said] == [0.42, 0.83, 1.0]
    assert counts(crew, edit_id) == {"applied": MANY}
    assert {values[0][-1] for values in registry_of(crew).values()} == {"hero"}


def test_an_edit_is_stopped_half_way_and_set_back_as_if_nothing_had_been(many: tuple[Crew, list[str]]) -> None:
    crew, codes = many
    before = registry_of(crew)
    edit_id = preview(crew, *codes, retire="worn", **HERO)
    act(crew, editing.start, edit_id)

    def stop(_progress: float) -> None:
        act(crew, editing.cancel, edit_id)

    cancelled = runs(crew, edit_id, stop)
    assert (cancelled, counts(crew, edit_id)) == ("cancelled", {"applied": 500, "planned": MANY - 500})
    act(crew, editing.undo, edit_id)
    undone = runs(crew, edit_id)

    assert (undone, counts(crew, edit_id)) == ("undone", {"undone": 500, "planned": MANY - 500})
    assert registry_of(crew) == before
    with crew.desk.read() as session:
        told = session.scalars(select(LedgerEntry.type).where(LedgerEntry.type.startswith("edit."))).all()
    assert sorted(told) == ["edit.cancelled/1", "edit.started/1", "edit.undone/1"]


def test_a_worker_that_is_killed_leaves_whole_batches_and_nothing_is_done_twice(many: tuple[Crew, list[str]]) -> None:
    crew, codes = many
    edit_id = preview(crew, *codes, **HERO)
    act(crew, editing.start, edit_id)

    def die(_progress: float) -> None:
        raise Killed

    with pytest.raises(Killed):
        runs(crew, edit_id, die)
    assert counts(crew, edit_id) == {"applied": 500, "planned": MANY - 500}
    ended = runs(crew, edit_id)

    with crew.desk.read() as session:
        revisions = set(session.scalars(select(Asset.revision)))
    assert (ended, revisions) == ("done", {2})


def test_an_edit_that_was_stopped_can_be_done_to_its_end(many: tuple[Crew, list[str]]) -> None:
    crew, codes = many
    edit_id = preview(crew, *codes, **HERO)
    act(crew, editing.start, edit_id)

    def stop(_progress: float) -> None:
        act(crew, editing.cancel, edit_id)

    runs(crew, edit_id, stop)
    act(crew, editing.start, edit_id)
    ended = runs(crew, edit_id)

    assert (ended, counts(crew, edit_id)) == ("done", {"applied": MANY})


def test_undoing_sets_back_only_what_the_edit_wrote_and_lists_the_rest(chairs: Crew) -> None:
    edit_id = preview(chairs, "prp_a", "prp_b", "prp_c", **HERO)
    act(chairs, editing.start, edit_id)
    runs(chairs, edit_id)
    change(chairs, "prp_a", tags=("wood", "hero", "loved"))
    change(chairs, "prp_b", name="B")

    act(chairs, editing.undo, edit_id)
    runs(chairs, edit_id)

    assert rows(chairs, edit_id, RowState.KEPT) == [("prp_a", "changed-since", ["tags"])]
    assert registry_of(chairs)["prp_a"][0:3:2] == (["wood", "hero", "loved"], "prop")
    assert registry_of(chairs)["prp_b"][0:3:2] == (["wood"], "prop")
    assert registry_of(chairs)["prp_b"][-1] == "B"


def test_retiring_is_undone_too_and_leaves_its_own_entries(chairs: Crew) -> None:
    before = registry_of(chairs)
    edit_id = preview(chairs, "prp_a", retire="worn")
    act(chairs, editing.start, edit_id)
    runs(chairs, edit_id)
    retired = registry_of(chairs)["prp_a"][3:5]

    act(chairs, editing.undo, edit_id)
    runs(chairs, edit_id)

    assert retired == ("retired", "worn")
    assert registry_of(chairs) == before
    assert chairs.types("asset.")[-2:] == ["asset.retired/1", "asset.changed/1"]


def test_a_new_owner_is_named_by_login_wherever_it_is_told(chairs: Crew) -> None:
    edit_id = preview(chairs, "prp_a", owner="SUE")
    act(chairs, editing.start, edit_id)
    runs(chairs, edit_id)

    with chairs.view() as view:
        (shown,) = queries.page_assets(view, queries.get_edit(view, edit_id), Paging()).items
    assert shown.changes == {"owner": ["art", "sue"]}
    assert (chairs.entries("asset.changed")[-1].values or {})["changes"] == {"owner": ["art", "sue"]}


def test_an_edit_stops_where_whoever_began_it_may_no_longer_do_it(chairs: Crew) -> None:
    edit_id = preview(chairs, "prp_a", **HERO)
    act(chairs, editing.start, edit_id)
    with chairs.work(chairs.admin) as work:
        users.change_user(work, "sue", UserChange(roles=(Role.VIEWER,)))

    ended = runs(chairs, edit_id)

    assert ended == "stopped"
    with chairs.view() as view:
        stopped = queries.get_edit(view, edit_id)
    assert "sue may not" in (stopped.problem or "")
    assert [one["code"] for one in stopped.problem_codes or []] == ["no-longer-permitted"]
    assert registry_of(chairs)["prp_a"][0] == ["wood"]

    with chairs.work(chairs.admin) as work:
        started = editing.start(work, edit_id)
        assert (started.problem, started.problem_codes) == (None, None)


def test_an_edit_of_somebody_who_left_stops(chairs: Crew) -> None:
    edit_id = preview(chairs, "prp_a", **HERO)
    act(chairs, editing.start, edit_id)
    with chairs.desk.bookkeeping() as session:
        session.execute(update(User).where(User.login == "sue").values(active=False))

    assert runs(chairs, edit_id) == "stopped"


def test_edits_are_their_makers_and_the_operators(chairs: Crew) -> None:
    edit_id = preview(chairs, "prp_a", **HERO)

    with chairs.view(chairs.pipeline) as view:
        assert [edit.id for edit in queries.page_edits(view, Paging()).items] == [edit_id]
    with chairs.view(chairs.artist) as view, pytest.raises(NotFound):
        queries.get_edit(view, edit_id)
    with pytest.raises(NotFound):
        act(chairs, editing.start, edit_id, chairs.artist)


def told(crew: Crew, edit_id: UUID, viewer: Actor) -> bool:
    with crew.view(viewer) as view:
        edit = queries.get_edit(view, edit_id)
        return queries.may_tell(view, edit, queries.tally_of(view, edit))


def test_what_an_edit_does_is_told_to_operators_who_may_know_of_all_its_assets(chairs: Crew) -> None:
    sam = chairs.joins("sam", Role.SUPERVISOR, groups=["crew"])
    edit_id = preview(chairs, "prp_a", "prp_b", by=sam, **HERO)
    before = told(chairs, edit_id, chairs.pipeline)
    chairs.has_group("vip")
    change(chairs, "prp_a", audience=("vip",))

    assert (before, told(chairs, edit_id, chairs.pipeline)) == (True, False)
    assert told(chairs, edit_id, sam)


def test_an_artist_may_tag_many_but_retire_none(chairs: Crew) -> None:
    preview(chairs, "prp_a", by=chairs.artist, **HERO)

    with pytest.raises(NotPermitted):
        preview(chairs, "prp_a", by=chairs.artist, retire="worn")


@pytest.mark.parametrize(
    "names, said, code",
    [
        ((), {"add_tags": ("hero",)}, "no-set"),
        (("prp_a",), {}, "nothing-to-change"),
        (("prp_a",), {"owner": "nobody"}, "unknown-user"),
        ([f"prp_{number}" for number in range(20_001)], {"add_tags": ("hero",)}, "too-many-assets"),
    ],
    ids=["no set", "no change", "no owner", "too many"],
)
def test_a_preview_that_makes_no_sense_is_refused(chairs: Crew, names: Any, said: Any, code: str) -> None:  # noqa: ANN401 — as parametrized
    with pytest.raises(InvalidInput) as refusal:
        preview(chairs, *names, **said)

    assert refusal.value.code == code


def test_acts_that_come_too_early_or_too_late_are_refused(chairs: Crew) -> None:
    edit_id, nothing = preview(chairs, "prp_a", **HERO), preview(chairs, "prp_a", add_tags=("wood",))

    for what in (editing.cancel, editing.undo):
        with pytest.raises(Conflict):
            act(chairs, what, edit_id)
    with pytest.raises(Conflict, match="would change nothing"):
        act(chairs, editing.start, nothing)
    act(chairs, editing.start, edit_id)
    assert act(chairs, editing.start, edit_id) == "running"
    runs(chairs, edit_id)
    with pytest.raises(Conflict, match="the edit is done"):
        act(chairs, editing.start, edit_id)
    act(chairs, editing.undo, edit_id)
    assert runs(chairs, edit_id) == "undone"
    assert act(chairs, editing.undo, edit_id) == "undone"


def test_every_asset_of_an_edit_is_kept_as_it_was_shown(chairs: Crew) -> None:
    edit_id = preview(chairs, "prp_b", "prp_a", **HERO)
    with chairs.work() as work:
        registry.retire(work, "prp_a", "gone")

    with chairs.desk.read() as session:
        kept = session.scalars(select(BulkEditAsset).where(BulkEditAsset.edit_id == edit_id)).all()

    assert [(row.position, row.revision, row.state) for row in kept] == [(0, 1, "planned"), (1, 1, "planned")]


def test_an_asset_that_was_merged_is_left_out_and_said(chairs: Crew) -> None:
    with chairs.work(chairs.supervisor) as work:
        merging.merge(work, "prp_a", "prp_c")

    edit_id = preview(chairs, "prp_a", "prp_b", **HERO)

    assert rows(chairs, edit_id, RowState.REFUSED) == [("prp_a", "merged", [])]
    assert counts(chairs, edit_id) == {"refused": 1, "planned": 1}


def test_a_preview_is_forgotten_after_a_week_unless_it_was_started(chairs: Crew) -> None:
    forgotten, started = preview(chairs, "prp_a", "prp_b", **HERO), preview(chairs, "prp_a", **HERO)
    act(chairs, editing.start, started)
    week = timedelta(days=7, minutes=1)

    def sweep(now: datetime) -> list[bool]:
        with chairs.desk.bookkeeping() as session:
            return [editing.forget_preview(session, now) for _ in range(2)]

    early, late = sweep(clock.now()), sweep(clock.now() + week)

    assert (early, late) == ([False, False], [True, False])
    with chairs.view() as view, pytest.raises(NotFound):
        queries.get_edit(view, forgotten)
    with chairs.desk.read() as session:
        assert session.scalars(select(BulkEditAsset.edit_id)).all() == [started]
