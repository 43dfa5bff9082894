"""Pages stay whole as people set their browsers: text set wider, colors of their own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.surfaces.browser.looking import NARROW, WIDE, Looking

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched")]

PAGES = {
    "search": ("ann", "/assets?q=lamp"),
    "asset": ("ann", "/assets/prp_lamp"),
    "version": ("ann", "/assets/prp_lamp/versions/2"),
    "comparison": ("ann", "/assets/prp_lamp/comparison"),
    "edit": ("ann", "/assets/prp_lamp/edit"),
    "register": ("ann", "/register"),
    "bulk edit": ("pia", "/edits/new?q=cup"),
    "review": ("pia", "/reviews/prp_bell/2"),
    "collection": ("arno", "/collections > Night market"),
    "jobs": ("ann", "/jobs"),
    "users": ("ann", "/admin/users"),
    "docs": ("vera", "/docs"),
}
each_page = pytest.mark.parametrize("login,path", PAGES.values(), ids=PAGES)

SPACE = """() => {
  const wider = new CSSStyleSheet();
  wider.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets.push(wider);
}"""
"""What WCAG 1.4.12 asks pages to bear."""
CUT = """() => [...document.body.querySelectorAll("*")].filter((one) => {
  if (!one.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})) return false;
  if (one.matches(".unseen, .unseen *, select, textarea, input")) return false;
  const own = [...one.childNodes].some((each) => each.nodeType === 3 && each.data.trim());
  const cut = (side) => ["hidden", "clip"].includes(getComputedStyle(one)[side]);
  return own && ((cut("overflowX") && one.scrollWidth > one.clientWidth + 1)
    || (cut("overflowY") && one.scrollHeight > one.clientHeight + 1));
}).map((one) => one.outerHTML.slice(0, 160))"""
"""Elements whose own text is cut off."""
BARE = """() => {
  const wanted = "main :is(.button, .card, .panel, .chip, input:not([type=hidden]), select, textarea)";
  const drawn = (one) => {
    const { appearance, borderTopWidth } = getComputedStyle(one);
    return appearance !== "none" || parseFloat(borderTopWidth) >= 1;
  };
  return [...document.querySelectorAll(wanted)]
    .filter((one) => one.checkVisibility({visibilityProperty: true}) && !drawn(one))
    .map((one) => one.outerHTML.slice(0, 160));
}"""
"""What would be seen by nothing but its ground."""


@pytest.mark.parametrize("width", [WIDE, NARROW])
@each_page
def test_text_that_is_set_wider_is_not_cut(looking: Looking, login: str, path: str, width: int) -> None:
    page = looking.at(path, login, width=width)
    before = set(page.evaluate(CUT))

    page.evaluate(SPACE)

    assert set(page.evaluate(CUT)) - before == set()
    assert page.evaluate("document.documentElement.scrollWidth") == width


def _in_own_colors(looking: Looking, path: str, login: str) -> Page:
    page = looking.at(path, login)
    page.emulate_media(forced_colors="active", color_scheme="dark")
    return page


@each_page
def test_in_colors_of_one_s_own_everything_has_an_edge(looking: Looking, login: str, path: str) -> None:
    page = _in_own_colors(looking, path, login)

    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert page.evaluate(BARE) == []


def test_where_one_is_shows_in_colors_of_one_s_own(looking: Looking) -> None:
    page = _in_own_colors(looking, "/assets/prp_lamp/versions", "ann")

    for current in (page.locator(".tabs a[aria-current]"), page.locator(".top-nav a[aria-current]")):
        expect(current).to_have_css("outline-style", "solid")


def test_the_eye_on_a_card_is_seen_in_colors_of_one_s_own(looking: Looking) -> None:
    page = _in_own_colors(looking, "/assets?q=lamp", "ann")

    ground, eye = page.locator("#card-prp_lamp .look").evaluate(
        "(one) => [undefined, '::before'].map((part) => getComputedStyle(one, part).backgroundColor)"
    )

    assert eye not in (ground, "rgba(0, 0, 0, 0)")


@pytest.mark.parametrize("path", ["/admin/synonyms", "/assets/prp_lamp/history"])
def test_the_tab_where_one_is_stands_in_view_without_scripts(looking: Looking, path: str) -> None:
    page = looking.at(path, width=NARROW, scripts=False)

    expect(page.locator(".tabs a[aria-current]")).to_be_in_viewport(ratio=0.9)
    expect(page.locator(".top-nav a[aria-current]")).to_be_in_viewport(ratio=0.9)
