"""Where paths that stand inside a file lead."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.media.references import inside, inside_of_uri, is_embedded

SCENE = PurePosixPath("geo/scene.usda")


@pytest.mark.parametrize(
    "reference,target",
    [
        ("wood.png", "geo/wood.png"),
        ("./wood.png", "geo/wood.png"),
        ("../maps/wood.png", "maps/wood.png"),
        ("..\\maps\\wood.png", "maps/wood.png"),
        ("sub/../wood.png", "geo/wood.png"),
        ("maps/色.png", "geo/maps/色.png"),
    ],
)
def test_a_path_within_the_version_is_followed(reference: str, target: str) -> None:
    assert inside(reference, beside=SCENE) == PurePosixPath(target)


@pytest.mark.parametrize(
    "reference",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "\\\\server\\share\\wood.png",
        "C:\\textures\\wood.png",
        "c:/textures/wood.png",
        "file:///etc/passwd",
        "https://example.com/wood.png",
        "~/wood.png",
        "maps/../../../wood.png",
        "wood\0.png",
        "",
    ],
)
def test_a_path_that_leaves_the_version_is_not(reference: str) -> None:
    assert inside(reference, beside=SCENE) is None


def test_a_uri_is_decoded_before_it_is_judged() -> None:
    assert inside_of_uri("my%20wood.png", beside=SCENE) == PurePosixPath("geo/my wood.png")
    assert inside_of_uri("%2e%2e/%2e%2e/etc/passwd", beside=SCENE) is None


def test_embedded_content_refers_to_nothing() -> None:
    assert is_embedded("data:image/png;base64,AAAA")
    assert not is_embedded("database.png")


@given(st.text(max_size=60))
def test_no_text_leads_outside(reference: str) -> None:
    found = inside(reference, beside=SCENE)

    assert found is None or (".." not in found.parts and not found.is_absolute())
