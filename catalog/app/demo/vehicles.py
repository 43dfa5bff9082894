"""Vehicles of harbor and station."""

from __future__ import annotations

import numpy as np

from catalog.app.demo.asset import Files
from catalog.app.demo.gltf import glb
from catalog.app.demo.implicit import brick, capsule, carve, cylinder, ellipsoid, melt, meshed, shaded
from catalog.app.demo.market import STRIPES, awning, lantern_parts
from catalog.app.demo.palette import (
    AMBER,
    BAMBOO,
    CREAM,
    CYAN,
    DARK_WOOD,
    GLASS,
    GLOW,
    IRON,
    RED,
    RUBBER,
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
    tinted,
)
from catalog.app.demo.weave import woven

PAINT = Look(name="paint", color=(1, 1, 1), roughness=0.28)


def wheel(radius: float, width: float, at: tuple[float, float, float]) -> list[Part]:
    """A wheel that turns about X, with tire, rim and hub."""
    w = width / 2
    tire = lathe(
        [
            (radius * 0.66, -w),
            (radius * 0.9, -w),
            (radius, -w * 0.6),
            (radius, w * 0.6),
            (radius * 0.9, w),
            (radius * 0.66, w),
            (radius * 0.66, -w),
        ],
        around=48,
    )
    rim = lathe(
        [
            (0, -w * 0.3),
            (radius * 0.55, -w * 0.5),
            (radius * 0.68, -w * 0.9),
            (radius * 0.68, w * 0.9),
            (radius * 0.55, w * 0.5),
            (radius * 0.18, w * 0.3),
            (radius * 0.14, w * 0.8),
            (0, w * 0.8),
        ],
        around=48,
    )
    name = f"{at[0]:.1f}_{at[2]:.1f}"
    turn = (0, 0, -90 if at[0] >= 0 else 90)
    return [
        part(f"tire_{name}", placed(tire, at, turn=turn), RUBBER),
        part(f"rim_{name}", placed(rim, at, turn=turn), STEEL),
    ]


def shuttle() -> Files:
    """A stubby orbit shuttle with delta wings, 11 m long."""

    def body(points: Array) -> Array:
        p = points.copy()
        p[:, 0] = np.abs(p[:, 0])
        d = capsule(p, (0, 1.9, -3.6), (0, 1.75, 3.2), 1.25, 0.95)
        d = melt(d, ellipsoid(p, (0, 1.65, 4.4), (0.80, 0.68, 1.5)), 0.5)
        d = melt(d, brick(p, (0, 1.05, -0.6), (2.3, 0.7, 7.0), 0.3), 0.5)
        wing = np.maximum(
            brick(p, (2.2, 1.05, -2.6), (4.4, 0.22, 4.4), 0.1), (p[:, 0] * 0.85 + p[:, 2] * 0.62 - 1.1) / 1.05
        )
        d = melt(d, wing, 0.45)
        fin = np.maximum(
            brick(p, (0, 3.4, -4.0), (0.2, 2.4, 2.2), 0.08), ((p[:, 1] - 2.4) * 0.62 + (p[:, 2] + 3.0) * 0.8)
        )
        d = melt(d, fin, 0.3)
        d = melt(d, cylinder(p, (1.15, 1.9, -4.4), 0.55, 2.4, axis=2, rounding=0.1), 0.2)
        d = carve(d, cylinder(p, (1.15, 1.9, -5.7), 0.42, 0.9, axis=2, rounding=0.05), 0.06)
        return carve(d, cylinder(p, (0, 1.9, -5.3), 0.62, 1.4, axis=2, rounding=0.05), 0.06)

    mesh = meshed(body, (-4.8, 0.3, -6.2), (4.8, 5.0, 6.2), 0.105)
    p = mesh.points
    color = np.broadcast_to(np.array([0.66, 0.66, 0.64]), p.shape).copy()
    color[p[:, 1] < 1.12] = (0.035, 0.037, 0.042)
    color[(p[:, 2] > 4.9)] = (0.035, 0.037, 0.042)
    color[(np.abs(p[:, 2] + 1.9) < 0.28) & (p[:, 1] > 1.2)] = (0.62, 0.13, 0.02)
    color[(p[:, 1] > 3.55)] = (0.015, 0.16, 0.17)
    seams = (np.abs((p[:, 2] * 1.1) % 1 - 0.5) < 0.045) | (np.abs((p[:, 0] * 1.1) % 1 - 0.5) < 0.035)
    color[seams] *= 0.55
    mesh = tinted(mesh, color * shaded(body, mesh, 0.4)[:, None])
    panes = [placed(ball((0.34, 0.26, 0.5), detail=28), (x, 2.28, 3.55), turn=(-18, x * 40, 0)) for x in (-0.42, 0.42)]
    ports = [
        placed(ball((0.05, 0.17, 0.17), detail=20), (s * 1.13, 2.2, z)) for s in (-1, 1) for z in (1.7, 0.9, 0.1, -0.7)
    ]
    flames = [
        placed(lathe([(0, 0), (0.36, 0), (0.40, 0.02)], around=32), (x, 1.9, -5.32), turn=(90, 0, 0))
        for x in (-1.15, 1.15)
    ]
    legs = [rod((x, 1.2, z), (x * 1.15, 0.16, z), 0.08) for x, z in ((1.0, -2.6), (-1.0, -2.6), (0.01, 3.4))]
    made = [
        part("hull", mesh, PAINT),
        part("glass", joined([*panes, *ports]), GLASS),
        part("engines", joined(flames), CYAN),
        part("legs", joined(legs), STEEL),
    ]
    for x, z in ((1.15, -2.6), (-1.15, -2.6), (0.06, 3.4)):
        made += wheel(0.3, 0.2, (x, 0.3, z))
    return {"geo/orbitShuttle.glb": glb(made)}


def drone() -> Files:
    """A parcel drone with four ducted fans, 0.9 m across."""

    def body(p: Array) -> Array:
        d = ellipsoid(p, (0, 0.30, 0), (0.20, 0.09, 0.26))
        d = carve(d, brick(p, (0, 0.20, 0), (0.22, 0.10, 0.30), 0.02), 0.02)
        for x, z in ((0.32, 0.30), (-0.32, 0.30), (0.32, -0.30), (-0.32, -0.30)):
            d = melt(d, capsule(p, (0, 0.31, 0), (x, 0.31, z), 0.028, 0.022), 0.06)
            ring = np.hypot(np.hypot(p[:, 0] - x, p[:, 2] - z) - 0.17, (p[:, 1] - 0.31) * 0.55) - 0.018
            d = melt(d, ring, 0.025)
        return d

    mesh = meshed(body, (-0.56, 0.10, -0.54), (0.56, 0.46, 0.54), 0.011)
    color = np.where((np.abs(mesh.points[:, 0]) < 0.05)[:, None], [0.62, 0.14, 0.02], [0.60, 0.60, 0.57])
    mesh = tinted(mesh, color * shaded(body, mesh, 0.05)[:, None])
    blades = [
        placed(ball((0.15, 0.004, 0.018), detail=20), (x, 0.315, z), turn=(0, turn + 37 * x * 3, 0))
        for x in (0.32, -0.32)
        for z in (0.30, -0.30)
        for turn in (0, 60, 120)
    ]
    hubs = [ball((0.035, 0.04, 0.035), (x, 0.31, z), detail=20) for x in (0.32, -0.32) for z in (0.30, -0.30)]
    feet = [rod((x, 0.28, z), (x * 1.5, 0.02, z), 0.009) for x in (0.14, -0.14) for z in (0.14, -0.14)] + [
        rod((s * 0.21, 0.015, -0.22), (s * 0.21, 0.015, 0.22), 0.011) for s in (-1, 1)
    ]
    parcel = box((0.20, 0.14, 0.27), (0, 0.07, 0), bevel=0.006)
    return {
        "geo/parcelDrone.glb": glb(
            [
                part("body", mesh, PAINT),
                part("blades", joined(blades), RUBBER),
                part("hubs", joined([*hubs, *feet]), IRON),
                part("parcel", parcel, Look(name="card", color=(0.40, 0.26, 0.13), roughness=0.8)),
                part("eye", joined([ball(0.035, (0, 0.31, 0.245), detail=24)]), CYAN),
                part("tape", box((0.205, 0.142, 0.04), (0, 0.07, 0), bevel=0.002), CREAM),
            ]
        )
    }


def _planking(u: Array, v: Array, inset: float = 0.0) -> Array:
    """The skin of the hull; ``inset`` gives its inner side."""
    z = (v - 0.5) * 6.4
    end = np.abs(v - 0.52) * 2
    half = (0.82 - inset) * np.clip(1 - end**2.6, 0.0, 1) ** 0.75 + 0.06
    keel = 0.05 + inset + 0.75 * end**3.2
    gunwale = 0.62 + 0.55 * end**2.4
    a = (u - 0.5) * np.pi
    x = half * np.sign(np.sin(a)) * np.abs(np.sin(a)) ** 0.7
    y = gunwale - (gunwale - keel) * np.abs(np.cos(a)) ** 0.6
    return np.stack([x, y, z], axis=-1)


def _arched(u: Array, v: Array) -> Array:
    """The roof as a barrel vault."""
    a = (u - 0.5) * np.pi * 1.02
    return np.stack([0.80 * np.sin(a), 0.66 + 1.05 * np.abs(np.cos(a)) ** 0.8, -1.25 + 2.3 * v], axis=-1)


def skiff() -> Files:
    """A harbor sampan with a woven _arched and stern lantern, 6.4 m."""
    outer, inner = surface(_planking, 48, 72), surface(lambda u, v: _planking(u, v, 0.05), 48, 72)
    wood = Look(name="hull", color=(1, 1, 1), roughness=0.45, double_sided=True)
    band = (
        np.where((outer.uv[:, :1] < 0.12) | (outer.uv[:, :1] > 0.88), [0.30, 0.03, 0.02], [0.015, 0.11, 0.115])
        if outer.uv is not None
        else None
    )
    outer = Mesh(points=outer.points, faces=outer.faces[:, ::-1], normals=-outer.normals, colors=band)
    inner = tinted(Mesh(points=inner.points, faces=inner.faces, normals=inner.normals), (0.16, 0.085, 0.04))
    rails = [
        sweep(np.array([_planking(np.array(e), np.array(v)) for v in np.linspace(0.01, 0.99, 60)]), 0.045, around=10)
        for e in (0.0, 1.0)
    ]

    mat = surface(_arched, 60, 60)
    weave = (
        (np.floor(mat.uv[:, :1] * 30) + np.floor(mat.uv[:, 1:] * 30)) % 2 if mat.uv is not None else np.zeros((1, 1))
    )
    mat = Mesh(
        points=mat.points,
        faces=mat.faces,
        normals=mat.normals,
        colors=np.where(weave > 0, [0.42, 0.29, 0.11], [0.30, 0.19, 0.07]),
    )
    hoops = [
        sweep(
            np.array([_arched(np.array(u), np.array(v)) for u in np.linspace(0, 1, 30)]) * [1.02, 1.01, 1],
            0.025,
            around=8,
        )
        for v in (0.0, 0.33, 0.66, 1.0)
    ]
    seats = [box((1.45, 0.05, 0.32), (0, 0.50, z)) for z in (1.7, 2.35)]
    oar = joined(
        [
            rod((0.2, 1.15, -1.9), (0.75, 0.15, -3.9), 0.03),
            placed(ball((0.11, 0.35, 0.02), detail=16), (0.82, 0.02, -4.15), turn=(70, 15, 0)),
        ]
    )
    made = [
        part("hull", outer, wood),
        part("inside", inner, wood),
        part("rails", joined(rails), DARK_WOOD),
        part("roof", mat, STRIPES),
        part("hoops", joined(hoops), BAMBOO),
        part("seats", joined([*seats, oar, rod((0, 0.6, 2.9), (0, 2.0, 3.1), 0.03)]), DARK_WOOD),
    ]
    made += [
        part(f"lamp_{one.name}", placed(one.mesh, (0, 1.42, 3.12), scale=0.8), one.look) for one in lantern_parts()
    ]
    return {"geo/lanternSampan.glb": glb(made)}


def trike() -> Files:
    """A three-wheeled noodle cart with a bench seat and a striped awning."""
    planks = woven("planks", tint=(0.75, 0.55, 0.38))
    frame = [
        sweep(smooth_path([(0, 0.36, -1.25), (0, 0.50, -0.6), (0, 0.48, 0.1), (0, 0.42, 0.8)], 30), 0.035),
        rod((0, 0.36, -1.25), (0, 1.05, -0.95), 0.03),
        rod((-0.32, 1.08, -0.92), (0.32, 1.08, -0.92), 0.018),
        rod((-0.62, 0.34, 0.85), (0.62, 0.34, 0.85), 0.035),
        rod((0, 0.48, -0.35), (0, 0.82, -0.42), 0.03),
    ]
    bed = [
        box((1.15, 0.06, 1.35), (0, 0.52, 0.75)),
        box((1.15, 0.42, 0.04), (0, 0.55, 1.42)),
        box((0.04, 0.42, 1.35), (0.56, 0.55, 0.75)),
        box((0.04, 0.42, 1.35), (-0.56, 0.55, 0.75)),
        box((1.2, 0.05, 0.6), (0, 0.97, 1.12)),
    ]
    posts = [rod((x, 0.6, z), (x, 2.0, z), 0.02) for x in (-0.54, 0.54) for z in (0.12, 1.38)]
    canopy = placed(awning(1.7, 1.9), (0, -0.22, 0.05), scale=(1, 0.92, 1))
    pot = placed(
        lathe(
            [
                (0, 0),
                (0.2, 0),
                (0.22, 0.03),
                (0.22, 0.3),
                (0.235, 0.32),
                (0.1, 0.36),
                (0.03, 0.38),
                (0.03, 0.41),
                (0, 0.42),
            ],
            around=40,
        ),
        (0.18, 1.02, 1.1),
    )
    made = [
        part("frame", joined(frame), TEAL),
        part("bed", box_mapped(joined(bed), 0.8), planks),
        part("posts", joined(posts), BAMBOO),
        part("canopy", canopy, STRIPES),
        part("pot", pot, STEEL),
        part("seat", ball((0.13, 0.05, 0.19), (0, 0.86, -0.42), detail=24), RUBBER),
        part("panel", box((1.0, 0.3, 0.02), (0, 0.6, 1.45), bevel=0.008), RED),
        part("lamp", ball(0.075, (0, 0.92, -1.1), detail=24), GLOW),
    ]
    for at in ((0.66, 0.34, 0.85), (-0.66, 0.34, 0.85), (0.005, 0.34, -1.25)):
        made += wheel(0.34, 0.09, at)
    made += [
        part(f"lantern_{one.name}", placed(one.mesh, (0.5, 1.18, 1.62), scale=0.6), one.look) for one in lantern_parts()
    ]
    return {"geo/noodleTrike.glb": glb(made)}


def tram() -> Files:
    """A harbor tram car, 9 m, rounded, with lit windows."""

    def body(p: Array) -> Array:
        d = brick(p, (0, 1.85, 0), (2.3, 2.6, 9.0), 0.55)
        d = melt(d, brick(p, (0, 3.2, 0), (1.3, 0.4, 6.6), 0.15), 0.1)
        for z in np.linspace(-3.15, 3.15, 6):
            d = carve(d, brick(p, (0, 2.25, float(z)), (2.6, 0.95, 0.92), 0.14), 0.04)
        return carve(d, brick(p, (0, 2.28, 0), (1.55, 0.95, 9.4), 0.2), 0.04)

    mesh = meshed(body, (-1.4, 0.4, -4.8), (1.4, 3.6, 4.8), 0.07)
    y = mesh.points[:, 1:2]
    color = np.where(y < 1.62, [0.015, 0.13, 0.14], [0.68, 0.60, 0.44])
    color = np.where((y > 1.58) & (y < 1.68), [0.55, 0.17, 0.02], color)
    color = np.where(y > 3.02, [0.05, 0.055, 0.06], color)
    mesh = tinted(mesh, color * shaded(body, mesh, 0.3)[:, None])
    lamps = [ball((0.16, 0.16, 0.06), (0, 1.25, s * 4.5), detail=28) for s in (-1, 1)]
    inside = box((2.0, 1.0, 8.5), (0, 1.78, 0), bevel=0.3)
    trucks = [box((1.7, 0.35, 2.2), (0, 0.28, z), bevel=0.08) for z in (-2.6, 2.6)]
    pole = joined(
        [
            rod((0, 3.4, -0.5), (0, 4.2, 1.2), 0.035),
            rod((0, 4.2, 1.2), (0, 4.7, -0.2), 0.03),
            rod((-0.7, 4.72, -0.2), (0.7, 4.72, -0.2), 0.03),
        ]
    )
    made = [
        part("body", mesh, PAINT),
        part("inside", inside, Look(name="lit", color=(0.85, 0.52, 0.2), roughness=0.25, emission=(0.5, 0.24, 0.06))),
        part("lamps", joined(lamps), GLOW),
        part("trucks", joined([*trucks, pole, box((2.0, 0.2, 8.4), (0, 0.46, 0))]), IRON),
        part("board", box((1.3, 0.26, 0.1), (0, 2.95, 4.44), bevel=0.03), AMBER),
    ]
    for x in (0.72, -0.72):
        for z in (-3.2, -2.0, 2.0, 3.2):
            made += wheel(0.36, 0.14, (x, 0.36, z))
    return {"geo/harborTram.glb": glb(made)}
