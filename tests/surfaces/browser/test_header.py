"""The header stands in whole words at every width, with all that an administrator finds in it, in both languages."""

from __future__ import annotations

import pytest

from tests.surfaces.browser.looking import HEIGHT, Looking

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 640, 700, 768, 832, 840, 900, 1024, 1152, 1216, 1280, 1360, 1400, 1440)
LINES = """() => [...document.querySelectorAll(".brand, .top-nav a, .top button")].map((one) => {
  const parts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT), range = document.createRange(), tops = new Set();
  while (parts.nextNode()) {
    range.selectNodeContents(parts.currentNode);
    if (parts.currentNode.parentElement.closest(".unseen, .badge, .initial")) continue;
    for (const box of range.getClientRects()) if (box.width > 1) tops.add(box.top);
  }
  return [one.textContent.trim(), tops.size];
}).filter(([, lines]) => lines > 1).map(([words]) => words)"""
"""What of the header is broken into more than one line."""
ASIDE = """() => {
  const parts = [...document.querySelectorAll(".brand, .top-search, .top-nav, .theming, .speaking")];
  const boxes = parts.map((one) => one.getBoundingClientRect());
  const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return parts.filter((one, at) => boxes[at].left < 0 || boxes[at].right > innerWidth
    || boxes.some((box, other) => other !== at && over(box, boxes[at]))).map((one) => one.className);
}"""
"""What of it stands over something else, or beyond the edges of the screen."""
SEARCH_MIN = 220
TOP = "parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--top')) * 16"


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("login", ["ann", "arno"])
def test_every_word_of_the_header_stands_whole_at_every_width(looking: Looking, login: str, locale: str) -> None:
    page = looking.at("/me", login, locale=locale)

    broken, aside, narrow, wrong = {}, {}, {}, {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.wait_for_function(f"innerWidth === {width}")
        broken[width] = page.evaluate(LINES)
        aside[width] = page.evaluate(ASIDE)
        narrow[width] = page.evaluate("document.querySelector('.top-search').offsetWidth")
        wrong[width] = page.evaluate(f"Math.abs(document.querySelector('.top').offsetHeight - {TOP})")

    assert {width: words for width, words in broken.items() if words} == {}
    assert {width: parts for width, parts in aside.items() if parts} == {}
    assert {width: pixels for width, pixels in narrow.items() if pixels < SEARCH_MIN} == {}
    assert {width: pixels for width, pixels in wrong.items() if pixels > 2} == {}


def test_the_menu_of_an_administrator_has_a_row_of_its_own_only_where_it_needs_one(looking: Looking) -> None:
    page = looking.at("/me", "ann", width=1280)
    header = page.locator(".top")

    one_row = header.evaluate("(one) => one.offsetHeight")
    page.set_viewport_size({"width": 1152, "height": HEIGHT})
    page.wait_for_function("innerWidth === 1152")
    two_rows = header.evaluate("(one) => one.offsetHeight")

    assert one_row < 70
    assert 90 < two_rows < 110
