"""Histograms of what was measured, with a range from and to: plain fields of the search's form."""

from __future__ import annotations

import re

import pytest

from tests.files import png
from tests.studio import Studio
from tests.visitors import Visitor, visitor


@pytest.fixture
def pictured(studio: Studio) -> Visitor:
    """Two assets with a picture each, and one without."""
    studio.artist.publishes("prp_small", {"maps/color.png": png(300, 20)})
    studio.artist.publishes("prp_large", {"maps/color.png": png(20, 1200), "notes.txt": b"x"})
    studio.artist.registers("prp_none")
    studio.settles()
    return visitor(studio, studio.viewer)


def test_bars_tell_how_many_assets_lie_in_each_bin_also_to_whoever_cannot_see_them(pictured: Visitor) -> None:
    page = pictured.opens("/assets")

    bars = re.findall(r'<li class="(b\d+(?: within)?)" title="([^"]*)"', page.html)
    assert bars == [("b10", "256 – 512: 1"), ("b0", "512 – 1k: 0"), ("b10", "1k – 2k: 1")]
    assert "1k – 2k, 1 asset" in page.text
    assert re.findall(r'name="texture_(\w+)" value="" placeholder="(\w+)"', page.html) == [
        ("from", "256"),
        ("to", "2k"),
    ]
    assert "Height" not in page.text


@pytest.mark.parametrize(
    "asked, shown", [("/assets?q=prp_small", False), ("/assets?q=prp_small&texture=256..512", True), ("/assets", True)]
)
def test_one_bar_alone_is_left_out_unless_its_range_is_asked_for(pictured: Visitor, asked: str, *, shown: bool) -> None:
    page = pictured.opens(asked)

    assert ('name="texture_from"' in page.html) is shown


@pytest.mark.parametrize(
    "given,canonical",
    [
        ("texture_from=1K&texture_to=4k", "/assets?texture=1k..4k"),
        ("texture_from=&texture_to=512", "/assets?texture=%3C%3D512"),
        ("texture_from=1k&texture_to=&q=prp", "/assets?q=prp&texture=%3E%3D1k"),
        ("texture_from=4k&texture_to=1k", "/assets?texture=1k..4k"),
        ("texture_from=large&texture_to=", "/assets?texture=%3E%3Dlarge"),
        ("texture=1024..4096", "/assets?texture=1k..4k"),
        ("height=160cm..1900mm", "/assets?height=1.6m..1.9m"),
    ],
)
def test_the_fields_of_a_histogram_are_one_range_in_the_address(pictured: Visitor, given: str, canonical: str) -> None:
    assert pictured.opens(f"/assets?{given}").location == canonical


def test_a_range_narrows_stands_in_its_fields_and_is_a_chip(pictured: Visitor) -> None:
    page = pictured.opens("/assets?texture=1k..4k")

    assert page.cards == ["prp_large"]
    assert "Remove filter: Texture size 1k – 4k" in page.text
    assert 'name="texture_from" value="1k"' in page.html
    assert 'name="texture_to" value="4k"' in page.html
    assert 'class="b10 within" title="1k – 2k: 1"' in page.html
    assert pictured.opens("/assets?-texture=1k..4k&texture=%3E%3D1").cards == []


def test_formats_and_parts_narrow_and_a_range_that_is_none_is_refused(pictured: Visitor) -> None:
    assert pictured.opens("/assets?format=txt").cards == ["prp_large"]
    assert pictured.opens("/assets?has=rig").cards == []
    assert "'wide' is no range; these are:" in pictured.opens("/assets?texture=wide").text
    assert pictured.opens("/assets?q=texture%3A%3C512").cards == ["prp_small"]
