"""KTX2 textures lose the levels that a browser should not get, and are otherwise as they were."""

from __future__ import annotations

import pytest

from catalog.kernel.errors import InvalidInput
from catalog.media.slim import levels
from tests import packed_models

RED, GREEN, BLUE = (200, 20, 20), (20, 160, 40), (20, 40, 160)
LARGE = packed_models.ktx2(RED, GREEN, BLUE, sides=(4096, 16))


def test_what_fits_stays_as_it_is() -> None:
    fitting = packed_models.ktx2(RED, GREEN, sides=(2048, 8))

    assert levels.within(fitting, side_px=2048) is fitting


def test_levels_that_are_too_large_are_left_out() -> None:
    assert levels.within(LARGE, side_px=2048) == packed_models.ktx2(GREEN, BLUE, sides=(2048, 8))


def test_the_smallest_level_stays_where_none_is_small_enough() -> None:
    assert levels.within(LARGE, side_px=256) == packed_models.ktx2(BLUE, sides=(1024, 4))


def test_a_level_of_broken_blocks_is_not_the_first() -> None:
    odd = packed_models.ktx2(RED, GREEN, BLUE, sides=(4080, 24))

    # The second and third levels are 2040 × 12 and 1020 × 6 pixels.
    assert levels.within(odd, side_px=1024) == packed_models.ktx2(GREEN, BLUE, sides=(2040, 12))


def test_what_the_levels_of_etc1s_share_loses_its_part_of_those_that_are_left_out() -> None:
    head, images, books = b"h" * 20, [letter * 20 for letter in (b"r", b"g", b"b")], b"code books"
    large = packed_models.ktx2(RED, GREEN, BLUE, sides=(4096, 16), shared=b"".join([head, *images, books]))

    made = levels.within(large, side_px=2048)

    shared = b"".join([head, *images[1:], books])
    assert made == packed_models.ktx2(GREEN, BLUE, sides=(2048, 8), shared=shared)


@pytest.mark.parametrize(
    "content,why",
    [
        (packed_models.ktx2(RED, sides=(4096, 16)), "4096 × 16 pixels has no level of at most 2048"),
        (LARGE[:70], "ends within its head"),
        (LARGE[:100], "ends within its head"),
        (LARGE[:-70_000], "ends before it should"),
    ],
    ids=["one level", "cut head", "cut index", "cut level"],
)
def test_what_cannot_be_made_smaller_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        levels.within(content, side_px=2048)

    assert why in caught.value.message


def test_a_texture_with_depth_is_refused() -> None:
    deep = LARGE[:28] + (4).to_bytes(4, "little") + LARGE[32:]

    with pytest.raises(InvalidInput) as caught:
        levels.within(deep, side_px=2048)

    assert "with depth" in caught.value.message
