"""Draws models by hand, with a depth buffer in numpy, on machines where F3D finds no EGL library.

Gray clay in flat shading: enough to recognize a model by. The view is that of ``renderer``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from catalog.media.facts import Source
from catalog.media.geometry import triangles_of
from catalog.media.painters.canvas import BACKDROP, Canvas
from catalog.media.painters.studio import BACKDROP_SHARES
from catalog.media.vocabulary import DRAWING_VERSION

WIDTH_PX, HEIGHT_PX = 960, 720

CAPTION: Final = "shape only: this server has no renderer"

AZIMUTH: Final = np.radians(32.0)

_ELEVATION, _MARGIN = np.radians(16.0), 0.88
_MARK: Final = np.array([1.45, 0.85, 0.45])
_CLAY: Final = np.array([0.72, 0.72, 0.70])
_AMBIENT: Final = 0.22
# Direction towards the light in view space, and its strength: key from the upper left, fill from the right.
_LIGHTS: Final = ((np.array([-0.5, 0.65, 0.6]), 0.72), (np.array([0.8, 0.1, 0.5]), 0.22))
_SAMPLES_AT_ONCE: Final = 3_000_000
_SAMPLES_PER_PIXEL: Final = 1.2
_LARGE_PX: Final = 24
_NO_AREA: Final = 1e-9


@dataclass(frozen=True, kw_only=True)
class View:
    """How corners of a scene come into a picture: turned, then scaled about a point of what is seen."""

    azimuth: float
    size: tuple[int, int]
    scale: float
    middle: np.ndarray

    @classmethod
    def around(
        cls, points: np.ndarray, size: tuple[int, int], *, azimuth: float = AZIMUTH, margin: float = _MARGIN
    ) -> View:
        """The view that these points fill."""
        seen = _seen_from(points, azimuth).reshape(-1, 3)
        return cls.within(seen.min(axis=0), seen.max(axis=0), size, azimuth=azimuth, margin=margin)

    @classmethod
    def within(
        cls, low: np.ndarray, high: np.ndarray, size: tuple[int, int], *, azimuth: float, margin: float = _MARGIN
    ) -> View:
        """The view that a box fills, as the camera has it."""
        extent = np.maximum(high - low, np.finfo(float).tiny)
        scale = margin * min(size[0] / extent[0], size[1] / extent[1])
        return cls(azimuth=azimuth, size=size, scale=scale, middle=(low + high) / 2)

    def placed(self, points: np.ndarray) -> np.ndarray:
        """In pixels from the left and the top, and towards the viewer."""
        centered = (_seen_from(points, self.azimuth) - self.middle) * self.scale
        found: np.ndarray = centered * np.array([1, -1, 1]) + np.array([self.size[0] / 2, self.size[1] / 2, 0])
        return found


def paint(source: Source, name: str) -> Canvas:
    """A three-quarter view; ``InvalidInput`` where the model has no triangles."""
    triangles = triangles_of(source, name)
    view = View.around(triangles, (WIDTH_PX, HEIGHT_PX))
    image = Image.fromarray(drawn(view.placed(triangles), view.size))
    return Canvas(image=image, caption=CAPTION, tool="reprise", tool_version=DRAWING_VERSION, backdrop=BACKDROP)


def turn(source: Source, name: str, *, size: tuple[int, int], frames: int) -> Iterator[np.ndarray]:
    """The model on a turntable, ``frames`` pictures of one turn, all in one scale."""
    triangles = triangles_of(source, name)
    angles = [AZIMUTH - 2 * np.pi * number / frames for number in range(frames)]
    triangles = triangles - (triangles.reshape(-1, 3).min(axis=0) + triangles.reshape(-1, 3).max(axis=0)) / 2
    reach = np.max([np.abs(_seen_from(triangles, angle).reshape(-1, 3)).max(axis=0) for angle in angles], axis=0)
    for angle in angles:
        yield drawn(View.within(-reach, reach, size, azimuth=angle).placed(triangles), size)


def drawn(corners: np.ndarray, size: tuple[int, int], tint: np.ndarray | None = None) -> np.ndarray:
    """The picture of triangles whose corners are in pixels; ``tint`` says from 0 to 1 how marked each of them is."""
    width, height = size
    shades = _shades(corners)
    if tint is not None:
        shades = shades * (1 - tint[:, None]) + shades.mean(axis=1, keepdims=True) * _MARK * tint[:, None]
    depth = np.full(width * height, -np.inf)
    owner = np.full(width * height, -1, dtype=np.int64)
    for pixels, heights, triangles in _samples(corners, size):
        nearer = np.flatnonzero(heights > depth[pixels])
        # Of several samples in one pixel the last one is kept, so the nearest has to be written last.
        nearer = nearer[np.argsort(heights[nearer])]
        depth[pixels[nearer]], owner[pixels[nearer]] = heights[nearer], triangles[nearer]
    picture = np.broadcast_to(np.array(BACKDROP_SHARES), (width * height, 3)).copy()
    covered = owner >= 0
    picture[covered] = shades[owner[covered]]
    pixels_: np.ndarray = (np.clip(picture, 0, 1).reshape(height, width, 3) * 255 + 0.5).astype(np.uint8)
    return pixels_


def _seen_from(points: np.ndarray, azimuth: float) -> np.ndarray:
    """Points as the camera has them: to the right, up, and towards the viewer."""
    turned = np.array([[np.cos(azimuth), 0, -np.sin(azimuth)], [0, 1, 0], [np.sin(azimuth), 0, np.cos(azimuth)]])
    tilt = np.array(
        [[1, 0, 0], [0, np.cos(_ELEVATION), -np.sin(_ELEVATION)], [0, np.sin(_ELEVATION), np.cos(_ELEVATION)]]
    )
    seen: np.ndarray = points @ (tilt @ turned).T
    return seen


def _shades(corners: np.ndarray) -> np.ndarray:
    """The color of each triangle, lit from both sides."""
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = np.divide(normals, lengths, out=np.zeros_like(normals), where=lengths > 0)
    normals *= np.where(normals[:, 2:] < 0, -1, 1)  # towards the viewer, whatever the winding
    light = np.full(len(corners), _AMBIENT)
    for direction, strength in _LIGHTS:
        flipped = direction / np.linalg.norm(direction) * np.array([1, -1, 1])  # rows run downwards in the picture
        light += strength * np.clip(normals @ flipped, 0, 1)
    shades: np.ndarray = np.clip(light, 0, 1)[:, None] * _CLAY
    return shades


def _samples(corners: np.ndarray, size: tuple[int, int]) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Pixels that the triangles cover, with height and triangle, in bounded blocks."""
    edges = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    large = edges > _LARGE_PX
    for triangle in np.flatnonzero(large):
        yield from _covered_by(corners[triangle], int(triangle), size)
    yield from _covered_by_small(corners, np.flatnonzero(~large), edges, size)


def _covered_by(
    corners: np.ndarray, triangle: int, size: tuple[int, int]
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The pixels whose centers lie in one large triangle, by the signs of its three edges."""
    left, top = np.maximum(np.floor(corners[:, :2].min(axis=0)), 0).astype(int)
    right, bottom = np.minimum(np.ceil(corners[:, :2].max(axis=0)), size).astype(int)
    (ax, ay, _), (bx, by, _), (cx, cy, _) = corners
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    if right <= left or bottom <= top or abs(area) < _NO_AREA:
        return
    x, y = np.meshgrid(np.arange(left, right) + 0.5, np.arange(top, bottom) + 0.5)
    first = ((bx - x) * (cy - y) - (by - y) * (cx - x)) / area
    second = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) / area
    third = 1 - first - second
    inside = (first >= 0) & (second >= 0) & (third >= 0)
    heights = first * corners[0, 2] + second * corners[1, 2] + third * corners[2, 2]
    pixels = (y[inside].astype(np.int64)) * size[0] + x[inside].astype(np.int64)
    yield pixels, heights[inside], np.full(len(pixels), triangle)


def _covered_by_small(
    corners: np.ndarray, small: np.ndarray, edges: np.ndarray, size: tuple[int, int]
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Even samples of small triangles, those of like size together."""
    steps = np.ceil(np.maximum(edges[small] * _SAMPLES_PER_PIXEL, 1)).astype(np.int64)
    for step in np.unique(steps):
        weights = _weights(int(step))
        same = small[steps == step]
        block = max(_SAMPLES_AT_ONCE // len(weights), 1)
        for start in range(0, len(same), block):
            chosen = same[start : start + block]
            points = np.einsum("sw,twc->tsc", weights, corners[chosen])
            columns, rows = points[..., 0].astype(np.int64), points[..., 1].astype(np.int64)
            inside = (columns >= 0) & (columns < size[0]) & (rows >= 0) & (rows < size[1])
            triangles = np.broadcast_to(chosen[:, None], inside.shape)
            yield rows[inside] * size[0] + columns[inside], points[..., 2][inside], triangles[inside]


def _weights(steps: int) -> np.ndarray:
    """Barycentric weights of an even grid with ``steps`` intervals along each edge."""
    first, second = np.meshgrid(np.arange(steps + 1), np.arange(steps + 1), indexing="ij")
    kept = first + second <= steps
    shares = np.stack([first[kept], second[kept]], axis=1) / steps
    return np.column_stack([shares, 1 - shares.sum(axis=1)])
