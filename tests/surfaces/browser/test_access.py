"""Pages can be used by everybody: without a mouse, at any width, in both themes, by those who listen to them."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.surfaces.browser.looking import HEIGHT, NARROW, WIDE, Looking, Scheme, leading_on
from tests.surfaces.browser.shelves import EDIT, LONG_NAME, RIGHT_TO_LEFT

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MORE_OF_THE_SAME = [[".card:nth-child(n + 9)"], ["tbody tr:nth-child(n + 9)"]]
SMALLEST = 320
SHIFTS_MAX = 0.02
STEPS_MAX = 600
PAGES = {
    "sign-in": (None, "/sign-in"),
    "search": ("ann", "/assets"),
    "search, narrowed": ("ann", "/assets?q=cup&-tag=metal&tag=batch+1&sort=name"),
    "search, unfolded filters": ("ann", "/assets#filters"),
    "search with mistakes": ("ann", "/assets?q=cup+knid%3Aprop+%28lamp+polys%3A%3C50k"),
    "values of a facet": ("ann", "/assets/facet/tag?q=cup&-tag=metal&tag=batch+1&named=a"),
    "search without hits": ("ann", "/assets?q=lamp&kind=environment"),
    "search in an empty catalogue": ("nina", "/assets"),
    "asset": ("ann", "/assets/prp_lamp"),
    "asset without a version": ("ann", "/assets/prp_long"),
    "asset in Arabic": ("vera", "/assets/prp_arabic"),
    "versions": ("ann", "/assets/prp_lamp/versions"),
    "comparison": ("ann", "/assets/prp_lamp/comparison"),
    "side by side": ("ann", "/compare?asset=prp_lamp&asset=env_harbor&asset=prp_long&asset=prp_arabic"),
    "side by side, one": ("vera", "/compare?asset=prp_lamp"),
    "version": ("ann", "/assets/prp_lamp/versions/1"),
    "3D view": ("ann", "/assets/prp_lamp/versions/2/view3d"),
    "version of many files": ("ann", "/assets/mcp_take/versions/1"),
    "version with findings": ("pia", "/assets/prp_broken/versions/1"),
    "issues": ("ann", "/assets/prp_lamp/issues"),
    "closed issues": ("vera", "/assets/prp_lamp/issues?state=closed"),
    "issue": ("arno", "/assets/prp_lamp/issues > Major issue"),
    "closed issue": ("arno", "/assets/prp_lamp/issues?state=closed > Blocking issue"),
    "issue, of a viewer": ("vera", "/assets/prp_lamp/issues > Major issue"),
    "note": ("arno", "/assets/prp_lamp/versions/1 > Edit the note"),
    "issues assigned to me": ("arno", "/me/issues"),
    "history": ("ann", "/assets/prp_lamp/history"),
    "edit": ("ann", "/assets/prp_lamp/edit"),
    "quick look": ("ann", "/assets/prp_lamp/glance"),
    "picture of two pixels": ("ann", "/assets/prp_speck"),
    "picture of 20,000 pixels": ("ann", "/assets/prp_horizon"),
    "register": ("ann", "/register"),
    "register a version": ("arno", "/register?asset=prp_lamp"),
    "draft": ("arno", "/register/prp_drafted/1"),
    "discard": ("arno", "/register/prp_drafted/1/discard"),
    "published": ("arno", "/register/prp_lamp/2"),
    "docs": ("vera", "/docs?q=publish"),
    "docs of the API": ("vera", "/docs/api"),
    "docs of a noun": ("vera", "/docs/api/relations"),
    "docs of Python": ("vera", "/docs/python"),
    "docs of the command line": ("vera", "/docs/cli"),
    "guide": ("vera", "/docs/guides/publish"),
    "new bulk edit": ("pia", "/edits/new?q=cup"),
    "bulk edit": ("pia", f"/edits/{EDIT}"),
    "bulk edits": ("pia", "/edits"),
    "reviews": ("pia", "/reviews"),
    "review": ("pia", "/reviews/prp_bell/2"),
    "collections": ("arno", "/collections"),
    "collections shared": ("vera", "/collections?whose=shared"),
    "collections, none": ("nina", "/collections"),
    "collection": ("arno", "/collections > Night market"),
    "collection to look at": ("vera", "/collections > Night market"),
    "adding to a collection": ("arno", "/collections/add?asset=prp_lamp&asset=prp_long"),
    "saved searches": ("arno", "/searches"),
    "saved searches, of others": ("vera", "/searches"),
    "saved searches, none": ("nina", "/searches"),
    "saved search": ("arno", "/searches > Street lamps"),
    "saved search of somebody else": ("vera", "/searches > Street lamps"),
    "keeping a search": ("arno", "/searches/new?q=lamp&kind=prop"),
    "relations": ("ann", "/assets/env_harbor/relations"),
    "relations, used in": ("vera", "/assets/prp_lamp/relations?side=users"),
    "jobs": ("ann", "/jobs"),
    "jobs, none": ("pia", "/jobs?state=running"),
    "health": ("ann", "/health"),
    "me": ("vera", "/me"),
    "tokens": ("arno", "/me/tokens"),
    "revoking a token": ("arno", "/me/tokens > Revoke on the farm"),
    "revoking anybody's token": ("ann", "/admin/tokens > Revoke on the farm of arno"),
    "users": ("ann", "/admin/users"),
    "user": ("ann", "/admin/users/ann"),
    "groups": ("ann", "/admin/groups"),
    "group": ("ann", "/admin/groups/crew"),
    "roles": ("ann", "/admin/roles"),
    "everybody's tokens": ("ann", "/admin/tokens"),
    "roots": ("ann", "/admin/roots"),
    "root": ("ann", "/admin/roots/library"),
    "shows": ("ann", "/admin/shows"),
    "show": ("ann", "/admin/shows/ORION"),
    "tags": ("ann", "/admin/tags"),
    "synonyms": ("ann", "/admin/synonyms"),
    "fields": ("ann", "/admin/fields"),
    "field": ("ann", "/admin/fields/vendor"),
    "merging": ("ann", "/assets/prp_broken/merge?into=prp_lamp"),
    "not found": ("ann", "/assets/nothing_here"),
    "not permitted": ("vera", "/jobs"),
}

BY_KEYBOARD = (
    "sign-in",
    "search, narrowed",
    "search, unfolded filters",
    "asset",
    "side by side",
    "version",
    "issue",
    "register",
    "jobs",
    "tokens",
    "users",
)

IN_CHINESE = (
    "sign-in",
    "search, narrowed",
    "asset",
    "version",
    "comparison",
    "side by side",
    "edit",
    "history",
    "jobs",
    "roles",
    "not found",
)

each_page = pytest.mark.parametrize("login,path", PAGES.values(), ids=PAGES)

ODD = (
    "/assets/prp_long",
    "/assets/prp_arabic",
    "/assets/prp_speck",
    "/assets/prp_speck/versions/1",
    "/assets/prp_horizon",
    "/assets/prp_horizon/versions/1",
    "/assets/prp_broken",
    "/assets/prp_broken/versions/1",
    "/assets/fx_wave",
    "/assets/fx_wave/versions/1",
    "/assets?q=speck+OR+horizon+OR+broken+OR+wave+OR+name",
)
"""A name of 200 characters, one from right to left, a picture of two pixels, one of 20,000, none, and 12,000 files."""

BEYOND = """[...document.querySelectorAll("main :is(h1, h2, h3, p, img, canvas, video, button, a, code, dd, td)")]
    .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.closest(".tabs, pre, .typeahead-place"))
    .map((one) => ({one, box: one.getBoundingClientRect()}))
    .filter(({box}) => box.width > 1 && (box.left < 0 || box.right > innerWidth + 1))
    .map(({one}) => one.outerHTML.slice(0, 120))"""
"""What reaches beyond the edges of the screen."""
BROKEN = """[...document.images].filter((one) => one.complete && !one.naturalWidth).map((one) => one.outerHTML)"""
SLANTED = (
    "[...document.body.querySelectorAll('*')].filter((one) => getComputedStyle(one).fontStyle !== 'normal').length"
)
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 200);
})"""
"""How far what stands on the page has moved since it was opened, as browsers measure it."""
NOT_REACHED = """
() => {
  const shown = (one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0;
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  return [...document.querySelectorAll(wanted)].filter(shown).filter((one) => !one.dataset.reached && !radio(one))
    .map((one) => one.outerHTML.slice(0, 120));
  function radio(one) { return one.type === "radio" && !one.checked; }
}
"""
MARK_FOCUSED = """
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "body";
  if (one.dataset.reached) return one.matches("video, audio") ? "within" : "again";
  one.dataset.reached = "yes";
  const ringed = one.closest(".card") ?? one;
  return getComputedStyle(ringed).outlineStyle === "none" ? `no ring: ${one.outerHTML.slice(0, 120)}` : "ringed";
}
"""


@each_page
def test_a_page_has_no_fault_that_can_be_found_by_rules(looking: Looking, login: str | None, path: str) -> None:
    page = looking.at(path, login)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    found = {(scheme, width): _faults(page, scheme, width) for scheme in ("dark", "light") for width in (WIDE, NARROW)}

    assert {seen: faults for seen, faults in found.items() if faults} == {}


@pytest.mark.parametrize("name", IN_CHINESE)
def test_a_page_in_chinese_has_no_fault_either(looking: Looking, name: str) -> None:
    login, path = PAGES[name]
    page = looking.at(path, login, locale="zh-CN")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    found = {(scheme, width): _faults(page, scheme, width) for scheme in ("dark", "light") for width in (WIDE, NARROW)}
    assert {seen: faults for seen, faults in found.items() if faults} == {}
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW
    assert page.evaluate(SLANTED) == 0


def _typeahead(looking: Looking) -> Page:
    page = looking.at("/me")
    page.locator("#q").press_sequentially("market")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    return page


def _hints(looking: Looking) -> Page:
    page = looking.at("/assets")
    page.locator("#q").press_sequentially("wood")
    page.locator("#hints a").first.wait_for()
    page.keyboard.press("ArrowDown")
    return page


def _quick_look(looking: Looking) -> Page:
    page = looking.at("/assets?q=lamp")
    page.locator("#card-prp_lamp a").first.focus()
    page.keyboard.press("Space")
    page.locator("#glance h2").wait_for()
    return page


def _help(looking: Looking) -> Page:
    page = looking.at("/assets/prp_lamp")
    page.keyboard.press("?")
    page.locator("#help").wait_for()
    return page


def _selected(looking: Looking) -> Page:
    page = looking.at("/assets?q=cup&sort=name", "pia")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_text("1 selected").wait_for()
    return page


def _collecting(looking: Looking) -> Page:
    page = _selected(looking)
    page.keyboard.press("c")
    page.get_by_role("heading", name="Add 1 asset to a collection").wait_for()
    return page


def _two_curators(looking: Looking) -> Page:
    first, second = (looking.at("/assets/prp_contested/edit", "arno") for _ in range(2))
    for page, name in ((first, "Contested"), (second, "Contested by two")):
        page.get_by_label("Name", exact=True).fill(name)
        with leading_on(page):
            page.get_by_label("Name", exact=True).press("Enter")
    second.get_by_role("heading", name="Changed since you opened this form").wait_for()
    return second


def _kept_form(looking: Looking) -> Page:
    page = looking.at("/me/tokens", "arno")
    page.get_by_label("Name", exact=True).fill("farm")
    page.context.clear_cookies()
    page.get_by_label("Name", exact=True).press("Enter")
    page.get_by_text("Your session has ended").first.wait_for()
    return page


def _paths(looking: Looking) -> Page:
    page = looking.at("/assets/fx_wave", "arno")
    with leading_on(page):
        page.get_by_role("button", name="Linux").click()
    return page


STATES = {
    "paths": _paths,
    "typeahead": _typeahead,
    "suggestions above results": _hints,
    "quick look": _quick_look,
    "keys": _help,
    "collecting": _collecting,
    "selection": _selected,
    "two curators": _two_curators,
    "kept form": _kept_form,
}


@pytest.mark.usefixtures("fetched")
@pytest.mark.parametrize("state", STATES)
def test_what_opens_on_a_page_has_no_fault_either(looking: Looking, state: str) -> None:
    page = STATES[state](looking)

    found = {(scheme, width): _faults(page, scheme, width) for scheme in ("dark", "light") for width in (WIDE, NARROW)}

    assert {seen: faults for seen, faults in found.items() if faults} == {}


@each_page
def test_a_page_fits_the_smallest_screen_and_stands_still(looking: Looking, login: str | None, path: str) -> None:
    page = looking.at(path, login, width=SMALLEST)

    assert page.evaluate("document.documentElement.scrollWidth") == SMALLEST
    assert page.evaluate(SHIFTS) <= SHIFTS_MAX
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("name", ["jobs", "tokens", "version"])
def test_what_can_be_done_in_a_row_stands_within_a_narrow_screen(looking: Looking, name: str) -> None:
    login, path = PAGES[name]
    page = looking.at(path, login, width=NARROW)

    acts = page.locator("td.action :is(a, button, summary):visible")

    boxes = [act.bounding_box() for act in acts.all()]
    assert boxes
    assert [box for box in boxes if box is None or box["x"] < 0 or box["x"] + box["width"] > NARROW] == []


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", BY_KEYBOARD)
def test_everything_is_reached_by_keyboard_and_seen_to_be(looking: Looking, name: str, width: int) -> None:
    login, path = PAGES[name]
    page = looking.at(path, login, width=width)

    steps = _tabbed_through(page)

    assert [step for step in steps if step.startswith("no ring")] == []
    assert page.evaluate(NOT_REACHED) == []


def test_the_first_step_skips_to_the_content(looking: Looking) -> None:
    page = looking.at("/assets")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#results")).to_be_focused()


def test_focus_is_never_hidden_under_the_header(looking: Looking) -> None:
    page = looking.at("/assets")
    cards = page.get_by_role("link", name="Cup ")
    page.evaluate("scrollTo(0, 3000)")

    cards.nth(30).focus()
    cards.nth(20).focus()
    expect(cards.nth(20)).to_be_in_viewport()

    box, header = cards.nth(20).bounding_box(), page.locator("header").bounding_box()
    assert box is not None
    assert header is not None
    assert box["y"] >= header["height"]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("path", ODD)
def test_nothing_odd_breaks_a_page(looking: Looking, path: str, width: int) -> None:
    page = looking.at(path, width=width)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(BEYOND) == []
    assert page.evaluate(BROKEN) == []


def test_a_long_name_is_told_whole(looking: Looking) -> None:
    page = looking.at("/assets/prp_long", width=NARROW)

    expect(page.get_by_role("heading", level=1)).to_have_text(LONG_NAME)


def test_a_name_from_right_to_left_turns_nothing_around_it(looking: Looking) -> None:
    page = looking.at("/assets/prp_arabic")

    crumbs = page.get_by_role("navigation", name="Where you are").get_by_role("listitem")
    left = [box["x"] for box in (item.bounding_box() for item in crumbs.all()) if box]
    expect(page.get_by_role("heading", level=1)).to_have_text(RIGHT_TO_LEFT)
    assert left == sorted(left)


def test_nothing_moves_where_motion_is_not_wanted(looking: Looking) -> None:
    page = looking.at("/assets")

    page.get_by_role("listitem").filter(has_text="Cup 63").hover()

    assert page.evaluate("document.getAnimations().length") == 0


def test_nothing_moves_while_pictures_arrive(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp")

    assert page.evaluate(SHIFTS) <= SHIFTS_MAX


def test_a_printed_page_is_its_content(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp/versions/2")

    page.emulate_media(media="print")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("cell", name="Stored, verified").first).to_be_visible()
    expect(page.locator("#q")).to_be_hidden()
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()


def _faults(page: Page, scheme: Scheme, width: int) -> list[str]:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": HEIGHT})
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = Axe().run(page, context={"exclude": MORE_OF_THE_SAME}, options=options)
    return [
        f"{one['id']}: {node['html'][:160]} — {node['failureSummary'][:300]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


def _tabbed_through(page: Page) -> list[str]:
    """Press Tab until the focus comes back to where it has been; on its way it leaves the page once, for its frame."""
    steps: list[str] = []
    while "again" not in steps and len(steps) < STEPS_MAX:
        page.keyboard.press("Tab")
        steps.append(page.evaluate(MARK_FOCUSED))
    return steps
