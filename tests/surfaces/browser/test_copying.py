"""Copying: over any connection, and never silently in vain."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.surfaces.browser.looking import HOST, Looking, hold_time, leading_on

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


STEPS_MAX = 60
FOCUSED = "document.activeElement.textContent.replace(/\\s+/g, ' ').trim()"


def _tabs_to(page: Page, words: str) -> None:
    """Go on by Tab to what is called so."""
    for _ in range(STEPS_MAX):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == words:
            return
    pytest.fail(f"no way leads to {words!r} by Tab from {page.url}")


@pytest.mark.usefixtures("fetched")
def test_a_path_is_copied_by_keyboard_alone_from_the_results_on(looking: Looking) -> None:
    page = looking.at("/assets?q=long+wave", "arno")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.get_by_role("dialog").get_by_role("link", name="Open Long wave")).to_be_focused()
    with leading_on(page):
        page.keyboard.press("Enter")
    _tabs_to(page, "Linux")
    with leading_on(page):
        page.keyboard.press("Enter")
    _tabs_to(page, "Copy path of wave.00000.vdb")
    hold_time(page)
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Copied")).to_be_focused()
    assert page.evaluate("navigator.clipboard.readText()") == "/mnt/library/wave.00000.vdb"


@pytest.mark.usefixtures("fetched")
def test_the_references_of_a_selection_are_copied_by_keyboard_alone(looking: Looking) -> None:
    page = looking.at("/assets?q=cup+1&sort=name", "vera", still=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.keyboard.press("j")
    page.keyboard.press("Shift+ArrowRight")
    _tabs_to(page, "Copy references")
    page.keyboard.press("Enter")

    expect(page.locator("#picked")).to_contain_text("2 copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "catalog://assets/prp_cup01\ncatalog://assets/prp_cup10"


def test_the_reference_of_a_file_is_copied_from_its_row(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp/versions/2", host=HOST, still=True)

    page.get_by_role("button", name="Copy notes.txt").click()
    expect(page.get_by_role("button", name="Copied")).to_be_focused()

    assert _pasted(page) == "catalog://assets/prp_lamp/v2/files/notes.txt"
