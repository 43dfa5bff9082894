"""Copying: over any connection, and never silently in vain."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.surfaces.browser.looking import HOST, Looking

pytestmark = pytest.mark.browser

REFERENCE = "catalog://assets/prp_lamp"


def _pasted(page: Page) -> str:
    page.locator("#q").click()
    page.keyboard.press("Control+V")
    expect(page.locator("#q")).not_to_have_value("")
    return page.locator("#q").input_value()


def test_a_reference_is_copied_and_the_button_says_so(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp", still=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    button = page.get_by_role("button", name="Copy reference")
    button.click()
    expect(page.get_by_role("button", name="Copied")).to_be_focused()

    assert _pasted(page) == REFERENCE
    page.clock.run_for(2500)
    expect(button).to_be_visible()


def test_a_reference_is_copied_over_plain_http_where_browsers_offer_no_clipboard(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp", host=HOST, still=True)

    page.get_by_role("button", name="Copy reference").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()

    assert page.evaluate("window.isSecureContext") is False
    assert _pasted(page) == REFERENCE


def test_where_copying_is_refused_the_text_stays_selected_and_the_keys_are_named(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp", host=HOST, still=True)
    page.evaluate("document.execCommand = () => false")

    page.get_by_role("button", name="Copy reference").click()

    expect(page.get_by_role("button", name="Press Ctrl+C")).to_be_visible()
    assert page.evaluate("document.getElementById('reference').selectionEnd") == len(REFERENCE)


def test_the_reference_of_a_file_is_copied_from_its_row(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp/versions/2", host=HOST, still=True)

    page.get_by_role("button", name="Copy notes.txt").click()
    expect(page.get_by_role("button", name="Copied")).to_be_focused()

    assert _pasted(page) == "catalog://assets/prp_lamp/v2/files/notes.txt"
