"""The page of tags: found, compared and merged without JavaScript."""

from __future__ import annotations

import pytest

from catalog.accounts.vocabulary import Role
from tests.studio import Studio
from tests.visitors import Visitor, visitor

PAGE = "/admin/tags"


@pytest.fixture
def curator(studio: Studio) -> Visitor:
    studio.artist.registers("prp_one", tags=["Heroes", "brass"])
    studio.artist.registers("prp_two", tags=["heroes", "<b>"])
    return visitor(studio, studio.person("sue", Role.SUPERVISOR))


def test_tags_are_shown_with_counts_and_what_looks_alike(curator: Visitor) -> None:
    page = curator.opens(PAGE)
    alike = curator.opens(f"{PAGE}?alike=yes")
    found = curator.opens(f"{PAGE}?q=BRÁSS")

    assert "4 tags, 2 look like others but for case, width, accents or hyphens" in page.text
    assert page.text.count("Looks like another") == 2
    assert "&lt;b&gt;" in page.html
    assert ("brass" in alike.text, "Heroes" in alike.text) == (False, True)
    assert ("1 tag" in found.text, "Heroes" in found.text) == (True, False)
    assert "No tag is like that." in curator.opens(f"{PAGE}?q=zebra").text


def test_where_no_two_tags_look_alike_that_is_said(studio: Studio) -> None:
    curator = visitor(studio, studio.person("sue", Role.SUPERVISOR))

    page = curator.opens(f"{PAGE}?alike=yes")

    assert "No two tags look alike." in page.text


def test_ticked_tags_are_previewed_as_a_bulk_edit_and_merged(studio: Studio, curator: Visitor) -> None:
    fields = {"tag:Heroes": "yes", "tag:heroes": "yes", "into": "hero"}

    sent = curator.sends(f"{PAGE}/merges", found_on=PAGE, **fields)
    shown = curator.opens(str(sent.location)).text
    before = studio.viewer.get("/assets/prp_one").json["tags"]
    studio.admin.post(f"{sent.location}/start")
    studio.settles()

    assert (sent.status, str(sent.location).startswith("/edits/")) == (303, True)
    assert "write Heroes as hero" in shown
    assert before == ["Heroes", "brass"]
    assert studio.viewer.get("/assets/prp_one").json["tags"] == ["hero", "brass"]
    assert "Heroes" in curator.opens(f"{PAGE}?q=hero").text


def test_what_cannot_be_merged_is_said_and_what_was_ticked_stays(curator: Visitor) -> None:
    nothing = curator.sends(f"{PAGE}/merges", found_on=PAGE, into="hero")
    empty = curator.sends(f"{PAGE}/merges", found_on=PAGE, into=" ", **{"tag:brass": "yes"})

    assert (nothing.status, 'value="hero"' in nothing.html) == (422, True)
    assert (empty.status, 'name="tag:brass" value="yes" checked' in empty.html) == (422, True)


def test_many_tags_stand_on_pages(studio: Studio, curator: Visitor) -> None:
    for at in range(3):
        studio.artist.registers(f"prp_many{at}", tags=[f"tag {at}-{n:03d}" for n in range(100)])

    first, second = curator.opens(PAGE), curator.opens(f"{PAGE}?page=1")

    assert ("tag 0-001" in first.text, "tag 2-099" in first.text) == (True, False)
    assert "tag 2-099" in second.text
    refused = curator.sends(f"{PAGE}/merges", found_on=PAGE, page="1", into=" ", **{"tag:tag 2-099": "yes"})
    assert 'name="page" value="1"' in second.html
    assert (refused.status, 'name="tag:tag 2-099" value="yes" checked' in refused.html) == (422, True)


def test_artists_have_no_such_page(studio: Studio, curator: Visitor) -> None:
    artist = visitor(studio, studio.artist)

    assert artist.opens(PAGE).status == 403
    assert PAGE in curator.opens("/assets").links
    assert PAGE not in artist.opens("/assets").links
