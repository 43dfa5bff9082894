"""A sculpted human head and bust, nobody's: bones and flesh as distances, blend shapes after the Facial Action Coding System.

The face looks along +Z; the cut of the bust stands on y = 0. Names of shapes: P. Ekman, W. Friesen, FACS, 1978.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from catalog.app.demo.implicit import capsule, carve, ellipsoid, melt, meshed, shaded
from catalog.app.demo.noise import fractal
from catalog.app.demo.shapes import (
    Array,
    Color,
    Look,
    Mesh,
    Part,
    Vector,
    ball,
    joined,
    placed,
    smooth_path,
    sweep,
    tinted,
)

EYE: Vector = (0.0315, 0.3020, 0.0625)
MOUTH_Y = 0.2335


@dataclass(frozen=True, kw_only=True)
class Face:
    """What makes one face differ from another; lengths in meters."""

    skin: Color
    lips: Color
    hair: Color
    iris: Color
    jaw: float = 0.050
    cheek: float = 0.022
    nose: float = 1.0
    brow: float = 0.009
    full: float = 1.0
    neck: float = 0.050
    age: float = 0.0


def flesh(face: Face) -> Callable[[Array], Array]:
    """The distance to the skin."""

    def solid(points: Array) -> Array:
        p = points.copy()
        p[:, 0] = np.abs(p[:, 0])
        d = ellipsoid(p, (0, 0.336, -0.016), (0.073, 0.083, 0.093))
        d = melt(d, ellipsoid(p, (0, 0.272, 0.018), (0.060, 0.086, 0.066)), 0.04)
        d = melt(d, ellipsoid(p, (0, 0.224, 0.026), (face.jaw, 0.032, 0.052)), 0.03)
        d = melt(d, ellipsoid(p, (0, 0.199, 0.061), (0.019, 0.014, 0.016)), 0.024)
        d = melt(d, capsule(p, (face.jaw + 0.004, 0.245, -0.004), (0.022, 0.198, 0.050), 0.010, 0.010), 0.03)
        d = melt(d, ellipsoid(p, (0.046, 0.276, 0.048), (face.cheek, 0.015, 0.020)), 0.028)
        d = _brows(d, p, face)
        d = _torso(d, p, face)
        d = _nose(d, p, face)
        d = _mouth(d, p, face)
        return _ears(_eyes(d, p), p)

    return solid


def _brows(d: Array, p: Array, face: Face) -> Array:
    d = melt(d, capsule(p, (0.014, 0.3205, 0.0765), (0.047, 0.323, 0.0600), face.brow, face.brow * 0.8), 0.02)
    return carve(d, ellipsoid(p, (0.031, 0.3035, 0.0835), (0.020, 0.0125, 0.0150)), 0.016)


def _eyes(d: Array, p: Array) -> Array:
    lids = ellipsoid(p, EYE, (0.0150, 0.0140, 0.0140))
    d = melt(d, lids, 0.005)
    slit = ellipsoid(p, (EYE[0] + 0.0005, EYE[1] - 0.0004, EYE[2] + 0.012), (0.0145, 0.0040, 0.0130), (0, 14, 3))
    d = carve(d, slit, 0.0022)
    crease = capsule(p, (0.020, 0.3115, 0.0745), (0.043, 0.3105, 0.0700), 0.0012)
    return carve(d, crease, 0.005)


def _nose(d: Array, p: Array, face: Face) -> Array:
    n = face.nose
    d = melt(d, capsule(p, (0, 0.3130, 0.0790), (0, 0.2700, 0.0960 + 0.007 * n), 0.0066, 0.0085 * n), 0.016)
    d = melt(d, ellipsoid(p, (0, 0.2650, 0.0975 + 0.007 * n), (0.0105 * n, 0.0090, 0.0105)), 0.010)
    d = melt(d, ellipsoid(p, (0.0120 * n, 0.2610, 0.0930), (0.0072, 0.0072, 0.0100), (0, 12, 0)), 0.006)
    d = carve(d, ellipsoid(p, (0.0066 * n, 0.2545, 0.0985), (0.0033, 0.0040, 0.0050), (0, 20, 0)), 0.003)
    return carve(d, capsule(p, (0.021, 0.262, 0.083), (0.033, 0.236, 0.0735), 0.0006 + 0.0012 * face.age), 0.009)


def _mouth(d: Array, p: Array, face: Face) -> Array:
    f = face.full
    d = melt(d, ellipsoid(p, (0, 0.2380, 0.0640), (0.034, 0.026, 0.0265)), 0.022)
    d = carve(d, capsule(p, (0, 0.2520, 0.0960), (0, 0.2435, 0.0950), 0.0010), 0.006)
    upper = melt(
        capsule(p, (0.0045, 0.2385, 0.0905), (0.0235, 0.2340, 0.0775), 0.0048 * f, 0.0012),
        capsule(p, (0, 0.2370, 0.0915), (0.0045, 0.2385, 0.0905), 0.0046 * f),
        0.004,
    )
    lower = capsule(p, (0.004, 0.2285, 0.0885), (0.0215, 0.2330, 0.0775), 0.0060 * f, 0.0012)
    d = melt(melt(d, upper, 0.006), lower, 0.006)
    d = carve(d, ellipsoid(p, (0, 0.2165, 0.0910), (0.016, 0.0030, 0.0050)), 0.010)
    bow = MOUTH_Y - 0.0006 * np.cos(np.clip(p[:, 0] / 0.012, 0, np.pi))
    q = np.stack([p[:, 0], p[:, 1] - bow, p[:, 2]], axis=1)
    return carve(d, ellipsoid(q, (0, 0, 0.0830), (0.0245, 0.0009, 0.0150)), 0.0026)


def _ears(d: Array, p: Array) -> Array:
    ear = ellipsoid(p, (0.0775, 0.2890, -0.0150), (0.0062, 0.0310, 0.0180), (12, 24, 8))
    ear = carve(ear, ellipsoid(p, (0.0840, 0.2930, -0.0120), (0.0052, 0.0215, 0.0105), (12, 24, 8)), 0.006)
    ear = melt(ear, ellipsoid(p, (0.0740, 0.2610, -0.0050), (0.0045, 0.0085, 0.0065)), 0.006)
    ear = melt(ear, ellipsoid(p, (0.0745, 0.2850, 0.0010), (0.0035, 0.0075, 0.0040)), 0.004)
    return melt(d, ear, 0.006)


def _torso(d: Array, p: Array, face: Face) -> Array:
    n = face.neck
    d = melt(d, capsule(p, (0, 0.245, -0.026), (0, 0.085, -0.036), n, n * 1.08), 0.02)
    d = melt(d, capsule(p, (0.056, 0.252, -0.020), (0.010, 0.094, 0.014), 0.009, 0.008), 0.022)
    d = melt(d, capsule(p, (0.020, 0.180, -0.050), (0.130, 0.088, -0.045), 0.030, 0.034), 0.06)
    d = melt(d, ellipsoid(p, (0, 0.010, -0.030), (0.185, 0.085, 0.085)), 0.04)
    d = melt(d, capsule(p, (0.014, 0.093, 0.022), (0.140, 0.101, -0.012), 0.007, 0.008), 0.022)
    d = carve(d, ellipsoid(p, (0, 0.100, 0.026), (0.006, 0.007, 0.007)), 0.018)
    cut = ellipsoid(p, (0, 0.210, -0.010), (0.215, 0.215, 0.40))
    return -melt(-d, -cut, 0.012)


def skin(face: Face, cell: float) -> Mesh:
    """The skin with its colors: redder where blood is near, darker in creases."""
    solid = flesh(face)
    mesh = meshed(solid, (-0.20, -0.02, -0.14), (0.20, 0.43, 0.13), cell)
    p = mesh.points * [1, 1, 1]
    side = np.abs(p[:, 0])
    tone = np.broadcast_to(np.asarray(face.skin), p.shape).copy()
    red = 0.55 * _near(p, (0.046, 0.268, 0.060), 0.022) + 0.5 * _near(p, (0.0, 0.264, 0.106), 0.014)
    red += 0.7 * _near(p, (0.080, 0.290, -0.012), 0.030) + 0.35 * _near(p, (0.0, 0.199, 0.075), 0.016)
    red += 0.35 * _near(p, (0.031, 0.300, 0.078), 0.016)
    tone *= 1 + np.clip(red, 0, 1)[:, None] * np.array([0.06, -0.20, -0.22])
    edge_up = (
        0.2425 - 0.0006 * np.abs(side / 0.004 - 1).clip(0, 1) - 9.0 * np.clip(side - 0.004, 0, 1) ** 2 - 0.17 * side
    )
    edge_down = 0.2218 + 14.0 * side**2
    lips = _step(edge_up - p[:, 1], 0.0012) * _step(p[:, 1] - edge_down, 0.0012) * _step(0.0245 - side, 0.002)
    lips *= _step(p[:, 2] - 0.066, 0.004)
    tone = tone * (1 - lips[:, None]) + np.asarray(face.lips) * lips[:, None]
    tone *= 1 + 0.05 * fractal(p * 190, octaves=3, seed=3)[:, None] + 0.05 * fractal(p * 40, octaves=2, seed=5)[:, None]
    spots = np.clip(fractal(p * 260, octaves=1, seed=9) - 0.62 + 0.15 * face.age, 0, 1) * (0.8 + face.age)
    tone *= 1 - np.clip(spots, 0, 0.2)[:, None] * np.array([0.5, 0.8, 0.9])
    shadow = shaded(solid, mesh, 0.014)[:, None]
    tone *= shadow ** np.array([0.75, 1.05, 1.15])
    return tinted(mesh, np.clip(tone, 0, 1))


def _near(p: Array, at: Vector, radius: float) -> Array:
    q = np.stack([np.abs(p[:, 0]), p[:, 1], p[:, 2]], axis=1)
    weight: Array = np.exp(-(((q - np.asarray(at)) / radius) ** 2).sum(axis=1))
    return weight


def _step(values: Array, soft: float) -> Array:
    t = np.clip(values / soft * 0.5 + 0.5, 0, 1)
    eased: Array = t * t * (3 - 2 * t)
    return eased


def eyes(face: Face) -> list[Part]:
    """Eyeballs with iris and pupil, and the clear bulge before them is left to the renderer's gloss."""
    one = ball(0.0124, detail=64)
    way = one.points / np.linalg.norm(one.points, axis=1, keepdims=True)
    angle = np.degrees(np.arccos(np.clip(way[:, 2], -1, 1)))
    spokes = 0.75 + 0.25 * np.sin(34 * np.arctan2(way[:, 1], way[:, 0]))
    white = np.array([0.60, 0.56, 0.53])
    tint = np.where((angle < 29)[:, None], np.asarray(face.iris) * spokes[:, None], white)
    tint = np.where(((angle > 25) & (angle < 30))[:, None], np.asarray(face.iris) * 0.25, tint)
    tint = np.where((angle < 12)[:, None], 0.004, tint)
    look = Look(name="eye", color=(1, 1, 1), roughness=0.08)
    made = tinted(placed(one, turn=(0, 0, 0)), tint)
    return [
        Part(name=f"eye_{name}", mesh=placed(made, (sign * EYE[0], EYE[1], EYE[2])), look=look)
        for name, sign in (("L", 1), ("R", -1))
    ]


def brows(face: Face) -> list[Part]:
    """Eyebrows and lashes."""
    dark = Look(name="brows", color=tuple(c * 0.8 for c in face.hair), roughness=0.7)  # type: ignore[arg-type]  # three stay three
    lash = Look(name="lashes", color=(0.010, 0.008, 0.008), roughness=0.6)
    path = smooth_path(
        [(0.0125, 0.3165, 0.0870), (0.023, 0.3215, 0.0856), (0.036, 0.3240, 0.0790), (0.050, 0.3190, 0.0668)], 24
    )
    thick = 0.0026 * np.sin(np.linspace(0.35, np.pi - 0.1, 24)) ** 0.7
    arc = sweep(path, thick, around=10, flat=0.8)
    turn = np.linspace(0.15, np.pi - 0.12, 24)
    lid = np.stack(
        [EYE[0] + 0.0005 - 0.0142 * np.cos(turn), EYE[1] + 0.0034 * np.sin(turn) - 0.0002, np.full(24, EYE[2])], axis=1
    )
    lid[:, 2] += np.sqrt(np.clip(0.0150**2 - (lid[:, 0] - EYE[0]) ** 2 - (lid[:, 1] - EYE[1]) ** 2, 0, 1))
    rim = sweep(lid, 0.00085 * np.sin(turn) ** 0.5, around=8)
    both = [joined([one, placed(one, scale=(-1, 1, 1))]) for one in (arc, rim)]
    return [Part(name="brows", mesh=both[0], look=dark), Part(name="lashes", mesh=both[1], look=lash)]


def _bump(p: Array, at: Vector, radius: float, move: Vector) -> Array:
    """A soft push on both sides, mirrored."""
    weight = _near(p, at, radius)
    pushed: Array = weight[:, None] * np.asarray(move, float)
    pushed[:, 0] *= np.sign(p[:, 0]) * np.clip(np.abs(p[:, 0]) / 0.004, 0, 1)
    return pushed


def _jaw(p: Array, degrees: float) -> Array:
    """What hangs on the lower jaw, turned about the line through its joints."""
    below = _step(MOUTH_Y + 0.0002 - p[:, 1], 0.0030) * _step(p[:, 2] - 0.030, 0.035) * _step(p[:, 1] - 0.150, 0.040)
    below *= _step(0.075 - np.abs(p[:, 0]), 0.030)
    angle = np.radians(degrees) * below
    y, z = p[:, 1] - 0.285, p[:, 2] + 0.005
    turned_y, turned_z = y * np.cos(angle) - z * np.sin(angle), y * np.sin(angle) + z * np.cos(angle)
    return np.stack([0 * y, turned_y - y, turned_z - z], axis=1)


def _lids(p: Array, degrees: float) -> Array:
    """The upper lids turned down over the eyeballs."""
    q = np.stack([np.abs(p[:, 0]) - EYE[0], p[:, 1] - EYE[1], p[:, 2] - EYE[2]], axis=1)
    far = np.linalg.norm(q * [0.92, 1, 1], axis=1)
    lid = _step(0.0185 - far, 0.006) * _step(q[:, 1] + 0.0010, 0.0022) * _step(q[:, 2] - 0.002, 0.004)
    lid *= 1 - 0.55 * _step(q[:, 1] - 0.0095, 0.004)
    angle = np.radians(degrees) * lid
    y = q[:, 1] * np.cos(angle) - q[:, 2] * np.sin(angle)
    z = q[:, 1] * np.sin(angle) + q[:, 2] * np.cos(angle)
    return np.stack([0 * y, y - q[:, 1], (z - q[:, 2]) + 0.0012 * lid], axis=1)


SHAPES: dict[str, Callable[[Array], Array]] = {
    "AU01_innerBrowRaiser": lambda p: _bump(p, (0.014, 0.325, 0.080), 0.018, (0, 0.0065, 0.001)),
    "AU02_outerBrowRaiser": lambda p: _bump(p, (0.042, 0.327, 0.070), 0.018, (0.001, 0.0065, 0.0005)),
    "AU04_browLowerer": lambda p: _bump(p, (0.016, 0.322, 0.082), 0.020, (-0.0035, -0.0060, 0.0015)),
    "AU06_cheekRaiser": lambda p: _bump(p, (0.044, 0.276, 0.066), 0.020, (0.0, 0.0050, 0.0030)),
    "AU09_noseWrinkler": lambda p: _bump(p, (0.014, 0.268, 0.094), 0.014, (0.0015, 0.0055, 0.0005)),
    "AU12_lipCornerPuller": lambda p: (
        _bump(p, (0.0245, 0.2335, 0.0780), 0.0150, (0.0085, 0.0085, -0.0055))
        + _bump(p, (0.042, 0.262, 0.066), 0.020, (0.002, 0.0035, 0.0035))
    ),
    "AU15_lipCornerDepressor": lambda p: _bump(p, (0.0235, 0.2325, 0.0780), 0.0140, (0.001, -0.0075, -0.001)),
    "AU17_chinRaiser": lambda p: _bump(p, (0.006, 0.212, 0.080), 0.020, (0, 0.0060, 0.0035)),
    "AU18_lipPucker": lambda p: (
        _bump(p, (0.0220, 0.2335, 0.0800), 0.0160, (-0.0100, 0.0, 0.0075))
        + _bump(p, (0.004, 0.2335, 0.090), 0.014, (0, 0, 0.0050))
    ),
    "AU26_jawDrop": lambda p: _jaw(p, 13.0),
    "AU43_eyesClosed": lambda p: _lids(p, 36.0),
}


def expressed(mesh: Mesh, **strengths: float) -> Mesh:
    """The skin in an expression: shapes by name with their strengths, normals anew."""
    moved = mesh.points + sum(SHAPES[name](mesh.points) * strength for name, strength in strengths.items())
    corners = moved[mesh.faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    flat = mesh.faces.ravel()
    sums = np.stack([np.bincount(flat, np.repeat(across[:, n], 3), minlength=len(moved)) for n in range(3)], axis=1)
    return replace(mesh, points=moved, normals=sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12))
