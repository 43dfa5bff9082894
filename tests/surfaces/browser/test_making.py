"""A page that is open while the pictures of its asset are made: they come by themselves, and that is said once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from catalog.accounts.vocabulary import Role
from tests.files import png
from tests.studio import Person, Studio
from tests.surfaces.browser.looking import Looking

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched")]


@pytest.fixture(scope="module")
def maker(shelves: Studio) -> Person:
    """Somebody who gives cups of others their first version."""
    return shelves.person("mo", Role.ARTIST, groups=["crew"])


def _begins(maker: Person, code: str) -> None:
    """Hand a version over to those who make its pictures, who have not begun."""
    files = {"cup.png": png(64, 48, (20, 160, 40))}
    maker.drafts(code, files)
    maker.uploads(code, 1, files)
    maker.submits(code, 1)
    maker.studio.worker.pay_until_idle(kinds=["settle-version"])


def test_pictures_come_by_themselves_and_the_page_asks_no_more(looking: Looking, maker: Person) -> None:
    _begins(maker, "prp_cup00")
    page = looking.at("/assets/prp_cup00")
    page.evaluate("document.querySelector('[data-copies]').id = 'stays'")
    expect(page.locator("#making")).to_contain_text("Version 1 is being measured and pictured.")
    expect(page.get_by_role("status").filter(has_text="measured")).to_have_count(0)

    maker.studio.settles(details=True)
    expect(page.locator("#made")).to_contain_text("Version 1 is measured")

    expect(page.get_by_alt_text("Picture of Cup 0, version 1")).to_be_visible()
    expect(page.locator("#making")).to_be_hidden()
    expect(page.locator("#looking")).to_have_count(0)
    expect(page.locator("#told")).to_contain_text("Measured")
    expect(page.locator("#stays")).to_be_visible()
    assert page.title() == "Cup 0 – Reprise"


def test_what_is_typed_on_the_page_of_a_version_stays(looking: Looking, maker: Person) -> None:
    _begins(maker, "prp_cup02")
    page = looking.at("/assets/prp_cup02/versions/1")
    words = page.locator("textarea[name=note]")
    page.locator("details", has=words).locator("summary").click()
    words.fill("Typed while pictures were made")

    maker.studio.settles(details=True)
    expect(page.locator("#made")).to_contain_text("Version 1 is measured")

    expect(page.get_by_alt_text("Picture of Cup 2, version 1")).to_be_visible()
    assert words.input_value() == "Typed while pictures were made"
