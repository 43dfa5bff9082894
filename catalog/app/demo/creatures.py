"""Creatures: the lantern serpent, a walking dock strider with its skeleton, and a ghost koi."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from catalog.app.demo.asset import Files
from catalog.app.demo.gltf import Joint, Skeleton, glb
from catalog.app.demo.implicit import capsule, carve, chain, ellipsoid, melt, meshed, shaded
from catalog.app.demo.noise import cellular, fractal
from catalog.app.demo.palette import part
from catalog.app.demo.shapes import Array, Look, Mesh, Part, ball, joined, placed, smooth_path, surface, sweep, tinted
from catalog.app.demo.skeletons import hung

_SCALES = Look(name="scales", color=(1, 1, 1), roughness=0.30)
_FIN = Look(name="fin", color=(1, 1, 1), roughness=0.4, double_sided=True)
_EYE = Look(name="creature_eye", color=(0.85, 0.42, 0.03), roughness=0.06)


def _serpent_skull(points_: Array) -> Array:
    """The head of the serpent, looking along +Z."""
    p = points_.copy()
    p[:, 0] = np.abs(p[:, 0])
    d = ellipsoid(p, (0, 0, 0), (0.125, 0.105, 0.15))
    d = melt(d, ellipsoid(p, (0, -0.005, 0.19), (0.085, 0.050, 0.16)), 0.08)
    d = melt(d, capsule(p, (0.052, 0.045, 0.26), (0.085, 0.085, 0.03), 0.018, 0.030), 0.03)
    d = melt(d, ellipsoid(p, (0, -0.075, 0.12), (0.075, 0.026, 0.17)), 0.015)
    d = carve(d, ellipsoid(p, (0, -0.045, 0.22), (0.11, 0.007, 0.16)), 0.01)
    d = carve(d, ellipsoid(p, (0.028, 0.03, 0.335), (0.010, 0.010, 0.014)), 0.01)
    for n in range(3):
        d = melt(
            d,
            capsule(
                p,
                (0.07 + 0.02 * n, 0.075 - 0.045 * n, -0.05),
                (0.13 + 0.05 * n, 0.18 - 0.10 * n, -0.30),
                0.024,
                0.004,
            ),
            0.03,
        )
    return d


_BACK, _BELLY = np.array([0.012, 0.15, 0.14]), np.array([0.62, 0.48, 0.26])


def _scaled(spine: Array, thick: Array) -> Mesh:
    """The body along its spine, with scales and rings."""
    around = 72
    body = sweep(spine, thick, around=around)
    rows = len(body.points) // (around + 1)
    v, u = np.divmod(np.arange(len(body.points)), around + 1)
    length, turn = v / rows, u / around
    side = body.normals[:, 1]
    row = length * 150
    scale = np.abs(np.sin(np.pi * (turn * 26 + 0.5 * (np.floor(row) % 2)))) ** 0.5 * np.sin(np.pi * (row % 1)) ** 0.6
    share = np.clip(side * 0.9 + 0.55 + 0.2 * fractal(body.points * 5, octaves=2), 0, 1)[:, None]
    color = _BELLY * (1 - share) + _BACK * share
    color *= 0.55 + 0.6 * scale[:, None]
    ring = (np.abs((length * 9) % 1 - 0.5) < 0.10)[:, None] & (share > 0.5)
    color = np.where(ring, np.array([0.55, 0.16, 0.02]) * (0.6 + 0.5 * scale[:, None]), color)
    points = body.points + body.normals * (0.004 * scale)[:, None]
    return tinted(replace(body, points=points), color)


def _serpent_head() -> Mesh:
    """The head with its colors."""
    head = meshed(_serpent_skull, (-0.3, -0.16, -0.36), (0.3, 0.26, 0.42), 0.0085)
    open_ = shaded(_serpent_skull, head, 0.05)[:, None]
    top = np.clip(head.normals[:, 1:2] * 0.8 + 0.6, 0, 1)
    speck = np.clip(fractal(head.points * 60, octaves=2), -1, 1)[:, None]
    return tinted(head, (_BELLY * (1 - top) + _BACK * top) * open_ * (1 + 0.3 * speck))


def _adorned() -> list[Part]:
    """Eyes, whiskers and the lantern, as they sit on the head."""
    eyes = [ball(0.030, (s * 0.083, 0.052, 0.115), detail=24) for s in (-1, 1)]
    pupils = [placed(ball((0.007, 0.022, 0.020), detail=16), (s * 0.1075, 0.055, 0.122)) for s in (-1, 1)]
    whiskers = [
        sweep(
            smooth_path(
                [(s * 0.05, -0.01, 0.32), (s * 0.16, 0.04, 0.42), (s * 0.26, -0.05, 0.36), (s * 0.34, -0.02, 0.20)], 40
            ),
            np.linspace(0.009, 0.002, 40),
            around=8,
        )
        for s in (-1, 1)
    ]
    lure = joined(
        [
            sweep(
                smooth_path([(0, 0.09, 0.06), (0, 0.30, 0.10), (0, 0.42, 0.30), (0, 0.36, 0.44)], 40),
                np.linspace(0.013, 0.005, 40),
                around=10,
            )
        ]
    )
    adornments: tuple[tuple[str, Mesh, Look], ...] = (
        ("eyes", joined(eyes), _EYE),
        ("pupils", joined(pupils), Look(name="pupil", color=(0.004, 0.004, 0.004), roughness=0.1)),
        ("whiskers", joined(whiskers), Look(name="whisker", color=(0.55, 0.16, 0.02), roughness=0.4)),
        ("lure", lure, Look(name="lure", color=(0.02, 0.13, 0.12), roughness=0.4)),
        (
            "lantern",
            ball((0.06, 0.075, 0.06), (0, 0.31, 0.45), detail=28),
            Look(name="lantern_light", color=(1, 0.6, 0.2), emission=(1.0, 0.5, 0.12)),
        ),
    )
    return [part(*one) for one in adornments]


def serpent(detail: int = 620) -> Files:
    """The lantern serpent, coiled and rearing."""
    spine = smooth_path(
        [
            (1.55, 0.05, -0.85),
            (0.75, 0.10, -1.05),
            (-0.35, 0.15, -0.75),
            (-0.75, 0.18, 0.05),
            (-0.15, 0.20, 0.72),
            (0.62, 0.24, 0.45),
            (0.60, 0.42, -0.22),
            (0.0, 0.80, -0.32),
            (-0.22, 1.25, 0.02),
            (0.02, 1.58, 0.34),
            (0.12, 1.62, 0.60),
        ],
        detail,
    )
    t = np.linspace(0, 1, detail)
    thick = 0.17 * np.sin(np.pi * np.clip(0.02 + t * 0.80, 0, 1)) ** 0.7 * (0.55 + 0.45 * t) + 0.012
    at, turned_ = (float(spine[-1, 0]), float(spine[-1, 1] + 0.01), float(spine[-1, 2] + 0.02)), (8.0, 8.0, 0.0)
    made = [
        part("body", _scaled(spine, thick), _SCALES),
        part("head", placed(_serpent_head(), at, turn=turned_), _SCALES),
        part("crest", _crest(spine, thick), _FIN),
        *(part(one.name, placed(one.mesh, at, turn=turned_), one.look) for one in _adorned()),
    ]
    return {"geo/lanternSerpent.glb": glb(made)}


def serpent_first() -> Files:
    """The block-out that animation started from: lower detail, before the head was resculpted."""
    return serpent(240)


def _crest(spine: Array, thick: Array) -> Mesh:
    """A fin with spines along the upper back."""
    n = len(spine)
    first, last = int(n * 0.30), n - 12
    line, radius = spine[first:last], thick[first:last]
    ways = np.gradient(line, axis=0)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    up = np.array([0, 1, 0]) - ways * ways[:, 1:2]
    lean = np.clip(np.linalg.norm(up, axis=1, keepdims=True), 0.25, 1)
    back = np.array([0, 0, -1.0]) - ways * -ways[:, 2:3]
    up = up / lean * np.clip(1.2 - np.abs(ways[:, 1:2]), 0.2, 1) + back * np.abs(ways[:, 1:2])
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    t = np.linspace(0, 1, len(line))
    tall = 0.17 * np.sin(np.pi * t) ** 0.6 * (0.72 + 0.28 * np.abs(np.sin(np.pi * t * 26)) ** 0.6)

    def place(u: Array, v: Array) -> Array:
        index = np.minimum((u * (len(line) - 1)).astype(int), len(line) - 1)
        spots: Array = (
            line[index]
            + up[index] * ((radius[index] * 0.9 + tall[index] * (1 - v))[..., None])
            - ways[index] * ((1 - v) * tall[index] * 0.5)[..., None]
        )
        return spots

    mesh = surface(place, len(line) - 1, 6)
    tip = (1 - mesh.uv[:, 1:]) if mesh.uv is not None else np.zeros((1, 1))
    return replace(mesh, colors=np.array([0.16, 0.03, 0.012]) * (1 - tip) + np.array([0.85, 0.32, 0.04]) * tip)


LEGS = {"LF": (0.34, 0.62), "RF": (-0.34, 0.62), "LB": (0.36, -0.52), "RB": (-0.36, -0.52)}


def strider_joints() -> list[Joint]:
    """The skeleton of the dock strider."""
    joints = [
        Joint(name="root", at=(0, 1.30, 0)),
        Joint(name="spine", at=(0, 1.34, 0.30), parent="root"),
        Joint(name="neck", at=(0, 1.48, 0.72), parent="spine"),
        Joint(name="head", at=(0, 1.86, 1.02), parent="neck"),
        Joint(name="tail1", at=(0, 1.30, -0.55), parent="root"),
        Joint(name="tail2", at=(0, 1.22, -1.05), parent="tail1"),
    ]
    for leg, (x, z) in LEGS.items():
        back = -0.12 if z > 0 else 0.16
        joints += [
            Joint(name=f"{leg}_hip", at=(x * 0.75, 1.22, z), parent="spine" if z > 0 else "root"),
            Joint(name=f"{leg}_knee", at=(x * 1.15, 0.68, z + back), parent=f"{leg}_hip"),
            Joint(name=f"{leg}_ankle", at=(x * 1.2, 0.20, z - back * 0.6), parent=f"{leg}_knee"),
        ]
    return joints


def _strider_body(points: Array) -> Array:
    """The flesh of the strider."""
    at = {joint.name: joint.at for joint in strider_joints()}
    p = points.copy()
    p[:, 0] = np.abs(p[:, 0])
    d = ellipsoid(p, (0, 1.34, 0.05), (0.34, 0.34, 0.70))
    d = melt(d, ellipsoid(p, (0, 1.52, 0.22), (0.22, 0.25, 0.42)), 0.2)
    d = melt(
        d,
        chain(p, [(0, 1.42, 0.55), (0, 1.55, 0.82), (0, 1.80, 0.98), (0, 1.86, 1.05)], [0.20, 0.14, 0.115, 0.12], 0.1),
        0.12,
    )
    d = melt(d, ellipsoid(p, (0, 1.84, 1.22), (0.095, 0.075, 0.22), (12, 0, 0)), 0.08)
    d = melt(d, ellipsoid(p, (0, 1.775, 1.40), (0.060, 0.040, 0.16), (16, 0, 0)), 0.05)
    d = melt(d, capsule(p, (0.08, 1.92, 1.02), (0.20, 2.16, 0.80), 0.035, 0.008), 0.04)
    d = carve(d, ellipsoid(p, (0, 1.765, 1.42), (0.07, 0.006, 0.15), (16, 0, 0)), 0.01)
    d = melt(
        d,
        chain(
            p,
            [(0, 1.32, -0.5), (0, 1.28, -0.8), (0, 1.20, -1.15), (0, 1.24, -1.55)],
            [0.18, 0.11, 0.06, 0.018],
            0.1,
        ),
        0.14,
    )
    for leg in ("LF", "LB"):
        hip, knee, ankle = at[f"{leg}_hip"], at[f"{leg}_knee"], at[f"{leg}_ankle"]
        d = melt(d, capsule(p, hip, knee, 0.135, 0.075), 0.10)
        d = melt(d, capsule(p, knee, ankle, 0.072, 0.048), 0.05)
        for toe in (-0.10, 0.0, 0.10):
            d = melt(d, capsule(p, ankle, (ankle[0] + toe, 0.035, ankle[2] + 0.19 - abs(toe)), 0.050, 0.030), 0.05)
    return d


def strider() -> Files:
    """A four-legged wader of the docks, skinned, with a walk of 1.2 s."""
    joints = strider_joints()

    mesh = meshed(_strider_body, (-0.62, -0.04, -1.66), (0.62, 2.26, 1.66), 0.026)
    p = mesh.points
    first, second, _ = cellular(64, 8, 4)
    cells = (second - first)[((p[:, 2] * 40) % 64).astype(int), ((p[:, 1] * 40) % 64).astype(int)]
    stripe = np.clip(np.sin(p[:, 2] * 15 + 2.2 * fractal(p * 3, octaves=2)) * 1.6 + (p[:, 1] - 1.35) * 3, 0, 1)[:, None]
    color = np.array([0.44, 0.33, 0.19]) * (1 - stripe) + np.array([0.04, 0.115, 0.12]) * stripe
    color = np.where(p[:, 1:2] < 0.45, color * 0.5, color) * (0.75 + 0.4 * np.clip(cells, 0, 1)[:, None])
    color *= shaded(_strider_body, mesh, 0.14)[:, None]
    order, share = hung(p, joints)
    skin = Part(
        name="strider",
        mesh=tinted(mesh, color),
        look=Look(name="hide", color=(1, 1, 1), roughness=0.55),
        joints=order,
        weights=share,
    )
    head = [joint.name for joint in joints].index("head")
    eyes = joined([ball(0.034, (s * 0.088, 1.885, 1.18), detail=24) for s in (-1, 1)])
    fixed = np.zeros((len(eyes.points), 4))
    fixed[:, 0] = 1
    spot = np.zeros((len(eyes.points), 4), np.int64)
    spot[:, 0] = head
    return {
        "rig/dockStrider_walk.glb": glb(
            [skin, Part(name="eyes", mesh=eyes, look=_EYE, joints=spot, weights=fixed)],
            Skeleton(joints=joints, action="walk", times=np.linspace(0, 1.2, 25), turns=_walk()),
        )
    }


def _walk() -> dict[str, Array]:
    """A walk in four beats: turns about X of hips, knees and ankles; the tail sways about Y."""
    phase = np.linspace(0, 2 * np.pi, 25)

    def about(axis: int, degrees: Array) -> Array:
        half = np.radians(degrees) / 2
        made = np.zeros((len(half), 4))
        made[:, axis], made[:, 3] = np.sin(half), np.cos(half)
        return made

    turns = {
        "neck": about(0, 4 * np.sin(2 * phase)),
        "head": about(0, -4 * np.sin(2 * phase + 0.4)),
        "tail1": about(1, 12 * np.sin(phase)),
        "tail2": about(1, 16 * np.sin(phase - 0.8)),
        "spine": about(2, 2.5 * np.sin(phase)),
    }
    for leg, shift in (("LB", 0.0), ("LF", 0.5), ("RB", 1.0), ("RF", 1.5)):
        own = phase + shift * np.pi
        lift = np.clip(np.sin(own + 0.9), 0, 1)
        sense = 1 if leg.endswith("F") else -1
        turns |= {
            f"{leg}_hip": about(0, -20 * np.cos(own)),
            f"{leg}_knee": about(0, sense * 34 * lift),
            f"{leg}_ankle": about(0, -sense * 22 * lift),
        }
    return turns


def _veil(
    root: tuple[float, float, float],
    out: tuple[float, float, float],
    spread: tuple[float, float, float],
    seed: float,
) -> Mesh:
    """A fin that waves away from its root."""

    def place(u: Array, v: Array) -> Array:
        grow = v[..., None]
        wave = 0.05 * np.sin(9 * v + 7 * u + seed)[..., None] * grow
        spots: Array = (
            np.asarray(root)
            + np.asarray(out) * grow
            + np.asarray(spread) * (u - 0.5)[..., None] * (0.25 + grow)
            + wave * np.array([1, 0.3, 0.2])
        )
        return spots

    return surface(place, 40, 30)


def koi() -> Files:
    """A ghost koi that swims in the air of the night market; pale, with _veil fins."""

    def body(points: Array) -> Array:
        p = points.copy()
        p[:, 0] -= 0.10 * np.sin(2.6 * p[:, 2])
        p[:, 0] = np.abs(p[:, 0])
        d = ellipsoid(p, (0, 0.5, 0.12), (0.115, 0.17, 0.46))
        d = melt(d, capsule(p, (0, 0.5, -0.2), (0, 0.51, -0.62), 0.09, 0.035), 0.1)
        d = melt(d, ellipsoid(p, (0, 0.475, 0.53), (0.045, 0.035, 0.05)), 0.04)
        return carve(d, ellipsoid(p, (0, 0.470, 0.59), (0.025, 0.008, 0.03)), 0.01)

    mesh = meshed(body, (-0.34, 0.26, -0.74), (0.34, 0.76, 0.66), 0.011)
    p = mesh.points
    patch = fractal(p * [4, 4, 3.2] + 3, octaves=3, seed=12)
    color = np.where((patch > 0.12)[:, None] & (p[:, 1:2] > 0.44), [0.78, 0.13, 0.015], [0.80, 0.76, 0.70])
    color = np.where((patch < -0.62)[:, None] & (p[:, 1:2] > 0.5), [0.015, 0.015, 0.02], color)
    a, b = p[:, 2] * 26, p[:, 1] * 30
    scale = np.abs(np.sin(np.pi * (b + 0.5 * (np.floor(a) % 2)))) ** 0.4 * (0.4 + 0.6 * (a % 1))
    scale = np.where(p[:, 2] > 0.34, 0.8, scale)
    mesh = tinted(mesh, color * (0.72 + 0.32 * scale[:, None]) * shaded(body, mesh, 0.05)[:, None])

    fins = [
        _veil((-0.08, 0.51, -0.58), (-0.02, 0.06, -0.62), (0, 0.62, 0), 0.0),
        _veil((0.05, 0.655, 0.10), (-0.02, 0.26, -0.24), (0, 0, -0.34), 1.0),
        _veil((0.12, 0.42, 0.30), (0.34, -0.10, -0.20), (0, 0.02, 0.20), 2.0),
        _veil((-0.03, 0.42, 0.30), (-0.32, -0.12, -0.20), (0, 0.02, 0.20), 3.0),
        _veil((0.0, 0.36, -0.22), (0, -0.18, -0.2), (0.02, 0, 0.18), 4.0),
    ]
    fin = joined(fins)
    shade = 0.55 + 0.45 * np.abs(np.sin(fin.uv[:, :1] * 34)) if fin.uv is not None else np.ones((1, 1))
    fin = tinted(replace(fin, uv=None), np.array([0.75, 0.34, 0.16]) * shade)
    eyes = [ball(0.022, (0.175 if s > 0 else 0.02, 0.53, 0.42), detail=20) for s in (-1, 1)]
    return {
        "geo/ghostKoi.glb": glb(
            [
                part("body", mesh, replace(_SCALES, roughness=0.2)),
                part("fins", fin, _FIN),
                part("eyes", joined(eyes), Look(name="koi_eye", color=(0.012, 0.012, 0.014), roughness=0.05)),
            ]
        )
    }
