"""Getting previews over HTTP: what shows a version, in whole or in part."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import png
from tests.rooms.media.films import film as write_film
from tests.studio import Studio, digest, entry
from tests.visitors import Visitor, visitor


@pytest.fixture
def film(tmp_path: Path) -> bytes:
    """A short film, of which turntables are made sooner than of a model."""
    return write_film(tmp_path / "turn.mp4", frames=3).read_bytes()


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    return visitor(studio, studio.artist)


def _publishes(studio: Studio, film: bytes) -> None:
    studio.artist.registers("prp_cup")
    files = [entry("turn.mp4", film, role="turntable"), entry("cup.png", png(300, 200))]
    studio.artist.post("/assets/prp_cup/versions", {"files": files})
    studio.artist.uploads("prp_cup", 1, {"turn.mp4": film, "cup.png": png(300, 200)})
    studio.artist.submits("prp_cup", 1)


def _previews(studio: Studio) -> dict[str, Any]:
    return {one["derivative"]: one for one in studio.artist.get("/assets/prp_cup/versions/1").previews}


def test_thumbnails_come_first_and_nobody_waits_for_the_rest(studio: Studio, film: bytes) -> None:
    _publishes(studio, film)
    studio.settles()

    early = studio.artist.get("/assets/prp_cup/versions/1")
    studio.settles(details=True)

    assert ({one["kind"] for one in early.previews}, early.pending) == ({"thumbnail"}, [])
    assert sorted(_previews(studio)) == [
        "thumbnail-240",
        "thumbnail-480",
        "thumbnail-960",
        "turntable-strip",
        "turntable-video",
    ]


def test_a_preview_says_what_it_is(studio: Studio, film: bytes) -> None:
    _publishes(studio, film)
    studio.settles(details=True)

    strip = _previews(studio)["turntable-strip"]

    assert {name: strip[name] for name in ("kind", "media_type", "width_px", "height_px", "dominant_color")} == {
        "kind": "turntable",
        "media_type": "image/webp",
        "width_px": 720,
        "height_px": 135,
        "dominant_color": None,
    }
    assert (strip["frame_count"], strip["frame_width_px"], strip["frame_height_px"]) == (3, 240, 135)


def test_a_card_has_the_strip_that_turns_under_a_pointer(studio: Studio, film: bytes) -> None:
    _publishes(studio, film)
    studio.settles()
    before = studio.artist.get("/search?q=prp_cup").items[0]["strip"]
    studio.settles(details=True)

    card = studio.artist.get("/search?q=prp_cup").items[0]

    address = _previews(studio)["turntable-strip"]["url"]
    sizes = {"frame_count": 3, "columns": 3, "frame_width_px": 240, "frame_height_px": 135}
    assert (before, card["strip"]) == (None, {"url": address, **sizes})


@pytest.mark.parametrize("role,word", [("turntable", "Turn"), ("preview", "Play")])
def test_the_picture_of_an_asset_turns_where_a_film_is_a_turntable_and_plays_else(
    studio: Studio, artist: Visitor, film: bytes, role: str, word: str
) -> None:
    studio.artist.registers("prp_cup")
    studio.artist.post("/assets/prp_cup/versions", {"files": [entry("take.mp4", film, role=role)]})
    studio.artist.uploads("prp_cup", 1, {"take.mp4": film})
    studio.artist.submits("prp_cup", 1)
    studio.settles(details=True)

    page = artist.opens("/assets/prp_cup")

    assert [said for said in ("Turn", "Play") if f"</svg>{said}</button>" in page.html] == [word]


def test_a_film_is_given_in_parts(studio: Studio, film: bytes) -> None:
    _publishes(studio, film)
    studio.settles(details=True)
    made = _previews(studio)["turntable-video"]
    whole = studio.artist.get("/previews/" + made["sha256"])

    part = studio.artist.get("/previews/" + made["sha256"], Range="bytes=4-7")

    assert (whole.status, whole.response.content_type) == (200, "video/mp4")
    assert digest(whole.response.data) == made["sha256"]
    assert (part.status, part.response.data) == (206, b"ftyp")
    assert part.response.headers["Content-Range"] == f"bytes 4-7/{made['size_bytes']}"
    assert part.response.headers["Content-Length"] == "4"


def test_a_part_that_is_not_there_is_refused_with_the_size(studio: Studio, film: bytes) -> None:
    _publishes(studio, film)
    studio.settles(details=True)
    made = _previews(studio)["turntable-video"]

    beyond = studio.artist.get("/previews/" + made["sha256"], Range="bytes=99999999-")

    assert (beyond.status, beyond.code) == (416, "bad-range")
    assert beyond.response.headers["Content-Range"] == f"bytes */{made['size_bytes']}"


def test_pages_play_the_same_bytes_in_parts(studio: Studio, artist: Visitor, film: bytes) -> None:
    _publishes(studio, film)
    studio.settles(details=True)
    made = _previews(studio)["turntable-video"]

    part = artist.opens("/previews/" + made["sha256"], Range="bytes=4-7")

    assert (part.status, part.response.data, part.header("Content-Type")) == (206, b"ftyp", "video/mp4")
    assert part.header("Accept-Ranges") == "bytes"


def test_a_page_says_that_a_part_is_not_there(studio: Studio, artist: Visitor, film: bytes) -> None:
    _publishes(studio, film)
    studio.settles(details=True)
    made = _previews(studio)["turntable-video"]

    beyond = artist.opens("/previews/" + made["sha256"], Range="bytes=99999999-")

    assert beyond.status == 416
