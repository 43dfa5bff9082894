"""The sheet of texture maps."""

from pathlib import Path

import pytest
from PIL import Image

from catalog.kernel.errors import InvalidInput
from catalog.media.painters import textures
from tests import files
from tests.rooms.media.looking import lay, pixel

RED, GREEN, BLUE = (200, 30, 40), (30, 200, 40), (30, 40, 200)


def _colors(image: Image.Image, *places: tuple[float, float]) -> list[str]:
    """Which of red, green and blue is the strongest there, or none."""
    found = []
    for place in places:
        values = pixel(image, *place)
        found.append("none" if max(values) - min(values) < 60 else ("red", "green", "blue")[values.index(max(values))])
    return found


def test_tiles_lie_in_their_places(tmp_path: Path) -> None:
    tiles = {"a_color.1001.png": RED, "a_color.1002.png": GREEN, "a_color.1012.png": BLUE}
    lay(tmp_path, {name: files.png(64, 64, color) for name, color in tiles.items()})

    canvas = textures.paint(str(tmp_path), list(tiles))

    assert _colors(canvas.image, (0.3, 0.7), (0.7, 0.7), (0.7, 0.3), (0.3, 0.3)) == ["red", "green", "blue", "none"]
    assert canvas.caption == "1 map, 3 tiles in their places"


def test_maps_of_one_picture_are_shown_beside_each_other(tmp_path: Path) -> None:
    maps = {"a_color.png": files.png(64, 32, RED), "a_normal.png": files.png(64, 32, BLUE)}

    canvas = textures.paint(str(lay(tmp_path, maps)), list(maps))

    assert _colors(canvas.image, (0.25, 0.3), (0.75, 0.3)) == ["red", "blue"]
    assert canvas.caption == "2 maps"


def test_tiles_too_far_apart_are_shown_in_their_order(tmp_path: Path) -> None:
    tiles = {"a_color.1001.png": files.png(8, 8, RED), "a_color.1910.png": files.png(8, 8, GREEN)}

    canvas = textures.paint(str(lay(tmp_path, tiles)), list(tiles))

    assert _colors(canvas.image, (0.25, 0.5), (0.75, 0.5)) == ["red", "green"]


def test_a_damaged_tile_is_told_and_left_empty(tmp_path: Path) -> None:
    tiles = {"a_color.1001.png": files.png(8, 8, RED), "a_color.1002.png": b"no picture"}

    canvas = textures.paint(str(lay(tmp_path, tiles)), list(tiles))

    assert _colors(canvas.image, (0.25, 0.5), (0.75, 0.5)) == ["red", "none"]
    assert canvas.caption.endswith("not readable: a_color.1002.png")


def test_textures_that_are_all_damaged_have_no_sheet(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="none of its textures can be read"):
        textures.paint(str(lay(tmp_path, {"a_color.png": b"no picture"})), ["a_color.png"])


def test_many_maps_are_bounded_and_of_several_sets_named(tmp_path: Path) -> None:
    maps = {f"part{number:02}_color.png": files.png(4, 4, RED) for number in range(40)}

    canvas = textures.paint(str(lay(tmp_path, maps)), list(maps))

    assert canvas.caption == "36 of 40 maps"


def test_a_map_of_floats_that_holds_measures_is_shown_as_stored(tmp_path: Path) -> None:
    channels = {"R": 0.5, "G": 0.5, "B": 1.0}
    maps = {"a_normal.exr": files.exr(64, 64, channels=channels)}

    image = textures.paint(str(lay(tmp_path, maps)), list(maps)).image

    assert pixel(image, 0.5, 0.4) == pytest.approx((128, 128, 255), abs=1)
