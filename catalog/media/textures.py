"""Which pictures of a version are texture maps, what each of them maps, and where its tiles lie. Pure: reads names.

UDIM numbers a tile of texture space 1001 + u + 10 v (Mari, MaterialX specification 1.39 "<UDIM>"); ``u1_v1`` is the
same tile as 1001 (Mudbox). A number alone is no tile: ``wood_1080.png`` is a picture of that height.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from catalog.media.choice import Candidate

MOST_TILES: Final = 100
LARGEST_BYTES: Final = 4 * 1024**3

_PICTURES: Final = frozenset("png jpg jpeg tif tiff exr tx tga bmp webp psd jp2".split())  # noqa: SIM905 — as read
_CHANNELS: Final = {
    "baseColor": "basecolor basecolour color colour col albedo diffuse diff bc",
    "normal": "normal normals normalmap nrm nrml nor",
    "roughness": "roughness rough rgh",
    "metallic": "metallic metalness metal",
    "ORM": "orm arm occlusionroughnessmetallic aoroughnessmetallic metallicroughness roughnessmetallic",
    "specular": "specular spec specularcolor",
    "glossiness": "glossiness gloss",
    "occlusion": "occlusion ambientocclusion ao",
    "height": "height heightmap bump bumpmap",
    "displacement": "displacement displace disp",
    "emissive": "emissive emission emit",
    "opacity": "opacity alpha transparency",
    "subsurface": "subsurface sss scattering translucency",
    "cavity": "cavity",
    "curvature": "curvature",
    "thickness": "thickness",
    "mask": "mask",
}
"""What a map is for, in the order in which people look at maps, and the words that names use for it."""
_BY_WORD: Final = {word: channel for channel, words in _CHANNELS.items() for word in words.split()}
_ORDER: Final = {channel: at for at, channel in enumerate(_CHANNELS)}
_SAID_OF_ANY_MAP: Final = frozenset(
    {"map", "tex", "texture", "gl", "dx", "opengl", "directx", "k", "raw", "srgb", "acescg"}
)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_MOST_WORDS: Final = 3
_UDIM: Final = re.compile(r"(?<=[._-])1[0-9]{3}(?![0-9])")
_UV: Final = re.compile(r"(?<![a-zA-Z])u([1-9]|10)_v([1-9][0-9]?)(?![0-9a-zA-Z])", re.IGNORECASE)
_FIRST_TILE: Final = 1001


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One picture; ``number`` is its UDIM, None for a map that is one picture."""

    path: str
    number: int | None

    @property
    def place(self) -> tuple[int, int]:
        """Column from the left and row from below."""
        at = (self.number or _FIRST_TILE) - _FIRST_TILE
        return at % 10, at // 10


@dataclass(frozen=True, kw_only=True)
class TextureMap:
    """All tiles of one map. ``channel`` is what it maps, empty where its name does not say it."""

    name: str
    channel: str
    tiles: tuple[Tile, ...]


def maps_of(paths: Iterable[str]) -> list[TextureMap]:
    """The maps among these pictures, by their name and channel; each in the order of its tiles."""
    groups: dict[str, list[Tile]] = {}
    for path in sorted(paths):
        key, number = _tile(path)
        groups.setdefault(key, []).append(Tile(path=path, number=number))
    found: list[TextureMap] = []
    for key, tiles in groups.items():
        lonely = len(tiles) == 1 and tiles[0].number not in (None, _FIRST_TILE)
        kept = [Tile(path=tiles[0].path, number=None)] if lonely else tiles
        name, channel = _read(PurePosixPath(kept[0].path).stem if lonely else PurePosixPath(key).name)
        ordered = sorted(kept, key=lambda tile: tile.number or 0)
        found.append(TextureMap(name=name, channel=channel, tiles=tuple(ordered)))
    return sorted(found, key=lambda each: (each.name.casefold(), _ORDER.get(each.channel, len(_ORDER)), each.channel))


def chosen(files: Iterable[Candidate]) -> Sequence[str]:
    """The texture maps of a version, bounded; empty where no name says that it is one.

    A folder in which one is known holds maps. Of a tile in two formats the smaller is shown.
    """
    pictures = [each for each in files if each.role == "texture_set" and _is_picture(each.path) and each.size_bytes]
    known = {
        _folder(tile.path)
        for each in maps_of(each.path for each in pictures)
        for tile in each.tiles
        if each.channel or tile.number
    }
    smallest: dict[tuple[str, int | None], Candidate] = {}
    for each in sorted(pictures, key=lambda each: (each.size_bytes, each.path)):
        if _folder(each.path) in known:
            smallest.setdefault(_tile(each.path), each)
    paths: list[str] = []
    size = 0
    for each in sorted(smallest.values(), key=lambda each: each.path):
        size += each.size_bytes
        if len(paths) < MOST_TILES and size <= LARGEST_BYTES:
            paths.append(each.path)
    return paths


def _is_picture(path: str) -> bool:
    return PurePosixPath(path).suffix.lower().removeprefix(".") in _PICTURES


def _folder(path: str) -> PurePosixPath:
    return PurePosixPath(path).parent


def _tile(path: str) -> tuple[str, int | None]:
    """What all tiles of a map have in common, and the number of this one."""
    pure = PurePosixPath(path)
    by_place = _UV.search(pure.stem)
    if by_place:
        number = 1000 + int(by_place[1]) + 10 * (int(by_place[2]) - 1)
        return str(pure.parent / f"{pure.stem[: by_place.start()]}{pure.stem[by_place.end() :]}"), number
    numbered = list(_UDIM.finditer(pure.stem))
    if numbered and int(numbered[-1][0]) >= _FIRST_TILE:
        last = numbered[-1]
        return str(pure.parent / f"{pure.stem[: last.start()]}{pure.stem[last.end() :]}"), int(last[0])
    return str(pure.parent / pure.stem), None


def _read(stem: str) -> tuple[str, str]:
    """The name and the channel that the name of a map says, the last words first."""
    words = [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(stem)]
    for last in range(len(words), 0, -1):
        for first in range(max(last - _MOST_WORDS, 0), last):
            channel = _BY_WORD.get("".join(word for word, _, _ in words[first:last]))
            if channel:
                return stem[: words[first][1]].strip("._- ") or stem, channel
        if words[last - 1][0] not in _SAID_OF_ANY_MAP:
            break
    return stem.strip("._- "), ""
