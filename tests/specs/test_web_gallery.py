"""What the pages of an asset and of a version show beside the picture."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from catalog.media.makers.film import write_film
from tests.files import hdr, png
from tests.studio import Studio, entry
from tests.visitors import Visitor, WebPage, visitor

SKY = hdr(64, 32)
VIEW = "ACES 2.0 SDR 100 nits (sRGB) from linear Rec. 709 (assumed)"


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    return visitor(studio, studio.artist)


def _publishes(studio: Studio, code: str, files: dict[str, bytes], *, role: str = "source") -> None:
    studio.artist.registers(code)
    entries = [entry(path, content, role=role) for path, content in files.items()]
    studio.artist.post(f"/assets/{code}/versions", {"files": entries})
    studio.artist.uploads(code, 1, files)
    studio.artist.submits(code, 1)
    studio.settles(details=True)


def _captions(page: WebPage) -> list[str]:
    """The words under each figure of the gallery."""
    found = re.findall(r"<figcaption><strong>.*?</figcaption>", page.html, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", each)).strip() for each in found]


@pytest.mark.parametrize("address", ["/assets/hdr_noon", "/assets/hdr_noon/versions/1"])
def test_a_sky_shows_its_light_and_its_exposures(studio: Studio, artist: Visitor, address: str) -> None:
    _publishes(studio, "hdr_noon", {"noon.hdr": SKY})

    page = artist.opens(address)

    assert _captions(page) == [
        f"Its light a gray ball of 18% and a mirror, its strongest light behind the camera; {VIEW} noon.hdr",
        f"Its light all around, its own middle in the middle; {VIEW} noon.hdr",
        f"Exposures {VIEW} noon.hdr",
    ]
    assert 'alt="Exposures: hdr_noon" loading="lazy"' in page.html


def test_a_film_waits_until_it_is_started(studio: Studio, artist: Visitor, tmp_path: Path) -> None:
    write_film([np.full((90, 160, 3), 90, np.uint8)] * 3, tmp_path / "walk.mp4", frames_per_s=Fraction(25))
    _publishes(studio, "crt_wolf", {"walk.mp4": (tmp_path / "walk.mp4").read_bytes()})

    page = artist.opens("/assets/crt_wolf")

    (video,) = re.findall(r"<video .*?</video>", page.html, re.DOTALL)
    assert 'aria-label="Film: crt_wolf" controls' in video
    assert 'preload="none"' in video
    (film,), (poster,) = re.findall(r' src="([^"]+)"', video), re.findall(r'poster="([^"]+)"', video)
    assert artist.opens(poster).header("Content-Type") == "image/webp"
    assert artist.opens(film).header("Content-Type") == "video/mp4"


def test_maps_are_shown_on_one_sheet(studio: Studio, artist: Visitor) -> None:
    maps = {f"wall_{channel}.png": png(8, 8) for channel in ("color", "normal", "roughness")}
    _publishes(studio, "mat_wall", maps, role="texture_set")

    assert _captions(artist.opens("/assets/mat_wall")) == ["Texture maps 3 maps wall_color.png"]


def test_a_version_without_any_picture_has_no_gallery(studio: Studio, artist: Visitor) -> None:
    _publishes(studio, "ldr_yard", {"notes.txt": b"nothing to see"})

    page = artist.opens("/assets/ldr_yard")

    assert "Gallery" not in page.text
    assert "No picture could be made of its files" in page.text
