"""Bulk edits of ten thousand assets: stopped in the middle, set back, and no text of them all in memory at once."""

from __future__ import annotations

import tracemalloc
from typing import Any

from sqlalchemy import func, insert, select

from catalog.assets.models import Asset
from catalog.assets.vocabulary import Kind
from catalog.curation import editing
from catalog.curation.choosing import Asked, propose
from catalog.curation.models import BulkEditAsset
from catalog.curation.planning import Instruction
from catalog.db.base import table_of
from catalog.fields import defining
from catalog.fields.defining import NewField
from catalog.fields.vocabulary import FieldType
from catalog.kernel import clock
from catalog.kernel.ids import new_id
from catalog.ledger.models import LedgerEntry
from catalog.search.memory import MemoryIndex
from tests.crew import Crew
from tests.rooms.curation.test_running import act, counts, preview, registry_of, runs

ASSETS = 10_000
HALF = ASSETS // 2
TEXT = 20_000
"""Characters of the longest text that a custom field holds."""


def stand_there(crew: Crew, count: int, **said: Any) -> list[str]:  # noqa: ANN401 — columns of assets
    """Put assets into the registry as if they had always been there: what made them is of no interest here."""
    now, codes = clock.now(), [f"prp_n{number}" for number in range(count)]
    common = {"kind": Kind.PROP.value, "tags": ["wood"], "created_at": now, "updated_at": now, **said}
    rows = [{"id": new_id(), "code": code, "code_key": code, "name": code, **common} for code in codes]
    with crew.desk.bookkeeping() as session:
        session.execute(insert(table_of(Asset)), rows)
    return codes


def defines_story(crew: Crew) -> None:
    with crew.work() as work:
        defining.define(work, NewField(name="story", type=FieldType.TEXT))


def test_an_edit_of_ten_thousand_assets_is_cancelled_in_the_middle_and_undone(crew: Crew) -> None:
    codes = stand_there(crew, ASSETS)
    before = registry_of(crew)
    edit_id = preview(crew, *codes, add_tags=("hero",), remove_tags=("wood",), kind=Kind.COSTUME)
    act(crew, editing.start, edit_id)

    def stop(progress: float) -> None:
        if progress >= 0.5:
            act(crew, editing.cancel, edit_id)

    cancelled = runs(crew, edit_id, stop)
    at_half, changed = counts(crew, edit_id), sum(one[0] == ["hero"] for one in registry_of(crew).values())
    act(crew, editing.undo, edit_id)
    undone = runs(crew, edit_id)

    assert (cancelled, at_half, changed) == ("cancelled", {"applied": HALF, "planned": HALF}, HALF)
    assert (undone, counts(crew, edit_id)) == ("undone", {"undone": HALF, "planned": HALF})
    assert registry_of(crew) == before
    with crew.desk.read() as session:
        entries = session.scalar(select(func.count()).where(LedgerEntry.type.startswith("asset.changed")))
    assert entries == 2 * HALF


def test_what_is_planned_of_many_assets_holds_none_of_their_texts(crew: Crew) -> None:
    defines_story(crew)
    codes = stand_there(crew, 1_000, fields={"story": "x" * TEXT})
    asked = Asked(instruction=Instruction(fields={"story": "short"}), assets=codes)
    supervisor = crew.supervisor
    tracemalloc.start()
    try:
        with crew.view(supervisor) as view:
            proposal = propose(view, MemoryIndex(), asked)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(proposal.planned) == len(codes)
    assert held < TEXT * len(codes) / 4


def test_texts_that_are_replaced_stand_in_the_preview_and_come_back(crew: Crew) -> None:
    defines_story(crew)
    stand_there(crew, 3, fields={"story": "A barn.", "gone": 1})
    edit_id = preview(crew, "prp_n0", "prp_n1", fields={"story": None})

    with crew.desk.read() as session:
        kept = session.scalars(select(BulkEditAsset.changes).where(BulkEditAsset.edit_id == edit_id)).all()
    act(crew, editing.start, edit_id)
    runs(crew, edit_id)
    emptied = fields_of(crew)
    act(crew, editing.undo, edit_id)
    runs(crew, edit_id)

    assert kept == [{"fields.story": ["A barn.", None]}] * 2
    assert emptied == [{"gone": 1}, {"gone": 1}, {"story": "A barn.", "gone": 1}]
    assert fields_of(crew) == [{"story": "A barn.", "gone": 1}] * 3


def fields_of(crew: Crew) -> list[dict[str, Any]]:
    with crew.desk.read() as session:
        return list(session.scalars(select(Asset.fields).order_by(Asset.code)))
