"""Items of collections: added in order, noted, moved and dropped, seen as far as their assets are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from catalog.accounts.vocabulary import Role
from catalog.assets import history, publishing, registry
from catalog.assets import queries as assets
from catalog.collections import collecting, queries
from catalog.collections.collecting import ItemChange
from catalog.collections.vocabulary import Absence, ShareRole
from catalog.kernel.actors import Actor
from catalog.kernel.errors import InvalidInput, NotFound, NotPermitted, Stale
from catalog.kernel.ids import new_id
from catalog.kernel.paging import Paging
from catalog.work.unit import UnitOfWork
from tests.crew import Crew, stored
from tests.rooms.collections.keeping import adds, begins, changes, ids, items, names

FOUR = ("prp_a", "prp_b", "prp_c", "prp_d")


@pytest.fixture
def shelf(crew: Crew) -> UUID:
    """A collection of four assets, with the crew's artist as its owner."""
    crew.registers(*FOUR)
    return begins(crew, "Shelf", *FOUR)


def move(crew: Crew, shelf: UUID, *codes: str, by: Actor | None = None, **where: Any) -> None:  # noqa: ANN401 — where to
    known = ids(crew, shelf)
    if "before" in where:
        where["before"] = known[where["before"]]
    with crew.work(by or crew.artist) as work:
        collecting.move(work, shelf, [known[code] for code in codes], **where)


def annotate(crew: Crew, shelf: UUID, code: str, *, if_revision: int | None = None, **said: Any) -> None:  # noqa: ANN401
    with crew.work(crew.artist) as work:
        collecting.annotate(work, shelf, ids(crew, shelf)[code], ItemChange(**said), if_revision=if_revision)


def test_items_stand_in_the_order_in_which_they_were_added(crew: Crew) -> None:
    crew.registers("prp_a", "prp_b")
    shelf = begins(crew)

    adds(crew, shelf, "prp_b", "PRP_A", note="for shot 0420")

    assert [(one.number, one.named, one.item.note) for one in items(crew, shelf)] == [
        (1, "prp_b", "for shot 0420"),
        (2, "prp_a", "for shot 0420"),
    ]


def test_adding_many_is_one_entry(crew: Crew) -> None:
    crew.registers("prp_a", "prp_b")
    shelf = begins(crew)

    adds(crew, shelf, "prp_a", "prp_b")

    (entry,) = crew.entries("collection.items")
    assert entry.type == "collection.items_added/1"
    assert entry.values == {"items": ["prp_a", "prp_b"]}
    assert [kind for kind, _ in entry.subjects] == ["collection", "collected", "collected"]


def test_what_is_in_it_already_stays_where_it_is(crew: Crew, shelf: UUID) -> None:
    crew.registers("prp_e")

    with crew.work(crew.artist) as work:
        added = collecting.add(work, shelf, ["prp_b", "prp_e", "prp_e"])
    adds(crew, shelf, "prp_e")

    assert (len(added.items), added.already) == (1, 1)
    assert names(crew, shelf) == [*FOUR, "prp_e"]
    assert len(crew.entries("collection.items_added")) == 2


def test_an_item_may_name_one_version(crew: Crew) -> None:
    crew.publishes("prp_lamp")
    shelf = begins(crew)

    adds(crew, shelf, "prp_lamp@1", "prp_lamp", "catalog://assets/prp_lamp/latest")

    assert names(crew, shelf) == ["prp_lamp@1", "prp_lamp"]
    with pytest.raises(NotFound, match="prp_lamp has no version 7"):
        adds(crew, shelf, "prp_lamp@7")


def test_a_version_in_the_making_is_not_named(crew: Crew) -> None:
    crew.registers("prp_lamp")
    crew.drafts("prp_lamp", stored("a"), by=crew.artist)
    shelf = begins(crew)

    with pytest.raises(InvalidInput, match="prp_lamp@1 is draft; name a version that was published"):
        adds(crew, shelf, "prp_lamp@1")


def test_what_cannot_be_found_adds_nothing(crew: Crew, shelf: UUID) -> None:
    crew.registers("prp_e")

    with pytest.raises(NotFound, match="there is no asset 'prp_none'"):
        adds(crew, shelf, "prp_e", "prp_none")

    assert names(crew, shelf) == [*FOUR]


@pytest.mark.parametrize("count", [0, 501])
def test_so_many_are_not_dealt_with_together(crew: Crew, count: int) -> None:
    shelf = begins(crew)

    with crew.work(crew.artist) as work, pytest.raises(InvalidInput, match="name 1 to 500") as refused:
        collecting.add(work, shelf, ["prp_a"] * count)

    assert refused.value.code == "bad-count"


def test_a_collection_holds_ten_thousand(crew: Crew) -> None:
    shelf = begins(crew)
    for start in range(0, 10_000, 500):
        codes = [f"prp_x{number}" for number in range(start, start + 500)]
        crew.registers(*codes)
        adds(crew, shelf, *codes)
    crew.registers("prp_one")

    with pytest.raises(InvalidInput, match="holds at most 10,000 items") as refused:
        adds(crew, shelf, "prp_one")

    assert refused.value.code == "too-many-items"
    with crew.view(crew.artist) as view:
        collection = queries.get_collection(view, shelf)
        assert queries.page_items(view, collection, Paging(limit=1)).total == 10_000


@pytest.mark.parametrize(
    "codes, where, expected",
    [
        (["prp_d"], {"position": 1}, "d a b c"),
        (["prp_a"], {"position": 3}, "b c a d"),
        (["prp_a"], {"position": 4}, "b c d a"),
        (["prp_b"], {"position": 99}, "a c d b"),
        (["prp_d", "prp_a"], {"position": 2}, "b d a c"),
        (["prp_d"], {"before": "prp_b"}, "a d b c"),
        (["prp_a", "prp_b"], {"before": "prp_d"}, "c a b d"),
        (["prp_b"], {"position": 2}, "a b c d"),
    ],
)
def test_items_move_to_a_position_or_before_another(
    crew: Crew, shelf: UUID, codes: list[str], where: dict[str, Any], expected: str
) -> None:
    move(crew, shelf, *codes, **where)

    assert names(crew, shelf) == [f"prp_{letter}" for letter in expected.split()]
    assert crew.entries("collection.")[-1].values == {"items": codes}


def test_an_order_stays_right_however_often_something_moves_to_one_spot(crew: Crew, shelf: UUID) -> None:
    for _ in range(40):
        move(crew, shelf, "prp_c", before="prp_b")
        move(crew, shelf, "prp_d", before="prp_c")
        move(crew, shelf, "prp_c", before="prp_d")

    assert names(crew, shelf) == ["prp_a", "prp_c", "prp_d", "prp_b"]


@pytest.mark.parametrize("where", [{}, {"position": 0}, {"position": 1, "before": "prp_b"}, {"before": "prp_a"}])
def test_a_move_says_one_place(crew: Crew, shelf: UUID, where: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        move(crew, shelf, "prp_a", **where)

    assert refused.value.code == "bad-position"


def test_two_who_move_at_once_both_get_what_they_asked_for(crew: Crew, shelf: UUID) -> None:
    known = ids(crew, shelf)

    refused = crew.overlaps(
        lambda work: collecting.move(work, shelf, [known["prp_d"]], before=known["prp_b"]),
        lambda work: collecting.move(work, shelf, [known["prp_c"]], before=known["prp_b"]),
        by=crew.artist,
    )

    assert refused is None
    assert names(crew, shelf) == ["prp_a", "prp_d", "prp_c", "prp_b"]


def test_a_position_counted_in_an_order_that_is_no_more_is_refused(crew: Crew, shelf: UUID) -> None:
    move(crew, shelf, "prp_d", position=1, if_revision=1)

    with pytest.raises(Stale, match="the order of “Shelf” was changed since you read it"):
        move(crew, shelf, "prp_c", position=1, if_revision=1)


def test_adding_at_the_end_disturbs_nobody_who_moves(crew: Crew, shelf: UUID) -> None:
    crew.registers("prp_e")
    adds(crew, shelf, "prp_e")

    move(crew, shelf, "prp_d", position=1, if_revision=1)

    assert names(crew, shelf) == ["prp_d", "prp_a", "prp_b", "prp_c", "prp_e"]


def test_items_are_dropped_together(crew: Crew, shelf: UUID) -> None:
    known = ids(crew, shelf)

    with crew.work(crew.artist) as work:
        collecting.drop(work, shelf, [known["prp_c"], known["prp_a"]], if_revision=1)

    assert [(one.number, one.named) for one in items(crew, shelf)] == [(1, "prp_b"), (2, "prp_d")]
    assert crew.entries("collection.")[-1].values == {"items": ["prp_c", "prp_a"]}
    with crew.work(crew.artist) as work, pytest.raises(NotFound, match="somebody may have taken it out"):
        collecting.drop(work, shelf, [known["prp_a"]])


def test_a_note_is_changed_and_both_of_it_are_told(crew: Crew, shelf: UUID) -> None:
    annotate(crew, shelf, "prp_b", note="the blue one\r\nnot the red")

    assert items(crew, shelf)[1].item.note == "the blue one\nnot the red"
    assert crew.entries("collection.")[-1].values == {"changes": {"note": ["", "the blue one\nnot the red"]}}


def test_the_same_note_again_leaves_no_entry(crew: Crew, shelf: UUID) -> None:
    annotate(crew, shelf, "prp_b", note="blue")
    annotate(crew, shelf, "prp_b", note="blue")

    assert len(crew.entries("collection.item_changed")) == 1


def test_two_notes_on_one_item_meet_in_a_conflict(crew: Crew, shelf: UUID) -> None:
    annotate(crew, shelf, "prp_b", note="blue", if_revision=1)

    with pytest.raises(Stale, match="the item prp_b was changed since you read it"):
        annotate(crew, shelf, "prp_b", note="red", if_revision=1)


def test_an_item_is_held_to_a_version_and_let_go_again(crew: Crew) -> None:
    crew.publishes("prp_lamp")
    shelf = begins(crew, "Shelf", "prp_lamp")

    annotate(crew, shelf, "prp_lamp", version=1)
    assert names(crew, shelf) == ["prp_lamp@1"]
    annotate(crew, shelf, "prp_lamp@1", version=None)

    assert names(crew, shelf) == ["prp_lamp"]
    assert crew.entries("collection.item_changed")[0].values == {"changes": {"version": [None, 1]}}


def test_an_item_is_not_held_to_what_another_names(crew: Crew) -> None:
    crew.publishes("prp_lamp")
    shelf = begins(crew, "Shelf", "prp_lamp", "prp_lamp@1")

    with pytest.raises(InvalidInput, match="prp_lamp@1 is in the collection already"):
        annotate(crew, shelf, "prp_lamp", version=1)


def test_what_was_retired_or_withdrawn_stays_and_says_why(crew: Crew) -> None:
    crew.publishes("prp_lamp")
    crew.registers("prp_gone")
    shelf = begins(crew, "Shelf", "prp_lamp@1", "prp_gone", "prp_lamp")
    with crew.work(crew.supervisor) as work:
        publishing.withdraw(work, "prp_lamp", 1, "consent was revoked")
        registry.retire(work, "prp_gone", "the show is over")

    found = [(one.named, one.absence, one.reason) for one in items(crew, shelf)]

    assert found == [
        ("prp_lamp@1", Absence.WITHDRAWN, "consent was revoked"),
        ("prp_gone", Absence.RETIRED, "the show is over"),
        ("prp_lamp", None, None),
    ]


def test_what_somebody_may_not_know_of_is_neither_shown_nor_counted(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST, groups=["dawn"])
    crew.registers("prp_a", "prp_c")
    crew.registers("prp_secret", by=ann, audience=("dawn",))
    shelf = begins(crew, "Shelf", "prp_a", "prp_secret", "prp_c", by=ann)
    changes(crew, shelf, by=ann, studio=ShareRole.EDIT)

    seen = [(one.number, one.named) for one in items(crew, shelf, crew.artist)]

    assert seen == [(1, "prp_a"), (2, "prp_c")]
    with crew.view(crew.artist) as view:
        collection = queries.get_collection(view, shelf)
        assert queries.page_items(view, collection, Paging(limit=1)).total == 2
        assert queries.count_items(view, [collection]) == {shelf: 2}
        assert [asset.code for asset in queries.covers_of(view, [collection])[shelf]] == ["prp_a", "prp_c"]


def test_positions_are_those_of_whoever_moves(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST, groups=["dawn"])
    crew.registers("prp_a", "prp_c")
    crew.registers("prp_secret", by=ann, audience=("dawn",))
    shelf = begins(crew, "Shelf", "prp_a", "prp_secret", "prp_c", by=ann)
    changes(crew, shelf, by=ann, studio=ShareRole.EDIT)

    move(crew, shelf, "prp_c", position=1)

    assert names(crew, shelf) == ["prp_c", "prp_a"]
    assert names(crew, shelf, ann) == ["prp_c", "prp_a", "prp_secret"]


@pytest.mark.parametrize(
    "act",
    [
        lambda work, shelf, item_id: collecting.annotate(work, shelf, item_id, ItemChange(note="seen")),
        lambda work, shelf, item_id: collecting.move(work, shelf, [item_id], position=1),
        lambda work, shelf, item_id: collecting.drop(work, shelf, [item_id]),
    ],
    ids=["noted", "moved", "dropped"],
)
def test_a_hidden_item_can_be_neither_noted_moved_nor_dropped(
    crew: Crew, act: Callable[[UnitOfWork, UUID, UUID], object]
) -> None:
    ann = crew.joins("ann", Role.ARTIST, groups=["dawn"])
    crew.registers("prp_secret", by=ann, audience=("dawn",))
    shelf = begins(crew, by=ann)
    (hidden,) = adds(crew, shelf, "prp_secret", by=ann)
    changes(crew, shelf, by=ann, studio=ShareRole.EDIT)

    def refusal(item_id: UUID) -> str:
        with crew.work(crew.artist) as work, pytest.raises(NotFound) as refused:
            act(work, shelf, item_id)
        return refused.value.message.replace(str(item_id), "ID")

    assert refusal(hidden) == refusal(new_id())


def test_pages_of_items_go_on_with_their_numbers(crew: Crew, shelf: UUID) -> None:
    with crew.view(crew.artist) as view:
        collection = queries.get_collection(view, shelf)
        first = queries.page_items(view, collection, Paging(limit=3))
        second = queries.page_items(view, collection, Paging(limit=3, cursor=first.next_cursor))

    assert [(one.number, one.named) for one in (*first.items, *second.items)] == [*enumerate(FOUR, start=1)]
    assert (second.next_cursor, second.total) == (None, 4)


def test_viewers_collect_nothing(crew: Crew, shelf: UUID) -> None:
    changes(crew, shelf, studio=ShareRole.EDIT)

    with pytest.raises(NotPermitted, match="vic may not collect"):
        adds(crew, shelf, "prp_a", by=crew.viewer)
    assert names(crew, shelf, crew.viewer) == [*FOUR]


def test_being_collected_is_no_part_of_an_assets_history(crew: Crew, shelf: UUID) -> None:
    with crew.view(crew.artist) as view:
        page = history.page_history(view, assets.get_asset(view, "prp_a"), Paging())
        mine, _ = history.events_after(view, 0, 200)
    with crew.view(crew.supervisor) as view:
        theirs, _ = history.events_after(view, 0, 200)

    assert [entry.type for entry in page.items] == ["asset.registered/1"]
    assert "collection.items_added/1" in {entry.type for entry in mine}
    assert [entry.type for entry in theirs if entry.type.startswith("collection.")] == []
