"""The painters themselves, in this process, with files that the tests made and can trust."""

import contextlib
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from catalog.kernel.errors import InvalidInput
from catalog.media import geometry, tasks
from catalog.media.drawing import Drawing, draw
from catalog.media.facts import Notebook, Source
from catalog.media.painters import color
from catalog.media.readers import gltf
from catalog.media.usd_to_glb import convert
from tests import files
from tests.rooms.media.looking import lay, picture, pixel

BACKDROP = (0x17, 0x1A, 0x21)


def _source(folder: Path, name: str, content: bytes | None = None) -> Source:
    lay(folder, {} if content is None else {name: content})
    return Source(folder=str(folder), path=PurePosixPath(name))


def _drawn(folder: Path, name: str, content: bytes | None = None) -> Drawing:
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    return draw(_source(folder, name, content), scratch=scratch, studio=None)


def _converted(folder: Path, body: str) -> dict[str, Any]:
    """The document of the glTF that is made of a USD scene, and the written file for the renderer."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    convert(_source(folder, "scene.usda", files.usda(body=body)), folder / "scene.glb", scratch=scratch)
    document, _ = gltf.load(str(folder / "scene.glb"), Notebook())
    return dict(document)


@pytest.mark.parametrize(
    "name,content",
    [
        ("a.png", files.png(90, 60)),
        ("gray.png", files.png(90, 60, (128,))),
        ("deep.png", files.png(90, 60, (40_000, 100, 9), bit_depth=16)),
        ("clear.png", files.png(1200, 600, (200, 30, 40, 128))),
        ("large.exr", files.exr(2100, 40)),
        ("sky.hdr", files.hdr(64, 32)),
        ("plate.dpx", files.dpx(64, 32)),
    ],
)
def test_pictures_are_painted(tmp_path: Path, name: str, content: bytes) -> None:
    assert len(_drawn(tmp_path, name, content).thumbnails) == 3


VIEW = color.VIEW_CAPTION
AOV = {"aov.R": 1.0, "aov.G": 1.0, "aov.B": 1.0}
XYZ = (1, 0, 0, 1, 0, 0, 1 / 3, 1 / 3)
UNHEARD_OF = (0.5, 0.4, 0.3, 0.5, 0.2, 0.1, 0.3, 0.3)


@pytest.mark.parametrize(
    "name,content,caption",
    [
        ("depth.exr", files.exr(64, 32, channels={"Z": 800.0}), "channel Z, scaled to its range"),
        ("y.exr", files.exr(64, 32, channels={"Y": 0.18}), f"{VIEW} from linear Rec. 709 (assumed), channels Y"),
        ("aov.exr", files.exr(64, 32, channels=AOV), f"{VIEW} from linear Rec. 709 (assumed), channels aov"),
        ("wall_acescg.exr", files.exr(64, 32), f"{VIEW} from ACEScg (assumed)"),
        ("xyz.exr", files.exr(64, 32, chromaticities=XYZ), f"{VIEW} from CIE XYZ (tagged)"),
        ("odd.exr", files.exr(64, 32, chromaticities=UNHEARD_OF), f"{VIEW} from linear Rec. 709 (assumed)"),
    ],
)
def test_the_caption_says_what_is_seen_and_what_was_assumed(
    tmp_path: Path, name: str, content: bytes, caption: str
) -> None:
    assert _drawn(tmp_path, name, content).caption == caption


def test_an_unknown_space_is_taken_as_untagged() -> None:
    shown = color.viewed(np.full((2, 2, 3), 0.18, np.float32), color.SourceSpace(name="unheard of", tagged=True))

    assert shown[0, 0] == pytest.approx([0.35] * 3, abs=0.02)


@pytest.mark.parametrize(
    "window,size,black",
    [
        ((0, 0, 79, 39), (80, 40), (0.9, 0.5)),
        ((-60, 0, 39, 39), (100, 40), (0.1, 0.5)),
        ((10, 10, 19, 19), (240, 240), None),
    ],
)
def test_a_picture_is_shown_in_its_display_window(
    tmp_path: Path, window: tuple[int, int, int, int], size: tuple[int, int], black: tuple[float, float] | None
) -> None:
    image = picture(_drawn(tmp_path, "window.exr", files.exr(40, 40, display_window=window)))

    assert image.size == size
    if black is not None:
        assert pixel(image, *black) == (0, 0, 0)


def test_a_display_window_beside_the_data_shows_the_data(tmp_path: Path) -> None:
    image = picture(_drawn(tmp_path, "apart.exr", files.exr(70, 70, display_window=(500, 500, 599, 599))))

    assert image.size == (70, 70)


def test_the_first_part_with_colors_is_shown(tmp_path: Path) -> None:
    import OpenImageIO as oiio  # noqa: N813, PLC0415 — beside its use

    depth, beauty = oiio.ImageSpec(64, 64, 1, "float"), oiio.ImageSpec(64, 64, 3, "half")
    depth.channelnames = ("Z",)
    for name, spec in (("depth", depth), ("beauty", beauty)):
        spec.attribute("oiio:subimagename", name)
    written = oiio.ImageOutput.create(str(tmp_path / "parts.exr"))
    assert written is not None
    assert written.open(str(tmp_path / "parts.exr"), (depth, beauty))
    written.write_image(np.full((64, 64, 1), 9, np.float32))
    written.open(str(tmp_path / "parts.exr"), beauty, "AppendSubimage")
    written.write_image(np.full((64, 64, 3), (2, 0, 0), np.float32))
    written.close()

    red, green, _ = pixel(picture(_drawn(tmp_path, "parts.exr")), 0.5, 0.5)

    assert red > 2 * green


@pytest.mark.parametrize(
    "name,content",
    [
        ("cut.exr", files.exr(64, 64)[:2000]),
        ("noise.exr", b"\x76\x2f\x31\x01" + bytes(300)),
        ("bomb.png", files.png_bomb()),
        ("notes.txt", b"nothing to see"),
        ("empty.usda", files.usda(body='def Xform "Empty" {\n}')),
        ("far.obj", b"mtllib far.mtl\n"),
    ],
)
def test_what_cannot_be_painted_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(InvalidInput):
        _drawn(tmp_path, name, content)


def test_a_picture_with_another_profile_is_converted_to_srgb(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    Image.new("LAB", (60, 60), (128, 128, 128)).save(tmp_path / "lab.tif", icc_profile=profile)

    drawing = _drawn(tmp_path, "lab.tif")

    assert drawing.caption.startswith("sRGB, converted from")


def test_a_damaged_profile_is_ignored(tmp_path: Path) -> None:
    Image.new("RGB", (60, 60), (9, 200, 9)).save(tmp_path / "odd.png", icc_profile=b"no profile at all")

    drawing = _drawn(tmp_path, "odd.png")

    assert (drawing.caption, drawing.dominant_color) == ("", "dc-08")


def test_palettes_and_bitmaps_are_painted(tmp_path: Path) -> None:
    Image.new("P", (60, 60), 3).save(tmp_path / "palette.gif")
    Image.new("1", (60, 60), 1).save(tmp_path / "bitmap.tif")

    assert _drawn(tmp_path, "bitmap.tif").dominant_color == "dc-3f"
    assert _drawn(tmp_path, "palette.gif").thumbnails


def test_tiles_and_stored_reductions_are_read(tmp_path: Path) -> None:
    import OpenImageIO as oiio  # noqa: N813, PLC0415 — beside its one use

    pixels = oiio.ImageBuf(oiio.ImageSpec(2048, 1024, 3, "half"))
    oiio.ImageBufAlgo.fill(pixels, (0.18, 0.18, 0.18))
    assert oiio.ImageBufAlgo.make_texture(oiio.MakeTxTexture, pixels, str(tmp_path / "wall.tx"))

    drawing = _drawn(tmp_path, "wall.tx")

    assert (drawing.thumbnails[2].width_px, drawing.thumbnails[2].height_px) == (960, 480)


@pytest.mark.parametrize("density,light", [(95, 0.0), (685, 1.0)])
def test_log_densities_become_light(density: int, light: float) -> None:
    found = color.from_cineon_log(np.array([density / 1023]))

    assert found == pytest.approx([light], abs=1e-9)


@pytest.mark.parametrize(
    "name,content",
    [
        ("box.glb", files.glb()),
        ("box.gltf", files.gltf()),
        ("box.obj", files.obj()),
        ("box.stl", files.stl()),
        ("text.stl", files.text_stl()),
        ("box.ply", files.ply()),
        ("text.ply", files.ply(binary=False, colors=True)),
        ("box.usda", files.usda()),
    ],
)
def test_every_mesh_can_be_drawn_by_hand(tmp_path: Path, name: str, content: bytes) -> None:
    image = picture(_drawn(tmp_path, name, content))

    assert max(pixel(image, 0.5, 0.5)) > 60
    assert pixel(image, 0.01, 0.01) == pytest.approx(BACKDROP, abs=4)


@pytest.mark.parametrize(
    "name,content",
    [
        ("cloud.ply", files.ply(faces=False)),
        ("lying.glb", files.glb(accessors=[{"bufferView": 9}])),
        ("far.gltf", files.gltf(uri="elsewhere.bin")),
        ("odd.obj", files.obj().replace(b"f 1 2", b"f 1 99")),
    ],
)
def test_geometry_that_lies_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(InvalidInput):
        geometry.triangles_of(_source(tmp_path, name, content), name.rpartition(".")[2])


def test_small_and_large_triangles_cover_what_they_should(tmp_path: Path) -> None:
    """A floor of many small triangles under one large wall."""
    count = 60
    points = [f"v {x} 0 {z}" for x in range(count) for z in range(count)]
    faces = [
        f"f {x * count + z + 1} {x * count + z + 2} {(x + 1) * count + z + 2} {(x + 1) * count + z + 1}"
        for x in range(count - 1)
        for z in range(count - 1)
    ]
    wall = ["v 0 0 0", f"v {count} 0 0", f"v {count} {count} 0", f"f {count**2 + 1} {count**2 + 2} {count**2 + 3}"]

    image = picture(_drawn(tmp_path, "set.obj", "\n".join([*points, *faces, *wall, ""]).encode()))

    covered = (abs(np.asarray(image, dtype=int) - BACKDROP) > 8).any(axis=2).mean()
    assert covered > 0.2


def test_a_usd_material_keeps_its_constants(tmp_path: Path) -> None:
    body = """
def Xform "Set" {
    def Sphere "ball" (prepend apiSchemas = ["MaterialBindingAPI"]) {
        rel material:binding = </Set/Gold>
    }
    def Material "Gold" {
        token outputs:surface.connect = </Set/Gold/Surface.outputs:surface>
        def Shader "Surface" {
            uniform token info:id = "UsdPreviewSurface"
            color3f inputs:diffuseColor = (1, 0.7, 0.2)
            float inputs:metallic = 1
            float inputs:roughness = 0.25
            color3f inputs:emissiveColor = (0.1, 0, 0)
            float inputs:opacity = 0.5
            token outputs:surface
        }
    }
}
"""
    (material,) = _converted(tmp_path, body)["materials"]

    base = material["pbrMetallicRoughness"]
    assert base["baseColorFactor"] == pytest.approx([1, 0.7, 0.2, 0.5])
    assert (base["metallicFactor"], base["roughnessFactor"]) == (1.0, 0.25)
    assert material["emissiveFactor"] == pytest.approx([0.1, 0, 0])
    assert material["alphaMode"] == "BLEND"


def test_a_material_may_take_its_color_from_the_geometry(tmp_path: Path) -> None:
    body = """
def Xform "Set" {
    def Sphere "ball" (prepend apiSchemas = ["MaterialBindingAPI"]) {
        rel material:binding = </Set/Painted>
        color3f[] primvars:displayColor = [(0, 0, 1)]
    }
    def Material "Painted" {
        token outputs:surface.connect = </Set/Painted/Surface.outputs:surface>
        def Shader "Surface" {
            uniform token info:id = "UsdPreviewSurface"
            color3f inputs:diffuseColor.connect = </Set/Painted/Reader.outputs:result>
            token outputs:surface
        }
        def Shader "Reader" {
            uniform token info:id = "UsdPrimvarReader_float3"
            string inputs:varname = "displayColor"
            vector3f outputs:result
        }
    }
}
"""
    document = _converted(tmp_path, body)

    (mesh,), (material,) = document["meshes"], document["materials"]
    assert "COLOR_0" in mesh["primitives"][0]["attributes"]
    assert material["pbrMetallicRoughness"]["baseColorFactor"] == [1.0, 1.0, 1.0, 1.0]


def test_usd_textures_become_pictures_of_the_right_kind(tmp_path: Path) -> None:
    lay(tmp_path, {f"color.{number}.png": files.png(16, 16, (number % 250, 40, 9)) for number in (1001, 1002, 1011)})
    lay(
        tmp_path,
        {"rough.exr": files.exr(16, 16, channels={"Y": 0.4}), "normal.png": files.png(16, 16, (128, 128, 255))},
    )
    body = """
def Xform "Set" {
    def Mesh "board" (prepend apiSchemas = ["MaterialBindingAPI"]) {
        rel material:binding = </Set/Look>
        point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]
        int[] faceVertexCounts = [4]
        int[] faceVertexIndices = [0, 1, 2, 3]
        texCoord2f[] primvars:st = [(0, 0), (2, 0), (2, 2), (0, 2)] (interpolation = "faceVarying")
    }
    def Material "Look" {
        token outputs:surface.connect = </Set/Look/Surface.outputs:surface>
        def Shader "Surface" {
            uniform token info:id = "UsdPreviewSurface"
            color3f inputs:diffuseColor.connect = </Set/Look/Color.outputs:rgb>
            float inputs:roughness.connect = </Set/Look/Rough.outputs:r>
            normal3f inputs:normal.connect = </Set/Look/Normal.outputs:rgb>
            token outputs:surface
        }
        def Shader "Color" {
            uniform token info:id = "UsdUVTexture"
            asset inputs:file = @color.<UDIM>.png@
            float2 inputs:st.connect = </Set/Look/Turn.outputs:result>
            token inputs:wrapS = "clamp"
            float3 outputs:rgb
        }
        def Shader "Rough" {
            uniform token info:id = "UsdUVTexture"
            asset inputs:file = @rough.exr@
            float outputs:r
        }
        def Shader "Normal" {
            uniform token info:id = "UsdUVTexture"
            asset inputs:file = @normal.png@
            float4 inputs:scale = (2, 2, 2, 1)
            float4 inputs:bias = (-1, -1, -1, 0)
            token inputs:sourceColorSpace = "raw"
            float3 outputs:rgb
        }
        def Shader "Turn" {
            uniform token info:id = "UsdTransform2d"
            float inputs:rotation = 90
            float2 inputs:scale = (1, 1)
            float2 inputs:translation = (0.5, 0)
            float2 inputs:in.connect = </Set/Look/Reader.outputs:result>
            float2 outputs:result
        }
        def Shader "Reader" {
            uniform token info:id = "UsdPrimvarReader_float2"
            string inputs:varname = "st"
            float2 outputs:result
        }
    }
}
"""
    document = _converted(tmp_path, body)

    (material,) = document["materials"]
    assert set(material) >= {"normalTexture", "pbrMetallicRoughness"}
    assert {"baseColorTexture", "metallicRoughnessTexture"} <= set(material["pbrMetallicRoughness"])
    assert [image["mimeType"] for image in document["images"]] == ["image/jpeg", "image/jpeg", "image/png"]
    assert {sampler["wrapS"] for sampler in document["samplers"]} == {33071}


def test_faces_of_one_mesh_may_have_different_materials(tmp_path: Path) -> None:
    body = """
def Xform "Set" {
    def Mesh "two" (prepend apiSchemas = ["MaterialBindingAPI"]) {
        point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (2, 0, 0), (2, 1, 0)]
        int[] faceVertexCounts = [4, 4]
        int[] faceVertexIndices = [0, 1, 2, 3, 1, 4, 5, 2]
        uniform token orientation = "leftHanded"
        rel material:binding = </Set/A>
        uniform token subsetFamily:materialBind:familyType = "nonOverlapping"
        def GeomSubset "right" (prepend apiSchemas = ["MaterialBindingAPI"]) {
            uniform token elementType = "face"
            uniform token familyName = "materialBind"
            int[] indices = [1]
            rel material:binding = </Set/B>
        }
    }
    def Material "A" {
        token outputs:surface.connect = </Set/A/Surface.outputs:surface>
        def Shader "Surface" {
            uniform token info:id = "UsdPreviewSurface"
            token outputs:surface
        }
    }
    def Material "B" {
        token outputs:surface.connect = </Set/B/Surface.outputs:surface>
        def Shader "Surface" {
            uniform token info:id = "ND_standard_surface_surfaceshader"
            color3f inputs:base_color = (0, 1, 0)
            token outputs:surface
        }
    }
}
"""
    document = _converted(tmp_path, body)

    colors = [each["pbrMetallicRoughness"]["baseColorFactor"] for each in document["materials"]]
    assert sorted(colors) == [[0.0, 1.0, 0.0, 1.0], [pytest.approx(0.18)] * 3 + [1.0]]


def test_a_point_instancer_is_copied_out(tmp_path: Path) -> None:
    body = """
def PointInstancer "many" {
    rel prototypes = [</many/ball>, </many/box>]
    int[] protoIndices = [0, 1, 1]
    point3f[] positions = [(0, 0, 0), (500, 0, 0), (900, 0, 0)]
    def Sphere "ball" {
    }
    def Cube "box" {
    }
}
"""
    (mesh,) = _converted(tmp_path, body)["meshes"]

    (primitive,) = mesh["primitives"]
    low_high = _converted(tmp_path, body)["accessors"][primitive["attributes"]["POSITION"]]
    assert low_high["max"][0] - low_high["min"][0] == pytest.approx(9.02)


def test_a_scene_in_centimeters_with_z_up_becomes_meters_with_y_up(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    source = _source(tmp_path, "box.usda", files.usda(up_axis="Z", meters_per_unit=0.01))

    convert(source, tmp_path / "box.glb", scratch=scratch)

    document, _ = gltf.load(str(tmp_path / "box.glb"), Notebook())
    (position,) = [each for each in document["accessors"] if "max" in each]
    assert position["max"] == pytest.approx([0.01, 0.03, 0.0])
    assert position["min"] == pytest.approx([0.0, 0.0, -0.02])


def test_solids_curves_points_and_a_camera_come_along(tmp_path: Path) -> None:
    shapes = "\n".join(
        f'    def {kind} "{kind.lower()}" {{\n        uniform token axis = "{axis}"\n    }}'
        for kind, axis in (("Cylinder", "X"), ("Cone", "Y"), ("Capsule", "Z"), ("Plane", "Y"))
    )
    body = f"""
def Xform "Set" {{
{shapes}
    def Cube "box" {{
        color3f[] primvars:displayColor = [(1, 0, 0)]
    }}
    def BasisCurves "hair" {{
        point3f[] points = [(0, 0, 0), (0, 1, 0), (1, 2, 0)]
        int[] curveVertexCounts = [3]
        uniform token type = "linear"
    }}
    def Points "dust" {{
        point3f[] points = [(0, 0, 0), (0, 1, 0)]
        color3f[] primvars:displayColor = [(1, 0, 0), (0, 1, 0)] (interpolation = "vertex")
    }}
    def Camera "shot" {{
        float focalLength = 35
        double3 xformOp:translate = (0, 1, 9)
        uniform token[] xformOpOrder = ["xformOp:translate"]
    }}
}}
"""
    document = _converted(tmp_path, body)

    (mesh,) = document["meshes"]
    assert sorted(primitive["mode"] for primitive in mesh["primitives"]) == [0, 1, 4]
    assert document["nodes"][1]["matrix"][12:15] == pytest.approx([0, 0.01, 0.09])


def test_tasks_speak_json(tmp_path: Path) -> None:
    lay(tmp_path, {"a.png": files.png(90, 60)})

    with contextlib.chdir(tmp_path):
        (measured,) = tasks.measure(["a.png"])
        drawing = tasks.draw("a.png", str(tmp_path), "")

    assert measured["findings"] == ()
    assert drawing.thumbnails[0].width_px == 90
    assert not tasks.probe(rendering=False).system_calls
