"""Street furniture of harbor and market."""

from __future__ import annotations

import numpy as np

from catalog.app.demo.asset import Files
from catalog.app.demo.gltf import glb
from catalog.app.demo.market import lantern_parts
from catalog.app.demo.palette import BRASS, GLOW, IRON, RED, STEEL, TEAL, part
from catalog.app.demo.shapes import (
    Look,
    Part,
    ball,
    box,
    box_mapped,
    extruded,
    joined,
    lathe,
    placed,
    rod,
    smooth_path,
    sweep,
)
from catalog.app.demo.weave import woven


def lamp_parts() -> list[Part]:
    """A cast-iron lamp post with a curled arm and a lantern, 3.4 m."""
    post = lathe(
        [
            (0, 0),
            (0.20, 0),
            (0.20, 0.10),
            (0.15, 0.14),
            (0.13, 0.42),
            (0.085, 0.50),
            (0.10, 0.54),
            (0.065, 0.60),
            (0.048, 2.7),
            (0.075, 2.74),
            (0.075, 2.80),
            (0.035, 2.86),
            (0.03, 3.3),
            (0.05, 3.34),
            (0.0, 3.46),
        ],
        around=32,
    )
    curl = sweep(
        smooth_path(
            [(0, 2.75, 0), (0.22, 3.12, 0), (0.55, 3.22, 0), (0.74, 3.05, 0), (0.66, 2.92, 0), (0.56, 3.0, 0)], 50
        ),
        np.linspace(0.03, 0.014, 50),
        around=12,
    )
    scroll = sweep(
        smooth_path([(0.04, 2.5, 0), (0.22, 2.62, 0), (0.30, 2.84, 0), (0.20, 2.92, 0), (0.15, 2.82, 0)], 40),
        0.013,
        around=10,
    )
    made = [
        part("post", joined([post, curl, scroll]), IRON),
        part(
            "rings",
            joined(
                [
                    lathe([(0.05, 1.2), (0.06, 1.22), (0.06, 1.28), (0.05, 1.3)], around=32),
                    lathe([(0.1, 0.5), (0.11, 0.52), (0.1, 0.55)], around=32),
                ]
            ),
            BRASS,
        ),
    ]
    return made + [
        part(f"lamp_{one.name}", placed(one.mesh, (0.68, 2.32, 0), scale=1.0), one.look) for one in lantern_parts()
    ]


def lamp() -> Files:
    """The lamp post."""
    return {"geo/lampPost.glb": glb(lamp_parts())}


def bench() -> Files:
    """A quay bench of planks on cast legs."""
    leg = [
        (-0.26, 0),
        (-0.20, 0),
        (-0.16, 0.36),
        (0.14, 0.36),
        (0.20, 0),
        (0.26, 0),
        (0.20, 0.42),
        (0.14, 0.44),
        (0.30, 0.86),
        (0.25, 0.88),
        (0.08, 0.44),
        (-0.22, 0.42),
    ]
    legs = [placed(extruded(leg, 0.05), (x, 0, 0), turn=(0, 90, 0)) for x in (-0.68, 0.0, 0.68)]
    seat = [box((1.6, 0.035, 0.085), (0, 0.44, 0.20 - 0.1 * n), bevel=0.008) for n in range(4)]
    back = [
        box((1.6, 0.085, 0.03), (0, 0.54 + 0.115 * n, -0.12 - 0.046 * n), bevel=0.008, turn=(-22, 0, 0))
        for n in range(3)
    ]
    return {
        "geo/quayBench.glb": glb(
            [
                part("legs", joined(legs), IRON),
                part("slats", box_mapped(joined([*seat, *back]), 0.9), woven("planks", tint=(0.80, 0.55, 0.36))),
            ]
        )
    }


def bollard() -> Files:
    """A mooring bollard with a turn of rope."""
    iron = lathe(
        [
            (0, 0),
            (0.26, 0),
            (0.27, 0.03),
            (0.20, 0.06),
            (0.15, 0.10),
            (0.13, 0.34),
            (0.20, 0.40),
            (0.235, 0.46),
            (0.20, 0.52),
            (0, 0.55),
        ],
        around=56,
    )
    t = np.linspace(0, 2 * np.pi * 3.4, 260)
    path = np.stack([0.165 * np.sin(t), 0.12 + 0.16 * t / t[-1], 0.165 * np.cos(t)], axis=1)
    tail = smooth_path(
        [tuple(path[0]), (0.15, 0.08, 0.28), (0.38, 0.035, 0.42), (0.62, 0.03, 0.30), (0.85, 0.03, 0.46)], 60
    )
    bolts = [
        placed(
            lathe([(0, 0.03), (0.022, 0.03), (0.022, 0.05), (0, 0.055)], around=6),
            (0.225 * np.sin(a), 0, 0.225 * np.cos(a)),
        )
        for a in np.linspace(0, 2 * np.pi, 7)[:-1]
    ]
    return {
        "geo/mooringBollard.glb": glb(
            [
                part("iron", box_mapped(iron, 0.8), woven("rust")),
                part("bolts", joined(bolts), STEEL),
                part(
                    "rope",
                    joined([sweep(path, 0.021, around=12), sweep(tail, 0.021, around=12)]),
                    Look(name="rope", color=(0.42, 0.30, 0.16), roughness=0.9),
                ),
            ]
        )
    }


def hydrant() -> Files:
    """A red hydrant."""
    body = lathe(
        [
            (0, 0),
            (0.16, 0),
            (0.16, 0.04),
            (0.11, 0.06),
            (0.105, 0.46),
            (0.135, 0.48),
            (0.135, 0.53),
            (0.10, 0.56),
            (0.085, 0.64),
            (0.03, 0.69),
            (0.03, 0.73),
            (0, 0.735),
        ],
        around=40,
    )
    caps = [
        placed(
            lathe([(0, 0), (0.055, 0), (0.055, 0.07), (0.07, 0.08), (0.07, 0.12), (0.02, 0.135), (0, 0.15)], around=28),
            at,
            turn=turn,
        )
        for at, turn in (((0.09, 0.36, 0), (0, 0, -90)), ((-0.09, 0.36, 0), (0, 0, 90)), ((0, 0.30, 0.09), (90, 0, 0)))
    ]
    chain = sweep(
        smooth_path([(0.21, 0.34, 0.0), (0.17, 0.24, 0.09), (0.10, 0.22, 0.12), (0.02, 0.22, 0.16)], 30), 0.006
    )
    return {
        "geo/hydrant.glb": glb(
            [part("body", joined([body, *caps[:2]]), RED), part("caps", caps[2], BRASS), part("chain", chain, STEEL)]
        )
    }


def anchor() -> Files:
    """An old stockless anchor on a plinth."""
    arms = sweep(
        smooth_path([(-0.72, 0.62, 0), (-0.50, 0.30, 0), (0, 0.14, 0), (0.50, 0.30, 0), (0.72, 0.62, 0)], 60),
        0.03 + 0.06 * np.sin(np.linspace(0, np.pi, 60)),
        around=16,
    )
    flukes = [
        extruded(
            [(s * 0.66, 0.44), (s * 0.92, 0.52), (s * 0.70, 0.86)]
            if s > 0
            else [(-0.66, 0.44), (-0.70, 0.86), (-0.92, 0.52)],
            0.16,
        )
        for s in (1, -1)
    ]
    ring = np.linspace(0, 2 * np.pi, 60)
    shackle = sweep(np.stack([0.15 * np.sin(ring), 1.98 + 0.15 * np.cos(ring), 0 * ring], axis=1), 0.03, around=12)
    shank = sweep(np.linspace((0, 0.1, 0), (0, 1.88, 0), 20), np.linspace(0.10, 0.06, 20), around=16)
    stock = rod((0, 1.62, -0.55), (0, 1.62, 0.55), 0.045)
    iron = box_mapped(
        joined(
            [
                arms,
                *flukes,
                shackle,
                shank,
                stock,
                ball(0.07, (0, 1.62, 0.57), detail=20),
                ball(0.07, (0, 1.62, -0.57), detail=20),
            ]
        ),
        1.0,
    )
    return {
        "geo/anchor.glb": glb(
            [
                part("anchor", iron, woven("rust")),
                part(
                    "plinth",
                    box((1.1, 0.12, 0.8), bevel=0.03),
                    Look(name="plinth", color=(0.24, 0.235, 0.225), roughness=0.8),
                ),
            ]
        )
    }


def crane() -> Files:
    """A harbor crane of riveted steel, 14 m, with its hook over the quay."""
    rust = woven("rust")
    made = [rod((x * 1.6, 0, z * 1.6), (x * 0.7, 5.2, z * 0.7), 0.14) for x in (-1, 1) for z in (-1, 1)]
    for y0, s0, y1, s1 in ((0.4, 1.53, 2.6, 1.15), (2.6, 1.15, 5.0, 0.73)):
        made += [
            rod((a * s0, y0, b * s0), (c * s1, y1, d * s1), 0.05)
            for a, b, c, d in (
                (1, 1, -1, 1),
                (-1, 1, 1, 1),
                (1, -1, -1, -1),
                (-1, -1, 1, -1),
                (1, 1, 1, -1),
                (1, -1, 1, 1),
                (-1, 1, -1, -1),
                (-1, -1, -1, 1),
            )
        ]
    jib = [rod((s * 0.55, 6.6, 0.8), (s * 0.2, 13.2, 8.6), 0.08) for s in (-1, 1)] + [
        rod((0, 7.6, 0.6), (0, 13.5, 8.5), 0.06)
    ]
    for n in range(12):
        t, u = n / 12, (n + 1) / 12
        low = np.array([0.55 - 0.35 * t, 6.6 + 6.6 * t, 0.8 + 7.8 * t])
        top = np.array([0, 7.6 + 5.9 * u, 0.6 + 7.9 * u])
        made += [
            rod(
                (float(s * low[0]), float(low[1]), float(low[2])),
                (float(top[0]), float(top[1]), float(top[2])),
                0.028,
                around=8,
            )
            for s in (-1, 1)
        ]
    cabin = [box((1.9, 1.7, 2.3), (0, 5.5, -0.2), bevel=0.08), box((1.5, 1.1, 1.3), (0, 5.6, -1.9), bevel=0.06)]
    cables = [rod((0, 13.2, 8.6), (0, 3.4, 8.6), 0.02, around=6), rod((0, 7.5, -1.2), (0, 13.3, 8.4), 0.025, around=6)]
    hook = sweep(
        smooth_path([(0, 3.4, 8.6), (0, 3.1, 8.6), (0, 2.9, 8.75), (0, 2.72, 8.62), (0, 2.78, 8.45)], 40), 0.06
    )
    roof = box((2.1, 0.12, 2.6), (0, 7.2, -0.2), bevel=0.04)
    panes = [box((1.5, 0.7, 0.04), (0, 6.2, 0.96), bevel=0.01)] + [
        box((0.04, 0.7, 1.2), (s * 0.96, 6.2, 0.1), bevel=0.01) for s in (-1, 1)
    ]
    return {
        "geo/harborCrane.glb": glb(
            [
                part("steel", box_mapped(joined([*made, *jib]), 1.6), rust),
                part("cabin", joined(cabin), TEAL),
                part("roof", joined([roof, *cables, hook]), IRON),
                part("panes", joined(panes), GLOW),
            ]
        )
    }
