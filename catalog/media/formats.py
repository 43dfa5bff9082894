"""What a file is by its content: a table of signatures, with the extension as the last hint.

Pure: looks at the first bytes and the name, opens nothing. Media types are those registered with IANA; where none is
registered, the unregistered name in common use (``image/x-exr``, ``model/x-fbx``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from catalog.media.vocabulary import Medium

HEAD_BYTES: Final = 8192
"""How much of a file's beginning ``recognize`` wants to see."""

_STL_HEADER_BYTES, _STL_TRIANGLE_BYTES = 84, 50
_FIRST_PRINTED = 9  # the tabulator; what comes before it stands in no text


@dataclass(frozen=True, kw_only=True)
class Format:
    """One kind of file. ``refers``: what it means depends on other files of its version."""

    name: str
    media_type: str
    medium: Medium
    extensions: frozenset[str]
    refers: bool = False


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """``by_content`` is False where only the extension speaks for ``format``."""

    format: Format
    by_content: bool


def _format(name: str, media_type: str, medium: Medium, extensions: str, *, refers: bool = False) -> Format:
    return Format(
        name=name, media_type=media_type, medium=medium, extensions=frozenset(extensions.split()), refers=refers
    )


UNKNOWN: Final = _format("unknown", "application/octet-stream", Medium.UNKNOWN, "")
TEXT: Final = _format("text", "text/plain", Medium.DOCUMENT, "")

FORMATS: Final[dict[str, Format]] = {
    each.name: each
    for each in (
        _format("exr", "image/x-exr", Medium.IMAGE, "exr sxr tx"),
        _format("hdr", "image/vnd.radiance", Medium.IMAGE, "hdr pic rgbe"),
        _format("dpx", "image/x-dpx", Medium.IMAGE, "dpx"),
        _format("cineon", "image/x-cineon", Medium.IMAGE, "cin"),
        _format("tiff", "image/tiff", Medium.IMAGE, "tif tiff tx dng"),
        _format("png", "image/png", Medium.IMAGE, "png"),
        _format("jpeg", "image/jpeg", Medium.IMAGE, "jpg jpeg jpe jfif"),
        _format("webp", "image/webp", Medium.IMAGE, "webp"),
        _format("gif", "image/gif", Medium.IMAGE, "gif"),
        _format("bmp", "image/bmp", Medium.IMAGE, "bmp dib"),
        _format("psd", "image/vnd.adobe.photoshop", Medium.IMAGE, "psd psb"),
        _format("jpeg2000", "image/jp2", Medium.IMAGE, "jp2 j2k jpx j2c"),
        _format("avif", "image/avif", Medium.IMAGE, "avif"),
        _format("heif", "image/heif", Medium.IMAGE, "heic heif"),
        _format("tga", "image/x-tga", Medium.IMAGE, "tga"),
        _format("sgi", "image/x-sgi", Medium.IMAGE, "sgi rgb rgba bw"),
        _format("dds", "image/vnd.ms-dds", Medium.IMAGE, "dds"),
        _format("ktx2", "image/ktx2", Medium.IMAGE, "ktx2"),
        _format("svg", "image/svg+xml", Medium.DOCUMENT, "svg"),
        _format("glb", "model/gltf-binary", Medium.MODEL, "glb", refers=True),
        _format("gltf", "model/gltf+json", Medium.MODEL, "gltf", refers=True),
        _format("usda", "model/vnd.usda", Medium.MODEL, "usda usd", refers=True),
        _format("usdc", "model/vnd.usdc", Medium.MODEL, "usdc usd", refers=True),
        _format("usdz", "model/vnd.usdz+zip", Medium.MODEL, "usdz"),
        _format("fbx", "model/x-fbx", Medium.MODEL, "fbx", refers=True),
        _format("abc", "model/x-alembic", Medium.MODEL, "abc"),
        _format("obj", "model/obj", Medium.MODEL, "obj", refers=True),
        _format("ply", "model/x-ply", Medium.MODEL, "ply"),
        _format("stl", "model/stl", Medium.MODEL, "stl"),
        _format("mtl", "model/mtl", Medium.MATERIAL, "mtl", refers=True),
        _format("materialx", "application/x-materialx+xml", Medium.MATERIAL, "mtlx"),
        _format("bvh", "model/x-bvh", Medium.MOTION, "bvh"),
        _format("c3d", "application/x-c3d", Medium.MOTION, "c3d"),
        _format("vdb", "application/x-openvdb", Medium.VOLUME, "vdb"),
        _format("las", "application/vnd.las", Medium.VOLUME, "las laz"),
        _format("e57", "model/e57", Medium.VOLUME, "e57"),
        _format("mp4", "video/mp4", Medium.VIDEO, "mp4 m4v"),
        _format("quicktime", "video/quicktime", Medium.VIDEO, "mov qt"),
        _format("matroska", "video/x-matroska", Medium.VIDEO, "mkv webm"),
        _format("mxf", "application/mxf", Medium.VIDEO, "mxf"),
        _format("wav", "audio/vnd.wave", Medium.AUDIO, "wav bwf"),
        _format("pdf", "application/pdf", Medium.DOCUMENT, "pdf"),
        _format("json", "application/json", Medium.DOCUMENT, "json"),
        _format("xml", "application/xml", Medium.DOCUMENT, "xml"),
        _format("markdown", "text/markdown", Medium.DOCUMENT, "md"),
        _format("csv", "text/csv", Medium.DOCUMENT, "csv"),
        _format("zip", "application/zip", Medium.ARCHIVE, "zip"),
        _format("7z", "application/x-7z-compressed", Medium.ARCHIVE, "7z"),
        _format("gzip", "application/gzip", Medium.ARCHIVE, "gz tgz"),
        _format("zstd", "application/zstd", Medium.ARCHIVE, "zst"),
        _format("blend", "application/x-blender", Medium.PROJECT, "blend"),
        _format("maya-ascii", "application/x-maya-ascii", Medium.PROJECT, "ma"),
        _format("maya-binary", "application/x-maya-binary", Medium.PROJECT, "mb"),
        TEXT,
    )
}

_NAMES: Final = {each.media_type: each.name for each in FORMATS.values()}

_SIGNATURES: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"\x76\x2f\x31\x01", "exr"),
    (0, b"#?RADIANCE", "hdr"),
    (0, b"#?RGBE", "hdr"),
    (0, b"SDPX", "dpx"),
    (0, b"XPDS", "dpx"),
    (0, b"\x80\x2a\x5f\xd7", "cineon"),
    (0, b"\xd7\x5f\x2a\x80", "cineon"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (0, b"II+\x00", "tiff"),
    (0, b"MM\x00+", "tiff"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"8BPS", "psd"),
    (0, b"\x00\x00\x00\x0cjP  ", "jpeg2000"),
    (0, b"\xff\x4f\xff\x51", "jpeg2000"),
    (0, b"DDS ", "dds"),
    (0, b"\xabKTX 20\xbb", "ktx2"),
    (0, b"\x01\xda", "sgi"),
    (0, b"glTF", "glb"),
    (0, b"#usda 1.0", "usda"),
    (0, b"PXR-USDC", "usdc"),
    (0, b"Kaydara FBX Binary", "fbx"),
    (0, b"; FBX", "fbx"),
    (0, b"Ogawa", "abc"),
    (0, b"\x89HDF\r\n\x1a\n", "abc"),
    (0, b"ply\n", "ply"),
    (0, b"ply\r", "ply"),
    (0, b"HIERARCHY", "bvh"),
    (0, b" BDV\x00\x00\x00\x00", "vdb"),
    (0, b"LASF", "las"),
    (0, b"ASTM-E57", "e57"),
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    (0, b"\x06\x0e\x2b\x34\x02\x05\x01\x01", "mxf"),
    (0, b"%PDF-", "pdf"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"\x28\xb5\x2f\xfd", "zstd"),
    (0, b"BLENDER", "blend"),
    (0, b"//Maya ASCII", "maya-ascii"),
)

_ISO_BRANDS: Final = {
    b"avif": "avif",
    b"avis": "avif",
    b"heic": "heif",
    b"heix": "heif",
    b"mif1": "heif",
    b"qt  ": "quicktime",
}

_OBJ_LINE = re.compile(rb"^(?:(?:v|vn|vt)[ \t]+[-+.\d]|f[ \t]+[-\d])", re.MULTILINE)
_OBJ_FOREIGN_LINE = re.compile(
    rb"^(?!\s*(?:#|$)|(?:v|vn|vt|vp)[ \t]+[-+.\d]|f[ \t]+[-\d]|(?:o|g|s|l|p|mtllib|usemtl)\b)", re.MULTILINE
)
_MTL_LINE = re.compile(rb"^\s*newmtl[ \t]+\S", re.MULTILINE)
_GLTF_ASSET = re.compile(rb'"asset"\s*:\s*\{|"(?:meshes|accessors|bufferViews|scenes)"\s*:\s*\[')


def recognize(head: bytes, *, size_bytes: int, name: str) -> Recognition:
    """What a file of this size, name and beginning is; never raises."""
    for judge in (_by_signature, _by_container, _by_structure, _by_text):
        found = judge(head, size_bytes, name)
        if found is not None:
            return Recognition(format=FORMATS[found], by_content=True)
    extension = _extension(name)
    is_text = _is_text(head)
    for each in FORMATS.values():
        if extension in each.extensions and (
            each.name in _WITHOUT_SIGNATURE or (is_text and each.medium is Medium.DOCUMENT)
        ):
            return Recognition(format=each, by_content=False)
    return Recognition(format=TEXT if is_text and head else UNKNOWN, by_content=bool(is_text and head))


def lies(recognition: Recognition, name: str) -> Format | None:
    """The format that the extension of ``name`` claims, where the content says another one; None where they agree."""
    extension = _extension(name)
    claimed = next((each for each in FORMATS.values() if extension in each.extensions), None)
    if claimed is None or extension in recognition.format.extensions:
        return None
    return claimed


# Formats that begin with nothing recognizable; their extension is believed, and the fact says "inferred".
_WITHOUT_SIGNATURE: Final = frozenset({"tga", "c3d"})


def _extension(name: str) -> str:
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def _by_signature(head: bytes, size_bytes: int, name: str) -> str | None:
    del size_bytes, name
    return next((found for at, magic, found in _SIGNATURES if head[at : at + len(magic)] == magic), None)


def _by_container(head: bytes, size_bytes: int, name: str) -> str | None:
    """RIFF, ISO media, IFF and ZIP say what they hold a few bytes later."""
    del size_bytes
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _ISO_BRANDS.get(head[8:12], "mp4")
    if head[:4] in (b"FOR4", b"FOR8") and b"Maya" in head[:32]:
        return "maya-binary"
    if head[:4] == b"PK\x03\x04":
        first = head[30 : 30 + int.from_bytes(head[26:28], "little")].lower()
        return "usdz" if first.endswith((b".usd", b".usda", b".usdc")) or _extension(name) == "usdz" else "zip"
    return None


def _by_structure(head: bytes, size_bytes: int, name: str) -> str | None:
    """Binary formats without a signature whose lengths must fit."""
    if head[:2] == b"BM" and int.from_bytes(head[2:6], "little") in (size_bytes, 0):
        return "bmp"
    if len(head) >= _STL_HEADER_BYTES:
        triangles = int.from_bytes(head[80:84], "little")
        if triangles and size_bytes == _STL_HEADER_BYTES + triangles * _STL_TRIANGLE_BYTES:
            return "stl"
    if _extension(name) == "bmp" and head[:2] == b"BM":
        return "bmp"
    return None


def _by_text(head: bytes, size_bytes: int, name: str) -> str | None:
    del size_bytes
    if not head or not _is_text(head):
        return None
    stripped = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    tests: tuple[tuple[str, Callable[[], object]], ...] = (
        ("gltf", lambda: stripped[:1] == b"{" and _GLTF_ASSET.search(stripped)),
        ("materialx", lambda: stripped[:1] == b"<" and b"<materialx" in stripped),
        ("svg", lambda: stripped[:1] == b"<" and b"<svg" in stripped),
        ("stl", lambda: stripped[:6] == b"solid " and b"facet" in stripped),
        ("mtl", lambda: _MTL_LINE.search(stripped)),
        ("obj", lambda: _looks_like_obj(stripped, name)),
    )
    return next((found for found, holds in tests if holds()), None)


def _looks_like_obj(text: bytes, name: str) -> bool:
    """OBJ has no signature: most lines must be its own, and the extension only decides in doubt."""
    complete = text[: text.rfind(b"\n") + 1] or text
    own, foreign = len(_OBJ_LINE.findall(complete)), len(_OBJ_FOREIGN_LINE.findall(complete))
    return own > 0 and (foreign == 0 or (_extension(name) == "obj" and own > foreign))


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as problem:
        # A character may be cut in two at the end of the head; Latin-1 comments are common in old OBJ files.
        return problem.start >= len(head) - 3 or min(head) >= _FIRST_PRINTED
    return True


def media_type_of(path: str) -> str:
    """The media type that the extension of ``path`` claims; for answers about bytes that nobody has looked at."""
    return claimed_by(path).media_type


def claimed_by(path: str) -> Format:
    """The format that the extension of ``path`` claims."""
    extension = _extension(path)
    return next((each for each in FORMATS.values() if extension in each.extensions), UNKNOWN)


def called(media_type: str) -> str | None:
    """The name of the format that has this media type; None for what is none of ours."""
    return _NAMES.get(media_type)


def may_refer(path: str) -> bool:
    """Whether files of this extension usually mean something only together with others of their version."""
    extension = _extension(path)
    return any(each.refers and extension in each.extensions for each in FORMATS.values())
