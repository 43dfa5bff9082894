"""The manifest of a version: which bytes under which paths, and what each file is for."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.assets.manifests import (
    FileEntry,
    checked_entries,
    manifest_sha256,
    part_count_of,
    part_size_of,
)
from catalog.assets.roles import role_of
from catalog.assets.vocabulary import Custody, FileRole
from catalog.kernel.errors import InvalidInput

MIB = 2**20
A, B = "a" * 64, "b" * 64
FILE = FileEntry(path="geo/a.usd", sha256=A, size_bytes=10)


def file(path: str, sha256: str, role: FileRole = FileRole.MODEL) -> FileEntry:
    return FileEntry(path=path, sha256=sha256, size_bytes=10, role=role)


def test_a_version_is_known_by_the_digest_of_its_sorted_lines() -> None:
    lines = f"{A} model geo/a.usd\n{B} look geo/b 邓.usd\n"

    known = manifest_sha256([file("geo/b 邓.usd", B, FileRole.LOOK), file("geo/a.usd", A)])

    assert known == hashlib.sha256(lines.encode()).hexdigest()


@given(st.permutations([file("a", A), file("b/c", B), file("b/d", A), file("邓", B)]))
def test_the_order_of_files_does_not_matter(tree: list[FileEntry]) -> None:
    assert manifest_sha256(tree) == manifest_sha256([file("a", A), file("b/c", B), file("b/d", A), file("邓", B)])


def test_another_path_another_byte_or_another_role_is_another_version() -> None:
    one = file("a", A)
    trees = ([one], [file("b", A)], [file("a", B)], [file("a", A, FileRole.LOOK)], [one, file("b", A)])

    assert len({manifest_sha256(tree) for tree in trees}) == 5


@pytest.mark.parametrize(
    "size_bytes, part_bytes, parts",
    [
        (0, 64 * MIB, 0),
        (64 * MIB, 64 * MIB, 0),
        (64 * MIB + 1, 64 * MIB, 2),
        (128 * MIB, 64 * MIB, 2),
        (10_000 * 64 * MIB, 64 * MIB, 10_000),
        (10_000 * 64 * MIB + 1, 128 * MIB, 5_001),
        (5 * 2**40, 1024 * MIB, 5_120),
    ],
)
def test_a_large_file_travels_in_parts(size_bytes: int, part_bytes: int, parts: int) -> None:
    assert part_size_of(size_bytes) == part_bytes
    assert part_count_of(size_bytes) == parts


@given(st.integers(min_value=64 * MIB + 1, max_value=5 * 2**40))
def test_the_parts_of_a_file_are_few_enough_large_enough_and_hold_it(size_bytes: int) -> None:
    size, count = part_size_of(size_bytes), part_count_of(size_bytes)

    assert 2 <= count <= 10_000
    assert (count - 1) * size < size_bytes <= count * size
    assert size <= 5 * 2**30


def test_a_file_is_given_a_role_where_its_publisher_names_none() -> None:
    checked = checked_entries([FILE, replace(FILE, path="tex/a.exr", sha256=B, role=FileRole.LOOK)])

    assert [file.role for file in checked] == [FileRole.MODEL, FileRole.LOOK]


def test_one_content_may_lie_under_two_paths() -> None:
    checked = checked_entries([FILE, replace(FILE, path="geo/copy.usd")])

    assert [file.path for file in checked] == ["geo/a.usd", "geo/copy.usd"]


def test_one_content_has_one_size() -> None:
    with pytest.raises(InvalidInput, match=r"digest aaaaaaaaaaaa… is given with sizes 10 and 11"):
        checked_entries([FILE, replace(FILE, path="geo/copy.usd", size_bytes=11)])


@pytest.mark.parametrize("count", [0, 50_001])
def test_a_version_has_one_to_fifty_thousand_files(count: int) -> None:
    with pytest.raises(InvalidInput, match="a version has 1 to 50000 files") as refused:
        checked_entries([FILE] * count)

    assert refused.value.code == "bad-file-count"


@pytest.mark.parametrize(
    "wrong, field, why",
    [
        ({"sha256": A.upper()}, "sha256", "is no SHA-256; 64 lower-case hexadecimal digits are right"),
        ({"sha256": A[:-1]}, "sha256", "is no SHA-256"),
        ({"sha256": A + "\n"}, "sha256", "is no SHA-256"),
        ({"size_bytes": -1}, "size_bytes", "-1 is not between 0 and"),
        ({"size_bytes": 5 * 2**40 + 1}, "size_bytes", "is not between 0 and"),
        ({"size_bytes": 64 * MIB + 1}, "part_sha256", "travels in 2 parts of 67108864 bytes; give the digest of each"),
        ({"part_sha256": (B,)}, "part_sha256", "travels in 0 parts"),
        (
            {"size_bytes": 64 * MIB + 1, "part_sha256": (A, "b")},
            "part_sha256",
            "a part's digest is wrong: 'b' is no SHA-256",
        ),
        ({"custody": Custody.REFERENCED}, "root", "a referenced file names its root"),
        ({"root": "library"}, "root", "a stored one has none"),
        (
            {"custody": Custody.REFERENCED, "root": "library", "root_path": "../x"},
            "root_path",
            "has the folder '..'",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_named_by_field(wrong: dict[str, object], field: str, why: str) -> None:
    files = [replace(FILE, path="geo/b.usd", sha256=B), replace(FILE, **wrong)]  # type: ignore[arg-type]  # fields

    with pytest.raises(InvalidInput) as refused:
        checked_entries(files)

    assert refused.value.errors[0].field == f"files.1.{field}"
    assert why in refused.value.errors[0].message


def test_every_field_that_is_wrong_is_named_up_to_fifty() -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_entries([replace(FILE, sha256="x", size_bytes=-1)] * 40)

    assert [error.field for error in refused.value.errors[:3]] == [
        "files.0.sha256",
        "files.0.size_bytes",
        "files.1.sha256",
    ]
    assert len(refused.value.errors) == 50


def test_a_referenced_file_of_any_size_has_no_parts() -> None:
    large = replace(FILE, custody=Custody.REFERENCED, root="library", size_bytes=2**40)

    assert checked_entries([large])[0].part_sha256 == ()


@pytest.mark.parametrize(
    "path, role",
    [
        ("geo/chr_ann.usd", FileRole.MODEL),
        ("GEO/ANN.OBJ", FileRole.MODEL),
        ("cache/walk.abc", FileRole.CACHE),
        ("tex/diffuse.1001.exr", FileRole.TEXTURE_SET),
        ("tex/thumbnail.png", FileRole.TEXTURE_SET),
        ("thumbnail.png", FileRole.THUMBNAIL),
        ("Thumb.JPG", FileRole.THUMBNAIL),
        ("thumbnails/front.png", FileRole.PREVIEW),
        ("turntable.mp4", FileRole.TURNTABLE),
        ("renders/headTurntable_v003.mov", FileRole.TURNTABLE),
        ("TT/ann_0012.mxf", FileRole.TURNTABLE),
        ("ann_spin2.webm", FileRole.TURNTABLE),
        ("preview/lantern.mp4", FileRole.PREVIEW),
        ("walk_daily_04.mov", FileRole.PREVIEW),
        ("plates/attic.mov", FileRole.SOURCE),
        ("spinach.mkv", FileRole.SOURCE),
        ("look/skin.mtlx", FileRole.LOOK),
        ("work/ann.blend", FileRole.SOURCE),
        ("README.md", FileRole.DOC),
        ("LICENSE", FileRole.DOC),
        ("anything.else", FileRole.SOURCE),
        ("no_suffix", FileRole.SOURCE),
        (".usd", FileRole.SOURCE),
    ],
)
def test_a_path_suggests_what_a_file_is_for(path: str, role: FileRole) -> None:
    assert role_of(path) is role
