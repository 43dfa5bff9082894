"""Versions in the making, over HTTP and on pages: listed for whoever began them, gone on with, discarded."""

from __future__ import annotations

import pytest

from tests.studio import Studio
from tests.visitors import Visitor, visitor

DISCARD = "/register/prp_lamp/2/discard"


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    """The artist at a browser, with a published version of a lamp and a draft of the next."""
    studio.artist.publishes("prp_lamp", {"lamp.txt": b"a lamp"}, name="Lamp")
    studio.artist.drafts("prp_lamp", {"lamp.txt": b"a brighter lamp"}, note="Brighter")
    return visitor(studio, studio.artist)


def test_one_s_own_versions_in_the_making_are_listed_for_oneself(studio: Studio, artist: Visitor) -> None:
    mine = [(one["asset"], one["number"], one["status"]) for one in studio.artist.get("/drafts").items]

    assert mine == [("prp_lamp", 2, "draft")]
    assert studio.pipeline.get("/drafts").items == []
    assert studio.viewer.get("/drafts").status == 403


def test_a_draft_is_discarded_for_good(studio: Studio, artist: Visitor) -> None:
    gone = studio.artist.post("/assets/prp_lamp/versions/2/discard")
    again = studio.artist.post("/assets/prp_lamp/versions/1/discard")

    assert (gone.status, gone.json["status"], gone.standing_reason) == (200, "withdrawn", "discarded by its maker")
    assert (again.status, again.code) == (409, "not-a-draft")
    assert studio.artist.get("/drafts").items == []
    assert studio.artist.get("/assets/prp_lamp").latest_version == 1


def test_the_register_page_lists_what_is_in_the_making(studio: Studio, artist: Visitor) -> None:
    page = artist.opens("/register")
    others = visitor(studio, studio.pipeline).opens("/register")

    assert "Yours in the making" in page.text
    assert "Go on with Lamp prp_lamp@2 Draft Brighter" in page.text
    assert {"/register/prp_lamp/2", DISCARD} <= set(page.links)
    assert "Yours in the making" not in others.text


def test_what_was_sent_back_says_why(studio: Studio, artist: Visitor) -> None:
    studio.artist.uploads("prp_lamp", 2, {"lamp.txt": b"a brighter lamp"})
    studio.artist.post("/assets/prp_lamp/versions/2/publication", {"review": True})
    studio.settles()
    studio.admin.post("/assets/prp_lamp/versions/2/return", {"reason": "It blinds the camera"})

    page = artist.opens("/register")

    assert "Sent back It blinds the camera" in page.text


def test_a_draft_is_discarded_after_a_question(studio: Studio, artist: Visitor) -> None:
    asked = artist.opens(DISCARD)
    kept = studio.artist.get("/drafts").items

    gone = artist.forges(DISCARD, csrf_token=asked.csrf, revision="1")

    assert asked.title == "Discard version 2 of Lamp – Reprise"
    assert len(kept) == 1
    assert gone.location == "/register"
    assert "prp_lamp, version 2, is discarded." in artist.opens("/register").text
    assert studio.artist.get("/drafts").items == []


def test_what_is_published_is_not_asked_about(artist: Visitor) -> None:
    assert artist.opens("/register/prp_lamp/1/discard").location == "/assets/prp_lamp/versions/1"


def test_a_draft_that_went_on_meanwhile_is_kept(studio: Studio, artist: Visitor) -> None:
    asked = artist.opens(DISCARD)
    studio.artist.uploads("prp_lamp", 2, {"lamp.txt": b"a brighter lamp"})
    studio.artist.post("/assets/prp_lamp/versions/2/publication", {"review": True})
    studio.settles()

    refused = artist.forges(DISCARD, csrf_token=asked.csrf, revision="1")

    assert refused.status == 412
    assert studio.artist.get("/assets/prp_lamp/versions/2").json["status"] == "review"
