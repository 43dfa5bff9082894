"""Tiny real files, made of bytes by code, so that no binary is committed. Standard library only."""

from __future__ import annotations

import base64
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

Color = tuple[int, ...]
Point = tuple[float, float, float]

CUBE_POINTS: tuple[Point, ...] = tuple((float(x), float(y), float(z)) for x in (0, 1) for y in (0, 2) for z in (0, 3))
"""Corners of a box of 1 × 2 × 3."""

CUBE_FACES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
"""Its six sides, looking outwards."""


def png(width: int = 4, height: int = 3, color: Color = (200, 30, 40), *, bit_depth: int = 8) -> bytes:
    """A plain PNG; one, two, three or four values of ``color`` make it gray, gray and alpha, RGB or RGBA."""
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[len(color)]
    pixel = b"".join(value.to_bytes(bit_depth // 8, "big") for value in color)
    rows = (b"\0" + pixel * width) * height
    header = struct.pack(">IIBBBBB", width, height, bit_depth, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def png_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few kilobytes that says it has 3.6 billion pixels, and has the beginning of them."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(4 * 1024 * 1024))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def exr(
    width: int = 4,
    height: int = 3,
    *,
    channels: Mapping[str, float] | None = None,
    chromaticities: Sequence[float] | None = None,
    display_window: tuple[int, int, int, int] | None = None,
) -> bytes:
    """An uncompressed OpenEXR of half floats, the same in every pixel; the window is left, top, right and bottom."""
    values = dict(sorted((channels or {"R": 0.18, "G": 0.18, "B": 0.18}).items()))
    listed = b"".join(name.encode() + b"\0" + struct.pack("<iBxxxii", 1, 0, 1, 1) for name in values) + b"\0"
    window = struct.pack("<iiii", 0, 0, width - 1, height - 1)
    shown = struct.pack("<iiii", *display_window) if display_window else window
    header = b"".join(
        (
            _attribute("channels", "chlist", listed),
            _attribute("chromaticities", "chromaticities", struct.pack("<8f", *chromaticities))
            if chromaticities
            else b"",
            _attribute("compression", "compression", b"\0"),
            _attribute("dataWindow", "box2i", window),
            _attribute("displayWindow", "box2i", shown),
            _attribute("lineOrder", "lineOrder", b"\0"),
            _attribute("pixelAspectRatio", "float", struct.pack("<f", 1.0)),
            _attribute("screenWindowCenter", "v2f", struct.pack("<ff", 0.0, 0.0)),
            _attribute("screenWindowWidth", "float", struct.pack("<f", 1.0)),
            b"\0",
        )
    )
    line = b"".join(struct.pack("<e", value) * width for value in values.values())
    start = 8 + len(header) + 8 * height
    lines = [struct.pack("<ii", row, len(line)) + line for row in range(height)]
    offsets = b"".join(struct.pack("<Q", start + row * len(lines[0])) for row in range(height))
    return b"\x76\x2f\x31\x01\x02\0\0\0" + header + offsets + b"".join(lines)


def luminance_chroma_exr(width: int = 4, height: int = 4) -> bytes:
    """The header of an OpenEXR whose chroma channels have every second pixel only."""
    sampled = {"BY": 2, "RY": 2, "Y": 1}
    listed = b"".join(
        name.encode() + b"\0" + struct.pack("<iBxxxii", 1, 0, step, step) for name, step in sampled.items()
    )
    window = struct.pack("<iiii", 0, 0, width - 1, height - 1)
    header = _attribute("channels", "chlist", listed + b"\0") + _attribute("compression", "compression", b"\0")
    header += _attribute("dataWindow", "box2i", window) + _attribute("displayWindow", "box2i", window)
    header += _attribute("lineOrder", "lineOrder", b"\0") + _attribute(
        "pixelAspectRatio", "float", struct.pack("<f", 1)
    )
    header += _attribute("screenWindowCenter", "v2f", bytes(8))
    header += _attribute("screenWindowWidth", "float", struct.pack("<f", 1)) + b"\0"
    return b"\x76\x2f\x31\x01\x02\0\0\0" + header + bytes(8 * height)


def _attribute(name: str, kind: str, value: bytes) -> bytes:
    return name.encode() + b"\0" + kind.encode() + b"\0" + struct.pack("<I", len(value)) + value


def hdr(width: int = 8, height: int = 4, level: int = 128) -> bytes:
    """A Radiance picture without run lengths; 128 is 1.0."""
    head = f"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {height} +X {width}\n".encode()
    return head + bytes((level, level, level, 129)) * (width * height)


def dpx(width: int = 4, height: int = 3, value: int = 445) -> bytes:
    """A 10-bit RGB DPX of printing densities (big endian, filled to words); 445 is middle gray."""
    header = bytearray(2048)
    struct.pack_into(">4sI8sI", header, 0, b"SDPX", 2048, b"V1.0", 2048 + width * height * 4)
    struct.pack_into(">HHII", header, 768, 0, 1, width, height)
    # Image element: unsigned, low and high data and quantity, descriptor RGB, transfer and colorimetric densities.
    struct.pack_into(">IIfIfBBBBHHI", header, 780, 0, 0, 0.0, 1023, 2.046, 50, 1, 1, 10, 1, 0, 2048)
    word = struct.pack(">I", value << 22 | value << 12 | value << 2)
    return bytes(header) + word * (width * height)


def gltf_document(
    *, uri: str | None = None, points: Sequence[Point] = CUBE_POINTS, images: Sequence[str] = (), **more: object
) -> tuple[dict[str, object], bytes]:
    """A glTF of one box (or other points) and its buffer; without ``uri`` the buffer is the one embedded in a GLB."""
    corners = [corner for a, b, c, d in CUBE_FACES for corner in (a, b, c, a, c, d)]
    indices = struct.pack(f"<{len(corners)}H", *corners)
    positions = b"".join(struct.pack("<fff", *point) for point in points)
    buffer = indices + positions
    low, high = ([pick(axis) for axis in zip(*points, strict=True)] for pick in (min, max))
    document: dict[str, object] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 1}, "indices": 0, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorFactor": [0.8, 0.05, 0.05, 1], "metallicFactor": 0}}],
        "buffers": [{"byteLength": len(buffer), **({"uri": uri} if uri else {})}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": len(indices)},
            {"buffer": 0, "byteOffset": len(indices), "byteLength": len(positions)},
        ],
        "accessors": [
            {"bufferView": 0, "componentType": 5123, "count": len(corners), "type": "SCALAR"},
            {"bufferView": 1, "componentType": 5126, "count": len(points), "type": "VEC3", "min": low, "max": high},
        ],
        **({"images": [{"uri": image} for image in images]} if images else {}),
    }
    return document | more, buffer


def gltf(**more: object) -> bytes:
    """A .gltf whose buffer is embedded as a data URI, unless ``uri`` names a file."""
    document, buffer = gltf_document(**more)  # type: ignore[arg-type]  # passed through
    if "uri" not in more:
        document["buffers"] = [
            {
                "byteLength": len(buffer),
                "uri": "data:application/octet-stream;base64," + base64.b64encode(buffer).decode(),
            }
        ]
    return json.dumps(document).encode()


def glb(**more: object) -> bytes:
    """A .glb of one red box of 1 × 2 × 3 meters; keywords replace parts of its document."""
    document, buffer = gltf_document(**more)  # type: ignore[arg-type]  # passed through
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    buffer += b"\0" * (-len(buffer) % 4)
    length = 12 + 8 + len(text) + 8 + len(buffer)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(buffer), b"BIN\0") + buffer
    return struct.pack("<4sII", b"glTF", 2, length) + chunks


def obj(*, library: str | None = None, material: str | None = None) -> bytes:
    """The box as Wavefront OBJ of six quads."""
    lines = [f"mtllib {library}"] if library else []
    lines += ["o box", *(f"v {x} {y} {z}" for x, y, z in CUBE_POINTS)]
    lines += [f"usemtl {material}"] if material else []
    lines += ["f " + " ".join(str(corner + 1) for corner in face) for face in CUBE_FACES]
    return "\n".join([*lines, ""]).encode()


def mtl(*, material: str = "red", texture: str | None = None) -> bytes:
    """A material library of one material."""
    lines = [f"newmtl {material}", "Kd 0.8 0.1 0.1", *([f"map_Kd {texture}"] if texture else [])]
    return "\n".join([*lines, ""]).encode()


def _triangles() -> list[tuple[Point, Point, Point]]:
    fans = [corners for a, b, c, d in CUBE_FACES for corners in ((a, b, c), (a, c, d))]
    return [(CUBE_POINTS[a], CUBE_POINTS[b], CUBE_POINTS[c]) for a, b, c in fans]


def stl() -> bytes:
    """The box as binary STL of twelve triangles."""
    body = b"".join(
        struct.pack("<12fH", 0, 0, 0, *(value for point in triangle for value in point), 0) for triangle in _triangles()
    )
    return b"made by code".ljust(80, b"\0") + struct.pack("<I", 12) + body


def text_stl() -> bytes:
    """The box as text STL."""
    facets = [
        "facet normal 0 0 0\nouter loop\n"
        + "\n".join("vertex " + " ".join(map(str, point)) for point in triangle)
        + "\nendloop\nendfacet"
        for triangle in _triangles()
    ]
    return "\n".join(["solid box", *facets, "endsolid box", ""]).encode()


def ply(*, binary: bool = True, faces: bool = True, colors: bool = False) -> bytes:
    """The box as PLY, or its corners as a point cloud."""
    header = [
        "ply",
        f"format {'binary_little_endian' if binary else 'ascii'} 1.0",
        f"element vertex {len(CUBE_POINTS)}",
    ]
    header += [f"property float {axis}" for axis in "xyz"]
    header += [f"property uchar {name}" for name in ("red", "green", "blue")] if colors else []
    header += [f"element face {len(CUBE_FACES)}", "property list uchar int vertex_indices"] if faces else []
    head = "\n".join([*header, "end_header", ""]).encode()
    color = (10, 200, 30) if colors else ()
    if binary:
        body = b"".join(struct.pack("<fff", *point) + bytes(color) for point in CUBE_POINTS)
        body += b"".join(struct.pack("<B4i", 4, *face) for face in CUBE_FACES) if faces else b""
        return head + body
    rows = [" ".join(map(str, (*point, *color))) for point in CUBE_POINTS]
    rows += [" ".join(map(str, (4, *face))) for face in CUBE_FACES] if faces else []
    return head + "\n".join([*rows, ""]).encode()


def fbx() -> bytes:
    """The box as text FBX 7.5 in centimeters, Y up."""
    vertices = ",".join(str(value) for point in CUBE_POINTS for value in point)
    # The last corner of each face is written as its bitwise complement.
    indices = ",".join(str(-corner - 1 if at == 3 else corner) for face in CUBE_FACES for at, corner in enumerate(face))
    settings = "".join(
        f'P: "{name}", "{kind}", "", "", {value}\n'
        for name, kind, value in (
            ("UpAxis", "int", 1),
            ("UpAxisSign", "int", 1),
            ("FrontAxis", "int", 2),
            ("FrontAxisSign", "int", 1),
            ("CoordAxis", "int", 0),
            ("CoordAxisSign", "int", 1),
            ("UnitScaleFactor", "double", 1),
        )
    )
    return (
        "; FBX 7.5.0 project file\nFBXHeaderExtension: {\nFBXVersion: 7500\n}\n"
        f"GlobalSettings: {{\nVersion: 1000\nProperties70: {{\n{settings}}}\n}}\n"
        'Objects: {\nGeometry: 1, "Geometry::box", "Mesh" {\n'
        f"Vertices: *24 {{\na: {vertices}\n}}\nPolygonVertexIndex: *24 {{\na: {indices}\n}}\n}}\n"
        'Model: 2, "Model::box", "Mesh" {\nVersion: 232\n}\n}\n'
        'Connections: {\nC: "OO",2,0\nC: "OO",1,2\n}\n'
    ).encode()


def usda(*, up_axis: str | None = "Y", meters_per_unit: float | None = 0.01, body: str | None = None) -> bytes:
    """A USD scene of the box as one mesh of six quads; ``body`` replaces the mesh."""
    stage = [f'    upAxis = "{up_axis}"'] if up_axis else []
    stage += [f"    metersPerUnit = {meters_per_unit}"] if meters_per_unit else []
    points = ", ".join(str(point) for point in CUBE_POINTS)
    corners = ", ".join(str(corner) for face in CUBE_FACES for corner in face)
    mesh = (
        'def Xform "Box" {\n    def Mesh "mesh" {\n'
        f"        point3f[] points = [{points}]\n        int[] faceVertexCounts = [4, 4, 4, 4, 4, 4]\n"
        f"        int[] faceVertexIndices = [{corners}]\n"
        '        uniform token subdivisionScheme = "none"\n        color3f[] primvars:displayColor = [(0, 0.4, 0.9)]\n'
        "    }\n}\n"
    )
    return "\n".join(["#usda 1.0", "(", '    defaultPrim = "Box"', *stage, ")", body or mesh, ""]).encode()


def usdz(entries: Mapping[str, bytes]) -> bytes:
    """A USDZ package: stored, not compressed, each entry aligned to 64 bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as package:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name)
            padding = -(written.tell() + 30 + len(name) + 4) % 64
            entry.extra = struct.pack("<HH", 0x1986, padding) + bytes(padding)
            package.writestr(entry, content)
    return written.getvalue()
