"""The review queue, over HTTP and on pages."""

from __future__ import annotations

import re

import pytest

from catalog.accounts.vocabulary import Role
from tests.files import png
from tests.studio import Person, Studio
from tests.visitors import Visitor, WebPage, visitor


@pytest.fixture
def supervisor(studio: Studio) -> Person:
    """Somebody who reviews, with two versions that wait: the second of a lamp, the first of a cup."""
    sue = studio.person("sue", Role.SUPERVISOR)
    sue.post("/shows", {"code": "ORION"})
    studio.artist.publishes("prp_lamp", {"lamp.png": png(64, 48, (200, 0, 0)), "old.txt": b"old"}, show="ORION")
    changed = sue.patch("/shows/ORION", {"reviewed": True})
    assert changed.reviewed is True
    studio.artist.publishes("prp_lamp", {"lamp.png": png(64, 48, (0, 0, 200)), "new.txt": b"new"}, note="Blue now")
    studio.artist.publishes("prp_cup", {"cup.txt": b"a cup"}, show="ORION", name="Cup")
    return sue


@pytest.fixture
def reviewer(studio: Studio, supervisor: Person) -> Visitor:
    return visitor(studio, supervisor)


def _revision(page: WebPage) -> str:
    found = re.search(r'name="revision" value="(\d+)"', page.html)
    return found[1] if found else ""


def _decides(reviewer: Visitor, path: str, act: str, **fields: str) -> WebPage:
    page = reviewer.opens(path)
    return reviewer.forges(f"{path}/{act}", csrf_token=page.csrf, revision=_revision(page), **fields)


def test_what_waits_is_listed_approved_and_found(studio: Studio, supervisor: Person) -> None:
    waiting = [(one["asset"], one["number"], one["status"]) for one in supervisor.get("/reviews").items]

    approved = supervisor.post("/assets/prp_lamp/versions/2/approval")

    assert waiting == [("prp_lamp", 2, "review"), ("prp_cup", 1, "review")]
    assert (approved.status, approved.json["status"]) == (200, "published")
    assert studio.viewer.get("/assets/prp_lamp").latest_version == 2
    assert studio.artist.post("/assets/prp_cup/versions/1/approval").status == 403


def test_what_is_sent_back_tells_its_maker_why(studio: Studio, supervisor: Person) -> None:
    back = supervisor.post("/assets/prp_cup/versions/1/return", {"reason": "no handle"})

    mine = studio.artist.get("/assets/prp_cup/versions/1")
    assert (back.json["status"], mine.json["status"], mine.problem) == ("draft", "draft", "no handle")
    assert supervisor.get("/assets/prp_cup/versions/1").status == 404


def test_whoever_publishes_may_ask_for_a_review(studio: Studio) -> None:
    studio.artist.registers("prp_box")
    studio.artist.drafts("prp_box", {"a.txt": b"a"})
    studio.artist.uploads("prp_box", 1, {"a.txt": b"a"})

    studio.artist.post("/assets/prp_box/versions/1/publication", {"review": True})
    studio.settles()

    assert studio.artist.get("/assets/prp_box/versions/1").json["status"] == "review"


def test_the_queue_shows_each_version_by_its_own_picture(studio: Studio, reviewer: Visitor) -> None:
    studio.settles()

    queue, published = reviewer.opens("/reviews"), studio.viewer.get("/assets/prp_lamp").thumbnail_url

    pictures = re.findall(r'src="/previews/([0-9a-f]{16,64})"', queue.html)
    assert len(pictures) == 1
    assert not published.rpartition("/")[2].startswith(pictures[0])
    assert reviewer.opens(f"/previews/{pictures[0]}").status == 200


def test_every_page_tells_those_who_review_how_many_wait(studio: Studio, reviewer: Visitor) -> None:
    before = reviewer.opens("/assets")
    _decides(reviewer, "/reviews/prp_cup/1", "approval")

    after, artists = reviewer.opens("/docs"), visitor(studio, studio.artist).opens("/assets")

    assert "Review 2 2 versions wait" in before.text
    assert "Review 1 1 version waits" in after.text
    assert "/reviews" in before.links
    assert "/reviews" not in artists.links


def test_the_page_of_a_version_shows_what_a_decision_needs(reviewer: Visitor) -> None:
    page = reviewer.opens("/reviews/prp_lamp/2")

    assert "Blue now" in page.text
    assert "Other than in version 1" in page.text
    assert "1 added, 1 changed, 1 removed, 0 the same." in page.text
    assert len(re.findall(r'src="/previews/', page.html)) == 2
    assert [link for link in page.links if link.startswith("/reviews/")][:1] == ["/reviews/prp_cup/1"]


def test_pictures_of_what_waits_are_for_those_who_review(studio: Studio, reviewer: Visitor) -> None:
    pictures = re.findall(r'src="(/previews/[^"]+)"', reviewer.opens("/reviews/prp_lamp/2").html)
    viewer = visitor(studio, studio.viewer)

    assert [reviewer.opens(picture).status for picture in pictures] == [200, 200]
    assert [viewer.opens(picture).status for picture in pictures] == [200, 404]


def test_a_reviewer_goes_from_one_decision_to_the_next(studio: Studio, reviewer: Visitor) -> None:
    approved = _decides(reviewer, "/reviews/prp_lamp/2", "approval")
    back = _decides(reviewer, "/reviews/prp_cup/1", "return", reason="no handle")

    assert (approved.location, back.location) == ("/reviews/prp_cup/1", "/reviews")
    assert "Nothing waits for review" in reviewer.opens("/reviews").text
    assert "no handle" in visitor(studio, studio.artist).opens("/assets/prp_cup/versions/1").text


def test_a_reason_that_is_missing_is_asked_for(reviewer: Visitor) -> None:
    refused = _decides(reviewer, "/reviews/prp_cup/1", "return", reason=" ")

    assert refused.status == 422
    assert "Reason is empty" in refused.text


def test_a_version_that_was_decided_meanwhile_is_not_decided_again(supervisor: Person, reviewer: Visitor) -> None:
    page = reviewer.opens("/reviews/prp_cup/1")
    supervisor.post("/assets/prp_cup/versions/1/approval")

    late = reviewer.forges(
        "/reviews/prp_cup/1/return", csrf_token=page.csrf, revision=_revision(page), reason="no handle"
    )

    assert late.status == 412
    assert reviewer.opens("/reviews/prp_cup/1").location == "/assets/prp_cup/versions/1"


def test_the_queue_lists_what_waits(reviewer: Visitor) -> None:
    page = reviewer.opens("/reviews")

    links = [link for link in page.links if link.startswith("/reviews/")]
    assert links == ["/reviews/prp_lamp/2", "/reviews/prp_cup/1"]


def test_a_maker_sees_that_a_version_waits(studio: Studio, reviewer: Visitor) -> None:
    assert "This version waits for review." in visitor(studio, studio.artist).opens("/assets/prp_cup/versions/1").text
    assert "/reviews/prp_cup/1" in reviewer.opens("/assets/prp_cup/versions/1").links
