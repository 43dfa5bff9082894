"""Invented people: two sculpted busts, a set of expressions, and a crowd. Nobody was scanned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from catalog.app.demo.asset import Files
from catalog.app.demo.gltf import glb
from catalog.app.demo.head import SHAPES, Face, brows, expressed, eyes, flesh, skin
from catalog.app.demo.implicit import Solid, capsule, carve, ellipsoid, melt, meshed, shaded
from catalog.app.demo.noise import fractal
from catalog.app.demo.shapes import Array, Color, Look, Mesh, Part, lathe, placed, smooth_path, sweep, tinted

LIN = Face(skin=(0.74, 0.50, 0.385), lips=(0.52, 0.165, 0.155), hair=(0.014, 0.010, 0.010), iris=(0.075, 0.032, 0.012))
CHEN = Face(
    skin=(0.52, 0.305, 0.205),
    lips=(0.30, 0.115, 0.090),
    hair=(0.42, 0.41, 0.40),
    iris=(0.045, 0.028, 0.016),
    jaw=0.057,
    cheek=0.026,
    nose=1.22,
    brow=0.0120,
    full=0.85,
    neck=0.058,
    age=1.0,
)
_SATIN = Look(name="skin", color=(1, 1, 1), roughness=0.46)


def _strands(
    mesh: Mesh, color: Color, pole: tuple[float, float, float], *, count: int = 46, depth: float = 0.0011
) -> Mesh:
    """Locks that run to a pole, as grooves and as light and dark."""
    way = mesh.points - np.asarray(pole)
    turn = np.arctan2(way[:, 0], way[:, 1] * 0.5 - way[:, 2] * 0.85)
    lock = np.sin(count * turn + 2.4 * fractal(mesh.points * 34, octaves=2, seed=2))
    fine = np.sin(count * 3.7 * turn + 3 * fractal(mesh.points * 60, octaves=2, seed=4))
    shade = 1 + 0.55 * lock + 0.35 * fine
    points = mesh.points + mesh.normals * (depth * (0.7 * lock + 0.3 * fine))[:, None]
    normals = np.zeros_like(points)
    corners = points[mesh.faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    for axis in range(3):
        normals[:, axis] = np.bincount(mesh.faces.ravel(), np.repeat(across[:, axis], 3), minlength=len(points))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12
    return tinted(replace(mesh, points=points, normals=normals), np.clip(np.asarray(color) * shade[:, None], 0.002, 1))


def _bun(cell: float) -> Mesh:
    """Hair combed back from the brow into a knot."""

    def solid(points: Array) -> Array:
        p = points.copy()
        p[:, 0] = np.abs(p[:, 0])
        cap = ellipsoid(p, (0, 0.337, -0.018), (0.0795, 0.0905, 0.0985))
        cap = melt(cap, ellipsoid(p, (0, 0.270, -0.060), (0.064, 0.055, 0.050)), 0.04)
        line = -(p[:, 1] - 0.343 - 0.016 * np.cos(np.clip(p[:, 0] / 0.020, 0, np.pi))) * 0.52 + (p[:, 2] - 0.058) * 0.85
        line = np.maximum(line, (0.232 - p[:, 1]) * 0.9)
        face = ellipsoid(p, (0.040, 0.268, 0.060), (0.050, 0.074, 0.075))
        cap = carve(-melt(-cap, -line, 0.010), face, 0.008)
        cap = carve(cap, ellipsoid(p, (0.082, 0.284, -0.010), (0.020, 0.030, 0.022)), 0.008)
        knot = ellipsoid(p, (0, 0.418, -0.078), (0.040, 0.034, 0.036), (-35, 0, 0))
        cap = melt(cap, ellipsoid(p, (0, 0.400, -0.064), (0.026, 0.020, 0.024)), 0.02)
        lock = np.full(len(p), 1.0)
        path = smooth_path(
            [(0.040, 0.372, 0.052), (0.066, 0.335, 0.050), (0.0745, 0.290, 0.030), (0.071, 0.240, 0.022)], 7
        )
        for n in range(6):
            lock = melt(
                lock, capsule(p, tuple(path[n]), tuple(path[n + 1]), 0.0065 - 0.0008 * n, 0.0058 - 0.0008 * n), 0.006
            )
        return melt(melt(cap, knot, 0.004), lock, 0.006)

    mesh = meshed(solid, (-0.10, 0.20, -0.15), (0.10, 0.47, 0.10), cell)
    return _strands(mesh, LIN.hair, (0, 0.425, -0.085))


def _lin_parts(cell: float) -> list[Part]:
    gold = Look(name="pin", color=(0.83, 0.58, 0.22), roughness=0.22, metallic=1.0)
    jade = Look(name="jade", color=(0.035, 0.27, 0.16), roughness=0.15)
    pin = sweep(smooth_path([(-0.075, 0.448, -0.085), (0, 0.422, -0.072), (0.078, 0.404, -0.062)], 20), 0.0026)
    bead = placed(
        lathe([(0, -0.009), (0.006, -0.007), (0.009, 0), (0.006, 0.007), (0, 0.009)], around=24),
        (-0.080, 0.450, -0.086),
    )
    drops = [
        placed(
            lathe([(0, -0.012), (0.0045, -0.008), (0.003, 0.002), (0.0008, 0.010), (0, 0.010)], around=20),
            (sign * 0.079, 0.243, -0.004),
        )
        for sign in (-1, 1)
    ]
    hair = Look(name="hair", color=(1, 1, 1), roughness=0.34)
    return [
        Part(name="hair", mesh=_bun(cell), look=hair),
        Part(name="pin", mesh=pin, look=gold),
        Part(name="bead", mesh=bead, look=jade),
        *(Part(name=f"earring_{n}", mesh=drop, look=jade) for n, drop in enumerate(drops)),
    ]


def lin_xiao(cell: float = 0.0034, *, shapes: bool = True) -> Files:
    """The bust with its blend shapes."""
    mesh = skin(LIN, cell)
    moves = {name: move(mesh.points) for name, move in SHAPES.items()} if shapes else {}
    body = Part(name="head", mesh=mesh, look=_SATIN, shapes=moves)
    return {"geo/linXiao_bust.glb": glb([body, *eyes(LIN), *brows(LIN), *_lin_parts(0.0026)])}


EXPRESSIONS: dict[str, dict[str, float]] = {
    "neutral": {},
    "AU01+AU02_browsRaised": {"AU01_innerBrowRaiser": 1.2, "AU02_outerBrowRaiser": 1.2},
    "AU04_browLowerer": {"AU04_browLowerer": 1.2},
    "AU12_lipCornerPuller": {"AU12_lipCornerPuller": 1.1, "AU06_cheekRaiser": 0.8},
    "AU15+AU17_lipCornerDepressor": {"AU15_lipCornerDepressor": 1.1, "AU17_chinRaiser": 0.8},
    "AU18_lipPucker": {"AU18_lipPucker": 1.1},
    "AU26_jawDrop": {"AU26_jawDrop": 1.2},
    "AU43_eyesClosed": {"AU43_eyesClosed": 1.0},
}


def facs_scans() -> Files:
    """Expressions as separate meshes under a scan cap, and all of them side by side."""
    mesh = skin(LIN, 0.0058)
    cap_tone = np.where(_capped(mesh.points)[:, None], np.array([0.028, 0.030, 0.034]), np.asarray(mesh.colors))
    mesh = tinted(mesh, cap_tone)
    look = replace(_SATIN, roughness=0.55)
    made: dict[str, bytes] = {}
    row: list[Part] = []
    for index, (name, strengths) in enumerate(EXPRESSIONS.items()):
        posed = expressed(mesh, **strengths)
        made[f"scans/{name}.glb"] = glb([Part(name=name, mesh=posed, look=look), *eyes(LIN)])
        at = ((index % 4 - 1.5) * 0.34, (1 - index // 4) * 0.46, 0.0)
        row += [
            Part(name=f"{name}_{part.name}", mesh=placed(part.mesh, at), look=part.look)
            for part in (Part(name="skin", mesh=posed, look=look), *eyes(LIN), *brows(LIN)[1:])
        ]
    made["facs_sheet.glb"] = glb(row)
    return made


def _capped(points: Array) -> np.ndarray:
    back = points[:, 1] - 0.352 > (points[:, 2] - 0.045) * 1.25
    capped: np.ndarray = back & (points[:, 1] > 0.235) & (np.hypot(points[:, 1] - 0.289, points[:, 2] + 0.013) > 0.034)
    return capped | ((points[:, 1] - 0.352 > (points[:, 2] - 0.045) * 1.25) & (points[:, 1] > 0.33))


def _beard(points: Array) -> Array:
    p = points.copy()
    p[:, 0] = np.abs(p[:, 0])
    d = capsule(p, (0.062, 0.262, 0.004), (0.044, 0.212, 0.040), 0.011, 0.015)
    d = melt(d, capsule(p, (0.044, 0.212, 0.040), (0.0, 0.193, 0.064), 0.015, 0.022), 0.02)
    d = melt(d, ellipsoid(p, (0, 0.178, 0.062), (0.026, 0.030, 0.020)), 0.02)
    lip = smooth_path([(0.0, 0.2485, 0.0955), (0.018, 0.2450, 0.0880), (0.034, 0.2260, 0.0710)], 6)
    for n in range(5):
        d = melt(d, capsule(p, tuple(lip[n]), tuple(lip[n + 1]), 0.0062, 0.0055), 0.006)
    return carve(d, ellipsoid(p, (0, 0.2310, 0.0900), (0.021, 0.0065, 0.02)), 0.006)


def _cap(cell: float) -> list[Part]:
    """A knitted watch cap with a rolled brim."""

    def crown(points: Array) -> Array:
        d = ellipsoid(points, (0, 0.345, -0.020), (0.083, 0.098, 0.103))
        return -melt(-d, -(0.335 - points[:, 1] + (points[:, 2] + 0.02) * 0.16), 0.008)

    ribs = meshed(crown, (-0.11, 0.30, -0.15), (0.11, 0.46, 0.11), cell)
    turn = np.arctan2(ribs.points[:, 0], ribs.points[:, 2] + 0.02)
    wave = np.cos(64 * turn) * np.clip((0.445 - ribs.points[:, 1]) / 0.02, 0, 1)
    ribs = replace(ribs, points=ribs.points + ribs.normals * (0.0012 * wave)[:, None])
    turns = np.linspace(0, 2 * np.pi, 193)
    ring = np.stack([0.0815 * np.sin(turns), 0.343 + 0.0155 * np.cos(turns), -0.020 + 0.100 * np.cos(turns)], axis=1)
    brim = sweep(ring, 0.0135 + 0.0008 * np.cos(64 * turns), around=20)
    knit = Look(name="knit", color=(1, 1, 1), roughness=0.95)
    ribs = tinted(ribs, np.array([0.020, 0.045, 0.085]) * (0.72 + 0.28 * wave[:, None]))
    return [
        Part(name="cap", mesh=ribs, look=knit),
        Part(name="brim", mesh=brim, look=replace(knit, name="brim", color=(0.024, 0.052, 0.098))),
    ]


def chen_haisheng() -> Files:
    """The old pilot: cap, beard, weathered skin."""
    cell = 0.0027
    mesh = skin(CHEN, cell)
    beard = meshed(_beard, (-0.09, 0.13, -0.02), (0.09, 0.29, 0.13), 0.0026)
    beard = _strands(beard, CHEN.hair, (0, 0.32, 0.07), count=58, depth=0.0016)
    hair = Look(name="beard", color=(1, 1, 1), roughness=0.75)
    parts = [
        Part(name="head", mesh=mesh, look=replace(_SATIN, roughness=0.52)),
        Part(name="beard", mesh=beard, look=hair),
    ]
    return {"geo/chenHaisheng_bust.glb": glb([*parts, *eyes(CHEN), *brows(CHEN), *_cap(0.003)])}


def _solids(seed: int, stride: float) -> dict[str, Solid]:
    """Coat, legs, head, and hair or hat of a passer-by."""

    def body(p: Array) -> Array:
        d = capsule(p, (0, 1.36, 0), (0, 0.95, 0.01), 0.135, 0.115)
        d = melt(d, capsule(p, (0, 0.98, 0), (0, 0.62, 0.01), 0.125, 0.19), 0.06)
        for sign in (-1.0, 1.0):
            swing = sign * stride * 0.9
            d = melt(d, capsule(p, (sign * 0.15, 1.37, 0), (sign * 0.215, 1.09, -swing * 0.5), 0.062, 0.052), 0.05)
            d = melt(
                d, capsule(p, (sign * 0.215, 1.09, -swing * 0.5), (sign * 0.20, 0.86, 0.07 - swing), 0.050, 0.044), 0.03
            )
        return carve(d, ellipsoid(p, (0, 0.50, 0), (0.17, 0.14, 0.17)), 0.03)

    def legs(p: Array) -> Array:
        d = np.full(len(p), 1.0)
        for sign in (-1.0, 1.0):
            foot = sign * stride
            d = melt(d, capsule(p, (sign * 0.08, 0.80, 0), (sign * 0.09, 0.07, foot), 0.070, 0.045), 0.02)
            d = melt(d, ellipsoid(p, (sign * 0.09, 0.045, foot + 0.06), (0.048, 0.045, 0.12)), 0.03)
        return d

    def head(p: Array) -> Array:
        d = ellipsoid(p, (0, 1.62, 0.015), (0.078, 0.112, 0.095))
        d = melt(d, capsule(p, (0, 1.52, 0), (0, 1.40, -0.01), 0.05), 0.03)
        return melt(d, ellipsoid(p, (0, 1.60, 0.11), (0.014, 0.022, 0.016)), 0.02)

    def top(p: Array) -> Array:
        if seed % 3 == 1:
            return carve(
                ellipsoid(p, (0, 1.70, 0), (0.24, 0.10, 0.24)), ellipsoid(p, (0, 1.62, 0), (0.27, 0.12, 0.27)), 0.01
            )
        return carve(
            ellipsoid(p, (0, 1.645, -0.015), (0.092, 0.118, 0.108)),
            ellipsoid(p, (0, 1.57, 0.09), (0.085, 0.10, 0.085)),
            0.02,
        )

    return {"coat": body, "legs": legs, "head": head, "top": top}


def _figure(seed: int) -> list[Part]:
    """A passer-by in a long coat, a simple figure for the background."""
    rng = np.random.default_rng(seed)
    tall, wide = 1.0 + rng.uniform(-0.08, 0.06), rng.uniform(0.95, 1.12)
    stride, lean = rng.uniform(0.10, 0.20), rng.uniform(-8, 8)
    coat = [
        (0.30, 0.055, 0.040),
        (0.035, 0.13, 0.15),
        (0.42, 0.27, 0.09),
        (0.06, 0.065, 0.10),
        (0.20, 0.22, 0.20),
        (0.16, 0.05, 0.10),
    ][seed % 6]

    made = []
    at = ((seed % 3 - 1) * 0.95 + rng.uniform(-0.15, 0.15), 0.0, (seed // 3 - 0.5) * 1.15 + rng.uniform(-0.2, 0.2))
    tones: dict[str, Color] = {
        "coat": coat,
        "legs": (0.03, 0.033, 0.04),
        "head": (0.45 - 0.05 * (seed % 4), 0.26 - 0.03 * (seed % 4), 0.18 - 0.02 * (seed % 4)),
        "top": ((0.50, 0.36, 0.15) if seed % 3 == 1 else (0.02, 0.016, 0.014)),
    }
    for name, solid in _solids(seed, stride).items():
        mesh = meshed(solid, (-0.36, -0.02, -0.36), (0.36, 1.86, 0.36), 0.021)
        shade = shaded(solid, mesh, 0.08, depth=0.6)
        mesh = tinted(mesh, np.asarray(tones[name]) * shade[:, None])
        look = Look(name=f"{name}_{seed}", color=(1, 1, 1), roughness=0.8 if name == "coat" else 0.6)
        made.append(
            Part(
                name=f"{name}_{seed}", mesh=placed(mesh, at, turn=(0, lean * 6, 0), scale=(wide, tall, wide)), look=look
            )
        )
    return made


def crowd() -> Files:
    """Six passers-by, each a group of parts."""
    return {"crowd/marketVisitors.glb": glb([part for seed in range(6) for part in _figure(seed)])}


__all__ = ["chen_haisheng", "crowd", "facs_scans", "flesh", "lin_xiao"]
