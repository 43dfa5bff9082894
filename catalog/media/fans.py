"""Faces as triangles."""

from __future__ import annotations

import numpy as np


def fan_corners(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cut faces of ``counts`` corners into fans.

    Returns, for every corner of every triangle, its position in the flat list of face corners, and for every triangle
    the face that it was cut from.
    """
    starts = np.cumsum(counts) - counts
    triangles = np.maximum(counts - 2, 0)
    faces = np.repeat(np.arange(len(counts)), triangles)
    if not len(faces):
        return np.empty(0, np.int64), faces
    within = np.arange(len(faces)) - np.repeat(np.cumsum(triangles) - triangles, triangles)
    base = starts[faces]
    return np.stack([base, base + within + 1, base + within + 2], axis=1).ravel(), faces
