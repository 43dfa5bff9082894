"""Every format of models gives one that browsers can turn: upright, in meters where it says how long its units are."""

from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest

from catalog.kernel.errors import InvalidInput
from catalog.media.asking import Bench
from catalog.media.facts import Source
from catalog.media.layout import Layout
from catalog.media.makers import model
from catalog.media.makers.maker import Made
from catalog.media.makers.table import MAKERS
from catalog.media.making import make
from catalog.media.readers import gltf
from catalog.media.slim.scene import Scene, read
from catalog.media.vocabulary import PreviewKind
from tests import files
from tests.judges import gltf_faults
from tests.rooms.media.looking import lay
from tests.rooms.media.test_measuring_models import _write_alembic
from tests.samples import SAMPLES

MAKER = next(maker for maker in MAKERS if maker.kind is PreviewKind.MODEL)


def _model(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> Made:
    (folder / "scratch").mkdir()
    monkeypatch.chdir(folder)
    (made,) = model.make([name], str(folder), str(folder / "scratch"), "")
    (folder / "model").rename(folder / "made.glb")
    return made


def _scene(folder: Path) -> Scene:
    return read(Source(folder=str(folder), path=PurePosixPath("made.glb")))


def _size(scene: Scene) -> list[float]:
    """Width, height and depth of all that is placed."""
    placed = [
        part.mesh.positions @ matrix[:3, :3].T + matrix[:3, 3]
        for mesh, matrix in gltf.placements(scene.document)
        for part in scene.parts[mesh]
    ]
    return [float(length) for length in np.ptp(np.concatenate(placed), axis=0)]


@pytest.mark.parametrize(
    "name,content,size",
    [
        ("box.glb", files.glb(), [1, 2, 3]),
        ("box.gltf", files.gltf(), [1, 2, 3]),
        ("box.obj", files.obj(), [1, 2, 3]),
        ("box.ply", files.ply(), [1, 2, 3]),
        ("text.ply", files.ply(binary=False, colors=True), [1, 2, 3]),
        ("box.stl", files.stl(), [1, 3, 2]),
        ("text.stl", files.text_stl(), [1, 3, 2]),
        ("box.usda", files.usda(), [0.01, 0.02, 0.03]),
        ("up.usda", files.usda(up_axis="Z", meters_per_unit=1), [1, 3, 2]),
        ("box.usdz", files.usdz({"box.usda": files.usda()}), [0.01, 0.02, 0.03]),
    ],
)
def test_a_box_of_every_format_is_upright_and_in_true_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, size: list[float]
) -> None:
    lay(tmp_path, {name: content})

    made = _model(tmp_path, name, monkeypatch)

    assert (made.derivative, made.media_type, made.caption) == ("model", "model/gltf-binary", "")
    assert _size(_scene(tmp_path)) == pytest.approx(size, rel=1e-3)
    assert gltf_faults([tmp_path / "made.glb"]) == []


def test_an_alembic_archive_is_placed_as_its_transforms_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write_alembic(tmp_path / "box.abc", scale=2.0)

    _model(tmp_path, "box.abc", monkeypatch)

    assert _size(_scene(tmp_path)) == pytest.approx([2, 4, 6], rel=1e-3)


def test_an_fbx_is_made_meters(bench: Bench, tmp_path: Path) -> None:
    # In a child: ufbx may crash the process that it is unloaded from.
    (tmp_path / "files").mkdir()
    lay(tmp_path / "files", {"box.fbx": files.fbx()})

    (made,) = make(MAKER, Layout(folder=tmp_path / "files"), ("box.fbx",), on=bench)

    (tmp_path / "made.glb").write_bytes(made.content)
    assert _size(_scene(tmp_path)) == pytest.approx([0.01, 0.02, 0.03], rel=1e-3)


def test_a_cloud_of_points_keeps_its_colors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"scan.ply": files.ply(faces=False, colors=True)})

    _model(tmp_path, "scan.ply", monkeypatch)

    ((part,),) = _scene(tmp_path).parts
    assert (part.mode, len(part.mesh.positions)) == (0, 8)
    assert part.mesh.attributes["COLOR_0"].shape == (8, 4)
    assert np.ptp(part.mesh.attributes["COLOR_0"][:, :3]) > 0


def test_a_scene_keeps_its_textures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"look.usda": files.usda(body=TEXTURED), "maps/paint.png": files.png(8, 8, (200, 30, 40))})

    _model(tmp_path, "look.usda", monkeypatch)

    scene = _scene(tmp_path)
    base: Any = scene.document["materials"][0]["pbrMetallicRoughness"]
    assert base["baseColorTexture"] == {"index": 0}
    assert len(scene.pictures) == 1


def test_an_obj_keeps_the_materials_of_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = (
        b"newmtl paint\nKd 1 0 0\nNs 30\nd 0.5\nPm 0.25\nmap_Kd -s 1 1 1 maps\\paint.png\nnewmtl plain\nKd 0 0.5 0\n"
    )
    lay(tmp_path, {"look.obj": TWO_MATERIALS, "look.mtl": library, "maps/paint.png": files.png(8, 8)})

    _model(tmp_path, "look.obj", monkeypatch)

    scene = _scene(tmp_path)
    painted_look, plain = (each["pbrMetallicRoughness"] for each in scene.document["materials"])
    ((painted, _),) = scene.parts
    assert painted_look["baseColorFactor"] == [1, 1, 1, 0.5]
    assert (painted_look["baseColorTexture"], painted_look["metallicFactor"]) == ({"index": 0}, 0.25)
    assert plain["baseColorFactor"] == pytest.approx([0, 0.214, 0, 1], abs=0.001)
    assert painted.mesh.attributes["TEXCOORD_0"].max() == pytest.approx(1, abs=1e-3)
    assert len(scene.pictures) == 1


def test_statements_of_a_library_that_are_not_shown_take_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = b"newmtl paint\nKd 1 0 0 # red\nNs 250.0 # shiny\nd -halo 0.5\nPr nan\nnewmtl plain\nKd spectral a.rfl\n"
    lay(tmp_path, {"look.obj": TWO_MATERIALS, "look.mtl": library})

    _model(tmp_path, "look.obj", monkeypatch)

    painted, plain = (each["pbrMetallicRoughness"] for each in _scene(tmp_path).document["materials"])
    assert (painted["baseColorFactor"], plain["baseColorFactor"]) == ([1, 0, 0, 1], [0.6, 0.6, 0.6, 1])
    assert painted["roughnessFactor"] == pytest.approx(0.298, abs=0.001)


def test_an_obj_says_which_pictures_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = b"newmtl paint\nmap_Kd C:\\old\\gone.png\nmap_Ke lost.png\nnewmtl plain\nmap_Kd C:\\old\\gone.png\n"
    lay(tmp_path, {"look.obj": TWO_MATERIALS, "look.mtl": library})

    made = _model(tmp_path, "look.obj", monkeypatch)

    assert made.caption == "without 2 missing textures"


def test_an_obj_without_its_library_is_clay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"look.obj": TWO_MATERIALS})

    _model(tmp_path, "look.obj", monkeypatch)

    materials = _scene(tmp_path).document["materials"]
    assert [each["pbrMetallicRoughness"]["baseColorFactor"] for each in materials] == [[0.58, 0.58, 0.57, 1]] * 2


@pytest.mark.parametrize(
    "content,why",
    [
        (b"v 0 0 0\nf 1 2 3\n", "names a vertex that does not exist"),
        (b"v 0 0 0\nv 1 0 0\nv 1 1 0\nf 1 2 x\n", "its geometry cannot be read"),
        (b"v 0 0 0\n", "nothing that can be drawn"),
    ],
)
def test_an_obj_that_lies_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, why: str) -> None:
    lay(tmp_path, {"box.obj": content})

    with pytest.raises(InvalidInput, match=why):
        _model(tmp_path, "box.obj", monkeypatch)


@pytest.mark.samples
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not on this machine")
def test_an_fbx_keeps_its_picture(bench: Bench, tmp_path: Path) -> None:
    (made,) = make(MAKER, Layout(folder=SAMPLES / "fbx"), ("maya_textured_cube_7500_binary.fbx",), on=bench)

    (tmp_path / "made.glb").write_bytes(made.content)
    scene = _scene(tmp_path)
    assert _size(scene) == pytest.approx([0.01, 0.01, 0.01], rel=1e-3)
    assert len(scene.pictures) == 1
    assert scene.parts[0][0].mesh.attributes["TEXCOORD_0"].shape[1] == 2


def test_what_is_no_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"a.png": files.png()})

    with pytest.raises(InvalidInput, match="image/png is no model"):
        _model(tmp_path, "a.png", monkeypatch)


TWO_MATERIALS = b"""mtllib look.mtl
v 0 0 0
v 1 0 0
v 1 1 0
v 0 1 0
v 0 0 1
vt 0 0
vt 1 0
vt 1 1
vt 0 1
vn 0 0 1
usemtl paint
f 1/1/1 2/2/1 3/3/1 4/4/1
usemtl plain
f -5 -4 -1
"""
TEXTURED = """
def Mesh "Sheet" (prepend apiSchemas = ["MaterialBindingAPI"])
{
    point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]
    int[] faceVertexCounts = [4]
    int[] faceVertexIndices = [0, 1, 2, 3]
    texCoord2f[] primvars:st = [(0, 0), (1, 0), (1, 1), (0, 1)] (interpolation = "vertex")
    rel material:binding = </Paint>
}

def Material "Paint"
{
    token outputs:surface.connect = </Paint/Surface.outputs:surface>

    def Shader "Surface"
    {
        uniform token info:id = "UsdPreviewSurface"
        color3f inputs:diffuseColor.connect = </Paint/Color.outputs:rgb>
        token outputs:surface
    }

    def Shader "Color"
    {
        uniform token info:id = "UsdUVTexture"
        asset inputs:file = @./maps/paint.png@
        float3 outputs:rgb
    }
}
"""
