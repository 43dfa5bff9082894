"""Which files of a version can give its picture, best first. Pure: looks at paths, roles and sizes.

What a person supplied wins. Then what shows most: a scene before its parts, a model before its textures, and a film,
of which a picture shows one moment, last. A USD package is entered at its root: the shallowest layer, and of one folder
the one that is named like the folder or like its asset; folders and names that by convention hold payloads come last
(ASWF USD asset structure guidelines).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from catalog.media.conventions import holds_data

SUPPLIED: Final = ("thumbnail", "preview", "turntable")

_PICTURES: Final = frozenset(
    "png jpg jpeg jpe webp gif bmp tga psd tif tiff exr hdr dpx cin avif jp2 pic sgi tx".split()  # noqa: SIM905 — as read
)
_FILMS: Final = frozenset({"mov", "qt", "mp4", "m4v", "mkv", "webm", "mxf"})
_MODEL_RANKS: Final = {
    extension: rank
    for rank, group in enumerate(
        (("usd", "usda", "usdc", "usdz"), ("glb",), ("gltf",), ("fbx",), ("abc",), ("obj",), ("ply",), ("stl",))
    )
    for extension in group
}
_MODEL_ROLES: Final = ("model", "look", "groom", "rig_body", "rig_face", "blendshapes", "lod", "proxy", "cache")
_PICTURE_ROLES: Final = ("texture_set", "source", "doc")
_PART_FOLDERS: Final = frozenset(
    {"payload", "payloads", "layers", "layer", "geo", "mtl", "maps", "components", "sublayers", "cards"}
)
_PART_NAMES: Final = frozenset(
    {"payload", "geo", "mtl", "look", "rig", "material", "materials", "camera", "environment", "lights"}
)
_COLOR_WORDS: Final = ("beauty", "basecolor", "base_color", "albedo", "diffuse", "color", "colour", "_bc", "_d", "_c")
_SUPPLIED_KINDS: Final = ("picture", "film", "model")
_SMALLEST_MEANINGFUL_BYTES: Final = 64


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A file that may be drawn."""

    path: str
    role: str
    size_bytes: int


def candidates(files: Iterable[Candidate]) -> list[Candidate]:
    """The files that can be drawn, the best first; the same files in any order give the same answer."""
    drawable = [each for each in files if each.size_bytes > 0 and _kind(each.path)]
    return sorted(drawable, key=_rank)


def is_model(path: str) -> bool:
    """Whether its extension is that of a scene or mesh, which may need other files of its version."""
    return _kind(path) == "model"


def _kind(path: str) -> str:
    extension = PurePosixPath(path).suffix.lower().removeprefix(".")
    if extension in _MODEL_RANKS:
        return "model"
    if extension in _FILMS:
        return "film"
    return "picture" if extension in _PICTURES else ""


def _rank(each: Candidate) -> tuple[object, ...]:
    kind = _kind(each.path)
    if each.role in SUPPLIED:
        depth = len(PurePosixPath(each.path).parts)
        return (0, SUPPLIED.index(each.role), _SUPPLIED_KINDS.index(kind), depth, -each.size_bytes, *_tie(each))
    if kind == "model":
        return (1, *_model_rank(each), *_tie(each))
    if kind == "picture":
        return (2, *_picture_rank(each), *_tie(each))
    return (3, *_tie(each))


def _model_rank(each: Candidate) -> tuple[object, ...]:
    path = PurePosixPath(each.path)
    role = _MODEL_ROLES.index(each.role) if each.role in _MODEL_ROLES else 0
    # A proxy or a cache is a stand-in, whatever its format; among the others the format decides before the role.
    stand_in = each.role in ("proxy", "cache", "lod")
    extension = path.suffix.lower().removeprefix(".")
    part = any(folder.lower() in _PART_FOLDERS for folder in path.parts[:-1]) or path.stem.lower() in _PART_NAMES
    packaged = path.parent.name.lower() == path.stem.lower()
    return (stand_in, _MODEL_RANKS[extension], part, len(path.parts), not packaged, role)


def _picture_rank(each: Candidate) -> tuple[object, ...]:
    stem = PurePosixPath(each.path).stem.lower()
    role = _PICTURE_ROLES.index(each.role) if each.role in _PICTURE_ROLES else 0
    says_color = any(word in stem for word in _COLOR_WORDS[:7]) or stem.endswith(_COLOR_WORDS[7:])
    says_data = holds_data(each.path) or "specular" in stem
    return (role, says_data, not says_color, each.size_bytes < _SMALLEST_MEANINGFUL_BYTES, -each.size_bytes)


def _tie(each: Candidate) -> tuple[object, ...]:
    return (each.path.casefold(), each.path)
