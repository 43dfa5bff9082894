"""Facts of glTF 2.0, from its JSON alone: counts and bounds stand in the accessors, so no geometry is read.

Specification: https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html (units are meters, up is +Y).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from catalog.kernel.errors import InvalidInput
from catalog.media import references
from catalog.media.facts import Notebook, Source
from catalog.media.vocabulary import FactKey, FindingCode

_MAGIC: Final = b"glTF"
_JSON_CHUNK, _BINARY_CHUNK = 0x4E4F534A, 0x004E4942
_HEADER_BYTES, _CHUNK_HEADER_BYTES = 12, 8
_LARGEST_JSON_BYTES: Final = 512 * 1024 * 1024
_MOST_NODES: Final = 2_000_000
_COMPONENT_BYTES: Final = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}
_COMPONENTS: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_TRIANGLES, _STRIP, _FAN = 4, 5, 6

Json = Mapping[str, Any]


def read(source: Source, notebook: Notebook) -> None:
    """Counts, bounds, morph targets and references of one .gltf or .glb."""
    document, binary_bytes = load(source.absolute, notebook)
    version = str(_mapping(document.get("asset")).get("version", ""))
    if not version.startswith("2."):
        raise InvalidInput(f"glTF version {version or 'unknown'} is not supported; export it as 2.0")
    _check_lengths(document, binary_bytes, notebook)
    _check_references(document, source, notebook)
    notebook.note(FactKey.UP_AXIS, "Y")
    notebook.note(FactKey.METERS_PER_UNIT, 1.0)
    notebook.note(FactKey.MATERIAL_COUNT, len(_items(document, "materials")))
    notebook.note(FactKey.TEXTURE_COUNT, len(_items(document, "images")))
    joints = {joint for skin in _items(document, "skins") for joint in _numbers(skin.get("joints"))}
    notebook.note(FactKey.JOINT_COUNT, len(joints))
    _note_geometry(document, notebook)
    _note_blend_shapes(document, notebook)


def load(path: str, notebook: Notebook) -> tuple[Json, int]:
    """The JSON document and the length of the embedded binary chunk (0 where there is none)."""
    with Path(path).open("rb") as stored:
        size = stored.seek(0, 2)
        stored.seek(0)
        start = stored.read(_HEADER_BYTES)
        if start[:4] != _MAGIC:
            stored.seek(0)
            return _parsed(stored.read(_LARGEST_JSON_BYTES)), 0
        if len(start) < _HEADER_BYTES:
            raise InvalidInput(f"ends after {size} bytes, before its GLB header is complete")
        declared = struct.unpack("<4sII", start)[2]
        if declared != size:
            notebook.find(FindingCode.DAMAGED, f"says that it is {declared} bytes long, but it is {size}")
        text = _chunk(
            stored.read(_CHUNK_HEADER_BYTES), wanted=_JSON_CHUNK, left=size - _HEADER_BYTES - _CHUNK_HEADER_BYTES
        )
        document = _parsed(stored.read(text))
        following = stored.read(_CHUNK_HEADER_BYTES)
        if len(following) < _CHUNK_HEADER_BYTES:
            return document, 0
        return document, _chunk(following, wanted=_BINARY_CHUNK, left=size - stored.tell())


def embedded(path: str) -> bytes:
    """The binary chunk of a .glb, and what may follow it; empty where there is none."""
    content = Path(path).read_bytes()
    start = _HEADER_BYTES + _CHUNK_HEADER_BYTES + int.from_bytes(content[_HEADER_BYTES : _HEADER_BYTES + 4], "little")
    return content[start + _CHUNK_HEADER_BYTES :] if content[:4] == _MAGIC else b""


def _chunk(header: bytes, *, wanted: int, left: int) -> int:
    if len(header) < _CHUNK_HEADER_BYTES:
        raise InvalidInput("ends before its first chunk")
    length, kind = struct.unpack("<II", header)
    if kind != wanted:
        return 0 if wanted == _BINARY_CHUNK else _refuse("its first chunk is not JSON")
    if length > left:
        raise InvalidInput(f"a chunk says that it is {length} bytes long, but {max(left, 0)} are left")
    return int(length)


def _refuse(why: str) -> int:
    raise InvalidInput(why)


def _parsed(text: bytes) -> Json:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as damage:
        raise InvalidInput("its glTF JSON cannot be parsed") from damage
    if not isinstance(document, dict):
        raise InvalidInput("its glTF JSON is not an object")
    return document


def _check_lengths(document: Json, binary_bytes: int, notebook: Notebook) -> None:
    """Views must lie in their buffers and accessors in their views, as readers that trust them read past the end."""
    buffers = [_count(each.get("byteLength")) for each in _items(document, "buffers")]
    if buffers and "uri" not in _items(document, "buffers")[0] and buffers[0] > binary_bytes:
        notebook.find(FindingCode.DAMAGED, f"buffer 0 wants {buffers[0]} bytes, but {binary_bytes} are embedded")
    views = _items(document, "bufferViews")
    for index, view in enumerate(views):
        owner = _count(view.get("buffer"))
        room = buffers[owner] if owner < len(buffers) else 0
        if _count(view.get("byteOffset")) + _count(view.get("byteLength")) > room:
            notebook.find(FindingCode.DAMAGED, f"buffer view {index} reaches beyond its buffer")
    for index, accessor in enumerate(_items(document, "accessors")):
        if "bufferView" not in accessor:
            continue
        owner = _count(accessor.get("bufferView"))
        room = _count(views[owner].get("byteLength")) if owner < len(views) else 0
        if (
            _count(accessor.get("byteOffset")) + _accessor_bytes(accessor, views[owner] if owner < len(views) else {})
            > room
        ):
            notebook.find(FindingCode.DAMAGED, f"accessor {index} reaches beyond its buffer view")


def _accessor_bytes(accessor: Json, view: Json) -> int:
    element = _COMPONENT_BYTES.get(_count(accessor.get("componentType")), 1) * _COMPONENTS.get(
        str(accessor.get("type")), 1
    )
    count = _count(accessor.get("count"))
    stride = _count(view.get("byteStride")) or element
    return stride * (count - 1) + element if count else 0


def _check_references(document: Json, source: Source, notebook: Notebook) -> None:
    for kind in ("buffers", "images"):
        for each in _items(document, kind):
            uri = each.get("uri")
            if isinstance(uri, str) and not references.is_embedded(uri):
                references.check(notebook, source, uri, references.inside_of_uri(uri, beside=source.path))


def _note_geometry(document: Json, notebook: Notebook) -> None:
    meshes, accessors = _items(document, "meshes"), _items(document, "accessors")
    placed, vertices, triangles = 0, 0, 0
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for mesh, matrix in placements(document):
        placed += 1
        for primitive in _items(meshes[mesh], "primitives"):
            position = _accessor(accessors, _mapping(primitive.get("attributes")).get("POSITION"))
            vertices += _count(position.get("count"))
            triangles += _triangles(primitive, position, accessors)
            corners = _corners(position)
            if corners is not None:
                reached = corners @ matrix[:3, :3].T + matrix[:3, 3]
                low, high = np.minimum(low, reached.min(axis=0)), np.maximum(high, reached.max(axis=0))
    notebook.note(FactKey.MESH_COUNT, placed)
    notebook.note(FactKey.VERTEX_COUNT, vertices)
    notebook.note(FactKey.FACE_COUNT, triangles)
    notebook.note(FactKey.TRIANGLE_COUNT, triangles)
    if np.isfinite(low).all() and np.isfinite(high).all():
        notebook.note(FactKey.BOUNDS_SIZE, tuple(float(size) for size in high - low))


def placements(document: Json) -> Iterator[tuple[int, np.ndarray]]:
    """Every mesh that the default scene places, with its world matrix; all meshes where no scene is given."""
    nodes, meshes = _items(document, "nodes"), _items(document, "meshes")
    if not _items(document, "scenes"):
        yield from ((index, np.eye(4)) for index in range(len(meshes)))
        return
    for index, world in worlds(document)[0].items():
        mesh = nodes[index].get("mesh")
        if isinstance(mesh, int) and 0 <= mesh < len(meshes):
            yield mesh, world


def worlds(document: Json) -> tuple[dict[int, np.ndarray], dict[int, int]]:
    """The world matrix of every node of the default scene, and which node is the parent of which."""
    nodes, scenes = _items(document, "nodes"), _items(document, "scenes")
    chosen = _count(document.get("scene"))
    roots = _numbers(scenes[chosen if chosen < len(scenes) else 0].get("nodes")) if scenes else []
    waiting: list[tuple[int, int | None]] = [(index, None) for index in roots]
    found: dict[int, np.ndarray] = {}
    parents: dict[int, int] = {}
    while waiting and len(found) < _MOST_NODES:
        index, above = waiting.pop()
        if index in found or not 0 <= index < len(nodes):
            continue  # a node has one parent; a file that says otherwise may hold a cycle
        found[index] = (found[above] if above is not None else np.eye(4)) @ _matrix(nodes[index])
        if above is not None:
            parents[index] = above
        waiting += [(child, index) for child in _numbers(nodes[index].get("children"))]
    return found, parents


def _matrix(node: Json) -> np.ndarray:
    given = node.get("matrix")
    if isinstance(given, list) and len(given) == 16:  # noqa: PLR2004 — four by four
        return np.array(given, dtype=float).reshape(4, 4).T
    matrix = np.eye(4)
    x, y, z, w = _vector(node.get("rotation"), (0.0, 0.0, 0.0, 1.0))
    matrix[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    matrix[:3, :3] *= _vector(node.get("scale"), (1.0, 1.0, 1.0))
    matrix[:3, 3] = _vector(node.get("translation"), (0.0, 0.0, 0.0))
    return matrix


def _corners(position: Json) -> np.ndarray | None:
    low, high = position.get("min"), position.get("max")
    if not (isinstance(low, list) and isinstance(high, list) and len(low) == len(high) == 3):  # noqa: PLR2004 — x, y, z
        return None
    box = np.array([low, high], dtype=float)
    return np.array([[box[i, 0], box[j, 1], box[k, 2]] for i in (0, 1) for j in (0, 1) for k in (0, 1)])


def _triangles(primitive: Json, position: Json, accessors: Sequence[Json]) -> int:
    indices = primitive.get("indices")
    corners = _count((_accessor(accessors, indices) if indices is not None else position).get("count"))
    mode = primitive.get("mode", _TRIANGLES)
    if mode == _TRIANGLES:
        return corners // 3
    return max(corners - 2, 0) if mode in (_STRIP, _FAN) else 0


def _note_blend_shapes(document: Json, notebook: Notebook) -> None:
    """Morph targets; their names stand in ``extras.targetNames`` by convention of the exporters."""
    count, names = 0, []
    for mesh in _items(document, "meshes"):
        targets = max((len(_items(primitive, "targets")) for primitive in _items(mesh, "primitives")), default=0)
        count += targets
        named = _mapping(mesh.get("extras")).get("targetNames")
        if isinstance(named, list):
            names += [str(name) for name in named[:targets]]
    notebook.note(FactKey.BLEND_SHAPE_COUNT, count)
    if names:
        notebook.note(FactKey.BLEND_SHAPE_NAMES, tuple(dict.fromkeys(names)))


def _accessor(accessors: Sequence[Json], index: object) -> Json:
    return accessors[index] if isinstance(index, int) and 0 <= index < len(accessors) else {}


def _items(holder: Json, name: str) -> list[Json]:
    found = holder.get(name)
    return [each if isinstance(each, dict) else {} for each in found] if isinstance(found, list) else []


def _mapping(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _numbers(value: object) -> list[int]:
    return [each for each in value if isinstance(each, int)] if isinstance(value, list) else []


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _vector(value: object, default: tuple[float, ...]) -> tuple[float, ...]:
    if isinstance(value, list) and len(value) == len(default) and all(isinstance(each, int | float) for each in value):
        return tuple(float(each) for each in value)
    return default
