"""What a search that is being typed may be about to say, as the page offers it."""

from __future__ import annotations

import pytest

from tests.studio import Studio
from tests.visitors import Visitor, visitor

PART = {"HX_Request_Type": "partial"}


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    studio.artist.registers("prp_lamp", name="Market lamp", tags=["market"])
    studio.artist.registers("chr_teresa", name="邓丽君")
    studio.settles()
    return visitor(studio, studio.artist)


def test_assets_and_tags_are_offered(artist: Visitor) -> None:
    offered = artist.opens("/assets/typeahead?q=mark", **PART)

    assert "Market lamp prp_lamp" in offered.text
    assert "Tag market 1 asset" in offered.text
    assert {"/assets/prp_lamp", "/assets?tag=market"} <= set(offered.links)
    assert "<html" not in offered.html


def test_the_search_itself_is_offered_first(artist: Visitor) -> None:
    offered = (
        artist.opens("/assets/typeahead?q=zebra+crossing", **PART),
        artist.opens("/assets/typeahead?q=mark", **PART),
    )

    assert [page.links[:1] for page in offered] == [[], ["/assets?q=mark"]]
    assert "Search for mark" in offered[1].text


@pytest.mark.parametrize("text,found", [("m", 0), ("ma", 3), ("邓", 2), ("", 0), ("%20%20", 0), ("zebra", 0)])
def test_one_chinese_character_says_enough_and_one_latin_letter_does_not(
    artist: Visitor, text: str, found: int
) -> None:
    offered = artist.opens(f"/assets/typeahead?q={text}", **PART)

    assert offered.html.count('role="option"') == found


def test_shows_and_saved_searches_are_offered_with_what_they_are(studio: Studio, artist: Visitor) -> None:
    studio.artist.post("/searches", {"title": "Market things", "query": "q=lamp&sort=name"})

    offered = artist.opens("/assets/typeahead?q=market", **PART)

    assert "Saved search Market things 1 asset" in offered.text
    assert "/assets?q=lamp&sort=name" in offered.links
    said = studio.artist.get("/search/suggestions?q=market").items
    assert [(one["kind"], one["code"], one["query"]) for one in said] == [
        ("asset", "prp_lamp", None),
        ("tag", None, "tag=market"),
        ("search", None, "q=lamp&sort=name"),
    ]


def test_beside_results_only_what_is_no_asset_is_offered(artist: Visitor) -> None:
    offered = artist.opens("/assets/typeahead?q=market&as=chips", **PART)

    assert offered.text == "Tag market 1 asset"
    assert offered.links == ["/assets?tag=market"]
    assert 'data-said="1 suggestion' in offered.html


def test_a_tag_beside_results_keeps_the_filters_and_takes_the_place_of_the_text(artist: Visitor) -> None:
    offered = artist.opens("/assets/typeahead?q=market&kind=prop&-tag=red&sort=name&as=chips", **PART)

    assert (offered.text, offered.links) == ("Tag market", ["/assets?kind=prop&tag=market&-tag=red&sort=name"])


def test_a_tag_beside_results_keeps_what_they_are_like_and_adds_to_no_other_tag(artist: Visitor) -> None:
    like = artist.opens("/assets/typeahead?q=market&like=prp_lamp&as=chips", **PART)
    tagged = artist.opens("/assets/typeahead?q=market&tag=red&as=chips", **PART)

    assert like.links == ["/assets?like=prp_lamp&tag=market"]
    assert tagged.links == []


def test_a_saved_search_beside_results_takes_the_place_of_all(studio: Studio, artist: Visitor) -> None:
    studio.artist.post("/searches", {"title": "Market things", "query": "q=lamp&sort=name"})

    offered = artist.opens("/assets/typeahead?q=market+th&kind=prop&as=chips", **PART)

    assert offered.links == ["/assets?q=lamp&sort=name"]


def test_what_a_viewer_may_not_see_is_not_offered(studio: Studio, artist: Visitor) -> None:
    studio.admin.post("/groups", {"code": "crew", "members": ["art"]})
    studio.artist.registers("prp_lantern", name="Market lantern", audience=["crew"])
    studio.settles()

    mine = artist.opens("/assets/typeahead?q=market+l", **PART)
    theirs = visitor(studio, studio.viewer).opens("/assets/typeahead?q=market+l", **PART)

    assert "Market lantern" in mine.text
    assert "Market lantern" not in theirs.text
    assert "Market lamp" in theirs.text


def test_opened_as_a_page_it_is_whole(artist: Visitor) -> None:
    page = artist.opens("/assets/typeahead?q=mark")

    assert page.title == "mark – Reprise"
    assert "Market lamp prp_lamp" in page.text
