"""The poster of a film."""

from pathlib import Path, PurePosixPath

import pytest

from catalog.kernel.errors import InvalidInput
from catalog.media.asking import Bench
from catalog.media.facts import Source
from catalog.media.painters import film as painter
from tests.rooms.media.films import film
from tests.rooms.media.looking import drawn, picture, pixel


def _source(path: Path) -> Source:
    return Source(folder=str(path.parent), path=PurePosixPath(path.name))


def test_the_poster_is_the_first_frame(tmp_path: Path) -> None:
    image = painter.paint(_source(film(tmp_path / "turn.mp4"))).image

    assert image.size == (160, 90)
    assert image.getpixel((3, 40)) == pytest.approx((240, 240, 240), abs=12)
    assert image.getpixel((150, 40)) == pytest.approx((20, 60, 120), abs=12)


def test_a_plain_first_frame_is_passed_over(tmp_path: Path) -> None:
    path = film(tmp_path / "fade.mp4", frames=48, plain=6)

    image = painter.paint(_source(path)).image

    colors = image.convert("L").getextrema()
    assert colors[1] - colors[0] > 100  # type: ignore[operator]  # one band has two numbers


def test_a_film_of_one_color_has_a_poster(tmp_path: Path) -> None:
    image = painter.paint(_source(film(tmp_path / "slate.mp4", plain=24))).image

    assert image.getpixel((80, 45)) == pytest.approx((20, 60, 120), abs=12)


def test_a_large_frame_is_reduced_and_keeps_its_proportions(tmp_path: Path) -> None:
    image = painter.paint(_source(film(tmp_path / "wide.mov", frames=2, size=(2048, 858)))).image

    assert image.size == (960, 402)


def test_frames_with_narrow_pixels_are_shown_wide(tmp_path: Path) -> None:
    image = painter.paint(_source(film(tmp_path / "scope.mov", frames=2, size=(160, 120), pixel_shape=2))).image

    assert image.size == (320, 120)


def test_a_film_of_a_phone_is_shown_upright(tmp_path: Path) -> None:
    image = painter.paint(_source(film(tmp_path / "phone.mp4", frames=2, rotation=90))).image

    assert image.size == (90, 160)
    assert image.getpixel((45, 157)) == pytest.approx((240, 240, 240), abs=12)


def test_a_film_that_was_cut_off_shows_its_beginning(tmp_path: Path) -> None:
    whole = film(tmp_path / "whole.mkv", frames=48).read_bytes()
    (tmp_path / "cut.mkv").write_bytes(whole[: len(whole) * 2 // 3])

    assert painter.paint(_source(tmp_path / "cut.mkv")).image.size == (160, 90)


def test_high_dynamic_range_is_told(tmp_path: Path) -> None:
    path = film(tmp_path / "bright.mov", pixel_format="yuv420p10le", frames=2, transfer=16)

    assert painter.paint(_source(path)).caption == "PQ shown without tone mapping"


def test_frames_larger_than_any_camera_are_refused(tmp_path: Path) -> None:
    path = film(tmp_path / "huge.mkv", codec="rawvideo", pixel_format="gray", frames=1, size=(16_400, 4_100))

    with pytest.raises(InvalidInput, match="more than a preview is made of"):
        painter.paint(_source(path))


def test_a_film_without_frames_has_no_poster(tmp_path: Path) -> None:
    content = film(tmp_path / "turn.mp4").read_bytes()
    start = content.index(b"mdat") + 4
    (tmp_path / "hollow.mp4").write_bytes(content[:start] + bytes(len(content[start:-900])) + content[-900:])

    with pytest.raises(InvalidInput):
        painter.paint(_source(tmp_path / "hollow.mp4"))


def test_films_are_drawn_in_a_child(bench: Bench, tmp_path: Path) -> None:
    film(tmp_path / "turn.mov", codec="prores_ks", pixel_format="yuv422p10le")

    image = picture(drawn(bench, tmp_path, "turn.mov"))

    assert pixel(image, 0.9, 0.5) == pytest.approx((20, 60, 120), abs=14)
