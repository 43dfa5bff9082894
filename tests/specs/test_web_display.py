"""How pages look: chosen without a script, kept by the browser, and said by the server in every page."""

from __future__ import annotations

import re

import pytest

from tests.studio import Studio
from tests.visitors import Visitor, WebPage, visitor


@pytest.fixture
def viewer(studio: Studio) -> Visitor:
    """Somebody who only looks."""
    return visitor(studio, studio.viewer)


def _theme(page: WebPage) -> tuple[str, str]:
    (theme,), (scheme,) = (
        re.findall(pattern, page.html)
        for pattern in (r'<html [^>]*data-theme="(\w+)"', r'<meta name="color-scheme" content="([\w ]+)">')
    )
    return theme, scheme


def test_colors_go_round_by_one_button_and_are_the_same_on_every_page(viewer: Visitor) -> None:
    said = [_theme(viewer.opens("/docs"))]

    for theme in ("dark", "light", "system"):
        assert f'name="theme" value="{theme}"' in viewer.opens("/collections").html.partition("<main")[0]
        viewer.opens(f"/me/display?theme={theme}")
        said.append(_theme(viewer.opens("/docs")))

    assert said == [("system", "dark light"), ("dark", "dark"), ("light", "light"), ("system", "dark light")]


def test_a_choice_leads_back_to_the_page_that_it_was_made_on(viewer: Visitor) -> None:
    here = viewer.opens("/me/display?theme=light", Referer="http://localhost/assets?q=lamp")
    named = viewer.opens("/me/display?layout=list&next=/assets?q=cup", Referer="http://localhost/docs")
    elsewhere = viewer.opens("/me/display?theme=dark", Referer="http://elsewhere.test/assets")

    assert (here.status, here.location) == (303, "/assets?q=lamp")
    assert named.location == "/assets?q=cup"
    assert elsewhere.location == "/"


@pytest.mark.parametrize("asked", ["theme=pink", "density=9", "layout=heap", "keys=some"])
def test_what_pages_cannot_look_like_is_refused_and_not_kept(viewer: Visitor, asked: str) -> None:
    refused = viewer.opens(f"/me/display?{asked}")

    assert refused.status == 422
    assert not any(cookie.startswith(asked) for cookie in refused.response.headers.getlist("Set-Cookie"))


def test_a_cookie_that_is_not_ours_changes_nothing(viewer: Visitor) -> None:
    for name in ("theme", "density", "layout", "keys"):
        viewer.client.set_cookie(name, "nonsense")

    page = viewer.opens("/assets")

    assert (page.status, _theme(page), 'data-keys="on"' in page.html) == (200, ("system", "dark light"), True)
