"""Many assets changed without a mouse: found, selected, previewed, let loose, watched and set back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.studio import Studio
from tests.surfaces.browser.looking import Looking

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched")]

STEPS_MAX = 60
FOCUSED = "[document.activeElement.name, document.activeElement.textContent.trim()]"


def _tab_to(page: Page, wanted: str) -> None:
    """Go on by Tab to the field of this name, or the button of this text."""
    for _ in range(STEPS_MAX):
        page.keyboard.press("Tab")
        if wanted in page.evaluate(FOCUSED):
            return
    pytest.fail(f"no way leads to {wanted!r} by Tab from {page.url}")


def test_a_journey_by_keyboard(looking: Looking, shelves: Studio) -> None:
    page = looking.at("/assets?sort=name", "pia")

    page.keyboard.press("/")
    page.keyboard.type("cup 5")
    expect(page.locator("#results-title")).to_contain_text("cup 5")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#picked")).to_contain_text("2 selected")
    page.keyboard.press("e")
    page.wait_for_url("**/edits/new")

    _tab_to(page, "add_tags")
    page.keyboard.type("glazed")
    _tab_to(page, "Preview")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/edits/[0-9a-f-]{36}$"))
    expect(page.get_by_text("2 assets would change. Nothing has changed yet.")).to_be_visible()
    assert shelves.admin.finds(tag="glazed") == []

    _tab_to(page, "Change 2 assets")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Running")
    shelves.settles()
    expect(page.get_by_role("status")).to_have_text("Done")
    assert len(shelves.admin.finds(tag="glazed")) == 2

    _tab_to(page, "Undo the changes of 2 assets")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Being undone")
    shelves.settles()
    expect(page.get_by_role("status")).to_have_text("Undone")
    assert shelves.admin.finds(tag="glazed") == []


def test_the_key_does_nothing_where_nothing_is_selected(looking: Looking) -> None:
    page = looking.at("/assets?q=cup", "pia")

    page.keyboard.press("j")
    page.evaluate("addEventListener('submit', () => { window.sent = true; })")
    page.keyboard.press("e")

    assert page.evaluate("window.sent") is None
    assert page.url.endswith("/assets?q=cup")
