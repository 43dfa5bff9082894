"""Dragging an asset into another program: what the other program is given."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator

from tests.surfaces.browser.looking import Looking

pytestmark = pytest.mark.browser

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
