"""Sculpting by numbers: meshes, and the solids and surfaces that they are put together from. Meters, +Y up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Vector = tuple[float, float, float]
Color = tuple[float, float, float]
_SHARP = 0.80
"""The cosine of the turn from which a lathed profile has an edge instead of a curve."""


@dataclass(frozen=True, kw_only=True)
class Maps:
    """Pictures of a look as PNG: base color, tangent-space normals (+Y up), and roughness in green, metal in blue."""

    color: bytes
    normal: bytes
    rough: bytes


@dataclass(frozen=True, kw_only=True)
class Look:
    """A metallic-roughness surface; colors are linear. Where there are maps, the factors multiply them."""

    name: str
    color: Color = (0.5, 0.5, 0.5)
    roughness: float = 0.6
    metallic: float = 0.0
    emission: Color = (0.0, 0.0, 0.0)
    opacity: float = 1.0
    double_sided: bool = False
    maps: Maps | None = None


@dataclass(frozen=True, kw_only=True)
class Mesh:
    """Triangles over points with unit normals; ``uv`` has its origin at the top left, as glTF has it."""

    points: Array
    faces: Indices
    normals: Array
    uv: Array | None = None
    colors: Array | None = None


@dataclass(frozen=True, kw_only=True)
class Part:
    """A mesh of one look. ``shapes`` are blend shapes, as displacements of the points by name."""

    name: str
    mesh: Mesh
    look: Look
    shapes: dict[str, Array] = field(default_factory=dict)
    joints: Indices | None = None
    weights: Array | None = None


def unit(vectors: Array) -> Array:
    """The vectors with length one; a vector of no length points up."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    up = np.zeros_like(vectors)
    up[..., 1] = 1.0
    made: Array = np.where(lengths > 1e-12, vectors / np.maximum(lengths, 1e-12), up)
    return made


def smooth_normals(points: Array, faces: Indices) -> Array:
    """Normals averaged over the faces around each point, by their area."""
    corners = points[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    flat = faces.ravel()
    sums = [np.bincount(flat, np.repeat(across[:, axis], 3), minlength=len(points)) for axis in range(3)]
    return unit(np.stack(sums, axis=1))


def smoothed(points: Array, faces: Indices, *, uv: Array | None = None, colors: Array | None = None) -> Mesh:
    """A mesh with averaged normals."""
    return Mesh(points=points, faces=faces, normals=smooth_normals(points, faces), uv=uv, colors=colors)


def faceted(mesh: Mesh) -> Mesh:
    """The mesh with flat faces and hard edges."""
    flat = mesh.faces.ravel()
    points = mesh.points[flat]
    corners = points.reshape(-1, 3, 3)
    normals = unit(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]))
    return Mesh(
        points=points,
        faces=np.arange(len(points)).reshape(-1, 3),
        normals=np.repeat(normals, 3, axis=0),
        uv=None if mesh.uv is None else mesh.uv[flat],
        colors=None if mesh.colors is None else mesh.colors[flat],
    )


def outward(mesh: Mesh) -> Mesh:
    """A closed mesh turned so that its faces and normals look out."""
    a, b, c = (mesh.points[mesh.faces[:, corner]] - mesh.points.mean(axis=0) for corner in range(3))
    if (np.cross(a, b) * c).sum() >= 0:
        return mesh
    return replace(mesh, faces=mesh.faces[:, ::-1], normals=-mesh.normals)


def upward(mesh: Mesh) -> Mesh:
    """An open surface turned so that it faces up."""
    if mesh.normals[:, 1].mean() >= 0:
        return mesh
    return replace(mesh, faces=mesh.faces[:, ::-1], normals=-mesh.normals)


def turned(degrees: Vector) -> Array:
    """The matrix (for row vectors) that turns about X, then Y, then Z."""
    x, y, z = np.radians(degrees)
    about_x = np.array([[1, 0, 0], [0, np.cos(x), np.sin(x)], [0, -np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, -np.sin(y)], [0, 1, 0], [np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(z), np.sin(z), 0], [-np.sin(z), np.cos(z), 0], [0, 0, 1]])
    matrix: Array = about_x @ about_y @ about_z
    return matrix


def placed(mesh: Mesh, at: Vector = (0, 0, 0), *, turn: Vector = (0, 0, 0), scale: Vector | float = 1.0) -> Mesh:
    """The mesh scaled, turned (degrees about X, Y, Z) and moved."""
    size = np.broadcast_to(np.asarray(scale, float), 3)
    matrix = turned(turn)
    faces = mesh.faces[:, ::-1] if size.prod() < 0 else mesh.faces
    return replace(
        mesh,
        points=(mesh.points * size) @ matrix + np.asarray(at, float),
        normals=unit((mesh.normals / size) @ matrix),
        faces=faces,
    )


def mirrored(mesh: Mesh) -> Mesh:
    """The mesh on the other side of the YZ plane."""
    return placed(mesh, scale=(-1, 1, 1))


def joined(meshes: Iterable[Mesh]) -> Mesh:
    """All as one; texture coordinates and colors stay where all have them."""
    every = list(meshes)
    starts = np.cumsum([0, *(len(mesh.points) for mesh in every)])
    uvs = [mesh.uv for mesh in every if mesh.uv is not None]
    colors = [mesh.colors for mesh in every if mesh.colors is not None]
    return Mesh(
        points=np.concatenate([mesh.points for mesh in every]),
        faces=np.concatenate([mesh.faces + start for mesh, start in zip(every, starts, strict=False)]),
        normals=np.concatenate([mesh.normals for mesh in every]),
        uv=np.concatenate(uvs) if len(uvs) == len(every) else None,
        colors=np.concatenate(colors) if len(colors) == len(every) else None,
    )


def tinted(mesh: Mesh, color: Color | Array) -> Mesh:
    """The mesh with vertex colors."""
    return replace(mesh, colors=np.broadcast_to(np.asarray(color, float), mesh.points.shape).copy())


def box_mapped(mesh: Mesh, meters: float = 1.0, *, along: int | None = None) -> Mesh:
    """The mesh with texture coordinates laid on from the sides; ``along``: the axis that the picture's height follows."""
    axis = np.abs(mesh.normals).argmax(axis=1)
    up = (
        np.array([2, 1, 1])
        if along is None
        else np.array([along if along != side else (side + 1) % 3 for side in range(3)])
    )
    other = 3 - np.arange(3) - up
    rows = np.arange(len(axis))
    uv = np.stack([mesh.points[rows, other[axis]], -mesh.points[rows, up[axis]]], axis=1) / meters
    return replace(mesh, uv=uv)


def box(size: Vector, at: Vector = (0, 0, 0), *, bevel: float = 0.004, turn: Vector = (0, 0, 0)) -> Mesh:
    """A box with beveled edges that stands on ``at`` (the middle of its lower side)."""
    half = np.asarray(size, float) / 2
    inset = half - min(bevel, float(half.min()) * 0.9)
    signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
    points, normals = [], []
    for axis in range(3):
        own = signs * inset
        own[:, axis] = signs[:, axis] * half[axis]
        points.append(own)
        normals.append(np.eye(3)[axis] * signs)
    mesh = Mesh(points=np.concatenate(points), faces=_box_faces(), normals=np.concatenate(normals))
    middle = replace(mesh, points=mesh.points + np.array([0, half[1], 0]))
    return placed(middle, at, turn=turn)


def _box_faces() -> Indices:
    """Six sides, twelve bevels, eight corners over three points per corner (8 per axis)."""
    found: list[tuple[int, int, int]] = []
    corner = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    number = {one: index for index, one in enumerate(corner)}
    middle = np.array(corner) - 0.5

    def add(quad: Sequence[tuple[int, int]]) -> None:
        spots = np.array([middle[at] * (1 + np.eye(3)[axis]) for axis, at in quad])
        facing = np.cross(spots[1] - spots[0], spots[2] - spots[0]) @ spots.mean(axis=0)
        order = quad if facing > 0 else quad[::-1]
        flat = [8 * axis + at for axis, at in order]
        found.extend((flat[0], flat[n], flat[n + 1]) for n in range(1, len(flat) - 1))

    for axis in range(3):
        a, b = (axis + 1) % 3, (axis + 2) % 3
        for side in (0, 1):
            ring = []
            for u, v in ((0, 0), (1, 0), (1, 1), (0, 1)):
                at = [0, 0, 0]
                at[axis], at[a], at[b] = side, u, v
                ring.append((axis, number[(at[0], at[1], at[2])]))
            add(ring)
        for u in (0, 1):
            for v in (0, 1):
                ends = []
                for side in (0, 1):
                    at = [0, 0, 0]
                    at[axis], at[a], at[b] = side, u, v
                    ends.append(number[(at[0], at[1], at[2])])
                add([(a, ends[0]), (a, ends[1]), (b, ends[1]), (b, ends[0])])
    for index in range(8):
        add([(0, index), (1, index), (2, index)])
    return np.array(found, np.int64)


def net(points: Array, *, close_u: bool = False) -> Mesh:
    """The surface over a grid of points (rows × columns × 3); texture coordinates run from 0 to 1."""
    rows, columns = points.shape[:2]
    first = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    faces = np.concatenate(
        [
            np.stack([first, first + 1, first + columns + 1], 1),
            np.stack([first, first + columns + 1, first + columns], 1),
        ]
    )
    v, u = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
    mesh = smoothed(points.reshape(-1, 3), faces, uv=np.stack([u.ravel(), v.ravel()], axis=1))
    if not close_u:
        return mesh
    normals = mesh.normals.reshape(rows, columns, 3).copy()
    normals[:, 0] = normals[:, -1] = unit(normals[:, 0] + normals[:, -1])
    return replace(mesh, normals=normals.reshape(-1, 3))


def surface(place: Callable[[Array, Array], Array], columns: int, rows: int, *, close_u: bool = False) -> Mesh:
    """The surface that ``place(u, v)`` makes of the unit square; it faces along v × u."""
    v, u = np.meshgrid(np.linspace(0, 1, rows + 1), np.linspace(0, 1, columns + 1), indexing="ij")
    return net(place(u, v), close_u=close_u)


def lathe(profile: Sequence[tuple[float, float]], *, around: int = 40, at: Vector = (0, 0, 0)) -> Mesh:
    """A profile of (radius, height) from the bottom up, turned about Y; sharp turns of it become edges."""
    line = np.asarray(profile, float)
    ways = np.diff(line, axis=0)
    ways /= np.maximum(np.linalg.norm(ways, axis=1, keepdims=True), 1e-12)
    cuts = [n for n in range(1, len(line) - 1) if ways[n - 1] @ ways[n] < _SHARP]
    turns = np.linspace(0, 2 * np.pi, around + 1)
    pieces = []
    for start, end in zip([0, *cuts], [*cuts, len(line) - 1], strict=True):
        piece = line[start : end + 1]
        ring = np.stack([np.sin(turns), np.zeros_like(turns), np.cos(turns)], axis=1)
        points = piece[:, None, :1] * ring[None] + np.array([0, 1, 0]) * piece[:, None, 1:]
        pieces.append(net(points, close_u=True))
    return placed(outward(joined(pieces)), at)


def sweep(path: Array, radius: Array | float, *, around: int = 16, flat: float = 1.0) -> Mesh:
    """A tube along a path, closed at its ends; ``flat`` squeezes it across. Frames are carried along without twist."""
    ways = unit(np.gradient(path, axis=0))
    side = np.cross(ways[0], [0.0, 1.0, 0.0] if abs(ways[0, 1]) < 0.9 else [1.0, 0.0, 0.0])
    sides = np.empty_like(path)
    for index, way in enumerate(ways):
        side = side - (side @ way) * way
        side /= np.linalg.norm(side)
        sides[index] = side
    ups = np.cross(sides, ways)
    thick = np.broadcast_to(np.asarray(radius, float), len(path))
    order = np.array([0, *range(len(path)), len(path) - 1])
    thick = np.array([0.0, *thick, 0.0])
    turns = np.linspace(0, 2 * np.pi, around + 1)
    offsets = sides[order][:, None] * np.cos(turns)[:, None] + flat * ups[order][:, None] * np.sin(turns)[:, None]
    return outward(net(path[order][:, None] + offsets * thick[:, None, None], close_u=True))


def rod(start: Vector, end: Vector, radius: float, *, around: int = 12) -> Mesh:
    """A round bar between two places."""
    path = np.linspace(start, end, 2)
    return sweep(path, radius, around=around)


def extruded(outline: Sequence[tuple[float, float]], depth: float, *, at: Vector = (0, 0, 0)) -> Mesh:
    """An outline in X and Y, counterclockwise, drawn out along Z around ``at``, with hard edges."""
    ring = np.asarray(outline, float)
    count = len(ring)
    caps = np.array(_ears(ring), np.int64)
    front = np.column_stack([ring, np.full(count, depth / 2)])
    back = front * [1, 1, -1]
    n = np.arange(count)
    m = (n + 1) % count
    sides = np.concatenate([np.stack([n + count, m + count, m], 1), np.stack([n + count, m, n], 1)])
    faces = np.concatenate([caps, caps[:, ::-1] + count, sides])
    points = np.concatenate([front, back])
    return placed(faceted(Mesh(points=points, faces=faces, normals=points)), at)


def _ears(ring: Array) -> list[tuple[int, int, int]]:
    """Triangles of a simple polygon, by cutting ears (Meisters, 1975)."""
    left, found = list(range(len(ring))), []
    while len(left) > 3:
        for spot in range(len(left)):
            a, b, c = left[spot - 1], left[spot], left[(spot + 1) % len(left)]
            if _turn(ring[a], ring[b], ring[c]) <= 0:
                continue
            others = [ring[o] for o in left if o not in (a, b, c)]
            if not any(_inside(p, ring[a], ring[b], ring[c]) for p in others):
                found.append((a, b, c))
                left.pop(spot)
                break
        else:
            left.pop()
    return [*found, (left[0], left[1], left[2])]


def _turn(a: Array, b: Array, c: Array) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _inside(p: Array, a: Array, b: Array, c: Array) -> bool:
    return _turn(a, b, p) > 0 and _turn(b, c, p) > 0 and _turn(c, a, p) > 0


def smooth_path(points: Sequence[Vector], steps: int) -> Array:
    """A curve through the points (Catmull-Rom), in so many places."""
    knots = np.asarray(points, float)
    padded = np.concatenate([[2 * knots[0] - knots[1]], knots, [2 * knots[-1] - knots[-2]]])
    at = np.linspace(0, len(knots) - 1, steps)
    index = np.minimum(at.astype(int), len(knots) - 2)
    t = (at - index)[:, None]
    a, b, c, d = (padded[index + n] for n in range(4))
    curve: Array = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return curve


def ball(radius: float | Vector, at: Vector = (0, 0, 0), *, detail: int = 32) -> Mesh:
    """A ball or ellipsoid around ``at``."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, detail // 2 + 1)
    profile = [(max(0.0, float(np.cos(angle))), float(np.sin(angle))) for angle in angles]
    return placed(lathe(profile, around=detail), at, scale=radius)
