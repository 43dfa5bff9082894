"""Dragging an asset into another program: what the other program is given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.surfaces.browser.looking import Looking

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched")]

DRAGGED = """element => {
  const carried = new DataTransfer();
  element.dispatchEvent(new DragEvent("dragstart", { bubbles: true, dataTransfer: carried }));
  return Object.fromEntries(carried.types.map(type => [type, carried.getData(type)]));
}"""


def _carried(dragged: Locator) -> dict[str, Any]:
    carried: dict[str, Any] = dragged.evaluate(DRAGGED)
    return carried


def test_a_card_carries_its_reference(looking: Looking) -> None:
    page = looking.at("/assets?q=lamp")

    carried = _carried(page.locator("#card-prp_lamp a").first)

    assert carried["text/plain"] == "catalog://assets/prp_lamp"
    assert json.loads(carried["application/x-vfx-asset+json"])["code"] == "prp_lamp"


def test_the_handle_of_an_asset_carries_the_version(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp")

    carried = _carried(page.get_by_text("Drag into another program"))

    assert carried["text/plain"].startswith("catalog://assets/prp_lamp/v")
    assert json.loads(carried["application/x-vfx-asset+json"])["reference"] == carried["text/plain"]


def _dropped(page: Page, *paths: Path) -> None:
    """Drop what lies at these paths on the form, as a desktop does."""
    page.locator("#drop").scroll_into_view_if_needed()
    box = page.locator("#drop").bounding_box()
    assert box is not None
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    held = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    desktop = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        desktop.send("Input.dispatchDragEvent", {"type": kind, **at, "data": held})


def _chosen(page: Page, count: int) -> list[str]:
    rows = page.locator("#chosen tbody tr th")
    expect(rows).to_have_count(count)
    return sorted(rows.all_inner_texts())


@pytest.fixture
def crate(tmp_path: Path) -> Path:
    """A folder in a folder, with what systems leave behind."""
    folder = tmp_path / "crate"
    for path in ("crate.usda", ".DS_Store", "maps/wood.png", "maps/deep/rust.png", "maps/Thumbs.db"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(path.encode())
    return folder


def test_files_are_dropped_on_the_form(looking: Looking, crate: Path) -> None:
    page = looking.at("/register", "arno")

    _dropped(page, crate / "crate.usda", crate / "maps" / "wood.png")

    assert _chosen(page, 2) == ["crate.usda", "wood.png"]


def test_a_folder_is_dropped_whole_without_what_systems_leave_in_it(looking: Looking, crate: Path) -> None:
    page = looking.at("/register", "arno")

    _dropped(page, crate)

    assert _chosen(page, 3) == ["crate.usda", "maps/deep/rust.png", "maps/wood.png"]


def test_folders_and_files_that_are_dropped_together_keep_their_names(looking: Looking, crate: Path) -> None:
    page = looking.at("/register", "arno")

    _dropped(page, crate / "maps", crate / "crate.usda")

    assert _chosen(page, 3) == ["crate.usda", "maps/deep/rust.png", "maps/wood.png"]


def test_a_file_that_is_dropped_beside_the_field_replaces_no_page(looking: Looking, crate: Path) -> None:
    page = looking.at("/register", "arno")
    page.get_by_label("Name", exact=True).fill("Crate")
    held = {"items": [], "files": [str(crate / "crate.usda")], "dragOperationsMask": 1}
    desktop = page.context.new_cdp_session(page)

    for kind in ("dragEnter", "dragOver", "drop"):
        desktop.send("Input.dispatchDragEvent", {"type": kind, "x": 5, "y": 400, "data": held})

    expect(page.get_by_label("Name", exact=True)).to_have_value("Crate")
    assert page.url.endswith("/register")
