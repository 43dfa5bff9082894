"""Files of the demo studio, made by code: small, handsome, and nobody's. Pure; standard library only.

Geometry is in meters with +Y up, as glTF 2.0 §3.4 asks. A surface is a grid of points wrapped around or laid out flat,
so one function makes heads, rocks and terrain alike.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Vector = tuple[float, float, float]
Color = tuple[float, float, float]
_FLOAT, _UINT, _VERTICES, _INDICES = 5126, 5125, 34962, 34963


@dataclass(frozen=True, kw_only=True)
class Surface:
    """A triangle mesh of one material: base color in linear light, metallic and roughness from 0 to 1."""

    name: str
    points: tuple[Vector, ...]
    triangles: tuple[tuple[int, int, int], ...]
    color: Color
    metallic: float = 0.0
    roughness: float = 0.7


def grid(
    name: str, place: Callable[[float, float], Vector], columns: int, rows: int, color: Color, *, roughness: float = 0.7
) -> Surface:
    """Return the surface that ``place(u, v)`` makes of the unit square; triangles face along u × v."""
    points = tuple(place(u / columns, v / rows) for v in range(rows + 1) for u in range(columns + 1))
    wide = columns + 1
    triangles: list[tuple[int, int, int]] = []
    for v in range(rows):
        for u in range(columns):
            a = v * wide + u
            triangles += [(a, a + 1, a + wide), (a + 1, a + wide + 1, a + wide)]
    return Surface(name=name, points=points, triangles=tuple(triangles), color=color, roughness=roughness)


def ball(
    name: str,
    radius: Callable[[Vector], float],
    color: Color,
    *,
    at: Vector = (0, 0, 0),
    detail: int = 48,
    roughness: float = 0.7,
) -> Surface:
    """Return a closed surface around ``at``; ``radius`` says how far it lies in each direction."""

    def place(u: float, v: float) -> Vector:
        turn, tilt = 2 * math.pi * u, math.pi * v
        way = (math.sin(tilt) * math.cos(turn), math.cos(tilt), math.sin(tilt) * math.sin(turn))
        far = radius(way)
        return (at[0] + way[0] * far, at[1] + way[1] * far, at[2] + way[2] * far)

    return grid(name, place, detail * 2, detail, color, roughness=roughness)


def box(
    name: str, size: Vector, color: Color, *, at: Vector = (0, 0, 0), metallic: float = 0.0, roughness: float = 0.6
) -> Surface:
    """Return a box of this size standing on ``at``; each side has its own corners, so that edges stay sharp."""
    x, y, z = size[0] / 2, size[1], size[2] / 2
    sides = (
        ((-x, 0, z), (x, 0, z), (x, y, z), (-x, y, z)),
        ((x, 0, -z), (-x, 0, -z), (-x, y, -z), (x, y, -z)),
        ((x, 0, z), (x, 0, -z), (x, y, -z), (x, y, z)),
        ((-x, 0, -z), (-x, 0, z), (-x, y, z), (-x, y, -z)),
        ((-x, y, z), (x, y, z), (x, y, -z), (-x, y, -z)),
        ((-x, 0, -z), (x, 0, -z), (x, 0, z), (-x, 0, z)),
    )
    points = tuple((p[0] + at[0], p[1] + at[1], p[2] + at[2]) for side in sides for p in side)
    triangles = tuple(t for n in range(0, 24, 4) for t in ((n, n + 1, n + 2), (n, n + 2, n + 3)))
    return Surface(name=name, points=points, triangles=triangles, color=color, metallic=metallic, roughness=roughness)


def tube(
    name: str,
    path: Callable[[float], Vector],
    radius: Callable[[float], float],
    color: Color,
    *,
    steps: int = 64,
    around: int = 20,
) -> Surface:
    """Return a tube along a path in the plane of x and y, its thickness given along the way."""

    def place(u: float, v: float) -> Vector:
        here, ahead = path(v), path(v + 1e-3)
        dx, dy = ahead[0] - here[0], ahead[1] - here[1]
        length = math.hypot(dx, dy) or 1.0
        side, turn, thick = (-dy / length, dx / length), 2 * math.pi * u, radius(v)
        out = math.cos(turn) * thick
        return (here[0] + side[0] * out, here[1] + side[1] * out, here[2] + math.sin(turn) * thick)

    return grid(name, place, around, steps, color)


def roughly(x: float, y: float, z: float, *, octaves: int = 4) -> float:
    """Return a smooth value around 0 that varies in space: sines whose directions and phases do not repeat."""
    total, strength, scale = 0.0, 1.0, 1.0
    for octave in range(octaves):
        turn = 1.7 * octave
        a, b = math.cos(turn), math.sin(turn)
        p, q = a * x + b * z, a * z - b * x
        total += strength * math.sin(2.1 * scale * p + 1.3 * octave) * math.cos(1.9 * scale * q + 0.7 * y * scale)
        strength, scale = strength / 2, scale * 2.03
    return total / 1.9


def glb(surfaces: Sequence[Surface]) -> bytes:
    """Return the surfaces as a binary glTF 2.0 with smooth normals and one material each."""
    body = bytearray()
    views: list[dict[str, int]] = []
    accessors: list[dict[str, object]] = []

    def enter(content: bytes, target: int, kind: str, component: int, count: int, **more: object) -> int:
        views.append({"buffer": 0, "byteOffset": len(body), "byteLength": len(content), "target": target})
        body.extend(content + b"\0" * (-len(content) % 4))
        accessors.append(
            {"bufferView": len(views) - 1, "componentType": component, "count": count, "type": kind, **more}
        )
        return len(accessors) - 1

    meshes, materials = [], []
    for number, surface in enumerate(surfaces):
        points, normals = surface.points, _normals(surface)
        low = [min(p[axis] for p in points) for axis in range(3)]
        high = [max(p[axis] for p in points) for axis in range(3)]
        packed = [struct.unpack("<f", struct.pack("<f", one))[0] for one in (*low, *high)]
        positions = enter(_vectors(points), _VERTICES, "VEC3", _FLOAT, len(points), min=packed[:3], max=packed[3:])
        facing = enter(_vectors(normals), _VERTICES, "VEC3", _FLOAT, len(points))
        corners = [corner for triangle in surface.triangles for corner in triangle]
        order = enter(struct.pack(f"<{len(corners)}I", *corners), _INDICES, "SCALAR", _UINT, len(corners))
        attributes = {"POSITION": positions, "NORMAL": facing}
        meshes.append(
            {"name": surface.name, "primitives": [{"attributes": attributes, "indices": order, "material": number}]}
        )
        look = {
            "baseColorFactor": [*surface.color, 1],
            "metallicFactor": surface.metallic,
            "roughnessFactor": surface.roughness,
        }
        materials.append({"name": f"{surface.name}_mat", "pbrMetallicRoughness": look})
    scene = {
        "asset": {"version": "2.0", "generator": "Reprise demo studio"},
        "scene": 0,
        "scenes": [{"nodes": list(range(len(meshes)))}],
        "nodes": [{"mesh": number, "name": mesh["name"]} for number, mesh in enumerate(meshes)],
        "meshes": meshes,
        "materials": materials,
        "buffers": [{"byteLength": len(body)}],
        "bufferViews": views,
        "accessors": accessors,
    }
    said = json.dumps(scene, separators=(",", ":")).encode()
    said += b" " * (-len(said) % 4)
    chunks = struct.pack("<I4s", len(said), b"JSON") + said + struct.pack("<I4s", len(body), b"BIN\0") + bytes(body)
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def usda(surface: Surface) -> bytes:
    """Return a surface as a USD layer in meters, +Y up, with a default prim and display color."""
    corners = ", ".join(str(corner) for triangle in surface.triangles for corner in triangle)
    points = ", ".join(f"({p[0]:.3f}, {p[1]:.3f}, {p[2]:.3f})" for p in surface.points)
    color = ", ".join(f"{one:.3f}" for one in surface.color)
    return f"""#usda 1.0
(
    defaultPrim = "{surface.name}"
    metersPerUnit = 1
    upAxis = "Y"
)

def Xform "{surface.name}" (
    kind = "component"
)
{{
    def Mesh "geo"
    {{
        int[] faceVertexCounts = [{", ".join(["3"] * len(surface.triangles))}]
        int[] faceVertexIndices = [{corners}]
        point3f[] points = [{points}]
        color3f[] primvars:displayColor = [({color})]
        uniform token subdivisionScheme = "none"
    }}
}}
""".encode()


def png(width: int, height: int, paint: Callable[[float, float], Color]) -> bytes:
    """Return an 8-bit RGB PNG; ``paint(u, v)`` gives display values from 0 to 1."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows.extend(max(0, min(255, round(255 * one))) for one in paint(x / width, y / height))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(rows), 6))
        + chunk(b"IEND", b"")
    )


def hdr(width: int, height: int, light: Callable[[Vector], Color]) -> bytes:
    """Return a Radiance RGBE lat-long picture (Ward, Real Pixels, 1991); ``light`` is linear, by direction."""
    rows = bytearray()
    for y in range(height):
        tilt = math.pi * (y + 0.5) / height
        for x in range(width):
            turn = 2 * math.pi * (x + 0.5) / width
            way = (math.sin(tilt) * math.sin(turn), math.cos(tilt), -math.sin(tilt) * math.cos(turn))
            color = light(way)
            peak, exponent = math.frexp(max(*color, 1e-9))
            scale = math.ldexp(256.0, -exponent) if peak else 0.0
            rows.extend((*(min(255, int(one * scale)) for one in color), exponent + 128))
    return f"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {height} +X {width}\n".encode() + bytes(rows)


def _vectors(vectors: Sequence[Vector]) -> bytes:
    return b"".join(struct.pack("<3f", *vector) for vector in vectors)


def _normals(surface: Surface) -> list[Vector]:
    sums = [[0.0, 0.0, 0.0] for _ in surface.points]
    for a, b, c in surface.triangles:
        p, q, r = surface.points[a], surface.points[b], surface.points[c]
        e, f = [q[i] - p[i] for i in range(3)], [r[i] - p[i] for i in range(3)]
        across = (e[1] * f[2] - e[2] * f[1], e[2] * f[0] - e[0] * f[2], e[0] * f[1] - e[1] * f[0])
        for corner in (a, b, c):
            for axis in range(3):
                sums[corner][axis] += across[axis]
    normals: list[Vector] = []
    for x, y, z in sums:
        length = math.sqrt(x * x + y * y + z * z)
        normals.append((x / length, y / length, z / length) if length else (0.0, 1.0, 0.0))
    return normals
