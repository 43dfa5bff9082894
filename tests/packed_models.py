"""Tiny models as tools of the field pack them, made by code: by Draco, meshopt, Basis Universal; and one that moves."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from catalog.media.facts import Source
from catalog.media.slim.making import slimmed
from tests import files

_BLOCK = 16
_TAIL_BYTES = 32


def by_draco() -> bytes:
    """A red box of 1 × 2 × 3 meters, its triangles by Draco."""
    return _slimmed(files.gltf())


def with_basis_picture() -> bytes:
    """The box with a picture as KTX2 by Basis Universal (UASTC), which browsers have to transcode.

    Its first level is red and larger than a browser gets, its second green.
    """
    content = ktx2((200, 20, 20), (20, 160, 40), sides=(4096, 16))
    picture = f"data:image/ktx2;base64,{base64.b64encode(content).decode()}"
    look = {"baseColorTexture": {"index": 0}, "metallicFactor": 0, "roughnessFactor": 1}
    content = files.gltf(
        images=[picture],
        textures=[{"extensions": {"KHR_texture_basisu": {"source": 0}}}],
        materials=[{"pbrMetallicRoughness": look}],
        extensionsUsed=["KHR_texture_basisu"],
        extensionsRequired=["KHR_texture_basisu"],
    )
    return _slimmed(content)


def by_meshopt() -> bytes:
    """The box with its points packed by meshopt."""
    document, buffer = files.gltf_document()
    indices, positions = buffer[:72], buffer[72:]
    packed = meshopt(positions, stride=12)
    document["buffers"] = [
        {"byteLength": len(indices) + len(packed)},
        {"byteLength": len(positions), "extensions": {"EXT_meshopt_compression": {"fallback": True}}},
    ]
    how = {"buffer": 0, "byteOffset": 72, "byteLength": len(packed), "byteStride": 12, "count": 8, "mode": "ATTRIBUTES"}
    document["bufferViews"] = [
        {"buffer": 0, "byteLength": 72},
        {"buffer": 1, "byteLength": 96, "byteStride": 12, "extensions": {"EXT_meshopt_compression": how}},
    ]
    document["extensionsUsed"] = document["extensionsRequired"] = ["EXT_meshopt_compression"]
    return _glb(document, indices + packed)


SHAPES, MOVES = ("browRaise", "jawOpen"), ("Turn", "Swing")


def moving() -> bytes:
    """The box with two blend shapes and two animations, as every reader can read it."""
    document, buffer = files.gltf_document()
    wider = struct.pack("<24f", *(1.0 if at % 3 == 0 and at < 12 else 0.0 for at in range(24)))
    higher = struct.pack("<24f", *(1.0 if at % 3 == 1 else 0.0 for at in range(24)))
    seconds, turned = struct.pack("<2f", 0, 1), struct.pack("<8f", 0, 0, 0, 1, 0, 1, 0, 0)
    swung = struct.pack("<6f", 0, 0, 0, 1, 0, 0)
    for content, kind, count in (
        (wider, "VEC3", 8),
        (higher, "VEC3", 8),
        (seconds, "SCALAR", 2),
        (turned, "VEC4", 2),
        (swung, "VEC3", 2),
    ):
        _list(document, "bufferViews").append({"buffer": 0, "byteOffset": len(buffer), "byteLength": len(content)})
        accessor = {"bufferView": len(_list(document, "bufferViews")) - 1, "componentType": 5126, "count": count}
        bounds = {"min": [0.0], "max": [1.0]} if kind == "SCALAR" else {"min": [0.0] * 3, "max": [1.0] * 3}
        _list(document, "accessors").append(accessor | {"type": kind} | (bounds if kind != "VEC4" else {}))
        buffer += content
    document["buffers"] = [{"byteLength": len(buffer)}]
    primitive = {
        "attributes": {"POSITION": 1},
        "indices": 0,
        "material": 0,
        "targets": [{"POSITION": 2}, {"POSITION": 3}],
    }
    document["meshes"] = [{"primitives": [primitive], "extras": {"targetNames": list(SHAPES)}}]
    document["animations"] = [
        {
            "name": name,
            "samplers": [{"input": 4, "output": output}],
            "channels": [{"sampler": 0, "target": {"node": 0, "path": path}}],
        }
        for name, output, path in zip(MOVES, (5, 6), ("rotation", "translation"), strict=True)
    ]
    return _glb(document, buffer)


def _list(document: dict[str, object], name: str) -> list[object]:
    found = document[name]
    assert isinstance(found, list)
    return found


def meshopt(content: bytes, *, stride: int) -> bytes:
    """Vertices in the attribute codec of EXT_meshopt_compression, version 0; each group of bytes as it is."""
    rows = [content[at : at + stride] for at in range(0, len(content), stride)]
    rows += [rows[-1]] * (-len(rows) % _BLOCK)
    packed = b"\xa0"
    for column in range(stride):
        values = [row[column] for row in rows]
        steps = [(now - before) & 0xFF for before, now in zip([values[0], *values], values, strict=False)]
        zigzag = bytes((step << 1) & 0xFF if step < 128 else ((~step & 0xFF) << 1) | 1 for step in steps)
        groups = len(rows) // _BLOCK
        packed += b"".join(bytes([0b11]) for _ in range((groups + 3) // 4)) + zigzag
    return packed + b"\0" * max(_TAIL_BYTES - stride, 0) + rows[0]


def ktx2(*colors: tuple[int, int, int], sides: tuple[int, int] = (4, 4), shared: bytes = b"") -> bytes:
    """A picture whose levels have one color each, by UASTC blocks of mode 8: a color and hints for ETC1.

    With ``shared``, the global data of BasisLZ, it only looks as one by ETC1S does.
    """
    sample = struct.pack("<HBBIII", 0, 127, 0, 0, 0, 0xFFFFFFFF)
    basic = (
        struct.pack("<IHH", 0, 2, 24 + len(sample))
        + bytes([166, 1, 2, 0, 3, 3, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0])
        + sample
    )
    described = struct.pack("<I", 4 + len(basic)) + basic
    start = 80 + 24 * len(colors)
    after = bytes(-(start + len(described)) % 8) + shared if shared else b""
    body = bytearray(described + after)
    index = b""
    for at, color in reversed(list(enumerate(colors))):
        blocks = _block(color) * ((sides[0] >> at) // 4) * ((sides[1] >> at) // 4)
        body.extend(bytes(0 if shared else -(start + len(body)) % 16))
        index = struct.pack("<3Q", start + len(body), len(blocks), len(blocks)) + index
        body.extend(blocks)
    head = struct.pack("<9I", 0, 1, *sides, 0, 0, 1, len(colors), 1 if shared else 0)
    shares = (start + len(described + after) - len(shared), len(shared)) if shared else (0, 0)
    places = struct.pack("<4I2Q", start, len(described), 0, 0, *shares)
    return b"\xabKTX 20\xbb\r\n\x1a\n" + head + places + index + body


def _block(color: tuple[int, int, int]) -> bytes:
    bits, at = 0x17, 5
    for part in (*color, 255):
        bits |= part << at
        at += 8
    return bits.to_bytes(16, "little")


def _slimmed(content: bytes) -> bytes:
    with TemporaryDirectory() as folder:
        Path(folder, "model.gltf").write_bytes(content)
        return slimmed(Source(folder=folder, path=PurePosixPath("model.gltf"))).content


def _glb(document: dict[str, object], buffer: bytes) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    buffer += b"\0" * (-len(buffer) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(buffer), b"BIN\0") + buffer
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks
