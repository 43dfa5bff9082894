"""Pictures, clouds and motion as bytes: PNG, Radiance, OpenEXR, PLY and BVH, as small as their formats allow."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from catalog.app.demo.shapes import Array


def png(pixels: Array) -> bytes:
    """Display values from 0 to 1 (height × width × 3, or × width for gray) as an 8-bit PNG."""
    levels = np.round(np.clip(pixels, 0, 1) * 255).astype(np.uint8)
    height, width = levels.shape[:2]
    channels = levels.shape[2] if levels.ndim == 3 else 1
    rows = levels.reshape(height, width * channels)
    above = np.vstack([np.zeros((1, rows.shape[1]), np.uint8), rows[:-1]])
    filtered = np.hstack([np.full((height, 1), 2, np.uint8), rows - above])  # the Up filter suits smooth pictures
    head = struct.pack(">IIBBBBB", width, height, 8, 0 if channels == 1 else 2, 0, 0, 0)

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    body = zlib.compress(filtered.tobytes(), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def displayed(linear: Array) -> Array:
    """Linear light as sRGB display values (IEC 61966-2-1)."""
    light = np.clip(linear, 0, 1)
    shown: Array = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return shown


def hdr(light: Array) -> bytes:
    """Linear light (height × width × 3) as a Radiance RGBE picture (Ward, Real Pixels, 1991), packed by runs."""
    height, width = light.shape[:2]
    peak, exponent = np.frexp(np.maximum(light.max(axis=2), 1e-9))
    del peak
    scaled = np.clip(light * np.ldexp(256.0, -exponent)[..., None], 0, 255)
    rgbe = np.concatenate([scaled, (exponent + 128)[..., None]], axis=2).astype(np.uint8)
    out = bytearray(f"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {height} +X {width}\n".encode())
    for row in rgbe:
        out += struct.pack(">BBH", 2, 2, width)
        for channel in range(4):
            line = row[:, channel].tobytes()
            for start in range(0, width, 128):  # literal runs; skies hold few equal neighbors
                part = line[start : start + 128]
                out += bytes([len(part)]) + part
    return bytes(out)


def exr(layers: Mapping[str, Array]) -> bytes:
    """Channels by name (``R``, ``diffuse.R``, ``Z``) as an OpenEXR of half floats in ZIP blocks of 16 rows."""
    names = sorted(layers)
    height, width = next(iter(layers.values())).shape

    def attribute(name: str, kind: str, content: bytes) -> bytes:
        return name.encode() + b"\0" + kind.encode() + b"\0" + struct.pack("<I", len(content)) + content

    channels = b"".join(name.encode() + b"\0" + struct.pack("<IIII", 1, 0, 1, 1) for name in names) + b"\0"
    window = struct.pack("<4i", 0, 0, width - 1, height - 1)
    head = b"\x76\x2f\x31\x01\x02\0\0\0" + b"".join(
        (
            attribute("channels", "chlist", channels),
            attribute("compression", "compression", b"\x03"),
            attribute("dataWindow", "box2i", window),
            attribute("displayWindow", "box2i", window),
            attribute("lineOrder", "lineOrder", b"\0"),
            attribute("pixelAspectRatio", "float", struct.pack("<f", 1)),
            attribute("screenWindowCenter", "v2f", struct.pack("<2f", 0, 0)),
            attribute("screenWindowWidth", "float", struct.pack("<f", 1)),
            b"\0",
        )
    )
    stacked = np.stack([layers[name] for name in names], axis=1).astype("<f2")  # rows × channels × columns
    blocks = [
        struct.pack("<iI", top, len(packed)) + packed
        for top in range(0, height, 16)
        for packed in [_zipped(stacked[top : top + 16].tobytes())]
    ]
    starts = np.cumsum([len(head) + 8 * len(blocks), *(len(block) for block in blocks)])[:-1]
    return head + starts.astype("<u8").tobytes() + b"".join(blocks)


def _zipped(raw: bytes) -> bytes:
    """Bytes as OpenEXR's ZIP packs them: even ones first, as differences; raw where that is no smaller."""
    given = np.frombuffer(raw, np.uint8)
    halves = np.concatenate([given[0::2], given[1::2]]).astype(np.int16)
    halves[1:] = (halves[1:] - halves[:-1] + 128) & 0xFF
    packed = zlib.compress(halves.astype(np.uint8).tobytes(), 6)
    return packed if len(packed) < len(raw) else raw


def ply(points: Array, colors: npt.NDArray[np.uint8]) -> bytes:
    """Points with display colors as a binary PLY."""
    row = np.dtype([("p", "<f4", 3), ("c", "u1", 3)])
    rows = np.empty(len(points), row)
    rows["p"], rows["c"] = points, colors
    axes = "".join(f"property float {axis}\n" for axis in "xyz")
    tints = "".join(f"property uchar {tint}\n" for tint in ("red", "green", "blue"))
    head = f"ply\nformat binary_little_endian 1.0\ncomment invented for the demo studio\nelement vertex {len(points)}\n"
    return (head + axes + tints + "end_header\n").encode() + rows.tobytes()
