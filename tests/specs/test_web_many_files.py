"""An asset with twelve thousand files: every page of it stays whole, and none is as long as its files are many."""

from __future__ import annotations

import pytest

from tests.studio import Studio, digest
from tests.visitors import Visitor, visitor

FILES = 12_000
LONGEST_PAGE = 200_000


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    """An artist with a simulation of two versions, which differ in every second of their files."""
    studio.pipeline.post("/roots", {"name": "lib", "templates": [{"platform": "linux", "path": "/mnt/lib"}]})
    studio.artist.registers("fx_wave", kind="fx_element")
    for number in (1, 2):
        files = [
            {
                "path": f"cache/wave.{at:05d}.vdb",
                "sha256": digest(f"{at} {at % 2 and number}".encode()),
                "size_bytes": at,
                "custody": "referenced",
                "root": "lib",
            }
            for at in range(FILES)
        ]
        studio.artist.post("/assets/fx_wave/versions", {"files": files})
        studio.artist.submits("fx_wave", number)
    return visitor(studio, studio.artist)


def test_every_page_of_an_asset_with_twelve_thousand_files_stays_whole(artist: Visitor) -> None:
    asset, version = artist.opens("/assets/fx_wave"), artist.opens("/assets/fx_wave/versions/2")
    last = artist.opens(next(link for link in version.links if "cursor" in link))
    compared = artist.opens("/assets/fx_wave/comparison")
    paths = artist.sends("/assets/fx_wave/versions/2/paths", found_on="/assets/fx_wave/versions/2", platform="linux")

    pages = [asset, version, last, compared, paths]
    assert [page.status for page in pages] == [200] * 5
    assert "12,000 files" in asset.text
    assert "wave.00000.vdb" in version.text
    assert "wave.00100.vdb" in last.text
    assert "6,000" in compared.text
    assert "12,000 referenced files of 12,000" in paths.text
    assert "assets resolve fx_wave@2 --platform linux" in paths.html
    assert [len(page.html) < LONGEST_PAGE for page in (asset, version, last)] == [True] * 3
