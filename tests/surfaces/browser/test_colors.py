"""Dark and light: as the system has them, and as somebody chose them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.surfaces.browser.looking import Looking, Scheme, leading_on

pytestmark = pytest.mark.browser

DARK, LIGHT = "rgb(15, 17, 21)", "rgb(245, 246, 248)"


def _ground(page: Page) -> str:
    found: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return found


@pytest.mark.parametrize("scheme,ground", [("dark", DARK), ("light", LIGHT)])
def test_pages_come_in_the_colors_of_the_system(looking: Looking, scheme: Scheme, ground: str) -> None:
    page = looking.at("/docs", "vera", scheme=scheme)

    assert _ground(page) == ground


@pytest.mark.parametrize("scripts", [True, False])
def test_chosen_colors_outdo_those_of_the_system(looking: Looking, *, scripts: bool) -> None:
    page = looking.at("/assets?q=lamp", "vera", scheme="dark", scripts=scripts)

    with leading_on(page):
        page.get_by_role("button", name="Dark colors").click()
    with leading_on(page):
        page.get_by_role("button", name="Light colors").click()

    assert page.url.endswith("/assets?q=lamp")
    assert _ground(page) == LIGHT
    page.goto("/assets/prp_lamp/versions/2/view3d")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"


def test_the_page_of_the_user_has_all_colors_beside_each_other(looking: Looking) -> None:
    page = looking.at("/me", "vera", scheme="light")
    expect(page.get_by_role("button", name="Colors of the system", pressed=True)).to_be_visible()

    with leading_on(page):
        page.get_by_role("main").get_by_role("button", name="Dark colors").click()

    expect(page.get_by_role("main").get_by_role("button", name="Dark colors", pressed=True)).to_be_visible()
    assert _ground(page) == DARK
