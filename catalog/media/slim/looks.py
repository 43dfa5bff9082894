"""What plain meshes look like: clay, colors, pictures beside them, and normals where a file has none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np
from PIL import Image, UnidentifiedImageError

from catalog.media import references
from catalog.media.facts import Notebook, Source
from catalog.media.glb import Surface

CLAY: Final = Surface(color=(0.58, 0.58, 0.57), roughness=0.75)
PLAIN: Final = Surface(color=(1.0, 1.0, 1.0), roughness=0.75)

_LARGEST_PICTURE_BYTES: Final = 256 * 1024 * 1024
_LINEAR_UP_TO: Final = 0.04045
_SMOOTH_COSINE: Final = 0.72
"""Faces that turn by less than 44 degrees are shown as one round surface, where a file has no normals."""


class Pictures:
    """The pictures that a model names, out of the folder of its version; ``missing`` are those that it has not."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self.missing: set[str] = set()

    def find(self, beside: Source, reference: str) -> bytes | None:
        """The bytes of a picture that a file names; None where it is not part of the version or nothing that is shown.

        Tools write where it was on their author's disk: then the file of that name in the version is meant.
        """
        found = references.check(Notebook(), beside, reference, references.inside(reference, beside=beside.path))
        if found is None:
            found = self._by_name.get(PurePosixPath(reference.replace("\\", "/")).name)
        content = None if found is None else _content(found)
        if content is None:
            self.missing.add(reference)
        return content

    @cached_property
    def _by_name(self) -> Mapping[str, Path]:
        """The first file of each name."""
        return {each.name: each for each in sorted(self._folder.rglob("*"), reverse=True)}


def _content(path: Path) -> bytes | None:
    if not path.is_file() or path.stat().st_size > _LARGEST_PICTURE_BYTES:
        return None
    try:
        with Image.open(path):
            return path.read_bytes()
    except (UnidentifiedImageError, OSError, ValueError):
        return None


def linear(colors: np.ndarray) -> np.ndarray:
    """Colors as they are displayed (sRGB, IEC 61966-2-1) as amounts of light, which glTF wants."""
    light: np.ndarray = np.where(colors <= _LINEAR_UP_TO, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    return light


def smooth_normals(corners: np.ndarray) -> np.ndarray:
    """Normals of corners of triangles: round where faces turn little, flat where they turn sharply."""
    facing = np.cross(corners[1::3] - corners[0::3], corners[2::3] - corners[0::3])
    _, where = np.unique(np.ascontiguousarray(corners, np.float32), axis=0, return_inverse=True)
    where = where.reshape(-1)
    sums = np.zeros((where.max() + 1, 3))
    for corner in range(3):
        np.add.at(sums, where[corner::3], facing)
    flat = np.repeat(_unit(facing), 3, axis=0)
    rounded = _unit(sums)[where]
    sharp = (rounded * flat).sum(axis=1, keepdims=True) < _SMOOTH_COSINE
    normals: np.ndarray = np.where(sharp, flat, rounded)
    return normals


def _unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: np.ndarray = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit
