"""Editing an asset in one form: what was touched is changed, and two at one asset lose nothing."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.studio import Studio
from tests.visitors import Visitor, WebPage, visitor

FIELD = re.compile(
    r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"|<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)<'
    r'|<select[^>]* name="([^"]+)"'
)
CHOSEN = re.compile(r'<select[^>]* name="([^"]+)"[^>]*>.*?<option value="([^"]*)" selected', re.DOTALL)


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    studio.admin.post("/shows", {"code": "ORION", "name": "Orion Rising"})
    studio.joins(studio.artist.login, "crew")
    studio.artist.registers(
        "chr_teresa",
        name="Teresa",
        kind="digital_double",
        description="Hero double.\nFace only.",
        tags=["hero", "face"],
        aliases=[{"text": "邓丽君", "language": "zh-Hans"}, {"text": "Teng | Teresa"}],
        external_ids=[{"system": "shotgrid", "value": "4711"}],
    )
    return visitor(studio, studio.artist)


def _form(page: WebPage) -> dict[str, str]:
    """Return what the form of a page would send, if nobody typed anything."""
    html = page.html[page.html.index('action="/assets/chr_teresa/edit"') :]
    found = {a or c: unescape(b or d) for a, b, c, d, _ in FIELD.findall(html) if a or c}
    return found | {name: unescape(value) for name, value in CHOSEN.findall(html)}


def test_the_form_shows_what_there_is(artist: Visitor) -> None:
    form = _form(artist.opens("/assets/chr_teresa/edit"))

    assert form["name"] == "Teresa"
    assert form["kind"] == "digital_double"
    assert form["description"] == "Hero double.\nFace only."
    assert form["tags"] == "hero\nface"
    assert form["aliases"] == "邓丽君 | zh-Hans\nTeng | Teresa | und"
    assert form["external_ids"] == "shotgrid:4711"
    assert form["owner"] == "art"


def test_a_form_that_is_sent_as_it_was_found_changes_nothing(studio: Studio, artist: Visitor) -> None:
    before = len(studio.entries())

    sent = artist.forges("/assets/chr_teresa/edit", **_form(artist.opens("/assets/chr_teresa/edit")))

    assert (sent.status, sent.location) == (303, "/assets/chr_teresa")
    assert "Nothing was changed." in artist.opens("/assets/chr_teresa").text
    assert len(studio.entries()) == before


def test_every_field_can_be_changed(studio: Studio, artist: Visitor) -> None:
    form = _form(artist.opens("/assets/chr_teresa/edit")) | {
        "name": "Teresa Teng",
        "kind": "creature",
        "description": "A legend.\r\nSings.",
        "tags": "legend\r\n singer ",
        "aliases": "テレサ | ja\r\nTeng",
        "external_ids": "ayon: a1\r\nshotgrid:4711",
        "owner": "",
        "show": "ORION",
        "audience": "crew",
    }

    artist.forges("/assets/chr_teresa/edit", **form)

    asset = studio.artist.get("/assets/chr_teresa")
    assert (asset.name, asset.kind, asset.description) == ("Teresa Teng", "creature", "A legend.\nSings.")
    assert asset.tags == ["legend", "singer"]
    assert asset.aliases == [{"text": "テレサ", "language": "ja"}, {"text": "Teng", "language": "und"}]
    assert asset.external_ids == [{"system": "ayon", "value": "a1"}, {"system": "shotgrid", "value": "4711"}]
    assert (asset.owner, asset.show, asset.audience) == (None, "ORION", ["crew"])


@pytest.mark.parametrize(
    "typed, said",
    [
        ({"name": ""}, "Name is empty"),
        ({"kind": "spaceship"}, "Kind 'spaceship' is none of"),
        ({"aliases": "Teng | 12"}, "Language '12' is no tag"),
        ({"external_ids": "4711"}, "does not say whose it is"),
        ({"external_ids": "two words:4711"}, "System 'two words' is not letters"),
        ({"owner": "nobody"}, "Owner 'nobody' is no user here"),
        ({"audience": "strangers"}, "no group we know: strangers"),
    ],
    ids=str,
)
def test_a_form_that_is_refused_keeps_what_was_typed(
    studio: Studio, artist: Visitor, typed: dict[str, str], said: str
) -> None:
    form = _form(artist.opens("/assets/chr_teresa/edit")) | {"description": "typed for an hour"} | typed
    before = len(studio.entries())

    refused = artist.forges("/assets/chr_teresa/edit", **form)

    assert refused.status == 422
    assert said in refused.text
    assert ">typed for an hour</textarea>" in refused.html
    assert len(studio.entries()) == before


def test_two_curators_at_one_asset_see_what_the_other_wrote_and_keep_their_own(studio: Studio, artist: Visitor) -> None:
    opened = _form(artist.opens("/assets/chr_teresa/edit"))
    studio.admin.patch("/assets/chr_teresa", {"name": "T. Teng", "tags": ["legend"]})

    refused = artist.forges("/assets/chr_teresa/edit", **opened | {"name": "Teresa Teng", "description": "Sings."})

    form = _form(refused)
    assert refused.status == 412
    assert re.search(r"Name by admin , \S+ \S+ UTC Now T. Teng You typed Teresa Teng", refused.text)
    assert re.search(r"Tags by admin , \S+ \S+ UTC Now legend You left it alone", refused.text)
    assert (form["name"], form["description"], form["tags"]) == ("Teresa Teng", "Sings.", "legend")


def test_a_conflict_that_was_read_is_sent_again_and_takes_nothing_back(studio: Studio, artist: Visitor) -> None:
    opened = _form(artist.opens("/assets/chr_teresa/edit"))
    studio.admin.patch("/assets/chr_teresa", {"name": "T. Teng", "tags": ["legend"]})
    refused = artist.forges("/assets/chr_teresa/edit", **opened | {"name": "Teresa Teng"})

    sent = artist.forges("/assets/chr_teresa/edit", **_form(refused))

    asset = studio.artist.get("/assets/chr_teresa")
    assert sent.status == 303
    assert (asset.name, asset.tags) == ("Teresa Teng", ["legend"])


def test_a_publication_meanwhile_is_no_conflict(studio: Studio, artist: Visitor) -> None:
    opened = _form(artist.opens("/assets/chr_teresa/edit"))
    studio.artist.publishes("chr_teresa")

    sent = artist.forges("/assets/chr_teresa/edit", **opened | {"name": "Teresa Teng"})

    assert sent.status == 303
    assert studio.artist.get("/assets/chr_teresa").name == "Teresa Teng"


def test_a_form_that_does_not_say_what_it_was_filled_in_for_is_refused(artist: Visitor) -> None:
    refused = artist.sends("/assets/chr_teresa/edit", found_on="/assets/chr_teresa/edit", name="Teng")

    assert refused.status == 422
    assert "does not say which revision" in refused.text
