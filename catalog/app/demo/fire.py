"""Lantern fire: an element with its layers in one OpenEXR, and the same as a film that loops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from catalog.app.demo.asset import Files
from catalog.app.demo.noise import Array, fractal
from catalog.app.demo.writers import displayed, exr

SIZE, FILM_SIZE = (640, 480), (360, 270)
FRAMES, FRAMES_PER_S = 24, 12
_FRAME = 101
_RISE = 1.9
"""How far the noise of the flame rises in one turn of the film."""


@dataclass(frozen=True, kw_only=True)
class _Fire:
    """Light in linear values (height × width × 3), and what covers the background and how far it is away."""

    flame: Array
    smoke: Array
    glow: Array
    spark: Array
    alpha: Array
    depth: Array

    @property
    def beauty(self) -> Array:
        return self.flame + self.smoke + self.glow + self.spark


def layered() -> Files:
    """Lantern fire as an element: beauty with alpha, emission, smoke and depth in one OpenEXR."""
    fire = _fire(SIZE, 0.0)
    layers = {"A": fire.alpha, "Z": fire.depth}
    for index, channel in enumerate("RGB"):
        layers |= {
            channel: fire.beauty[..., index],
            f"emission.{channel}": (fire.flame + fire.spark)[..., index],
            f"smoke.{channel}": fire.smoke[..., index],
            f"glow.{channel}": fire.glow[..., index],
        }
    return {f"fx/lanternFire.{_FRAME:04d}.exr": exr(layers)}


def filmed() -> Files:
    """The layers again, and a film of two seconds that loops."""
    from catalog.media.makers.film import write_film  # noqa: PLC0415 — the demo is read by tests that make no films

    with TemporaryDirectory() as folder:
        path = Path(folder) / "loop.mp4"
        write_film(_frames(), path, frames_per_s=Fraction(FRAMES_PER_S))
        return {**layered(), "preview/lanternFire_loop.mp4": path.read_bytes()}


def _frames() -> Iterator[np.ndarray]:
    for number in range(FRAMES):
        shown = displayed(_fire(FILM_SIZE, number / FRAMES).beauty)
        yield np.round(np.clip(shown, 0, 1) * 255).astype(np.uint8)


def _fire(size: tuple[int, int], turn: float) -> _Fire:
    """The fire at a part of its loop, from 0 to 1; two moments of the rising noise are blended, so that it closes."""
    width, height = size
    v, u = np.meshgrid(np.linspace(1, 0, height), np.linspace(-0.667, 0.667, width), indexing="ij")

    def noise(x: Array, y: Array, z: float, *, octaves: int, seed: int) -> Array:
        def at(rise: float) -> Array:
            points = np.stack([x, y - rise, 0 * x + z], -1).reshape(-1, 3)
            found: Array = fractal(points, octaves=octaves, seed=seed).reshape(x.shape)
            return found

        if not turn:
            return at(0.0)
        blended = at(_RISE * turn) * (1 - turn) + at(_RISE * (turn - 1)) * turn
        evened: Array = blended / np.hypot(turn, 1 - turn)
        return evened

    warp = noise(u * 3, v * 2.2, 0, octaves=4, seed=3)
    x = u + 0.20 * warp * v
    wide = 0.20 * (1 - v) ** 0.6 * np.clip(v * 9, 0, 1) + 1e-3
    tongues = noise(x * 9, v * 3.0 - 1.3, 0, octaves=5, seed=9)
    heat = np.clip(1.25 - (x / wide) ** 2 * 0.5 - v * 1.05 + 0.55 * tongues, 0, 1.4)
    flame = np.stack([heat**1.2 * 7.0, heat**2.4 * 3.4, heat**4.5 * 1.3], axis=-1)
    thick = noise(x * 4.5, v * 4 - 2, 1, octaves=6, seed=11) + 0.35 - np.abs(x) * 2.2
    soot = np.clip(thick, 0, 1) * np.clip((v - 0.35) * 2.4, 0, 1)
    glow = np.exp(-((u / 0.30) ** 2 + ((v - 0.28) / 0.34) ** 2))[..., None] * np.array([0.45, 0.13, 0.03])
    smoke = soot[..., None] * (np.array([0.035, 0.03, 0.032]) + 0.6 * glow)
    sparks = _sparks(u, v, turn)
    return _Fire(
        flame=flame,
        smoke=smoke,
        glow=glow,
        spark=np.clip(sparks, 0, 1)[..., None] * np.array([9.0, 3.2, 0.7]),
        alpha=np.clip(heat + soot * 0.8 + sparks, 0, 1),
        depth=np.where(np.clip(heat + soot * 0.8 + sparks, 0, 1) > 0.02, 4.0 + 0.3 * x, 1000.0),
    )


def _sparks(u: Array, v: Array, turn: float) -> Array:
    """Sparks that rise, and begin below when they are above."""
    sparks = np.zeros_like(u)
    rng = np.random.default_rng(7)
    for _ in range(120):
        sx, sy, size = rng.normal(0, 0.17), rng.uniform(0.15, 1.0), rng.uniform(0.0012, 0.0035)
        height = 0.15 + (sy - 0.15 + turn * 0.85) % 0.85
        near = np.abs(v[:, 0] - height) < size * 8
        sparks[near] += np.exp(-(((u[near] - sx) ** 2 + ((v[near] - height) * 0.6) ** 2) / size**2))
    return sparks
