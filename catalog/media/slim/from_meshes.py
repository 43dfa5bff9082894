"""Makes a glTF of formats that hold plain meshes, in meters and Y up as far as the file says what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.fans import fan_corners
from catalog.media.geometry import triangles_of
from catalog.media.glb import POINTS, TRIANGLES, Patch, Surface, write_glb
from catalog.media.measuring import measure
from catalog.media.vocabulary import FactKey

_CLAY: Final = Surface(color=(0.58, 0.58, 0.57), roughness=0.75)
_PLAIN: Final = Surface(color=(1.0, 1.0, 1.0), roughness=0.75)
_LINEAR_UP_TO: Final = 0.04045
_SMOOTH_COSINE: Final = 0.72
"""Faces that turn by less than 44 degrees are shown as one round surface, where a file has no normals."""


def convert(source: Source, name: str, path: Path) -> None:
    """Write the mesh at ``source`` to ``path``; ``InvalidInput`` where it holds nothing that can be drawn."""
    write_glb(_patches(source, name), path)


def _patches(source: Source, name: str) -> list[Patch]:
    if name == "ply":
        return [_ply(source)]
    corners = triangles_of(source, name).reshape(-1, 3)
    if name == "fbx":
        corners = _in_meters(corners, source)
    patch = Patch(surface=_CLAY)
    patch.add(corners, smooth_normals(corners))
    return [patch]


def _in_meters(corners: np.ndarray, source: Source) -> np.ndarray:
    """As the file says: its units and its up axis."""
    facts = {fact.key: fact.value for fact in measure(source).facts.values()}
    scale: Any = facts.get(FactKey.METERS_PER_UNIT, 1.0)
    if facts.get(FactKey.UP_AXIS) == "Z":
        corners = np.stack([corners[:, 0], corners[:, 2], -corners[:, 1]], axis=1)
    return corners * float(scale)


def _ply(source: Source) -> Patch:
    """A mesh or a cloud of points, in its own colors where it has some."""
    from catalog.media.readers import ply  # noqa: PLC0415 — only the reader of the format at hand is loaded

    found = ply.painted_mesh_of(Path(source.absolute))
    if not len(found.points):
        raise InvalidInput("it holds nothing that can be drawn")
    colors = None if found.colors is None else linear(found.colors)
    patch = Patch(surface=_CLAY if colors is None else _PLAIN, mode=TRIANGLES if len(found.indices) else POINTS)
    if patch.mode == POINTS:
        patch.add(found.points, colors=colors)
        return patch
    order = found.indices[fan_corners(found.counts)[0]]
    corners = found.points[order]
    patch.add(corners, smooth_normals(corners), colors=None if colors is None else colors[order])
    return patch


def linear(colors: np.ndarray) -> np.ndarray:
    """Colors as they are displayed (sRGB, IEC 61966-2-1) as amounts of light, which glTF wants."""
    light: np.ndarray = np.where(colors <= _LINEAR_UP_TO, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    return light


def smooth_normals(corners: np.ndarray) -> np.ndarray:
    """Normals of corners of triangles: round where faces turn little, flat where they turn sharply."""
    facing = np.cross(corners[1::3] - corners[0::3], corners[2::3] - corners[0::3])
    _, where = np.unique(np.ascontiguousarray(corners, np.float32), axis=0, return_inverse=True)
    where = where.reshape(-1)
    sums = np.zeros((where.max() + 1, 3))
    for corner in range(3):
        np.add.at(sums, where[corner::3], facing)
    flat = np.repeat(_unit(facing), 3, axis=0)
    rounded = _unit(sums)[where]
    sharp = (rounded * flat).sum(axis=1, keepdims=True) < _SMOOTH_COSINE
    normals: np.ndarray = np.where(sharp, flat, rounded)
    return normals


def _unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: np.ndarray = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit
