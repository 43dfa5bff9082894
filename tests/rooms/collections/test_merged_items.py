"""Items of assets that were merged: shown as the one that stays, once, and as before when the merge is taken back."""

from __future__ import annotations

import csv
import io

import pytest

from catalog.accounts.vocabulary import Role
from catalog.assets import changing, merging, resolving
from catalog.assets.changing import AssetChange
from catalog.assets.vocabulary import Platform
from catalog.collections import collecting, exporting, queries
from catalog.collections.collecting import ItemChange
from catalog.kernel.errors import InvalidInput, NotFound
from catalog.kernel.exports import Form
from tests.crew import Crew
from tests.rooms.collections.keeping import adds, begins, ids, items, names


@pytest.fixture
def lamps(crew: Crew) -> Crew:
    """Two lamps that are one, and a cup."""
    for code in ("prp_old", "prp_new", "prp_cup"):
        crew.publishes(code)
    crew.publishes("prp_old", {"notes.txt": b"second"})
    return crew


def merges(crew: Crew, asset: str = "prp_old", into: str = "prp_new") -> None:
    with crew.work(crew.supervisor) as work:
        merging.merge(work, asset, into)


def unmerges(crew: Crew, asset: str = "prp_old") -> None:
    with crew.work(crew.supervisor) as work:
        merging.unmerge(work, asset)


def test_an_item_of_a_merged_asset_is_shown_as_the_one_that_stays(lamps: Crew) -> None:
    shelf = begins(lamps, "Shelf", "prp_old", "prp_cup")

    merges(lamps)

    shown, cup = items(lamps, shelf)
    assert (shown.named, shown.added_as, shown.absence, shown.number) == ("prp_new", "prp_old", None, 1)
    assert (cup.named, cup.added_as, cup.number) == ("prp_cup", None, 2)
    with lamps.view(lamps.artist) as view:
        collection = queries.get_collection(view, shelf)
        assert [asset.code for asset in queries.covers_of(view, [collection])[shelf]] == ["prp_new", "prp_cup"]


def test_an_item_that_stays_at_a_version_stays_at_it(lamps: Crew) -> None:
    shelf = begins(lamps, "Shelf", "prp_old@1", "prp_old")

    merges(lamps)

    pinned, latest = items(lamps, shelf)
    assert (pinned.named, pinned.absence) == ("prp_old@1", None)
    assert latest.named == "prp_new"


def test_two_items_that_are_one_now_are_shown_and_counted_once(lamps: Crew) -> None:
    shelf = begins(lamps, "Shelf", "prp_old", "prp_cup", "prp_new")

    merges(lamps)

    assert [(one.number, one.named, one.added_as) for one in items(lamps, shelf)] == [
        (1, "prp_cup", None),
        (2, "prp_new", None),
    ]
    with lamps.view(lamps.artist) as view:
        collection = queries.get_collection(view, shelf)
        assert queries.count_items(view, [collection]) == {shelf: 2}
        assert [asset.code for asset in queries.covers_of(view, [collection])[shelf]] == ["prp_cup", "prp_new"]


def test_of_several_that_were_merged_into_another_the_first_is_shown(lamps: Crew) -> None:
    lamps.publishes("prp_older")
    shelf = begins(lamps, "Shelf", "prp_older", "prp_old")

    merges(lamps, "prp_older", "prp_old")
    merges(lamps, "prp_old", "prp_new")

    assert [(one.named, one.added_as) for one in items(lamps, shelf)] == [("prp_new", "prp_older")]


def test_a_merge_that_is_taken_back_leaves_the_collection_as_it_was(lamps: Crew) -> None:
    shelf = begins(lamps, "Shelf", "prp_old", "prp_cup", "prp_new")
    before = ids(lamps, shelf)
    merges(lamps)

    unmerges(lamps)

    assert ids(lamps, shelf) == before
    assert names(lamps, shelf) == ["prp_old", "prp_cup", "prp_new"]


def test_what_is_shown_is_exported(lamps: Crew) -> None:
    shelf = begins(lamps, "Shelf", "prp_old", "prp_cup", "prp_old@2", "prp_new")
    merges(lamps)

    made = exporting.export(lamps.desk, lamps.artist, shelf, None, Form.CSV)
    rows = list(csv.DictReader(io.StringIO(b"".join(made.chunks).decode())))
    with lamps.view(lamps.artist) as view:
        named = exporting.every_name(view, shelf, None)
        resolved = resolving.resolve_all(view, named, platform=Platform.LINUX, site="main")

    assert made.count == 3
    assert [(row["number"], row["code"], row["version"], row["absence"]) for row in rows] == [
        ("1", "prp_cup", "", ""),
        ("2", "prp_old", "2", ""),
        ("3", "prp_new", "", ""),
    ]
    assert list(exporting.path_lines(resolved)) == [
        "catalog://assets/prp_cup/v1/files/notes.txt",
        "# prp_old is retired: Merged into another asset.",
        "catalog://assets/prp_old/v2/files/notes.txt",
        "catalog://assets/prp_new/v1/files/notes.txt",
    ]


def test_adding_either_of_two_that_are_one_finds_it_there_already(lamps: Crew) -> None:
    shelf = begins(lamps, "Shelf", "prp_old")
    merges(lamps)

    with lamps.work(lamps.artist) as work:
        again = collecting.add(work, shelf, ["prp_new", "prp_old"])

    assert (again.items, again.already) == ((), 1)
    assert names(lamps, shelf) == ["prp_new"]


def test_a_merged_asset_is_added_as_the_one_that_stays(lamps: Crew) -> None:
    shelf = begins(lamps)
    merges(lamps)

    adds(lamps, shelf, "prp_old", "prp_old@1")
    unmerges(lamps)

    assert names(lamps, shelf) == ["prp_new", "prp_old@1"]


def test_what_is_shown_once_is_taken_out_whole(lamps: Crew) -> None:
    shelf = begins(lamps, "Shelf", "prp_old", "prp_cup", "prp_new")
    merges(lamps)

    with lamps.work(lamps.artist) as work:
        collecting.drop(work, shelf, [ids(lamps, shelf)["prp_new"]])
    unmerges(lamps)

    assert names(lamps, shelf) == ["prp_cup"]


def test_an_item_behind_another_is_not_found_by_itself(lamps: Crew) -> None:
    shelf = begins(lamps, "Shelf", "prp_old", "prp_new")
    old = ids(lamps, shelf)["prp_old"]
    merges(lamps)

    with lamps.work(lamps.artist) as work, pytest.raises(NotFound, match="has no item"):
        collecting.drop(work, shelf, [old])


def test_an_item_that_is_to_stay_at_a_version_names_the_asset_that_it_shows(lamps: Crew) -> None:
    shelf = begins(lamps, "Shelf", "prp_old")
    merges(lamps)
    item = ids(lamps, shelf)["prp_new"]

    with lamps.work(lamps.artist) as work:
        collecting.annotate(work, shelf, item, ItemChange(version=1))

    assert names(lamps, shelf) == ["prp_new@1"]


def test_an_item_of_a_version_does_not_become_a_second_of_the_latest(lamps: Crew) -> None:
    shelf = begins(lamps, "Shelf", "prp_old", "prp_old@1")
    pinned = ids(lamps, shelf)["prp_old@1"]
    merges(lamps)

    with lamps.work(lamps.artist) as work, pytest.raises(InvalidInput, match="already"):
        collecting.annotate(work, shelf, pinned, ItemChange(version=None))


def test_an_item_is_moved_among_those_that_are_shown(lamps: Crew) -> None:
    shelf = begins(lamps, "Shelf", "prp_old", "prp_cup", "prp_new")
    merges(lamps)

    with lamps.work(lamps.artist) as work:
        collecting.move(work, shelf, [ids(lamps, shelf)["prp_new"]], position=1)

    assert names(lamps, shelf) == ["prp_new", "prp_cup"]


def test_whoever_may_not_know_of_the_one_that_stays_sees_the_old_one(lamps: Crew) -> None:
    ivy = lamps.joins("ivy", Role.ARTIST, groups=["vip"])
    shelf = begins(lamps, "Shelf", "prp_old", "prp_new")
    merges(lamps)

    with lamps.work(ivy) as work:
        changing.change(work, "prp_new", AssetChange(audience=("vip",)))

    (old,) = items(lamps, shelf)
    assert (old.named, old.absence, old.reason) == ("prp_old", "retired", "Merged into another asset.")
