"""Triangles of models in their own space, for drawing where nothing can be rendered. Materials are left out.

Compressed glTF (Draco, meshopt) has no triangles here. What is damaged raises ``InvalidInput``.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from catalog.kernel.errors import InvalidInput
from catalog.media import references
from catalog.media.facts import Notebook, Source
from catalog.media.fans import fan_corners

MOST_TRIANGLES: Final = 2_000_000

_GLTF_KINDS: Final = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_TRIANGLE_MODE: Final = 4


def triangles_of(source: Source, name: str) -> np.ndarray:
    """Triangles as an array of (count, 3 corners, 3 coordinates); at most ``MOST_TRIANGLES``, evenly thinned."""
    reader = _READERS.get(name)
    if reader is None:
        raise InvalidInput(f"{name} cannot be drawn on a machine without a renderer")
    try:
        found = reader(source)
    except (IndexError, ValueError, KeyError, TypeError, OverflowError) as damage:
        raise InvalidInput(f"its geometry cannot be read: {damage}") from damage
    finite = found[np.isfinite(found).all(axis=(1, 2))].astype(np.float64)
    if not len(finite):
        raise InvalidInput("it holds no triangles")
    thinned: np.ndarray = finite[:: len(finite) // MOST_TRIANGLES + 1]
    return thinned


def _from_faces(points: np.ndarray, indices: np.ndarray, counts: np.ndarray) -> np.ndarray:
    corners, _ = fan_corners(counts)
    cut: np.ndarray = points[indices[corners]].reshape(-1, 3, 3)
    return cut


def _gltf(source: Source) -> np.ndarray:
    from catalog.media.readers import gltf  # noqa: PLC0415 — only the reader of the format at hand is loaded

    document, _ = gltf.load(source.absolute, Notebook())
    buffers = [_buffer(each, source) for each in document.get("buffers", [])]
    parts = [np.empty((0, 3, 3))]
    for mesh, matrix in gltf.placements(document):
        for primitive in document["meshes"][mesh].get("primitives", []):
            if primitive.get("mode", _TRIANGLE_MODE) != _TRIANGLE_MODE:
                continue
            points = _accessor(document, buffers, primitive["attributes"]["POSITION"])
            indices = _accessor(document, buffers, primitive["indices"])[:, 0] if "indices" in primitive else None
            corners = points[indices.astype(np.int64)] if indices is not None else points
            placed = corners[: len(corners) // 3 * 3] @ matrix[:3, :3].T + matrix[:3, 3]
            parts.append(placed.reshape(-1, 3, 3))
    return np.concatenate(parts)


def _buffer(described: dict[str, Any], source: Source) -> bytes:
    uri = described.get("uri")
    if uri is None:
        from catalog.media.readers import gltf  # noqa: PLC0415 — as above

        return gltf.embedded(source.absolute)
    if references.is_embedded(uri):
        try:
            return base64.b64decode(uri.partition(",")[2])
        except binascii.Error as damage:
            raise InvalidInput("an embedded buffer cannot be decoded") from damage
    found = references.check(Notebook(), source, uri, references.inside_of_uri(uri, beside=source.path))
    if found is None:
        raise InvalidInput(f"its buffer {uri!r} is not part of the version")
    return found.read_bytes()


def _accessor(document: Any, buffers: list[bytes], index: int) -> np.ndarray:  # noqa: ANN401 — parsed JSON
    accessor = document["accessors"][index]
    view = document["bufferViews"][accessor["bufferView"]]
    kind = np.dtype(_GLTF_KINDS[accessor["componentType"]])
    width = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}[accessor["type"]]
    start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    stride = view.get("byteStride") or kind.itemsize * width
    count = accessor["count"]
    content = buffers[view.get("buffer", 0)]
    if start < 0 or count < 0 or start + stride * max(count - 1, 0) + kind.itemsize * width > len(content):
        raise InvalidInput(f"accessor {index} reaches beyond its buffer")
    return np.ndarray((count, width), dtype=kind, buffer=content, offset=start, strides=(stride, kind.itemsize))


def _obj(source: Source) -> np.ndarray:
    lines = Path(source.absolute).read_bytes().replace(b"\\\n", b" ").splitlines()
    points = np.array([line.split()[1:4] for line in lines if line[:2] == b"v "], dtype=np.float64)
    faces = [[int(corner.partition(b"/")[0]) for corner in line.split()[1:]] for line in lines if line[:2] == b"f "]
    counts = np.array([len(face) for face in faces], dtype=np.int64)
    indices = np.array([corner for face in faces for corner in face], dtype=np.int64)
    # Counting from one; from the end where negative, which is exact only at the end of the file and good enough here.
    return _from_faces(points, np.where(indices > 0, indices - 1, indices), counts)


def _stl(source: Source) -> np.ndarray:
    from catalog.media.readers import stl  # noqa: PLC0415 — as above

    corners = stl.corners_of(Path(source.absolute)).reshape(-1, 3, 3)
    return np.stack([corners[..., 0], corners[..., 2], -corners[..., 1]], axis=-1)  # Z up becomes Y up


def _ply(source: Source) -> np.ndarray:
    from catalog.media.readers import ply  # noqa: PLC0415 — as above

    points, indices, counts = ply.mesh_of(Path(source.absolute))
    return _from_faces(points, indices, counts)


def _fbx(source: Source) -> np.ndarray:
    from catalog.media.readers import fbx  # noqa: PLC0415 — as above

    parts = [np.empty((0, 3, 3))]
    parts += [_from_faces(points, indices, counts) for points, indices, counts in fbx.meshes_of(source)]
    return np.concatenate(parts)


def _alembic(source: Source) -> np.ndarray:
    from catalog.media.readers import alembic_archive  # noqa: PLC0415 — as above

    parts = [np.empty((0, 3, 3))]
    parts += [_from_faces(points, indices, counts) for points, indices, counts in alembic_archive.meshes_of(source)]
    return np.concatenate(parts)


_READERS: Final[dict[str, Callable[[Source], np.ndarray]]] = {
    "glb": _gltf,
    "gltf": _gltf,
    "obj": _obj,
    "stl": _stl,
    "ply": _ply,
    "fbx": _fbx,
    "abc": _alembic,
}
