"""Which pictures are texture maps, and where their tiles lie."""

import pytest

from catalog.media.choice import Candidate
from catalog.media.textures import MOST_TILES, chosen, maps_of


@pytest.mark.parametrize(
    "path,name,channel",
    [
        ("WaterBottle_baseColor.png", "WaterBottle", "baseColor"),
        ("WaterBottle_occlusionRoughnessMetallic.png", "WaterBottle", "ORM"),
        ("brick_wall_diff_4k.jpg", "brick_wall", "baseColor"),
        ("brick_wall_nor_gl_4k.exr", "brick_wall", "normal"),
        ("T_Rock_ORM.png", "T_Rock", "ORM"),
        ("maps/ann.head.AmbientOcclusion.tif", "ann.head", "occlusion"),
        ("wall_top.ACEScg.exr", "wall_top.ACEScg", ""),
        ("metal_sheet.png", "metal_sheet", ""),
        ("normal.png", "normal", "normal"),
    ],
)
def test_a_name_tells_what_is_mapped(path: str, name: str, channel: str) -> None:
    (found,) = maps_of([path])

    assert (found.name, found.channel) == (name, channel)


def test_tiles_of_a_map_are_put_together_in_their_order() -> None:
    paths = ["head_baseColor.1012.exr", "head_baseColor.1001.exr", "head_normal.1001.exr", "head_baseColor.1002.exr"]

    color, normal = maps_of(paths)

    assert [tile.number for tile in color.tiles] == [1001, 1002, 1012]
    assert [tile.place for tile in color.tiles] == [(0, 0), (1, 0), (1, 1)]
    assert (normal.channel, normal.tiles[0].number) == ("normal", 1001)


def test_tiles_may_be_named_by_their_place() -> None:
    (found,) = maps_of(["rock_color_u1_v1.png", "rock_color_u2_v1.png", "rock_color_u1_v2.png"])

    assert [tile.number for tile in found.tiles] == [1001, 1002, 1011]


def test_a_number_alone_is_no_tile() -> None:
    (found,) = maps_of(["wood_1080.png"])

    assert (found.name, found.tiles[0].number) == ("wood_1080", None)


def test_maps_stand_in_the_order_in_which_people_look_at_them() -> None:
    names = ["a_height.png", "b_normal.png", "a_roughness.png", "a_odd.png", "a_basecolor.png", "a_normal.png"]

    found = [f"{each.name} {each.channel}".strip() for each in maps_of(names)]

    assert found == ["a baseColor", "a normal", "a roughness", "a height", "a_odd", "b normal"]


def _files(*paths: str, role: str = "texture_set") -> list[Candidate]:
    return [Candidate(path=path, role=role, size_bytes=1000 - len(path)) for path in paths]


def test_pictures_without_a_map_among_them_are_none() -> None:
    assert chosen(_files("plate.exr", "shot/beauty.exr", "sky.hdr")) == []


def test_a_folder_that_holds_a_map_holds_maps() -> None:
    files = _files("maps/wood_basecolor.png", "maps/wood_odd.png", "cards/front.png")

    assert chosen(files) == ["maps/wood_basecolor.png", "maps/wood_odd.png"]


def test_what_shows_the_asset_is_no_map() -> None:
    assert chosen(_files("ann_color.png", role="thumbnail")) == []


def test_of_a_tile_in_two_formats_the_smaller_is_shown() -> None:
    large = Candidate(path="a_color.1001.exr", role="texture_set", size_bytes=90_000)
    small = Candidate(path="a_color.1001.tx", role="texture_set", size_bytes=9_000)

    assert chosen([large, small]) == ["a_color.1001.tx"]


def test_a_thousand_tiles_are_bounded() -> None:
    files = _files(*(f"a_color.{number}.png" for number in range(1001, 2000)))

    assert len(chosen(files)) == MOST_TILES
