"""Viewers look and change nothing: what is shown to them, and what is refused."""

from __future__ import annotations

import pytest

from catalog.kernel.abilities import Ability
from catalog.web.table import ROUTES
from tests.studio import Studio
from tests.visitors import Visitor, visitor

ID = "01a208b8-da1d-77bc-9ecc-b3dbf76c45f4"
BESIDE = [route.path.split("/")[2] for route in ROUTES if route.path.startswith("/assets/")]
WORDS = {word for word in BESIDE if "{" not in word}
BEYOND = [route for route in ROUTES if route.ability is not Ability.BROWSE]


@pytest.fixture
def viewer(studio: Studio) -> Visitor:
    studio.artist.publishes("prp_lamp", {"lamp.txt": b"a lamp"})
    return visitor(studio, studio.viewer)


def test_no_page_shows_a_viewer_a_way_to_change_anything(viewer: Visitor) -> None:
    pages = ("/assets", "/assets/prp_lamp", "/assets/prp_lamp/versions", "/assets/prp_lamp/versions/1", "/me")

    posted_to = {link for page in pages for link in _targets_of_forms(viewer.opens(page).html)}

    assert posted_to == {"/sign-out", "/language"}


def test_a_viewer_is_shown_no_links_that_are_refused(viewer: Visitor) -> None:
    pages = ("/assets", "/assets/prp_lamp", "/assets/prp_lamp/versions", "/assets/prp_lamp/versions/1", "/me")
    offered = {link for page in pages for link in viewer.opens(page).links if link.startswith("/")}

    refused = {
        link for link in offered - {"/sign-out", "/language"} if viewer.arrives(link.partition("#")[0]).status != 200
    }

    assert refused == set()


def test_a_viewer_sees_what_is_there(viewer: Visitor) -> None:
    page = viewer.opens("/assets/prp_lamp/versions/1")

    assert "lamp.txt" in page.text
    assert "Stored, verified" in page.text
    assert "assets pull" not in page.html


@pytest.mark.parametrize("route", [route for route in BEYOND if route.write], ids=lambda route: route.name)
def test_every_change_is_refused_and_says_who_may(studio: Studio, viewer: Visitor, route: object) -> None:
    named = {"code": "prp_lamp", "number": "1", "id": ID, "login": "art", "name": "library", "item": ID, "link": ID}
    path = route.path.format(**named)  # type: ignore[attr-defined]  # a route
    before = len(studio.entries())

    refused = viewer.sends(path, found_on="/me", name="mine", path="lamp.txt", scope="all", days="7")

    assert refused.status == 403
    assert refused.title == "You may not do that – Reprise"
    assert "vic may not" in refused.text
    assert "Ask an administrator" in refused.text
    assert len(studio.entries()) == before


@pytest.mark.parametrize("route", [route for route in BEYOND if route.read], ids=lambda route: route.name)
def test_every_page_for_others_is_refused(viewer: Visitor, route: object) -> None:
    path = route.path.format(number="1", id=ID, login="art", code="crew", name="library")  # type: ignore[attr-defined]  # a route

    assert viewer.opens(path).status == 403


@pytest.mark.parametrize("word", sorted(WORDS))
def test_no_asset_can_be_called_what_a_page_beside_it_is_called(studio: Studio, word: str) -> None:
    refused = studio.artist.post("/assets", {"code": word, "name": "Lamp", "kind": "prop"})

    assert (refused.status, refused.code) == (422, "bad-code")


def test_a_refusal_names_the_roles_that_may(viewer: Visitor) -> None:
    refused = viewer.opens("/jobs")

    assert "one of these roles may: pipeline, admin." in refused.text


def _targets_of_forms(html: str) -> set[str]:
    return {part.partition('"')[0] for part in html.split('action="')[1:] if 'method="post"' in part.partition(">")[0]}
