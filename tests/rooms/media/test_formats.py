"""What a file is, by its content; the name is the last hint."""

import pytest

from catalog.assets.vocabulary import Kind
from catalog.media import formats, placeholders
from tests import files


def _recognized(content: bytes, name: str = "unnamed") -> formats.Recognition:
    return formats.recognize(content[: formats.HEAD_BYTES], size_bytes=len(content), name=name)


@pytest.mark.parametrize(
    "content,media_type",
    [
        (files.png(), "image/png"),
        (files.exr(), "image/x-exr"),
        (files.hdr(), "image/vnd.radiance"),
        (files.dpx(), "image/x-dpx"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"II*\x00rest", "image/tiff"),
        (b"8BPS\x00\x01", "image/vnd.adobe.photoshop"),
        (b"\x00\x00\x00\x20ftypavif", "image/avif"),
        (files.glb(), "model/gltf-binary"),
        (files.gltf(), "model/gltf+json"),
        (files.usda(), "model/vnd.usda"),
        (files.usdz({"a.usda": files.usda()}), "model/vnd.usdz+zip"),
        (b"PXR-USDC\x00\x08", "model/vnd.usdc"),
        (files.fbx(), "model/x-fbx"),
        (b"Kaydara FBX Binary  \x00\x1a\x00", "model/x-fbx"),
        (b"Ogawa\xff\x00\x01", "model/x-alembic"),
        (files.obj(), "model/obj"),
        (files.mtl(), "model/mtl"),
        (files.stl(), "model/stl"),
        (files.text_stl(), "model/stl"),
        (files.ply(), "model/x-ply"),
        (b'<?xml version="1.0"?>\n<materialx version="1.38"/>', "application/x-materialx+xml"),
        (b"HIERARCHY\nROOT Hips", "model/x-bvh"),
        (b"\x00\x00\x00\x18ftypqt  ", "video/quicktime"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (b"BLENDER-v304", "application/x-blender"),
        (b"//Maya ASCII 2024 scene", "application/x-maya-ascii"),
        (b"FOR8\x00\x00\x00\x00Maya", "application/x-maya-binary"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04" + bytes(26) + b"a", "application/zip"),
        (b"just a note", "text/plain"),
        (b"\x00\x01\x02\x03", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, media_type: str) -> None:
    found = _recognized(content)

    assert (found.format.media_type, found.by_content) == (media_type, media_type != "application/octet-stream")


def test_without_a_signature_the_extension_is_believed_and_said_to_be_a_hint() -> None:
    found = _recognized(bytes(100), "wood.tga")

    assert (found.format.media_type, found.by_content) == ("image/x-tga", False)


def test_notes_are_told_apart_by_their_extension() -> None:
    assert _recognized(b"# Read me", "README.md").format.media_type == "text/markdown"


def test_a_name_that_lies_is_found_out() -> None:
    found = _recognized(files.png(), "scene.exr")

    claimed = formats.lies(found, "scene.exr")

    assert claimed is not None
    assert claimed.media_type == "image/x-exr"


@pytest.mark.parametrize(
    "name,content",
    [("a.usd", files.usda()), ("a.tx", files.exr()), ("a.JPG", b"\xff\xd8\xff\xe0"), ("a.unheard", files.png())],
)
def test_a_name_that_says_less_does_not_lie(name: str, content: bytes) -> None:
    assert formats.lies(_recognized(content, name), name) is None


def test_prose_about_vertices_is_no_obj() -> None:
    assert (
        _recognized(b"v is the vertex keyword of OBJ files.\nf is the face keyword.", "notes.txt").format.name == "text"
    )


@pytest.mark.parametrize(
    "path,media_type",
    [("maps/skin.EXR", "image/x-exr"), ("geo.usd", "model/vnd.usda"), ("x", "application/octet-stream")],
)
def test_an_extension_alone_claims_a_media_type(path: str, media_type: str) -> None:
    assert formats.media_type_of(path) == media_type


@pytest.mark.parametrize("path,refers", [("a.usda", True), ("a.obj", True), ("a.usdz", False), ("a.png", False)])
def test_scenes_mean_something_only_with_their_company(path: str, refers: bool) -> None:  # noqa: FBT001 — a parameter
    assert formats.may_refer(path) is refers


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_drawing_of_its_own(kind: Kind) -> None:
    drawing = placeholders.placeholder(kind)

    assert drawing.startswith('<svg xmlns="http://www.w3.org/2000/svg" width="240" height="180"')
    assert placeholders.ACCENT in drawing
    assert [other for other in Kind if placeholders.placeholder(other) == drawing] == [kind]
