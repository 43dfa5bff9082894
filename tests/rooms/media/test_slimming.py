"""Models for browsers: few enough triangles, small enough pictures, and nothing lost that a person would miss."""

import io
import json
import struct
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest
from PIL import Image

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.glb import POINTS, Patch, Surface, write_glb
from catalog.media.slim.fewer import Mesh, fewer, joined
from catalog.media.slim.making import Slimmed, slimmed
from catalog.media.slim.scene import read
from tests import files
from tests.judges import gltf_faults
from tests.rooms.media.looking import lay


def _globe(steps: int) -> Mesh:
    """A sphere of 2 × steps² triangles with a seam of its texture coordinates, and no vertex shared."""
    around, down = np.meshgrid(np.linspace(0, 1, steps + 1), np.linspace(0, 1, steps + 1), indexing="ij")
    turned = 2 * np.pi * (around % 1)
    points = [np.sin(np.pi * down) * np.cos(turned), np.cos(np.pi * down), np.sin(np.pi * down) * np.sin(turned)]
    first = (np.arange(steps)[:, None] * (steps + 1) + np.arange(steps)).ravel()
    corners = np.stack([first, first + 1, first + steps + 2, first, first + steps + 2, first + steps + 1], axis=1)
    positions = np.stack(points, axis=-1).reshape(-1, 3)[corners.ravel()].astype(np.float32)
    coordinates = np.stack([around, down], axis=-1).reshape(-1, 2)[corners.ravel()].astype(np.float32)
    return Mesh(
        triangles=np.arange(len(positions)).reshape(-1, 3),
        attributes={"POSITION": positions, "NORMAL": positions.copy(), "TEXCOORD_0": coordinates},
    )


def _picture(side_px: int, *, alpha: bool = False, kind: str = "PNG") -> bytes:
    noise = np.random.default_rng(1).integers(0, 255, (side_px, side_px, 4 if alpha else 3), dtype=np.uint8)
    written = io.BytesIO()
    Image.fromarray(noise).save(written, kind)
    return written.getvalue()


def _write(path: Path, mesh: Mesh, *, surface: Surface | None = None, mode: int = 4) -> Path:
    patch = Patch(surface=surface or Surface(), mode=mode)
    order = mesh.triangles.ravel()
    patch.add(*(mesh.attributes[name][order] for name in ("POSITION", "NORMAL", "TEXCOORD_0")))
    write_glb([patch], path)
    return path


def _slimmed(path: Path) -> Slimmed:
    return slimmed(Source(folder=str(path.parent), path=PurePosixPath(path.name)))


def _document(content: bytes) -> dict[str, Any]:
    length = struct.unpack_from("<I", content, 12)[0]
    document: dict[str, Any] = json.loads(content[20 : 20 + length])
    return document


def _read_again(folder: Path, made: Slimmed) -> Any:  # noqa: ANN401 — a scene, asked for whatever a test wants to see
    (folder / "made.glb").write_bytes(made.content)
    return read(Source(folder=str(folder), path=PurePosixPath("made.glb")))


def test_a_mesh_without_shared_vertices_gets_each_of_them_once() -> None:
    globe = _globe(20)

    one = joined(globe)

    assert (len(globe.positions), len(globe.triangles)) == (2400, 800)
    # 21 × 21: at the seam and at the poles vertices are in one place, but not at one place of the texture.
    assert (len(one.positions), len(one.triangles)) == (441, 800)


def test_fewer_triangles_keep_the_shape_and_the_seam_of_the_texture() -> None:
    globe = joined(_globe(120))

    less = fewer(globe, 2_000)

    away = np.linalg.norm(less.positions, axis=1)
    down = np.arccos(np.clip(less.positions[:, 1] / away, -1, 1)) / np.pi
    around = less.attributes["TEXCOORD_0"][less.triangles][:, :, 0]
    middle = np.abs(less.attributes["TEXCOORD_0"][less.triangles][:, :, 1] - 0.5).max(axis=1) < 0.4
    assert len(globe.triangles) == 28_800
    assert 1_900 < len(less.triangles) <= 2_000
    assert 0.98 < away.min() < away.max() < 1.02
    assert np.abs(less.attributes["TEXCOORD_0"][:, 1] - down).max() < 0.03
    # A triangle whose corners took their texture from both sides of the seam would show the whole of it, mirrored.
    assert np.ptp(around[middle], axis=1).max() < 0.3


def test_a_hard_edge_stays_hard() -> None:
    side = np.linspace(0, 1, 40)
    flat = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)
    first = (np.arange(39)[:, None] * 40 + np.arange(39)).ravel()
    corners = np.stack([first, first + 40, first + 1, first + 1, first + 40, first + 41], axis=1).reshape(-1, 3)
    floor = np.column_stack([flat[:, 0], np.zeros(1600), flat[:, 1]])
    wall = np.column_stack([flat[:, 0], flat[:, 1], np.zeros(1600)])
    normals = np.repeat([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], 1600, axis=0)
    mesh = Mesh(
        triangles=np.concatenate([corners, corners + 1600]),
        attributes={"POSITION": np.concatenate([floor, wall]).astype(np.float32), "NORMAL": normals.astype(np.float32)},
    )

    less = fewer(mesh, 100)

    normal = less.attributes["NORMAL"][less.triangles]
    assert len(less.triangles) <= 100
    assert np.array_equal(normal[:, 0], normal[:, 1])
    assert np.array_equal(normal[:, 1], normal[:, 2])
    assert {tuple(each) for each in normal[:, 0]} == {(0.0, 1.0, 0.0), (0.0, 0.0, 1.0)}


def test_a_part_of_few_triangles_is_left_alone() -> None:
    globe = joined(_globe(4))

    assert fewer(globe, 4) is globe


def test_a_model_has_at_most_so_many_triangles_and_says_so(tmp_path: Path) -> None:
    model = _write(tmp_path / "globe.glb", _globe(400))

    made = _slimmed(model)

    (parts,) = _read_again(tmp_path, made).parts
    assert 190_000 < made.triangles <= 200_000
    assert len(parts[0].mesh.triangles) == made.triangles
    assert made.caption == f"{made.triangles:,} of 320,000 triangles"
    assert len(made.content) < 3 * 2**20 < model.stat().st_size
    assert gltf_faults([tmp_path / "made.glb"]) == []


def test_every_copy_of_an_instanced_mesh_counts(tmp_path: Path) -> None:
    nodes = [{"mesh": 0, "translation": [3 * at, 0, 0]} for at in range(20_000)]
    scene = {"nodes": nodes, "scenes": [{"nodes": list(range(20_000))}]}
    lay(tmp_path, {"boxes.glb": files.glb(**scene)})

    made = _slimmed(tmp_path / "boxes.glb")

    assert made.triangles == 200_000
    assert made.caption == "200,000 of 240,000 triangles"


def test_a_small_model_stays_what_it_is(tmp_path: Path) -> None:
    lay(tmp_path, {"box.glb": files.glb()})

    made = _slimmed(tmp_path / "box.glb")

    scene = _read_again(tmp_path, made)
    assert (made.triangles, made.caption) == (12, "")
    assert np.ptp(scene.parts[0][0].mesh.positions, axis=0) == pytest.approx([1, 2, 3], rel=1e-3)
    assert scene.document["materials"][0]["pbrMetallicRoughness"]["baseColorFactor"] == [0.8, 0.05, 0.05, 1]
    assert scene.document["extensionsRequired"] == ["KHR_draco_mesh_compression"]
    assert gltf_faults([tmp_path / "made.glb"]) == []


def test_what_is_packed_already_can_be_packed_again(tmp_path: Path) -> None:
    once = _slimmed(_write(tmp_path / "globe.glb", _globe(30)))
    (tmp_path / "once.glb").write_bytes(once.content)

    twice = _slimmed(tmp_path / "once.glb")

    assert once.triangles == 1_800
    assert 1_750 < twice.triangles < 1_800  # those at the poles had no area, and packing has joined their corners
    (part,) = _read_again(tmp_path, twice).parts[0]
    assert sorted(part.mesh.attributes) == ["NORMAL", "POSITION", "TEXCOORD_0"]


def test_large_pictures_are_made_smaller_and_small_ones_stay(tmp_path: Path) -> None:
    small, large = _picture(64), _picture(3000)
    surface = Surface(color_picture=large, normal_picture=small)
    model = _write(tmp_path / "globe.glb", _globe(8), surface=surface)

    made = _slimmed(model)

    pictures = _read_again(tmp_path, made).pictures
    assert [Image.open(io.BytesIO(each)).size for each in pictures.values()] == [(2048, 2048), (64, 64)]
    assert pictures[1] == small
    assert [each["mimeType"] for each in _document(made.content)["images"]] == ["image/jpeg", "image/png"]
    assert gltf_faults([tmp_path / "made.glb"]) == []


def test_a_picture_that_can_be_seen_through_stays_so(tmp_path: Path) -> None:
    surface = Surface(color_picture=_picture(700, alpha=True), cutoff=0.5)

    made = _slimmed(_write(tmp_path / "leaf.glb", _globe(8), surface=surface))

    document = _document(made.content)
    picture = Image.open(io.BytesIO(_read_again(tmp_path, made).pictures[0]))
    assert (document["images"][0]["mimeType"], picture.mode) == ("image/webp", "RGBA")
    assert document["textures"][0]["extensions"] == {"EXT_texture_webp": {"source": 0}}
    assert document["extensionsRequired"] == ["KHR_draco_mesh_compression", "EXT_texture_webp"]
    assert gltf_faults([tmp_path / "made.glb"]) == []


def test_a_picture_that_is_not_part_of_the_version_is_told(tmp_path: Path) -> None:
    lay(tmp_path, {"box.gltf": files.gltf(images=["lost.png"], textures=[{"source": 0}])})

    made = _slimmed(tmp_path / "box.gltf")

    assert made.caption == "without 1 missing texture"


def test_what_moves_goes_on_moving(tmp_path: Path) -> None:
    lay(tmp_path, {"puppet.glb": _puppet()})

    made = _slimmed(tmp_path / "puppet.glb")

    scene = _read_again(tmp_path, made)
    (part,) = scene.parts[0]
    assert scene.document["meshes"][0]["extras"] == {"targetNames": ["smile", "frown"]}
    assert [sorted(target) for target in part.mesh.targets] == [["POSITION"], ["POSITION"]]
    # The vertices of a mesh with targets keep their order, so that each target moves what it did.
    assert part.mesh.positions == pytest.approx(np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]]), abs=1e-3)
    assert part.mesh.targets[0]["POSITION"].tolist() == [[0, 0, 0.5], [0, 0, 0], [0, 0, 0]]
    assert part.mesh.attributes["JOINTS_0"].tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]]
    assert part.mesh.attributes["WEIGHTS_0"].tolist() == [[1, 0, 0, 0]] * 3
    assert scene.document["skins"][0]["joints"] == [1, 2]
    (animation,) = scene.document["animations"]
    assert [channel["target"]["path"] for channel in animation["channels"]] == ["rotation"]
    assert scene.numbers[animation["samplers"][0]["input"]].ravel().tolist() == [0, 1]
    assert gltf_faults([tmp_path / "made.glb"]) == []


def test_points_stay_points(tmp_path: Path) -> None:
    made = _slimmed(_write(tmp_path / "cloud.glb", _globe(10), mode=POINTS))

    scene = _read_again(tmp_path, made)
    assert (made.triangles, scene.parts[0][0].mode, len(scene.parts[0][0].mesh.positions)) == (0, POINTS, 600)
    assert gltf_faults([tmp_path / "made.glb"]) == []


@pytest.mark.parametrize("mode,triangles", [(5, 6), (6, 6)], ids=["strip", "fan"])
def test_strips_and_fans_become_triangles(tmp_path: Path, mode: int, triangles: int) -> None:
    meshes = [{"primitives": [{"attributes": {"POSITION": 1}, "mode": mode}]}]
    lay(tmp_path, {"strip.glb": files.glb(meshes=meshes)})

    assert _slimmed(tmp_path / "strip.glb").triangles == triangles


def test_a_buffer_beside_the_file_is_taken_along(tmp_path: Path) -> None:
    document, buffer = files.gltf_document(uri="the%20box.bin")
    lay(tmp_path, {"box.gltf": json.dumps(document).encode(), "the box.bin": buffer})

    assert _slimmed(tmp_path / "box.gltf").triangles == 12


REFUSED = {
    "a lost buffer": (files.gltf(uri="lost.bin"), "'lost.bin' is not part of the version"),
    "a buffer outside": (files.gltf(uri="../secret.bin"), "'../secret.bin' is not part of the version"),
    "what nobody knows": (files.gltf(extensionsRequired=["ACME_fog"]), "it needs ACME_fog, which is not understood"),
    "indices that lie": (files.gltf(points=[(0.0, 0.0, 0.0)]), "an index is larger than there are vertices"),
    "nothing to see": (files.gltf(meshes=[]), "it holds nothing that can be drawn"),
    "parts that are not there": (files.gltf(accessors=[]), "its parts do not fit together"),
}


@pytest.mark.parametrize("content,why", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_shown_is_refused_with_a_reason(tmp_path: Path, content: bytes, why: str) -> None:
    lay(tmp_path, {"box.gltf": content})

    with pytest.raises(InvalidInput, match=why):
        _slimmed(tmp_path / "box.gltf")


def _puppet() -> bytes:
    """A triangle with two joints, two morph targets and one animation, by hand."""
    parts: list[tuple[np.ndarray, dict[str, Any]]] = [
        (np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], "<f4"), {"type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]}),
        (np.array([[0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]], "<u1"), {"type": "VEC4"}),
        (np.array([[1, 0, 0, 0]] * 3, "<f4"), {"type": "VEC4"}),
        (np.array([[0, 0, 0.5], [0, 0, 0], [0, 0, 0]], "<f4"), {"type": "VEC3", "min": [0, 0, 0], "max": [0, 0, 0.5]}),
        (np.array([[0, 0.25, 0]] * 3, "<f4"), {"type": "VEC3", "min": [0, 0.25, 0], "max": [0, 0.25, 0]}),
        (np.array([np.eye(4).ravel()] * 2, "<f4"), {"type": "MAT4"}),
        (np.array([[0], [1]], "<f4"), {"type": "SCALAR", "min": [0], "max": [1]}),
        (np.array([[0, 0, 0, 1], [0, 0, 1, 0]], "<f4"), {"type": "VEC4"}),
    ]
    buffer = b""
    views: list[dict[str, int]] = []
    accessors: list[dict[str, Any]] = []
    for values, described in parts:
        kind = {"f": 5126, "u": 5121}[values.dtype.kind]
        accessors.append({"bufferView": len(views), "componentType": kind, "count": len(values), **described})
        views.append({"buffer": 0, "byteOffset": len(buffer), "byteLength": values.nbytes})
        buffer += values.tobytes()
    primitive = {
        "attributes": {"POSITION": 0, "JOINTS_0": 1, "WEIGHTS_0": 2},
        "targets": [{"POSITION": 3}, {"POSITION": 4}],
    }
    turning = {
        "samplers": [{"input": 6, "output": 7}],
        "channels": [
            {"sampler": 0, "target": {"node": 2, "path": "rotation"}},
            {"sampler": 0, "target": {"path": "pointer", "extensions": {"KHR_animation_pointer": {}}}},
        ],
    }
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0, 1]}],
        "nodes": [{"mesh": 0, "skin": 0}, {"children": [2]}, {"translation": [0, 1, 0]}],
        "skins": [{"joints": [1, 2], "inverseBindMatrices": 5}],
        "meshes": [{"primitives": [primitive], "weights": [0, 0], "extras": {"targetNames": ["smile", "frown"]}}],
        "animations": [turning],
        "buffers": [{"byteLength": len(buffer)}],
        "bufferViews": views,
        "accessors": accessors,
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(buffer), b"BIN\0") + buffer
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks
