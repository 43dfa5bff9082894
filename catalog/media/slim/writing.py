"""Puts a scene together again as one binary glTF, its triangles packed by Draco."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import Any, Final, cast

import DracoPy
import numpy as np

from catalog.kernel.errors import InvalidInput
from catalog.media.slim.accessors import COMPONENTS, DRACO, WIDTHS, Json
from catalog.media.slim.fewer import Mesh
from catalog.media.slim.pictures import KTX2, WEBP
from catalog.media.slim.scene import INSTANCING, Part, Scene, without_strange

_TRIANGLES: Final = 4
_FLOAT, _UNSIGNED_BYTE, _UNSIGNED_INT = 5126, 5121, 5125
_ARRAY_BUFFER, _ELEMENT_BUFFER = 34962, 34963
_POSITION_BITS, _NORMAL_BITS, _COORDINATE_BITS = 14, 10, 14
_COMPRESSION: Final = 7
_DRACO_TYPES: Final = {"POSITION": 0, "NORMAL": 1, "COLOR_0": 2, "TEXCOORD_0": 3}
_GENERIC: Final = 4
_FIRST_GENERIC: Final = 100
_MOSTLY_ZERO: Final = 0.5
_TYPES: Final = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
_CODES: Final = {np.dtype(kind): code for code, kind in COMPONENTS.items()}
_PICTURE_EXTENSIONS: Final = {WEBP: "EXT_texture_webp", KTX2: "KHR_texture_basisu"}


@dataclass(kw_only=True)
class _Glb:
    """A binary glTF while it is written."""

    document: Json
    chunks: list[bytes] = field(default_factory=list)
    length: int = 0

    def view(self, content: bytes, **more: int) -> int:
        self.document["bufferViews"].append(
            {"buffer": 0, "byteOffset": self.length, "byteLength": len(content), **more}
        )
        padded = content + b"\0" * (-len(content) % 4)
        self.chunks.append(padded)
        self.length += len(padded)
        return len(self.document["bufferViews"]) - 1

    def accessor(self, described: Json) -> int:
        self.document["accessors"].append(described)
        return len(self.document["accessors"]) - 1

    def numbers(self, values: np.ndarray, *, target: int | None = None, kind: str | None = None, **more: object) -> int:
        """Values as they are; rows that are no multiple of four bytes long are padded where vertices need it."""
        described = _described(values, kind=kind) | more
        rows = values
        stride = {}
        width = values.dtype.itemsize * values.shape[1]
        if target == _ARRAY_BUFFER and width % 4:
            rows = np.zeros((len(values), width + -width % 4), np.uint8)
            rows[:, :width] = np.ascontiguousarray(values).view(np.uint8).reshape(len(values), width)
            stride = {"byteStride": rows.shape[1]}
        goal = {} if target is None else {"target": target}
        described["bufferView"] = self.view(np.ascontiguousarray(rows).tobytes(), **goal, **stride)
        return self.accessor(described)

    def target(self, values: np.ndarray) -> int:
        """What a morph target adds: only the rows that are not zero, where most are."""
        moved = np.flatnonzero(values.any(axis=1))
        if len(moved) > len(values) * _MOSTLY_ZERO:
            return self.numbers(values, target=_ARRAY_BUFFER, **_bounds(values))
        described = _described(values) | _bounds(values)
        if len(moved):
            described["sparse"] = {
                "count": len(moved),
                "indices": {"bufferView": self.view(moved.astype(np.uint32).tobytes()), "componentType": _UNSIGNED_INT},
                "values": {"bufferView": self.view(np.ascontiguousarray(values[moved]).tobytes())},
            }
        return self.accessor(described)

    def uses(self, extension: str) -> None:
        for where in ("extensionsUsed", "extensionsRequired"):
            if extension not in self.document.setdefault(where, []):
                self.document[where].append(extension)

    def finished(self) -> bytes:
        for name in [name for name, value in self.document.items() if value == []]:
            del self.document[name]
        if self.length:
            self.document["buffers"] = [{"byteLength": self.length}]
        text = json.dumps(self.document, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        head = struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + self.length)
        body = b"".join(self.chunks)
        return (
            head + struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(body), 0x004E4942) + body
        )


def written(scene: Scene, pictures: dict[int, tuple[bytes, str]]) -> bytes:
    """The scene as a binary glTF with these pictures."""
    document = cast("Json", without_strange(scene.document))
    stale = ("buffers", "bufferViews", "accessors", "extensionsUsed", "extensionsRequired", "cameras")
    glb = _Glb(document={key: value for key, value in document.items() if key not in stale})
    glb.document |= {"asset": {"version": "2.0", "generator": "reprise"}, "bufferViews": [], "accessors": []}
    _write_meshes(glb, scene)
    _write_moving(glb, scene)
    _write_pictures(glb, pictures)
    _tell_extensions(glb)
    return glb.finished()


def _write_meshes(glb: _Glb, scene: Scene) -> None:
    for mesh, parts in zip(glb.document.get("meshes", []), scene.parts, strict=True):
        mesh["primitives"] = [
            _primitive(glb, described, part) for described, part in zip(mesh["primitives"], parts, strict=True)
        ]


def _primitive(glb: _Glb, described: Json, part: Part) -> Json:
    mesh = _prepared(part.mesh)
    kept = {key: value for key, value in described.items() if key in ("material", "extensions", "extras")}
    if part.mode != _TRIANGLES:
        order = mesh.triangles.ravel()
        attributes = {
            name: glb.numbers(values[order], target=_ARRAY_BUFFER, **_more(name, values[order]))
            for name, values in mesh.attributes.items()
        }
        return kept | {"mode": part.mode, "attributes": attributes}
    made = _packed(glb, mesh)
    made["extensions"] = kept.get("extensions", {}) | made["extensions"]
    return kept | made


def _packed(glb: _Glb, mesh: Mesh) -> Json:
    """A primitive by Draco; with morph targets its vertices keep their order, as the targets count by it."""
    generic = {
        _FIRST_GENERIC + number: values
        for number, (name, values) in enumerate(sorted(mesh.attributes.items()))
        if name not in _DRACO_TYPES
    }
    content = DracoPy.encode(
        mesh.positions,
        mesh.triangles.astype(np.uint32),
        quantization_bits=_POSITION_BITS,
        compression_level=_COMPRESSION,
        preserve_order=bool(mesh.targets),
        colors=mesh.attributes.get("COLOR_0"),
        tex_coord=_doubles(mesh.attributes.get("TEXCOORD_0")),
        normals=_doubles(mesh.attributes.get("NORMAL")),
        tex_coord_quantization_bits=_COORDINATE_BITS,
        normal_quantization_bits=_NORMAL_BITS,
        generic_attributes=generic or None,
    )
    back = DracoPy.decode(content)
    by_type = {each["attribute_type"]: each for each in back.attributes if each["attribute_type"] != _GENERIC}
    by_id = {each["unique_id"]: each for each in back.attributes}
    attributes, ids = {}, {}
    for number, name in enumerate(sorted(mesh.attributes)):
        found = by_type[_DRACO_TYPES[name]] if name in _DRACO_TYPES else by_id[_FIRST_GENERIC + number]
        values = found["data"].reshape(len(back.points), -1).astype(mesh.attributes[name].dtype)
        ids[name] = found["unique_id"]
        attributes[name] = glb.accessor(_described(values) | _more(name, values))
    indices = glb.accessor({"componentType": _UNSIGNED_INT, "count": int(np.size(back.faces)), "type": "SCALAR"})
    glb.uses(DRACO)
    targets = [{name: glb.target(values) for name, values in target.items()} for target in mesh.targets]
    packed = {"bufferView": glb.view(content), "attributes": ids}
    made: Json = {"mode": _TRIANGLES, "attributes": attributes, "indices": indices, "extensions": {DRACO: packed}}
    return made | ({"targets": targets} if targets else {})


def _prepared(mesh: Mesh) -> Mesh:
    """Attributes in the types in which they are written."""
    attributes = {name: _prepared_attribute(name, values) for name, values in mesh.attributes.items()}
    targets = tuple({"POSITION": target["POSITION"]} for target in mesh.targets if "POSITION" in target)
    return Mesh(triangles=mesh.triangles, attributes=attributes, targets=targets)


def _prepared_attribute(name: str, values: np.ndarray) -> np.ndarray:
    if name.startswith("COLOR_"):
        full = np.ones((len(values), 4), np.float32)
        full[:, : values.shape[1]] = values
        return (np.clip(full, 0, 1) * 255 + 0.5).astype(np.uint8)
    if name.startswith("JOINTS_"):
        return values.astype(np.uint16)
    finite: np.ndarray = np.nan_to_num(values).astype(np.float32)
    return finite


def _write_moving(glb: _Glb, scene: Scene) -> None:
    """Animations, skins and instances, whose accessors have new numbers."""
    renamed: dict[int, int] = {}

    def carry(holder: Json, name: str, *, bounded: bool = False) -> None:
        index = holder[name]
        if index not in renamed:
            values, before = scene.numbers[index], scene.document["accessors"][index]
            more = (_bounds(values) if bounded else {}) | ({"normalized": True} if before.get("normalized") else {})
            renamed[index] = glb.numbers(np.ascontiguousarray(values), kind=before["type"], **more)
        holder[name] = renamed[index]

    for sampler in (each for animation in glb.document.get("animations", []) for each in animation["samplers"]):
        carry(sampler, "input", bounded=True)
        carry(sampler, "output")
    for skin in glb.document.get("skins", []):
        if "inverseBindMatrices" in skin:
            carry(skin, "inverseBindMatrices")
    for node in glb.document.get("nodes", []):
        node.pop("camera", None)
        attributes = node.get("extensions", {}).get(INSTANCING, {}).get("attributes", {})
        for name in attributes:
            carry(attributes, name)


def _write_pictures(glb: _Glb, pictures: dict[int, tuple[bytes, str]]) -> None:
    for index, (content, media_type) in pictures.items():
        glb.document["images"][index] = {"bufferView": glb.view(content), "mimeType": media_type}
    for texture in glb.document.get("textures", []):
        named = [each["source"] for each in (texture.pop("extensions", None) or {}).values() if "source" in each]
        source = texture.pop("source", named[0] if named else None)
        if source not in pictures:
            raise InvalidInput("a texture names no picture")
        extension = _PICTURE_EXTENSIONS.get(pictures[source][1])
        texture.update({"extensions": {extension: {"source": source}}} if extension else {"source": source})


def _tell_extensions(glb: _Glb) -> None:
    """What is used is listed; what decides whether there is anything to see is required."""
    used = _extensions_in(glb.document)
    glb.document.pop("extensionsUsed", None)
    glb.document.pop("extensionsRequired", None)
    needed = [each for each in (DRACO, INSTANCING, *_PICTURE_EXTENSIONS.values()) if each in used]
    glb.document |= {"extensionsUsed": sorted(used), "extensionsRequired": needed}


def _extensions_in(value: object) -> set[str]:
    if isinstance(value, list):
        return set().union(*(_extensions_in(each) for each in value))
    if not isinstance(value, dict):
        return set()
    inside = set().union(*(_extensions_in(each) for each in value.values()))
    return inside | set(value.get("extensions") or {})


def _described(values: np.ndarray, *, kind: str | None = None) -> Json:
    width = values.shape[1]
    count = len(values) * width // WIDTHS[kind] if kind else len(values)
    return {"componentType": _CODES[values.dtype], "count": count, "type": kind or _TYPES[width]}


def _more(name: str, values: np.ndarray) -> Json:
    if name.startswith("COLOR_"):
        return {"normalized": True}
    return _bounds(values) if name == "POSITION" else {}


def _bounds(values: np.ndarray) -> dict[str, Any]:
    return {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}


def _doubles(values: np.ndarray | None) -> np.ndarray | None:
    return None if values is None else values.astype(np.float64)
