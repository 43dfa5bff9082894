"""Changing over to another language, as somebody at a browser does."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.surfaces.browser.looking import Looking

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize("scripts", [True, False])
def test_one_button_changes_over_and_stays_where_one_is(looking: Looking, scripts: bool) -> None:  # noqa: FBT001 — a way to look
    page = looking.at("/sign-in?next=/jobs", None, scripts=scripts)

    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    assert page.url.endswith("/sign-in?next=/jobs")
    page.get_by_role("button", name="EN").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_changing_over_keeps_what_was_searched_as_one_typed(fetched: None, looking: Looking) -> None:
    page = looking.at("/assets", "lin", locale="zh-CN")
    page.locator("#q").fill("cup")
    page.wait_for_url("**/assets?q=cup")

    page.get_by_role("button", name="EN").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("64 assets for cup")


def test_scripts_say_what_they_say_in_the_language_of_the_page(looking: Looking) -> None:
    page = looking.at("/assets/prp_lamp", "vera", locale="zh-CN", still=True)

    page.get_by_role("button", name="复制 引用").click()

    expect(page.locator("[data-copies=reference]")).to_have_text("已复制")
