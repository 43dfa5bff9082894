"""A plain figure 1.8 m tall, as binary glTF: what people compare a model's size with. Made of rings, by numbers."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

TALL_M = 1.8
_SEGMENTS = 16


class _Ring(NamedTuple):
    """An ellipse that lies flat: how high, where its middle is, and its half axes, in meters."""

    y: float
    x: float
    z: float
    across: float
    along: float


_Row = tuple[float, float, float, float, float]
Triangle = tuple[int, int, int]
Point = tuple[float, float, float]


def _limbs() -> list[list[_Ring]]:
    """The figure from the ground up, part by part; every part begins and ends in a point."""
    torso: list[_Row] = [
        (0.82, 0, 0, 0, 0),
        (0.86, 0, 0, 0.13, 0.09),
        (0.94, 0, 0, 0.165, 0.11),
        (1.1, 0, 0, 0.135, 0.092),
    ]
    torso += [
        (1.28, 0, 0.01, 0.165, 0.108),
        (1.41, 0, 0, 0.185, 0.1),
        (1.475, 0, 0, 0.13, 0.075),
        (1.5, 0, 0, 0.06, 0.056),
    ]
    torso += [(1.56, 0, 0.008, 0.052, 0.055), (1.6, 0, 0.012, 0.03, 0.04), (1.61, 0, 0.012, 0, 0)]
    head: list[_Row] = [(y, 0, 0.015, 0.078 * round_, 0.098 * round_) for y, round_ in _rounded(1.565, TALL_M)]
    limbs = [torso, head]
    for side in (-1, 1):
        leg: list[_Row] = [
            (0, 0.1, 0.05, 0, 0),
            (0, 0.1, 0.05, 0.045, 0.12),
            (0.05, 0.1, 0.035, 0.045, 0.1),
            (0.1, 0.1, 0, 0.04, 0.045),
        ]
        leg += [(0.3, 0.1, -0.015, 0.056, 0.06), (0.48, 0.097, 0, 0.055, 0.06), (0.7, 0.092, 0, 0.078, 0.085)]
        leg += [(0.88, 0.085, 0, 0.085, 0.095), (0.93, 0.08, 0, 0, 0)]
        arm: list[_Row] = [(0.72, 0.27, 0.05, 0, 0), (0.74, 0.27, 0.05, 0.02, 0.03), (0.83, 0.268, 0.03, 0.026, 0.042)]
        arm += [(0.89, 0.265, 0.02, 0.025, 0.03), (1.02, 0.25, 0, 0.036, 0.04), (1.14, 0.237, -0.01, 0.037, 0.042)]
        arm += [(1.3, 0.22, 0, 0.046, 0.05), (1.42, 0.195, 0, 0.05, 0.055), (1.465, 0.17, 0, 0, 0)]
        limbs += [[(y, side * x, z, across, along) for y, x, z, across, along in limb] for limb in (leg, arm)]
    return [[_Ring(*ring) for ring in limb] for limb in limbs]


def _rounded(low: float, high: float) -> list[tuple[float, float]]:
    """Heights of rings of a ball, and how wide it is there."""
    angles = [math.pi * step / 10 for step in range(11)]
    return [((low + high) / 2 - (high - low) / 2 * math.cos(angle), math.sin(angle)) for angle in angles]


def _skin(limbs: Sequence[Sequence[_Ring]]) -> tuple[list[Point], list[Triangle]]:
    points: list[Point] = []
    triangles: list[Triangle] = []
    for limb in limbs:
        begin = len(points)
        for ring in limb:
            for step in range(_SEGMENTS):
                angle = 2 * math.pi * step / _SEGMENTS
                points.append((ring.x + ring.across * math.sin(angle), ring.y, ring.z + ring.along * math.cos(angle)))
        for row in range(len(limb) - 1):
            for step, following in pairwise([*range(_SEGMENTS), 0]):
                low, high = begin + row * _SEGMENTS, begin + (row + 1) * _SEGMENTS
                triangles += [
                    (low + step, low + following, high + following),
                    (low + step, high + following, high + step),
                ]
    solid = [each for each in triangles if len({points[corner] for corner in each}) == len(each)]
    return points, solid


def _normals(points: Sequence[Point], triangles: Sequence[Triangle]) -> list[Point]:
    """Of each point the mean direction of the triangles around it; points in one place share theirs."""
    sums: dict[Point, list[float]] = {point: [0.0, 0.0, 0.0] for point in points}
    for corners in triangles:
        a, b, c = (points[corner] for corner in corners)
        one, other = [q - p for p, q in zip(a, b, strict=True)], [q - p for p, q in zip(a, c, strict=True)]
        facing = [one[i - 2] * other[i - 1] - one[i - 1] * other[i - 2] for i in range(3)]
        for point in (a, b, c):
            sums[point] = [total + part for total, part in zip(sums[point], facing, strict=True)]
    lengths = {point: math.hypot(*total) or 1.0 for point, total in sums.items()}
    return [(sums[p][0] / lengths[p], sums[p][1] / lengths[p], sums[p][2] / lengths[p]) for p in points]


def figure() -> bytes:
    """The figure as a .glb, standing on the ground at the origin and looking along +Z."""
    points, triangles = _skin(_limbs())
    used = sorted({corner for each in triangles for corner in each})
    number = {corner: at for at, corner in enumerate(used)}
    normals = _normals(points, triangles)
    corners = [number[corner] for each in triangles for corner in each]
    parts = [
        struct.pack(f"<{len(corners)}H", *corners),
        b"".join(struct.pack("<fff", *points[corner]) for corner in used),
        b"".join(struct.pack("<fff", *normals[corner]) for corner in used),
    ]
    axes = list(zip(*(points[corner] for corner in used), strict=True))
    rounded = [[struct.unpack("<f", struct.pack("<f", pick(axis)))[0] for axis in axes] for pick in (min, max)]
    vectors = {"componentType": 5126, "count": len(used), "type": "VEC3"}
    clay = {"baseColorFactor": [0.36, 0.44, 0.56, 1], "metallicFactor": 0, "roughnessFactor": 0.9}
    document = {
        "asset": {"version": "2.0", "generator": "reprise"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "a figure 1.8 m tall"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 1, "NORMAL": 2}, "indices": 0, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": clay}],
        "accessors": [
            {"bufferView": 0, "componentType": 5123, "count": len(corners), "type": "SCALAR"},
            {"bufferView": 1, **vectors, "min": rounded[0], "max": rounded[1]},
            {"bufferView": 2, **vectors},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": sum(map(_padded, parts[:at])), "byteLength": len(part)}
            for at, part in enumerate(parts)
        ],
        "buffers": [{"byteLength": sum(map(_padded, parts))}],
    }
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    body = b"".join(part + b"\0" * (_padded(part) - len(part)) for part in parts)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(body), b"BIN\0") + body
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def _padded(part: bytes) -> int:
    return len(part) + -len(part) % 4
