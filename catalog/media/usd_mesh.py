"""Turns one USD gprim into corners of triangles (or lines, or points), in numpy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from pxr import Usd, UsdGeom

from catalog.media.fans import fan_corners
from catalog.media.untyped import UsdObject

_ROUND_STEPS: Final = 24
_MOST_CURVE_SEGMENTS: Final = 400_000
_SHARPEST_COSINE: Final = 0.72


@dataclass(frozen=True, kw_only=True)
class Corners:
    """Corners in their prim's own space; ``faces`` says of which face each triangle is, for subsets by face."""

    positions: np.ndarray
    normals: np.ndarray | None
    coordinates: np.ndarray | None
    colors: np.ndarray | None
    faces: np.ndarray


def mesh_corners(mesh: UsdObject, time: UsdObject, coordinate_name: str) -> Corners | None:
    """The triangles of a mesh, fan by fan; None where it is empty or its indices lie."""
    points = np.asarray(mesh.GetPointsAttr().Get(time) or (), dtype=np.float64).reshape(-1, 3)
    counts = np.asarray(mesh.GetFaceVertexCountsAttr().Get(time) or (), dtype=np.int64)
    indices = np.asarray(mesh.GetFaceVertexIndicesAttr().Get(time) or (), dtype=np.int64)
    if not len(points) or not len(counts) or (counts < 0).any() or counts.sum() > len(indices):
        return None
    if len(indices) and (indices.min() < 0 or indices.max() >= len(points)):
        return None
    corners, faces = fan_corners(counts)
    if str(mesh.GetOrientationAttr().Get(time)) == UsdGeom.Tokens.leftHanded:
        corners = corners.reshape(-1, 3)[:, ::-1].ravel()
    vertices = indices[corners]
    faces_of_corners = np.repeat(faces, 3)

    def spread(primvar: UsdObject) -> np.ndarray | None:
        return _spread(primvar, time, vertices=vertices, corners=corners, faces=faces_of_corners)

    primvars = UsdGeom.PrimvarsAPI(mesh)
    return Corners(
        positions=points[vertices],
        normals=_normals(mesh, points=points, vertices=vertices, spread=spread),
        coordinates=_coordinates(primvars, coordinate_name, spread),
        colors=_fitting(spread(primvars.FindPrimvarWithInheritance("displayColor")), 3),
        faces=faces,
    )


def _spread(
    primvar: UsdObject, time: UsdObject, *, vertices: np.ndarray, corners: np.ndarray, faces: np.ndarray
) -> np.ndarray | None:
    """A primvar's value for every corner, whatever its interpolation; None where it is missing or too short."""
    if not primvar or not primvar.HasValue():
        return None
    flattened = primvar.ComputeFlattened(time)
    if flattened is None or not len(flattened):
        return None
    values = np.asarray(flattened)
    interpolation = primvar.GetInterpolation()
    where = {
        UsdGeom.Tokens.faceVarying: corners,
        UsdGeom.Tokens.vertex: vertices,
        UsdGeom.Tokens.varying: vertices,
        UsdGeom.Tokens.uniform: faces,
    }.get(interpolation, np.zeros(len(vertices), np.int64))
    return values[where] if len(where) and where.max() < len(values) else None


def _fitting(values: np.ndarray | None, width: int) -> np.ndarray | None:
    return values if values is not None and values.ndim == 2 and values.shape[1] == width else None  # noqa: PLR2004 — as many as it has components


def _coordinates(primvars: UsdObject, name: str, spread: Callable[[UsdObject], np.ndarray | None]) -> np.ndarray | None:
    """Texture coordinates, origin at the bottom as in USD; the named set, else the first two-component primvar."""
    names = [name, "st", "st0", "UVMap", "map1"]
    names += [
        str(each.GetPrimvarName())
        for each in primvars.GetPrimvars()
        if "float2" in str(each.GetTypeName()) or "texCoord2" in str(each.GetTypeName())
    ]
    for each in dict.fromkeys(names):
        found = _fitting(spread(primvars.FindPrimvarWithInheritance(each)), 2)
        if found is not None:
            return found
    return None


def _normals(
    mesh: UsdObject, *, points: np.ndarray, vertices: np.ndarray, spread: Callable[[UsdObject], np.ndarray | None]
) -> np.ndarray:
    """Authored normals of a polygon mesh, else flat ones; smooth ones for a subdivision surface, as its limit has."""
    if str(mesh.GetSubdivisionSchemeAttr().Get()) == UsdGeom.Tokens.none:
        authored = _fitting(spread(UsdGeom.PrimvarsAPI(mesh).FindPrimvarWithInheritance("normals")), 3)
        if authored is None and mesh.GetNormalsAttr().HasAuthoredValue():
            authored = _fitting(spread(UsdGeom.Primvar(mesh.GetNormalsAttr())), 3)
        return _authored_or_flat(authored, points[vertices])
    smooth = np.zeros_like(points)
    faces = np.cross(points[vertices[1::3]] - points[vertices[0::3]], points[vertices[2::3]] - points[vertices[0::3]])
    for corner in range(3):
        np.add.at(smooth, vertices[corner::3], faces)
    flat = np.repeat(_unit(faces), 3, axis=0)
    rounded = _unit(smooth)[vertices]
    # Where the cage turns sharply (a crease, or a coarse cage) smoothing only smears; it is left faceted there.
    is_sharp = (rounded * flat).sum(axis=1, keepdims=True) < _SHARPEST_COSINE
    return np.where(is_sharp, flat, rounded)


def _authored_or_flat(authored: np.ndarray | None, corners: np.ndarray) -> np.ndarray:
    return authored if authored is not None else np.repeat(_face_normals(corners), 3, axis=0)


def _face_normals(corners: np.ndarray) -> np.ndarray:
    return _unit(np.cross(corners[1::3] - corners[0::3], corners[2::3] - corners[0::3]))


def _unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: np.ndarray = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit


def solid_corners(prim: UsdObject, time: UsdObject) -> Corners | None:
    """A cube, sphere, cylinder, cone, capsule or plane as triangles; None for other prims."""
    grid = _solid_grid(prim, time)
    if grid is None:
        return None
    rows, columns = grid.shape[:2]
    first = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    quads = np.stack(
        [first, first + 1, first + columns + 1, first, first + columns + 1, first + columns], axis=1
    ).ravel()
    positions = grid.reshape(-1, 3)[quads]
    colors = UsdGeom.Gprim(prim).GetDisplayColorAttr().Get(time)
    color = np.asarray(colors[0]) if colors and len(colors) else None
    return Corners(
        positions=positions,
        normals=np.repeat(_face_normals(positions), 3, axis=0),
        coordinates=None,
        colors=None if color is None else np.repeat(color[None], len(positions), axis=0),
        faces=np.arange(len(positions) // 3),
    )


def _solid_grid(prim: UsdObject, time: UsdObject) -> np.ndarray | None:
    """Points of the surface as rows along its axis."""
    if prim.IsA(UsdGeom.Cube):
        half = float(UsdGeom.Cube(prim).GetSizeAttr().Get(time)) / 2
        profile = [(0.0, -half), (half, -half), (half, half), (0.0, half)]
        turned = np.arange(5) * np.pi / 2 + np.pi / 4
        return _revolved([(radius * np.sqrt(2), along) for radius, along in profile], turned, "Z")
    turned = np.linspace(0, 2 * np.pi, _ROUND_STEPS + 1)
    if prim.IsA(UsdGeom.Sphere):
        radius = float(UsdGeom.Sphere(prim).GetRadiusAttr().Get(time))
        angles = np.linspace(-np.pi / 2, np.pi / 2, _ROUND_STEPS // 2 + 1)
        return _revolved([(radius * np.cos(angle), radius * np.sin(angle)) for angle in angles], turned, "Z")
    for kind in (UsdGeom.Cylinder, UsdGeom.Cone, UsdGeom.Capsule):
        if prim.IsA(kind):
            solid = kind(prim)
            radius, half = float(solid.GetRadiusAttr().Get(time)), float(solid.GetHeightAttr().Get(time)) / 2
            return _revolved(_profile(kind, radius, half), turned, str(solid.GetAxisAttr().Get(time)))
    if prim.IsA(UsdGeom.Plane):
        plane = UsdGeom.Plane(prim)
        half_width, half_length = float(plane.GetWidthAttr().Get(time)) / 2, float(plane.GetLengthAttr().Get(time)) / 2
        flat = np.array(
            [
                [[-half_width, -half_length, 0], [half_width, -half_length, 0]],
                [[-half_width, half_length, 0], [half_width, half_length, 0]],
            ]
        )
        return _along(flat, str(plane.GetAxisAttr().Get(time)))
    return None


def _profile(kind: UsdObject, radius: float, half: float) -> list[tuple[float, float]]:
    if kind is UsdGeom.Cylinder:
        return [(0.0, -half), (radius, -half), (radius, half), (0.0, half)]
    if kind is UsdGeom.Cone:
        return [(0.0, -half), (radius, -half), (0.0, half)]
    quarter = np.linspace(0, np.pi / 2, _ROUND_STEPS // 4 + 1)
    lower = [(radius * np.sin(angle), -half - radius * np.cos(angle)) for angle in quarter]
    upper = [(radius * np.cos(angle), half + radius * np.sin(angle)) for angle in quarter]
    return lower + upper


def _revolved(profile: list[tuple[float, float]], angles: np.ndarray, axis: str) -> np.ndarray:
    rows = np.array(
        [[(radius * np.cos(angle), radius * np.sin(angle), along) for angle in angles] for radius, along in profile]
    )
    return _along(rows, axis)


def _along(points: np.ndarray, axis: str) -> np.ndarray:
    """Points made along Z, turned to lie along ``axis``."""
    order = {"X": (2, 0, 1), "Y": (1, 2, 0), "Z": (0, 1, 2)}[axis]
    return points[..., order]


def curve_lines(prim: UsdObject, time: UsdObject) -> tuple[np.ndarray, np.ndarray | None] | None:
    """Ends of the segments of curves, through their control points; evenly thinned where they are very many."""
    curves = UsdGeom.Curves(prim)
    points = np.asarray(curves.GetPointsAttr().Get(time) or (), dtype=np.float64).reshape(-1, 3)
    counts = np.asarray(curves.GetCurveVertexCountsAttr().Get(time) or (), dtype=np.int64)
    if not len(points) or not len(counts) or (counts < 0).any() or counts.sum() > len(points):
        return None
    starts = np.cumsum(counts) - counts
    step = max(int((counts.sum() // _MOST_CURVE_SEGMENTS) + 1), 1)
    kept = np.arange(0, len(counts), step)
    segments = np.maximum(counts[kept] - 1, 0)
    base = np.repeat(starts[kept], segments)
    within = np.arange(segments.sum()) - np.repeat(np.cumsum(segments) - segments, segments)
    first = base + within
    ends = np.stack([first, first + 1], axis=1).ravel()
    return points[ends], _first_color(prim, time, len(ends))


def point_cloud(prim: UsdObject, time: UsdObject) -> tuple[np.ndarray, np.ndarray | None] | None:
    """The points of a UsdGeomPoints and their color."""
    points = np.asarray(UsdGeom.Points(prim).GetPointsAttr().Get(time) or (), dtype=np.float64).reshape(-1, 3)
    if not len(points):
        return None
    colors = UsdGeom.Gprim(prim).GetDisplayColorAttr().Get(time)
    if colors and len(colors) == len(points):
        return points, np.asarray(colors)
    return points, _first_color(prim, time, len(points))


def _first_color(prim: UsdObject, time: UsdObject, count: int) -> np.ndarray | None:
    colors = UsdGeom.Gprim(prim).GetDisplayColorAttr().Get(time)
    return np.repeat(np.asarray(colors[0])[None], count, axis=0) if colors and len(colors) else None


def usable_time(stage: UsdObject) -> UsdObject:
    """The first frame of the scene, where one is authored; else the first sample of each attribute."""
    return Usd.TimeCode(stage.GetStartTimeCode()) if stage.HasAuthoredTimeCodeRange() else Usd.TimeCode.EarliestTime()
