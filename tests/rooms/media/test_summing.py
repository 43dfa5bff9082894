"""What a version is as a whole, by its files and their facts."""

from typing import Any

import pytest

from catalog.media.naming import names_of
from catalog.media.summing import formats_of, measures_of


def test_formats_are_endings_in_lower_case_each_once() -> None:
    paths = ["a/hero.USD", "hero.usd", "maps/skin.1001.exr", "photo.JPEG", "photo.jpg", "scan.tiff", "README", "x.1001"]

    assert formats_of([*paths, "cut.thisisnoformat", "a.b/noending", ".hidden"]) == ["exr", "jpg", "tif", "usd"]


@pytest.mark.parametrize(
    "facts,expected",
    [
        ({"triangle_count": 1200}, {"triangles": 1200}),
        ({"triangle_count": 0}, {}),
        ({"media_type": "image/png", "width_px": 2048, "height_px": 4096}, {"texture_px": 4096}),
        ({"media_type": "video/mp4", "width_px": 1920, "height_px": 1080}, {}),
        ({"bounds_size": [1.0, 2.0, 0.5]}, {}),
        (
            {"bounds_size": [50.0, 180.0, 30.0], "meters_per_unit": 0.01, "up_axis": "Y"},
            {"width_um": 500_000, "height_um": 1_800_000, "depth_um": 300_000},
        ),
        (
            {"bounds_size": [0.5, 0.3, 1.8], "meters_per_unit": 1.0, "up_axis": "Z"},
            {"width_um": 500_000, "height_um": 1_800_000, "depth_um": 300_000},
        ),
        (
            {"bounds_size": [1e305, 1.0, 1.0], "meters_per_unit": 1.0, "up_axis": "Y", "triangle_count": 10**25},
            {"triangles": 10**15, "width_um": 10**15, "height_um": 1_000_000, "depth_um": 1_000_000},
        ),
    ],
)
def test_measures_are_told_in_whole_units_and_only_where_the_file_tells_them(
    facts: dict[str, Any], expected: dict[str, int]
) -> None:
    assert measures_of([facts]) == expected


def test_of_several_files_the_greatest_counts_for_they_may_be_one_thing_in_several_formats() -> None:
    found = measures_of([{"triangle_count": 900}, {"triangle_count": 1200}, {"triangle_count": 30}])

    assert found == {"triangles": 1200}


def test_names_of_files_and_telling_folders_are_kept_the_nearest_to_the_top_first() -> None:
    found = names_of(["textures/annSkin/skin_diff.exr", "chrAnn_v012.ma", "geo/annSkin/skin_diff.exr"])

    assert found == ["chrAnn_v012.ma", "annSkin", "skin_diff.exr"]


def test_of_names_that_differ_by_numbers_only_the_first_stand_for_all() -> None:
    found = names_of([*(f"beauty.{frame:04}.exr" for frame in range(12_000)), "notes.txt"])

    assert found == [*(f"beauty.{frame:04}.exr" for frame in range(8)), "notes.txt"]


def test_however_many_files_a_version_has_few_names_are_kept() -> None:
    letters = "abcdefghijklmnopqrst"
    many = names_of(f"{one}{two}{three}.obj" for one in letters for two in letters for three in letters)
    long = names_of(f"{one}{two}".ljust(300, "x") for one in letters for two in letters)

    assert (len(many), len(long)) == (200, 20)
