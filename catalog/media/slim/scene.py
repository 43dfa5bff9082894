"""A glTF taken apart: what its JSON says, and the numbers and pictures that it refers to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Notebook, Source
from catalog.media.gltf_gaps import fill_gaps
from catalog.media.readers import gltf
from catalog.media.slim.accessors import DRACO, MESHOPT, Json, Stock, is_whole
from catalog.media.slim.fewer import Mesh

INSTANCING: Final = "EXT_mesh_gpu_instancing"

_TRIANGLES, _STRIP, _FAN = 4, 5, 6
_KEPT_EXTENSIONS: Final = ("KHR_materials_", "KHR_texture_", "KHR_lights_punctual", "EXT_texture_webp", INSTANCING)
_READ_EXTENSIONS: Final = (DRACO, *MESHOPT, "KHR_mesh_quantization")
_PATHS: Final = ("translation", "rotation", "scale", "weights")
_VERTICES_MOST: Final = 20_000_000


@dataclass(kw_only=True)
class Part:
    """One primitive: triangles, or (by ``mode``) lines or points, whose order is then the one row of triangles."""

    described: Json
    mode: int
    mesh: Mesh


@dataclass(kw_only=True)
class Scene:
    """``parts`` are the primitives by mesh; ``numbers`` are accessors that moving and instancing need, by index."""

    document: Json
    parts: list[list[Part]] = field(default_factory=list)
    numbers: dict[int, np.ndarray] = field(default_factory=dict)
    pictures: dict[int, bytes] = field(default_factory=dict)
    missing_pictures: int = 0

    def all_parts(self) -> Iterator[Part]:
        """Every primitive."""
        for parts in self.parts:
            yield from parts


def read(source: Source) -> Scene:
    """Take a .gltf or .glb apart; ``InvalidInput`` where it cannot be shown as it is meant."""
    document: Any = gltf.load(source.absolute, Notebook())[0]
    needed = [each for each in document.get("extensionsRequired", []) if not _is_understood(each)]
    if needed:
        raise InvalidInput(f"it needs {', '.join(map(str, needed))[:200]}, which is not understood here")
    missing = fill_gaps(source, document)
    for animation in document.get("animations", []):
        animation["channels"] = [each for each in animation["channels"] if each["target"].get("path") in _PATHS]
    stock = Stock(source=source, document=document)
    try:
        scene = Scene(document=document, missing_pictures=missing)
        scene.parts = [[_part(stock, each) for each in mesh["primitives"]] for mesh in document.get("meshes", [])]
        scene.numbers = {index: stock.stored(index) for index in _moving(document)}
        for index, image in enumerate(document.get("images", [])):
            scene.pictures[index] = _picture(stock, image)
    except (IndexError, KeyError, TypeError, AttributeError, ValueError) as damage:
        raise InvalidInput(f"its parts do not fit together: {type(damage).__name__} {damage}") from damage
    return scene


def _is_understood(extension: str) -> bool:
    return extension.startswith(_KEPT_EXTENSIONS) or extension in _READ_EXTENSIONS


def without_strange(value: object) -> object:
    """JSON without extensions that are not understood here: what they refer to is not carried over."""
    if isinstance(value, list):
        return [without_strange(each) for each in value]
    if not isinstance(value, dict):
        return value
    clean = {key: without_strange(each) for key, each in value.items() if key not in ("extensions", "extras")}
    kept = {
        key: without_strange(each)
        for key, each in (value.get("extensions") or {}).items()
        if key.startswith(_KEPT_EXTENSIONS)
    }
    named = (value.get("extras") or {}).get("targetNames") if isinstance(value.get("extras"), dict) else None
    return clean | ({"extensions": kept} if kept else {}) | ({"extras": {"targetNames": named}} if named else {})


def _moving(document: Json) -> Iterator[int]:
    """The accessors that are no part of a primitive."""
    for animation in document.get("animations", []):
        for sampler in animation["samplers"]:
            yield from (sampler["input"], sampler["output"])
    for skin in document.get("skins", []):
        if "inverseBindMatrices" in skin:
            yield skin["inverseBindMatrices"]
    for node in document.get("nodes", []):
        yield from node.get("extensions", {}).get(INSTANCING, {}).get("attributes", {}).values()


def _picture(stock: Stock, image: Json) -> bytes:
    return stock.content(image, find=lambda: stock.view(image["bufferView"]))


def _part(stock: Stock, primitive: Json) -> Part:
    mode = primitive.get("mode", _TRIANGLES)
    if DRACO in primitive.get("extensions", {}):
        triangles, attributes = stock.unpacked(primitive)
    else:
        attributes = _attributes(stock, primitive["attributes"])
        count = len(attributes["POSITION"])
        order = (
            stock.stored(primitive["indices"])[:, 0].astype(np.int64) if "indices" in primitive else np.arange(count)
        )
        if len(order) and order.max() >= count:
            raise InvalidInput("an index is larger than there are vertices")
        triangles, mode = _as_triangles(order, mode)
    targets = tuple(_attributes(stock, target) for target in primitive.get("targets", []))
    if any(len(values) != len(attributes["POSITION"]) for values in attributes.values()):
        raise InvalidInput("a primitive has attributes of different lengths")
    if len(attributes["POSITION"]) > _VERTICES_MOST:
        raise InvalidInput(f"a part has {len(attributes['POSITION'])} vertices, more than is worked on")
    mesh = Mesh(triangles=triangles, attributes=attributes, targets=targets)
    return Part(described=primitive, mode=mode, mesh=mesh)


def _attributes(stock: Stock, described: Json) -> dict[str, np.ndarray]:
    return {
        name: stock.stored(index) if is_whole(name) else stock.numbers(index)
        for name, index in described.items()
        if not name.startswith("_") and name != "TANGENT"  # browsers make tangents by themselves
    }


def _as_triangles(order: np.ndarray, mode: int) -> tuple[np.ndarray, int]:
    """Rows of three, and what they are; lines and points come as they are drawn, one row."""
    if mode == _TRIANGLES:
        return order[: len(order) // 3 * 3].reshape(-1, 3), mode
    if mode == _STRIP:
        rows = np.stack([order[:-2], order[1:-1], order[2:]], axis=1)
        rows[1::2] = rows[1::2, [1, 0, 2]]
        return rows, _TRIANGLES
    if mode == _FAN:
        return np.stack([np.full(max(len(order) - 2, 0), order[0]), order[1:-1], order[2:]], axis=1), _TRIANGLES
    return order.reshape(1, -1), mode
