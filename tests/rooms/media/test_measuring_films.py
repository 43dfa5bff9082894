"""Facts of films, as their containers tell them."""

from pathlib import Path, PurePosixPath

import pytest

from catalog.media.asking import Bench
from tests.rooms.media.films import film
from tests.rooms.media.looking import facts, findings, inspected


def test_a_film_tells_its_codec_frames_and_time(tmp_path: Path) -> None:
    film(tmp_path / "turn.mov", frames=36, size=(160, 90), rate=24, timecode="01:00:00:00")

    assert facts(tmp_path, "turn.mov") == {
        "size_bytes": (tmp_path / "turn.mov").stat().st_size,
        "media_type": "video/quicktime",
        "width_px": 160,
        "height_px": 90,
        "bit_depth": 8,
        "pixel_type": "yuv420p",
        "codec": "h264 High",
        "frames_per_second": 24.0,
        "frame_count": 36,
        "duration_s": 1.5,
        "timecode": "01:00:00:00",
    }


def test_a_film_for_cutting_keeps_its_depth(tmp_path: Path) -> None:
    film(tmp_path / "plate.mov", codec="prores_ks", pixel_format="yuv422p10le", frames=4)

    found = facts(tmp_path, "plate.mov")

    assert (found["pixel_type"], found["bit_depth"]) == ("yuv422p10le", 10)
    assert str(found["codec"]).startswith("prores")


def test_the_sound_of_a_film_is_told(tmp_path: Path) -> None:
    film(tmp_path / "talk.mp4", sound=True)

    assert facts(tmp_path, "talk.mp4")["sound"] == "aac, stereo"


def test_frames_that_a_container_does_not_count_are_inferred(tmp_path: Path) -> None:
    film(tmp_path / "web.mkv", frames=48)

    (count,) = (fact for fact in inspected(tmp_path, "web.mkv").facts if fact.key == "frame_count")

    assert (count.value, count.evidence) == (48, "inferred")


@pytest.mark.parametrize(
    "name,content",
    [
        ("cut.mov", b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + b"\xff" * 400),
        ("cut.mkv", b"\x1a\x45\xdf\xa3" + b"\0" * 400),
        ("cut.mxf", b"\x06\x0e\x2b\x34\x02\x05\x01\x01" + b"\0" * 400),
    ],
)
def test_a_damaged_film_is_found_out(tmp_path: Path, name: str, content: bytes) -> None:
    assert findings(tmp_path, name, content) == ["unreadable"]


def test_a_film_of_sound_alone_is_no_film(tmp_path: Path) -> None:
    film(tmp_path / "noise.mp4", frames=0, sound=True)

    assert findings(tmp_path, "noise.mp4") == ["unreadable"]


def test_films_are_measured_in_a_child(bench: Bench, tmp_path: Path) -> None:
    film(tmp_path / "turn.mp4", frames=12)

    (inspection,) = bench.measure(tmp_path, [PurePosixPath("turn.mp4")])

    assert {str(fact.key): fact.value for fact in inspection.facts}["frame_count"] == 12
