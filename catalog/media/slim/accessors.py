"""Numbers out of the buffers of a glTF, however they are stored there: quantized, interleaved, sparse, by Draco."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import DracoPy
import numpy as np

from catalog.kernel.errors import InvalidInput
from catalog.media import references
from catalog.media.facts import Notebook, Source
from catalog.media.readers.gltf import embedded

DRACO: Final = "KHR_draco_mesh_compression"
MESHOPT: Final = ("EXT_meshopt_compression", "KHR_meshopt_compression")
COMPONENTS: Final = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}

_MOST_NUMBERS: Final = 400_000_000

Json = dict[str, Any]


@dataclass(kw_only=True)
class Stock:
    """The buffers of one glTF and what they hold, each read when it is first needed."""

    source: Source
    document: Json
    buffers: dict[int, bytes] = field(default_factory=dict)
    views: dict[int, bytes] = field(default_factory=dict)

    def content(self, holder: Json, *, find: Callable[[], bytes]) -> bytes:
        """The bytes that a buffer or an image names by its address, or else those of ``find``."""
        uri = holder.get("uri")
        if uri is None:
            return find()
        if references.is_embedded(uri):
            try:
                return base64.b64decode(uri.partition(",")[2])
            except binascii.Error as damage:
                raise InvalidInput("what is embedded in it cannot be decoded") from damage
        found = references.check(Notebook(), self.source, uri, references.inside_of_uri(uri, beside=self.source.path))
        if found is None:
            raise InvalidInput(f"{uri!r} is not part of the version")
        return found.read_bytes()

    def view(self, index: int) -> bytes:
        """The bytes of one buffer view, unpacked."""
        if index not in self.views:
            view = self.document["bufferViews"][index]
            packed = next((view["extensions"][each] for each in MESHOPT if each in view.get("extensions", {})), None)
            content = self._part(packed or view)
            self.views[index] = unpacked_by_meshopt(packed, content) if packed else content
        return self.views[index]

    def _part(self, described: Json) -> bytes:
        buffer, start, length = described["buffer"], described.get("byteOffset", 0), described["byteLength"]
        if buffer not in self.buffers:
            holder = self.document["buffers"][buffer]
            self.buffers[buffer] = self.content(holder, find=lambda: embedded(self.source.absolute))
        content = self.buffers[buffer]
        if start < 0 or length < 0 or start + length > len(content):
            raise InvalidInput(f"a buffer view reaches beyond buffer {buffer}")
        return content[start : start + length]

    def stored(self, index: int) -> np.ndarray:
        """The numbers of an accessor in the type in which they are stored, one row per element."""
        accessor = self.document["accessors"][index]
        kind, width, count = (
            np.dtype(COMPONENTS[accessor["componentType"]]),
            WIDTHS[accessor["type"]],
            accessor["count"],
        )
        if not 0 <= count * width <= _MOST_NUMBERS:
            raise InvalidInput(f"accessor {index} says that it has {count} elements")
        if "bufferView" in accessor:
            values = self._strided(accessor, kind, width, count)
        else:
            values = np.zeros((count, width), kind)
        if "sparse" in accessor:
            sparse = accessor["sparse"]
            where, what = sparse["indices"], sparse["values"]
            places = self._strided(where, np.dtype(COMPONENTS[where["componentType"]]), 1, sparse["count"])
            values = values.copy()
            values[places[:, 0]] = self._strided(what, kind, width, sparse["count"])
        return values

    def _strided(self, described: Json, kind: np.dtype[Any], width: int, count: int) -> np.ndarray:
        view = self.document["bufferViews"][described["bufferView"]]
        stride = view.get("byteStride") or kind.itemsize * width
        start, content = described.get("byteOffset", 0), self.view(described["bufferView"])
        if start < 0 or count < 0 or start + stride * max(count - 1, 0) + kind.itemsize * width > len(content):
            raise InvalidInput("an accessor reaches beyond its buffer view")
        return np.ndarray((count, width), dtype=kind, buffer=content, offset=start, strides=(stride, kind.itemsize))

    def numbers(self, index: int) -> np.ndarray:
        """The numbers of an accessor as floats; integers that stand for fractions are made fractions."""
        return as_floats(self.stored(index), normalized=bool(self.document["accessors"][index].get("normalized")))

    def unpacked(self, primitive: Json) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """The triangles and attributes of a primitive that Draco has packed."""
        packed = primitive["extensions"][DRACO]
        try:
            mesh = DracoPy.decode(self.view(packed["bufferView"]))
        except (DracoPy.FileTypeException, ValueError) as damage:
            raise InvalidInput(f"what Draco has packed in it cannot be read: {damage}") from damage
        found = {each["unique_id"]: each["data"] for each in mesh.attributes}
        attributes = {}
        for name, unique_id in packed["attributes"].items():
            accessor = self.document["accessors"][primitive["attributes"][name]]
            values = found[unique_id].reshape(len(mesh.points), -1)
            attributes[name] = (
                values if is_whole(name) else as_floats(values, normalized=bool(accessor.get("normalized")))
            )
        return np.asarray(mesh.faces, np.int64).reshape(-1, 3), attributes


def unpacked_by_meshopt(packed: Json, content: bytes) -> bytes:
    """The elements that meshoptimizer has packed into a buffer view, one after the other."""
    import meshopt  # noqa: PLC0415 — rare

    count, stride = packed["count"], packed["byteStride"]
    if not 0 <= count * stride <= _MOST_NUMBERS * 4:
        raise InvalidInput(f"a buffer view says that it has {count} elements of {stride} bytes")
    try:
        found = meshopt.decode_gltf_buffer(content, count, stride, packed["mode"], packed.get("filter", "NONE"))
    except (ValueError, RuntimeError, TypeError) as damage:
        raise InvalidInput(f"what meshoptimizer has packed in it cannot be read: {damage}") from damage
    return bytes(np.ascontiguousarray(found))


def is_whole(name: str) -> bool:
    """Whether an attribute counts things and is no measure."""
    return name.startswith(("JOINTS_", "_FEATURE_ID"))


def as_floats(values: np.ndarray, *, normalized: bool) -> np.ndarray:
    """As the specification says for fractions stored as integers."""
    if not normalized or values.dtype.kind == "f":
        return values.astype(np.float32)
    fractions: np.ndarray = np.maximum(values.astype(np.float32) / np.iinfo(values.dtype).max, -1.0)
    return fractions
