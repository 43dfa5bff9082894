"""Everything can be done without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.surfaces.browser.looking import NARROW, Looking, leading_on

pytestmark = pytest.mark.browser


def test_one_signs_in_searches_and_opens_an_asset(looking: Looking) -> None:
    page = looking.at("/assets", scripts=False)

    page.locator("#q").fill("lamp")
    page.locator("#q").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 assets for lamp")
    page.get_by_role("link", name="Market lamp").click()

    expect(page).to_have_title("Market lamp – Reprise")
    expect(page.get_by_role("img", name="Picture of Market lamp, version 2")).to_be_visible()
    expect(page.get_by_label("Reference")).to_have_value("catalog://assets/prp_lamp")


def test_one_ticks_values_and_applies_them(looking: Looking) -> None:
    page = looking.at("/assets?-tag=tin", scripts=False)

    page.get_by_role("checkbox", name="Environment, 1 asset").check()
    page.get_by_role("checkbox", name="Mocap, 1 asset").check()
    page.get_by_role("button", name="Apply ticked").click()

    expect(page).to_have_url(re.compile(r"/assets\?kind=environment&kind=mocap&-tag=tin$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("2 assets")


def test_one_clicks_values_and_removes_them_again(looking: Looking) -> None:
    page = looking.at("/assets", scripts=False)

    page.get_by_role("link", name="Only Environment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 asset")
    page.get_by_role("link", name="Remove filter: Kind Environment").click()
    page.get_by_role("link", name="Leave out Environment").click()

    expect(page).to_have_url(re.compile(r"/assets\?-kind=environment$"))
    expect(page.get_by_role("link", name="Harbor")).to_have_count(0)


def test_one_pages_through_results(looking: Looking) -> None:
    page = looking.at("/assets?sort=name", scripts=False)

    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("link", name="First page")).to_be_visible()
    page.go_back()

    expect(page).to_have_url(re.compile(r"/assets\?sort=name$"))


def test_one_looks_through_the_pages_of_an_asset(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp", scripts=False)

    page.get_by_role("link", name="Versions & files").click()
    expect(page.get_by_role("row")).to_have_count(3)
    page.get_by_role("link", name="Version 2", exact=True).click()
    expect(page.get_by_role("heading", name="Files", exact=True)).to_be_visible()
    page.get_by_role("link", name="History").click()

    expect(page.get_by_text("Published version 2")).to_be_visible()


def test_one_downloads_an_original(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp/versions/2", scripts=False)

    page.get_by_label("What is it for?").select_option("previs")
    with page.expect_download() as begun:
        page.get_by_role("button", name="Download notes.txt").click()

    assert begun.value.suggested_filename == "notes.txt"
    assert begun.value.path().read_bytes() == b"second"


def test_one_makes_and_revokes_a_token(looking: Looking) -> None:
    page = looking.at("/me/tokens", "arno", scripts=False)

    page.get_by_label("Name").fill("from the browser")
    page.get_by_role("radio", name="Search and read only").check()
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_label("Secret")).to_have_value(re.compile(r"^rpr_"))
    page.get_by_role("link", name="Revoke from the browser").click()
    page.get_by_role("button", name="Revoke for good").click()

    expect(page.get_by_role("status")).to_have_text("Token “from the browser” is revoked.")


def test_filters_open_and_close_on_a_phone(looking: Looking) -> None:
    page = looking.at("/assets", scripts=False, width=NARROW)

    expect(page.get_by_role("complementary", name="Filters")).to_be_hidden()
    page.get_by_role("link", name="Filters", exact=True).click()
    expect(page.get_by_role("complementary", name="Filters")).to_be_visible()
    page.get_by_role("link", name="Only Environment").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("1 asset")
    expect(page.get_by_role("complementary", name="Filters")).to_be_hidden()


def test_copy_buttons_are_not_offered_where_they_could_do_nothing(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp", scripts=False)

    expect(page.get_by_role("button", name="Copy reference")).to_be_hidden()


def test_one_signs_out(looking: Looking) -> None:
    page = looking.at("/me", scripts=False)

    with leading_on(page):
        page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto("/assets/prp_lamp")

    expect(page).to_have_url(re.compile(r"/sign-in\?next=/assets/prp_lamp$"))
