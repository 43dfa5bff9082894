"""Turning what cards show, under the pointer and by keys; and what else a version shows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.surfaces.browser.looking import Looking, leading_on

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched")]

LAMP = "#card-prp_lamp .picture"
ON_CARD, IN_GLANCE, ON_STAGE = f"{LAMP} canvas", "#glance canvas", ".stage-picture canvas"
BAR = """(selector) => {
  const canvas = document.querySelector(selector);
  if (!canvas) return null;
  const { width, height } = canvas;
  const read = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  read.drawImage(canvas, 0, 0);
  const { data } = read.getImageData(0, 0, width, height);
  const row = [...Array(width).keys()].map((x) => data[4 * (width * (height >> 1) + x)]);
  return row.indexOf(Math.max(...row)) / width;
}"""
"""Where the bright bar of the film stands, as a share of the width; nothing where nothing turns."""
IS_BETWEEN = f"""([selector, left, right]) => {{
  const at = ({BAR})(selector);
  return at !== null && left < at && at < right;
}}"""


def _strips_asked_for(page: Page) -> list[str]:
    """Every strip that the page asks for from now on."""
    address = str(page.locator(LAMP).get_attribute("data-strip"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith(address) else None)
    return asked


def _bar_comes_between(page: Page, selector: str, left: float, right: float) -> None:
    """Wait until the bar stands there: a frame is drawn a moment after what asked for it."""
    page.wait_for_function(IS_BETWEEN, arg=[selector, left, right])


def _point_at(page: Page, share: float) -> None:
    box = page.locator(LAMP).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)


def test_a_pointer_turns_what_a_card_shows_with_one_request(looking: Looking) -> None:
    page = looking.at("/assets?q=lamp")
    asked = _strips_asked_for(page)

    _point_at(page, 0.02)
    _bar_comes_between(page, ON_CARD, -0.1, 0.2)
    _point_at(page, 0.98)
    _bar_comes_between(page, ON_CARD, 0.8, 1.1)
    page.mouse.move(2, 2)
    expect(page.locator(ON_CARD)).to_have_count(0)
    _point_at(page, 0.5)
    _bar_comes_between(page, ON_CARD, 0.3, 0.7)

    assert len(asked) == 1


def test_a_pointer_that_passes_asks_for_nothing(looking: Looking) -> None:
    page = looking.at("/assets?q=lamp", still=True)
    asked = _strips_asked_for(page)

    _point_at(page, 0.5)
    page.mouse.move(2, 2)
    page.clock.run_for(1000)

    assert asked == []


def test_a_strip_on_its_way_is_given_up_when_the_pointer_leaves(looking: Looking) -> None:
    page = looking.at("/assets?q=lamp")
    address = str(page.locator(LAMP).get_attribute("data-strip"))
    page.route(f"**{address}", lambda _: None)  # the server does not answer

    with page.expect_request(f"**{address}"):
        _point_at(page, 0.5)
    with page.expect_event("requestfailed", lambda request: request.url.endswith(address)) as given_up:
        page.mouse.move(2, 2)

    assert given_up.value.failure == "net::ERR_ABORTED"
    expect(page.locator(ON_CARD)).to_have_count(0)


def test_at_most_two_strips_are_on_their_way(looking: Looking) -> None:
    page = looking.at("/assets?q=cup&sort=name")
    page.route("**/strip-of-*", lambda _: None)  # the server does not answer
    pictures = page.locator(".card .picture")
    pictures.evaluate_all("""all => all.slice(0, 3).forEach((picture, at) => Object.assign(picture.dataset,
        { strip: `/strip-of-${at}`, frames: "36 6 160 120" }))""")
    on_their_way: set[str] = set()
    page.on("request", lambda request: on_their_way.add(request.url[-1]))
    page.on("requestfailed", lambda request: on_their_way.discard(request.url[-1]))

    with page.expect_request("**/strip-of-0"):
        pictures.nth(0).hover(force=True)
    page.locator(".card-name a").nth(0).focus()  # rests here, while the pointer goes on
    with page.expect_request("**/strip-of-1"):
        pictures.nth(1).hover(force=True)
    two = sorted(on_their_way)
    with page.expect_request("**/strip-of-2"), page.expect_event("requestfailed"):
        page.locator(".card-name a").nth(1).focus()
        pictures.nth(2).hover(force=True)

    assert (two, sorted(on_their_way)) == (["0", "1"], ["1", "2"])


def test_keys_go_frame_by_frame_on_a_card_and_in_the_quick_look(looking: Looking) -> None:
    page = looking.at("/assets?q=lamp")
    asked = _strips_asked_for(page)
    page.locator("#card-prp_lamp .card-name a").focus()

    for _ in range(9):
        page.keyboard.press(".")
    _bar_comes_between(page, ON_CARD, 0.23, 0.31)
    page.keyboard.press("Space")
    expect(page.locator("#glance .picture[data-strip]")).to_be_visible()
    page.keyboard.press(",")
    _bar_comes_between(page, IN_GLANCE, 0.9, 1.1)

    assert len(asked) == 1


def test_keys_that_are_pressed_while_the_strip_is_on_its_way_count_too(looking: Looking) -> None:
    page = looking.at("/assets?q=lamp")
    address = str(page.locator(LAMP).get_attribute("data-strip"))
    held: list[Route] = []
    page.route(f"**{address}", lambda route: held.append(route))  # noqa: PLW0108 — it keeps something on the function

    with page.expect_request(f"**{address}"):
        page.locator("#card-prp_lamp .card-name a").focus()
    for _ in range(18):
        page.keyboard.press(".")
    for route in held:
        route.continue_()

    _bar_comes_between(page, ON_CARD, 0.47, 0.55)


def test_keys_that_are_turned_off_turn_nothing(looking: Looking) -> None:
    page = looking.at("/assets?q=lamp")
    page.keyboard.press("?")
    with leading_on(page):
        page.get_by_role("link", name="Turn single keys off").click()
    page.locator("#card-prp_lamp .card-name a").focus()
    _point_at(page, 0.99)  # where a focus rests already
    _bar_comes_between(page, ON_CARD, 0.9, 1.1)

    page.keyboard.press(".")

    assert page.evaluate(BAR, ON_CARD) > 0.9


def test_the_picture_of_an_asset_turns_under_the_pointer_and_by_keys_from_anywhere(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp")

    page.locator(".stage-picture").hover(position={"x": 30, "y": 100})
    _bar_comes_between(page, ON_STAGE, -0.1, 0.3)
    page.get_by_role("button", name="Turn").hover()
    expect(page.locator(ON_STAGE)).to_have_count(0)
    page.keyboard.press(",")

    _bar_comes_between(page, ON_STAGE, 0.9, 1.1)


def test_the_picture_of_an_asset_plays_and_pauses(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp", still=True)
    button = page.get_by_role("button", name="Turn")

    button.press("Space")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.clock.run_for(900)
    _bar_comes_between(page, ON_STAGE, 0.2, 0.35)
    page.clock.run_for(900)
    _bar_comes_between(page, ON_STAGE, 0.45, 0.6)
    button.press("Space")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.clock.run_for(900)

    _bar_comes_between(page, ON_STAGE, 0.45, 0.6)


def test_space_plays_what_the_pointer_is_on_and_else_is_what_it_always_was(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp")
    button = page.get_by_role("button", name="Turn")

    page.keyboard.press("Space")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.locator(".stage-picture").hover()
    page.keyboard.press("Space")

    expect(button).to_have_attribute("aria-pressed", "true")


def test_without_scripts_there_is_no_button_that_does_nothing(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp", scripts=False)

    expect(page.get_by_role("link", name="View in 3D")).to_be_visible()
    expect(page.get_by_role("button", name="Turn")).to_be_hidden()


def test_a_turntable_plays_in_the_gallery_without_scripts(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp", scripts=False)

    film = page.get_by_label("Turntable: Market lamp")

    expect(film).to_be_visible()
    assert film.get_attribute("controls") is not None
    assert film.get_attribute("poster")
    played = page.request.get(looking.address + str(film.get_attribute("src")), headers={"Range": "bytes=0-99"})
    assert (played.status, played.headers["content-type"]) == (206, "video/mp4")
