"""Merging two assets on pages: what will happen is shown first, and it can be taken back."""

from __future__ import annotations

import re

import pytest

from catalog.accounts.vocabulary import Role
from tests.studio import Studio
from tests.visitors import Visitor, visitor

PAGE = "/assets/prp_old/merge"


@pytest.fixture
def curator(studio: Studio) -> Visitor:
    artist = studio.artist
    artist.registers("env_room")
    artist.publishes("prp_old", name="Old lamp", tags=["brass"], external_ids=[{"system": "ayon", "value": "L-7"}])
    artist.publishes("prp_new", {"lamp.txt": b"new"}, name="Lamp")
    artist.post("/assets/env_room/relations", {"kind": "contains", "target": "prp_old"})
    return visitor(studio, studio.person("sue", Role.SUPERVISOR))


def _revision(curator: Visitor) -> str:
    found = re.search(r'name="revision" value="(\d+)"', curator.opens(f"{PAGE}?into=prp_new").html)
    return found[1] if found else ""


def test_all_that_will_happen_is_shown_before_it_does(studio: Studio, curator: Visitor) -> None:
    page = curator.opens(f"{PAGE}?into=prp_new")

    assert page.status == 200
    assert "prp_new gets these tags: brass" in page.text
    assert "prp_new gets these names: Old lamp" in page.text
    assert "ayon:L-7" in page.text
    assert "1 place that means the latest version will mean that of the asset that stays." in page.text
    assert studio.artist.get("/assets/prp_old").json["status"] == "active"


def test_two_assets_are_merged_and_the_merge_is_taken_back(studio: Studio, curator: Visitor) -> None:
    asked = f"{PAGE}?into=prp_new"

    merged = curator.sends(PAGE, found_on=asked, into="prp_new", revision=_revision(curator))
    new, old, form = (curator.opens(path) for path in ("/assets/prp_new", "/assets/prp_old", PAGE))
    told = curator.opens("/assets/prp_new/history").text, curator.opens("/assets/prp_old/history").text
    undone = curator.sends(f"{PAGE}/removal", found_on=PAGE)

    assert (merged.location, "prp_old is merged into this asset." in new.text) == ("/assets/prp_new", True)
    assert ("Merged here: prp_old" in new.text, "/assets/prp_old/versions" in new.links) == (True, True)
    assert "Merged into Lamp prp_new" in old.text
    assert old.html.index("Merged into") < old.html.index('id="stage"')
    assert "choose another" not in old.text
    assert "Take the merge back" in form.text
    assert ("Merged here: prp_old" in told[0], "Merged into prp_new" in told[1]) == (True, True)
    assert undone.location == "/assets/prp_old"
    assert "Merged" not in curator.opens("/assets/prp_old").text
    assert "No longer merged here: prp_old" in curator.opens("/assets/prp_new/history").text


def test_what_stands_in_the_way_is_said_and_no_button_offered(studio: Studio, curator: Visitor) -> None:
    studio.artist.registers("hdr_sky", kind="hdri")

    page = curator.opens(f"{PAGE}?into=hdr_sky")
    unknown = curator.opens(f"{PAGE}?into=nothing_here")
    sent = curator.sends(PAGE, found_on=PAGE, into="hdr_sky", revision=_revision(curator))

    assert ("They cannot be merged as they are." in page.text, "Merge them" in page.text) == (True, False)
    assert "Prp_old is of kind" not in page.text
    assert (unknown.status, "nothing_here" in unknown.text) == (200, True)
    assert (sent.status, "change one of them first" in sent.text) == (409, True)


def test_a_merge_that_was_seen_too_early_is_shown_again(studio: Studio, curator: Visitor) -> None:
    stale = curator.sends(PAGE, found_on=f"{PAGE}?into=prp_new", into="prp_new", revision="77")
    empty = curator.sends(PAGE, found_on=PAGE, into=" ", revision="1")

    assert (stale.status, "What will happen" in stale.text) == (412, True)
    assert empty.status == 422


def test_only_curators_are_offered_to_merge(studio: Studio, curator: Visitor) -> None:
    artist = visitor(studio, studio.artist)

    assert PAGE not in artist.opens("/assets/prp_old").links
    assert artist.opens(PAGE).status == 403
