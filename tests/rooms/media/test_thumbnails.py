"""The three sizes and the color that stands in for them."""

import io

import numpy as np
import pytest
from PIL import Image

from catalog.media.thumbnails import dominant_color, thumbnails_of


def _sizes(image: Image.Image) -> list[tuple[int, int]]:
    thumbnails, _ = thumbnails_of(image)
    return [(each.width_px, each.height_px) for each in thumbnails]


def test_the_longest_side_has_240_480_and_960_pixels() -> None:
    assert _sizes(Image.new("RGB", (2000, 1000))) == [(240, 120), (480, 240), (960, 480)]


def test_a_picture_is_not_enlarged() -> None:
    assert _sizes(Image.new("RGB", (300, 100))) == [(240, 80), (300, 100), (300, 100)]


def test_a_picture_of_two_pixels_is_enlarged_so_that_they_can_be_seen() -> None:
    tiny = Image.new("RGB", (2, 1))
    tiny.putdata([(255, 0, 0), (0, 0, 255)])

    (small, *_), _ = thumbnails_of(tiny)

    shown = Image.open(io.BytesIO(small.decoded())).convert("RGB")
    assert shown.size == (240, 120)
    assert shown.getpixel((30, 60))[0] > 200  # type: ignore[index]  # RGB
    assert shown.getpixel((210, 60))[2] > 200  # type: ignore[index]  # RGB


@pytest.mark.parametrize("size", [(20_000, 10), (10, 20_000), (1, 1), (960, 1)])
def test_extreme_shapes_keep_at_least_one_pixel(size: tuple[int, int]) -> None:
    for width, height in _sizes(Image.new("RGB", size)):
        assert 1 <= width <= 960
        assert 1 <= height <= 960


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "F"])
def test_every_mode_becomes_webp(mode: str) -> None:
    (small, *_), _ = thumbnails_of(Image.new(mode, (80, 70)))

    assert Image.open(io.BytesIO(small.decoded())).format == "WEBP"


def test_transparency_shows_a_dark_checkerboard() -> None:
    (small, *_), _ = thumbnails_of(Image.new("RGBA", (100, 100), (255, 255, 255, 0)))

    shown = Image.open(io.BytesIO(small.decoded())).convert("RGB")
    colors = {shown.getpixel(place) for place in ((8, 8), (24, 8))}
    assert len(colors) == 2
    assert all(max(color) < 80 for color in colors)  # type: ignore[arg-type]  # RGB


@pytest.mark.parametrize(
    "color,name",
    [
        ((0, 0, 0), "dc-00"),
        ((255, 255, 255), "dc-3f"),
        ((255, 0, 0), "dc-30"),
        ((0, 255, 0), "dc-0c"),
        ((0, 0, 255), "dc-03"),
        ((90, 80, 85), "dc-15"),
        ((130, 75, 65), "dc-24"),
        ((60, 70, 100), "dc-06"),
    ],
)
def test_the_dominant_color_is_one_of_64(color: tuple[int, int, int], name: str) -> None:
    assert dominant_color(Image.new("RGB", (20, 20), color)) == name


def test_the_most_frequent_color_dominates() -> None:
    image = Image.new("RGB", (90, 90), (255, 0, 0))
    image.paste((0, 0, 255), (0, 0, 90, 30))

    assert dominant_color(image) == "dc-30"


def test_a_vivid_color_tells_more_than_a_gray_around_it() -> None:
    image = Image.new("RGB", (90, 90), (128, 128, 128))
    image.paste((220, 60, 20), (0, 0, 90, 20))

    assert dominant_color(image) == "dc-34"


def test_a_backdrop_is_no_color_of_what_stands_before_it() -> None:
    image = Image.new("RGB", (90, 90), (23, 26, 33))
    image.paste((19, 22, 28), (0, 80, 90, 90))
    image.paste((200, 30, 20), (30, 30, 60, 60))

    assert dominant_color(image, backdrop=(23, 26, 33)) == "dc-20"
    assert dominant_color(image) == "dc-00"


def test_where_there_is_nothing_but_backdrop_its_color_dominates() -> None:
    assert dominant_color(Image.new("RGB", (90, 90), (23, 26, 33)), backdrop=(23, 26, 33)) == "dc-00"


def test_what_is_transparent_has_no_color() -> None:
    image = Image.new("RGBA", (90, 90), (0, 0, 255, 0))
    image.paste((255, 0, 0, 255), (30, 30, 60, 60))

    _, color = thumbnails_of(image)

    assert color == "dc-30"


def _rich() -> Image.Image:
    """Detail at every size and in every color, as much as nature has: noise whose strength falls with its frequency."""
    chance, size = np.random.default_rng(7), (900, 1200)
    rising = np.hypot(np.fft.fftfreq(size[0])[:, None], np.fft.rfftfreq(size[1])[None])
    rising[0, 0] = 1
    waves = [np.fft.irfft2(np.fft.rfft2(chance.standard_normal(size)) / rising, s=size) for _ in range(3)]
    return Image.fromarray(np.dstack([(255 * (one - one.min()) / np.ptp(one)).astype(np.uint8) for one in waves]))


def test_a_screen_of_thirty_cards_full_of_detail_weighs_less_than_600_kb() -> None:
    small = thumbnails_of(_rich())[0][0]

    assert small.side_px == 240
    assert 30 * len(small.decoded()) < 600_000
