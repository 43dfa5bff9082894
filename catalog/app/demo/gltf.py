"""Writes parts as a binary glTF 2.0: materials with maps, vertex colors, blend shapes, one skeleton, one animation."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from catalog.app.demo.shapes import Array, Look, Part, Vector

_FLOAT, _USHORT, _UINT = 5126, 5123, 5125
_VERTICES, _INDICES = 34962, 34963
_MOST_SHORT = 65_535
_TYPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}


@dataclass(frozen=True, kw_only=True)
class Joint:
    """A joint at rest: its place in the world and its parent's name."""

    name: str
    at: Vector
    parent: str | None = None


@dataclass(frozen=True, kw_only=True)
class Skeleton:
    """Joints, parents first, and what they do: times in seconds, turns (quaternions x, y, z, w) by joint."""

    joints: Sequence[Joint]
    action: str = ""
    times: Array = field(default_factory=lambda: np.zeros(0))
    turns: Mapping[str, Array] = field(default_factory=dict)
    moves: Mapping[str, Array] = field(default_factory=dict)


class _Writer:
    def __init__(self) -> None:
        self.body = bytearray()
        self.document: dict[str, Any] = {
            "asset": {
                "version": "2.0",
                "generator": "Reprise demo studio",
                "copyright": "Invented for the demo studio",
            },
            "scene": 0,
            "scenes": [{"nodes": []}],
            "nodes": [],
            "meshes": [],
            "materials": [],
            "buffers": [],
            "bufferViews": [],
            "accessors": [],
        }
        self.looks: dict[str, int] = {}
        self.pictures: dict[bytes, int] = {}

    def view(self, content: bytes, target: int | None = None) -> int:
        made = {"buffer": 0, "byteOffset": len(self.body), "byteLength": len(content)}
        if target is not None:
            made["target"] = target
        self.document["bufferViews"].append(made)
        self.body += content + b"\0" * (-len(content) % 4)
        return len(self.document["bufferViews"]) - 1

    def accessor(
        self,
        values: npt.NDArray[Any],
        component: int,
        target: int | None = None,
        *,
        bounds: bool = False,
        **more: object,
    ) -> int:
        kinds = {_FLOAT: np.float32, _USHORT: np.uint16, _UINT: np.uint32}
        packed = np.ascontiguousarray(values, kinds[component])
        width = 1 if packed.ndim == 1 else packed.shape[1]
        made = {
            "bufferView": self.view(packed.tobytes(), target),
            "componentType": component,
            "count": len(packed),
            "type": _TYPES[width],
            **more,
        }
        if bounds:
            made["min"] = np.atleast_1d(packed.min(axis=0)).astype(float).tolist()
            made["max"] = np.atleast_1d(packed.max(axis=0)).astype(float).tolist()
        self.document["accessors"].append(made)
        return len(self.document["accessors"]) - 1

    def texture(self, picture: bytes) -> dict[str, int]:
        if picture not in self.pictures:
            for name in ("images", "textures", "samplers"):
                self.document.setdefault(name, [])
            if not self.document["samplers"]:
                self.document["samplers"].append({"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497})
            self.document["images"].append({"bufferView": self.view(picture), "mimeType": "image/png"})
            self.document["textures"].append({"source": len(self.document["images"]) - 1, "sampler": 0})
            self.pictures[picture] = len(self.document["textures"]) - 1
        return {"index": self.pictures[picture]}

    def material(self, look: Look) -> int:
        if look.name in self.looks:
            return self.looks[look.name]
        surface: dict[str, Any] = {
            "baseColorFactor": [*look.color, look.opacity],
            "metallicFactor": look.metallic,
            "roughnessFactor": look.roughness,
        }
        made: dict[str, Any] = {"name": look.name, "pbrMetallicRoughness": surface}
        if look.maps is not None:
            surface["baseColorTexture"] = self.texture(look.maps.color)
            surface["metallicRoughnessTexture"] = self.texture(look.maps.rough)
            made["normalTexture"] = self.texture(look.maps.normal)
        if any(look.emission):
            made["emissiveFactor"] = list(look.emission)
        if look.opacity < 1:
            made["alphaMode"] = "BLEND"
        if look.double_sided:
            made["doubleSided"] = True
        self.document["materials"].append(made)
        self.looks[look.name] = len(self.document["materials"]) - 1
        return self.looks[look.name]

    def mesh(self, part: Part) -> int:
        mesh = part.mesh
        attributes = {
            "POSITION": self.accessor(mesh.points, _FLOAT, _VERTICES, bounds=True),
            "NORMAL": self.accessor(_single(mesh.normals), _FLOAT, _VERTICES),
        }
        if mesh.uv is not None:
            attributes["TEXCOORD_0"] = self.accessor(mesh.uv, _FLOAT, _VERTICES)
        if mesh.colors is not None:
            levels = np.round(np.clip(np.c_[mesh.colors, np.ones(len(mesh.colors))], 0, 1) * 65535)
            attributes["COLOR_0"] = self.accessor(levels, _USHORT, _VERTICES, normalized=True)
        if part.joints is not None and part.weights is not None:
            attributes["JOINTS_0"] = self.accessor(part.joints, _USHORT, _VERTICES)
            attributes["WEIGHTS_0"] = self.accessor(part.weights, _FLOAT, _VERTICES)
        component = _USHORT if len(mesh.points) < _MOST_SHORT else _UINT
        made: dict[str, Any] = {
            "attributes": attributes,
            "indices": self.accessor(mesh.faces.ravel(), component, _INDICES),
            "material": self.material(part.look),
        }
        whole: dict[str, Any] = {"name": part.name, "primitives": [made]}
        if part.shapes:
            made["targets"] = [
                {"POSITION": self.accessor(move, _FLOAT, _VERTICES, bounds=True)} for move in part.shapes.values()
            ]
            whole["weights"] = [0.0] * len(part.shapes)
            whole["extras"] = {"targetNames": list(part.shapes)}
        self.document["meshes"].append(whole)
        return len(self.document["meshes"]) - 1

    def skin(self, skeleton: Skeleton) -> dict[str, int]:
        """Enter joints as nodes, the skin and the animation; the node of each joint."""
        nodes: dict[str, int] = {}
        places = {joint.name: np.asarray(joint.at, float) for joint in skeleton.joints}
        for joint in skeleton.joints:
            local = places[joint.name] - (places[joint.parent] if joint.parent else 0)
            nodes[joint.name] = len(self.document["nodes"])
            self.document["nodes"].append({"name": joint.name, "translation": local.tolist()})
            if joint.parent:
                self.document["nodes"][nodes[joint.parent]].setdefault("children", []).append(nodes[joint.name])
            else:
                self.document["scenes"][0]["nodes"].append(nodes[joint.name])
        inverse = np.tile(np.eye(4), (len(skeleton.joints), 1, 1))
        inverse[:, 3, :3] = [-places[joint.name] for joint in skeleton.joints]
        binds = self.accessor(inverse.reshape(-1, 16), _FLOAT)
        skin = {"joints": list(nodes.values()), "inverseBindMatrices": binds, "skeleton": 0}
        self.document["skins"] = [skin]
        if skeleton.action:
            self.animate(skeleton, nodes)
        return nodes

    def animate(self, skeleton: Skeleton, nodes: Mapping[str, int]) -> None:
        times = self.accessor(skeleton.times, _FLOAT, bounds=True)
        samplers: list[dict[str, Any]] = []
        channels: list[dict[str, Any]] = []
        tracks = [(name, "rotation", keys) for name, keys in skeleton.turns.items()]
        tracks += [(name, "translation", keys) for name, keys in skeleton.moves.items()]
        for name, path, keys in tracks:
            channels.append({"sampler": len(samplers), "target": {"node": nodes[name], "path": path}})
            samplers.append({"input": times, "output": self.accessor(keys, _FLOAT), "interpolation": "LINEAR"})
        self.document["animations"] = [{"name": skeleton.action, "samplers": samplers, "channels": channels}]

    def packed(self) -> bytes:
        self.document["buffers"] = [{"byteLength": len(self.body)}]
        said = json.dumps(self.document, separators=(",", ":")).encode()
        said += b" " * (-len(said) % 4)
        chunks = struct.pack("<I4s", len(said), b"JSON") + said
        chunks += struct.pack("<I4s", len(self.body), b"BIN\0") + bytes(self.body)
        return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def glb(parts: Sequence[Part], skeleton: Skeleton | None = None) -> bytes:
    """The parts as one file; those with joints hang on the skeleton."""
    writer = _Writer()
    if skeleton is not None:
        writer.skin(skeleton)
    for part in parts:
        node: dict[str, Any] = {"name": part.name, "mesh": writer.mesh(part)}
        if part.joints is not None:
            node["skin"] = 0
        writer.document["scenes"][0]["nodes"].append(len(writer.document["nodes"]))
        writer.document["nodes"].append(node)
    return writer.packed()


def _single(normals: Array) -> Array:
    """Normals whose single-precision length is one to the last digit that validators look at."""
    rounded = normals.astype(np.float32).astype(np.float64)
    made: Array = rounded / np.linalg.norm(rounded, axis=1, keepdims=True)
    return made
