"""Collecting by keys and by hand: found, selected, collected, put in order, noted, shared, taken along."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.surfaces.browser.looking import Looking, leading_on
from tests.visitors import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched")]


@pytest.fixture
def cups(looking: Looking) -> Page:
    """A collection of pia's that is new, with four cups in it, open before her."""
    page = looking.at("/collections", "pia")
    page.get_by_label("Title").fill("Cups")
    with leading_on(page):
        page.get_by_role("button", name="Begin it").click()
    collection = page.url.rpartition("/")[2]
    page.goto("/collections/add?asset=prp_cup10&asset=prp_cup11&asset=prp_cup12&asset=prp_cup13")
    with leading_on(page):
        page.locator(f"button[value='{collection}']").click()
    page.goto(f"/collections/{collection}")
    return page


def _comes_to_hold(page: Page, *names: str) -> None:
    expect(page.locator("#cards .card-name")).to_have_text(names)


def _drags(page: Page, card: int, to: int, x: float = 10) -> None:
    cards = page.locator("#cards > .card")
    expect(cards.nth(card)).to_have_attribute("draggable", "true")
    cards.nth(card).drag_to(cards.nth(to), target_position={"x": x, "y": 60})


def test_a_journey_by_keyboard(looking: Looking) -> None:
    page = looking.at("/assets?q=cup&sort=name", "arno")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")

    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Add 2 assets to a collection")).to_be_visible()
    page.get_by_label("nto a new one").focus()
    page.keyboard.type("Cups by keyboard")
    page.keyboard.press("Enter")
    expect(page.locator("[data-added]")).to_have_text("2 assets are in “Cups by keyboard” now.")
    assert "q=cup" in page.url
    with leading_on(page):
        page.get_by_role("link", name="Open it").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Cups by keyboard")
    before = page.locator("#cards .card-name").all_inner_texts()
    summary = page.locator(".item-edit summary").first
    summary.press("Enter")
    page.get_by_label("Move to position").first.press("Control+a")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator("#cards .card-name").first).to_have_text(before[1])

    page.locator(".item-edit summary").first.press("Enter")
    page.get_by_label("Note").first.press_sequentially("chipped")
    page.get_by_role("button", name="Save").locator("visible=true").first.press("Enter")
    expect(page.locator(".item-note").first).to_have_text("chipped")

    page.locator("summary", has_text=re.compile("^Share$")).press("Enter")
    page.get_by_label("The whole studio").select_option("view")
    page.get_by_role("button", name="Save who sees it").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Who sees it is changed.")

    page.locator("summary", has_text="Export").press("Enter")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).press("Enter")
    assert download.value.suggested_filename == "Cups by keyboard.csv"


def test_enter_in_the_field_for_a_new_one_presses_no_other_button(looking: Looking) -> None:
    page = looking.at("/collections/add?asset=prp_cup20", "arno")
    expect(page.get_by_role("button", name="Night market")).to_be_visible()

    page.get_by_label("Or into a new one").fill("Of its own")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").first).to_contain_text("1 asset is in “Of its own” now.")


def test_an_item_is_dragged_before_another(cups: Page) -> None:
    _comes_to_hold(cups, "Cup 10", "Cup 11", "Cup 12", "Cup 13")

    _drags(cups, 3, to=1)

    _comes_to_hold(cups, "Cup 10", "Cup 13", "Cup 11", "Cup 12")


def test_a_drop_puts_the_list_in_order_without_another_page(cups: Page) -> None:
    cups.evaluate("() => { window.stayed = true; }")

    _drags(cups, 3, to=1)
    _comes_to_hold(cups, "Cup 10", "Cup 13", "Cup 11", "Cup 12")
    _drags(cups, 0, to=2)
    _comes_to_hold(cups, "Cup 13", "Cup 10", "Cup 11", "Cup 12")
    stayed = cups.evaluate("() => window.stayed")
    cups.locator("summary", has_text=re.compile("^Edit$")).click()
    cups.get_by_label("Title").fill("Cups in order")
    cups.get_by_role("button", name="Save", exact=True).first.click()

    expect(cups.get_by_role("heading", level=1)).to_have_text("Cups in order")
    _comes_to_hold(cups, "Cup 13", "Cup 10", "Cup 11", "Cup 12")
    assert stayed


def test_a_drop_after_the_session_has_ended_asks_to_sign_in(cups: Page) -> None:
    cups.context.clear_cookies()

    _drags(cups, 3, to=1)
    _sign_in_again(cups)

    _comes_to_hold(cups, "Cup 10", "Cup 13", "Cup 11", "Cup 12")


def test_an_item_is_dragged_behind_the_last(cups: Page) -> None:
    last = cups.locator("#cards > .card").nth(3).bounding_box()
    assert last is not None

    _drags(cups, 0, to=3, x=last["width"] - 10)

    _comes_to_hold(cups, "Cup 11", "Cup 12", "Cup 13", "Cup 10")


def test_the_dialog_is_left_by_escape_and_gives_the_focus_back(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp", "pia")
    page.get_by_role("link", name="Collect", exact=True).focus()

    page.keyboard.press("c")
    expect(page.locator("#collect")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("#collect")).to_be_hidden()
    expect(page.get_by_role("link", name="Collect", exact=True)).to_be_focused()


def test_without_scripts_an_asset_is_collected_on_a_page(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp", "pia", scripts=False)

    page.get_by_role("link", name="Collect", exact=True).click()
    page.get_by_label("nto a new one").fill("By hand")
    page.get_by_role("button", name="Begin it with this").click()

    expect(page.get_by_role("status").first).to_contain_text("1 asset is in “By hand” now.")
    assert page.url.endswith("/assets/prp_lamp")


def _sign_in_again(page: Page) -> None:
    page.get_by_text("Your session has ended. What you typed is kept").wait_for()
    assert page.locator("dialog").count() == 0
    page.locator("#login").fill("pia")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Send it now").click()


def test_a_title_outlives_the_session_that_it_was_typed_in(looking: Looking) -> None:
    page = looking.at("/assets?q=cup+30", "pia")
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.get_by_label("nto a new one").fill("Typed for long")
    page.context.clear_cookies()

    page.keyboard.press("Enter")
    _sign_in_again(page)

    expect(page.get_by_role("status").first).to_contain_text("1 asset is in “Typed for long” now.")
    assert page.url.endswith("/assets?q=cup+30")


def test_a_collection_that_was_pressed_outlives_the_session(looking: Looking) -> None:
    page = looking.at("/collections", "pia")
    page.get_by_label("Title").fill("Pressed")
    with leading_on(page):
        page.get_by_role("button", name="Begin it").click()
    page.goto("/assets/prp_cup31")
    page.keyboard.press("c")
    page.locator("#collect").get_by_role("button", name="Pressed").wait_for()
    page.context.clear_cookies()

    page.locator("#collect").get_by_role("button", name="Pressed").click()
    _sign_in_again(page)

    expect(page.get_by_role("status").first).to_contain_text("1 asset is in “Pressed” now.")
    assert page.url.endswith("/assets/prp_cup31")
