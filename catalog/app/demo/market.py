"""Props of the night market: crates, stalls, lanterns, signs."""

from __future__ import annotations

import numpy as np

from catalog.app.demo.asset import Files
from catalog.app.demo.gltf import glb
from catalog.app.demo.palette import (
    AMBER,
    BAMBOO,
    BRASS,
    CREAM,
    CYAN,
    DARK_WOOD,
    GLOW,
    IRON,
    PAPER,
    PINK,
    RED,
    STEEL,
    TEAL,
    part,
)
from catalog.app.demo.shapes import (
    Array,
    Look,
    Mesh,
    Part,
    ball,
    box,
    box_mapped,
    joined,
    lathe,
    placed,
    rod,
    smooth_path,
    surface,
    sweep,
)
from catalog.app.demo.weave import woven


def crate_parts() -> list[Part]:
    """A wooden crate with iron bands, 0.66 m wide."""
    wood, dark = woven("planks", tint=(0.95, 0.72, 0.50)), woven("planks", tint=(0.55, 0.38, 0.26))
    boards = [box((0.60, 0.082, 0.018), (0, 0.02 + 0.09 * n, z), bevel=0.003) for n in range(6) for z in (-0.29, 0.29)]
    boards += [box((0.018, 0.082, 0.58), (x, 0.02 + 0.09 * n, 0), bevel=0.003) for n in range(6) for x in (-0.30, 0.30)]
    boards += [box((0.098, 0.02, 0.58), (-0.25 + 0.1 * n, 0.545, 0), bevel=0.003) for n in range(6)]
    posts = [box((0.06, 0.57, 0.06), (x, 0, z), bevel=0.005) for x in (-0.30, 0.30) for z in (-0.29, 0.29)]
    rails = [box((0.66, 0.07, 0.022), (0, y, z), bevel=0.004) for y in (0.0, 0.5) for z in (-0.312, 0.312)]
    brace = [
        box((0.70, 0.07, 0.02), (0, 0.25, z), bevel=0.004, turn=(0, 0, 38 if z > 0 else -38)) for z in (-0.312, 0.312)
    ]
    bands = [box((0.045, 0.008, 0.645), (x, 0.566, 0), bevel=0.002) for x in (-0.17, 0.17)]
    bands += [box((0.045, 0.575, 0.006), (x, 0, z), bevel=0.002) for x in (-0.17, 0.17) for z in (-0.327, 0.327)]
    nails = [
        ball((0.008, 0.008, 0.006), (x, y, z), detail=10)
        for x in (-0.17, 0.17)
        for y in (0.05, 0.28, 0.52)
        for z in (-0.33, 0.33)
    ]
    return [
        part("boards", box_mapped(joined(boards), 0.6), wood),
        part("frame", box_mapped(joined([*posts, *rails, *brace]), 0.6), dark),
        part("bands", joined([*bands, *nails]), IRON),
    ]


def crate() -> Files:
    """The market crate."""
    return {"geo/crate.glb": glb(crate_parts())}


def crate_first() -> Files:
    """The market crate before dailies: plain boards without braces."""
    parts = crate_parts()
    return {"geo/crate.glb": glb([parts[0], part("frame", box((0.64, 0.05, 0.64), bevel=0.01), DARK_WOOD)])}


def lantern_parts(color: Look = PAPER) -> list[Part]:
    """A paper lantern with ribs, gilded caps and a tassel; it hangs from its hook at 0.62 m."""

    def skin(u: Array, v: Array) -> Array:
        y, turn = 0.5 * (1 - v), 2 * np.pi * u
        radius = 0.06 + 0.17 * np.sin(np.pi * np.clip(v, 0.001, 0.999)) ** 0.55 + 0.004 * np.cos(2 * np.pi * v * 14)
        return np.stack([radius * np.sin(turn), y, radius * np.cos(turn)], axis=-1)

    ribs = [
        sweep(np.stack([r * np.sin(t), np.full(41, y), r * np.cos(t)], axis=1), 0.0022, around=6)
        for v in np.linspace(0.107, 0.893, 12)
        for t in [np.linspace(0, 2 * np.pi, 41)]
        for y, r in [(0.5 * (1 - v), 0.065 + 0.17 * np.sin(np.pi * v) ** 0.55)]
    ]
    caps = [
        lathe([(0, y), (0.075, y), (0.08, y + 0.008), (0.08, y + 0.025), (0.06, y + 0.032), (0, y + 0.032)], around=36)
        for y in (-0.02, 0.485)
    ]
    tassel = [
        rod(
            (0.012 * np.cos(a), -0.02, 0.012 * np.sin(a)),
            (0.022 * np.cos(a), -0.26, 0.022 * np.sin(a)),
            0.0028,
            around=6,
        )
        for a in np.linspace(0, 2 * np.pi, 14)[:-1]
    ]
    knot = ball((0.02, 0.025, 0.02), (0, -0.04, 0), detail=16)
    hook = sweep(
        smooth_path([(0, 0.51, 0), (0, 0.57, 0), (0.02, 0.60, 0), (0, 0.62, 0), (-0.015, 0.60, 0)], 24), 0.004, around=8
    )
    glow = Look(
        name=f"{color.name}_lit",
        color=color.color,
        roughness=0.7,
        double_sided=True,
        emission=(0.55 * color.color[0], 0.55 * color.color[1], 0.55 * color.color[2]),
    )
    return [
        part("paper", surface(skin, 64, 84, close_u=True), glow),
        part("ribs", joined(ribs), DARK_WOOD),
        part("caps", joined([*caps, hook, knot]), BRASS),
        part("tassel", joined(tassel), AMBER),
    ]


def lantern() -> Files:
    """The red paper lantern."""
    return {"geo/paperLantern.glb": glb(lantern_parts())}


def lantern_string() -> Files:
    """Seven lanterns on a line."""
    line = smooth_path([(-3, 3.2, 0), (-1.5, 2.88, 0), (0, 2.75, 0), (1.5, 2.88, 0), (3, 3.2, 0)], 60)
    made = [part("line", sweep(line, 0.008, around=8), IRON)]
    looks = (
        PAPER,
        Look(name="paper_amber", color=(0.78, 0.33, 0.05)),
        Look(name="paper_cream", color=(0.75, 0.62, 0.40)),
    )
    for n, x in enumerate(np.linspace(-2.55, 2.55, 7)):
        y = 2.75 + 0.05 * x * x - 0.62
        made += [
            part(f"{one.name}_{n}", placed(one.mesh, (float(x), float(y), 0)), one.look)
            for one in lantern_parts(looks[n % 3])
        ]
    return {"geo/lanternString.glb": glb(made)}


def awning(width: float = 2.6, depth: float = 1.5, *, seed: int = 0) -> Mesh:
    """A cloth that sags between bars, with a scalloped edge; striped by vertex color."""

    def place(u: Array, v: Array) -> Array:
        x, z = (u - 0.5) * width, (v - 0.15) * depth
        sag = 0.05 * np.sin(np.pi * u * 4) ** 2 * v + 0.02 * np.sin(9 * u + seed)
        hang = np.clip(v - 0.86, 0, 1) / 0.14
        y = 2.45 - 0.42 * np.minimum(v, 0.86) - sag - hang * (0.20 - 0.05 * np.abs(np.sin(np.pi * u * 13)))
        return np.stack([x, y, np.minimum(z, 0.71 * depth) + 0.03 * hang], axis=-1)

    mesh = surface(place, 156, 50)
    stripes = (np.floor((mesh.points[:, 0] / width + 0.5) * 13) % 2 == 0)[:, None]
    return Mesh(
        points=mesh.points,
        faces=mesh.faces,
        normals=mesh.normals,
        colors=np.where(stripes, [0.40, 0.03, 0.02], [0.62, 0.54, 0.40]),
    )


STRIPES = Look(name="stripes", color=(1, 1, 1), roughness=0.85, double_sided=True)


def _stall_goods() -> list[Part]:
    """Pots and bowls on the counter, stools before it."""
    pots = [
        placed(
            lathe(
                [(0, 0), (0.17, 0), (0.2, 0.03), (0.2, 0.26), (0.215, 0.28), (0.19, 0.28), (0.19, 0.05), (0, 0.05)],
                around=40,
            ),
            (x, 0.98, 0.35),
        )
        for x in (-0.75, -0.25)
    ]
    bowls = [
        placed(
            lathe(
                [
                    (0, 0),
                    (0.04, 0),
                    (0.045, 0.01),
                    (0.09, 0.06),
                    (0.10, 0.085),
                    (0.093, 0.085),
                    (0.04, 0.02),
                    (0, 0.018),
                ],
                around=28,
            ),
            (0.2 + 0.26 * (n % 4), 0.98 + 0.045 * (n // 4), 0.5),
        )
        for n in range(8)
    ]
    stools = [
        placed(
            joined(
                [
                    lathe([(0, 0.42), (0.17, 0.42), (0.18, 0.44), (0.17, 0.47), (0, 0.48)], around=28),
                    *(
                        rod((0.1 * a, 0.43, 0.1 * b), (0.16 * a, 0, 0.16 * b), 0.016)
                        for a, b in ((1, 1), (-1, 1), (1, -1), (-1, -1))
                    ),
                ]
            ),
            (x, 0, 1.15),
        )
        for x in (-0.8, 0.0, 0.8)
    ]
    return [
        part("pots", joined(pots), STEEL),
        part("bowls", joined(bowls), CREAM),
        part("stools", joined(stools), TEAL),
    ]


def stall_parts() -> list[Part]:
    """A noodle stall: counter, awning, stools, pots, lanterns."""
    planks = woven("planks", tint=(0.8, 0.6, 0.42))
    counter = [
        box((2.4, 0.06, 0.62), (0, 0.92, 0.45)),
        box((2.3, 0.9, 0.05), (0, 0.0, 0.68)),
        box((0.05, 0.9, 0.5), (-1.13, 0, 0.45)),
        box((0.05, 0.9, 0.5), (1.13, 0, 0.45)),
        box((2.4, 0.05, 0.4), (0, 0.95, -0.7)),
    ]
    posts = [rod((x, 0, z), (x, h, z), 0.035) for x in (-1.2, 1.2) for z, h in ((-0.2, 2.45), (0.82, 2.12))]
    slats = [box((0.05, 0.80, 0.02), (x, 0.06, 0.715), bevel=0.006) for x in np.linspace(-1.08, 1.08, 19)]
    made = [
        part("counter", box_mapped(joined(counter), 0.9), planks),
        part("slats", joined(slats), RED),
        part("posts", joined(posts), BAMBOO),
        part("awning", awning(), STRIPES),
        *_stall_goods(),
        part("steam", joined([ball((0.17, 0.02, 0.17), (x, 1.2, 0.35), detail=24) for x in (-0.75, -0.25)]), CREAM),
        part("sign", box((1.5, 0.34, 0.05), (0, 2.45, 0.1), bevel=0.02), DARK_WOOD),
        part("neon", _glyphs(0.0, 2.62, 0.14), PINK),
    ]
    for n, x in enumerate((-1.1, 1.1)):
        made += [
            part(f"{one.name}_{n}", placed(one.mesh, (x, 1.42, 0.98), scale=0.9), one.look) for one in lantern_parts()
        ]
    return made


def _glyphs(x: float, y: float, z: float) -> Mesh:
    """Strokes of 面 (noodles) and 茶 (tea) in neon tube."""
    noodles = [
        (-0.5, 0.5, 0.5, 0.5),
        (0.05, 0.5, -0.1, 0.25),
        (-0.42, 0.25, 0.42, 0.25),
        (-0.42, 0.25, -0.42, -0.5),
        (0.42, 0.25, 0.42, -0.5),
        (-0.42, -0.5, 0.42, -0.5),
        (-0.15, 0.25, -0.15, -0.5),
        (0.15, 0.25, 0.15, -0.5),
        (-0.15, 0.0, 0.15, 0.0),
        (-0.15, -0.25, 0.15, -0.25),
    ]
    tea = [
        (-0.5, 0.4, 0.5, 0.4),
        (-0.2, 0.55, -0.2, 0.28),
        (0.2, 0.55, 0.2, 0.28),
        (0, 0.28, -0.5, -0.05),
        (0, 0.28, 0.5, -0.05),
        (-0.3, -0.12, 0.3, -0.12),
        (0, 0.08, 0, -0.55),
        (-0.1, -0.25, -0.35, -0.45),
        (0.1, -0.25, 0.35, -0.45),
    ]
    tubes = []
    for shift, strokes in ((-0.28, noodles), (0.28, tea)):
        tubes += [
            rod((x + shift + 0.24 * a, y + 0.24 * b, z), (x + shift + 0.24 * c, y + 0.24 * d, z), 0.009, around=8)
            for a, b, c, d in strokes
        ]
    return joined(tubes)


def stall() -> Files:
    """The noodle stall."""
    return {"geo/noodleStall.glb": glb(stall_parts())}


def sign() -> Files:
    """A neon sign on a wall bracket."""
    ring = np.linspace(0, 2 * np.pi, 97)
    circle = np.stack([0.62 * np.sin(ring), 0.9 + 0.42 * np.cos(ring), np.full(97, 0.06)], axis=1)
    fish = smooth_path(
        [
            (-0.30, 0.45, 0.08),
            (-0.1, 0.56, 0.08),
            (0.16, 0.50, 0.08),
            (0.34, 0.36, 0.08),
            (0.34, 0.56, 0.08),
            (0.16, 0.42, 0.08),
            (-0.1, 0.36, 0.08),
            (-0.30, 0.45, 0.08),
        ],
        70,
    )
    back = box((1.5, 1.25, 0.08), (0, 0.22, -0.04), bevel=0.03)
    arms = [rod((-0.75, y, 0), (-1.1, y, 0), 0.025) for y in (0.4, 1.3)]
    return {
        "geo/neonSign.glb": glb(
            [
                part("board", back, Look(name="board", color=(0.02, 0.022, 0.03), roughness=0.4)),
                part("arms", joined([*arms, box((0.04, 1.3, 0.2), (-1.12, 0.2, 0))]), IRON),
                part("ring", sweep(circle, 0.014, around=10), CYAN),
                part("strokes", placed(_glyphs(0, 0, 0.07), (0, 0.93, 0), scale=(1.25, 1.25, 1)), PINK),
                part("fish", sweep(fish, 0.011, around=8), GLOW),
            ]
        )
    }
