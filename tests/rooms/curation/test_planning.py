"""What an instruction means for one asset, and why it may mean nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from catalog.assets.vocabulary import Kind
from catalog.curation.planning import Instruction, Standing, checked, plan, read_instruction
from catalog.curation.vocabulary import Reason, RowState
from catalog.kernel.errors import InvalidInput

MIRA = UUID("01890a5d-ac96-774b-bcce-b302090a8057")
CHAIR = Standing(
    tags=["Wood", "old"],
    owner=None,
    kind="prop",
    status="active",
    retirement_reason=None,
    fields={"vendor": "Acme", "weight": 2},
)
GONE = replace(CHAIR, status="retired", retirement_reason="worn out")


@pytest.mark.parametrize(
    "said, changes",
    [
        ({"add_tags": ("hero",)}, {"tags": [["Wood", "old"], ["Wood", "old", "hero"]]}),
        ({"remove_tags": ("WOOD",)}, {"tags": [["Wood", "old"], ["old"]]}),
        ({"set_tags": ("new",)}, {"tags": [["Wood", "old"], ["new"]]}),
        ({"set_tags": ()}, {"tags": [["Wood", "old"], []]}),
        ({"set_tags": ("new", "old"), "remove_tags": ("old",)}, {"tags": [["Wood", "old"], ["new"]]}),
        ({"owner": "mira", "owner_id": MIRA}, {"owner": [None, str(MIRA)]}),
        ({"kind": Kind.COSTUME}, {"kind": ["prop", "costume"]}),
        (
            {"fields": {"vendor": "Other", "note": "new"}},
            {"fields.vendor": ["Acme", "Other"], "fields.note": [None, "new"]},
        ),
        ({"fields": {"vendor": None, "weight": 2}}, {"fields.vendor": ["Acme", None]}),
        ({"retire": "worn"}, {"status": ["active", "retired"], "retirement_reason": [None, "worn"]}),
    ],
    ids=str,
)
def test_an_instruction_changes_what_it_says_and_no_more(said: dict[str, Any], changes: dict[str, Any]) -> None:
    planned = plan(CHAIR, Instruction(**said))

    assert (planned.state, planned.reason, planned.changes) == (RowState.PLANNED, None, changes)


@pytest.mark.parametrize(
    "said",
    [
        {"add_tags": ("wood",)},
        {"remove_tags": ("stone",)},
        {"set_tags": ("Wood", "old")},
        {"disown": True},
        {"kind": Kind.PROP},
        {"reinstate": True},
        {"fields": {"vendor": "Acme", "story": None}},
    ],
    ids=str,
)
def test_what_is_so_already_stays_the_same(said: dict[str, Any]) -> None:
    assert plan(CHAIR, Instruction(**said)).state is RowState.SAME


def test_a_retired_asset_is_left_out_and_the_plan_says_why() -> None:
    planned = plan(GONE, Instruction(add_tags=("hero",)))

    assert (planned.state, planned.reason, planned.changes) == (RowState.REFUSED, Reason.RETIRED, {})


def test_a_merged_asset_is_left_out_also_where_it_would_be_reinstated() -> None:
    planned = plan(replace(GONE, merged=True), Instruction(reinstate=True))

    assert (planned.state, planned.reason) == (RowState.REFUSED, Reason.MERGED)


def test_a_retired_asset_is_retired_already() -> None:
    assert plan(GONE, Instruction(retire="worn")).state is RowState.SAME


def test_a_retired_asset_can_be_reinstated_and_changed_at_once() -> None:
    planned = plan(GONE, Instruction(reinstate=True, add_tags=("hero",)))

    assert planned.changes == {
        "tags": [["Wood", "old"], ["Wood", "old", "hero"]],
        "status": ["retired", "active"],
        "retirement_reason": ["worn out", None],
    }


def test_more_tags_than_an_asset_may_have_are_refused() -> None:
    full = replace(CHAIR, tags=[f"tag {number}" for number in range(100)])

    planned = plan(full, Instruction(add_tags=("one more",)))

    assert (planned.state, planned.reason) == (RowState.REFUSED, Reason.TOO_MANY_TAGS)


@pytest.mark.parametrize(
    "said, code",
    [
        ({}, "nothing-to-change"),
        ({"retire": "worn", "reinstate": True}, "contradiction"),
        ({"owner": "mira", "disown": True}, "contradiction"),
        ({"add_tags": ("Hero",), "remove_tags": ("hero",)}, "contradiction"),
        ({"retire": " "}, "bad-reason"),
        ({"add_tags": ("",)}, "bad-tag"),
    ],
    ids=str,
)
def test_an_instruction_that_makes_no_sense_is_refused(said: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked(Instruction(**said))

    assert refusal.value.code == code


@pytest.mark.parametrize(
    "said",
    [
        Instruction(add_tags=("a", "b"), remove_tags=("c",), kind=Kind.PROP),
        Instruction(set_tags=(), owner="mira", owner_id=MIRA),
        Instruction(disown=True, retire="worn"),
        Instruction(reinstate=True),
    ],
    ids=str,
)
def test_an_instruction_is_read_as_it_was_kept(said: Instruction) -> None:
    assert read_instruction(said.as_json()) == said
