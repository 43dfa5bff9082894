"""Assets side by side: what each says in one respect, and where they differ."""

from __future__ import annotations

import re

import pytest

from catalog.accounts.vocabulary import Role
from tests.files import png
from tests.studio import Studio
from tests.visitors import Visitor, WebPage, visitor

LAMPS = "/compare?asset=prp_lamp&asset=prp_torch"


@pytest.fixture
def viewer(studio: Studio) -> Visitor:
    artist = studio.artist
    artist.publishes("prp_lamp", {"a.png": png(32, 24)}, name="Lamp", tags=["brass", "light"])
    artist.publishes("prp_torch", {"a.png": png(64, 24)}, name="Torch", tags=["light"])
    artist.registers("prp_candle", name="Candle", tags=["light"])
    studio.settles(details=True)
    return visitor(studio, studio.viewer)


def _rows(page: WebPage) -> dict[str, list[str]]:
    """Every row by its words, with what it says of each asset; a row that differs ends with that word."""
    rows = re.findall(r'<tr[^>]*><th scope="row">(.*?)</th>(.*?)</tr>', page.html, re.DOTALL)
    cells = re.compile(r"<td[^>]*>([^<]*)</td>")
    return {" ".join(re.sub("<[^>]*>", "", words).split()): cells.findall(said) for words, said in rows}


def test_assets_stand_side_by_side_with_what_differs_marked(viewer: Visitor) -> None:
    page = viewer.opens(LAMPS)

    rows = _rows(page)
    assert page.title == "Lamp, Torch, side by side – Reprise"
    assert rows["Kind"] == ["Prop", "Prop"]
    assert rows["Tags differs"] == ["brass, light", "light"]
    assert rows["Width differs"] == ["32 px", "64 px"]
    assert rows["Height"] == ["24 px", "24 px"]
    assert len([link for link in page.links if link.startswith("/previews/")]) == 2


def test_only_what_differs_is_shown_where_that_is_asked(viewer: Visitor) -> None:
    whole = viewer.opens(LAMPS)

    some = viewer.opens(f"{LAMPS}&only=differences")

    assert f"{LAMPS}&only=differences" in whole.links
    assert {words for words in _rows(some) if not words.endswith(" differs")} == {"Picture"}
    assert "Width differs" in _rows(some)
    assert LAMPS in some.links


def test_an_asset_without_a_version_says_nothing_of_one(viewer: Visitor) -> None:
    rows = _rows(viewer.opens("/compare?asset=prp_candle&asset=prp_lamp"))

    assert rows["Number differs"] == ["–", "v1"]
    assert rows["Width differs"] == ["–", "32 px"]


def test_custom_fields_that_any_of_them_carries_are_rows(studio: Studio, viewer: Visitor) -> None:
    studio.admin.post("/fields", {"name": "weight", "type": "number", "label": "Weight", "unit": "kg"})
    studio.admin.post("/fields", {"name": "vendor", "type": "exact", "label": "Vendor"})
    studio.artist.patch("/assets/prp_lamp", {"fields": {"weight": 2.5}})

    rows = _rows(viewer.opens(LAMPS))

    assert rows["Weight differs"] == ["2.5 kg", "–"]
    assert not any("Vendor" in words for words in rows)


def test_of_three_each_can_be_taken_out(viewer: Visitor) -> None:
    page = viewer.opens(f"{LAMPS}&asset=prp_candle")

    assert "Take out Candle" in page.text
    assert "/compare?asset=prp_lamp&asset=prp_torch" in page.links
    assert "Take out" not in viewer.opens(LAMPS).text


def test_another_is_added_by_a_form_that_keeps_those_that_are_there(viewer: Visitor) -> None:
    page = viewer.opens(LAMPS)

    assert page.html.count('<input type="hidden" name="asset"') == 2
    assert _rows(viewer.opens(f"{LAMPS}&asset="))["Kind"] == ["Prop", "Prop"]
    assert _rows(viewer.opens(f"{LAMPS}&asset=PRP_CANDLE"))["Kind"] == ["Prop", "Prop", "Prop"]


@pytest.mark.parametrize(
    "path,said",
    [
        ("/compare", "Select two to four assets"),
        ("/compare?asset=prp_lamp", "Name one to three more assets"),
        ("/compare?asset=prp_lamp&asset=PRP_LAMP", "Name one to three more assets"),
    ],
)
def test_one_alone_is_asked_who_stands_beside_it(viewer: Visitor, path: str, said: str) -> None:
    page = viewer.opens(path)

    assert page.status == 200
    assert said in page.text
    assert "<table" not in page.html


def test_more_than_four_are_refused(viewer: Visitor) -> None:
    page = viewer.opens("/compare?" + "&".join(["asset=prp_lamp"] * 5))

    assert page.status == 422
    assert "5 assets do not fit side by side" in page.text


def test_a_hidden_asset_is_refused_like_one_that_is_not_there(studio: Studio, viewer: Visitor) -> None:
    insider = studio.person("ina", Role.ARTIST, groups=["secret"])
    studio.admin.post("/shows", {"code": "NOVA", "name": "Nova", "audience": ["secret"]})
    insider.registers("prp_nova", name="Nova", show="NOVA")

    hidden, absent = (viewer.opens(f"/compare?asset=prp_lamp&asset={code}") for code in ("prp_nova", "prp_nope"))

    assert (hidden.status, absent.status) == (404, 404)
    assert hidden.text.replace("prp_nova", "prp_nope").split("Request")[0] == absent.text.split("Request")[0]
    assert visitor(studio, insider).opens("/compare?asset=prp_lamp&asset=prp_nova").status == 200


def test_the_page_of_an_asset_leads_to_what_is_nearest_to_it(viewer: Visitor) -> None:
    links = viewer.opens("/assets/prp_candle").links

    address = next(link for link in links if link.startswith("/compare?asset=prp_candle&asset="))
    assert viewer.opens(address).status == 200
