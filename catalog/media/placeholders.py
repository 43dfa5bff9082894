"""Drawings that stand where an asset has no picture: one line icon per kind, in the tokens of the dark theme. Pure.

Icons are drawn in a square of 96 units with round lines of 2.5; what is characteristic of the kind is in the accent
color.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from catalog.assets.vocabulary import Kind

SURFACE, LINE, ACCENT = "#171a21", "#a9b1c2", "#6cb2ff"
WIDTH, HEIGHT = 240, 180

_SHADE: Final = "#1f2430"
_ICON_SIDE: Final = 96
_ICON_LEFT, _ICON_TOP = (WIDTH - _ICON_SIDE) / 2, (HEIGHT - _ICON_SIDE) / 2 - 6


@dataclass(frozen=True, kw_only=True)
class Icon:
    """SVG shapes of one kind: ``body`` in the color of secondary text, ``mark`` in the accent."""

    body: tuple[str, ...]
    mark: tuple[str, ...]


def _path(data: str) -> str:
    return f'<path d="{data}"/>'


def _circle(x: float, y: float, radius: float) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}"/>'


def _dot(x: float, y: float, radius: float = 2.6) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{ACCENT}" stroke="none"/>'


def _bust(x: float, y: float, scale: float) -> str:
    """A head and its shoulders; ``x`` and ``y`` are the center of the head."""
    head = 10 * scale
    half, drop, neck = 19 * scale, 34 * scale, 15 * scale
    return _circle(x, y, head) + _path(
        f"M{x - half:g} {y + drop:g}c0-{0.55 * half:g} {0.45 * half:g}-{drop - neck:g} {half:g}-{drop - neck:g}"
        f"s{half:g} {0.45 * (drop - neck):g} {half:g} {drop - neck:g}"
    )


ICONS: Final[dict[Kind, Icon]] = {
    Kind.DIGITAL_DOUBLE: Icon(
        body=(
            _path("M48 12c-13 0-20 9-20 21 0 15 9 27 20 27s20-12 20-27c0-12-7-21-20-21z"),
            _path("M39 57v8c0 4-23 6-27 19M57 57v8c0 4 23 6 27 19"),
        ),
        mark=(_path("M48 12v48M29 30h19M31 43h17M36 52h12"), _path("M38 15c-5 12-5 30 1 41")),
    ),
    Kind.CREATURE: Icon(
        body=(
            _path("M30 34C18 32 12 22 13 10c6 9 14 13 24 14M66 34c12-2 18-12 17-24-6 9-14 13-24 14"),
            _path("M30 34c-3 12 1 22 8 28l3 14c1 5 4 8 7 8s6-3 7-8l3-14c7-6 11-16 8-28-3-7-10-11-18-11s-15 4-18 11z"),
            _path("M44 75l2 3M52 75l-2 3"),
        ),
        mark=(_path("M36 44l9 5M60 44l-9 5"),),
    ),
    Kind.CROWD: Icon(
        body=(_bust(24, 34, 0.82), _bust(72, 34, 0.82)),
        mark=(_bust(48, 40, 1.05),),
    ),
    Kind.VEHICLE: Icon(
        body=(
            _path(
                "M19 64h-6c-3 0-5-2-5-5v-8c0-4 2-6 6-7l12-3 11-13c2-2 4-3 7-3h17c3 0 6 1 8 4l9 13"
                " 6 2c3 1 5 4 5 7v9c0 3-2 4-4 4h-5"
            ),
            _path("M37 64h24M29 41h48M52 25v16"),
        ),
        mark=(_circle(28, 65, 9), _circle(71, 65, 9)),
    ),
    Kind.PROP: Icon(
        body=(_path("M48 12l33 17v38L48 85 15 67V29z"), _path("M15 29l33 18 33-18M48 47v38")),
        mark=(_path("M31 20.500l33 18v13"),),
    ),
    Kind.ENVIRONMENT: Icon(
        body=(_path("M6 78l26-42 17 27M40 78l22-34 28 34"), _path("M6 78h84"), _path("M25 47l7 5 6-6")),
        mark=(_circle(68, 25, 9), _path("M68 9v-3M68 44v-3M84 25h3M49 25h3M79.500 13.500l2-2M54.500 38.500l2-2")),
    ),
    Kind.VEGETATION: Icon(
        body=(
            _path("M48 88V34"),
            _path("M48 62C30 64 20 55 17 38c17-1 29 6 31 24zM48 74c16 1 26-6 30-21-16-2-28 5-30 21z"),
        ),
        mark=(_path("M48 34c-11-8-12-17 0-28 12 11 11 20 0 28zM48 34V18"),),
    ),
    Kind.GROOM: Icon(
        body=(
            _path("M12 30c20-20 52-20 72 0"),
            _path("M20 24c-10 18 8 28-2 48M34 17c-8 20 10 34 0 62M62 17c-8 22 10 34 2 60M76 24c-8 18 8 26 2 44"),
        ),
        mark=(_path("M48 15c-9 22 10 36 0 71"),),
    ),
    Kind.COSTUME: Icon(
        body=(
            _path("M36 24L14 36l7 20 10-4v32h34V52l10 4 7-20-22-12"),
            _path("M36 24c3 8 21 8 24 0"),
        ),
        mark=(_path("M48 18c0-5 6-4 6-9a6 6 0 0 0-12 0M48 18L34 25M48 18l14 7"),),
    ),
    Kind.FX_ELEMENT: Icon(
        body=(
            _path("M47 8c4 16 26 24 26 48 0 18-11 31-26 31S21 75 21 59c0-11 5-18 11-24 1 7 4 11 8 13-2-16 0-29 7-40z"),
        ),
        mark=(
            _path("M48 56c2 7 10 9 10 18 0 7-4 12-10 12s-10-5-10-12c0-8 8-10 10-18z"),
            _dot(76, 24),
            _dot(82, 40, 1.8),
            _dot(18, 30, 2),
        ),
    ),
    Kind.MATTE_PAINTING: Icon(
        body=(_path("M8 22h64v48H8z"), _path("M8 60l17-18 13 12 12-16 22 24"), _path("M20 14h64v48M32 6h56v44")),
        mark=(_circle(24, 33, 5),),
    ),
    Kind.HDRI: Icon(
        body=(
            _circle(48, 46, 36),
            _path("M12 46c0 8 16 14 36 14s36-6 36-14"),
            _path("M48 10c-12 8-18 20-18 36s6 28 18 36M48 10c12 8 18 20 18 36s-6 28-18 36"),
        ),
        mark=(_circle(62, 27, 6), _path("M62 16v-2M62 40v-2M73 27h2M49 27h2M70 19l1.500-1.500M52.500 36.500L54 35")),
    ),
    Kind.MATERIAL: Icon(
        body=(_circle(48, 40, 30), _path("M30 64c-7 3-11 7-11 12h58c0-5-4-9-11-12"), _path("M13 84h70")),
        mark=(_path("M27 61L69 19M20 52l37-37M37 68l38-38M19 37l23-23M54 69l23-23"),),
    ),
    Kind.MOCAP: Icon(
        body=(
            _circle(50, 15, 8),
            _path("M49 23l-2 27M48 29L27 40 17 27M48 29l19 8 13-12M47 50L33 66l4 21M47 50l15 13 14 19"),
        ),
        mark=tuple(
            _dot(x, y, 3.4)
            for x, y in (
                (48, 29),
                (27, 40),
                (17, 27),
                (67, 37),
                (80, 25),
                (47, 50),
                (33, 66),
                (37, 87),
                (62, 63),
                (76, 82),
            )
        ),
    ),
    Kind.LIDAR: Icon(
        body=(
            _path("M20 30h20v18H20z"),
            _path("M24 30v-6h12v6M30 48v8M30 56L16 88M30 56l14 32M30 56v30"),
        ),
        mark=(
            _path("M44 36l38-20M44 39h40M44 42l38 20"),
            _dot(88, 12),
            _dot(90, 26),
            _dot(91, 39),
            _dot(90, 53),
            _dot(87, 67),
        ),
    ),
    Kind.RIG_TEMPLATE: Icon(
        body=(
            _path("M48 40l-6-8 6-20 6 20zM42 45l-4 9-22 12 18-17zM54 45l4 9 22 12-18-17z"),
            _path("M48 50l-5 8 5 22 5-22z"),
            _circle(48, 45, 5),
        ),
        mark=(
            _circle(48, 10, 4),
            _circle(13, 68, 4),
            _circle(83, 68, 4),
            _path("M30 86c10 5 26 5 36 0M30 86l4-4M30 86l6 2"),
        ),
    ),
}


def placeholder(kind: Kind) -> str:
    """The drawing of a kind as an SVG document of 240 × 180."""
    icon = ICONS[kind]
    middle = WIDTH / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{SURFACE}"/>'
        f'<circle cx="{middle:g}" cy="{HEIGHT / 2 - 6:g}" r="66" fill="{_SHADE}" opacity=".55"/>'
        f'<ellipse cx="{middle:g}" cy="{HEIGHT - 34}" rx="46" ry="3.500" fill="#0f1115" opacity=".6"/>'
        f'<g transform="translate({_ICON_LEFT:g} {_ICON_TOP:g})" fill="none" stroke-width="2.500" '
        'stroke-linecap="round" stroke-linejoin="round">'
        f'<g stroke="{LINE}">{"".join(icon.body)}</g><g stroke="{ACCENT}">{"".join(icon.mark)}</g></g></svg>'
    )
