"""What the names of textures say about their values."""

import pytest

from catalog.media.conventions import holds_data


@pytest.mark.parametrize(
    "path",
    [
        "WaterBottle_normal.png",
        "WaterBottle_occlusionRoughnessMetallic.png",
        "r_normal_map_reversed_y.png",
        "r_bump_map.png",
        "tex/skin_roughness.1001.exr",
        "tex/T_Crate_ORM.tga",
        "maps/wall_nor_gl_4k.exr",
        "maps/wall_disp_4k.png",
        "chair_AO.png",
        "metal_plate_metalness_v002.tif",
        "hair_opacity.png",
        "ambientOcclusion.jpg",
        "HeightMap.png",
    ],
)
def test_a_map_of_measures_is_known_by_its_name(path: str) -> None:
    assert holds_data(path)


@pytest.mark.parametrize(
    "path",
    [
        "WaterBottle_baseColor.png",
        "WaterBottle_emissive.png",
        "metal_plate.png",
        "metal_01_4k.png",
        "metal_plate_diffuse_4k.jpg",
        "rough_wood_col.png",
        "normal_house_albedo.png",
        "mask_of_wood.png",
        "normal/chair.png",
        "abnormal.png",
        "chaos.png",
        "1001.exr",
    ],
)
def test_any_other_name_says_nothing(path: str) -> None:
    assert not holds_data(path)
