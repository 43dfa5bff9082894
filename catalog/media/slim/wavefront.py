"""Wavefront OBJ as patches: its faces by material, with the colors and pictures of its library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path
from typing import Final

import numpy as np

from catalog.kernel.errors import InvalidInput
from catalog.media import references
from catalog.media.facts import Notebook, Source
from catalog.media.fans import fan_corners
from catalog.media.glb import Patch, Surface
from catalog.media.readers.obj import blocks, text_of, without_options
from catalog.media.slim.looks import CLAY, Pictures, linear, smooth_normals

_MOST_CORNERS: Final = 12_000_000
_PICTURES: Final = ("map_kd", "map_ke", "norm")
_NUMBERS: Final = ("kd", "d", "ns", "pr", "pm")


@dataclass(kw_only=True)
class _Faces:
    """Corners of the faces of one material: indices of point, texture coordinate and normal; 0 where there is none."""

    counts: list[int] = field(default_factory=list)
    corners: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass(kw_only=True)
class _Obj:
    """What one pass over the lines gathers; numbers as they stand there, indices counted from 1."""

    points: list[bytes] = field(default_factory=list)
    coordinates: list[bytes] = field(default_factory=list)
    normals: list[bytes] = field(default_factory=list)
    faces: dict[str, _Faces] = field(default_factory=dict)
    libraries: list[str] = field(default_factory=list)
    material: str = ""
    corner_count: int = 0

    def take(self, line: bytes) -> None:
        word, _, rest = line.strip().partition(b" ")
        match word:
            case b"v":
                self.points.append(rest)
            case b"vt":
                self.coordinates.append(rest)
            case b"vn":
                self.normals.append(rest)
            case b"f":
                self._face(rest.split())
            case b"usemtl":
                self.material = text_of(rest)
            case b"mtllib":
                self.libraries.append(text_of(rest))

    def _face(self, words: list[bytes]) -> None:
        faces = self.faces.setdefault(self.material, _Faces())
        faces.counts.append(len(words))
        lengths = (len(self.points), len(self.coordinates), len(self.normals))
        for word in words:
            parts = [int(part or 0) for part in word.split(b"/")]
            parts += [0] * (3 - len(parts))
            # From the end where negative: the last one so far is -1.
            told = [part if part >= 0 else length + 1 + part for part, length in zip(parts, lengths, strict=False)]
            faces.corners.append((told[0], told[1], told[2]))
        self.corner_count += len(words)
        if self.corner_count > _MOST_CORNERS:
            raise InvalidInput("an OBJ with more faces than is worked on")


def patches_of(source: Source, pictures: Pictures) -> list[Patch]:
    """One patch for each material; ``InvalidInput`` where it has no faces or its numbers are none."""
    gathered = _Obj()
    try:
        for lines in blocks(Path(source.absolute)):
            for line in lines:
                gathered.take(line)
        points, coordinates, normals = (
            _table(gathered.points, 3),
            _table(gathered.coordinates, 2),
            _table(gathered.normals, 3),
        )
        surfaces = dict(_surfaces(source, gathered.libraries, pictures))
        return [
            _patch(faces, points, coordinates, normals, surfaces.get(name, CLAY))
            for name, faces in gathered.faces.items()
            if faces.corners
        ]
    except (ValueError, IndexError) as damage:
        raise InvalidInput(f"its geometry cannot be read: {damage}") from damage


def _table(rows: list[bytes], width: int) -> np.ndarray:
    if not rows:
        return np.zeros((0, width))
    return np.array([row.split()[:width] for row in rows], dtype=np.float64)


def _patch(faces: _Faces, points: np.ndarray, coordinates: np.ndarray, normals: np.ndarray, surface: Surface) -> Patch:
    order = fan_corners(np.array(faces.counts, np.int64))[0]
    corners = np.array(faces.corners, np.int64)[order]
    most = (len(points), len(coordinates), len(normals))
    if len(corners) and (corners[:, 0].min() < 1 or (corners.max(axis=0) > most).any()):
        raise InvalidInput("a face of this OBJ names a vertex that does not exist")
    positions = points[corners[:, 0] - 1]
    own = normals[corners[:, 2] - 1] if len(normals) and corners[:, 2].min() > 0 else smooth_normals(positions)
    laid = None
    if len(coordinates) and corners[:, 1].min() > 0:
        laid = coordinates[corners[:, 1] - 1] * (1, -1) + (0, 1)  # from the bottom there, from the top in glTF
    patch = Patch(surface=surface)
    patch.add(positions, own, laid)
    return patch


def _surfaces(source: Source, libraries: list[str], pictures: Pictures) -> Iterator[tuple[str, Surface]]:
    for name in libraries:
        target = references.inside(name, beside=source.path)
        found = references.check(Notebook(), source, name, target)
        if found is None or target is None:
            continue
        library, material, surface = Source(folder=source.folder, path=target), "", Surface()
        for line in found.read_bytes().splitlines():
            key, _, rest = text_of(line).partition(" ")
            if key == "newmtl":
                if material:
                    yield material, surface
                material, surface = rest.strip(), Surface(color=(0.6, 0.6, 0.6), roughness=0.6)
            elif material and rest.strip():
                surface = _told(surface, key.lower(), rest.strip(), library, pictures)
        if material:
            yield material, surface


def _told(surface: Surface, key: str, value: str, library: Source, pictures: Pictures) -> Surface:
    """The surface with one statement of a library; as it was where that says nothing that is shown."""
    if key in _PICTURES:
        picture = pictures.find(library, without_options(value))
        return surface if picture is None else _pictured(surface, key, picture)
    numbers = _numbers(value) if key in _NUMBERS else []
    match key, numbers:
        case ("kd", [_, _, _]) if surface.color_picture is None:
            red, green, blue = linear(np.array(numbers))
            return replace(surface, color=(float(red), float(green), float(blue)))
        case "d", [opacity]:
            return replace(surface, opacity=max(opacity, 0.25))
        case "ns", [shininess]:
            return replace(surface, roughness=float((2 / (max(shininess, 0) + 2)) ** 0.25))
        case "pr", [roughness]:
            return replace(surface, roughness=min(max(roughness, 0.0), 1.0))
        case "pm", [metallic]:
            return replace(surface, metallic=min(max(metallic, 0.0), 1.0))
    return surface


def _numbers(value: str) -> list[float]:
    """At most three, before a comment; none where something else stands among them, as in ``spectral`` colors."""
    try:
        numbers = [float(word) for word in value.partition("#")[0].split()[:3]]
    except ValueError:
        return []
    return numbers if all(map(isfinite, numbers)) else []


def _pictured(surface: Surface, key: str, picture: bytes) -> Surface:
    white = (1.0, 1.0, 1.0)
    match key:
        case "map_kd":
            return replace(surface, color_picture=picture, color=white)
        case "map_ke":
            return replace(surface, emission_picture=picture, emission=white)
        case _:
            return replace(surface, normal_picture=picture)
