"""Captures: a motion take, a survey of the quay as points, a groom, and clothes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from catalog.app.demo.asset import Files
from catalog.app.demo.gltf import glb
from catalog.app.demo.implicit import capsule, carve, ellipsoid, melt, meshed, shaded
from catalog.app.demo.noise import fractal
from catalog.app.demo.palette import BRASS, DARK_WOOD, part
from catalog.app.demo.shapes import (
    Array,
    Look,
    Part,
    ball,
    joined,
    lathe,
    placed,
    rod,
    surface,
    sweep,
    tinted,
    turned,
    unit,
)
from catalog.app.demo.skeletons import BIPED
from catalog.app.demo.usd import Curves, strands
from catalog.app.demo.weave import WEAVES
from catalog.app.demo.writers import ply

FRAMES, RATE = 96, 24


def _pose(frame: int) -> dict[str, tuple[float, float, float]]:
    """Turns in degrees about X, Y and Z of a vendor who walks with a pole on the shoulder."""
    t = 2 * np.pi * frame / 26
    swing = 26 * float(np.sin(t))
    made = {name: (0.0, 0.0, 0.0) for name, _, _ in BIPED}
    made |= {
        "hips": (0.0, 4 * float(np.sin(t)), 2 * float(np.cos(t))),
        "spine": (6.0, 0.0, 3.0),
        "chest": (4.0, -6 * float(np.sin(t)), 0.0),
        "head": (-6.0, 5 * float(np.sin(t / 2)), 0.0),
    }
    made |= {
        "hip_L": (-swing, 0.0, 0.0),
        "hip_R": (swing, 0.0, 0.0),
        "knee_L": (34 * max(0.0, float(np.sin(t + 1.9))), 0.0, 0.0),
        "knee_R": (34 * max(0.0, float(np.sin(t + 1.9 + np.pi))), 0.0, 0.0),
    }
    made |= {
        "shoulder_L": (swing * 0.7, 0.0, -72.0),
        "elbow_L": (0.0, -18.0, 0.0),
        "shoulder_R": (0.0, 30.0, 30.0),
        "elbow_R": (0.0, 96.0, 0.0),
    }
    return made


def _bvh() -> bytes:
    """The take as Biovision hierarchy: meters, channels Z, X, Y."""
    places = {name: np.asarray(at) for name, at, _ in BIPED}
    order: list[str] = []

    def written(name: str, parent: str | None, depth: int) -> str:
        order.append(name)
        pad, own = "  " * depth, places[name] - (places[parent] if parent else 0)
        channels = (
            "6 Xposition Yposition Zposition Zrotation Xrotation Yrotation"
            if parent is None
            else "3 Zrotation Xrotation Yrotation"
        )
        children = [one for one, _, above in BIPED if above == name]
        inner = (
            "".join(written(one, name, depth + 1) for one in children)
            or f"{pad}  End Site\n{pad}  {{\n{pad}    OFFSET 0 0.1 0\n{pad}  }}\n"
        )
        head = "ROOT" if parent is None else "JOINT"
        return f"{pad}{head} {name}\n{pad}{{\n{pad}  OFFSET {own[0]:.4f} {own[1]:.4f} {own[2]:.4f}\n{pad}  CHANNELS {channels}\n{inner}{pad}}}\n"

    tree = written("hips", None, 0)
    lines = []
    for frame in range(FRAMES):
        pose = _pose(frame)
        values = [0.0, 0.95 + 0.02 * np.cos(4 * np.pi * frame / 26), 1.25 * frame / RATE]
        for name in order:
            x, y, z = pose[name]
            values += [z, x, y]
        lines.append(" ".join(f"{value:.4f}" for value in values))
    return f"HIERARCHY\n{tree}MOTION\nFrames: {FRAMES}\nFrame Time: {1 / RATE:.6f}\n{chr(10).join(lines)}\n".encode()


def _stand(frame: int, walked: float) -> dict[str, Array]:
    """Where each joint is in a frame."""
    pose, places = _pose(frame), {name: np.asarray(at, float) for name, at, _ in BIPED}
    spots: dict[str, Array] = {}
    turns: dict[str, Array] = {}
    for name, _, parent in BIPED:
        own = turned(pose[name])
        spots[name] = (
            np.array([0, 0.95, walked])
            if parent is None
            else spots[parent] + (places[name] - places[parent]) @ turns[parent]
        )
        turns[name] = own if parent is None else own @ turns[parent]
    return spots


def take() -> Files:
    """The take, and a strip of its poses as solid bones."""
    made = []
    for n, frame in enumerate((0, 7, 14, 20, 27)):
        spots = _stand(frame, 0.62 * n - 1.24)
        bones = []
        for name, _, parent in BIPED:
            if parent:
                path = np.linspace(spots[parent], spots[name], 10)
                bones.append(sweep(path, 0.030 * np.sin(np.linspace(0.4, np.pi - 0.1, 10)) + 0.010, around=8))
        marks = [ball(0.032, (float(at[0]), float(at[1]), float(at[2])), detail=14) for at in spots.values()]
        skull = ball(
            (0.085, 0.115, 0.10),
            (float(spots["head"][0]), float(spots["head"][1] + 0.09), float(spots["head"][2] + 0.02)),
            detail=24,
        )
        share = n / 4
        tone = (0.04 + 0.62 * share, 0.22 + 0.05 * share, 0.25 - 0.21 * share)
        made += [
            part(f"bones_{n}", joined([*bones, skull]), Look(name=f"pose_{n}", color=tone, roughness=0.4)),
            part(f"marks_{n}", joined(marks), Look(name="marks", color=(0.80, 0.80, 0.76), roughness=0.3)),
        ]
    made.append(
        part(
            "floor",
            lathe([(0, -0.04), (1.9, -0.04), (1.95, -0.02), (1.95, 0.0), (0, 0)], around=72),
            Look(name="floor", color=(0.05, 0.055, 0.065), roughness=0.6),
        )
    )
    return {"takes/walkVendor_t03.bvh": _bvh(), "walkVendor_poses.glb": glb(made)}


def survey(count: int = 210_000) -> Files:
    """The quay as a scanner sees it: walls, deck, crane, boats; denser near the tripod, with shadows behind things."""
    rng = np.random.default_rng(12)
    azimuth, height = rng.uniform(0, 2 * np.pi, count), np.tan(rng.uniform(-0.60, 0.55, count))
    way = np.stack([np.sin(azimuth), height, np.cos(azimuth)], axis=1)
    eye = np.array([0.0, 1.7, 0.0])
    far = np.full(count, np.inf)
    tone = np.zeros((count, 3))

    def hit(
        low: tuple[float, float, float], high: tuple[float, float, float], color: tuple[float, float, float], weave: str
    ) -> None:
        with np.errstate(divide="ignore", invalid="ignore"):
            a, b = (np.asarray(low) - eye) / way, (np.asarray(high) - eye) / way
        near, end = np.minimum(a, b).max(axis=1), np.maximum(a, b).min(axis=1)
        met = (near < end) & (near > 0.3) & (near < far)
        at = eye + way[met] * near[met][:, None]
        picture = WEAVES_SEEN[weave]
        u, v = (at[:, 0] + at[:, 2]) / 3, (at[:, 1] + at[:, 2] * (abs(high[1] - low[1]) < 0.5)) / 3
        size = len(picture)
        tone[met] = picture[(v * size).astype(int) % size, (u * size).astype(int) % size] * np.asarray(color)
        far[met] = near[met]

    hit((-30, -0.4, -30), (30, 0.0, 6), (1, 1, 1), "cobble")
    hit((-30, -1.6, 6), (30, -1.2, 30), (0.2, 0.9, 1.0), "cobble")
    for n in range(7):
        x = -21 + 6.2 * n
        hit(
            (x, 0, -14),
            (x + 5.6, 5.0 + 2.6 * (n * 5 % 3), -9),
            (1, 1, 1) if n % 2 else (1.1, 0.85, 0.6),
            "plaster" if n % 2 else "brick",
        )
    for x, z, tall in (
        (4.0, -4.0, 1.2),
        (4.9, -3.6, 0.7),
        (-5.5, -5.2, 0.66),
        (-3.8, 3.5, 1.3),
        (7.5, 2.0, 0.7),
        (2.5, 4.2, 0.6),
    ):
        hit((x, 0, z), (x + 0.9, tall, z + 0.9), (1, 0.9, 0.75), "planks")
    for x in (-10.0, -4.0, 3.0, 10.0):
        hit((x, 0, 5.4), (x + 0.3, 0.6, 5.7), (1, 1, 1), "rust")
    for x, z in ((-9, -1), (-7.6, -1), (-9, 0.4), (-7.6, 0.4)):
        hit((x, 0, z), (x + 0.35, 9, z + 0.35), (1, 1, 1), "rust")
    hit((-9.4, 8.5, -1.4), (-6.8, 11, 0.9), (0.6, 1, 1), "rust")
    hit((5, -1.2, 7.5), (13, 0.3, 9.6), (0.6, 0.9, 0.9), "planks")
    met = np.isfinite(far) & (far < 34)
    points = eye + way[met] * far[met][:, None] + rng.normal(0, 0.008, (int(met.sum()), 3))
    light = np.clip(tone[met] * (0.9 + 1.5 / (1 + far[met] / 9))[:, None], 0, 1) ** (1 / 2.2)
    return {"scans/quaySurvey_setup01.ply": ply(points, np.round(light * 255).astype(np.uint8))}


WEAVES_SEEN: dict[str, Array] = {
    name: WEAVES[name](64).color * 1.6 for name in ("cobble", "plaster", "brick", "planks", "rust")
}


def _scalp(p: Array) -> Array:
    return ellipsoid(p, (0, 0.336, -0.016), (0.075, 0.085, 0.095))


def groom(count: int = 2600, points: int = 12) -> Files:
    """Shoulder-long hair as curves on a scalp, combed back from the brow with a wave."""
    rng = np.random.default_rng(3)
    way = unit(rng.normal(size=(count * 3, 3)) + np.array([0, 0.5, -0.15]))
    root = np.array([0, 0.336, -0.016]) + way * np.array([0.075, 0.085, 0.095])
    keep = (root[:, 1] > 0.345 + (root[:, 2] - 0.0) * 0.55) | ((root[:, 2] < -0.02) & (root[:, 1] > 0.265))
    root, way = root[keep][:count], way[keep][:count]
    made = np.empty((len(root), points, 3))
    made[:, 0] = root
    clump = root + 0.9 * np.stack([fractal(root * 45 + n * 50, octaves=1, seed=n) for n in range(3)], axis=1) * 0.012
    step = np.where(root[:, 1] > 0.30, 0.034, 0.028)[:, None]
    drift = unit(way * [0.9, 0.35, 0.6] + np.array([0, 0.20, -0.45]) + np.sign(root[:, :1]) * np.array([0.30, 0, 0]))
    for n in range(1, points):
        t = n / (points - 1)
        bend = unit(
            drift * (1 - t) ** 2
            + np.array([0, -1.0, -0.08]) * min(1.0, 1.9 * t)
            + 0.22 * np.sin(t * 9 + clump[:, :1] * 140) * np.array([1.0, 0, 0.6])
        )
        spot = made[:, n - 1] + bend * step
        inside = _scalp(spot) - 0.006
        out = unit(spot - np.array([0, min(0.33, 0.33), -0.016]))
        spot += out * np.clip(-inside, 0, 0.05)[:, None]
        neck = np.hypot(spot[:, 0], spot[:, 2] + 0.03)
        push = np.clip(0.062 - neck, 0, 0.05) * (spot[:, 1] < 0.27)
        made[:, n] = (
            spot + np.stack([spot[:, 0], 0 * push, spot[:, 2] + 0.03], axis=1) / (neck[:, None] + 1e-6) * push[:, None]
        )
    widths = np.tile(np.linspace(0.00035, 0.00008, points), len(root))
    lights = (0.55 + 0.9 * rng.uniform(0, 1, (len(root), 1)) ** 2) * np.array([0.16, 0.062, 0.026])
    curves = Curves(points=made.reshape(-1, 3), counts=np.full(len(root), points), widths=widths, colors=lights)
    scalp = meshed(
        lambda p: melt(_scalp(p), ellipsoid(p, (0, 0.275, 0.012), (0.058, 0.080, 0.066)), 0.04),
        (-0.1, 0.17, -0.14),
        (0.1, 0.44, 0.11),
        0.006,
    )
    return {
        "grm_linXiaoLoose.usda": strands(
            "grm_linXiaoLoose",
            curves,
            [Part(name="scalp", mesh=scalp, look=Look(name="scalp", color=(0.16, 0.165, 0.175), roughness=0.7))],
        )
    }


def _quilted(points: Array) -> Array:
    """The cloth of the coat, with folds and quilting."""
    p = points.copy()
    p[:, 0] = np.abs(p[:, 0])
    d = capsule(p, (0, 1.36, -0.01), (0, 1.0, 0.0), 0.165, 0.150)
    d = melt(d, capsule(p, (0, 1.02, 0), (0, 0.52, 0.01), 0.15, 0.235), 0.08)
    d = melt(d, capsule(p, (0.12, 1.42, -0.01), (0.225, 1.36, -0.01), 0.075, 0.080), 0.08)
    d = melt(d, capsule(p, (0.225, 1.36, -0.01), (0.335, 0.86, 0.06), 0.078, 0.072), 0.04)
    folds = (
        0.010
        * np.sin(np.arctan2(p[:, 0], p[:, 2]) * 13)
        * np.clip((0.95 - p[:, 1]) * 2.2, 0, 1)
        * (np.abs(p[:, 0]) < 0.26)
    )
    seams = 0.004 * np.abs(np.sin(p[:, 1] * 52))
    d = d - folds - seams
    d = carve(d, ellipsoid(p, (0, 0.30, 0), (0.24, 0.12, 0.24)), 0.02)
    d = carve(d, capsule(p, (0, 1.50, 0.0), (0, 1.64, 0.02), 0.075, 0.10), 0.02)
    d = carve(d, capsule(p, (0.340, 0.83, 0.064), (0.352, 0.70, 0.075), 0.055), 0.01)
    slit = np.maximum(np.abs(points[:, 0] - 0.012) - 0.004, 0.16 - p[:, 2])
    return carve(d, slit, 0.012)


def coat() -> Files:
    """A pilot's quilted coat on a tailor's stand."""
    mesh = meshed(_quilted, (-0.48, 0.30, -0.34), (0.48, 1.60, 0.36), 0.0135)
    p = mesh.points
    hem = (p[:, 1:2] < 0.46) | ((np.abs(p[:, :1]) > 0.26) & (p[:, 1:2] < 0.86))
    weave = 1 + 0.16 * fractal(p * 120, octaves=2)[:, None]
    color = (
        np.where(hem, [0.50, 0.22, 0.03], [0.020, 0.048, 0.11]) * weave * shaded(_quilted, mesh, 0.05)[:, None] ** 1.4
    )
    collar_turn = np.linspace(0.5, 2 * np.pi - 0.5, 40)
    collar = sweep(
        np.stack(
            [0.098 * np.sin(collar_turn), 1.515 + 0.02 * np.cos(collar_turn), 0.105 * np.cos(collar_turn)], axis=1
        ),
        0.026,
        around=14,
        flat=1.5,
    )
    toggles = [
        rod((-0.05, y, z), (0.06, y, z), 0.011) for y, z in ((1.32, 0.168), (1.18, 0.166), (1.04, 0.166), (0.90, 0.178))
    ]
    stand = joined(
        [
            lathe(
                [(0, 0), (0.21, 0), (0.22, 0.015), (0.18, 0.03), (0.03, 0.05), (0.02, 0.09), (0.02, 0.6), (0, 0.6)],
                around=48,
            ),
            placed(
                lathe([(0, 0), (0.055, 0), (0.05, 0.09), (0.02, 0.13), (0.02, 0.16), (0, 0.17)], around=32),
                (0, 1.47, 0),
            ),
        ]
    )
    return {
        "cloth/pilotCoat.glb": glb(
            [
                part("coat", tinted(mesh, color), Look(name="cotton", color=(1, 1, 1), roughness=0.92)),
                part("collar", collar, Look(name="collar", color=(0.50, 0.22, 0.03), roughness=0.9)),
                part("toggles", joined(toggles), DARK_WOOD),
                part("stand", stand, replace(BRASS, name="stand")),
            ]
        )
    }


def banner() -> Files:
    """A market banner that hangs and blows, for cloth tests."""

    def place(u: Array, v: Array) -> Array:
        wave = (0.10 + 0.22 * v) * np.sin(2.2 * v * np.pi + 3.4 * u + 0.5) * v**0.6 + 0.03 * np.sin(13 * u + 5 * v) * v
        return np.stack([(u - 0.5) * (1 - 0.06 * v), 2.5 - 2.2 * v + 0.05 * v * np.sin(6 * u), wave], axis=-1)

    mesh = surface(place, 70, 150)
    assert mesh.uv is not None
    u, v = mesh.uv[:, :1], mesh.uv[:, 1:]
    edge = (np.minimum(u, 1 - u) < 0.06) | (v > 0.965)
    moon = np.hypot(u - 0.5, (v - 0.28) * 2.2) < 0.27
    cut = np.hypot(u - 0.60, (v - 0.255) * 2.2) < 0.23
    waves = (v > 0.55) & (np.abs(((v - 0.55) * 9 + 0.35 * np.sin(u * 2 * np.pi * 3)) % 1 - 0.5) < 0.14) & (v < 0.92)
    color = np.where(edge | waves, [0.72, 0.52, 0.20], np.where(moon & ~cut, [0.75, 0.68, 0.52], [0.30, 0.018, 0.016]))
    bar = rod((-0.62, 2.51, 0), (0.62, 2.51, 0), 0.022)
    knobs = [ball(0.04, (s * 0.63, 2.51, 0), detail=20) for s in (-1, 1)]
    return {
        "cloth/marketBanner.glb": glb(
            [
                part(
                    "banner",
                    tinted(replace(mesh, uv=None), color),
                    Look(name="silk", color=(1, 1, 1), roughness=0.5, double_sided=True),
                ),
                part("bar", joined([bar, *knobs]), BRASS),
            ]
        )
    }
