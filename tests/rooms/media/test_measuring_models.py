"""Facts of meshes and scenes: counts of what is placed, units and axes only where the format or the file says them."""

import json
import struct
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import imath
import pytest
from alembic3d import Abc, AbcGeom

from catalog.media.asking import Bench
from tests import files
from tests.rooms.media.looking import facts, findings, inspected, lay

BOX = {"mesh_count": 1, "vertex_count": 8, "triangle_count": 12, "bounds_size": (1.0, 2.0, 3.0)}


def _box(found: Mapping[str, object]) -> dict[str, object]:
    return {key: found[key] for key in BOX}


@pytest.mark.parametrize(
    "name,content,faces",
    [
        ("box.glb", files.glb(), 12),
        ("box.gltf", files.gltf(), 12),
        ("box.obj", files.obj(), 6),
        ("box.stl", files.stl(), 12),
        ("text.stl", files.text_stl(), 12),
        ("box.ply", files.ply(), 6),
        ("text.ply", files.ply(binary=False), 6),
        ("box.usda", files.usda(), 6),
        ("box.usdz", files.usdz({"box.usda": files.usda()}), 6),
    ],
)
def test_a_box_is_counted_alike_in_every_format(tmp_path: Path, name: str, content: bytes, faces: int) -> None:
    found = facts(tmp_path, name, content)

    assert _box(found) == BOX
    assert found["face_count"] == faces


def test_an_fbx_is_counted_in_its_own_units(bench: Bench, tmp_path: Path) -> None:
    # In a child: ufbx may crash the process that it is unloaded from.
    (inspection,) = bench.measure(lay(tmp_path, {"box.fbx": files.fbx()}), [PurePosixPath("box.fbx")])

    found = {str(fact.key): fact.value for fact in inspection.facts}
    assert (_box(found), found["up_axis"], found["meters_per_unit"]) == (BOX, "Y", 0.01)


def test_an_alembic_archive_is_counted_where_its_transforms_place_it(tmp_path: Path) -> None:
    _write_alembic(tmp_path / "box.abc", scale=2.0)

    found = facts(tmp_path, "box.abc")

    assert (found["vertex_count"], found["face_count"], found["triangle_count"]) == (8, 6, 12)
    assert found["bounds_size"] == (2.0, 4.0, 6.0)
    assert "up_axis" not in found


def test_gltf_has_meters_and_y_up_by_definition(tmp_path: Path) -> None:
    found = facts(tmp_path, "box.glb", files.glb())

    assert (found["up_axis"], found["meters_per_unit"]) == ("Y", 1.0)


@pytest.mark.parametrize("name,content", [("box.obj", files.obj()), ("box.stl", files.stl()), ("box.ply", files.ply())])
def test_formats_without_units_claim_none(tmp_path: Path, name: str, content: bytes) -> None:
    found = facts(tmp_path, name, content)

    assert "meters_per_unit" not in found
    assert "up_axis" not in found


def test_a_mesh_that_stands_in_two_places_counts_twice(tmp_path: Path) -> None:
    nodes = [{"mesh": 0}, {"mesh": 0, "translation": [10, 0, 0]}]

    found = facts(tmp_path, "two.glb", files.glb(nodes=nodes, scenes=[{"nodes": [0, 1]}]))

    assert (found["mesh_count"], found["triangle_count"]) == (2, 24)
    assert found["bounds_size"] == (11.0, 2.0, 3.0)


def test_bounds_follow_rotation_and_scale_of_the_nodes(tmp_path: Path) -> None:
    turned = [
        {"children": [1], "scale": [2, 2, 2]},
        {"mesh": 0, "rotation": [0, 0.7071067811865476, 0, 0.7071067811865476]},
    ]

    found = facts(tmp_path, "turned.glb", files.glb(nodes=turned))

    assert found["bounds_size"] == pytest.approx((6.0, 4.0, 2.0))


def test_nodes_that_contain_each_other_end_the_walk(tmp_path: Path) -> None:
    cycle = [{"mesh": 0, "children": [1]}, {"mesh": 0, "children": [0]}]

    assert facts(tmp_path, "cycle.glb", files.glb(nodes=cycle))["mesh_count"] == 2


def test_morph_targets_and_joints_are_counted_and_named(tmp_path: Path) -> None:
    document, _ = files.gltf_document()
    primitive = document["meshes"][0]["primitives"][0] | {"targets": [{"POSITION": 1}, {"POSITION": 1}]}  # type: ignore[index]  # known
    meshes = [{"primitives": [primitive], "extras": {"targetNames": ["eyeBlinkLeft", "jawOpen"]}}]

    found = facts(tmp_path, "face.glb", files.glb(meshes=meshes, skins=[{"joints": [0, 1]}, {"joints": [1, 2]}]))

    assert (found["blend_shape_count"], found["blend_shape_names"]) == (2, ("eyeBlinkLeft", "jawOpen"))
    assert found["joint_count"] == 3


def test_a_point_cloud_has_vertices_and_no_faces(tmp_path: Path) -> None:
    found = facts(tmp_path, "scan.ply", files.ply(faces=False, colors=True))

    assert (found["mesh_count"], found["vertex_count"], found["face_count"]) == (0, 8, 0)


def test_faces_of_different_lengths_are_counted_one_by_one(tmp_path: Path) -> None:
    mixed = files.ply().replace(b"element face 6", b"element face 7") + struct.pack("<B3i", 3, 0, 1, 2)

    assert facts(tmp_path, "mixed.ply", mixed)["triangle_count"] == 13


def test_an_obj_names_its_materials_and_textures(tmp_path: Path) -> None:
    found = inspected(
        tmp_path,
        "box.obj",
        files.obj(library="box.mtl", material="red"),
        box_mtl=files.mtl(texture="-bm 0.5 red.png"),
        red_png=files.png(),
    )

    values = {str(fact.key): fact.value for fact in found.facts}
    assert (values["material_count"], values["texture_count"], found.findings) == (1, 1, ())


@pytest.mark.parametrize(
    "name,content", [("a.obj", files.obj(library="/etc/box.mtl")), ("a.mtl", files.mtl(texture="C:\\red.png"))]
)
def test_a_reference_out_of_the_version_is_a_finding_that_names_it(tmp_path: Path, name: str, content: bytes) -> None:
    (found,) = inspected(tmp_path, name, content).findings

    assert found.code == "escaping-reference"
    assert found.reference in ("/etc/box.mtl", "C:\\red.png")


def test_a_gltf_that_wants_files_from_elsewhere_says_so(tmp_path: Path) -> None:
    content = files.gltf(uri="../../secret.bin", images=["https://example.com/a.png", "missing.png"])

    assert findings(tmp_path, "box.gltf", content) == ["escaping-reference", "escaping-reference", "missing-reference"]


def test_embedded_buffers_refer_to_nothing(tmp_path: Path) -> None:
    assert findings(tmp_path, "box.gltf", files.gltf()) == []


@pytest.mark.parametrize(
    "content",
    [
        files.glb()[:10],
        files.glb()[:60],
        struct.pack("<4sII", b"glTF", 2, 2**31),
        files.glb()[:12] + struct.pack("<I4s", 2**31 - 1, b"JSON") + files.glb()[20:],
        files.glb().replace(b'"version": "2.0"', b'"version": "1.0"'),
    ],
    ids=["cut in its header", "cut in its document", "nothing but a length", "a chunk that lies", "an old version"],
)
def test_a_damaged_glb_is_unreadable(tmp_path: Path, content: bytes) -> None:
    assert "unreadable" in findings(tmp_path, "box.glb", content)


def test_a_glb_that_lies_about_its_length_is_damaged(tmp_path: Path) -> None:
    lying = files.glb()[:8] + struct.pack("<I", 999_999) + files.glb()[12:]

    assert findings(tmp_path, "box.glb", lying) == ["damaged"]


def test_accessors_that_reach_beyond_their_buffer_are_found(tmp_path: Path) -> None:
    document, _ = files.gltf_document()
    accessors = json.loads(json.dumps(document["accessors"]))
    accessors[1]["count"] = 10_000_000

    assert findings(tmp_path, "box.glb", files.glb(accessors=accessors)) == ["damaged"]


def test_json_that_is_nested_without_end_is_unreadable(tmp_path: Path) -> None:
    content = b'{"asset":{"version":"2.0"},"meshes":[' + b'{"a":' * 100_000

    assert findings(tmp_path, "deep.gltf", content) == ["unreadable"]


@pytest.mark.parametrize(
    "name,content",
    [
        ("a.ply", files.ply().replace(b"element vertex 8", b"element vertex 4000000000")),
        ("b.ply", files.ply()[:-3]),
        ("c.ply", files.ply(binary=False).replace(b"0.0 0.0 0.0", b"0.0 zero 0.0")),
        ("d.ply", b"ply\nformat binary_little_endian 1.0\nelement"),
        ("e.obj", b"o empty\nf 1 2 3\n"),
        ("f.obj", files.obj().replace(b"v 0.0 0.0 0.0", b"v 0.0 nothing")),
    ],
)
def test_a_damaged_mesh_is_unreadable(tmp_path: Path, name: str, content: bytes) -> None:
    assert findings(tmp_path, name, content) == ["unreadable"]


def test_positions_that_are_not_finite_are_a_finding(tmp_path: Path) -> None:
    content = files.obj().replace(b"v 0.0 0.0 0.0", b"v nan 0.0 0.0")

    assert findings(tmp_path, "box.obj", content) == ["not-finite"]


def _write_alembic(path: Path, *, scale: float) -> None:
    archive = Abc.OArchive(str(path))
    transform = AbcGeom.OXform(archive.getTop(), "placed")
    sample = AbcGeom.XformSample()
    sample.setScale(imath.V3d(scale, scale, scale))
    transform.getSchema().set(sample)
    mesh = AbcGeom.OPolyMesh(transform, "box")
    points = imath.V3fArray(len(files.CUBE_POINTS))
    for index, point in enumerate(files.CUBE_POINTS):
        points[index] = imath.V3f(*point)
    corners = [corner for face in files.CUBE_FACES for corner in face]
    indices, counts = imath.IntArray(len(corners)), imath.IntArray(len(files.CUBE_FACES))
    for index, corner in enumerate(corners):
        indices[index] = corner
    for index in range(len(files.CUBE_FACES)):
        counts[index] = 4
    mesh.getSchema().set(AbcGeom.OPolyMeshSchemaSample(points, indices, counts))
