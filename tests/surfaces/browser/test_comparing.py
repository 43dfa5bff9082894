"""Two versions beside each other: one picture uncovers the other, by pointer and by keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.surfaces.browser.looking import Looking

pytestmark = pytest.mark.browser


def _comes_to_be_cut(page: Page, left: str) -> None:
    """Wait until the second picture is cut there."""
    expect(page.locator("[data-slider] figure + figure .picture")).to_have_css(
        "clip-path", f"inset(0px 0px 0px {left})"
    )


def test_two_versions_are_compared_by_keys_alone(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp")

    page.get_by_role("link", name="Versions").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/versions")
    page.get_by_role("link", name="Compare").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/comparison*")
    page.get_by_role("slider").focus()
    _comes_to_be_cut(page, "50%")
    page.keyboard.press("ArrowRight")
    _comes_to_be_cut(page, "49%")
    page.keyboard.press("Home")
    _comes_to_be_cut(page, "100%")
    page.keyboard.press("End")

    _comes_to_be_cut(page, "0%")


def test_a_pointer_uncovers_the_second_picture(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp/comparison")
    page.get_by_role("slider").scroll_into_view_if_needed()
    box = page.get_by_role("slider").bounding_box()
    assert box is not None

    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)

    _comes_to_be_cut(page, "0%")


def test_without_scripts_both_stand_side_by_side(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp/comparison", scripts=False)

    pictures = page.locator("[data-slider] .picture")

    expect(pictures).to_have_count(2)
    left, right = (picture.bounding_box() for picture in pictures.all())
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]
    expect(page.get_by_role("slider")).to_be_hidden()
