"""Facts of USD scenes, and what they may not reach."""

from pathlib import Path

import pytest

from tests import files
from tests.rooms.media.looking import facts, findings, inspected, lay

CLIPS = """
def "A" (
    clips = {
        dictionary default = {
            asset[] assetPaths = [@../../x.usd@]
            string primPath = "/A"
        }
    }
) {
}
"""


def _layer(body: str) -> bytes:
    return files.usda(body=body)


def test_units_and_axis_are_facts_only_where_they_are_authored(tmp_path: Path) -> None:
    authored = facts(tmp_path, "a.usda", files.usda(up_axis="Z", meters_per_unit=1))
    bare = facts(tmp_path, "b.usda", files.usda(up_axis=None, meters_per_unit=None))

    assert (authored["up_axis"], authored["meters_per_unit"]) == ("Z", 1.0)
    assert "up_axis" not in bare
    assert "meters_per_unit" not in bare


def test_what_a_scene_refers_to_is_counted_with_it(tmp_path: Path) -> None:
    scene = _layer('def "A" (references = @./geo/box.usda@) {}\ndef "B" (payload = @./geo/box.usda@) {}')
    lay(tmp_path, {"geo/box.usda": files.usda()})

    found = facts(tmp_path, "scene.usda", scene)

    assert (found["mesh_count"], found["triangle_count"], found["layer_count"]) == (2, 24, 2)


def test_hidden_stand_ins_are_not_counted(tmp_path: Path) -> None:
    scene = _layer(
        'def "Render" (references = @box.usda@) {}\n'
        'def Xform "Proxy" (references = @box.usda@) {\n    uniform token purpose = "proxy"\n}'
    )
    lay(tmp_path, {"box.usda": files.usda()})

    assert facts(tmp_path, "scene.usda", scene)["mesh_count"] == 1


def test_a_point_instancer_counts_every_instance(tmp_path: Path) -> None:
    scene = _layer(
        'def PointInstancer "Many" {\n    rel prototypes = </Many/Box>\n    int[] protoIndices = [0, 0, 0]\n'
        "    point3f[] positions = [(0, 0, 0), (5, 0, 0), (9, 0, 0)]\n"
        '    def "Box" (references = @box.usda@) {}\n}'
    )
    lay(tmp_path, {"box.usda": files.usda()})

    assert facts(tmp_path, "many.usda", scene)["triangle_count"] == 36


def test_joints_blend_shapes_materials_and_variants_are_counted(tmp_path: Path) -> None:
    scene = _layer(
        'def SkelRoot "Ann" (variantSets = "lod"\n    variants = { string lod = "high" }) {\n'
        '    def Skeleton "rig" {\n        uniform token[] joints = ["hip", "hip/spine", "hip/spine/head"]\n    }\n'
        '    def BlendShape "jawOpen" {}\n    def BlendShape "eyeBlink_L" {}\n    def Material "skin" {}\n'
        '    variantSet "lod" = {\n        "high" {\n        }\n        "low" {\n        }\n    }\n}'
    )

    found = facts(tmp_path, "ann.usda", scene)

    assert (found["joint_count"], found["blend_shape_count"], found["material_count"]) == (3, 2, 1)
    assert found["blend_shape_names"] == ("jawOpen", "eyeBlink_L")
    assert found["variant_sets"] == ("lod",)


@pytest.mark.parametrize(
    "body",
    [
        'def "A" (references = @../../../etc/passwd@) {}',
        'def "A" (references = @/etc/hosts@) {}',
        'def "A" (payload = @file:///etc/passwd@) {}',
        'def "A" (references = @https://example.com/a.usd@) {}',
        'def Shader "A" {\n    asset inputs:file = @C:/textures/skin.png@\n}',
        CLIPS,
    ],
    ids=["climbs", "absolute", "file URL", "web", "Windows", "clips"],
)
def test_a_scene_that_wants_out_is_told_and_held(tmp_path: Path, body: str) -> None:
    assert findings(tmp_path, "scene.usda", _layer(body)) == ["escaping-reference"]


def test_what_lies_outside_does_not_get_into_the_scene(tmp_path: Path) -> None:
    lay(tmp_path, {"outside.usda": files.usda()})
    scene = _layer('def "Inside" (references = @./box.usda@) {}\ndef "Outside" (references = @../outside.usda@) {}')
    lay(tmp_path / "version", {"box.usda": files.usda()})

    found = facts(tmp_path / "version", "scene.usda", scene)

    assert found["mesh_count"] == 1


def test_an_escape_that_hides_in_a_sublayer_is_found(tmp_path: Path) -> None:
    scene = b"#usda 1.0\n( subLayers = [@./deep/layer.usda@] )\n"
    lay(tmp_path, {"deep/layer.usda": _layer('def "A" (references = @../../outside.usda@) {}')})

    (found,) = inspected(tmp_path, "scene.usda", scene).findings

    assert (found.code, found.reference) == ("escaping-reference", "../../outside.usda")


def test_a_package_cannot_reach_out_of_itself(tmp_path: Path) -> None:
    lay(tmp_path, {"outside.usda": files.usda()})
    package = files.usdz({"scene.usda": _layer('def "A" (references = @../outside.usda@) {}')})

    assert findings(tmp_path, "scene.usdz", package) == ["escaping-reference", "unreadable"]


def test_what_is_missing_is_named_once(tmp_path: Path) -> None:
    scene = _layer('def "A" (references = @./gone.usda@) {}\ndef "B" (references = @./gone.usda@) {}')

    assert findings(tmp_path, "scene.usda", scene) == ["missing-reference"]


def test_tiles_of_a_texture_are_looked_for(tmp_path: Path) -> None:
    scene = _layer('def Shader "A" {\n    asset inputs:file = @./maps/skin.<UDIM>.png@\n}')
    lay(tmp_path, {"maps/skin.1001.png": files.png()})

    assert findings(tmp_path, "scene.usda", scene) == []


@pytest.mark.parametrize(
    "name,content",
    [
        ("a.usda", b"#usda 1.0\n(((("),
        ("a.usdc", b"PXR-USDC" + bytes(200)),
        ("a.usdz", files.usdz({"a.usda": files.usda()})[:60]),
        ("b.usda", files.usda()[:300]),
    ],
)
def test_a_damaged_scene_is_unreadable(tmp_path: Path, name: str, content: bytes) -> None:
    assert findings(tmp_path, name, content) == ["unreadable"]


def test_indices_that_lie_are_counted_and_harm_nothing(tmp_path: Path) -> None:
    scene = files.usda().replace(b"faceVertexIndices = [0, 1,", b"faceVertexIndices = [0, 4000000,")

    assert facts(tmp_path, "a.usda", scene)["triangle_count"] == 12
