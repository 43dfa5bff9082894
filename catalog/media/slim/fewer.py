"""Fewer triangles of the same shape: seams of texture coordinates, hard edges and all other attributes stay.

Corners are joined by position and edges collapsed by quadrics (Garland and Heckbert 1997, by fast-simplification). Each
corner that is left takes its attributes, as a whole, from one corner that collapsed into it on the same side of every
seam, so that nothing is mixed that does not belong together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import fast_simplification
import numpy as np

_AGGRESSION: Final = 5.0
_FEWEST: Final = 32
"""A part of so few triangles is left alone: it is a box or a blade, and would only be spoiled."""
_MULTIPLIERS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


@dataclass(frozen=True, kw_only=True)
class Mesh:
    """Triangles (rows of three vertices) and what each vertex has; ``positions`` is one of its ``attributes``.

    ``targets`` are what each morph target adds to them.
    """

    triangles: np.ndarray
    attributes: dict[str, np.ndarray]
    targets: tuple[dict[str, np.ndarray], ...] = ()

    @property
    def positions(self) -> np.ndarray:
        """Where the vertices are."""
        return self.attributes["POSITION"]

    def of(self, vertices: np.ndarray, triangles: np.ndarray) -> Mesh:
        """The mesh of these vertices, in this order."""
        return replace(
            self,
            triangles=triangles,
            attributes={name: values[vertices] for name, values in self.attributes.items()},
            targets=tuple({name: values[vertices] for name, values in target.items()} for target in self.targets),
        )


def joined(mesh: Mesh) -> Mesh:
    """The same mesh with every vertex once; triangles that lead back to one are left out."""
    everything = [*mesh.attributes.values(), *(values for target in mesh.targets for values in target.values())]
    rows = np.concatenate([_words(values) for values in everything], axis=1)
    first, which = _distinct(rows)
    return mesh.of(first, _solid(which[mesh.triangles]))


def fewer(mesh: Mesh, wanted: int) -> Mesh:
    """About ``wanted`` triangles of the mesh, or as few as its shape allows."""
    if len(mesh.triangles) <= max(wanted, _FEWEST):
        return mesh
    first, point_of = _distinct(_words(mesh.positions))
    points, faces = mesh.positions[first].astype(np.float64), _solid(point_of[mesh.triangles])
    used, faces = np.unique(faces, return_inverse=True)
    faces = faces.reshape(-1, 3).astype(np.int32)
    *_, collapses = fast_simplification.simplify(
        points[used], faces, target_count=max(wanted, _FEWEST), agg=_AGGRESSION, return_collapses=True
    )
    moved, _, mapping = fast_simplification.replay_simplification(points[used], faces, collapses)
    place = np.full(len(points), -1)
    place[used] = mapping
    return _gathered(mesh, place[point_of], moved)


def _gathered(mesh: Mesh, place: np.ndarray, moved: np.ndarray) -> Mesh:
    """The mesh whose vertices went to these places (-1: nowhere); ``moved`` is where the places are."""
    corners = place[mesh.triangles]
    left = (corners >= 0).all(axis=1) & _is_solid(corners)
    once, _ = _distinct(np.sort(corners[left], axis=1))
    triangles = mesh.triangles[left][once]
    stands_for = _nearest(_sides(mesh.triangles, place), place, mesh.positions, moved)
    vertices, which = np.unique(stands_for[triangles], return_inverse=True)
    made = mesh.of(vertices, which.reshape(-1, 3))
    made.attributes["POSITION"] = moved[place[vertices]].astype(np.float32)
    return made


def _sides(triangles: np.ndarray, place: np.ndarray) -> np.ndarray:
    """A number for each vertex: equal for those that went to one place along edges of triangles, not across a seam."""
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    edges = edges[place[edges[:, 0]] == place[edges[:, 1]]]
    side = np.arange(len(place))
    while len(edges):
        one, other = side[edges[:, 0]], side[edges[:, 1]]
        lower = np.minimum(one, other)
        np.minimum.at(side, one, lower)
        np.minimum.at(side, other, lower)
        while (further := side[side]).tobytes() != side.tobytes():
            side = further
        edges = edges[side[edges[:, 0]] != side[edges[:, 1]]]
    return side


def _nearest(side: np.ndarray, place: np.ndarray, positions: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """For each vertex the one of its side that is nearest to where they went."""
    away = ((positions - moved[np.maximum(place, 0)]) ** 2).sum(axis=1)
    order = np.lexsort((away, side))
    begins = np.flatnonzero(np.diff(side[order], prepend=-1))
    nearest = np.empty(len(side), np.int64)
    nearest[side[order[begins]]] = order[begins]
    of_each: np.ndarray = nearest[side]
    return of_each


def _words(values: np.ndarray) -> np.ndarray:
    """Each row as 32-bit words, so that rows are compared bit by bit; minus zero is zero."""
    rows = np.ascontiguousarray(values.reshape(len(values), -1).astype(np.float32)) + np.float32(0)
    return rows.view(np.uint32)


def _distinct(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each different row stands first, in order, and for each row which of these it is; by digests of 64 bits."""
    digest = np.full(len(rows), 0x27D4EB2F165667C5, np.uint64)
    for column in rows.T:
        digest = (digest ^ column.astype(np.uint64)) * np.uint64(_MULTIPLIERS[0])
        digest ^= digest >> np.uint64(29)
    digest *= np.uint64(_MULTIPLIERS[1])
    digest ^= digest >> np.uint64(32)
    _, first, which = np.unique(digest, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(first), np.int64)
    rank[order] = np.arange(len(first))
    return first[order], rank[which.reshape(-1)]


def _is_solid(triangles: np.ndarray) -> np.ndarray:
    different: np.ndarray = (
        (triangles[:, 0] != triangles[:, 1])
        & (triangles[:, 1] != triangles[:, 2])
        & (triangles[:, 2] != triangles[:, 0])
    )
    return different


def _solid(triangles: np.ndarray) -> np.ndarray:
    solid: np.ndarray = triangles[_is_solid(triangles)]
    return solid
