"""Turning what cards show, under the pointer and by keys; and what else a version shows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.surfaces.browser.looking import Looking

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched")]

LAMP = "#card-prp_lamp .picture"
BAR = """canvas => {
  const { width, height } = canvas;
  const read = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  read.drawImage(canvas, 0, 0);
  const { data } = read.getImageData(0, 0, width, height);
  const row = [...Array(width).keys()].map((x) => data[4 * (width * (height >> 1) + x)]);
  return row.indexOf(Math.max(...row)) / width;
}"""
"""Where the bright bar of the film stands, as a share of the width."""


def _strips_asked_for(page: Page) -> list[str]:
    """Every strip that the page asks for from now on."""
    address = str(page.locator(LAMP).get_attribute("data-strip"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith(address) else None)
    return asked


def _bar(canvas: Locator) -> float:
    found: float = canvas.evaluate(BAR)
    return found


def _bar_at(canvas: Locator, left: float, right: float) -> bool:
    """Whether the bar comes to stand there within two seconds: a key's frame is drawn a moment after it."""
    for _ in range(20):
        if left < _bar(canvas) < right:
            return True
        canvas.page.wait_for_timeout(100)
    return False


def _point_at(page: Page, share: float) -> None:
    box = page.locator(LAMP).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)


def test_a_pointer_turns_what_a_card_shows_with_one_request(looking: Looking) -> None:
    page = looking.at("/assets?q=lamp")
    asked = _strips_asked_for(page)
    canvas = page.locator(f"{LAMP} canvas")

    _point_at(page, 0.02)
    expect(canvas).to_be_visible()
    left = _bar(canvas)
    _point_at(page, 0.98)
    right = _bar(canvas)
    page.mouse.move(2, 2)
    expect(canvas).to_have_count(0)
    _point_at(page, 0.5)
    expect(canvas).to_be_visible()

    assert (left < 0.2, right > 0.8, 0.3 < _bar(canvas) < 0.7) == (True, True, True)
    assert len(asked) == 1


def test_a_pointer_that_passes_asks_for_nothing(looking: Looking) -> None:
    page = looking.at("/assets?q=lamp")
    asked = _strips_asked_for(page)

    _point_at(page, 0.5)
    page.mouse.move(2, 2)
    page.wait_for_timeout(300)

    assert asked == []


def test_a_strip_on_its_way_is_given_up_when_the_pointer_leaves(looking: Looking) -> None:
    page = looking.at("/assets?q=lamp")
    address = str(page.locator(LAMP).get_attribute("data-strip"))
    page.route(f"**{address}", lambda _: None)  # the server does not answer

    with page.expect_request(f"**{address}"):
        _point_at(page, 0.5)
    with page.expect_event("requestfailed", lambda request: request.url.endswith(address), timeout=1000) as given_up:
        page.mouse.move(2, 2)

    assert given_up.value.failure == "net::ERR_ABORTED"
    expect(page.locator(f"{LAMP} canvas")).to_have_count(0)


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
    page.locator(".card-name a").nth(1).focus()
    with page.expect_request("**/strip-of-2"), page.expect_event("requestfailed"):
        pictures.nth(2).hover(force=True)

    assert (two, sorted(on_their_way)) == (["0", "1"], ["1", "2"])


def test_keys_go_frame_by_frame_on_a_card_and_in_the_quick_look(looking: Looking) -> None:
    page = looking.at("/assets?q=lamp")
    asked = _strips_asked_for(page)
    page.locator("#card-prp_lamp .card-name a").focus()

    for _ in range(9):
        page.keyboard.press(".")
    expect(page.locator(f"{LAMP} canvas")).to_be_visible()
    on_card = _bar_at(page.locator(f"{LAMP} canvas"), 0.1, 0.4)
    page.keyboard.press("Space")
    expect(page.locator("#glance .picture[data-strip]")).to_be_visible()
    page.keyboard.press(",")
    canvas = page.locator("#glance canvas")
    expect(canvas).to_be_visible()

    assert (on_card, _bar_at(canvas, 0.9, 1.0)) == (True, True)
    assert len(asked) == 1


def test_keys_that_are_turned_off_turn_nothing(looking: Looking) -> None:
    page = looking.at("/assets?q=lamp")
    page.keyboard.press("?")
    page.get_by_role("link", name="Turn single keys off").click()
    page.locator("#card-prp_lamp .card-name a").focus()

    page.keyboard.press(".")
    page.wait_for_timeout(300)

    expect(page.locator(f"{LAMP} canvas")).to_have_count(0)


def test_the_picture_of_an_asset_turns_under_the_pointer_and_by_keys_from_anywhere(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp")
    stage = page.locator(".stage-picture")
    canvas = stage.locator("canvas")

    stage.hover(position={"x": 30, "y": 100})
    expect(canvas).to_be_visible()
    left = _bar(canvas)
    page.get_by_role("button", name="Turn").hover()
    expect(canvas).to_have_count(0)
    page.keyboard.press(",")
    expect(canvas).to_be_visible()
    last = _bar(canvas)

    assert (left < 0.3, last > 0.9) == (True, True)


def test_the_picture_of_an_asset_plays_and_pauses(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp")
    canvas = page.locator(".stage-picture canvas")
    button = page.get_by_role("button", name="Turn")

    button.press("Space")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(canvas).to_be_visible()
    moved = f"(before) => Math.abs(({BAR})(document.querySelector('.stage-picture canvas')) - before) > 0.1"
    page.wait_for_function(moved, arg=_bar(canvas))
    button.press("Space")
    expect(button).to_have_attribute("aria-pressed", "false")
    stopped = _bar(canvas)
    page.wait_for_timeout(300)

    assert _bar(canvas) == stopped


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
