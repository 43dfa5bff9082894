"""Names that are checked: asset codes, file paths, references."""

import re
import unicodedata
from contextlib import suppress
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.assets.naming import (
    Reference,
    checked_code,
    checked_path,
    checked_paths,
    entity_reference,
    parse_reference,
)
from catalog.assets.vocabulary import CODE_PREFIXES
from catalog.client.versions import KINDS_BY_PREFIX
from catalog.kernel.errors import InvalidInput

CODES = st.from_regex(r"[a-z][a-z0-9]{0,9}(_[A-Za-z0-9]{1,9}){1,3}", fullmatch=True)
ODD = st.sampled_from('/\\.:*?"<>| ~\t\n\0\u200b\u202e\ud800\ufb2c\u0301\u212a\uff0eéé邓ÀàſKß')
PATHS = st.text(ODD | st.characters(max_codepoint=0x2FFF), min_size=1, max_size=40)
"""Texts full of what makes a path dangerous somewhere."""


@pytest.mark.parametrize("code", ["chr_ann", "prp_Chair01", "env_a_b_C_4", "a_1", "h" * 31 + "_" + "x" * 32])
def test_a_code_is_a_lower_case_word_and_more_words_behind_underscores(code: str) -> None:
    assert checked_code(code) == code


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("", id="nothing"),
        pytest.param("chair", id="one word"),
        pytest.param("Chr_ann", id="a capital first"),
        pytest.param("1chr_ann", id="a digit first"),
        pytest.param("chr__ann", id="an empty word"),
        pytest.param("chr_ann_", id="an empty last word"),
        pytest.param("_chr_ann", id="an empty first word"),
        pytest.param("chr-ann", id="a hyphen"),
        pytest.param("chr_ann ", id="a space"),
        pytest.param("chr_ann\n", id="a line end"),
        pytest.param("chr_\u0430nn", id="a Cyrillic a"),
        pytest.param("chr_ａnn", id="a wide a"),
        pytest.param("chr_ann\u200b", id="an invisible space"),
        pytest.param("chr_١", id="an Arabic digit"),
        pytest.param("chr_邓丽君", id="Chinese"),
        pytest.param("c" * 32 + "_" + "x" * 32, id="65 characters"),
        pytest.param("chr_ann/../x", id="a path"),
    ],
)
def test_what_could_be_mistaken_for_another_code_is_none(code: str) -> None:
    with pytest.raises(InvalidInput, match="such as chr_ann, at most 64 characters") as refused:
        checked_code(code)

    assert refused.value.code == "bad-code"


@pytest.mark.parametrize(
    "code, better",
    [
        ("Chr-Ann", "chr_Ann"),
        ("chr ann 01", "chr_ann_01"),
        ("crème_brûlée", "creme_brulee"),
        ("CHR_ANN", "chr_ANN"),
        ("prp_春节灯笼", "prp_chun_jie_deng_long"),
        ("灯笼 1", "deng_long_1"),
        ("prp_绿A灯", "prp_lv_A_deng"),
    ],
)
def test_the_refusal_of_a_code_says_what_would_do(code: str, better: str) -> None:
    with pytest.raises(InvalidInput, match=f"; '{better}' would do"):
        checked_code(code)


@given(st.text(max_size=80))
def test_what_is_said_to_do_does(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_code(f"-{text}")
    better = re.search("; '(.*)' would do$", refused.value.message)

    assert better is None or checked_code(better[1]) == better[1]


@pytest.mark.parametrize(
    "path",
    [
        "a",
        "geo/chr_ann.usd",
        "tex/diffuse.<UDIM>.exr".replace("<UDIM>", "1001"),
        "邓丽君/面.exr",
        ".hidden/x",
        "a b/c d",
        "-",
    ],
)
def test_a_path_is_relative_and_exists_on_every_platform(path: str) -> None:
    assert checked_path(path) == path


@pytest.mark.parametrize(
    "path, why",
    [
        ("", "has 0 characters"),
        ("x" * 401, "has 401 characters"),
        ("/etc/passwd", "is absolute"),
        ("C:/x", "begins like a drive of Windows"),
        ("a:b.txt", "without a colon in any name"),
        ("//server/share", "is absolute"),
        ("a\\b", "has a backslash"),
        ("../x", "has the folder '..'"),
        ("a/../../x", "has the folder '..'"),
        ("./a", "has the folder '.'"),
        ("a//b", "has the folder ''"),
        ("a/", "has the folder ''"),
        ("a\nb", "control or invisible"),
        ("a\0b", "control or invisible"),
        ("a\u202eb", "control or invisible"),
        ("a\u200bb", "control or invisible"),
        ("a\u2028b", "control or invisible"),
        ("\ud800", "control or invisible"),
        ("é" * 128, "over 255 bytes"),
        ("a /b", "no leading or trailing spaces"),
        (" a/b", "no leading or trailing spaces"),
        ("a./b", "no trailing dot"),
        ("...", "no trailing dot"),
        ("ab:c", "which Windows cannot keep"),
        ("a<b>", "which Windows cannot keep"),
        ("what?", "which Windows cannot keep"),
        ("con", "device names"),
        ("tex/NUL.exr", "device names"),
        ("Com1.tar.gz", "device names"),
        ("ﬀ" * 120, "over 255 bytes"),
    ],
)
def test_a_path_that_escapes_or_exists_only_somewhere_is_refused(path: str, why: str) -> None:
    with pytest.raises(InvalidInput, match="path .* " + why) as refused:
        checked_path(path)

    assert refused.value.code == "bad-path"


def test_a_path_is_kept_in_one_spelling_of_unicode() -> None:
    assert checked_path("cafe\u0301/a") == "caf\u00e9/a"


@given(PATHS)
@example("\ufb2c" * 85)
@example("\ufb2c/" * 180 + "x")
def test_an_accepted_path_is_safe_everywhere_and_stays_as_it_is(path: str) -> None:
    with suppress(InvalidInput):
        accepted = checked_path(path)

        posix, windows = PurePosixPath(accepted), PureWindowsPath(accepted)
        assert (str(posix), windows.as_posix()) == (accepted, accepted)
        assert not posix.is_absolute()
        assert windows.anchor == ""
        assert not {"", ".", ".."} & set(posix.parts)
        assert not windows.is_reserved()
        assert unicodedata.is_normalized("NFC", accepted)
        assert len(accepted) <= 400
        assert all(len(part.encode()) <= 255 for part in posix.parts)
        assert checked_path(accepted) == accepted


@pytest.mark.parametrize(
    "one, other",
    [
        pytest.param("geo/a.obj", "geo/a.obj", id="the same"),
        pytest.param("geo/A.obj", "geo/a.obj", id="but for case"),
        pytest.param("caf\u00e9", "cafe\u0301", id="but for how Unicode composes"),
        pytest.param("stra\u00dfe", "STRASSE", id="but for case, in German"),
        pytest.param("ﬁg.exr", "fig.exr", id="but for a ligature"),
        pytest.param("１.exr", "1.exr", id="but for width"),
        pytest.param("K.exr", "\u212a.exr", id="kelvins"),
    ],
)
def test_two_paths_that_are_one_somewhere_are_refused(one: str, other: str) -> None:
    with pytest.raises(InvalidInput, match="are one on some platforms; rename one") as refused:
        checked_paths([one, "other.txt", other])

    assert refused.value.code == "same-path"


@pytest.mark.parametrize("paths", [("geo", "geo/a.obj"), ("geo/a/b", "geo/a"), ("GEO", "geo/a"), ("a/b/c/d", "a/b")])
def test_a_file_is_not_the_folder_of_another(paths: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput, match="is a file, and the folder of") as refused:
        checked_paths(paths)

    assert refused.value.code == "same-path"


@given(st.lists(PATHS, max_size=6))
def test_accepted_paths_can_lie_side_by_side_where_case_does_not_count(paths: list[str]) -> None:
    with suppress(InvalidInput):
        accepted = [path.casefold() for path in checked_paths(paths)]

        folders = {str(parent) for path in accepted for parent in PurePosixPath(path).parents}
        assert len(set(accepted)) == len(accepted) == len(paths)
        assert not folders & set(accepted)


@pytest.mark.parametrize(
    "text, reference",
    [
        ("chr_ann", Reference(asset="chr_ann")),
        (" chr_ann\n", Reference(asset="chr_ann")),
        ("chr_ann@3", Reference(asset="chr_ann", number=3)),
        ("chr_ann@v003", Reference(asset="chr_ann", number=3)),
        ("chr_ann@latest", Reference(asset="chr_ann")),
        ("shotgrid:123@2", Reference(asset="shotgrid:123", number=2, whole="shotgrid:123@2")),
        ("OLD name v3@latest", Reference(asset="OLD name v3", whole="OLD name v3@latest")),
        ("CHR_Ann@3", Reference(asset="CHR_Ann", number=3)),
        (
            "0190b3c8-9f4e-7c3a-8d2e-1f2a3b4c5d6e@3",
            Reference(asset="0190b3c8-9f4e-7c3a-8d2e-1f2a3b4c5d6e", number=3),
        ),
        ("ann@studio.example", Reference(asset="ann@studio.example")),
        ("chr_ann@1234567890", Reference(asset="chr_ann@1234567890")),
        ("邓丽君", Reference(asset="邓丽君")),
        ("catalog://assets/chr_ann", Reference(asset="chr_ann")),
        ("catalog://assets/chr_ann/latest", Reference(asset="chr_ann")),
        ("catalog://assets/chr_ann/v3", Reference(asset="chr_ann", number=3)),
        (
            "catalog://assets/chr_ann/v3/files/geo/chr%20ann.usd",
            Reference(asset="chr_ann", number=3, path="geo/chr ann.usd"),
        ),
        ("catalog://assets/chr_ann/latest/files/a", Reference(asset="chr_ann", path="a")),
    ],
)
def test_a_reference_names_an_asset_a_version_or_a_file(text: str, reference: Reference) -> None:
    assert parse_reference(text) == reference


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "@3",
        "x" * 401,
        "catalog://assets/",
        "catalog://assets/chr_ann/3",
        "catalog://assets/chr_ann/v3/geo/a.usd",
        "catalog://assets/chr_ann/v1234567890",
        "catalog://assets//v3",
    ],
)
def test_what_is_no_reference_is_refused_with_what_would_be_one(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"catalog://assets/"):
        parse_reference(text)


@given(CODES, st.integers(min_value=1, max_value=999_999_999), st.none() | PATHS)
def test_a_reference_written_as_a_uri_is_read_as_what_it_was(code: str, number: int, path: str | None) -> None:
    with suppress(InvalidInput):
        kept = checked_path(path) if path is not None else None
        uri = entity_reference(code, number, kept)

        assert parse_reference(uri) == Reference(asset=code, number=number, path=kept)
        assert uri.isascii()


def test_the_uri_of_an_asset_names_its_latest_version() -> None:
    assert entity_reference("chr_ann") == "catalog://assets/chr_ann"
    assert parse_reference("catalog://assets/chr_ann").number is None


@pytest.mark.parametrize(
    "reference, said",
    [
        (Reference(asset="chr_ann"), "chr_ann"),
        (Reference(asset="chr_ann", number=3), "chr_ann@3"),
        (Reference(asset="chr_ann", number=3, path="geo/a"), "chr_ann@3:geo/a"),
    ],
)
def test_a_reference_has_a_short_form_for_people(reference: Reference, said: str) -> None:
    assert str(reference) == said


def test_a_prefix_means_the_same_kind_to_pages_and_to_the_client() -> None:
    by_pages = {prefix.removesuffix("_"): kind.value for kind, prefix in CODE_PREFIXES.items()}

    assert len(by_pages) == len(CODE_PREFIXES)
    assert KINDS_BY_PREFIX.items() <= by_pages.items()
