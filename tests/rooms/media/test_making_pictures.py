"""What the makers choose of a version, and what they make of it in their child."""

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import OpenImageIO as oiio  # noqa: N813 — as its documentation writes it
import pytest
from PIL import Image

from catalog.media.asking import Bench
from catalog.media.children import ChildFailed, Nursery
from catalog.media.choice import Candidate
from catalog.media.layout import Layout
from catalog.media.makers.film import FILM_BYTES, write_film, write_strip
from catalog.media.makers.maker import MP4
from catalog.media.makers.table import MAKERS
from catalog.media.making import LARGEST_BYTES, Finished, make
from catalog.media.vocabulary import PreviewKind
from tests import files
from tests.rooms.media.films import GROUND, film
from tests.rooms.media.looking import lay

BY_KIND = {maker.kind: maker for maker in MAKERS}


@pytest.fixture(scope="module")
def watched_bench(nursery: Nursery) -> Bench:
    """A bench whose children coverage can see."""
    return Bench(nursery)


def _chosen(kind: PreviewKind, *given: tuple[str, str]) -> list[tuple[str, ...]]:
    known = [Candidate(path=path, role=role, size_bytes=1000 + len(path)) for path, role in given]
    return list(BY_KIND[kind].choose(known))


def _made(bench: Bench, kind: PreviewKind, folder: Path, *paths: str) -> dict[str, Finished]:
    return {each.made.derivative: each for each in make(BY_KIND[kind], Layout(folder=folder), paths, on=bench)}


def _picture(finished: Finished) -> Image.Image:
    return Image.open(io.BytesIO(finished.content)).convert("RGB")


def test_scene_light_is_no_texture_and_no_measure() -> None:
    given = [
        ("maps/wood_color.exr", "texture_set"),
        ("maps/wood_normal.exr", "texture_set"),
        ("shot_depth.exr", "source"),
        ("shot.exr", "source"),
        ("sky.hdr", "source"),
        ("sky.png", "source"),
    ]

    assert _chosen(PreviewKind.EXPOSURES, *given) == [("shot.exr",), ("sky.hdr",)]
    assert _chosen(PreviewKind.TEXTURES, *given) == [("maps/wood_color.exr", "maps/wood_normal.exr")]


def test_one_map_needs_no_sheet() -> None:
    assert _chosen(PreviewKind.TEXTURES, ("wood_color.png", "texture_set")) == []


def test_turntables_are_no_other_films_and_previews_come_first() -> None:
    given = [("turn.mp4", "turntable"), ("walk_long_take.mov", "source"), ("walk.mov", "preview"), ("a.mp4", "source")]

    assert _chosen(PreviewKind.FILM, *given) == [("walk.mov",), ("walk_long_take.mov",), ("a.mp4",)]


@pytest.mark.parametrize("kind", [PreviewKind.SKY, PreviewKind.EXPOSURES])
def test_a_panorama_has_balls_lies_flat_and_has_exposures(
    watched_bench: Bench, tmp_path: Path, kind: PreviewKind
) -> None:
    lay(tmp_path, {"sky.hdr": files.hdr(64, 32)})

    made = _made(watched_bench, kind, tmp_path, "sky.hdr")

    assert list(made) == list(BY_KIND[kind].derivatives)
    for each in made.values():
        assert _picture(each).size == (each.made.width_px, each.made.height_px)
        assert each.made.caption.endswith("ACES 2.0 SDR 100 nits (sRGB) from linear Rec. 709 (assumed)")


def test_layers_and_textures_are_sheets(watched_bench: Bench, tmp_path: Path) -> None:
    channels = {"R": 0.2, "G": 0.2, "B": 0.2, "Z": 4.0}
    maps = {"a_color.1001.png": files.png(), "a_color.1002.png": files.png()}
    lay(tmp_path, {"shot.exr": files.exr(64, 32, channels=channels), **maps})

    sheets = [
        _made(watched_bench, PreviewKind.LAYERS, tmp_path, "shot.exr")["layers"],
        _made(watched_bench, PreviewKind.TEXTURES, tmp_path, *maps)["textures"],
    ]

    assert [_picture(sheet).width for sheet in sheets] == [1440, 1440]


def test_what_has_nothing_to_show_says_why(watched_bench: Bench, tmp_path: Path) -> None:
    lay(tmp_path, {"shot.exr": files.exr(64, 40)})

    with pytest.raises(ChildFailed, match="64 × 40 pixels of half are no panorama of light"):
        _made(watched_bench, PreviewKind.SKY, tmp_path, "shot.exr")


def test_a_film_has_a_poster_a_strip_and_a_small_film(watched_bench: Bench, tmp_path: Path) -> None:
    film(tmp_path / "walk.mov", codec="prores_ks", pixel_format="yuv422p10le", frames=40, size=(1600, 670), sound=True)

    made = _made(watched_bench, PreviewKind.FILM, tmp_path, "walk.mov")

    poster, strip, small = (made[name] for name in ("film-poster", "film-strip", "film-video"))
    assert (poster.made.width_px, small.made.width_px, small.made.height_px) == (960, 1280, 536)
    assert (strip.made.frame_count, strip.made.frame_width_px, len(strip.content) <= 120_000) == (36, 240, True)
    assert small.made.caption == "without its sound"
    assert small.content.index(b"moov") < small.content.index(b"mdat")
    with av.open(io.BytesIO(small.content), "r") as played:
        assert played.streams.video[0].frames == 40
        assert played.streams.video[0].average_rate == Fraction(24)
        assert not played.streams.audio


@pytest.mark.parametrize("size", [(160, 90), (1280, 720)])
def test_a_small_film_keeps_its_colors(watched_bench: Bench, tmp_path: Path, size: tuple[int, int]) -> None:
    film(tmp_path / "blue.mkv", codec="ffv1", pixel_format="bgr0", frames=3, size=size)

    small = _made(watched_bench, PreviewKind.FILM, tmp_path, "blue.mkv")["film-video"]

    with av.open(io.BytesIO(small.content), "r") as played:
        frame = next(played.decode(video=0))
        assert (frame.colorspace, frame.color_range) == (1, 1)
        pixels = frame.to_ndarray(format="rgb24")
    assert pixels[5, -5].tolist() == pytest.approx(list(GROUND), abs=4)


def _grain(count: int, width: int, height: int) -> Iterator[np.ndarray]:
    """What no encoder makes small."""
    numbers = np.random.default_rng(7)
    for _ in range(count):
        yield numbers.integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_a_film_of_grain_is_whole_and_no_larger_than_it_may_be(tmp_path: Path) -> None:
    path = tmp_path / "grain.mp4"

    write_film(_grain(48, 160, 90), path, frames_per_s=Fraction(24), expected=48, most_bytes=200_000)

    with av.open(str(path), "r") as played:
        assert (played.streams.video[0].frames, path.stat().st_size < 200_000) == (48, True)


def test_a_film_that_is_longer_than_it_says_ends_where_it_is_full(tmp_path: Path) -> None:
    path = tmp_path / "grain.mp4"

    write_film(_grain(240, 160, 90), path, frames_per_s=Fraction(24), expected=24, most_bytes=200_000)

    with av.open(str(path), "r") as played:
        assert 24 < played.streams.video[0].frames < 240
    assert LARGEST_BYTES[MP4] > FILM_BYTES


def test_a_strip_of_grain_has_smaller_frames(tmp_path: Path) -> None:
    strip = write_strip(list(_grain(36, 240, 135)), tmp_path / "strip", width_px=240)

    assert (strip.frame_width_px, strip.width_px) == (106, 636)
    assert (tmp_path / "strip").stat().st_size <= 120_000


@pytest.mark.parametrize("transfer", [0, 3])
def test_a_film_that_leaves_its_transfer_open_is_shown(watched_bench: Bench, tmp_path: Path, transfer: int) -> None:
    film(tmp_path / "open.mxf", frames=2, codec="mpeg2video", pixel_format="yuv422p", transfer=transfer)

    made = _made(watched_bench, PreviewKind.FILM, tmp_path, "open.mxf")

    assert made["film-poster"].made.caption == ""


def test_the_strip_of_a_short_film_has_all_its_frames(watched_bench: Bench, tmp_path: Path) -> None:
    film(tmp_path / "blink.mp4", frames=5)

    strip = _made(watched_bench, PreviewKind.FILM, tmp_path, "blink.mp4")["film-strip"]

    assert strip.made.frame_count == 5


def test_of_a_long_film_the_beginning_is_shown(watched_bench: Bench, tmp_path: Path) -> None:
    film(tmp_path / "night.mp4", frames=3_700, size=(32, 18), rate=25)

    small = _made(watched_bench, PreviewKind.FILM, tmp_path, "night.mp4")["film-video"]

    assert small.made.caption == "its first 144 of 148 s"


def test_a_film_that_was_cut_off_shows_its_beginning(watched_bench: Bench, tmp_path: Path) -> None:
    whole = film(tmp_path / "whole.mkv", frames=48).read_bytes()
    (tmp_path / "cut.mkv").write_bytes(whole[: len(whole) * 2 // 3])

    made = _made(watched_bench, PreviewKind.FILM, tmp_path, "cut.mkv")

    assert 0 < (made["film-strip"].made.frame_count or 0) <= 36


@pytest.mark.parametrize("kind", [PreviewKind.EXPOSURES, PreviewKind.SKY])
def test_a_picture_of_two_pixels_can_be_shown(watched_bench: Bench, tmp_path: Path, kind: PreviewKind) -> None:
    lay(tmp_path, {"dot.hdr": files.hdr(2, 1)})

    made = _made(watched_bench, kind, tmp_path, "dot.hdr")[kind.value]

    assert _picture(made).getextrema() != ((0, 0), (0, 0), (0, 0))


def test_a_panorama_of_20_000_pixels_can_be_shown(watched_bench: Bench, tmp_path: Path) -> None:
    spec = oiio.ImageSpec(20_000, 10_000, 1, "half")
    spec.attribute("compression", "zip")
    gray = oiio.ImageBuf(spec)
    oiio.ImageBufAlgo.fill(gray, (0.18,))
    assert gray.write(str(tmp_path / "sky.exr"))

    made = _made(watched_bench, PreviewKind.SKY, tmp_path, "sky.exr")

    assert [(each.made.width_px, each.made.height_px) for each in made.values()] == [(1280, 640), (2048, 1024)]
