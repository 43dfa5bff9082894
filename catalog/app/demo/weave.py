"""The tiling surfaces of the world as pictures: base color, height, roughness and metal, from numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from catalog.app.demo.noise import cellular, tile, tiles
from catalog.app.demo.shapes import Array, Color, Look, Maps
from catalog.app.demo.writers import displayed, png


@dataclass(frozen=True, kw_only=True)
class Cloth:
    """A surface as pictures: linear color, height in shares of the tile's width, roughness and metal from 0 to 1."""

    color: Array
    height: Array
    rough: Array
    metal: Array


def _mix(low: Color, high: Color, share: Array) -> Array:
    blend = np.clip(share, 0, 1)[..., None]
    mixed: Array = np.asarray(low) * (1 - blend) + np.asarray(high) * blend
    return mixed


def _over(under: Array, color: Color, share: npt.NDArray[np.floating[Any]]) -> Array:
    blend = np.clip(share, 0, 1)[..., None]
    mixed: Array = under * (1 - blend) + np.asarray(color) * blend
    return mixed


def _ramp(values: Array, low: float, high: float) -> Array:
    t = np.clip((values - low) / (high - low), 0, 1)
    eased: Array = t * t * (3 - 2 * t)
    return eased


def _axes(size: int) -> tuple[Array, Array]:
    v, u = np.meshgrid(np.arange(size) / size, np.arange(size) / size, indexing="ij")
    return u, v


def _bricked(size: int, columns: int, rows: int, wobble: float, seed: int) -> tuple[Array, Array]:
    """Distance to the joint in shares of a row's height, and a value from 0 to 1 for each stone."""
    u, v = _axes(size)
    x = u + wobble * tiles(size, (5, 5), seed=seed)
    y = v + wobble * tiles(size, (5, 5), seed=seed + 1)
    row = np.floor(y * rows)
    shifted = x * columns + 0.5 * (row % 2)
    column = np.floor(shifted) % columns
    edge = np.minimum(
        np.minimum(shifted % 1, 1 - shifted % 1) * rows / columns, np.minimum(y * rows % 1, 1 - y * rows % 1)
    )
    stones = np.random.default_rng(seed).uniform(0, 1, (rows, columns))
    return edge, stones[(row % rows).astype(int), column.astype(int)]


def brick(size: int) -> Cloth:
    """Old brick with lime joints and soot."""
    edge, tone = _bricked(size, 4, 12, 0.004, 7)
    fine, coarse = tiles(size, (24, 24), seed=3), tiles(size, (4, 4), seed=4)
    stone = _ramp(edge, 0.07, 0.15)
    color = _mix((0.20, 0.055, 0.035), (0.42, 0.15, 0.085), tone + 0.25 * fine)
    color = _over(color, (0.10, 0.035, 0.035), (tone > 0.88) * 0.8)
    color = _over(color, (0.38, 0.34, 0.29), (1 - stone) * 0.95)
    color = _over(color, (0.045, 0.04, 0.04), _ramp(coarse, 0.15, 0.9) * 0.65)
    return Cloth(
        color=np.clip(color * (1 + 0.14 * fine[..., None]), 0, 1),
        height=0.018 * stone * (0.85 + 0.3 * tone) + 0.0035 * fine,
        rough=np.clip(0.82 + 0.1 * fine - 0.12 * stone, 0, 1),
        metal=np.zeros_like(fine),
    )


def cobble(size: int) -> Cloth:
    """Wet cobblestones with puddles between them."""
    first, second, which = cellular(size, 9, 21, spread=0.62)
    gap = second - first
    tone = np.random.default_rng(5).uniform(0, 1, 81)[which]
    fine, puddle = tiles(size, (20, 20), seed=8), tiles(size, (3, 3), octaves=3, seed=9)
    stone = _ramp(gap, 0.03, 0.34)
    color = _mix((0.05, 0.055, 0.062), (0.16, 0.155, 0.15), tone + 0.2 * fine)
    color = _over(color, (0.025, 0.024, 0.022), 1 - _ramp(gap, 0.02, 0.14))
    height = 0.03 * stone + 0.006 * tone + 0.002 * fine
    wet = _ramp(puddle * 0.5 - height * 26, -0.42, -0.2)
    return Cloth(
        color=color * (1 - 0.45 * wet[..., None]),
        height=np.maximum(height, 0.014 * wet),
        rough=np.clip(0.42 + 0.15 * fine + 0.2 * (1 - stone) - 0.36 * wet, 0.05, 1),
        metal=np.zeros_like(fine),
    )


def planks(size: int) -> Cloth:
    """Weathered dock planks with nails, running across."""
    u, v = _axes(size)
    count = 6
    row = np.floor(v * count).astype(int)
    rng = np.random.default_rng(17)
    tone, shift = rng.uniform(0, 1, count)[row], rng.uniform(0, 1, count)[row]
    edge = np.minimum(v * count % 1, 1 - v * count % 1)
    grain = tile(size, (3, 96), 5) + 0.6 * tile(size, (6, 128), 6)
    rings = np.sin(2 * np.pi * (v * count * 3 + 1.2 * tiles(size, (2, 6), octaves=3, seed=11)))
    end = np.abs((u + shift) % 1 - 0.5)
    joint = np.minimum(_ramp(edge, 0.015, 0.06), _ramp(end, 0.002, 0.006))
    nails = np.hypot((end - 0.03) * count, np.abs(v * count % 1 - 0.5) - 0.28) < 0.035
    color = _mix((0.16, 0.105, 0.062), (0.36, 0.265, 0.175), 0.35 + 0.4 * tone + 0.18 * grain + 0.1 * rings)
    color = _over(color, (0.33, 0.32, 0.29), _ramp(tiles(size, (3, 5), seed=12), 0.0, 0.9) * 0.55)
    color = _over(color, (0.02, 0.015, 0.012), 1 - joint)
    color = _over(color, (0.06, 0.04, 0.035), nails * 1.0)
    return Cloth(
        color=np.clip(color, 0, 1),
        height=0.012 * joint + 0.0016 * grain + 0.001 * rings + 0.004 * nails,
        rough=np.clip(0.74 + 0.08 * grain - 0.2 * nails, 0, 1),
        metal=0.6 * nails,
    )


def hull(size: int) -> Cloth:
    """Panels of the orbital station: white ceramic paint, seams, a few dark tiles, streaks."""
    u, v = _axes(size)
    rng = np.random.default_rng(31)
    seam, tone = np.full((size, size), 9.0), np.zeros((size, size))
    for cells, share in ((2, 1.0), (4, 0.55), (8, 0.22)):
        chosen = (rng.uniform(0, 1, (cells, cells)) < share)[(v * cells).astype(int), (u * cells).astype(int)]
        x, y = u * cells % 1, v * cells % 1
        edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y)) / cells
        seam = np.where(chosen, np.minimum(seam, edge), seam)
        tone = np.where(
            chosen, rng.uniform(0, 1, (cells, cells))[(v * cells).astype(int), (u * cells).astype(int)], tone
        )
    streaks = np.clip(tile(size, (40, 2), 3) + 0.6 * tile(size, (80, 4), 4), 0, 2)
    fine = tiles(size, (30, 30), seed=14)
    flat = _ramp(seam, 0.0012, 0.004)
    color = _mix((0.50, 0.51, 0.52), (0.72, 0.71, 0.68), tone + 0.05 * fine)
    dark = tone > 0.86
    color = _over(color, (0.07, 0.08, 0.095), dark * 1.0)
    orange = (tone > 0.52) & (tone < 0.57)
    color = _over(color, (0.62, 0.16, 0.03), orange * 0.9)
    color = _over(color, (0.16, 0.13, 0.11), streaks * 0.16)
    color = _over(color, (0.03, 0.03, 0.035), 1 - flat)
    rivet = np.hypot((u * 32) % 1 - 0.5, (v * 32) % 1 - 0.5) < 0.16
    rivet &= (seam < 0.034) & (seam > 0.012)
    return Cloth(
        color=np.clip(color, 0, 1),
        height=0.006 * flat + 0.003 * rivet + 0.002 * dark,
        rough=np.clip(0.42 + 0.08 * fine + 0.12 * streaks - 0.12 * dark, 0.05, 1),
        metal=np.where(dark, 0.7, 0.08),
    )


def rust(size: int) -> Cloth:
    """Painted steel of harbor cranes, flaking to rust."""
    coarse, fine = tiles(size, (4, 4), octaves=6, seed=41), tiles(size, (26, 26), seed=42)
    streak = tile(size, (30, 3), 43)
    rusted = _ramp(coarse + 0.25 * streak + 0.12 * fine, 0.12, 0.22)
    edge = _ramp(coarse + 0.25 * streak + 0.12 * fine, 0.02, 0.12) - rusted
    paint = _mix((0.03, 0.17, 0.20), (0.06, 0.28, 0.30), 0.5 + 0.3 * tiles(size, (2, 8), seed=44))
    old = _mix((0.10, 0.030, 0.012), (0.34, 0.12, 0.035), 0.5 + 0.5 * fine)
    color = paint * (1 - rusted[..., None]) + old * rusted[..., None]
    color = _over(color, (0.40, 0.38, 0.33), edge * 0.7)
    return Cloth(
        color=np.clip(color, 0, 1),
        height=0.006 * (1 - rusted) + 0.003 * fine * rusted + 0.0005 * fine,
        rough=np.clip(0.36 + 0.5 * rusted + 0.06 * fine, 0, 1),
        metal=0.35 * rusted,
    )


def roof(size: int) -> Cloth:
    """Glazed green roof tiles in rows of half rounds."""
    u, v = _axes(size)
    columns, rows = 8, 6
    x, y = u * columns % 1 - 0.5, v * rows % 1
    round_ = np.sqrt(np.clip(0.25 - x * x, 0, 1)) * 2
    tone = np.random.default_rng(6).uniform(0, 1, (rows, columns))[(v * rows).astype(int), (u * columns).astype(int)]
    fine, moss = tiles(size, (24, 24), seed=51), tiles(size, (4, 4), seed=52)
    color = _mix((0.010, 0.075, 0.060), (0.035, 0.19, 0.14), tone + 0.2 * fine)
    color = _over(color, (0.20, 0.13, 0.06), _ramp(y, 0.93, 0.99) * 0.7)
    grown = _ramp(moss - 0.8 * round_, -0.35, 0.3)
    color = _over(color, (0.05, 0.065, 0.02), grown * 0.8)
    return Cloth(
        color=np.clip(color, 0, 1),
        height=0.03 * round_ + 0.016 * y + 0.001 * fine,
        rough=np.clip(0.16 + 0.08 * fine + 0.55 * grown + 0.2 * _ramp(y, 0.93, 0.99), 0.05, 1),
        metal=np.zeros_like(fine),
    )


def plaster(size: int) -> Cloth:
    """Sea-green plaster that flakes off over an older ochre coat."""
    coarse, fine = tiles(size, (3, 3), octaves=6, seed=61), tiles(size, (32, 32), seed=62)
    coat = _ramp(coarse + 0.06 * fine, -0.2, -0.15)
    color = _mix((0.16, 0.34, 0.31), (0.28, 0.47, 0.41), 0.5 + 0.5 * tiles(size, (4, 4), seed=64))
    bare = _mix((0.40, 0.25, 0.10), (0.55, 0.40, 0.22), 0.5 + 0.5 * fine)
    color = bare * (1 - coat[..., None]) + color * coat[..., None]
    stain = np.clip(tile(size, (16, 2), 65), 0, 1)
    color = _over(color, (0.09, 0.09, 0.07), stain * 0.35)
    return Cloth(
        color=np.clip(color * (1 + 0.05 * fine[..., None]), 0, 1),
        height=0.006 * coat + 0.0016 * fine + 0.004 * coarse,
        rough=np.clip(0.72 + 0.08 * fine - 0.08 * coat, 0, 1),
        metal=np.zeros_like(fine),
    )


def lacquer(size: int) -> Cloth:
    """Red lacquer with inlaid gold clouds."""
    u, v = _axes(size)
    waves = np.zeros((size, size))
    for row in range(8):
        for column in range(4):
            x = (u - (column + 0.5 * (row % 2)) / 4 + 0.5) % 1 - 0.5
            y = (v - (row + 1) / 8 + 0.5) % 1 - 0.5
            far = np.hypot(x, y) * 8
            arc = (np.abs((far * 2.5) % 1 - 0.5) < 0.11) & (far < 1.0) & (y < 0)
            waves = np.where((far < 1.0) & (y < 0), arc * 1.0, waves)
    fine = tiles(size, (16, 16), seed=71)
    color = _mix((0.22, 0.010, 0.008), (0.40, 0.025, 0.014), 0.5 + 0.4 * fine)
    worn = _ramp(tiles(size, (5, 5), seed=72), 0.3, 0.6)
    gold = waves * (1 - 0.8 * worn)
    color = _over(color, (0.83, 0.56, 0.20), gold)
    return Cloth(
        color=np.clip(color, 0, 1),
        height=0.0022 * gold + 0.0003 * fine,
        rough=np.clip(0.14 + 0.05 * fine + 0.12 * gold + 0.2 * worn, 0.04, 1),
        metal=gold,
    )


def indigo(size: int) -> Cloth:
    """Indigo cotton in twill weave with white stitching."""
    u, v = _axes(size)
    count = 48
    warp = np.sin(2 * np.pi * (u * count)) * np.sign(np.sin(np.pi * (u + v) * count))
    twill = 0.5 + 0.5 * np.sin(2 * np.pi * (u + v) * count)
    fine, fade = tiles(size, (30, 30), seed=81), tiles(size, (3, 3), seed=82)
    color = _mix((0.012, 0.022, 0.075), (0.05, 0.09, 0.22), 0.35 + 0.3 * twill + 0.3 * fade + 0.15 * fine)
    x, y = u * 8 % 1, v * 16 % 1
    stitch = (np.abs(y - 0.5) < 0.10) & (np.abs((x + 0.5 * (np.floor(v * 16) % 2)) % 1 - 0.5) < 0.2)
    color = _over(color, (0.62, 0.60, 0.54), stitch * 0.95)
    return Cloth(
        color=np.clip(color, 0, 1),
        height=0.0025 * twill + 0.0012 * warp + 0.006 * stitch,
        rough=np.clip(0.88 + 0.06 * fine, 0, 1),
        metal=np.zeros_like(fine),
    )


WEAVES: dict[str, Callable[[int], Cloth]] = {
    "brick": brick,
    "cobble": cobble,
    "planks": planks,
    "hull": hull,
    "rust": rust,
    "roof": roof,
    "plaster": plaster,
    "lacquer": lacquer,
    "indigo": indigo,
}


def pictures(cloth: Cloth) -> Maps:
    """The surface as PNG maps: normals point along +Y (OpenGL), roughness in green, metal in blue, cavity in red."""
    size = len(cloth.height)
    height = cloth.height * size
    across = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) / 2
    down = (np.roll(height, -1, 0) - np.roll(height, 1, 0)) / 2
    normal = np.stack([-across, down, np.ones_like(height)], axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    packed = np.stack([np.ones_like(height), cloth.rough, cloth.metal], axis=-1)
    # Seven bits are more than an eye tells apart in a normal, and halve the file.
    coarse = np.round((normal * 0.5 + 0.5) * 127.5) / 127.5
    return Maps(color=png(displayed(cloth.color)), normal=png(coarse), rough=png(np.round(packed * 63) / 63))


@lru_cache(maxsize=16)
def maps(name: str, size: int = 256) -> Maps:
    """The pictures of a surface by name."""
    return pictures(WEAVES[name](size))


def woven(name: str, *, size: int = 256, tint: Color = (1, 1, 1), roughness: float = 1.0) -> Look:
    """A look with the pictures of that surface; ``tint`` multiplies its color."""
    return Look(
        name=f"{name}_{'_'.join(f'{round(c * 99)}' for c in tint)}",
        color=tint,
        roughness=roughness,
        metallic=1.0,
        maps=maps(name, size),
    )
