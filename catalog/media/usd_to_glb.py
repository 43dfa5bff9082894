"""Makes a binary glTF of a USD scene, for renderers that read no USD.

Takes meshes, primitive solids, curves and points as they stand in the world at the first frame, with their bound
materials and display colors, in meters and Y up. Draws what is visible and of purpose default or render; subdivision
surfaces keep their cage with smooth normals; skinned meshes stand in their bind pose; point instancers are copied out
up to a budget.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from pxr import Gf, Usd, UsdGeom, UsdShade

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Notebook, Source
from catalog.media.glb import LINES, POINTS, TRIANGLES, Camera, Patch, Surface, write_glb
from catalog.media.untyped import UsdObject
from catalog.media.usd_layers import open_confined
from catalog.media.usd_look import Look, look_of
from catalog.media.usd_mesh import Corners, curve_lines, mesh_corners, point_cloud, solid_corners, usable_time

MOST_CORNERS: Final = 9_000_000
"""Three million triangles; what comes after them is left out of the picture, not refused."""

PICTURE_ASPECT: Final = 4 / 3

_DRAWN_PURPOSES: Final = (UsdGeom.Tokens.default_, UsdGeom.Tokens.render)
_MOST_INSTANCES: Final = 20_000
_PLAIN: Final = Look(surface=Surface(color=(1.0, 1.0, 1.0), roughness=0.6), display_color=True)
_GRAY: Final = (0.55, 0.55, 0.55)


@dataclass(kw_only=True)
class _Scene:
    """What is collected while the stage is walked."""

    stage: UsdObject
    time: UsdObject
    source: Source
    scratch: Path
    patches: dict[tuple[str, int], Patch] = field(default_factory=dict)
    looks: dict[str, Look | None] = field(default_factory=dict)
    corners: int = 0
    to_meters: np.ndarray = field(default_factory=lambda: np.eye(4))

    def look(self, material: UsdObject) -> tuple[str, Look]:
        """The look of a bound material; without one, or where it is not understood, display color decides."""
        if not material:
            return "", _PLAIN
        path = str(material.GetPath())
        if path not in self.looks:
            self.looks[path] = look_of(material, folder=Path(self.source.folder), scratch=self.scratch)
        found = self.looks[path]
        return (path, found) if found is not None else ("", _PLAIN)

    def patch(self, name: str, look: Look, mode: int) -> Patch:
        """Where corners of this material go."""
        return self.patches.setdefault((name, mode), Patch(surface=look.surface, mode=mode))


@dataclass(frozen=True, kw_only=True)
class Converted:
    """What was written. ``has_camera``: the scene's own camera is in it, because its author chose how it is seen."""

    has_camera: bool
    corners: int


def convert(source: Source, path: Path, *, scratch: Path) -> Converted:
    """Write the scene at ``source`` to ``path``; ``InvalidInput`` where it holds nothing that can be drawn."""
    confined = open_confined(source, Notebook())
    stage = confined.stage
    scene = _Scene(stage=stage, time=usable_time(stage), source=source, scratch=scratch, to_meters=to_meters(stage))
    for prim, matrix in _drawn_prims(scene):
        _add(scene, prim, matrix)
        if scene.corners > MOST_CORNERS:
            break
    patches = [patch for patch in scene.patches.values() if patch.positions]
    if not patches:
        raise InvalidInput("a USD scene without visible geometry")
    camera = _camera(scene)
    write_glb(patches, path, camera=camera)
    return Converted(has_camera=camera is not None, corners=scene.corners)


def _camera(scene: _Scene) -> Camera | None:
    """The first camera of the scene, which is what it is meant to be seen through; rooms are closed from outside."""
    for prim in scene.stage.Traverse():
        if prim.IsA(UsdGeom.Camera):
            world = np.array(UsdGeom.XformCache(scene.time).GetLocalToWorldTransform(prim)) @ scene.to_meters
            lens = UsdGeom.Camera(prim).GetCamera(scene.time)
            angle = _vertical_angle(lens)
            axes = world[:3, :3] / np.linalg.norm(world[:3, :3], axis=1, keepdims=True)
            if np.isfinite(world).all() and 0 < angle < np.pi:
                pose = np.eye(4)
                pose[:3, :3], pose[3, :3] = axes, world[3, :3]
                return Camera(pose=pose, angle=angle)
    return None


def _vertical_angle(lens: UsdObject) -> float:
    """In radians; wide enough that the author's whole frame is in the picture, whatever its aspect."""
    upright = float(np.radians(lens.GetFieldOfView(Gf.Camera.FOVVertical)))
    across = float(np.radians(lens.GetFieldOfView(Gf.Camera.FOVHorizontal)))
    return max(upright, 2 * float(np.arctan(np.tan(across / 2) / PICTURE_ASPECT)))


def to_meters(stage: UsdObject) -> np.ndarray:
    """From the stage's units and up axis to meters and Y up (row vectors, as USD's)."""
    matrix = np.eye(4) * float(UsdGeom.GetStageMetersPerUnit(stage))
    matrix[3, 3] = 1.0
    if str(UsdGeom.GetStageUpAxis(stage)) == UsdGeom.Tokens.z:
        matrix = np.array([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], float) @ matrix
    return matrix


def _drawn_prims(scene: _Scene) -> Iterator[tuple[UsdObject, np.ndarray]]:
    """Every gprim that a render would show, with its world matrix; those of point instancers once per instance."""
    transforms = UsdGeom.XformCache(scene.time)
    whole = iter(Usd.PrimRange.Stage(scene.stage, Usd.TraverseInstanceProxies()))
    for prim in whole:
        if prim.IsA(UsdGeom.Imageable) and not _is_drawn(prim, scene.time):
            whole.PruneChildren()
        elif prim.IsA(UsdGeom.PointInstancer):
            whole.PruneChildren()
            yield from _instances(scene, prim, transforms)
        elif prim.IsA(UsdGeom.Gprim):
            yield prim, np.array(transforms.GetLocalToWorldTransform(prim))


def _is_drawn(prim: UsdObject, time: UsdObject) -> bool:
    """By its own opinion: ancestors that hide it have been pruned already."""
    imageable = UsdGeom.Imageable(prim)
    if imageable.GetVisibilityAttr().Get(time) == UsdGeom.Tokens.invisible:
        return False
    return str(imageable.ComputePurpose()) in _DRAWN_PURPOSES


def _instances(scene: _Scene, prim: UsdObject, transforms: UsdObject) -> Iterator[tuple[UsdObject, np.ndarray]]:
    instancer = UsdGeom.PointInstancer(prim)
    indices = np.asarray(instancer.GetProtoIndicesAttr().Get(scene.time) or (), dtype=np.int64)
    placed = instancer.ComputeInstanceTransformsAtTime(scene.time, scene.time, UsdGeom.PointInstancer.IncludeProtoXform)
    targets = instancer.GetPrototypesRel().GetForwardedTargets()
    if not len(indices) or placed is None or len(placed) != len(indices):
        return
    world = np.array(transforms.GetLocalToWorldTransform(prim))
    step = len(indices) // _MOST_INSTANCES + 1
    for number, target in enumerate(targets):
        root = scene.stage.GetPrimAtPath(target)
        matrices = [np.array(placed[int(index)]) @ world for index in np.flatnonzero(indices == number)[::step]]
        if not root or not matrices:
            continue
        above = np.linalg.inv(np.array(transforms.GetLocalToWorldTransform(root)))
        for part in Usd.PrimRange(root, Usd.TraverseInstanceProxies()):
            if part.IsA(UsdGeom.Gprim) and _is_drawn(part, scene.time):
                own = np.array(transforms.GetLocalToWorldTransform(part)) @ above
                yield from ((part, own @ matrix) for matrix in matrices)


def _add(scene: _Scene, prim: UsdObject, matrix: np.ndarray) -> None:
    matrix = matrix @ scene.to_meters
    if prim.IsA(UsdGeom.Mesh):
        _add_mesh(scene, prim, matrix)
        return
    solid = solid_corners(prim, scene.time)
    if solid is not None:
        name, look = scene.look(_bound(prim))
        _add_corners(scene, scene.patch(name, look, TRIANGLES), look, solid, matrix)
        return
    loose = None
    if prim.IsA(UsdGeom.Curves):
        loose, mode = curve_lines(prim, scene.time), LINES
    elif prim.IsA(UsdGeom.Points):
        loose, mode = point_cloud(prim, scene.time), POINTS
    if loose is not None:
        positions, colors = loose
        patch = scene.patch("", _PLAIN, mode)
        patch.add(_moved(positions, matrix), colors=_colors(colors, len(positions)))
        scene.corners += len(positions)


def _add_mesh(scene: _Scene, prim: UsdObject, matrix: np.ndarray) -> None:
    """One patch per material: the mesh's own and those of its face subsets."""
    mesh = UsdGeom.Mesh(prim)
    name, look = scene.look(_bound(prim))
    corners = mesh_corners(mesh, scene.time, look.coordinate_name)
    if corners is None or not len(corners.positions):
        return
    left = np.ones(len(corners.faces), dtype=bool)
    for subset in UsdShade.MaterialBindingAPI(prim).GetMaterialBindSubsets():
        chosen = (
            np.isin(corners.faces, np.asarray(subset.GetIndicesAttr().Get(scene.time) or (), dtype=np.int64)) & left
        )
        if chosen.any():
            subset_name, subset_look = scene.look(_bound(subset.GetPrim()))
            part = _part(corners, chosen)
            _add_corners(scene, scene.patch(subset_name, subset_look, TRIANGLES), subset_look, part, matrix)
            left &= ~chosen
    if left.any():
        _add_corners(scene, scene.patch(name, look, TRIANGLES), look, _part(corners, left), matrix)


def _part(corners: Corners, chosen: np.ndarray) -> Corners:
    if chosen.all():
        return corners
    each = np.repeat(chosen, 3)

    def cut(values: np.ndarray | None) -> np.ndarray | None:
        return values[each] if values is not None else None

    return Corners(
        positions=corners.positions[each],
        normals=cut(corners.normals),
        coordinates=cut(corners.coordinates),
        colors=cut(corners.colors),
        faces=corners.faces[chosen],
    )


def _add_corners(scene: _Scene, patch: Patch, look: Look, corners: Corners, matrix: np.ndarray) -> None:
    positions, normals = _moved(corners.positions, matrix), None
    if corners.normals is not None:
        # Normals go by the inverse transpose; row vectors, hence the order.
        normals = corners.normals @ np.linalg.pinv(matrix[:3, :3]).T
        lengths = np.linalg.norm(normals, axis=1, keepdims=True)
        normals = np.divide(normals, lengths, out=np.zeros_like(normals), where=lengths > 0)
    coordinates = None
    if corners.coordinates is not None:
        mapped = corners.coordinates @ look.coordinate_map[:, :2].T + look.coordinate_map[:, 2]
        coordinates = np.stack([mapped[:, 0], 1.0 - mapped[:, 1]], axis=1)
    colors = _colors(corners.colors, len(positions)) if look.display_color else None
    patch.add(positions, normals, coordinates, colors)
    scene.corners += len(positions)


def _moved(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    return np.asarray(points @ matrix[:3, :3] + matrix[3, :3])


def _colors(colors: np.ndarray | None, count: int) -> np.ndarray:
    if colors is None:
        return np.repeat(np.array([_GRAY]), count, axis=0)
    clean: np.ndarray = np.clip(np.nan_to_num(colors), 0.0, 1.0)
    return clean


def _bound(prim: UsdObject) -> UsdObject:
    return UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()[0]
