"""The search page under the hands of people who know what they want: as one types, by keys, and back again."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import CDPSession, Page, expect

from catalog.web.stationery import stationery
from tests.surfaces.browser.looking import Looking, hold_time, leading_on

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
    expect(page).to_have_title("market lamp, 1 asset – Reprise")
    expect(page.get_by_role("status").first).to_contain_text("1 asset for")


def _requests(page: Page) -> list[str]:
    """Every request of the page from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def _composes(page: Page) -> CDPSession:
    """Begin a word in the search field by an input method, as people write Chinese."""
    page.locator("#q").focus()
    composing = page.context.new_cdp_session(page)
    composing.send("Input.imeSetComposition", {"text": "shi", "selectionStart": 3, "selectionEnd": 3})
    return composing


def test_a_word_in_the_making_asks_for_nothing(looking: Looking) -> None:
    page = looking.at("/assets")
    asked = _requests(page)

    composing = _composes(page)
    in_the_making = list(asked)
    composing.send("Input.insertText", {"text": "市场灯"})
    expect(page.locator("#results-title")).to_contain_text("1 asset")

    assert in_the_making == []
    expect(page.locator(".card-name")).to_have_text(["Market lamp"])


def test_enter_that_ends_a_word_in_the_making_sends_nothing(looking: Looking) -> None:
    page = looking.at("/assets", still=True)
    asked = _requests(page)

    _composes(page)
    page.keyboard.press("Enter")
    page.clock.run_for(1000)

    assert asked == []
    assert page.url.endswith("/assets")
    expect(page.locator("#q")).to_have_value("shi")


def test_filters_narrow_at_once_and_each_is_undone_by_one_step_back(looking: Looking) -> None:
    page = looking.at("/assets")

    page.get_by_role("link", name="Only wood").click()
    expect(page.locator("#results-title")).to_have_text("32 assets")
    page.locator("#filters").get_by_label("batch 1,").check()
    expect(page.locator("#results-title")).to_have_text("35 assets")
    page.go_back()
    expect(page.locator("#results-title")).to_have_text("32 assets")
    page.go_back()

    expect(page.locator("#results-title")).to_have_text("77 assets")


def test_five_steps_back_undo_five_filters_one_by_one(looking: Looking) -> None:
    page = looking.at("/assets")
    found = page.locator("#results-title")
    seen: list[tuple[str, str]] = []

    for label in ("Prop", "wood", "batch 1", "batch 3", "batch 5"):
        seen.append((page.url, _title(page)))
        page.locator("#filters").get_by_label(re.compile(f"^{label},")).check()
        expect(page).not_to_have_url(seen[-1][0])
        expect(found).not_to_have_text(seen[-1][1])
    for address, title in reversed(seen):
        page.go_back()
        expect(page).to_have_url(address)
        expect(found).to_have_text(title)

    assert len(set(seen)) == 5
    expect(page.locator("#filters").get_by_role("checkbox", checked=True)).to_have_count(0)


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
    hold_time(page)
    page.keyboard.press("y")
    expect(page.locator("#picked")).to_contain_text("copied")
    expect(page.locator("#picked").get_by_role("button")).to_have_count(0)  # nothing is selected
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
    with leading_on(page):
        page.get_by_role("link", name="Turn single keys off").click()
    page.keyboard.press("?")

    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()


def test_what_is_selected_is_compared_by_a_key(looking: Looking) -> None:
    page = looking.at("/assets?q=cup&sort=name", still=True)

    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("v")
    expect(page.locator("#picked")).to_contain_text("1 selected; two to four can be compared")
    first = _focused(page)
    page.keyboard.press("Shift+ArrowRight")
    second = _focused(page)
    page.keyboard.press("v")
    page.wait_for_url("**/compare?asset=prp_cup*&asset=prp_cup*")

    assert page.title() == f"{first}, {second}, side by side – Reprise"


def test_the_bar_of_the_selection_compares_too(looking: Looking) -> None:
    page = looking.at("/assets?q=cup&sort=name", "vera")

    page.keyboard.press("j")
    page.keyboard.press("Shift+ArrowRight")
    page.locator("#picked").get_by_role("button", name="Compare").click()
    page.wait_for_url("**/compare?asset=prp_cup*&asset=prp_cup*")

    assert page.get_by_role("heading", level=1).inner_text() == "2 assets side by side"


def test_the_way_results_look_is_kept(looking: Looking) -> None:
    page = looking.at("/assets?q=cup")

    page.get_by_role("link", name="List", exact=True).click()
    expect(page.locator("#cards")).to_have_class("list")
    page.goto("/assets")

    expect(page.locator("#cards")).to_have_class("list")


def test_pictures_are_as_large_as_somebody_wants_them(looking: Looking) -> None:
    page = looking.at("/assets?q=cup", "pia")
    width = "document.querySelector('.card').getBoundingClientRect().width"
    usual = page.evaluate(width)

    page.get_by_role("link", name="Larger pictures").click()
    expect(page.locator("#found")).to_have_attribute("data-density", "2")
    larger = page.evaluate(width)
    for density in ("3", "4"):
        page.get_by_role("link", name="Smaller pictures").click()
        expect(page.locator("#found")).to_have_attribute("data-density", density)
    page.goto("/assets?q=cup")

    assert larger > usual > page.evaluate(width)


def test_what_can_be_done_with_the_results_stands_on_one_line(looking: Looking) -> None:
    page = looking.at("/assets?q=cup+cup+cup+cup+cup+cup+cup+cup", "pia")

    title, tools = page.locator("#results-title").bounding_box(), page.locator(".results-tools").bounding_box()

    assert title
    assert tools
    assert tools["height"] < 60
    assert title["y"] < tools["y"] + tools["height"]
    assert title["x"] + title["width"] <= tools["x"]


def test_back_from_an_asset_leads_to_the_same_place(looking: Looking) -> None:
    page = looking.at("/assets?q=cup&sort=name")
    card = page.locator(".card-name a").nth(40)
    card.scroll_into_view_if_needed()

    card.click()
    page.wait_for_url("**/assets/prp_cup*")
    page.go_back()
    page.wait_for_url("**/assets?q=cup&sort=name")

    expect(card).to_be_in_viewport()
    assert page.evaluate("scrollY") > 0


def test_a_session_that_has_ended_shows_the_sign_in_page_and_never_inside_another(looking: Looking) -> None:
    page = looking.at("/assets", "pia")
    page.context.clear_cookies()

    page.locator("#q").press_sequentially("cup")

    page.wait_for_url("**/sign-in**")
    expect(page.get_by_label("Password")).to_have_count(1)


def test_what_the_page_runs_is_small(looking: Looking) -> None:
    page = looking.at("/assets", "pia")

    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)")

    scripts = [
        stationery().sheets[name].body for name in {path.rpartition("/")[2] for path in loaded} if name.endswith(".js")
    ]
    assert len(scripts) > 4
    assert sum(len(gzip.compress(script, 9)) for script in scripts) <= SCRIPTS_MAX_BYTES


IN_VIEW = "(all) => all.filter((one) => one.getBoundingClientRect().top < innerHeight).length"


def test_the_first_screen_shows_thirty_cards_at_most(looking: Looking) -> None:
    page = looking.at("/assets?q=cup")

    cards = page.locator("#cards > .card").evaluate_all(IN_VIEW)

    assert 10 < cards <= 30


def test_an_ordinary_screen_gets_the_smallest_picture(looking: Looking) -> None:
    page = looking.at("/assets?q=harbor")

    picture = page.locator("#card-env_harbor .picture img")

    expect(picture).to_have_js_property("naturalWidth", 240)
    expect(picture).to_have_js_property("currentSrc", picture.evaluate("(one) => one.src"))


def test_a_server_that_is_away_is_told_and_asked_again_by_hand(looking: Looking) -> None:
    page = looking.at("/assets")
    trouble = page.get_by_role("alert")
    page.context.set_offline(True)

    page.locator("#q").press_sequentially("market lamp")
    expect(trouble).to_contain_text("The server does not answer. What is shown here is from before.")
    expect(page.locator("#results-title")).to_have_text("77 assets")
    page.get_by_role("button", name="Try again").click()
    expect(trouble).to_contain_text("The server does not answer")
    page.context.set_offline(False)

    expect(page.locator("#results-title")).to_contain_text("1 asset for")
    expect(page.get_by_text("The server does not answer")).to_be_hidden()
    assert page.locator("#q").input_value() == "market lamp"
    _expect_only_lost_requests(looking)


def test_a_filter_that_could_not_be_asked_for_is_asked_for_again(looking: Looking) -> None:
    page = looking.at("/assets")
    page.route("**/assets?tag=wood", lambda route: route.abort())

    page.get_by_role("link", name="Only wood").click()
    page.get_by_role("button", name="Try again").wait_for()
    page.unroute("**/assets?tag=wood")
    page.get_by_role("button", name="Try again").click()

    expect(page.locator("#results-title")).to_have_text("32 assets")
    expect(page).to_have_url(f"{looking.address}/assets?tag=wood")
    _expect_only_lost_requests(looking)


def test_a_dialog_that_the_server_does_not_fill_says_so(looking: Looking) -> None:
    page = looking.at("/assets?q=cup", "pia")
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.get_by_label("nto a new one").fill("Kept while away")
    page.context.set_offline(True)

    page.keyboard.press("Enter")

    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("What you typed is still here")
    assert page.get_by_label("nto a new one").input_value() == "Kept while away"
    _expect_only_lost_requests(looking)


def test_the_focus_stays_among_the_filters_that_are_left(looking: Looking) -> None:
    page = looking.at("/assets?q=cup&tag=wood&show=ORION")
    chips = page.locator(".chips .chip")
    names = chips.all_inner_texts()

    chips.nth(0).press("Enter")
    expect(chips).to_have_count(2)
    expect(chips.nth(0)).to_be_focused()
    next_one = chips.nth(0).inner_text()
    chips.nth(1).press("Enter")
    expect(chips).to_have_count(1)

    expect(page.locator("#results-title")).to_be_focused()
    assert next_one == names[1]


def _expect_only_lost_requests(looking: Looking) -> None:
    """Take what Chromium and htmx say of lost requests, which is meant here, from what fails a test."""
    lost = [said for said in looking.watched.reports if "Failed to fetch" in said or "ERR_" in said]
    assert lost == looking.watched.reports
    looking.watched.reports.clear()


@pytest.mark.parametrize("width", [1440, 1280, 1024, 768, 390])
def test_the_results_stay_where_they_are_however_much_is_said_above_them(looking: Looking, width: int) -> None:
    page = looking.at("/assets?q=cup", width=width)
    first = page.locator("#cards > li").first
    before = first.bounding_box()

    page.evaluate("document.querySelector('.took').textContent = '12345 ms'")
    page.evaluate("document.querySelector('#results-title bdi').textContent = 'cup '.repeat(40)")
    after = first.bounding_box()

    assert before == after
    assert page.evaluate("document.documentElement.scrollWidth") == width
