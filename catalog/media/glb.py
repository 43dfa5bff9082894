"""Writes a binary glTF: one mesh with one primitive per material, in world space.

Everything that shares a material is one primitive, because a software renderer pays per object, not per triangle.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

TRIANGLES: Final = 4
LINES: Final = 1
POINTS: Final = 0

_FLOAT: Final = 5126
_ARRAY_BUFFER: Final = 34962
_TYPES: Final = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}


@dataclass(frozen=True, kw_only=True)
class Surface:
    """A metallic-roughness material; pictures are encoded PNG or JPEG. Colors are linear."""

    color: tuple[float, float, float] = (0.6, 0.6, 0.6)
    opacity: float = 1.0
    cutoff: float = 0.0
    metallic: float = 0.0
    roughness: float = 0.6
    emission: tuple[float, float, float] = (0.0, 0.0, 0.0)
    color_picture: bytes | None = None
    metallic_roughness_picture: bytes | None = None
    normal_picture: bytes | None = None
    emission_picture: bytes | None = None
    wrap: tuple[int, int] = (10497, 10497)
    """glTF's sampler modes along both coordinates: 10497 repeats, 33648 mirrors, 33071 clamps."""


@dataclass(kw_only=True)
class Patch:
    """Geometry of one material: corners in order, without indices. ``mode`` is glTF's primitive mode."""

    surface: Surface
    mode: int = TRIANGLES
    positions: list[np.ndarray] = field(default_factory=list)
    normals: list[np.ndarray] = field(default_factory=list)
    coordinates: list[np.ndarray] = field(default_factory=list)
    colors: list[np.ndarray] = field(default_factory=list)

    def add(
        self,
        positions: np.ndarray,
        normals: np.ndarray | None = None,
        coordinates: np.ndarray | None = None,
        colors: np.ndarray | None = None,
    ) -> None:
        """Append corners; what is left out is filled in, so that all attributes stay equally long."""
        count = len(positions)
        self.positions.append(positions.astype(np.float32))
        self.normals.append(np.zeros((count, 3), np.float32) if normals is None else normals.astype(np.float32))
        self.coordinates.append(
            np.zeros((count, 2), np.float32) if coordinates is None else coordinates.astype(np.float32)
        )
        self.colors.append(np.ones((count, 3), np.float32) if colors is None else colors.astype(np.float32))


@dataclass(frozen=True, kw_only=True)
class Camera:
    """Where a picture is taken from: its pose (row vectors, looking along -Z) and its vertical angle in radians."""

    pose: np.ndarray
    angle: float


class _Writer:
    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.length = 0
        self.document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "reprise"},
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": [{"mesh": 0}],
            "meshes": [{"primitives": []}],
            "buffers": [],
            "bufferViews": [],
            "accessors": [],
            "materials": [],
        }
        self.pictures: dict[tuple[bytes, tuple[int, int]], int] = {}

    def view(self, content: bytes, **more: int) -> int:
        self.document["bufferViews"].append(
            {"buffer": 0, "byteOffset": self.length, "byteLength": len(content), **more}
        )
        padded = content + b"\0" * (-len(content) % 4)
        self.chunks.append(padded)
        self.length += len(padded)
        return len(self.document["bufferViews"]) - 1

    def accessor(self, values: np.ndarray, *, bounded: bool = False) -> int:
        described: dict[str, Any] = {
            "bufferView": self.view(np.ascontiguousarray(values, np.float32).tobytes(), target=_ARRAY_BUFFER),
            "componentType": _FLOAT,
            "count": len(values),
            "type": _TYPES[values.shape[1]],
        }
        if bounded:
            described["min"] = [float(low) for low in values.min(axis=0)]
            described["max"] = [float(high) for high in values.max(axis=0)]
        self.document["accessors"].append(described)
        return len(self.document["accessors"]) - 1

    def texture(self, picture: bytes, wrap: tuple[int, int]) -> dict[str, int]:
        if (picture, wrap) not in self.pictures:
            kind = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
            images = self.document.setdefault("images", [])
            images.append({"bufferView": self.view(picture), "mimeType": kind})
            samplers = self.document.setdefault("samplers", [])
            samplers.append({"magFilter": 9729, "minFilter": 9987, "wrapS": wrap[0], "wrapT": wrap[1]})
            textures = self.document.setdefault("textures", [])
            textures.append({"source": len(images) - 1, "sampler": len(samplers) - 1})
            self.pictures[picture, wrap] = len(textures) - 1
        return {"index": self.pictures[picture, wrap]}

    def material(self, surface: Surface) -> int:
        base: dict[str, Any] = {
            "baseColorFactor": [*surface.color, surface.opacity],
            "metallicFactor": surface.metallic,
            "roughnessFactor": surface.roughness,
        }
        material: dict[str, Any] = {"pbrMetallicRoughness": base, "doubleSided": True}
        if surface.color_picture:
            base["baseColorTexture"] = self.texture(surface.color_picture, surface.wrap)
        if surface.metallic_roughness_picture:
            base["metallicRoughnessTexture"] = self.texture(surface.metallic_roughness_picture, surface.wrap)
        if surface.normal_picture:
            material["normalTexture"] = self.texture(surface.normal_picture, surface.wrap)
        if any(surface.emission) or surface.emission_picture:
            material["emissiveFactor"] = [min(part, 1.0) for part in surface.emission]
        if surface.emission_picture:
            material["emissiveTexture"] = self.texture(surface.emission_picture, surface.wrap)
        if surface.cutoff > 0:
            material |= {"alphaMode": "MASK", "alphaCutoff": surface.cutoff}
        elif surface.opacity < 1:
            material["alphaMode"] = "BLEND"
        self.document["materials"].append(material)
        return len(self.document["materials"]) - 1

    def primitive(self, patch: Patch) -> None:
        attributes = {"POSITION": self.accessor(np.concatenate(patch.positions), bounded=True)}
        normals = np.concatenate(patch.normals)
        if patch.mode == TRIANGLES and normals.any():
            attributes["NORMAL"] = self.accessor(normals)
        coordinates = np.concatenate(patch.coordinates)
        if coordinates.any():
            attributes["TEXCOORD_0"] = self.accessor(coordinates)
        colors = np.concatenate(patch.colors)
        if (colors != 1).any():
            attributes["COLOR_0"] = self.accessor(colors)
        self.document["meshes"][0]["primitives"].append(
            {"attributes": attributes, "material": self.material(patch.surface), "mode": patch.mode}
        )


def write_glb(patches: list[Patch], path: Path, *, camera: Camera | None = None) -> None:
    """Write the patches as one scene, with a camera where one is given."""
    writer = _Writer()
    for patch in patches:
        writer.primitive(patch)
    if camera is not None:
        lens = {"yfov": camera.angle, "znear": 0.01, "zfar": 10_000.0}
        writer.document["cameras"] = [{"type": "perspective", "perspective": lens}]
        writer.document["nodes"].append({"camera": 0, "matrix": [float(value) for value in camera.pose.ravel()]})
        writer.document["scenes"][0]["nodes"].append(1)
    writer.document["buffers"].append({"byteLength": writer.length})
    text = json.dumps(writer.document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    with path.open("wb") as stored:
        stored.write(struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + writer.length))
        stored.write(struct.pack("<II", len(text), 0x4E4F534A) + text)
        stored.write(struct.pack("<II", writer.length, 0x004E4942))
        for chunk in writer.chunks:
            stored.write(chunk)
