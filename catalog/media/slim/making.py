"""A model for browsers, of any glTF: as much as fits is kept, by trying with less until it does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.readers import gltf
from catalog.media.slim import pictures as textures
from catalog.media.slim.fewer import Mesh, fewer, joined
from catalog.media.slim.scene import Part, Scene, read
from catalog.media.slim.writing import written

LARGEST_BYTES: Final = 24 * 1024 * 1024
"""What a studio's network brings in a second or two."""

_TRIANGLES_MODE: Final = 4
_ROUNDS: Final = 3
_MOST_LOOSE: Final = 400_000


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How much a model may have."""

    triangles: int
    side_px: int


MEASURES: Final = (
    Measure(triangles=200_000, side_px=2048),
    Measure(triangles=200_000, side_px=1024),
    Measure(triangles=100_000, side_px=512),
    Measure(triangles=50_000, side_px=256),
)


@dataclass(frozen=True, kw_only=True)
class Slimmed:
    """A binary glTF, and what was left out of it in words; empty where nothing was."""

    content: bytes
    triangles: int
    caption: str


def slimmed(source: Source, *, missing_pictures: int = 0) -> Slimmed:
    """The glTF at ``source`` for browsers; ``InvalidInput`` where it has nothing to show or stays too large.

    ``missing_pictures`` were lost on the way there.
    """
    scene = read(source)
    scene.missing_pictures += missing_pictures
    for part in scene.all_parts():
        part.mesh = _sound(part.mesh) if part.mode == _TRIANGLES_MODE else _thinned(part.mesh)
    _leave_out_empty(scene)
    before = _placed(scene)
    for measure in MEASURES:
        triangles = _reduce(scene, measure.triangles)
        small = {index: textures.small(content, side_px=measure.side_px) for index, content in scene.pictures.items()}
        content = written(scene, small)
        if len(content) <= LARGEST_BYTES:
            return Slimmed(content=content, triangles=triangles, caption=_caption(scene, before, triangles))
    raise InvalidInput(f"it stays larger than {LARGEST_BYTES // 2**20} MiB, whatever is left out")


def _caption(scene: Scene, before: int, triangles: int) -> str:
    missing = scene.missing_pictures
    said = (
        f"{triangles:,} of {before:,} triangles" if triangles < before else "",
        f"without {missing} missing texture{'' if missing == 1 else 's'}" if missing else "",
    )
    return ", ".join(filter(None, said))


def _sound(mesh: Mesh) -> Mesh:
    """Without triangles that lead nowhere, and every vertex once."""
    finite = np.isfinite(mesh.positions).all(axis=1)
    return joined(replace(mesh, triangles=mesh.triangles[finite[mesh.triangles].all(axis=1)]))


def _thinned(mesh: Mesh) -> Mesh:
    """Lines and points, evenly fewer where they are very many; pairs stay together."""
    order = mesh.triangles.ravel()
    step = len(order) // _MOST_LOOSE + 1
    pairs = order[: len(order) // 2 * 2].reshape(-1, 2)[::step].ravel() if step > 1 else order
    return replace(mesh, triangles=pairs[np.isfinite(mesh.positions[pairs]).all(axis=1)].reshape(1, -1))


def _leave_out_empty(scene: Scene) -> None:
    """Primitives without anything to draw, and meshes without primitives, are left out."""
    gone = set()
    for index, (mesh, parts) in enumerate(zip(scene.document.get("meshes", []), scene.parts, strict=True)):
        full = [bool(part.mesh.triangles.size) for part in parts]
        mesh["primitives"] = [each for each, kept in zip(mesh["primitives"], full, strict=True) if kept]
        scene.parts[index] = [part for part, kept in zip(parts, full, strict=True) if kept]
        gone |= set() if any(full) else {index}
    if len(gone) == len(scene.parts):
        raise InvalidInput("it holds nothing that can be drawn")
    stays = [index for index in range(len(scene.parts)) if index not in gone]
    scene.document["meshes"] = [scene.document["meshes"][index] for index in stays]
    scene.parts = [scene.parts[index] for index in stays]
    for node in scene.document.get("nodes", []):
        mesh = node.pop("mesh", None)
        if mesh in stays:
            node["mesh"] = stays.index(mesh)
        else:
            node.pop("skin", None)
            node.pop("weights", None)


def _times(scene: Scene) -> list[int]:
    """How often each mesh is placed."""
    times = [0] * len(scene.parts)
    for mesh, _ in gltf.placements(scene.document):
        times[mesh] += 1
    return times


def _placed(scene: Scene) -> int:
    return sum(times * sum(map(_count, parts)) for times, parts in zip(_times(scene), scene.parts, strict=True))


def _count(part: Part) -> int:
    return len(part.mesh.triangles) if part.mode == _TRIANGLES_MODE else 0


def _reduce(scene: Scene, most: int) -> int:
    """Let the scene have at most so many triangles, evenly from all parts; how many it has then."""
    share = most
    for _ in range(_ROUNDS):
        placed = _placed(scene)
        if placed <= most:
            return placed
        for part in scene.all_parts():
            if part.mode == _TRIANGLES_MODE:
                part.mesh = fewer(part.mesh, int(len(part.mesh.triangles) * share / placed))
        share = int(share * 0.8)
    return _cut(scene, most)


def _cut(scene: Scene, most: int) -> int:
    """Where shapes cannot be made simpler: leave the smallest triangles of each part out."""
    ratio = most / max(_placed(scene), 1)
    if ratio < 1:
        for part in scene.all_parts():
            if part.mode == _TRIANGLES_MODE:
                part.mesh = _largest(part.mesh, max(int(len(part.mesh.triangles) * ratio), 1))
    return _placed(scene)


def _largest(mesh: Mesh, count: int) -> Mesh:
    corners = mesh.positions[mesh.triangles]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    return joined(replace(mesh, triangles=mesh.triangles[np.sort(np.argsort(-areas)[:count])]))
