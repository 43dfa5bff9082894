"""The search page under the hands of people who know what they want: as one types, by keys, and back again."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import Page, expect

from catalog.web.stationery import stationery
from tests.surfaces.browser.looking import Looking

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched")]

SCRIPTS_MAX_BYTES = 30_000


def _title(page: Page) -> str:
    return page.locator("#results-title").inner_text()


def _focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.textContent.trim()")
    return found


def _entries(page: Page) -> int:
    found: int = page.evaluate("history.length")
    return found


def test_results_follow_what_is_typed_without_a_history_of_letters(looking: Looking) -> None:
    page = looking.at("/assets")
    before = _entries(page)

    page.locator("#q").press_sequentially("market lamp")
    expect(page).to_have_url(re.compile(r"/assets\?q=market\+lamp$"))

    assert _entries(page) == before
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.title() == "market lamp, 1 asset – Reprise"
    expect(page.get_by_role("status").first).to_contain_text("1 asset for")


def test_a_word_in_the_making_asks_for_nothing(looking: Looking) -> None:
    page = looking.at("/assets")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#q").focus()

    composing = page.context.new_cdp_session(page)
    composing.send("Input.imeSetComposition", {"text": "shi", "selectionStart": 3, "selectionEnd": 3})
    in_the_making = list(asked)
    composing.send("Input.insertText", {"text": "市场灯"})
    expect(page.locator("#results-title")).to_contain_text("1 asset")

    assert in_the_making == []
    assert page.locator(".card-name").all_inner_texts() == ["Market lamp"]


def test_filters_narrow_at_once_and_each_is_undone_by_one_step_back(looking: Looking) -> None:
    page = looking.at("/assets")

    page.get_by_role("link", name="Only wood").click()
    expect(page.locator("#results-title")).to_have_text("32 assets")
    page.locator("#filters").get_by_label("batch 1,").check()
    expect(page.locator("#results-title")).to_have_text("35 assets")
    page.go_back()
    expect(page.locator("#results-title")).to_have_text("32 assets")
    page.go_back()

    expect(page.locator("#results-title")).to_have_text("73 assets")


def test_a_search_narrows_within_the_filters_that_are_chosen(looking: Looking) -> None:
    page = looking.at("/assets?tag=wood")

    page.locator("#q").press_sequentially("cup 1")

    expect(page).to_have_url(re.compile(r"/assets\?q=cup\+1&tag=wood$"))
    page.get_by_role("link", name="Remove filter: Text").click()
    expect(page.locator("#q")).to_have_value("")


def test_an_asset_is_found_looked_at_copied_and_opened_by_keys_alone(looking: Looking) -> None:
    page = looking.at("/assets?sort=name")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.keyboard.press("/")
    page.keyboard.type("cup 1")
    expect(page.locator("#results-title")).to_contain_text("cup 1")
    page.keyboard.press("Escape")
    first = _focused(page)
    page.keyboard.press("ArrowRight")
    second = _focused(page)
    page.keyboard.press("Space")
    expect(page.locator("#glance h2")).to_have_text(second)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#glance h2")).to_have_text(first)
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    expect(page.locator("#picked")).to_contain_text("copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assets/prp_cup*")

    assert copied == f"catalog://assets/{page.url.rpartition('/')[2]}"
    assert page.get_by_role("heading", level=1).inner_text() == first


def test_several_are_selected_by_keys_and_stay_selected_in_the_next_search(looking: Looking) -> None:
    page = looking.at("/assets?q=cup&sort=name")

    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#picked")).to_contain_text("2 selected")
    page.get_by_role("link", name="Newest", exact=True).click()
    page.wait_for_url("**sort=newest**")

    expect(page.locator("#picked")).to_contain_text("2 selected")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#picked")).to_be_hidden()


def test_single_keys_can_be_turned_off(looking: Looking) -> None:
    page = looking.at("/assets")

    page.keyboard.press("?")
    page.get_by_role("link", name="Turn single keys off").click()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("?")

    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "q"


def test_the_way_results_look_is_kept(looking: Looking) -> None:
    page = looking.at("/assets?q=cup")

    page.get_by_role("link", name="List", exact=True).click()
    page.wait_for_load_state("networkidle")
    page.goto("/assets")

    expect(page.locator("#cards")).to_have_class("list")


def test_back_from_an_asset_leads_to_the_same_place(looking: Looking) -> None:
    page = looking.at("/assets?q=cup&sort=name")
    page.locator(".card-name a").nth(40).scroll_into_view_if_needed()
    place = page.evaluate("scrollY")

    page.locator(".card-name a").nth(40).click()
    page.wait_for_url("**/assets/prp_cup*")
    page.go_back()
    page.wait_for_url("**/assets?q=cup&sort=name")

    assert place > 0
    expect(page.locator("#cards")).to_be_visible()
    page.wait_for_function("(place) => Math.abs(scrollY - place) < 300", arg=place)


def test_a_session_that_has_ended_shows_the_sign_in_page_and_never_inside_another(looking: Looking) -> None:
    page = looking.at("/assets", "pia")
    page.context.clear_cookies()

    page.locator("#q").press_sequentially("cup")

    page.wait_for_url("**/sign-in**")
    assert page.get_by_label("Password").count() == 1


def test_what_the_page_runs_is_small(looking: Looking) -> None:
    page = looking.at("/assets", "pia")

    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)")

    scripts = [
        stationery().sheets[name].body for name in {path.rpartition("/")[2] for path in loaded} if name.endswith(".js")
    ]
    assert len(scripts) > 4
    assert sum(len(gzip.compress(script, 9)) for script in scripts) <= SCRIPTS_MAX_BYTES
