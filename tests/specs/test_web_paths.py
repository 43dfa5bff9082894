"""Paths on a page: let out by the gate, spelled for the reader's platform, and what a drag of them carries."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from tests.studio import Studio, digest
from tests.visitors import Visitor, WebPage, visitor

PATHS = "/assets/prp_bulb/versions/1/paths"
VERSION = "/assets/prp_bulb/versions/1"


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    """An artist with a bulb whose geometry lies under a root, and a note that is stored."""
    templates = [{"platform": "linux", "path": "/mnt/lib"}, {"platform": "windows", "path": "L:\\lib"}]
    studio.pipeline.post("/roots", {"name": "lib", "templates": templates})
    studio.artist.registers("prp_bulb", name="Bulb")
    lying = {
        "path": "geo/bulb 1.usd",
        "sha256": digest(b"bulb"),
        "size_bytes": 4,
        "custody": "referenced",
        "root": "lib",
    }
    files = [{**lying, "root_path": "bulbs/bulb 1.usd"}, {"path": "a.txt", "sha256": digest(b"a"), "size_bytes": 1}]
    studio.artist.post("/assets/prp_bulb/versions", {"files": files})
    studio.artist.uploads("prp_bulb", 1, {"a.txt": b"a"})
    studio.artist.submits("prp_bulb", 1)
    studio.settles()
    return visitor(studio, studio.artist)


def _carried(page: WebPage) -> list[dict[str, Any]]:
    return [json.loads(unescape(said)) for said in re.findall(r'data-carries="([^"]*)"', page.html)]


@pytest.mark.parametrize(
    "platform,path", [("linux", "/mnt/lib/bulbs/bulb 1.usd"), ("windows", "L:\\lib\\bulbs\\bulb 1.usd")]
)
def test_paths_are_spelled_for_a_platform_and_leave_one_entry(
    studio: Studio, artist: Visitor, platform: str, path: str
) -> None:
    shown = artist.sends(PATHS, found_on=VERSION, platform=platform, purpose="previs")

    assert f'value="{path}"' in shown.html
    assert "1 referenced file of 2, at site main" in shown.text
    (entry,) = studio.entries("files.released/1")
    assert entry["values"]["how"] == "resolve"
    assert entry["values"]["use"] == {"purpose": "previs"}


def test_no_page_tells_a_path_before_the_gate_let_it_out(artist: Visitor) -> None:
    asset, version = artist.opens("/assets/prp_bulb"), artist.opens(VERSION)

    assert "/mnt/lib" not in asset.html + version.html
    assert PATHS in asset.html
    assert PATHS in version.html


def test_the_platform_that_was_chosen_comes_first_from_then_on(artist: Visitor) -> None:
    first = re.findall(r'name="platform" value="(\w+)"', artist.opens("/assets/prp_bulb").html)
    artist.sends(PATHS, found_on=VERSION, platform="windows")
    later = re.findall(r'name="platform" value="(\w+)"', artist.opens("/assets/prp_bulb").html)

    assert (first, later) == (["linux", "windows", "macos"], ["windows", "linux", "macos"])


def test_a_platform_without_a_template_is_refused_with_the_remedy(studio: Studio, artist: Visitor) -> None:
    refused = artist.sends(PATHS, found_on=VERSION, platform="macos")
    unknown = artist.sends(PATHS, found_on=VERSION, platform="amiga")

    assert (refused.status, unknown.status) == (409, 422)
    assert "Root 'lib' has no macos path at site 'main'; an administrator can add a template" in refused.text
    assert studio.entries("files.released/1") == []


def test_an_asset_carries_its_names_and_a_file_its_path(artist: Visitor) -> None:
    (version,) = _carried(artist.opens("/assets/prp_bulb"))
    (file,) = _carried(artist.sends(PATHS, found_on=VERSION, platform="linux"))

    named = version["application/x-vfx-asset+json"]
    assert version["text/plain"] == version["text/uri-list"] == "catalog://assets/prp_bulb/v1"
    assert (named["schema"], named["code"], named["name"], named["version"]) == (1, "prp_bulb", "Bulb", 1)
    assert named["files"] == []
    assert file["text/plain"] == "/mnt/lib/bulbs/bulb 1.usd"
    assert file["text/uri-list"] == "file:///mnt/lib/bulbs/bulb%201.usd"
    assert file["application/x-vfx-asset+json"]["files"] == [
        {
            "path": "geo/bulb 1.usd",
            "role": "model",
            "sha256": digest(b"bulb"),
            "size_bytes": 4,
            "location": "/mnt/lib/bulbs/bulb 1.usd",
        }
    ]


def test_where_all_is_stored_the_page_says_how_to_get_it(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_lamp", {"a.txt": b"a"})

    shown = artist.sends("/assets/prp_lamp/versions/1/paths", found_on="/me", platform="linux")

    assert "None of its files lies under a root" in shown.text
    assert "catalog --url http://studio.test assets pull prp_lamp@1 --to ./prp_lamp" in shown.html
    assert "Paths of its files" not in artist.opens("/assets/prp_lamp/versions/1").text
