"""Facts of pictures, read from headers."""

from pathlib import Path

import pytest
from PIL import Image

from tests import files
from tests.rooms.media.looking import facts, findings, inspected, lay


def test_a_png_tells_its_size_channels_and_depth(tmp_path: Path) -> None:
    assert facts(tmp_path, "wood.png", files.png(40, 30)) == {
        "size_bytes": 101,
        "media_type": "image/png",
        "width_px": 40,
        "height_px": 30,
        "channel_count": 3,
        "channel_names": ("R", "G", "B"),
        "bit_depth": 8,
        "pixel_type": "uint8",
        "color_space": "srgb_rec709_scene",
        "tiled": False,
        "part_count": 1,
    }


def test_a_sixteen_bit_png_keeps_its_depth(tmp_path: Path) -> None:
    found = facts(tmp_path, "height.png", files.png(color=(40_000,), bit_depth=16))

    assert (found["bit_depth"], found["pixel_type"], found["channel_count"]) == (16, "uint16", 1)


def test_an_exr_tells_its_layers_and_compression(tmp_path: Path) -> None:
    channels = {"R": 1.0, "G": 1.0, "B": 1.0, "A": 1.0, "diffuse.R": 0.5, "diffuse.G": 0.5, "diffuse.B": 0.5}

    found = facts(tmp_path, "beauty.exr", files.exr(8, 4, channels=channels))

    assert found["channel_names"] == ("R", "G", "B", "A", "diffuse.R", "diffuse.G", "diffuse.B")
    assert (found["bit_depth"], found["pixel_type"], found["compression"]) == (16, "half", "none")


def test_an_exr_with_overscan_tells_both_windows(tmp_path: Path) -> None:
    found = facts(tmp_path, "overscan.exr", files.exr(20, 10, display_window=(2, 1, 17, 8)))

    assert (found["width_px"], found["height_px"]) == (16, 8)
    assert found["data_window"] == (0, 0, 20, 10)


def test_an_exr_with_subsampled_chroma_is_read_by_hand(tmp_path: Path) -> None:
    found = facts(tmp_path, "film.exr", files.luminance_chroma_exr(6, 4))

    assert (found["width_px"], found["height_px"]) == (6, 4)
    assert found["channel_names"] == ("BY", "RY", "Y")
    assert found["bit_depth"] == 16


@pytest.mark.parametrize(
    "name,content,width,depth", [("sky.hdr", files.hdr(8, 4), 8, 32), ("plate.dpx", files.dpx(5, 3), 5, 10)]
)
def test_hdr_and_dpx_are_read(tmp_path: Path, name: str, content: bytes, width: int, depth: int) -> None:
    found = facts(tmp_path, name, content)

    assert (found["width_px"], found["bit_depth"]) == (width, depth)


@pytest.mark.parametrize("extension", ["jpg", "webp", "tif", "bmp", "gif", "tga", "avif"])
def test_common_pictures_are_read(tmp_path: Path, extension: str) -> None:
    Image.new("RGB", (12, 8), (10, 20, 30)).save(tmp_path / f"a.{extension}")

    found = facts(tmp_path, f"a.{extension}")

    assert (found["width_px"], found["height_px"]) == (12, 8)


def test_a_guessed_color_space_is_said_to_be_inferred(tmp_path: Path) -> None:
    evidence = {fact.key: fact.evidence for fact in inspected(tmp_path, "a.png", files.png()).facts}

    assert evidence["color_space"] == "inferred"  # type: ignore[index]  # a StrEnum is its word
    assert evidence["width_px"] == "measured"  # type: ignore[index]  # as above


def test_every_fact_names_its_tool_and_version(tmp_path: Path) -> None:
    tools = {(fact.tool, bool(fact.tool_version)) for fact in inspected(tmp_path, "a.png", files.png()).facts}

    assert tools == {("OpenImageIO", True), ("reprise", True)}


def test_an_empty_file_is_a_finding(tmp_path: Path) -> None:
    assert findings(tmp_path, "nothing.png", b"") == ["empty"]
    assert facts(tmp_path, "nothing.png", b"")["size_bytes"] == 0


def test_an_extension_that_lies_is_a_finding_and_the_content_is_read(tmp_path: Path) -> None:
    assert findings(tmp_path, "plate.exr", files.png(7, 5)) == ["extension-lies"]
    assert facts(tmp_path, "plate.exr", files.png(7, 5))["width_px"] == 7


@pytest.mark.parametrize(
    "name,content",
    [
        ("cut.png", files.png(40, 30)[:20]),
        ("bomb.png", files.png_bomb()),
        ("cut.exr", files.exr(40, 30)[:60]),
        ("noise.exr", b"\x76\x2f\x31\x01\x02\0\0\0" + bytes(range(256)) * 8),
        ("cut.jpg", b"\xff\xd8\xff\xe0" + bytes(30)),
    ],
)
def test_a_picture_that_cannot_be_read_keeps_size_and_type(tmp_path: Path, name: str, content: bytes) -> None:
    assert findings(tmp_path, name, content) == ["unreadable"]
    assert facts(tmp_path, name, content)["size_bytes"] == len(content)


def test_an_exr_that_was_cut_off_is_found_out(tmp_path: Path) -> None:
    whole = files.exr(40, 30)

    assert findings(tmp_path, "cut.exr", whole[: len(whole) // 2]) == ["damaged"]


def test_messages_do_not_name_where_the_file_was_read(tmp_path: Path) -> None:
    lay(tmp_path, {"cut.exr": files.exr()[:60]})

    assert str(tmp_path) not in inspected(tmp_path, "cut.exr").findings[0].message
