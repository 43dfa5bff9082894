"""Sheets of layers, and pictures at several exposures."""

from pathlib import Path, PurePosixPath

import numpy as np
import OpenImageIO as oiio  # noqa: N813 — as its documentation writes it
import pytest
from PIL import Image

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.painters import color, exposures, layers, rows
from catalog.media.painters.sheet import Cell, columns_for, sheet
from tests import files
from tests.rooms.media.looking import lay

BEAUTY = {"R": 0.18, "G": 0.18, "B": 0.18}
ACESCG = (0.713, 0.293, 0.165, 0.83, 0.128, 0.044, 0.32168, 0.33767)


def _source(folder: Path, name: str, content: bytes) -> Source:
    lay(folder, {name: content})
    return Source(folder=str(folder), path=PurePosixPath(name))


def _at(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = image.convert("RGB").getpixel((x, y))
    assert isinstance(found, tuple)
    return tuple(int(value) for value in found)


def _written(path: Path, channels: dict[str, np.ndarray]) -> Source:
    """A float picture of these channels."""
    (height, width), *_ = (values.shape for values in channels.values())
    spec = oiio.ImageSpec(width, height, len(channels), "float")
    spec.channelnames = tuple(channels)
    buffer = oiio.ImageBuf(spec)
    buffer.set_pixels(oiio.ROI(), np.stack(list(channels.values()), axis=2).astype(np.float32))
    assert buffer.write(str(path))
    return Source(folder=str(path.parent), path=PurePosixPath(path.name))


# What ACES 2.0's tone scale for 100 nits gives, computed by hand from its published constants (aces-core 2.0,
# Lib.Academy.Tonescale: g = 1.15, c_d = 10.013, t_1 = 0.04, r_hit = 128), then encoded by IEC 61966-2-1.
@pytest.mark.parametrize("space", ["lin_rec709_scene", "lin_ap1_scene"])
@pytest.mark.parametrize("light,shown", [(0.045, 0.12006), (0.18, 0.34919), (0.72, 0.64211), (4.0, 0.89987)])
def test_gray_patches_are_as_bright_as_the_view_promises(space: str, light: float, shown: float) -> None:
    patch = color.viewed(np.full((2, 2, 3), light, np.float32), color.SourceSpace(name=space, tagged=True))

    assert patch[0, 0] == pytest.approx([shown] * 3, abs=2e-4)


def test_the_strip_shows_two_stops_down_none_and_two_up(tmp_path: Path) -> None:
    canvas = exposures.paint(_source(tmp_path, "gray.exr", files.exr(90, 60, chromaticities=ACESCG)))

    assert canvas.image.width == 1440
    assert [_at(canvas.image, x, 100) for x in (240, 720, 1200)] == [(31,) * 3, (89,) * 3, (164,) * 3]
    assert canvas.caption == "ACES 2.0 SDR 100 nits (sRGB) from ACEScg (tagged)"


def test_a_single_luminance_is_shown_in_gray(tmp_path: Path) -> None:
    canvas = exposures.paint(_source(tmp_path, "y.exr", files.exr(90, 60, channels={"Y": 0.18})))

    assert _at(canvas.image, 720, 100) == (89, 89, 89)
    assert canvas.caption.endswith("(assumed)")


def test_integers_have_no_exposures(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no scene-referred values"):
        exposures.paint(_source(tmp_path, "deep.png", files.png(90, 60, (40_000, 100, 9), bit_depth=16)))


def test_values_beyond_every_camera_are_white(tmp_path: Path) -> None:
    pixels = np.full((60, 90), 3e38, np.float32)

    canvas = exposures.paint(_written(tmp_path / "sun.exr", {"R": pixels, "G": pixels, "B": pixels}))

    assert _at(canvas.image, 720, 100) == (255, 255, 255)


def test_a_sheet_shows_every_layer(tmp_path: Path) -> None:
    channels = {**BEAUTY, "A": 0.5, "Z": 12.0, "diffuse.R": 0.18, "diffuse.G": 0.0, "diffuse.B": 0.0}

    canvas = layers.paint(_source(tmp_path, "shot.exr", files.exr(90, 60, channels=channels)))

    assert canvas.caption == "4 layers; colors in ACES 2.0 SDR 100 nits (sRGB) from linear Rec. 709 (assumed)"
    assert _at(canvas.image, 300, 200) == (89, 89, 89)
    assert _at(canvas.image, 1000, 200) == (128, 128, 128)


def test_a_picture_of_one_layer_needs_no_sheet(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no two layers"):
        layers.paint(_source(tmp_path, "shot.exr", files.exr(90, 60)))


def test_a_hundred_layers_are_bounded(tmp_path: Path) -> None:
    channels = {f"light{number:03}.{each}": 0.1 for number in range(100) for each in "RGB"}

    canvas = layers.paint(_source(tmp_path, "lights.exr", files.exr(16, 9, channels=channels)))

    assert canvas.caption.startswith("36 of 100 layers")
    assert canvas.image.height < 1600


DEPTHS = np.full((40, 60), 5.0)
DEPTHS[:, 20:40] = 50.0
DEPTHS[:, 40:] = np.inf


def test_near_is_bright_far_is_dark_and_nothing_is_black(tmp_path: Path) -> None:
    source = _written(tmp_path / "depth.exr", {"A": np.zeros((40, 60)), "Z": DEPTHS})

    image = layers.paint(source).image

    assert [_at(image, x, 200)[0] for x in (800, 1060, 1340)] == [255, 20, 0]


def test_an_empty_depth_is_black(tmp_path: Path) -> None:
    nothing = np.full((40, 60), 1e10)

    image = layers.paint(_written(tmp_path / "far.exr", {"A": nothing * 0, "Z": nothing})).image

    assert _at(image, 1000, 200) == (0, 0, 0)


def test_depths_are_picked_and_not_mixed(tmp_path: Path) -> None:
    stripes = np.where(np.arange(2000) % 2, 1000.0, 1.0)[None, :].repeat(4, axis=0)
    source = _written(tmp_path / "fence.exr", {"Z": stripes})

    with rows.opened(source) as picture:
        found = rows.reduced(picture, 0, (0,), side_px=500, exact=True)

    assert set(np.unique(found)) <= {1.0, 1000.0}


def test_vectors_lie_around_gray_and_coordinates_are_shown_as_they_are(tmp_path: Path) -> None:
    ones = np.ones((40, 60))
    channels = {"N.X": -ones, "N.Y": ones, "N.Z": ones * 0, "uv.u": ones, "uv.v": ones * 0.5, "mv.x": ones * 40}
    channels["mv.y"] = ones * -40

    image = layers.paint(_written(tmp_path / "data.exr", channels)).image

    assert _at(image, 300, 150) == (0, 255, 128)
    assert _at(image, 1000, 150) == (255, 0, 128)
    assert _at(image, 300, 700) == (255, 128, 0)


def test_identifiers_and_cryptomattes_have_false_colors(tmp_path: Path) -> None:
    names = np.where(np.arange(60) < 30, np.float32(1.7e-9), np.float32(-3.2e8))[None, :].repeat(40, axis=0)
    full, none = np.ones((40, 60)), np.zeros((40, 60))
    channels = {"crypto00.r": names, "crypto00.g": full, "crypto00.b": none, "crypto00.a": none, "id": names}

    canvas = layers.paint(_written(tmp_path / "ids.exr", channels))

    left, right = _at(canvas.image, 200, 200), _at(canvas.image, 600, 200)
    assert left != right
    assert min(max(left), max(right)) > 100
    assert _at(canvas.image, 900, 200) == left


def test_a_mask_is_shown_as_it_is_and_other_values_in_their_range(tmp_path: Path) -> None:
    slope = np.linspace(-10, 30, 60)[None, :].repeat(40, axis=0)

    image = layers.paint(_written(tmp_path / "masks.exr", {"a.m": slope * 0 + 0.25, "b.m": slope})).image

    assert _at(image, 300, 200) == (64, 64, 64)
    assert _at(image, 740, 200)[0] < 20
    assert _at(image, 1400, 200)[0] > 235


def test_a_deep_picture_has_no_sheet(tmp_path: Path) -> None:
    spec = oiio.ImageSpec(32, 32, 2, "float")
    spec.channelnames, spec.deep = ("A", "Z"), True
    written = oiio.ImageOutput.create(str(tmp_path / "fog.exr"))
    assert written is not None
    assert written.open(str(tmp_path / "fog.exr"), spec)
    samples = oiio.DeepData()
    samples.init(spec)
    written.write_deep_image(samples)
    written.close()

    with pytest.raises(InvalidInput, match="no two layers"):
        layers.paint(Source(folder=str(tmp_path), path=PurePosixPath("fog.exr")))


def test_many_channels_are_read_in_runs_that_fit(tmp_path: Path) -> None:
    channels = {f"l{number:02}.v": np.full((2, 4000), number / 40) for number in range(40)}
    source = _written(tmp_path / "wide.exr", channels)

    with rows.opened(source) as picture:
        found = rows.reduced(picture, 0, tuple(range(40)), side_px=4)

    assert found[0, 0] == pytest.approx(np.arange(40) / 40, abs=1e-4)


def test_long_names_are_shortened_in_their_middle() -> None:
    wide, tall = Image.new("RGB", (40, 20), (9, 200, 9)), Image.new("RGB", (2, 20), (200, 9, 9))
    cells = [Cell(name="a" * 400, note="", image=wide), Cell(name="b", note="", image=tall)]

    made = sheet(cells, columns=2)

    assert made.width == 1440
    assert _at(made, 300, 400) == (9, 200, 9)


@pytest.mark.parametrize("count,columns", [(1, 1), (2, 2), (4, 2), (5, 3), (17, 5), (36, 6), (90, 6)])
def test_sheets_are_about_as_wide_as_high(count: int, columns: int) -> None:
    assert columns_for(count) == columns
