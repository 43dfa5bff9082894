"""What moves in a model: meshes with their blend shapes, and joints with their parents, all where they stand.

In meters and Y up. glTF is skinned as its nodes stand; USD stands in its bind pose. Runs in a child only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Notebook, Source
from catalog.media.fans import fan_corners
from catalog.media.readers import gltf
from catalog.media.slim.scene import Part, Scene, read
from catalog.media.staging import SCENES
from catalog.media.untyped import UsdObject

_TRIANGLES = 4
_MOST_DEPTH = 512
_LEAST_WEIGHT = 1e-6


@dataclass(frozen=True, kw_only=True)
class Body:
    """Points and triangles of a mesh; ``shapes`` tell where its points go, by the name of the blend shape.

    They tell it when they are asked: a face has hundreds of shapes, and few are shown.
    """

    points: np.ndarray
    triangles: np.ndarray
    shapes: Mapping[str, Callable[[], np.ndarray]] = field(default_factory=dict)

    def shaped(self, name: str) -> np.ndarray:
        """The points with one blend shape applied, as they are where the mesh has none of that name."""
        return self.shapes[name]() if name in self.shapes else self.points


@dataclass(frozen=True, kw_only=True)
class Joint:
    """Where a joint is, and its parent; None at a root."""

    name: str
    at: np.ndarray
    parent_at: np.ndarray | None


@dataclass(frozen=True, kw_only=True)
class Anatomy:
    """All of a model."""

    bodies: Sequence[Body]
    joints: Sequence[Joint] = ()

    @property
    def shape_names(self) -> list[str]:
        """Every blend shape once, in the order of the file."""
        return list(dict.fromkeys(name for body in self.bodies for name in body.shapes))

    def triangles(self, shape: str | None = None) -> np.ndarray:
        """All triangles as (count, 3 corners, 3 coordinates), with one blend shape applied."""
        posed = [(body.points if shape is None else body.shaped(shape))[body.triangles] for body in self.bodies]
        return np.concatenate([np.empty((0, 3, 3)), *posed])

    def moved(self, shape: str) -> np.ndarray:
        """How far a blend shape moves each corner of ``triangles``."""
        far = [np.linalg.norm(body.shaped(shape) - body.points, axis=1)[body.triangles] for body in self.bodies]
        return np.concatenate([np.empty((0, 3)), *far])


def anatomy_of(source: Source, name: str) -> Anatomy:
    """Of a glTF or USD scene; ``InvalidInput`` where it cannot be read."""
    try:
        found = _of_usd(source) if name in SCENES else _of_gltf(read(source))
    except (IndexError, KeyError, TypeError, AttributeError, ValueError) as damage:
        raise InvalidInput(f"its parts do not fit together: {type(damage).__name__} {damage}") from damage
    if not any(len(body.triangles) for body in found.bodies):
        raise InvalidInput("it holds no triangles")
    return found


def _of_gltf(scene: Scene) -> Anatomy:
    document = scene.document
    worlds, parents = gltf.worlds(document)
    bodies = []
    for index, world in worlds.items():
        node = document["nodes"][index]
        if "mesh" not in node:
            continue
        names = _target_names(document["meshes"][node["mesh"]])
        skin = document["skins"][node["skin"]] if "skin" in node else None
        for part in scene.parts[node["mesh"]]:
            if part.mode != _TRIANGLES:
                continue
            moves = _skinning(scene, skin, worlds, part) if skin else world[None]
            bodies.append(_body(part, moves, names))
    return Anatomy(bodies=bodies, joints=_gltf_joints(document, worlds, parents))


def _target_names(mesh: Mapping[str, Any]) -> list[str]:
    named = (mesh.get("extras") or {}).get("targetNames") if isinstance(mesh.get("extras"), dict) else None
    return [str(name) for name in named] if isinstance(named, list) else []


def _body(part: Part, moves: np.ndarray, names: Sequence[str]) -> Body:
    """A primitive in the world; ``moves`` has one matrix for all of its points, or one for each."""
    points = part.mesh.positions.astype(np.float64)
    shapes = {
        (names[number] if number < len(names) else f"target {number}"): partial(
            _shaped, points, target["POSITION"], moves
        )
        for number, target in enumerate(part.mesh.targets)
        if "POSITION" in target
    }
    return Body(points=_moved(points, moves), triangles=part.mesh.triangles, shapes=shapes)


def _shaped(points: np.ndarray, offsets: np.ndarray, moves: np.ndarray) -> np.ndarray:
    return _moved(points + offsets, moves)


def _moved(points: np.ndarray, moves: np.ndarray) -> np.ndarray:
    moved: np.ndarray = (moves[:, :3, :3] @ points[:, :, None])[:, :, 0] + moves[:, :3, 3]
    return moved


def _skinning(scene: Scene, skin: Mapping[str, Any], worlds: Mapping[int, np.ndarray], part: Part) -> np.ndarray:
    """The matrix of each point of a skinned primitive."""
    joints = np.array([worlds.get(joint, np.eye(4)) for joint in skin["joints"]])
    if "inverseBindMatrices" in skin:
        joints = joints @ scene.numbers[skin["inverseBindMatrices"]].reshape(-1, 4, 4).transpose(0, 2, 1)
    named, weights = part.mesh.attributes.get("JOINTS_0"), part.mesh.attributes.get("WEIGHTS_0")
    if named is None or weights is None:
        return np.eye(4)[None]
    shares = weights / np.maximum(weights.sum(axis=1, keepdims=True), _LEAST_WEIGHT)
    blended: np.ndarray = np.einsum("pj,pjab->pab", shares, joints[named.astype(np.int64)])
    return blended


def _gltf_joints(
    document: Mapping[str, Any], worlds: Mapping[int, np.ndarray], parents: Mapping[int, int]
) -> list[Joint]:
    wanted = {joint for skin in document.get("skins", []) for joint in skin["joints"] if joint in worlds}

    def joint_above(index: int) -> int | None:
        above = parents.get(index)
        for _ in range(_MOST_DEPTH):
            if above is None or above in wanted:
                return above
            above = parents.get(above)
        return None

    return [
        Joint(
            name=str(document["nodes"][index].get("name", index)),
            at=worlds[index][:3, 3],
            parent_at=worlds[above][:3, 3] if (above := joint_above(index)) is not None else None,
        )
        for index in sorted(wanted)
    ]


def _of_usd(source: Source) -> Anatomy:
    from pxr import Usd, UsdGeom, UsdSkel  # noqa: PLC0415 — heavy, and only for USD

    from catalog.media.usd_layers import open_confined  # noqa: PLC0415 — as above
    from catalog.media.usd_mesh import usable_time  # noqa: PLC0415 — as above
    from catalog.media.usd_to_glb import to_meters  # noqa: PLC0415 — as above

    stage = open_confined(source, Notebook()).stage
    time, meters = usable_time(stage), to_meters(stage)
    transforms = UsdGeom.XformCache(time)
    bodies, joints = [], list[Joint]()
    for prim in Usd.PrimRange.Stage(stage, Usd.TraverseInstanceProxies()):
        if prim.IsA(UsdGeom.Mesh):
            world = np.array(transforms.GetLocalToWorldTransform(prim)) @ meters
            bodies += [body for body in [_usd_body(prim, time, world)] if body is not None]
        elif prim.IsA(UsdSkel.Skeleton):
            joints += _usd_joints(UsdSkel.Skeleton(prim), meters)
    return Anatomy(bodies=bodies, joints=joints)


def _usd_body(prim: UsdObject, time: UsdObject, world: np.ndarray) -> Body | None:
    from pxr import UsdGeom  # noqa: PLC0415 — as above

    mesh = UsdGeom.Mesh(prim)
    points = np.asarray(mesh.GetPointsAttr().Get(time) or (), dtype=np.float64).reshape(-1, 3)
    counts = np.asarray(mesh.GetFaceVertexCountsAttr().Get(time) or (), dtype=np.int64)
    indices = np.asarray(mesh.GetFaceVertexIndicesAttr().Get(time) or (), dtype=np.int64)
    if not len(points) or not len(counts) or (counts < 0).any() or counts.sum() > len(indices):
        return None
    corners, _ = fan_corners(counts)
    triangles = indices[corners].reshape(-1, 3)
    shapes = {
        name: partial(_usd_shaped, points, where, offsets, world.T[None]) for name, where, offsets in _usd_shapes(prim)
    }
    return Body(points=_moved(points, world.T[None]), triangles=triangles, shapes=shapes)


def _usd_shaped(points: np.ndarray, where: np.ndarray, offsets: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """``offsets`` belong to the points ``where``, or to the first ones where that is empty."""
    shaped = points.copy()
    shaped[where if len(where) else slice(len(offsets))] += offsets
    return _moved(shaped, moves)


def _usd_shapes(prim: UsdObject) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """The blend shapes that a mesh is bound to: their names, the points that they move, and how far."""
    from pxr import UsdSkel  # noqa: PLC0415 — as above

    binding = UsdSkel.BindingAPI(prim)
    names = binding.GetBlendShapesAttr().Get() or ()
    targets = binding.GetBlendShapeTargetsRel().GetForwardedTargets()
    for name, target in zip(names, targets, strict=False):
        shape = UsdSkel.BlendShape(prim.GetStage().GetPrimAtPath(target))
        if not shape:
            continue
        offsets = np.asarray(shape.GetOffsetsAttr().Get() or (), dtype=np.float32).reshape(-1, 3)
        where = np.asarray(shape.GetPointIndicesAttr().Get() or (), dtype=np.int64)
        yield str(name), where, offsets


def _usd_joints(skeleton: UsdObject, meters: np.ndarray) -> list[Joint]:
    from pxr import UsdSkel  # noqa: PLC0415 — as above

    names = list(skeleton.GetJointsAttr().Get() or ())
    placed = [np.array(matrix) @ meters for matrix in skeleton.GetBindTransformsAttr().Get() or ()]
    topology = UsdSkel.Topology(names)
    if len(placed) != len(names):
        return []
    return [
        Joint(
            name=str(name).rpartition("/")[2],
            at=placed[number][3, :3],
            parent_at=placed[above][3, :3] if (above := topology.GetParent(number)) >= 0 else None,
        )
        for number, name in enumerate(names)
    ]
