"""Facts of Wavefront OBJ and its material library, in one streaming pass. OBJ has no units and no up axis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np

from catalog.kernel.errors import InvalidInput
from catalog.media import references
from catalog.media.facts import Notebook, Source
from catalog.media.vocabulary import FactKey

_BLOCK_BYTES: Final = 8 * 1024 * 1024
_LARGEST_LIBRARY_BYTES: Final = 64 * 1024 * 1024
_MAP_KEYS: Final = frozenset(
    (
        "map_kd",
        "map_ka",
        "map_ks",
        "map_ke",
        "map_ns",
        "map_d",
        "map_bump",
        "bump",
        "disp",
        "norm",
        "map_pr",
        "map_pm",
        "refl",
        "decal",
    )
)


class _Tally:
    """What one pass over the lines has seen so far."""

    def __init__(self) -> None:
        self.vertices = self.faces = self.triangles = self.meshes = 0
        self.low, self.high = np.full(3, np.inf), np.full(3, -np.inf)
        self.materials: dict[str, None] = {}
        self.libraries: dict[str, None] = {}

    def add(self, lines: list[bytes]) -> None:
        """Count the lines of one block."""
        points = [line[2:] for line in lines if line[:2] in (b"v ", b"v\t")]
        if points:
            self._add_points(points)
        for line in lines:
            first = line[:1]
            if first == b"f" and line[1:2].isspace():
                corners = len(line.split()) - 1
                self.faces += 1
                self.triangles += max(corners - 2, 0)
            elif first == b"o" and line[1:2].isspace():
                self.meshes += 1
            elif first == b"u" and line.startswith(b"usemtl"):
                self.materials.setdefault(text_of(line[6:]))
            elif first == b"m" and line.startswith(b"mtllib"):
                self.libraries.setdefault(text_of(line[6:]))

    def _add_points(self, points: list[bytes]) -> None:
        self.vertices += len(points)
        try:
            values = np.array([point.split()[:3] for point in points], dtype=np.float64)
        except ValueError as damage:
            raise InvalidInput("a vertex of this OBJ does not consist of three numbers") from damage
        self.low, self.high = np.minimum(self.low, values.min(axis=0)), np.maximum(self.high, values.max(axis=0))


def read(source: Source, notebook: Notebook) -> None:
    """Counts, bounds, materials and textures of one OBJ."""
    tally = _Tally()
    for lines in blocks(Path(source.absolute)):
        tally.add(lines)
    if not tally.vertices:
        raise InvalidInput("an OBJ without vertices")
    notebook.note(FactKey.MESH_COUNT, max(tally.meshes, 1))
    notebook.note(FactKey.VERTEX_COUNT, tally.vertices)
    notebook.note(FactKey.FACE_COUNT, tally.faces)
    notebook.note(FactKey.TRIANGLE_COUNT, tally.triangles)
    notebook.note(FactKey.MATERIAL_COUNT, len(tally.materials))
    notebook.note(FactKey.BOUNDS_SIZE, tuple(float(size) for size in tally.high - tally.low))
    textures: dict[PurePosixPath, None] = {}
    for library in tally.libraries:
        for texture in _library_textures(source, library, notebook):
            textures.setdefault(texture)
    notebook.note(FactKey.TEXTURE_COUNT, len(textures))


def read_library(source: Source, notebook: Notebook) -> None:
    """Materials and textures of one MTL."""
    text = Path(source.absolute).read_bytes()[:_LARGEST_LIBRARY_BYTES]
    notebook.note(FactKey.MATERIAL_COUNT, sum(line.lstrip().startswith(b"newmtl") for line in text.splitlines()))
    notebook.note(FactKey.TEXTURE_COUNT, len(set(_textures_in(text, source, notebook))))


def blocks(path: Path) -> Iterator[list[bytes]]:
    """Whole lines, about ``_BLOCK_BYTES`` at a time; a file without line ends is refused rather than held in memory."""
    with path.open("rb") as stored:
        rest = b""
        while block := stored.read(_BLOCK_BYTES):
            complete, _, rest = (rest + block).rpartition(b"\n")
            if len(rest) > 2 * _BLOCK_BYTES:
                raise InvalidInput("a line of this OBJ is longer than 16 MiB")
            yield complete.replace(b"\\\r\n", b" ").replace(b"\\\n", b" ").splitlines()
        yield rest.splitlines()


def _library_textures(source: Source, name: str, notebook: Notebook) -> Iterator[PurePosixPath]:
    target = references.inside(name, beside=source.path)
    library = references.check(notebook, source, name, target)
    if library is not None and target is not None:
        text = library.read_bytes()[:_LARGEST_LIBRARY_BYTES]
        yield from _textures_in(text, Source(folder=source.folder, path=target), notebook)


def _textures_in(text: bytes, library: Source, notebook: Notebook) -> Iterator[PurePosixPath]:
    for line in text.splitlines():
        words = line.split(None, 1)
        if len(words) == 2 and text_of(words[0]).lower() in _MAP_KEYS:  # noqa: PLR2004 — key and value
            name = without_options(text_of(words[1]))
            target = references.inside(name, beside=library.path)
            if references.check(notebook, library, name, target) is not None and target is not None:
                yield target


def without_options(value: str) -> str:
    """The file name at the end of a map statement, after options such as ``-bm 0.3`` or ``-s 1 1 1``."""
    if not value.startswith("-"):
        return value
    words = value.split(" ")
    while words and (words[0].startswith("-") or _is_option_value(words[0])):
        words.pop(0)
    return " ".join(words)


def _is_option_value(word: str) -> bool:
    return word in ("on", "off") or word.replace(".", "", 1).replace("-", "", 1).isdigit()


def text_of(raw: bytes) -> str:
    """A name or a path as it stands in the file."""
    return raw.decode("utf-8", "replace").strip()
