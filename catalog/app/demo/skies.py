"""Skies and rooms as lat-long light, a painting, and a render with layers: pictures in linear light."""

from __future__ import annotations

import numpy as np

from catalog.app.demo.asset import Files
from catalog.app.demo.noise import fractal, ridged
from catalog.app.demo.shapes import Array, Vector, unit
from catalog.app.demo.writers import displayed, hdr, png


def _ways(width: int) -> Array:
    """The direction of each pixel of a lat-long picture; its middle looks along -Z."""
    height = width // 2
    tilt, turn = np.meshgrid(
        np.pi * (np.arange(height) + 0.5) / height, 2 * np.pi * (np.arange(width) + 0.5) / width, indexing="ij"
    )
    return np.stack([-np.sin(tilt) * np.sin(turn), np.cos(tilt), np.sin(tilt) * np.cos(turn)], axis=-1)


def _sun(ways: Array, toward: Vector, sharp: float) -> Array:
    near: Array = np.clip(ways @ unit(np.asarray(toward, float)), 0, 1) ** sharp
    return near[..., None]


def _clouds(ways: Array, seed: int, *, scale: float = 1.1, stretch: float = 0.16) -> Array:
    up = np.clip(ways[..., 1], 0, 1)
    flat = np.stack([ways[..., 0] / (up + stretch), ways[..., 2] / (up + stretch), np.zeros_like(up)], axis=-1) * scale
    found: Array = fractal(flat.reshape(-1, 3), octaves=6, seed=seed).reshape(up.shape)
    return np.clip(found * 0.9 + 0.15, 0, 1) * np.clip(up * 7, 0, 1)


def _sea(light: Array, ways: Array, tint: Vector) -> Array:
    """Below the horizon, the mirrored sky on a rippled sea."""
    rows = len(light)
    mirrored = light[::-1] * np.asarray(tint)
    ripple = fractal(
        (ways / (np.abs(ways[..., 1:2]) + 0.03) * [2.5, 0, 2.5]).reshape(-1, 3), octaves=3, seed=8
    ).reshape(rows, -1, 1)
    mirrored = np.clip(mirrored * (1 + 0.45 * ripple), 0, None)
    below = np.clip(-ways[..., 1:2] * 160, 0, 1)
    joined: Array = light * (1 - below) + np.minimum(mirrored, 30) * below
    return joined


def _gradient(y: Array, low: Vector, high: Vector, fall: float) -> Array:
    share = np.exp(-fall * np.clip(y, 0, 1))[..., None]
    made: Array = np.asarray(low) * share + np.asarray(high) * (1 - share)
    return made


def _skyline(ways: Array, seed: int, tall: float) -> Array:
    """Where hills stand before the sky, from 0 to 1."""
    turn = np.arctan2(ways[..., 0], ways[..., 2])
    ring = np.stack([np.cos(turn) * 2.2, np.sin(turn) * 2.2, np.full_like(turn, seed)], axis=-1)
    height = tall * (0.35 + 0.9 * ridged(ring.reshape(-1, 3), octaves=5, seed=seed).reshape(turn.shape))
    return np.clip((height - ways[..., 1]) * 260, 0, 1)[..., None] * (ways[..., 1] > -0.002)[..., None]


def dusk() -> Files:
    """A low sun over the harbor."""
    ways = _ways(1024)
    y = ways[..., 1]
    toward = (0.45, 0.065, -0.89)
    light = _gradient(y, (1.25, 0.52, 0.22), (0.07, 0.13, 0.30), 5.5)
    light += _sun(ways, toward, 14) * [1.6, 0.62, 0.18] + _sun(ways, toward, 180) * [5.0, 2.2, 0.7]
    cloud = _clouds(ways, 3)[..., None]
    light = light * (1 - 0.7 * cloud) + cloud * (
        np.array([0.20, 0.13, 0.17]) + _sun(ways, toward, 3) * [1.9, 0.75, 0.30]
    )
    light += (_sun(ways, toward, 1) > np.cos(np.radians(0.9))) * np.array([5200.0, 3300.0, 1500.0])
    hills = _skyline(ways, 5, 0.075)
    light = light * (1 - hills) + hills * (np.array([0.05, 0.04, 0.055]) + _sun(ways, toward, 8) * [0.22, 0.09, 0.03])
    return {"hdr_dusk_1k.hdr": hdr(_sea(light, ways, (0.55, 0.55, 0.62)))}


def night_market() -> Files:
    """The market alley at night: lanterns in two rows, neon, wet ground."""
    ways = _ways(1024)
    light = _gradient(ways[..., 1], (0.16, 0.085, 0.13), (0.016, 0.024, 0.075), 3.0)
    wall = np.clip((0.50 * np.abs(np.sin(np.arctan2(ways[..., 0], ways[..., 2]))) + 0.05 - ways[..., 1]) * 90, 0, 1)[
        ..., None
    ]
    rough = fractal((ways * 9).reshape(-1, 3), octaves=4, seed=2).reshape(*ways.shape[:2], 1)
    light = light * (1 - wall) + wall * np.array([0.15, 0.085, 0.06]) * (1 + 0.7 * rough)
    rng = np.random.default_rng(4)
    for n in range(46):
        side, along = (-1 if n % 2 else 1), (n // 2 - 11) * 1.3 + 0.4
        toward = (side * 1.6, 1.0 + 0.25 * np.sin(n * 1.7), along)
        far = float(np.hypot(np.hypot(toward[0], toward[1]), toward[2]))
        color = np.array([(1.0, 0.22, 0.06), (1.0, 0.46, 0.12), (1.0, 0.70, 0.36)][n % 3])
        core = np.clip((ways @ unit(np.array(toward)) - np.cos(0.17 / far)) * 6e3 * far, 0, 1)[..., None]
        light = light * (1 - core) + core * color * 26
        light += _sun(ways, toward, 60 * far) * color * 0.9 + wall * _sun(ways, toward, 5) * color * 0.16 / far
    for n in range(16):
        side = -1 if n % 2 else 1
        z, up = rng.uniform(-7, 7), rng.uniform(0.4, 1.5)
        spot = ways * (side * 2.0 / np.where(np.abs(ways[..., :1]) < 1e-3, 1e-3, ways[..., :1]))
        hit = (
            (np.abs(spot[..., 2] - z) < rng.uniform(0.2, 0.7))
            & (np.abs(spot[..., 1] - up) < rng.uniform(0.05, 0.25))
            & (ways[..., 0] * side > 0)
        )
        light = np.where(
            hit[..., None],
            np.array([(0.1, 4.0, 5.0), (6.0, 0.4, 2.2), (5.5, 2.2, 0.4)][n % 3]) * (0.5 + rng.uniform()),
            light,
        )
    return {"hdr_nightMarket_1k.hdr": hdr(_sea(light, ways, (0.42, 0.40, 0.44)))}


def overcast() -> Files:
    """A bright overcast noon over the pier."""
    ways = _ways(1024)
    cloud = _clouds(ways, 21, scale=0.8, stretch=0.3)[..., None]
    light = _gradient(ways[..., 1], (0.95, 0.98, 1.02), (1.5, 1.52, 1.56), 2.0) * (0.65 + 0.75 * cloud)
    light += _sun(ways, (0.2, 0.8, -0.4), 5) * [1.5, 1.45, 1.35]
    hills = _skyline(ways, 9, 0.05)
    return {
        "hdr_overcastPier_1k.hdr": hdr(
            _sea(light * (1 - hills) + hills * np.array([0.26, 0.31, 0.34]), ways, (0.42, 0.50, 0.52))
        )
    }


def orbit() -> Files:
    """Space above the planet: an unclipped sun, the lit limb, stars."""
    ways = _ways(1024)
    toward = unit(np.array([-0.6, 0.25, -0.76]))
    stars = np.random.default_rng(9).uniform(0, 1, ways.shape[:2]) > 0.9985
    haze = np.clip(1 - np.abs(ways @ unit(np.array([0.5, 0.8, 0.2]))) * 3.2, 0, 1)[..., None]
    light = haze * np.array([0.012, 0.011, 0.016]) + stars[..., None] * np.random.default_rng(3).uniform(
        0.1, 1.6, (*ways.shape[:2], 1)
    )
    down = -ways[..., 1]
    planet = np.clip((down - 0.30) * 400, 0, 1)[..., None]
    ground = fractal((ways * [5, 9, 5]).reshape(-1, 3), octaves=6, seed=6).reshape(*ways.shape[:2], 1)
    swirl = np.clip(fractal((ways * 7 + ground * 0.5).reshape(-1, 3), octaves=5, seed=7), 0, 1).reshape(
        *ways.shape[:2], 1
    )
    day = np.clip((ways @ toward)[..., None] * 0.9 + 0.45, 0.02, 1)
    surface = np.where(ground > 0.12, [0.16, 0.15, 0.08], [0.012, 0.05, 0.11]) * (1 - swirl) + swirl * 0.85
    light = light * (1 - planet) + planet * surface * day * 2.2
    rim = np.exp(-(((down - 0.305) / 0.022) ** 2))[..., None]
    light += rim * day * np.array([0.25, 0.75, 1.7])
    light += (ways @ toward > np.cos(np.radians(0.6)))[..., None] * np.array([42000.0, 40000.0, 37000.0]) + _sun(
        ways, tuple(toward), 600
    ) * 6.0
    return {"hdr_orbitSun_1k.hdr": hdr(light)}


def _distance(u: Array, base: float, tall: float, seed: int, wide: float) -> Array:
    across = u[0]
    line = np.stack([across * wide, np.full_like(across, seed * 3.7), np.zeros_like(across)], axis=-1)
    made: Array = np.broadcast_to(base + tall * ridged(line, octaves=6, seed=seed), u.shape)
    return made


def _plane(picture: Array, u: Array, v: Array, plane: int) -> Array:
    """The picture with one more plane of hills or houses before it, the farthest first."""
    near = plane / 6
    line = _distance(u, 0.40 - 0.055 * plane, 0.17 - 0.012 * plane, plane + 3, 2.2 + 0.9 * plane)
    if plane in (3, 4, 5):
        steps = np.floor(u * (13 + 4 * plane))
        blocks = np.random.default_rng(plane).uniform(0, 1, 400)[steps.astype(int) % 400]
        line = np.maximum(line * 0.92, 0.30 - 0.055 * (plane - 3) + 0.16 * blocks**2)
    mask = np.clip((line - v) * 500, 0, 1)[..., None]
    haze = np.array([0.46, 0.20, 0.15]) * (1 - near) ** 1.5 + np.array([0.012, 0.018, 0.030]) * near
    low = np.clip(1 - (line - v) * 5, 0, 1)[..., None]
    picture = picture * (1 - mask) + mask * (haze * (0.65 + 0.35 * low))
    if plane in (3, 4, 5):
        cells_x, cells_y = u * (85 + 16 * plane), v * (70 + 12 * plane)
        on = (
            np.random.default_rng(plane + 40).uniform(0, 1, (400, 1200))[
                cells_y.astype(int) % 400, cells_x.astype(int) % 1200
            ]
            > 0.80
        )
        lit = on & (cells_x % 1 < 0.55) & (cells_y % 1 < 0.5) & (v < line - 0.012) & (v > 0.13)
        tone = np.random.default_rng(plane).uniform(0, 1, (400, 1200))[
            cells_y.astype(int) % 400, cells_x.astype(int) % 1200
        ]
        picture = np.where(
            lit[..., None],
            np.where((tone > 0.85)[..., None], [0.10, 0.80, 0.85], [1.0, 0.52, 0.16]) * (0.35 + 0.6 * near),
            picture,
        )
    return picture


def painting(width: int = 1280, height: int = 544, *, night: bool = True) -> Files:
    """Harbor town below the rising station, in seven planes of haze."""
    v, u = np.meshgrid(np.linspace(1, 0, height), np.linspace(0, width / height, width), indexing="ij")
    sky = np.clip((v - 0.32) / 0.68, 0, 1)[..., None]
    warm, cold = (
        (np.array([0.62, 0.24, 0.13]), np.array([0.018, 0.050, 0.12]))
        if night
        else (np.array([0.85, 0.62, 0.42]), np.array([0.16, 0.32, 0.52]))
    )
    picture = warm * (1 - sky) ** 2.2 + cold * (1 - (1 - sky) ** 2.2)
    cloud = np.clip(
        fractal(np.stack([u * 2.2, v * 9, 0 * u], -1).reshape(-1, 3), octaves=6, seed=4).reshape(u.shape), 0, 1
    )[..., None]
    picture = picture * (1 - 0.55 * cloud) + cloud * 0.55 * np.array([0.72, 0.28, 0.20]) * (1.15 - sky)
    stars = (np.random.default_rng(2).uniform(0, 1, u.shape) > 0.9990)[..., None]
    picture += stars * sky**2 * (1 - cloud) * 0.8
    moon = np.hypot(u - 1.62, v - 0.72)
    picture += (
        np.clip((0.115 - moon) * 220, 0, 1)[..., None]
        * np.array([0.75, 0.62, 0.48])
        * (
            0.75
            + 0.3
            * fractal(np.stack([u * 22, v * 22, 0 * u], -1).reshape(-1, 3), octaves=4, seed=5).reshape(u.shape)[
                ..., None
            ]
        )
    )
    picture += np.exp(-((moon / 0.28) ** 2))[..., None] * np.array([0.20, 0.11, 0.07])
    ring = np.abs(np.hypot((u - 1.62) * 0.94 + (v - 0.72) * 0.34, ((v - 0.72) * 0.94 - (u - 1.62) * 0.34) * 3.6) - 0.30)
    front = ((v - 0.72) * 0.94 - (u - 1.62) * 0.34 < 0) | (moon > 0.115)
    picture += (
        (np.clip((0.012 - ring) * 300, 0, 1) * front)[..., None]
        * np.array([0.75, 0.72, 0.66])
        * (0.4 + 0.6 * (np.sin(160 * np.arctan2(v - 0.72, u - 1.62)) > 0))[..., None]
    )
    for plane in range(7):
        picture = _plane(picture, u, v, plane)
    water = v < 0.13
    rows = np.clip(((0.26 - v) * (height - 1)), 0, height - 1).astype(int)
    shift = (
        5 * fractal(np.stack([u * 14, v * 260, 0 * u], -1).reshape(-1, 3), octaves=3, seed=6).reshape(u.shape)
    ).astype(int)
    columns = np.clip(np.arange(width)[None] + shift, 0, width - 1)
    mirror = picture[np.clip(height - 1 - rows, 0, height - 1), columns]
    picture = np.where(water[..., None], mirror * np.array([0.5, 0.55, 0.62]) + 0.006, picture)
    return {"plates/mtp_stationAboveHarbor_v.png": png(np.round(displayed(picture) * 127) / 127)}
