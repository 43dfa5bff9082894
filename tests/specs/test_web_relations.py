"""The relations of an asset on a page of their own: all of them, one page after another, from both ends."""

from __future__ import annotations

import re

import pytest

from tests.studio import Studio
from tests.visitors import Visitor, WebPage, visitor


@pytest.fixture
def viewer(studio: Studio) -> Visitor:
    """Somebody who looks at a street of sixty lamps, each with the one bulb."""
    studio.artist.registers("env_street", name="Street")
    studio.artist.registers("prp_bulb", name="Bulb")
    for at in range(60):
        studio.artist.registers(f"prp_lamp{at:02d}", name=f"Lamp {at}")
        studio.artist.post("/assets/env_street/relations", {"kind": "contains", "target": f"prp_lamp{at:02d}"})
        studio.artist.post(f"/assets/prp_lamp{at:02d}/relations", {"kind": "contains", "target": "prp_bulb"})
    return visitor(studio, studio.viewer)


def _others(page: WebPage) -> list[str]:
    return re.findall(r'<li class="other">.*?<code>([^<@]+)', page.html, flags=re.DOTALL)


def test_every_relation_is_reached_page_by_page(viewer: Visitor) -> None:
    first = viewer.opens("/assets/env_street/relations")
    second = viewer.opens(_next(first))

    assert "Made of 60" in first.text
    assert "Used in 0" in first.text
    assert _others(first) + _others(second) == [f"prp_lamp{at:02d}" for at in range(60)]
    assert "/assets/env_street/relations" in second.links
    assert "Next page" not in second.text


def test_every_use_is_reached_page_by_page_nearest_first(viewer: Visitor) -> None:
    first = viewer.opens("/assets/prp_bulb/relations?side=users")
    second = viewer.opens(_next(first))

    assert "Used in 61 assets" in first.text
    assert _others(first) + _others(second) == [*(f"prp_lamp{at:02d}" for at in range(60)), "env_street"]
    assert "contains it, through 1 other" in second.text


def test_the_page_of_an_asset_has_the_first_and_leads_to_all(viewer: Visitor) -> None:
    street, bulb = viewer.opens("/assets/env_street"), viewer.opens("/assets/prp_bulb")

    assert (len(_others(street)), "and 36 relations more" in street.text) == (24, True)
    assert "/assets/env_street/relations" in street.links
    assert (len(_others(bulb)), "and 49 assets more" in bulb.text) == (12, True)
    assert "/assets/prp_bulb/relations?side=users" in bulb.links


def test_an_asset_without_relations_says_so_from_both_ends(studio: Studio, viewer: Visitor) -> None:
    studio.artist.registers("prp_alone")

    assert "It is made of no other asset" in viewer.opens("/assets/prp_alone/relations").text
    assert "It is not used in any asset." in viewer.opens("/assets/prp_alone/relations?side=users").text


def test_relations_to_what_somebody_may_not_see_are_neither_shown_nor_counted(studio: Studio, viewer: Visitor) -> None:
    studio.person("ida", groups=["secret"])
    studio.admin.patch("/assets/prp_lamp07", {"audience": ["secret"]})

    page = viewer.opens("/assets/env_street/relations")

    assert "Made of 59" in page.text
    assert "prp_lamp07" not in page.html


def _next(page: WebPage) -> str:
    (address,) = [link for link in page.links if "cursor=" in link]
    return address
