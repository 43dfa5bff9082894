"""Noise that is the same on every machine: smooth values in space, and pictures of it that tile."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


_PRIMES = (73856093, 19349663, 83492791)
_BLOCK = 1 << 13
"""So many points at once, so that what is worked on stays in the processor's cache."""


def value(points: Array, seed: int = 0) -> Array:
    """Smooth noise from -1 to 1 at points (rows of three), one bump per unit."""
    total = np.empty(len(points))
    for start in range(0, len(points), _BLOCK):
        total[start : start + _BLOCK] = _value(points[start : start + _BLOCK].T, seed)
    return total


def _value(axes: Array, seed: int) -> Array:
    """The values of the eight corners around each point, mixed by how near they are; ``axes`` are rows x, y, z."""
    low = np.floor(axes)
    t = axes - low
    t = t * t * (3 - 2 * t)
    cells = low.astype(np.int64)
    near = [
        ((cell * prime, 1 - s), (cell * prime + prime, s)) for cell, prime, s in zip(cells, _PRIMES, t, strict=True)
    ]
    total = np.zeros(axes.shape[1])
    for x, from_x in near[0]:
        for y, from_y in near[1]:
            xy, from_xy = x + y + seed * 1013904223, from_x * from_y
            for z, from_z in near[2]:
                corner = _hashed(xy + z) * from_xy
                corner *= from_z
                total += corner
    total /= 0x7FFFFF
    total -= 1.0  # the parts of the eight corners are one together
    return total


def _hashed(mixed: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """A value from 0 to 0xFFFFFF for each integer; what is given is used up."""
    mixed ^= mixed >> 13
    mixed *= 1274126177
    mixed ^= mixed >> 16
    mixed &= 0xFFFFFF
    return mixed


def fractal(points: Array, *, octaves: int = 4, seed: int = 0) -> Array:
    """Noise with detail at every scale, about -1 to 1."""
    total, strength = np.zeros(len(points)), 1.0
    for octave in range(octaves):
        total += strength * value(points * 2.03**octave + 17.1 * octave, seed + octave)
        strength /= 2
    return total


def ridged(points: Array, *, octaves: int = 5, seed: int = 0) -> Array:
    """Noise with sharp crests, from 0 to about 1: mountains (Musgrave, Texturing and Modeling, 2003)."""
    total, strength, weight = np.zeros(len(points)), 0.5, np.ones(len(points))
    for octave in range(octaves):
        crest = (1 - np.abs(value(points * 2.1**octave + 9.7 * octave, seed + octave))) ** 2
        total += strength * crest * weight
        weight, strength = np.clip(crest * 1.6, 0, 1), strength * 0.5
    return total


def tile(size: int, cells: tuple[int, int], seed: int = 0) -> Array:
    """A picture (size × size) of smooth noise from -1 to 1 that repeats; ``cells`` bumps across and down."""
    lattice = np.random.default_rng(seed).uniform(-1, 1, (cells[1], cells[0]))
    j, right, u = _steps(size, cells[0])
    i, down, v = _steps(size, cells[1])
    across = lattice[:, j] * (1 - u) + lattice[:, right] * u
    blended: Array = across[i] * (1 - v)[:, None] + across[down] * v[:, None]
    return blended


def _steps(size: int, cells: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Array]:
    """For each pixel of a line the points of the lattice around it, and how near it is to the second."""
    place = np.arange(size) / size * cells
    before = place.astype(int)
    way = place - before
    return before, (before + 1) % cells, way * way * (3 - 2 * way)


def tiles(size: int, cells: tuple[int, int], *, octaves: int = 5, seed: int = 0, fade: float = 0.5) -> Array:
    """``tile`` with detail at every scale, about -1 to 1."""
    total, strength = np.zeros((size, size)), 1.0
    for octave in range(octaves):
        total += strength * tile(size, (cells[0] * 2**octave, cells[1] * 2**octave), seed + 31 * octave)
        strength *= fade
    return total / 1.5


def cellular(
    size: int, cells: int, seed: int = 0, *, spread: float = 0.9
) -> tuple[Array, Array, npt.NDArray[np.int64]]:
    """Distances to the nearest and second nearest of scattered points, in cells, and which is nearest; it repeats.

    S. Worley, A Cellular Texture Basis Function, 1996.
    """
    scattered = np.random.default_rng(seed).uniform(0.5 - spread / 2, 0.5 + spread / 2, (cells, cells, 2))
    y, x = np.meshgrid(np.arange(size) / size * cells, np.arange(size) / size * cells, indexing="ij")
    i, j = y.astype(int), x.astype(int)
    first, second = np.full((size, size), 9.0), np.full((size, size), 9.0)
    nearest = np.zeros((size, size), np.int64)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            row, column = (i + down) % cells, (j + right) % cells
            center = scattered[row, column]
            far = np.hypot(i + down + center[..., 0] - y, j + right + center[..., 1] - x)
            closer = far < first
            second = np.where(closer, first, np.minimum(second, far))
            nearest = np.where(closer, row * cells + column, nearest)
            first = np.where(closer, far, first)
    return first, second, nearest
