"""Facts of USD scenes, by OpenUSD: of the composed scene with every payload loaded, at its first frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from pxr import Usd, UsdGeom, UsdShade, UsdSkel

from catalog.media.facts import Notebook, Source
from catalog.media.untyped import UsdObject
from catalog.media.usd_layers import open_confined
from catalog.media.vocabulary import FactKey

_MOST_PRIMS: Final = 2_000_000
_DRAWN_PURPOSES: Final = (UsdGeom.Tokens.default_, UsdGeom.Tokens.render)
_VERSION: Final = ".".join(str(number) for number in Usd.GetVersion()[1:])


def read(source: Source, notebook: Notebook) -> None:
    """Counts, axes, units, bounds, layers and variants of one scene."""
    notebook.by("usd-core", _VERSION)
    confined = open_confined(source, notebook)
    stage = confined.stage
    if stage.HasAuthoredMetadata(UsdGeom.Tokens.upAxis):
        notebook.note(FactKey.UP_AXIS, str(UsdGeom.GetStageUpAxis(stage)))
    if stage.HasAuthoredMetadata(UsdGeom.Tokens.metersPerUnit):
        notebook.note(FactKey.METERS_PER_UNIT, float(UsdGeom.GetStageMetersPerUnit(stage)))
    if stage.HasAuthoredTimeCodeRange():
        notebook.note(FactKey.FRAME_RANGE, (float(stage.GetStartTimeCode()), float(stage.GetEndTimeCode())))
    notebook.note(FactKey.LAYER_COUNT, len(confined.layers))
    variants = sorted(
        {name for root in stage.GetPseudoRoot().GetChildren() for name in root.GetVariantSets().GetNames()}
    )
    if variants:
        notebook.note(FactKey.VARIANT_SETS, tuple(variants))
    _note_geometry(stage, notebook)
    _note_look_and_rig(stage, notebook)
    _note_bounds(stage, notebook)


def _prims(stage: UsdObject) -> Iterator[UsdObject]:
    whole = Usd.PrimRange.Stage(stage, Usd.TraverseInstanceProxies())
    for count, prim in enumerate(whole):
        if count >= _MOST_PRIMS:
            return
        yield prim


def _note_geometry(stage: UsdObject, notebook: Notebook) -> None:
    meshes = vertices = faces = triangles = 0
    factors = _instance_counts(stage)
    first = Usd.TimeCode.EarliestTime()
    for prim in _prims(stage):
        if not prim.IsA(UsdGeom.Mesh) or UsdGeom.Imageable(prim).ComputePurpose() not in _DRAWN_PURPOSES:
            continue
        mesh = UsdGeom.Mesh(prim)
        counts = np.asarray(mesh.GetFaceVertexCountsAttr().Get(first) or (), dtype=np.int64)
        times = next((factor for path, factor in factors.items() if prim.GetPath().HasPrefix(path)), 1)
        meshes += times
        vertices += times * len(mesh.GetPointsAttr().Get(first) or ())
        faces += times * len(counts)
        triangles += times * int(np.maximum(counts - 2, 0).sum())
    notebook.note(FactKey.MESH_COUNT, meshes)
    notebook.note(FactKey.VERTEX_COUNT, vertices)
    notebook.note(FactKey.FACE_COUNT, faces)
    notebook.note(FactKey.TRIANGLE_COUNT, triangles)


def _instance_counts(stage: UsdObject) -> dict[UsdObject, int]:
    """How often a point instancer places each of its prototypes."""
    counts: dict[UsdObject, int] = {}
    for prim in _prims(stage):
        if prim.IsA(UsdGeom.PointInstancer):
            instancer = UsdGeom.PointInstancer(prim)
            indices = np.asarray(instancer.GetProtoIndicesAttr().Get(Usd.TimeCode.EarliestTime()) or (), dtype=np.int64)
            for index, path in enumerate(instancer.GetPrototypesRel().GetForwardedTargets()):
                counts[path] = counts.get(path, 0) + int((indices == index).sum())
    return counts


def _note_look_and_rig(stage: UsdObject, notebook: Notebook) -> None:
    materials, joints = 0, 0
    textures: set[str] = set()
    shapes: dict[str, None] = {}
    for prim in _prims(stage):
        if prim.IsA(UsdShade.Material):
            materials += 1
        elif prim.IsA(UsdShade.Shader):
            textures |= _textures(UsdShade.Shader(prim))
        elif prim.IsA(UsdSkel.Skeleton):
            joints += len(UsdSkel.Skeleton(prim).GetJointsAttr().Get() or ())
        elif prim.IsA(UsdSkel.BlendShape):
            shapes.setdefault(str(prim.GetPath()))
    notebook.note(FactKey.MATERIAL_COUNT, materials)
    notebook.note(FactKey.TEXTURE_COUNT, len(textures))
    notebook.note(FactKey.JOINT_COUNT, joints)
    notebook.note(FactKey.BLEND_SHAPE_COUNT, len(shapes))
    if shapes:
        names = dict.fromkeys(path.rsplit("/", 1)[1] for path in shapes)
        notebook.note(FactKey.BLEND_SHAPE_NAMES, tuple(names))


def _textures(shader: UsdObject) -> set[str]:
    """The files that a shader reads pictures from."""
    found = set()
    for each in shader.GetInputs():
        value = each.Get() if each.GetTypeName().cppTypeName == "SdfAssetPath" else None
        if value is not None and value.path:
            found.add(str(value.resolvedPath or value.path))
    return found


def _note_bounds(stage: UsdObject, notebook: Notebook) -> None:
    cache = UsdGeom.BBoxCache(Usd.TimeCode.EarliestTime(), list(_DRAWN_PURPOSES), useExtentsHint=False)
    box = cache.ComputeWorldBound(stage.GetPseudoRoot()).ComputeAlignedRange()
    if not box.IsEmpty():
        notebook.note(FactKey.BOUNDS_SIZE, tuple(float(size) for size in box.GetSize()))
