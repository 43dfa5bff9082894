"""Single keys: those that every page has, those of an asset, and the one switch that turns them off everywhere."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Page, expect

from catalog.web.stationery import stationery
from tests.surfaces.browser.looking import Looking, leading_on

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched")]


LEADING = ("document", "fetch", "xhr")
"""What is asked for when something is opened, here or on another page."""
HEAR_CLICKS = "addEventListener('click', () => { window.followed = true; })"


def _turn_off(page: Page) -> None:
    page.keyboard.press("?")
    with leading_on(page):
        page.get_by_role("link", name="Turn single keys off").click()


@pytest.mark.parametrize("path", ["/assets/prp_lamp", "/collections", "/docs", "/me", "/reviews", "/edits"])
def test_every_page_has_the_keys_for_search_and_for_help(looking: Looking, path: str) -> None:
    page = looking.at(path)

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys on this page")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("/")

    expect(page.locator("#q")).to_be_focused()


def test_help_is_opened_and_closed_by_hand_too(looking: Looking) -> None:
    page = looking.at("/docs", "vera")

    page.get_by_role("button", name="Keys").click()
    expect(page.locator("#help")).to_be_visible()
    page.locator("#help").get_by_role("button", name="Close").click()

    expect(page.locator("#help")).to_be_hidden()


@pytest.mark.parametrize("path", ["/assets/prp_lamp", "/assets/prp_bell/history", "/collections", "/assets?q=cup"])
def test_the_switch_turns_single_keys_off_on_every_page(looking: Looking, path: str) -> None:
    page = looking.at("/docs")
    _turn_off(page)
    assert page.url.endswith("/docs")
    page.goto(path)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type in LEADING else None)

    for key in ("?", "/", "c", "j", ".", "g", "s"):
        page.keyboard.press(key)

    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("body")).to_be_focused()
    page.reload()  # whatever a key had begun would have been asked for before
    assert asked == [f"{looking.address}{path}"]


@pytest.mark.parametrize(
    "key,address",
    [
        ("s", "/assets"),
        ("c", "/collections"),
        ("k", "/searches"),
        ("p", "/register"),
        ("v", "/reviews"),
        ("e", "/edits"),
        ("i", "/me/issues"),
        ("j", "/jobs"),
        ("d", "/docs"),
        ("m", "/me"),
    ],
)
def test_g_and_a_letter_lead_to_a_page(looking: Looking, key: str, address: str) -> None:
    page = looking.at("/assets?q=cup", still=True)
    page.keyboard.press("j")

    page.keyboard.press("g")
    page.keyboard.press(key)

    page.wait_for_url(f"**{address}")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_g_leads_nowhere_that_its_reader_may_not_go(looking: Looking) -> None:
    page = looking.at("/docs", "vera", still=True)

    page.keyboard.press("g")
    page.keyboard.press("j")
    page.keyboard.press("?")

    expect(page.locator("#help").get_by_role("link", name="Collections")).to_be_visible()
    expect(page.locator("#help").get_by_role("link", name="Jobs")).to_have_count(0)
    assert page.url.endswith("/docs")


def test_a_letter_without_its_g_means_what_it_means_on_the_page(looking: Looking) -> None:
    page = looking.at("/assets?q=cup")
    page.keyboard.press("j")

    page.keyboard.press("g")
    page.keyboard.press("x")
    page.keyboard.press("c")

    expect(page.locator("#picked")).to_contain_text("1 selected")
    expect(page.locator("#collect")).to_be_visible()


def test_a_letter_that_comes_late_does_not_go_with_its_g(looking: Looking) -> None:
    page = looking.at("/docs", "vera", still=True)

    page.keyboard.press("g")
    page.clock.run_for(1501)
    page.keyboard.press("m")
    page.keyboard.press("g")
    page.clock.run_for(1499)
    page.keyboard.press("c")

    page.wait_for_url("**/collections")


def test_the_queue_asks_the_switch_too(looking: Looking) -> None:
    page = looking.at("/reviews")
    page.goto("/me/display?keys=off&next=/reviews")
    with leading_on(page):
        page.get_by_role("link", name="Bell").first.click()
    page.evaluate("document.querySelector('.form-ways').innerHTML = '<a rel=\"next\" href=\"#next\">Next</a>'")
    page.evaluate(HEAR_CLICKS)

    page.keyboard.press("j")

    assert page.evaluate("window.followed") is None


def test_keys_that_are_off_are_turned_on_again_without_keys(looking: Looking) -> None:
    page = looking.at("/docs", "vera")
    _turn_off(page)
    page.goto("/me")

    with leading_on(page):
        page.get_by_role("main").get_by_role("link", name="Turn single keys on").click()
    page.keyboard.press("?")

    expect(page.locator("#help")).to_be_visible()


def test_the_way_back_from_the_switch_leads_to_the_results_as_they_are(looking: Looking) -> None:
    page = looking.at("/assets")
    page.locator("#q").press_sequentially("cup 1")
    page.wait_for_url("**/assets?q=cup+1")
    page.keyboard.press("Escape")
    expect(page.locator("#q")).not_to_be_focused()

    _turn_off(page)

    assert page.url.endswith("/assets?q=cup+1")


def test_an_asset_leads_to_the_results_before_and_after_it(looking: Looking) -> None:
    page = looking.at("/assets?q=cup&sort=name")
    names = page.locator(".card-name").all_inner_texts()[:3]
    page.locator(".card-name a").nth(1).click()
    page.wait_for_url("**/assets/prp_cup*")
    way = page.get_by_role("navigation", name="Results")
    title = page.get_by_role("heading", level=1)
    expect(way).to_contain_text("2 of 60")

    with leading_on(page):
        page.keyboard.press("]")
    expect(title).to_have_text(names[2])
    with leading_on(page):
        page.keyboard.press("1")
    with leading_on(page):
        page.keyboard.press("[")
    expect(title).to_have_text(names[1])
    with leading_on(page):
        way.get_by_role("link", name="Previous result").click()
    expect(title).to_have_text(names[0])
    expect(way.get_by_role("link", name="Previous result")).to_be_hidden()
    page.keyboard.press("[")
    way.get_by_role("link", name="1 of 60").click()

    page.wait_for_url("**/assets?q=cup&sort=name")


def test_an_asset_that_nobody_came_to_from_results_leads_to_none(looking: Looking) -> None:
    page = looking.at("/assets?q=cup")
    page.locator(".card-name a").first.click()
    page.wait_for_url("**/assets/prp_cup*")
    page.goto("/assets/prp_lamp")
    page.evaluate(HEAR_CLICKS)

    page.keyboard.press("]")

    expect(page.locator(".results-way")).to_be_hidden()
    assert page.evaluate("window.followed") is None


def test_numbers_go_to_the_tabs_of_an_asset(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp")

    for key, tab in (
        ("2", "/versions"),
        ("3", "/relations"),
        ("4", "/issues"),
        ("5", "/history"),
        ("6", "/edit"),
        ("1", ""),
    ):
        page.keyboard.press(key)
        page.wait_for_url(f"**/assets/prp_lamp{tab}")
    page.evaluate(HEAR_CLICKS)
    page.keyboard.press("8")

    assert page.evaluate("window.followed") is None


@pytest.mark.parametrize(
    "path,reference",
    [
        ("/assets/prp_lamp", "catalog://assets/prp_lamp"),
        ("/assets/prp_lamp/history", "catalog://assets/prp_lamp"),
        ("/assets/prp_lamp/versions/1", "catalog://assets/prp_lamp/v1"),
    ],
)
def test_a_key_copies_what_the_page_is_about(looking: Looking, path: str, reference: str) -> None:
    page = looking.at(path, still=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.keyboard.press("y")

    expect(page.locator("[data-reference]")).to_have_text("Reference copied")
    assert page.evaluate("navigator.clipboard.readText()") == reference


def test_what_the_page_of_an_asset_runs_is_small_until_something_is_asked_for(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp", "pia")
    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)")

    names = {path.rpartition("/")[2] for path in loaded if path.endswith(".js")}
    size = sum(len(gzip.compress(stationery().sheets[name].body, 9)) for name in names)
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Add 1 asset to a collection")).to_be_visible()

    assert {"keys.js", "asset.js", "scrub.js", "collect.js"} <= names
    assert size <= 20_000
    assert "htmx.min.js" not in names
