"""Pictures show what is in the file: color, orientation, texture; and what has no picture says why."""

import json
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
from PIL import Image
from pydantic import TypeAdapter

from catalog.media.asking import Bench
from catalog.media.children import ChildFailed, FailureReason, Nursery, Task
from catalog.media.confinement import Limits
from tests import files
from tests.rooms.media.looking import drawn, lay, picture, pixel

BACKDROP = (0x17, 0x1A, 0x21)

# A board that stands upright and looks towards +Z: red above, blue below, with texture coordinates.
BOARD = (
    'def Xform "Board" {{\n    def Mesh "mesh" ({binding}) {{\n'
    "        point3f[] points = [{points}]\n        int[] faceVertexCounts = [4, 4]\n"
    "        int[] faceVertexIndices = [0, 1, 3, 2, 2, 3, 5, 4]\n"
    '        uniform token subdivisionScheme = "none"\n        {look}\n    }}\n{more}}}\n'
)
Y_UP = "(-1, 0, 0), (1, 0, 0), (-1, 1, 0), (1, 1, 0), (-1, 2, 0), (1, 2, 0)"
Z_UP = "(-1, 0, 0), (1, 0, 0), (-1, 0, 1), (1, 0, 1), (-1, 0, 2), (1, 0, 2)"
RED_ABOVE = 'color3f[] primvars:displayColor = [(0, 0, 0.9), (0.9, 0, 0)] ( interpolation = "uniform" )'

TEXTURED = """texCoord2f[] primvars:st = [(0, 0), (1, 0), (0, 0.5), (1, 0.5), (0, 1), (1, 1)] (
            interpolation = "vertex"
        )
        rel material:binding = </Board/Look>"""
TEXTURE = """
    def Material "Look" {
        token outputs:surface.connect = </Board/Look/Surface.outputs:surface>
        def Shader "Surface" {
            uniform token info:id = "UsdPreviewSurface"
            color3f inputs:diffuseColor.connect = </Board/Look/Texture.outputs:rgb>
            token outputs:surface
        }
        def Shader "Texture" {
            uniform token info:id = "UsdUVTexture"
            asset inputs:file = @texture.png@
            float2 inputs:st.connect = </Board/Look/Reader.outputs:result>
            float3 outputs:rgb
        }
        def Shader "Reader" {
            uniform token info:id = "UsdPrimvarReader_float2"
            string inputs:varname = "st"
            float2 outputs:result
        }
    }
"""
WORLD = """
def Xform "World" {
    def Sphere "ball" {
        double radius = 1
    }
    def Cube "box" {
        double size = 2
        double3 xformOp:translate = (3, 0, 0)
        uniform token[] xformOpOrder = ["xformOp:translate"]
    }
    def BasisCurves "hair" {
        point3f[] points = [(0, 1, 0), (0, 2, 0), (1, 3, 0), (2, 3, 0)]
        int[] curveVertexCounts = [4]
        uniform token type = "linear"
    }
    def Points "dust" {
        point3f[] points = [(-1, 2, 0), (-2, 2, 0)]
    }
    def PointInstancer "many" {
        rel prototypes = </World/many/cone>
        int[] protoIndices = [0, 0]
        point3f[] positions = [(-3, 0, 0), (-5, 0, 0)]
        def Cone "cone" {
        }
    }
    def Capsule "hidden" {
        token visibility = "invisible"
    }
}
"""


def _board(points: str, look: str = RED_ABOVE, *, up_axis: str = "Y", binding: str = "", more: str = "") -> bytes:
    return files.usda(up_axis=up_axis, body=BOARD.format(points=points, look=look, binding=binding, more=more))


def _is_near(color: tuple[int, int, int], expected: tuple[int, int, int], tolerance: int = 12) -> bool:
    return all(abs(one - other) <= tolerance for one, other in zip(color, expected, strict=True))


def test_a_png_is_shown_as_it_is_stored(bench: Bench, tmp_path: Path) -> None:
    drawing = drawn(bench, tmp_path, "red.png", files.png(100, 80, (200, 30, 40)))

    assert _is_near(pixel(picture(drawing), 0.5, 0.5), (200, 30, 40))
    assert (drawing.dominant_color, drawing.caption) == ("dc-20", "")


def test_an_exr_is_seen_through_a_named_view_and_says_what_it_assumed(bench: Bench, tmp_path: Path) -> None:
    drawing = drawn(bench, tmp_path, "gray.exr", files.exr(64, 64))

    assert drawing.caption == "ACES 2.0 SDR 100 nits (sRGB) from linear Rec. 709 (assumed)"
    # Middle gray of ACES 2.0 SDR is 10 nits of 100, which sRGB writes as 0.349.
    assert _is_near(pixel(picture(drawing), 0.5, 0.5), (89, 89, 89), tolerance=4)


def test_a_tagged_exr_is_not_assumed_to_be_anything(bench: Bench, tmp_path: Path) -> None:
    acescg = (0.713, 0.293, 0.165, 0.830, 0.128, 0.044, 0.32168, 0.33767)

    drawing = drawn(bench, tmp_path, "tagged.exr", files.exr(64, 64, chromaticities=acescg))

    assert drawing.caption == "ACES 2.0 SDR 100 nits (sRGB) from ACEScg (tagged)"


def test_a_name_may_hint_at_the_color_space(bench: Bench, tmp_path: Path) -> None:
    drawing = drawn(bench, tmp_path, "wall.ACEScg.exr", files.exr(64, 64))

    assert drawing.caption == "ACES 2.0 SDR 100 nits (sRGB) from ACEScg (assumed)"


def test_a_depth_pass_is_scaled_to_its_range(bench: Bench, tmp_path: Path) -> None:
    drawing = drawn(bench, tmp_path, "depth.exr", files.exr(64, 64, channels={"Z": 800.0}))

    assert drawing.caption == "channel Z, scaled to its range"


def test_the_beauty_is_shown_and_not_another_layer(bench: Bench, tmp_path: Path) -> None:
    channels = {"R": 2.0, "G": 0.0, "B": 0.0, "blue.R": 0.0, "blue.G": 0.0, "blue.B": 2.0}

    shown = pixel(picture(drawn(bench, tmp_path, "layers.exr", files.exr(64, 64, channels=channels))), 0.5, 0.5)

    assert shown[0] > 150 > shown[2]


def test_values_that_are_not_numbers_do_not_spoil_a_picture(bench: Bench, tmp_path: Path) -> None:
    channels = {"R": float("nan"), "G": float("inf"), "B": 0.18}

    assert drawn(bench, tmp_path, "broken.exr", files.exr(64, 64, channels=channels)).thumbnails


def test_overscan_is_cropped_and_free_room_is_black(bench: Bench, tmp_path: Path) -> None:
    drawing = drawn(bench, tmp_path, "small.exr", files.exr(40, 40, display_window=(0, 0, 79, 39)))

    image = picture(drawing)
    assert (image.width, image.height) == (80, 40)
    assert pixel(image, 0.9, 0.5) == (0, 0, 0)


def test_hdr_and_log_dpx_name_their_view(bench: Bench, tmp_path: Path) -> None:
    sky = drawn(bench, tmp_path, "sky.hdr", files.hdr(64, 64))
    plate = drawn(bench, tmp_path, "plate.dpx", files.dpx(64, 64))

    assert sky.caption == "ACES 2.0 SDR 100 nits (sRGB) from linear Rec. 709 (assumed)"
    assert plate.caption == "ACES 2.0 SDR 100 nits (sRGB) from Cineon log"
    assert _is_near(pixel(picture(plate), 0.5, 0.5), (89, 89, 89), tolerance=12)


def test_sixteen_bits_are_shown_as_they_are_stored(bench: Bench, tmp_path: Path) -> None:
    half = drawn(bench, tmp_path, "half.png", files.png(64, 64, (32768,), bit_depth=16))

    assert _is_near(pixel(picture(half), 0.5, 0.5), (128, 128, 128), tolerance=3)


def test_a_photo_is_turned_upright(bench: Bench, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (100, 60), (10, 200, 30)).save(tmp_path / "photo.jpg", exif=exif)

    image = picture(bench.draw(tmp_path, PurePosixPath("photo.jpg")))

    assert (image.width, image.height) == (60, 100)


def test_a_long_panorama_is_drawn(bench: Bench, tmp_path: Path) -> None:
    drawing = drawn(bench, tmp_path, "wide.png", files.png(20_000, 40, (90, 90, 90)))

    assert [(each.width_px, each.height_px) for each in drawing.thumbnails] == [(240, 1), (480, 1), (960, 2)]


@pytest.mark.slow
def test_a_panorama_of_two_hundred_megapixels_is_drawn(bench: Bench, tmp_path: Path) -> None:
    Image.new("L", (20_000, 10_000), 90).save(tmp_path / "sky.png", compress_level=1)

    drawing = drawn(bench, tmp_path, "sky.png")

    assert [(each.width_px, each.height_px) for each in drawing.thumbnails] == [(240, 120), (480, 240), (960, 480)]
    assert pixel(picture(drawing), 0.5, 0.5) == (90, 90, 90)


@pytest.mark.parametrize(
    "name,content",
    [
        ("bomb.png", files.png_bomb()),
        ("cut.png", files.png(400, 300)[:60]),
        ("cut.exr", files.exr(40, 30)[:400]),
        ("notes.txt", b"nothing to see"),
        ("empty.glb", files.glb(scenes=[{"nodes": []}])),
        ("cut.glb", files.glb()[:100]),
        ("empty.usda", files.usda(body='def Xform "Empty" {}')),
    ],
)
def test_what_cannot_be_drawn_is_refused(bench: Bench, tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(ChildFailed) as caught:
        drawn(bench, tmp_path, name, content)

    assert caught.value.reason is FailureReason.REFUSED


def test_a_red_model_is_red_on_the_backdrop_of_the_page(bench: Bench, tmp_path: Path) -> None:
    image = picture(drawn(bench, tmp_path, "box.glb", files.glb()))

    red, green, blue = pixel(image, 0.5, 0.55)
    assert red > 2 * green
    assert red > 2 * blue
    assert (image.width, image.height) == (960, 720)
    assert _is_near(pixel(image, 0.01, 0.01), BACKDROP, tolerance=4)


@pytest.mark.parametrize("points,up_axis", [(Y_UP, "Y"), (Z_UP, "Z")])
def test_the_authored_up_axis_is_up(bench: Bench, tmp_path: Path, points: str, up_axis: str) -> None:
    image = picture(drawn(bench, tmp_path, "board.usda", _board(points, up_axis=up_axis)))

    above, below = pixel(image, 0.5, 0.3), pixel(image, 0.5, 0.7)
    assert above[0] > above[2] + 50
    assert below[2] > below[0] + 50


def test_a_texture_of_a_usd_package_is_laid_the_right_way_up(bench: Bench, tmp_path: Path) -> None:
    texture = Image.new("RGB", (64, 64), (0, 0, 255))
    texture.paste((255, 0, 0), (0, 0, 64, 32))  # red above
    texture.save(tmp_path / "texture.png")
    scene = _board(Y_UP, TEXTURED, binding='prepend apiSchemas = ["MaterialBindingAPI"]', more=TEXTURE)
    package = files.usdz({"board.usda": scene, "texture.png": (tmp_path / "texture.png").read_bytes()})

    image = picture(drawn(bench, tmp_path, "board.usdz", package))

    above, below = pixel(image, 0.5, 0.3), pixel(image, 0.5, 0.7)
    assert above[0] > above[2] + 50
    assert below[2] > below[0] + 50


@pytest.mark.parametrize(
    "name,content",
    [
        ("box.obj", files.obj()),
        ("box.stl", files.stl()),
        ("box.ply", files.ply(colors=True)),
        ("scan.ply", files.ply(faces=False, colors=True)),
        ("box.fbx", files.fbx()),
        ("box.gltf", files.gltf()),
    ],
)
def test_models_of_every_format_are_rendered(bench: Bench, tmp_path: Path, name: str, content: bytes) -> None:
    image = picture(drawn(bench, tmp_path, name, content))

    # Of a cloud of eight points little is covered, of a box half.
    pixels = np.asarray(image, dtype=int)
    covered = (abs(pixels - BACKDROP) > 8).any(axis=2).sum()
    assert covered > (100 if name == "scan.ply" else 150_000)


def test_a_model_whose_extension_lies_is_drawn_as_what_it_is(bench: Bench, tmp_path: Path) -> None:
    image = picture(drawn(bench, tmp_path, "box.obj", files.glb()))

    red, green, _ = pixel(image, 0.5, 0.55)
    assert red > 2 * green


def test_a_gltf_that_lacks_textures_is_drawn_without_them_and_says_so(bench: Bench, tmp_path: Path) -> None:
    material = {
        "pbrMetallicRoughness": {"baseColorTexture": {"index": 0}, "metallicRoughnessTexture": {"index": 1}},
        "emissiveTexture": {"index": 1},
        "emissiveFactor": [1, 1, 1],
    }
    textures = [{"source": 0}, {"source": 1}]
    scene = files.gltf(images=["tex/gone.png", "C:/art/lost.png"], textures=textures, materials=[material])

    drawing = drawn(bench, tmp_path, "geo/box.gltf", scene)

    shown = pixel(picture(drawing), 0.5, 0.55)
    assert drawing.caption == "drawn without 2 missing textures"
    assert max(shown) - min(shown) < 12
    assert not _is_near(shown, BACKDROP, 20)


def test_what_lies_beside_a_gltf_with_a_gap_is_used(bench: Bench, tmp_path: Path) -> None:
    material = {"pbrMetallicRoughness": {"baseColorFactor": [0.8, 0.05, 0.05, 1]}, "normalTexture": {"index": 0}}
    document, buffer = files.gltf_document(
        uri="my%20box.bin", images=["gone.png", "wood.png"], textures=[{"source": 0}], materials=[material]
    )
    lay(tmp_path, {"my box.bin": buffer, "wood.png": files.png()})

    drawing = drawn(bench, tmp_path, "box.gltf", json.dumps(document).encode())

    red, green, _ = pixel(picture(drawing), 0.5, 0.55)
    assert drawing.caption == "drawn without 1 missing texture"
    assert red > 2 * green


def test_curves_points_solids_and_instances_are_drawn(bench: Bench, tmp_path: Path) -> None:
    image = picture(drawn(bench, tmp_path, "world.usda", files.usda(body=WORLD)))

    assert not _is_near(pixel(image, 0.5, 0.6), BACKDROP, 6)


def test_a_studio_that_took_too_long_is_set_up_when_it_is_needed_again() -> None:
    set_up = Task(
        name="tests.rooms.media.mischief:hang_once", answer=TypeAdapter(bool), limits=Limits(wall_s=5, cpu_s=5)
    )
    own = Nursery()
    busy = Bench(own, set_up)

    found = [busy.studio(), busy.studio()]

    own.close()
    assert found == [None, own.folder / "studio"]


def test_a_machine_without_a_renderer_draws_shapes_by_hand(blind_bench: Bench, tmp_path: Path) -> None:
    assert not blind_bench.confinement().rendering
    boxes = {
        "box.glb": files.glb(),
        "box.usda": files.usda(),
        "box.fbx": files.fbx(),
        "box.stl": files.stl(),
        "box.obj": files.obj(),
        "box.ply": files.ply(),
    }
    for name, content in boxes.items():
        drawing = drawn(blind_bench, tmp_path, name, content)

        assert drawing.caption == "shape only: this server has no renderer"
        assert not _is_near(pixel(picture(drawing), 0.5, 0.5), BACKDROP, 20)


def test_a_reference_out_of_the_folder_is_not_read_into_a_picture(bench: Bench, tmp_path: Path) -> None:
    lay(tmp_path, {"outside.usda": files.usda()})
    scene = files.usda(body='def "Outside" (references = @../outside.usda@) {}')

    with pytest.raises(ChildFailed, match="without visible geometry"):
        drawn(bench, tmp_path / "version", "scene.usda", scene)
