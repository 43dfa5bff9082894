"""Sculpting with distances: solids that melt into each other, and the mesh of where the distance is nought.

Distances are in meters, negative inside. Formulas: I. Quilez, Distance Functions; meshing by naive surface nets
(S. Gibson, Constrained Elastic Surface Nets, 1998), after which the points are drawn onto the surface.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from catalog.app.demo.shapes import Array, Mesh, Vector, turned, unit

Solid = Callable[[Array], Array]
_BLOCK = 4
_AT_ONCE = 1 << 13
"""So many points are measured at once, so that what is worked on stays in the processor's cache."""


def ellipsoid(p: Array, at: Vector, radii: Vector, turn: Vector | None = None) -> Array:
    """An ellipsoid, its distance approximated; ``turn`` in degrees."""
    q = p - np.asarray(at)
    if turn is not None:
        q = q @ turned(turn).T
    q = q / np.asarray(radii)
    far = _length(q) + 1e-9
    distance: Array = far * (far - 1) / (_length(q / np.asarray(radii)) + 1e-9)
    return distance


def capsule(p: Array, a: Vector, b: Vector, radius: float, end_radius: float | None = None) -> Array:
    """A round bar, thinner towards the end where ``end_radius`` says so."""
    start, way = np.asarray(a, float), np.subtract(b, a).astype(float)
    h = np.clip((p - start) @ way / (way @ way), 0, 1)
    thick = radius + ((radius if end_radius is None else end_radius) - radius) * h
    distance: Array = _length(p - start - h[..., None] * way) - thick
    return distance


def chain(p: Array, points: Sequence[Vector] | Array, radii: Sequence[float] | Array, blend: float = 0.02) -> Array:
    """A limb: capsules through the points, melted together."""
    total = capsule(p, tuple(points[0]), tuple(points[1]), float(radii[0]), float(radii[1]))
    for n in range(1, len(points) - 1):
        total = melt(
            total, capsule(p, tuple(points[n]), tuple(points[n + 1]), float(radii[n]), float(radii[n + 1])), blend
        )
    return total


def brick(p: Array, at: Vector, size: Vector, rounding: float = 0.01, turn: Vector | None = None) -> Array:
    """A box around ``at`` with rounded edges."""
    q = p - np.asarray(at)
    if turn is not None:
        q = q @ turned(turn).T
    q = np.abs(q) - np.asarray(size) / 2 + rounding
    distance: Array = _length(np.maximum(q, 0)) + np.minimum(q.max(axis=-1), 0) - rounding
    return distance


def cylinder(p: Array, at: Vector, radius: float, length: float, axis: int = 0, rounding: float = 0.01) -> Array:
    """A cylinder along an axis."""
    q = p - np.asarray(at)
    others = [n for n in range(3) if n != axis]
    across = np.hypot(q[..., others[0]], q[..., others[1]]) - radius + rounding
    along = np.abs(q[..., axis]) - length / 2 + rounding
    outside = np.hypot(np.maximum(across, 0), np.maximum(along, 0))
    distance: Array = outside + np.minimum(np.maximum(across, along), 0) - rounding
    return distance


def _length(v: Array) -> Array:
    """The lengths of vectors (rows), several times as fast as by ``linalg.norm``."""
    lengths: Array = np.sqrt(np.einsum("...i,...i->...", v, v))
    return lengths


def melt(a: Array, b: Array, width: float) -> Array:
    """Both, with a fillet of about that width."""
    h = np.maximum(width - np.abs(a - b), 0) / width
    both: Array = np.minimum(a, b) - h * h * width / 4
    return both


def carve(a: Array, b: Array, width: float = 0.005) -> Array:
    """The first without the second, with a rounded edge."""
    return -melt(-a, b, width)


def meshed(solid: Solid, low: Vector, high: Vector, cell: float, *, settle: int = 2) -> Mesh:
    """The surface of a solid within a box, from cells of that size; normals are the gradient of the distance."""
    field = _sampled(solid, np.asarray(low, float), np.asarray(high, float), cell)
    points, faces = _nets(field)
    points = points * cell + np.asarray(low)
    slope = cell * 0.25
    normals = _gradient(solid, points, slope)
    for _ in range(settle):
        moved = np.clip(_measured(solid, points), -cell, cell)
        points = points - 0.9 * moved[:, None] * normals
        normals = _gradient(solid, points, slope)
    return Mesh(points=points, faces=faces, normals=normals)


def _sampled(solid: Solid, low: Array, high: Array, cell: float) -> Array:
    """Distances on a grid; blocks that are far from the surface by a coarse look only keep their sign."""
    blocks = np.ceil((high - low) / (cell * _BLOCK)).astype(int)
    centers = np.stack(np.meshgrid(*(np.arange(n) for n in blocks), indexing="ij"), axis=-1).reshape(-1, 3)
    coarse = _measured(solid, low + (centers * _BLOCK + (_BLOCK - 1) / 2) * cell)
    near = np.abs(coarse) < _BLOCK * cell * 2.2
    within = np.stack(np.meshgrid(*[np.arange(_BLOCK)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    shape = (len(centers), _BLOCK, _BLOCK, _BLOCK)
    field = np.broadcast_to(np.sign(coarse)[:, None, None, None], shape).copy()
    places = low + (centers[near][:, None] * _BLOCK + within) * cell
    field[near] = _measured(solid, places.reshape(-1, 3)).reshape(-1, *shape[1:])
    split = field.reshape(*blocks, _BLOCK, _BLOCK, _BLOCK).transpose(0, 3, 1, 4, 2, 5)
    return split.reshape(*(int(n) * _BLOCK for n in blocks))


def _measured(solid: Solid, points: Array) -> Array:
    distances = np.empty(len(points))
    for start in range(0, len(points), _AT_ONCE):
        distances[start : start + _AT_ONCE] = solid(points[start : start + _AT_ONCE])
    return distances


def shaded(solid: Solid, mesh: Mesh, reach: float, *, depth: float = 0.75) -> Array:
    """How open each point is, from ``1 - depth`` in a crease to 1: what is near along the normal darkens it."""
    total = np.zeros(len(mesh.points))
    for step in (0.35, 1.0):
        free = _measured(solid, mesh.points + mesh.normals * reach * step) / (reach * step)
        total += np.clip(free, 0, 1) / 2
    open_: Array = 1 - depth * (1 - total)
    return open_


def _gradient(solid: Solid, points: Array, step: float) -> Array:
    shifts = np.array([[1, -1, -1], [-1, -1, 1], [-1, 1, -1], [1, 1, 1]], float)
    total = np.zeros_like(points)
    for shift in shifts:
        total += shift * _measured(solid, points + shift * step)[:, None]
    return unit(total)


def _nets(field: Array) -> tuple[Array, np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    """One point per cell that the surface passes, in cells, and two triangles per edge that it crosses."""
    inside = field < 0
    cells = tuple(size - 1 for size in field.shape)
    sums, counts = np.zeros((*cells, 3)), np.zeros(cells)
    for axis in range(3):
        low = [slice(None)] * 3
        high = [slice(None)] * 3
        low[axis], high[axis] = slice(0, -1), slice(1, None)
        a, b = field[tuple(low)], field[tuple(high)]
        crossed = inside[tuple(low)] != inside[tuple(high)]
        where = np.where(crossed, a / np.where(crossed, a - b, 1), 0)
        others = [n for n in range(3) if n != axis]
        for first in (0, 1):
            for second in (0, 1):
                cut = [slice(None)] * 3
                for other, offset in zip(others, (first, second), strict=True):
                    cut[other] = slice(offset, offset + cells[other])
                counts += crossed[tuple(cut)]
                sums[..., axis] += where[tuple(cut)]
                for other, offset in zip(others, (first, second), strict=True):
                    sums[..., other] += offset * crossed[tuple(cut)]
    used = counts > 0
    number = np.full(cells, -1, np.int64)
    number[used] = np.arange(used.sum())
    points = np.argwhere(used) + sums[used] / counts[used][:, None]
    quads = [_quads(inside, number, axis) for axis in range(3)]
    ring = np.concatenate(quads)
    return points, np.concatenate([ring[:, [0, 1, 2]], ring[:, [0, 2, 3]]])


def _quads(inside: np.ndarray, number: np.ndarray, axis: int) -> np.ndarray:
    """The four cells around each crossed edge along an axis, in the order that faces out."""
    b, c = (axis + 1) % 3, (axis + 2) % 3
    low, high = [slice(None)] * 3, [slice(None)] * 3
    low[axis], high[axis] = slice(0, -1), slice(1, None)
    crossed = inside[tuple(low)] != inside[tuple(high)]
    at = np.argwhere(crossed)
    at = at[(at[:, b] > 0) & (at[:, c] > 0) & (at[:, b] < number.shape[b]) & (at[:, c] < number.shape[c])]
    corners = []
    for db, dc in ((0, 0), (1, 0), (1, 1), (0, 1)):
        spot = at.copy()
        spot[:, b] -= db
        spot[:, c] -= dc
        corners.append(number[tuple(spot.T)])
    ring = np.stack(corners, axis=1)
    leaving = inside[tuple(at.T)]
    return np.where(leaving[:, None], ring, ring[:, ::-1])
