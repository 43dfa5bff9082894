"""Rocks, trees and terrain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from catalog.app.demo.asset import Files
from catalog.app.demo.gltf import glb
from catalog.app.demo.implicit import ellipsoid, meshed, shaded
from catalog.app.demo.noise import fractal, ridged
from catalog.app.demo.palette import BAMBOO, LEAF, part
from catalog.app.demo.shapes import (
    Array,
    Look,
    Mesh,
    Part,
    joined,
    placed,
    smooth_path,
    surface,
    sweep,
    tinted,
    unit,
    upward,
)
from catalog.app.demo.usd import component

_GROUND = Look(name="ground", color=(1, 1, 1), roughness=0.9)


def rock(seed: int, size: tuple[float, float, float], cell: float) -> Mesh:
    """A boulder, broken along planes, mossy on top."""
    rng = np.random.default_rng(seed)
    planes = unit(rng.normal(size=(18, 3)))
    cuts = rng.uniform(0.72, 0.96, 18)

    def solid(p: Array) -> Array:
        d = ellipsoid(p, (0, 0, 0), size)
        q = p / np.asarray(size)
        for plane, cut in zip(planes, cuts, strict=True):
            d = np.maximum(d, (q @ plane - cut) * min(size))
        return d - 0.03 * min(size) * fractal(p * 2.2 / min(size), octaves=4, seed=seed)

    reach = [1.12 * s for s in size]
    mesh = meshed(solid, (-reach[0], -reach[1], -reach[2]), (reach[0], reach[1], reach[2]), cell, settle=1)
    p = mesh.points
    tone = np.array([0.42, 0.40, 0.375]) * (1 + 0.35 * fractal(p * 3 / min(size), octaves=4, seed=seed + 1)[:, None])
    moss = np.clip((mesh.normals[:, 1] - 0.45 + 0.4 * fractal(p * 4 / min(size), octaves=3, seed=seed + 2)) * 3, 0, 1)[
        :, None
    ]
    wet = np.clip((-p[:, 1:2] / size[1] - 0.35) * 4, 0, 1)
    color = (tone * (1 - moss) + np.array([0.17, 0.22, 0.05]) * moss) * (1 - 0.6 * wet)
    return tinted(mesh, color * shaded(solid, mesh, 0.2 * min(size))[:, None])


def boulder() -> Files:
    """One boulder of 1.8 m."""
    return {"geo/boulder.glb": glb([part("boulder", placed(rock(4, (0.9, 0.62, 0.75), 0.026), (0, 0.5, 0)), _GROUND)])}


def breakwater() -> Files:
    """A run of rocks for the breakwater, 6 m."""
    stones = [
        ((0, 0.35, 0), 2, 0.62),
        ((1.2, 0.30, 0.3), 5, 0.5),
        ((-1.3, 0.34, -0.1), 8, 0.58),
        ((2.3, 0.25, -0.2), 9, 0.45),
        ((-2.4, 0.28, 0.2), 12, 0.5),
        ((0.5, 0.9, -0.2), 14, 0.46),
        ((-0.7, 0.86, 0.1), 15, 0.44),
        ((1.7, 0.75, 0), 18, 0.38),
    ]
    rocks = [
        placed(rock(seed, (r, r * 0.7, r * 0.85), r * 0.055), at, turn=(0, seed * 40, 0)) for at, seed, r in stones
    ]
    return {"geo/breakwater.glb": glb([part("rocks", joined(rocks), _GROUND)])}


def _limbs(
    seed: int,
    start: Array,
    way: Array,
    length: float,
    thick: float,
    depth: int,
    bend: float,
    out: tuple[list[Mesh], list[Array]],
) -> None:
    """A branch and what grows from it; tips are noted."""
    rng = np.random.default_rng(seed)
    points = [start]
    for _ in range(6):
        way = unit(way + rng.normal(0, bend, 3) + np.array([0, 0.05, 0]))
        points.append(points[-1] + way * length / 6)
    path = smooth_path([tuple(point) for point in points], 16)
    out[0].append(sweep(path, np.linspace(thick, thick * 0.62, 16), around=9 if depth > 1 else 6))
    if depth == 0:
        out[1].extend(points[2:])
        return
    for n in range(3 + int(depth == 1)):
        spot = points[3 + n % 4]
        turn = rng.uniform(0, 2 * np.pi)
        aside = np.array([np.cos(turn), rng.uniform(0.0, 0.5), np.sin(turn)])
        _limbs(seed * 7 + n + 1, spot, unit(way * 0.45 + aside), length * 0.66, thick * 0.55, depth - 1, bend, out)


def _foliage(
    tips: Array, seed: int, count: int, spread: Array, size: float, low: Array, high: Array, *, droop: float = 0.0
) -> Mesh:
    """Leaves as little folded blades around the tips; lighter outside and on top."""
    rng = np.random.default_rng(seed)
    at = tips[rng.integers(0, len(tips), count)] + rng.normal(0, 1, (count, 3)) * spread
    out = unit(rng.normal(size=(count, 3)) + np.array([0, 0.4 - droop * 2, 0]))
    side = unit(np.cross(out, rng.normal(size=(count, 3))))
    long_ = size * rng.uniform(0.7, 1.3, (count, 1))
    corners = np.stack(
        [
            at,
            at + out * long_ * 0.5 + side * long_ * 0.2,
            at + out * long_,
            at + out * long_ * 0.5 - side * long_ * 0.2,
        ],
        axis=1,
    )
    first = np.arange(count)[:, None] * 4
    faces = np.concatenate([first + [0, 1, 2], first + [0, 2, 3]])
    middle = tips.mean(axis=0)
    normals = np.repeat(unit(unit(at - middle) + np.array([0, 0.45, 0])), 4, axis=0)
    height = np.clip((at[:, 1:2] - at[:, 1].min()) / np.ptp(at[:, 1]), 0, 1)
    tone = low + (high - low) * np.clip(height * 0.6 + rng.uniform(0, 0.5, (count, 1)), 0, 1)
    return Mesh(points=corners.reshape(-1, 3), faces=faces, normals=normals, colors=np.repeat(tone, 4, axis=0))


def pine() -> Files:
    """A wind-bent coast pine, 6 m, with flat clouds of needles."""
    out: tuple[list[Mesh], list[Array]] = ([], [])
    trunk = smooth_path(
        [(0, 0, 0), (0.25, 1.0, 0.05), (0.15, 2.0, -0.1), (0.7, 3.2, 0.1), (1.2, 4.4, 0.0), (1.3, 5.2, 0.05)], 40
    )
    out[0].append(sweep(trunk, np.linspace(0.26, 0.07, 40) + 0.02 * np.sin(np.linspace(0, 30, 40)), around=18))
    pads = []
    rng = np.random.default_rng(3)
    for n, (spot, way, long_) in enumerate(
        (
            (14, (-1, 0.25, 0.3), 1.5),
            (19, (0.8, 0.2, -0.7), 1.3),
            (24, (-0.9, 0.3, -0.5), 1.7),
            (28, (0.9, 0.15, 0.6), 1.6),
            (33, (-0.6, 0.4, 0.5), 1.1),
            (39, (0.6, 0.5, -0.1), 0.8),
        )
    ):
        end = trunk[spot] + unit(np.array(way, float)) * long_
        path = smooth_path([tuple(trunk[spot]), tuple(trunk[spot] * 0.5 + end * 0.5 + [0, -0.12, 0]), tuple(end)], 16)
        out[0].append(sweep(path, np.linspace(0.075, 0.025, 16), around=10))
        disc = rng.normal(0, 1, (60, 3)) * [0.42, 0.09, 0.36] + end + [0, 0.12, 0]
        pads.append(
            _foliage(
                disc,
                n,
                2600,
                np.array([0.13, 0.05, 0.13]),
                0.13,
                np.array([0.06, 0.16, 0.07]),
                np.array([0.32, 0.52, 0.17]),
            )
        )
    bark = joined(out[0])
    bark = tinted(bark, np.array([0.27, 0.17, 0.11]) * (1 + 0.5 * fractal(bark.points * [9, 3, 9], octaves=3)[:, None]))
    return {
        "geo/coastPine.glb": glb(
            [
                part("bark", bark, _GROUND),
                part("needles", joined(pads), Look(name="needles", color=(1, 1, 1), roughness=1.0, double_sided=True)),
            ]
        )
    }


def maple() -> Files:
    """A red maple of the temple yard, 5 m."""
    out: tuple[list[Mesh], list[Array]] = ([], [])
    _limbs(11, np.zeros(3), np.array([0.1, 1.0, 0.0]), 2.2, 0.17, 3, 0.16, out)
    bark = joined(out[0])
    bark = tinted(bark, np.array([0.20, 0.15, 0.12]) * (1 + 0.4 * fractal(bark.points * [7, 3, 7], octaves=3)[:, None]))
    leaves = _foliage(
        np.array(out[1]),
        5,
        15000,
        np.array([0.16, 0.10, 0.16]),
        0.125,
        np.array([0.16, 0.010, 0.008]),
        np.array([0.62, 0.12, 0.015]),
    )
    return {
        "geo/redMaple.glb": glb(
            [
                part("bark", bark, _GROUND),
                part("leaves", leaves, Look(name="leaves", color=(1, 1, 1), roughness=1.0, double_sided=True)),
            ]
        )
    }


def bamboo() -> Files:
    """A clump of bamboo, 5 m."""
    rng = np.random.default_rng(8)
    canes, tips = [], []
    for _ in range(17):
        x, z = rng.normal(0, 0.32, 2)
        tall = rng.uniform(3.4, 5.2)
        lean = np.array([x, 0, z]) * rng.uniform(0.5, 1.6)
        path = smooth_path(
            [(x, 0, z), (x + lean[0] * 0.15, tall * 0.5, z + lean[2] * 0.15), (x + lean[0], tall, z + lean[2])], 80
        )
        ring = 1 + 0.16 * np.exp(-(((np.linspace(0, 13, 80) % 1) - 0.5) ** 2) / 0.004)
        canes.append(sweep(path, 0.032 * np.linspace(1, 0.35, 80) * ring, around=10))
        tips += list(path[34:])
    cane = joined(canes)
    cane = tinted(cane, np.array([0.20, 0.28, 0.06]) * (1 + 0.3 * fractal(cane.points * 4, octaves=2)[:, None]))
    leaves = _foliage(
        np.array(tips),
        2,
        6500,
        np.array([0.22, 0.12, 0.22]),
        0.20,
        np.array([0.06, 0.16, 0.03]),
        np.array([0.36, 0.50, 0.09]),
        droop=0.5,
    )
    return {
        "geo/bambooClump.glb": glb(
            [
                part("canes", cane, replace(BAMBOO, name="cane", color=(1, 1, 1), roughness=0.35)),
                part("leaves", leaves, replace(LEAF, color=(1, 1, 1))),
            ]
        )
    }


def _land(size: float, count: int, height: float, seed: int, flat: float) -> Mesh:
    def ground(u: Array, v: Array) -> Array:
        x, z = (u - 0.5) * size, (v - 0.5) * size
        far = np.clip((np.hypot(x, z) / size * 2 - flat) / (1 - flat), 0, 1.3)
        p = np.stack([x, 0 * x, z], -1).reshape(-1, 3) / size
        rise = ridged(p * 3.2 + 5, octaves=6, seed=seed).reshape(x.shape) * far**1.5
        return np.stack(
            [x, height * rise + size * 0.004 * fractal(p * 24, octaves=4, seed=seed).reshape(x.shape), z], axis=-1
        )

    mesh = upward(surface(ground, count, count))
    p = mesh.points
    steep = np.clip((0.86 - mesh.normals[:, 1:2]) * 5, 0, 1)
    high = np.clip(p[:, 1:2] / height * 1.7 - 0.55 + 0.25 * fractal(p * 40 / size, octaves=3)[:, None], 0, 1)
    color = np.array([0.085, 0.12, 0.035]) * (1 - high) + np.array([0.26, 0.22, 0.12]) * high
    color = color * (1 - steep) + np.array([0.17, 0.155, 0.145]) * steep
    sand = np.clip(1 - p[:, 1:2] / (0.05 * height), 0, 1)
    color = color * (1 - sand) + np.array([0.38, 0.31, 0.20]) * sand
    color *= 1.9 + 0.55 * fractal(p * 90 / size, octaves=3)[:, None]
    return tinted(mesh, np.clip(color, 0.01, 1))


def hills() -> Files:
    """The ring of hills around the harbor."""
    land = _land(120.0, 190, 24.0, 3, 0.30)
    return {
        "env_hills.usda": component(
            "env_hills",
            [Part(name="hills", mesh=land, look=Look(name="land", color=(0.16, 0.16, 0.08), roughness=0.92))],
        )
    }


def hills_first() -> Files:
    """The first pass: coarser, not yet flat where the crane stands."""
    land = _land(120.0, 90, 20.0, 3, 0.08)
    return {
        "env_hills.usda": component(
            "env_hills",
            [Part(name="hills", mesh=land, look=Look(name="land", color=(0.16, 0.16, 0.08), roughness=0.92))],
        )
    }


def island() -> Files:
    """A sea stack with its water, 60 m."""

    def cliff(u: Array, v: Array) -> Array:
        turn, down = 2 * np.pi * u, v
        ring = np.stack([np.cos(turn) * 1.3, down * 2.2, np.sin(turn) * 1.3], -1)
        n = ridged(ring.reshape(-1, 3), octaves=5, seed=2).reshape(u.shape)
        r = (7 + 9 * down**0.7 + 6 * n) * np.clip(down * 6, 0, 1) ** 0.5
        return np.stack(
            [r * np.sin(turn), 30 * (1 - down) ** 0.85 - 1 + 2.2 * n * (1 - down), r * np.cos(turn)], axis=-1
        )

    mesh = surface(cliff, 240, 150, close_u=True)
    p = mesh.points
    normals = mesh.normals * np.sign((mesh.normals * (p - [0, 8, 0])).sum(axis=1).mean())
    faces = mesh.faces if normals[0] @ mesh.normals[0] > 0 else mesh.faces[:, ::-1]
    top = np.clip((normals[:, 1:2] - 0.42 + 0.3 * fractal(p * 0.4, octaves=3)[:, None]) * 3, 0, 1) * np.clip(
        (p[:, 1:2] - 4) / 5, 0, 1
    )
    strata = 0.75 + 0.35 * np.sin(p[:, 1:2] * 2.2 + 2 * fractal(p * 0.2, octaves=3)[:, None])
    color = np.array([0.46, 0.36, 0.28]) * strata * (1 - top) + np.array([0.18, 0.27, 0.06]) * top
    color *= np.clip(p[:, 1:2] / 2.0, 0.25, 1)
    stack = Mesh(points=p, faces=faces, normals=normals, colors=np.clip(color, 0.01, 1))
    sea = surface(
        lambda u, v: np.stack(
            [
                (u - 0.5) * 60,
                0.12 * fractal(np.stack([u * 30, v * 30, 0 * u], -1).reshape(-1, 3), octaves=3).reshape(u.shape),
                (v - 0.5) * 60,
            ],
            -1,
        ),
        120,
        120,
    )
    return {
        "geo/seaStack.glb": glb(
            [
                part("stack", stack, _GROUND),
                part("sea", upward(sea), Look(name="sea", color=(0.008, 0.050, 0.060), roughness=0.12)),
            ]
        )
    }
