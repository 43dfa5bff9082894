"""Measuring and drawing the sample files: real scenes, faces, plates and damaged files."""

from pathlib import PurePosixPath

import pytest

from catalog.media.asking import Bench
from catalog.media.children import ChildFailed
from tests.rooms.media.looking import picture
from tests.samples import NEEDS_SAMPLES, SAMPLES

pytestmark = NEEDS_SAMPLES

FACTS: list[tuple[str, str, dict[str, object]]] = [
    ("water_bottle", "WaterBottle.gltf", {"vertex_count": 2549, "triangle_count": 4510, "texture_count": 4}),
    ("face_expressions", "mouthSmile_R.obj", {"vertex_count": 26719, "face_count": 26384, "triangle_count": 52220}),
    ("usd", "Pyramid/Pyramid.usd", {"mesh_count": 1, "layer_count": 4, "variant_sets": ("creases", "geo", "mtl")}),
    ("usd", "Creases_SpinningPyramids.usda", {"mesh_count": 3, "frame_range": (1.0, 192.0), "up_axis": "Y"}),
    ("usd", "normals_texture/NormalsTextureBiasAndScale.usdz", {"mesh_count": 3, "texture_count": 3}),
    ("standard_shader_ball", "standard_shader_ball_scene.usda", {"layer_count": 6, "meters_per_unit": 0.01}),
    ("exr", "multipart.0001.exr", {"part_count": 10, "width_px": 2048, "bit_depth": 16}),
    ("exr", "XYZ_YC.exr", {"channel_names": ("BY", "RY", "Y"), "compression": "piz"}),
    ("exr", "WideFloatRange.exr", {"pixel_type": "float", "bit_depth": 32}),
    ("hdri", "venice_sunset_1k.hdr", {"width_px": 1024, "height_px": 512, "pixel_type": "float"}),
    (
        "fbx",
        "maya_blend_shape_cube_7700_binary.fbx",
        {"blend_shape_names": ("Squish.TopH", "Squish.TopV"), "meters_per_unit": 0.01},
    ),
]


@pytest.mark.parametrize("folder,name,expected", FACTS, ids=lambda value: value if isinstance(value, str) else "")
def test_samples_have_these_facts(bench: Bench, folder: str, name: str, expected: dict[str, object]) -> None:
    (inspection,) = bench.measure(SAMPLES / folder, [PurePosixPath(name)])

    found = {str(fact.key): fact.value for fact in inspection.facts}
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    "name,code",
    [
        ("damaged_141647077.exr", "damaged"),
        ("damaged_heap_oob.exr", "unreadable"),
        ("truncated.exr", "damaged"),
        ("lying_length.glb", "unreadable"),
        ("escaping_references.usda", "escaping-reference"),
    ],
)
def test_damaged_samples_are_found_out(bench: Bench, name: str, code: str) -> None:
    (inspection,) = bench.measure(SAMPLES / "broken", [PurePosixPath(name)])

    assert code in [finding.code for finding in inspection.findings]


@pytest.mark.parametrize("name", ["damaged_141647077.exr", "damaged_heap_oob.exr", "truncated.exr", "lying_length.glb"])
def test_damaged_samples_have_no_picture(bench: Bench, name: str) -> None:
    with pytest.raises(ChildFailed):
        bench.draw(SAMPLES / "broken", PurePosixPath(name))


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder,name",
    [
        ("standard_shader_ball", "standard_shader_ball_scene.usda"),
        ("usd", "texture_transform/TextureTransformTest.usd"),
        ("fbx", "maya_textured_cube_7500_binary.fbx"),
        ("water_bottle", "WaterBottle.gltf"),
    ],
)
def test_samples_are_drawn_in_full(bench: Bench, folder: str, name: str) -> None:
    image = picture(bench.draw(SAMPLES / folder, PurePosixPath(name)))

    colors = image.quantize(64).getcolors()
    assert image.size == (960, 720)
    assert colors is not None
    assert len(colors) > 20
