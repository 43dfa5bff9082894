"""A session that ends while somebody types: what was typed is kept, and sent only by whoever signs in again."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.studio import Studio
from tests.visitors import Visitor, WebPage, visitor

HOME = {"Origin": "http://localhost"}
TYPED = {"name": "farm", "scope": "all", "days": "30"}


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    """Somebody with a form open whose session has ended since."""
    artist = visitor(studio, studio.artist)
    artist.client.delete_cookie("reprise")
    return artist


def _sends(someone: Visitor, path: str, fields: dict[str, str], **headers: str) -> WebPage:
    return WebPage(response=someone.client.post(path, data=fields, headers=headers))


def _fields(page: WebPage) -> dict[str, str]:
    """Return the hidden fields of the page's form."""
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.html)
    }


def test_what_was_typed_is_kept_while_one_signs_in_and_sent_by_hand(studio: Studio, artist: Visitor) -> None:
    asked = _sends(artist, "/me/tokens", {**TYPED, "csrf_token": "of the old session"}, **HOME)
    signing = {**_fields(asked), "login": "art", "password": "correct horse battery"}
    wrong = _sends(artist, "/sign-in", {**signing, "password": "no"})
    back = _sends(artist, "/sign-in", {**_fields(wrong), "login": "art", "password": "correct horse battery"})
    before = len(studio.entries("token.issued/1"))
    sent = _sends(artist, "/me/tokens", _fields(back))

    assert (asked.status, "Your session has ended" in asked.text) == (401, True)
    assert "farm" in back.text
    assert "Token “farm” is made" in sent.text
    assert len(studio.entries("token.issued/1")) == before + 1


def test_passwords_are_not_kept(studio: Studio, artist: Visitor) -> None:
    form = {"login": "nora", "display_name": "Nora", "password": "a long password"}

    asked = _sends(artist, "/admin/users", form, **HOME)
    back = _sends(artist, "/sign-in", {**_fields(asked), "login": "art", "password": "correct horse battery"})

    assert "a long password" not in asked.html + back.html
    assert "Nora" in back.text
    assert "Send it now" not in back.text


@pytest.mark.parametrize("origin", [None, "https://elsewhere.example", "null"])
def test_a_form_from_elsewhere_is_not_kept(artist: Visitor, origin: str | None) -> None:
    sent = _sends(artist, "/me/tokens", TYPED, **({"Origin": origin} if origin else {}))

    assert (sent.status, sent.location) == (303, "/sign-in")


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example", "/sign-out"])
def test_nothing_is_sent_to_another_place(artist: Visitor, to: str) -> None:
    asked = artist.opens("/sign-in")
    form = {"csrf_token": asked.csrf, "kept_to": to, "kept-name": "x", "kept_whole": "yes"}

    back = _sends(artist, "/sign-in", {**form, "login": "art", "password": "correct horse battery"})

    assert (back.status, back.location) == (303, "/")


def test_a_form_sent_in_place_is_asked_for_as_a_page_and_never_answered_by_one(artist: Visitor) -> None:
    sent = {"assets": "prp_lamp", "title": "Cups", "csrf_token": "of the old session"}

    in_place = _sends(artist, "/collections/add", sent, HX_Request="true", HX_Request_Type="partial", **HOME)
    as_a_page = _sends(artist, "/collections/add", sent, **HOME)

    assert (in_place.status, in_place.html, in_place.header("HX-Trigger")) == (204, "", "as-a-page")
    assert (as_a_page.status, _fields(as_a_page)["kept-title"]) == (401, "Cups")
