"""Suggestions while one types: by keys, by pointer, and out of the way of everything else."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.surfaces.browser.looking import Looking, Scheme

pytestmark = pytest.mark.browser


def _types(page: Page, text: str) -> None:
    """Type, and wait for what is offered for all of it; there were others on the way."""
    page.locator("#q").press_sequentially(text)
    expect(page.get_by_role("option").first).to_have_text(re.compile(rf"\b{text}\W*$"))


def test_what_begins_like_the_text_is_offered_on_every_page(looking: Looking) -> None:
    page = looking.at("/me")

    _types(page, "mark")

    expect(page.get_by_role("option", name="Market lamp prp_lamp")).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "true")


def test_arrows_choose_and_enter_opens_while_the_field_keeps_the_focus(looking: Looking) -> None:
    page = looking.at("/me")
    _types(page, "market l")

    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Search for")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Market lamp")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/assets/prp_lamp$"))


def test_enter_without_a_choice_searches(looking: Looking) -> None:
    page = looking.at("/me")
    _types(page, "market")

    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/assets\?q=market$"))


def test_escape_closes_the_list_and_leaves_the_text(looking: Looking) -> None:
    page = looking.at("/me")
    _types(page, "market")

    page.keyboard.press("Escape")

    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")
    assert page.locator("#q").input_value() == "market"


def test_a_word_in_the_making_is_not_asked_about(looking: Looking) -> None:
    page = looking.at("/me", still=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#q").focus()

    composing = page.context.new_cdp_session(page)
    composing.send("Input.imeSetComposition", {"text": "shi", "selectionStart": 3, "selectionEnd": 3})
    expect(page.locator("#q")).to_have_value("shi")
    page.clock.run_for(1000)
    in_the_making = list(asked)
    with page.expect_request(re.compile(r"q=shi")):
        composing.send("Input.insertText", {"text": "shi"})
        page.clock.run_for(1000)

    assert in_the_making == []


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_drawing_before_a_suggestion_is_seen_and_stands_in_the_middle(looking: Looking, scheme: Scheme) -> None:
    page = looking.at("/me", scheme=scheme)
    _types(page, "bras")

    frame = page.locator(".typeahead-tag").first
    outer, inner = frame.bounding_box(), frame.locator("svg").bounding_box()
    assert outer is not None
    assert inner is not None
    assert abs(outer["y"] + outer["height"] / 2 - inner["y"] - inner["height"] / 2) < 1
    assert frame.evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgba(0, 0, 0, 0)"


def _hint(page: Page, words: str) -> Locator:
    return page.locator("#hints").get_by_role("link", name=re.compile(words))


def test_above_results_tags_are_offered_and_nothing_moves(looking: Looking) -> None:
    page = looking.at("/assets?q=w")
    expect(page.locator("#hints a")).to_have_count(0)
    top = "(one) => one.getBoundingClientRect().top"
    before = page.locator("#results").evaluate(top)

    page.locator("#q").press("End")
    page.locator("#q").press_sequentially("ood")

    expect(_hint(page, "Tag wood")).to_be_visible()
    expect(page.locator("#results-title")).to_contain_text("wood")
    assert page.locator("#results").evaluate(top) == before
    expect(page.locator("#hints [role=status]")).to_have_text(re.compile("suggestion"))


def test_the_arrow_down_leads_to_what_is_offered_and_enter_follows_it(looking: Looking) -> None:
    page = looking.at("/assets?kind=prop")
    page.locator("#q").press_sequentially("wood")
    expect(_hint(page, "Tag wood")).to_be_visible()

    page.keyboard.press("ArrowDown")
    expect(page.locator("#hints a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/assets\?kind=prop&tag=wood$"))


def test_without_a_text_nothing_is_offered_above_results(looking: Looking) -> None:
    page = looking.at("/assets")
    page.locator("#q").press_sequentially("wood")
    expect(_hint(page, "Tag wood")).to_be_visible()

    page.get_by_role("link", name="Remove filter: Text").click()

    expect(page.locator("#hints a")).to_have_count(0)


def test_what_was_suggested_goes_when_a_filter_changes_the_search(looking: Looking) -> None:
    page = looking.at("/assets")
    page.locator("#q").press_sequentially("wood")
    expect(_hint(page, "Tag wood")).to_be_visible()

    page.locator("#filters").get_by_role("checkbox", name=re.compile("^Prop")).first.check()

    expect(page).to_have_url(re.compile("kind=prop"))
    expect(page.locator("#hints a")).to_have_count(0)


def test_an_answer_that_comes_late_leaves_the_focus_among_what_it_offers(looking: Looking) -> None:
    page = looking.at("/assets")
    page.locator("#q").press_sequentially("wo")
    expect(_hint(page, "Tag wood")).to_be_visible()

    with page.expect_response(re.compile("typeahead.*q=woo&")):
        page.locator("#q").press_sequentially("o")
        page.keyboard.press("ArrowDown")

    expect(page.locator("#hints a").first).to_be_focused()
