"""What pages weigh before anybody has touched anything: elements and bytes of a full search, scripts and the style."""

from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from catalog.assets.models import Asset, AssetVersion
from catalog.assets.vocabulary import VersionStatus
from catalog.kernel import clock
from catalog.kernel.ids import new_id
from catalog.media.models import Preview
from catalog.web.stationery import stationery
from tests.files import png
from tests.studio import Studio
from tests.visitors import Visitor, WebPage, visitor

ELEMENTS_MAX = 1_500
CARDS_MAX_BYTES = 30_000
ADDED_BY_SCRIPTS = 2
"""To each card: its box, and the button that looks at it."""

STYLE_MAX_BYTES = 14_000
SCRIPTS_OF_AN_ASSET_MAX_BYTES = 20_000
SCRIPT = re.compile(r'<script[^>]* src="[^"]*/([\w.]+\.js)"')
IMPORTED = re.compile(r'^import [^;]*?"\./([\w.]+\.js)";', re.MULTILINE)


@pytest.fixture
def full(studio: Studio) -> Visitor:
    """A page of sixty assets, each with two sizes of a picture and a strip of frames, and more tags than are listed."""
    studio.admin.post("/shows", {"code": "ORION", "name": "Orion Rising"})
    for at in range(60):
        tags = [f"a tag of the lantern {at}", "light"]
        studio.artist.registers(f"prp_lanternOfMarket{at:02d}", name=f"Lantern of {at}", show="ORION", tags=tags)
    studio.settles()
    with studio.house.desk.bookkeeping() as session:
        for asset in session.scalars(select(Asset)):
            version = _version(asset)
            asset.latest_number = version.number
            session.add_all([version, *_previews(version.manifest_sha256)])
    return visitor(studio, studio.admin)


def _version(asset: Asset) -> AssetVersion:
    return AssetVersion(
        id=new_id(),
        asset_id=asset.id,
        number=12,
        status=VersionStatus.PUBLISHED,
        manifest_sha256=hashlib.sha256(asset.code.encode()).hexdigest(),
        file_count=1,
        size_bytes=1,
        created_by_id=asset.id,
        created_at=clock.now(),
        stood_since=clock.now(),
        published_at=clock.now(),
    )


def _previews(manifest: str) -> list[Preview]:
    kinds = {"thumbnail-240": (240, 180, None), "thumbnail-480": (480, 360, None), "turntable-strip": (1440, 1080, 36)}
    return [
        Preview(
            source_sha256=manifest,
            derivative=name,
            tool_version="1",
            sha256=hashlib.sha256(f"{name} of {manifest}".encode()).hexdigest(),
            media_type="image/webp",
            size_bytes=9_000,
            width_px=width,
            height_px=height,
            dominant_color="dc-1f",
            frame_count=frames,
            frame_width_px=frames and 240,
            frame_height_px=frames and 180,
            caption="",
            path="maps/color.txt",
            tool="a test",
            rendered_at=clock.now(),
        )
        for name, (width, height, frames) in kinds.items()
    ]


class _Counting(HTMLParser):
    elements = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 — what HTMLParser calls
        self.elements += 1


def _elements(page: WebPage) -> int:
    counting = _Counting()
    counting.feed(page.html)
    return counting.elements


def test_a_full_page_has_few_elements_in_few_bytes(full: Visitor) -> None:
    page = full.opens("/assets", HX_Request="true", HX_Request_Type="partial")
    whole = full.opens("/assets")

    cards = re.search(r'<ul class="grid" id="cards">.*?</ul>', page.html, re.DOTALL)

    assert cards is not None
    assert (cards[0].count("data-strip="), cards[0].count(" 2x")) == (60, 60)
    assert len(cards[0].encode()) <= CARDS_MAX_BYTES
    assert _elements(whole) + ADDED_BY_SCRIPTS * 60 <= ELEMENTS_MAX


def _with_imports(names: list[str]) -> set[str]:
    """Scripts and all that they import before they run."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += IMPORTED.findall(stationery().sheets[name].body.decode())
    return found


def test_the_style_of_all_pages_is_small() -> None:
    assert len(stationery().sheets["reprise.css"].packed) <= STYLE_MAX_BYTES


def test_what_the_page_of_an_asset_runs_is_small(studio: Studio) -> None:
    studio.artist.publishes("prp_lamp", {"color.png": png(64, 48)})
    studio.settles(details=True)

    page = visitor(studio, studio.artist).opens("/assets/prp_lamp")
    scripts = _with_imports(SCRIPT.findall(page.html))

    assert scripts >= {"asset.js", "copy.js", "keys.js", "results.js", "scrub.js", "turn.js", "typeahead.js"}
    assert "making.js" not in scripts
    assert sum(len(stationery().sheets[name].packed) for name in scripts) <= SCRIPTS_OF_AN_ASSET_MAX_BYTES


def test_what_it_runs_while_pictures_are_made_is_no_more(studio: Studio) -> None:
    studio.artist.publishes("prp_lamp", {"lamp.png": png(64, 48)})

    asset = visitor(studio, studio.artist).opens("/assets/prp_lamp")
    version = visitor(studio, studio.artist).opens("/assets/prp_lamp/versions/1")

    for page in (asset, version):
        scripts = _with_imports(SCRIPT.findall(page.html))
        assert scripts >= {"asset.js", "htmx.js", "making.js"}
        assert sum(len(stationery().sheets[name].packed) for name in scripts) <= SCRIPTS_OF_AN_ASSET_MAX_BYTES
