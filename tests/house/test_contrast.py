"""Every pair of colors that the style allows is told apart, in both themes: computed as WCAG 2.2 defines it."""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from catalog.web import stationery

TOKENS = Path(stationery.__file__).with_name("styles") / "tokens.css"
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
GROUNDS = ("bg", "surface", "raised", "selected")
QUIET = ("ok", "warn", "bad", "accent")
TEXT, SIGN = 4.5, 3.0
"""What WCAG asks of words (1.4.3), and of edges and the ring of the focus (1.4.11)."""

WORDS = [
    *product(("text", "text-2", "accent", "ok", "warn", "bad"), GROUNDS),
    *((word, f"{word}-quiet") for word in QUIET),
    *(("text", f"{word}-quiet") for word in QUIET),
    ("on-accent", "accent"),
]
SIGNS = [*product(["edge"], GROUNDS[:3]), *product(["focus"], GROUNDS)]
"""An edge never stands on what is selected."""


@cache
def _colors() -> dict[str, tuple[str, str]]:
    """Light and dark by name."""
    return {name: (light, dark) for name, light, dark in PAIR.findall(TOKENS.read_text())}


def _luminance(channels: tuple[float, float, float]) -> float:
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in (part / 255 for part in channels)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(color: str) -> tuple[float, float, float]:
    red, green, blue = bytes.fromhex(color[1:])
    return red, green, blue


def _contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_it_is_defined() -> None:
    black, white, gray = _channels("#000000"), _channels("#ffffff"), _channels("#767676")

    assert _contrast(black, white) == pytest.approx(21)
    assert _contrast(white, white) == 1
    assert _contrast(white, gray) == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colors_that_stand_on_each_other_are_told_apart(theme: str) -> None:
    at = ("light", "dark").index(theme)
    wanted = {**dict.fromkeys(WORDS, TEXT), **dict.fromkeys(SIGNS, SIGN)}

    found = {
        (ink, ground): round(_contrast(_channels(_colors()[ink][at]), _channels(_colors()[ground][at])), 2)
        for ink, ground in wanted
    }

    assert {pair: contrast for pair, contrast in found.items() if contrast < wanted[pair]} == {}


def test_every_color_is_judged() -> None:
    """``line`` only parts what stands apart anyway."""
    assert {name for pair in (*WORDS, *SIGNS) for name in pair} == set(_colors()) - {"line"}


@pytest.mark.parametrize("picture", ["#000000", "#ffffff"])
def test_a_badge_is_read_on_any_picture(picture: str) -> None:
    style = TOKENS.read_text()
    ground = re.search(r"--badge-ground: rgb\((\d+) (\d+) (\d+) / (\.\d+)\);", style)
    ink = re.search(r"--badge-ink: (#[0-9a-f]{6});", style)
    assert ground
    assert ink

    red, green, blue, opacity = (float(part) for part in ground.groups())
    behind = _channels(picture)
    over = tuple(part * opacity + under * (1 - opacity) for part, under in zip((red, green, blue), behind, strict=True))

    assert _contrast(_channels(ink[1]), (over[0], over[1], over[2])) >= TEXT
