"""A version whose pictures are being made: what its page says, and what an open page is told when it looks again."""

from __future__ import annotations

import re
from html import unescape

import pytest

from catalog.web.making import wait_s
from tests.files import glb, png
from tests.studio import Studio
from tests.visitors import Visitor, WebPage, visitor

PICTURED = {"a.png": png()}


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    return visitor(studio, studio.artist)


def _begins(studio: Studio, files: dict[str, bytes]) -> None:
    """Hand a version over to those who make its pictures, who have not begun."""
    studio.artist.registers("prp_box")
    studio.artist.drafts("prp_box", files)
    studio.artist.uploads("prp_box", 1, files)
    studio.artist.submits("prp_box", 1)
    studio.worker.pay_until_idle(kinds=["settle-version"])


def _next_look(page: WebPage) -> str:
    (address,) = re.findall(r'id="looking" (?:data-look|hx-get)="([^"]+)"', page.html)
    return unescape(address)


def _looks(artist: Visitor, address: str) -> WebPage:
    """Ask as an open page asks."""
    return artist.opens(address, HX_Request="true", HX_Request_Type="full")


def test_while_nothing_is_new_a_page_is_told_to_wait_longer_each_time(studio: Studio, artist: Visitor) -> None:
    _begins(studio, PICTURED)
    page = artist.opens("/assets/prp_box")
    assert "Version 1 is being measured and pictured." in page.text
    assert 'data-wait="5"' in page.html

    first = _looks(artist, _next_look(page))
    second = _looks(artist, _next_look(first))

    assert [re.findall(r'data-wait="(\d+)"', one.html) for one in (first, second)] == [["8"], ["11"]]
    assert "made" not in first.text + second.text
    assert [wait_s(looked) for looked in (0, 5, 9, 10**8)] == [5, 38, 60, 60]


def test_what_is_made_leads_a_page_to_its_new_parts(studio: Studio, artist: Visitor) -> None:
    _begins(studio, {"box.glb": glb()})
    looking = _next_look(artist.opens("/assets/prp_box"))

    studio.settles()
    told = _looks(artist, looking)

    assert _next_look(told) == "/assets/prp_box"
    assert (
        'hx-select-oob="#making:outerMorph,#stage:outerMorph,#gallery-place:outerMorph,#told:outerMorph"' in told.html
    )
    assert "all its pictures are there" not in told.text
    assert "More pictures of version 1 are being made" in artist.opens("/assets/prp_box").text


def test_in_the_end_a_page_is_told_once_and_asks_no_more(studio: Studio, artist: Visitor) -> None:
    _begins(studio, PICTURED)
    version = artist.opens("/assets/prp_box/versions/1")
    studio.settles(details=True)

    told = _looks(artist, _next_look(version))
    page = artist.opens(_next_look(told))

    assert "Version 1 is measured, and all its pictures are there." in told.text
    assert 'id="looking"' not in page.html
    assert 'id="made" role="status"></div>' in page.html
    assert [part for part in ("making", "stage", "gallery-place", "told") if f'id="{part}"' not in page.html] == []


def test_people_who_open_the_address_are_shown_the_version(studio: Studio, artist: Visitor) -> None:
    _begins(studio, PICTURED)

    opened = artist.opens("/assets/prp_box/versions/1/making")

    assert (opened.status, opened.location) == (303, "/assets/prp_box/versions/1")


def test_a_session_that_has_ended_moves_no_page_away_from_what_is_typed_on_it(studio: Studio, artist: Visitor) -> None:
    _begins(studio, PICTURED)
    looking = _next_look(artist.opens("/assets/prp_box"))
    artist.client.delete_cookie("reprise")

    told = _looks(artist, looking)

    assert "HX-Redirect" not in told.response.headers
    assert "looking" not in told.html
