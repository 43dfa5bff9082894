"""The balls that show what a panorama lights."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np
import pytest

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.painters import sky
from tests import files
from tests.rooms.media.looking import lay

TOWARDS, RIGHT, UP = [0, 0, 1], [1, 0, 0], [0, 1, 0]


def _normals(*vectors: Sequence[float]) -> np.ndarray:
    return np.array(vectors, np.float32)


def _panorama() -> np.ndarray:
    return np.zeros((64, 128, 3), np.float32)


def test_even_light_makes_the_matte_ball_middle_gray_and_the_mirror_white() -> None:
    even = np.ones((100, 201, 3), np.float32)
    normals = _normals(TOWARDS, RIGHT, UP, [0, -1, 0])

    assert sky.scattered(even, normals) == pytest.approx(np.full((4, 3), 0.18), abs=1e-3)
    assert sky.mirrored(even, normals) == pytest.approx(np.ones((4, 3)), abs=1e-5)


def test_a_small_sun_lights_by_the_cosine() -> None:
    panorama = _panorama()
    panorama[31:33, 95:97] = 1000.0  # a quarter turn to the right of the middle, on the horizon
    solid_angle = 4 * (2 * np.pi / 128) * (np.pi / 64)

    facing, aslant, away = sky.scattered(panorama, _normals(RIGHT, [0.5, 0, 0.8660254], [-1, 0, 0]))[:, 0]

    assert facing == pytest.approx(0.18 / np.pi * 1000 * solid_angle, rel=0.01)
    assert aslant == pytest.approx(facing / 2, rel=0.02)
    assert away == pytest.approx(0, abs=float(facing) / 100)


def test_the_mirror_shows_what_is_behind_the_camera_in_its_middle_and_what_is_above_it_above() -> None:
    panorama = _panorama()
    panorama[:, :8, 0] = panorama[:, -8:, 0] = 1  # behind
    panorama[:4, :, 1] = 1  # above
    half = 0.70710678

    middle, upper, right = sky.mirrored(panorama, _normals(TOWARDS, [0, half, half], [half, 0, half]))

    assert list(middle) == [1, 0, 0]
    assert upper[1] == pytest.approx(1, abs=1e-3)
    assert list(right) == [0, 0, 0]


def test_the_strongest_light_is_turned_behind_the_camera() -> None:
    panorama = _panorama()
    panorama[20, 64] = 500.0

    turned = sky.turned(panorama)

    assert np.argmax(turned[20].sum(axis=1)) == pytest.approx(64 - 128 * 130 / 360, abs=1)


def test_even_light_is_not_turned() -> None:
    panorama = np.ones((64, 128, 3), np.float32)
    panorama[:, 3] = 1.01

    assert sky.turned(panorama) is panorama


def test_the_picture_says_what_it_shows(tmp_path: Path) -> None:
    lay(tmp_path, {"sky.hdr": files.hdr(64, 32)})

    canvas = sky.balls(sky.panorama_of(Source(folder=str(tmp_path), path=PurePosixPath("sky.hdr"))))

    assert canvas.image.size == (1280, 640)
    assert canvas.caption == (
        "a gray ball of 18% and a mirror, its strongest light behind the camera; "
        "ACES 2.0 SDR 100 nits (sRGB) from linear Rec. 709 (assumed)"
    )
    assert canvas.image.getpixel((333, 320)) == pytest.approx((89, 89, 89), abs=1)
    assert canvas.image.getpixel((947, 320)) == pytest.approx((180, 180, 180), abs=1)


def test_a_panorama_is_shown_flat_as_it_lies(tmp_path: Path) -> None:
    lay(tmp_path, {"sky.hdr": files.hdr(64, 32)})

    canvas = sky.flat(sky.panorama_of(Source(folder=str(tmp_path), path=PurePosixPath("sky.hdr"))))

    assert canvas.image.size == (64, 32)
    assert canvas.caption == (
        "all around, its own middle in the middle; ACES 2.0 SDR 100 nits (sRGB) from linear Rec. 709 (assumed)"
    )
    assert canvas.image.getpixel((20, 10)) == pytest.approx((180, 180, 180), abs=1)


@pytest.mark.parametrize("name,content", [("plate.exr", files.exr(64, 40)), ("pano.png", files.png(64, 32))])
def test_what_is_no_panorama_of_light_has_no_balls(tmp_path: Path, name: str, content: bytes) -> None:
    lay(tmp_path, {name: content})

    with pytest.raises(InvalidInput, match="no panorama of light"):
        sky.panorama_of(Source(folder=str(tmp_path), path=PurePosixPath(name)))
