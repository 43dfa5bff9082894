"""Two versions beside each other: what came, went, changed and moved."""

from __future__ import annotations

import pytest

from tests.files import png
from tests.studio import Studio
from tests.visitors import Visitor, visitor

FIRST = {"a.png": png(32, 24), "b.txt": b"one", "gone.txt": b"gone", "old/name.txt": b"moved"}
SECOND = {"a.png": png(64, 48), "b.txt": b"one", "new.txt": b"new", "new/name.txt": b"moved"}


@pytest.fixture
def viewer(studio: Studio) -> Visitor:
    studio.artist.publishes("prp_lamp", FIRST)
    studio.artist.publishes("prp_lamp", SECOND, note="Sharper")
    studio.settles()
    return visitor(studio, studio.viewer)


def test_a_comparison_names_what_came_went_and_changed(viewer: Visitor) -> None:
    page = viewer.opens("/assets/prp_lamp/comparison?a=1&b=2")

    assert "2 files added, 1 changed, 2 removed; 1 the same." in page.text
    assert "new/name.txt the bytes of old/name.txt in version 1" in page.text
    assert "Sharper" in page.text


def test_a_comparison_tells_the_facts_that_moved(viewer: Visitor) -> None:
    page = viewer.opens("/assets/prp_lamp/comparison?a=1&b=2")

    assert "Facts that moved" in page.text
    assert "Width 32 px 64 px" in page.text


def test_the_two_latest_are_compared_where_none_are_named(viewer: Visitor) -> None:
    page = viewer.opens("/assets/prp_lamp/comparison")

    assert page.title == "prp_lamp, version 1 and 2 – Reprise"
    assert "/assets/prp_lamp/comparison" in viewer.opens("/assets/prp_lamp/versions").links


def test_the_other_way_round_what_came_went(viewer: Visitor) -> None:
    page = viewer.opens("/assets/prp_lamp/comparison?a=2&b=1")

    assert "2 files added, 1 changed, 2 removed; 1 the same." in page.text
    assert "old/name.txt the bytes of new/name.txt in version 2" in page.text


def test_a_version_is_like_itself(viewer: Visitor) -> None:
    assert "Both have the same files" in viewer.opens("/assets/prp_lamp/comparison?a=1&b=1").text


@pytest.mark.parametrize("asked", ["a=7&b=2", "a=one", "b=-1"])
def test_a_version_that_is_not_there_cannot_be_compared(viewer: Visitor, asked: str) -> None:
    assert viewer.opens(f"/assets/prp_lamp/comparison?{asked}").status == 404


def test_a_hidden_asset_is_not_compared(studio: Studio, viewer: Visitor) -> None:
    studio.joins("art", "crew")
    studio.admin.patch("/assets/prp_lamp", {"audience": ["crew"]})

    assert viewer.opens("/assets/prp_lamp/comparison?a=1&b=2").status == 404


def test_programs_compare_versions_as_well(studio: Studio, viewer: Visitor) -> None:
    found = studio.viewer.get("/assets/prp_lamp/versions/2/comparison?before=1")

    assert [one["path"] for one in found.changed] == ["a.png"]
    assert [(one["path"], one["moved_from"]) for one in found.added] == [
        ("new.txt", None),
        ("new/name.txt", "old/name.txt"),
    ]
    assert (found.removed_count, found.same_count) == (2, 1)
    assert studio.viewer.get("/assets/prp_lamp/versions/2/comparison?before=9").status == 404
    assert studio.viewer.get("/assets/prp_lamp/versions/2/comparison?before=x").status == 422
