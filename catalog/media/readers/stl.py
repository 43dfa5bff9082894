"""Facts of STL, binary and text. STL has no units, no materials and no shared vertices."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Notebook, Source
from catalog.media.vocabulary import FactKey

_HEADER_BYTES: Final = 84
_TRIANGLE: Final = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_LARGEST_TEXT_BYTES: Final = 256 * 1024 * 1024
_BLOCK: Final = 1_000_000


def read(source: Source, notebook: Notebook) -> None:
    """Triangles, distinct vertices and bounds."""
    corners = corners_of(Path(source.absolute))
    notebook.note(FactKey.MESH_COUNT, 1)
    notebook.note(FactKey.VERTEX_COUNT, _distinct(corners))
    notebook.note(FactKey.FACE_COUNT, len(corners) // 3)
    notebook.note(FactKey.TRIANGLE_COUNT, len(corners) // 3)
    low, high = corners.min(axis=0), corners.max(axis=0)
    notebook.note(FactKey.BOUNDS_SIZE, tuple(float(length) for length in high - low))


def corners_of(path: Path) -> np.ndarray:
    """The corners of all triangles, three after three; ``InvalidInput`` where its length lies or it has none."""
    size = path.stat().st_size
    with path.open("rb") as stored:
        header = stored.read(_HEADER_BYTES)
    declared = int.from_bytes(header[80:84], "little")
    if len(header) == _HEADER_BYTES and size == _HEADER_BYTES + declared * _TRIANGLE.itemsize:
        corners = np.memmap(path, dtype=_TRIANGLE, mode="r", offset=_HEADER_BYTES)["corners"].reshape(-1, 3)
    elif header.lstrip()[:5] == b"solid":
        corners = _text_corners(path, size)
    else:
        raise InvalidInput(f"says that it holds {declared} triangles, which does not fit its {size} bytes")
    if not len(corners):
        raise InvalidInput("an STL without triangles")
    return corners


def _text_corners(path: Path, size: int) -> np.ndarray:
    if size > _LARGEST_TEXT_BYTES:
        raise InvalidInput("a text STL of more than 256 MiB; export it as binary STL")
    words = path.read_bytes().split()
    places = np.flatnonzero(np.array(words) == b"vertex")
    try:
        corners = np.array([words[place + 1 : place + 4] for place in places], dtype=np.float32).reshape(-1, 3)
    except ValueError as damage:
        raise InvalidInput("a vertex of this STL does not consist of three numbers") from damage
    return corners[: len(corners) // 3 * 3]


def _distinct(corners: np.ndarray) -> int:
    """How many different points there are; compared bit by bit, block by block."""
    keys = np.ascontiguousarray(corners, dtype=np.float32).view([("", np.uint32)] * 3).ravel()
    seen = np.unique(keys[:_BLOCK])
    for start in range(_BLOCK, len(keys), _BLOCK):
        seen = np.union1d(seen, keys[start : start + _BLOCK])
    return len(seen)
