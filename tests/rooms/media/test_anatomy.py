"""Blend shapes and joints of glTF and USD, where they stand."""

import tracemalloc
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest

from catalog.kernel.errors import InvalidInput
from catalog.media.anatomy import Anatomy, _body, anatomy_of
from catalog.media.facts import Source
from catalog.media.slim.fewer import Mesh
from catalog.media.slim.scene import Part
from tests import files
from tests.files import CUBE_FACES, CUBE_POINTS
from tests.rooms.media.looking import lay

GROWING: Any = {"primitives": [{"attributes": {"POSITION": 1}, "indices": 0, "targets": [{"POSITION": 1}]}]}
"""A box whose one blend shape adds each point to itself, so that it grows to twice its size."""
LEG: Any = {
    "scenes": [{"nodes": [0, 1]}],
    "nodes": [
        {"mesh": 0, "skin": 0},
        {"name": "hip", "translation": [0, 3, 0], "children": [2]},
        {"name": "between", "translation": [0, -1, 0], "children": [3]},
        {"name": "knee", "translation": [0, -1, 1]},
    ],
    "skins": [{"joints": [1, 3]}],
}
SKELETON = """
def SkelRoot "Root" {
    def Skeleton "Leg" {
        uniform token[] joints = ["hip", "hip/knee"]
        uniform matrix4d[] bindTransforms = [
            ((1,0,0,0),(0,1,0,0),(0,0,1,0),(0,0,300,1)), ((1,0,0,0),(0,1,0,0),(0,0,1,0),(0,100,100,1))]
    }
    def Mesh "Skin" (prepend apiSchemas = ["SkelBindingAPI"]) {
        point3f[] points = POINTS
        int[] faceVertexCounts = [4, 4, 4, 4, 4, 4]
        int[] faceVertexIndices = CORNERS
        uniform token[] skel:blendShapes = ["lift"]
        rel skel:blendShapeTargets = </Root/Skin/lift>
        def BlendShape "lift" {
            uniform vector3f[] offsets = [(0, 0, 100)]
            uniform int[] pointIndices = [7]
        }
    }
}
""".replace("POINTS", str([*CUBE_POINTS])).replace("CORNERS", str([corner for face in CUBE_FACES for corner in face]))


def _anatomy(folder: Path, name: str, content: bytes) -> Anatomy:
    lay(folder, {name: content})
    return anatomy_of(Source(folder=str(folder), path=PurePosixPath(name)), name.rpartition(".")[2])


def _bones(anatomy: Anatomy) -> list[tuple[str, list[float], list[float] | None]]:
    return [
        (joint.name, joint.at.tolist(), None if joint.parent_at is None else joint.parent_at.tolist())
        for joint in anatomy.joints
    ]


def test_blend_shapes_that_nobody_asks_for_take_no_memory() -> None:
    points = np.zeros((20_000, 3), np.float32)
    targets = ({"POSITION": points},) * 400
    mesh = Mesh(triangles=np.array([[0, 1, 2]]), attributes={"POSITION": points}, targets=targets)
    tracemalloc.start()

    body = _body(Part(described={}, mode=4, mesh=mesh), np.eye(4)[None], ())

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(body.shapes), peak < 20_000_000) == (400, True)


def test_a_blend_shape_moves_the_points_that_it_says(tmp_path: Path) -> None:
    named = {**GROWING, "extras": {"targetNames": ["grow"]}}

    found = _anatomy(tmp_path, "box.glb", files.glb(meshes=[named]))

    assert found.shape_names == ["grow"]
    assert found.triangles().max(axis=(0, 1)).tolist() == [1, 2, 3]
    assert found.triangles("grow").max(axis=(0, 1)).tolist() == [2, 4, 6]
    assert found.moved("grow").max() == pytest.approx(np.sqrt(1 + 4 + 9))


def test_a_blend_shape_without_a_name_is_counted(tmp_path: Path) -> None:
    assert _anatomy(tmp_path, "box.glb", files.glb(meshes=[GROWING])).shape_names == ["target 0"]


def test_joints_stand_in_the_world_and_know_the_joint_above(tmp_path: Path) -> None:
    found = _anatomy(tmp_path, "leg.glb", files.glb(**LEG))

    assert _bones(found) == [("hip", [0, 3, 0], None), ("knee", [0, 1, 1], [0, 3, 0])]


def test_usd_stands_in_meters_and_upright(tmp_path: Path) -> None:
    found = _anatomy(tmp_path, "leg.usda", files.usda(up_axis="Z", body=SKELETON))

    assert [(name, np.round(at, 6).tolist()) for name, at, _ in _bones(found)] == [
        ("hip", [0, 3, 0]),
        ("knee", [0, 1, -1]),
    ]
    assert found.shape_names == ["lift"]
    assert found.moved("lift").max() == pytest.approx(1.0)
    assert found.triangles("lift")[..., 1].max() == pytest.approx(1.03)


def test_a_scene_without_triangles_has_no_anatomy(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no triangles"):
        _anatomy(tmp_path, "empty.usda", files.usda(body='def Xform "Empty" {}'))


def test_parts_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="do not fit together"):
        _anatomy(tmp_path, "leg.glb", files.glb(**{**LEG, "skins": [{}]}))
