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


def test_what_is_no_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"a.png": files.png()})

    with pytest.raises(InvalidInput, match="image/png is no model"):
        _model(tmp_path, "a.png", monkeypatch)


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
