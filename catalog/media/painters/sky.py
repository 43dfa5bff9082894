"""Paints a panorama of light as people judge it on set: a matte gray and a mirrored ball in front of what it shows.

The panorama is latitude and longitude, forward in its middle and up at its top. The mirrored ball shows the light that
comes from the direction that a ray from the camera is reflected to, the matte one the light that a diffuse surface
scatters: L = albedo / π · Σ Lᵢ max(n · ωᵢ, 0) Δωᵢ, where the solid angle of a texel between the polar angles θ₀ and θ₁
is Δω = (2π / width) (cos θ₀ - cos θ₁). Sources: Debevec, "Rendering Synthetic Objects into Real Scenes", SIGGRAPH 1998
(what balls tell of light); Pharr, Jakob, Humphreys, "Physically Based Rendering", 4th ed., 4.2 and 9.2 (the sum).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import OpenImageIO as oiio  # noqa: N813 — as its documentation writes it
from PIL import Image

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.painters import color, rows
from catalog.media.painters.canvas import Canvas
from catalog.media.painters.openimageio import selected

ALBEDO: Final = 0.18
"""Of the gray ball: middle gray, which stands beside the camera on set."""

SIZE_PX: Final = (1280, 640)

_PANORAMA_PX: Final = 2048
_LIGHTS: Final = (64, 128)
_NORMALS: Final = (48, 96)
_ASPECT, _ASPECT_TOLERANCE = 2.0, 0.02
_FLOATS: Final = ("half", "float", "double")
_BALL_SHARE: Final = 0.72
"""Of a ball's diameter in the height of the picture."""
_FIELD_OF_VIEW: Final = np.radians(75)
_SAMPLES: Final = 2
_STRONGEST: Final = np.radians(-130)
_SIDEWAYS: Final = 0.05


@dataclass(frozen=True, kw_only=True)
class Panorama:
    """The light that comes from all around, and what its numbers mean."""

    light: np.ndarray
    space: color.SourceSpace


def panorama_of(source: Source) -> Panorama:
    """The panorama, reduced; ``InvalidInput`` for what is none, or none of light."""
    with rows.opened(source) as picture:
        selection = selected(picture)
        picture.seek_subimage(selection.part, 0)
        spec = picture.spec()
        width, height = spec.full_width or spec.width, spec.full_height or spec.height
        if str(spec.format) not in _FLOATS or abs(width / height - _ASPECT) > _ASPECT_TOLERANCE:
            raise InvalidInput(f"{width} × {height} pixels of {spec.format} are no panorama of light")
        space = color.source_space(spec, source.path.name)
        panorama = rows.reduced(picture, selection.part, selection.channels, side_px=_PANORAMA_PX)
    light = np.clip(np.repeat(panorama, 3, axis=2) if panorama.shape[2] == 1 else panorama, 0, color.LARGEST_HALF)
    return Panorama(light=light, space=space)


def balls(panorama: Panorama) -> Canvas:
    """A gray ball and a mirror before the panorama."""
    said = f"a gray ball of {ALBEDO:.0%} and a mirror, its strongest light behind the camera"
    return _viewed(_scene(turned(panorama.light)), panorama, said)


def flat(panorama: Panorama) -> Canvas:
    """The whole panorama, as it lies."""
    return _viewed(panorama.light, panorama, "all around, its own middle in the middle")


def _viewed(light: np.ndarray, panorama: Panorama, said: str) -> Canvas:
    shown = color.viewed(light, panorama.space)
    return Canvas(
        image=Image.fromarray((shown * 255 + 0.5).astype(np.uint8)),
        caption=f"{said}; {panorama.space.caption}",
        tool="OpenImageIO",
        tool_version=oiio.__version__,
    )


def turned(panorama: np.ndarray) -> np.ndarray:
    """The panorama with the side that most light comes from behind the camera, to the left, where it models best.

    One that is lit from above or evenly keeps its own middle.
    """
    lights, directions = _lights(panorama)
    strengths = lights.mean(axis=1)
    right, _, towards = strengths @ directions
    if np.hypot(right, towards) < _SIDEWAYS * strengths.sum():
        return panorama
    turn = _STRONGEST - np.arctan2(right, -towards)
    return np.roll(panorama, round(turn / (2 * np.pi) * panorama.shape[1]), axis=1)


def mirrored(panorama: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """What a mirror with these normals shows to a camera far away; x is right, y up, z towards the camera."""
    reflected = 2 * normals[..., 2:3] * normals - np.array([0, 0, 1], np.float32)
    return looked_up(panorama, reflected)


def scattered(panorama: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """What a matte surface of middle gray with these normals scatters to everywhere.

    It changes slowly with the normal, so it is summed for a few thousand of them and looked up between.
    """
    lights, directions = _lights(panorama)
    everywhere = _directions(*_NORMALS)
    found = np.empty_like(everywhere)
    for row, facing in enumerate(everywhere):
        found[row] = np.maximum(facing @ directions.T, 0) @ lights
    return looked_up(np.float32(ALBEDO / np.pi) * found, normals)


def looked_up(panorama: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """The light that comes from these directions, between texels by their distances."""
    height, width, _ = panorama.shape
    longitude = np.arctan2(directions[..., 0], -directions[..., 2])
    latitude = np.arcsin(np.clip(directions[..., 1], -1, 1))
    x = (longitude / (2 * np.pi) + 0.5) * width - 0.5
    y = np.clip((0.5 - latitude / np.pi) * height - 0.5, 0, height - 1)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    across, down = (x - left)[..., None].astype(np.float32), (y - top)[..., None].astype(np.float32)
    below = np.minimum(top + 1, height - 1)
    upper = panorama[top, left % width] * (1 - across) + panorama[top, (left + 1) % width] * across
    lower = panorama[below, left % width] * (1 - across) + panorama[below, (left + 1) % width] * across
    found: np.ndarray = upper * (1 - down) + lower * down
    return found


def _lights(panorama: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The panorama as a few thousand lights: each its radiance times its solid angle, and its direction."""
    height, width, _ = panorama.shape
    polar = np.pi * np.arange(height + 1) / height
    solid_angles = ((np.cos(polar[:-1]) - np.cos(polar[1:])) * (2 * np.pi / width))[:, None, None]
    down, across = (
        np.arange(0, size, max(size // most, 1)) for size, most in zip((height, width), _LIGHTS, strict=True)
    )

    def summed(values: np.ndarray) -> np.ndarray:
        blocks: np.ndarray = np.add.reduceat(np.add.reduceat(values * solid_angles, down, axis=0), across, axis=1)
        return blocks.reshape(-1, 3).astype(np.float32)

    directions = summed(_directions(height, width))
    return summed(panorama), directions / np.linalg.norm(directions, axis=1, keepdims=True)


def _directions(height: int, width: int) -> np.ndarray:
    """Where the texels of a panorama of this size lie."""
    latitude = np.pi * (0.5 - (np.arange(height, dtype=np.float32) + 0.5) / height)[:, None]
    longitude = 2 * np.pi * ((np.arange(width, dtype=np.float32) + 0.5) / width - 0.5)[None, :]
    found = np.empty((height, width, 3), np.float32)
    found[..., 0] = np.cos(latitude) * np.sin(longitude)
    found[..., 1] = np.sin(latitude)
    found[..., 2] = -np.cos(latitude) * np.cos(longitude)
    return found


def _scene(panorama: np.ndarray) -> np.ndarray:
    """The balls side by side before the middle of the panorama; each pixel is the mean of some samples."""
    width, height = SIZE_PX[0] * _SAMPLES, SIZE_PX[1] * _SAMPLES
    x, y = np.meshgrid(np.arange(width, dtype=np.float32) + 0.5, np.arange(height, dtype=np.float32) + 0.5)
    reach = np.float32(np.tan(_FIELD_OF_VIEW / 2) / (width / 2))
    rays = np.stack([(x - width / 2) * reach, (height / 2 - y) * reach, -np.ones_like(x)], axis=2)
    scene = looked_up(panorama, rays / np.linalg.norm(rays, axis=2, keepdims=True))
    radius = _BALL_SHARE * height / 2
    for share, shade in ((0.26, scattered), (0.74, mirrored)):
        right, up = (x - share * width) / radius, (height / 2 - y) / radius
        inside = right**2 + up**2 < 1
        towards = np.sqrt(1 - right[inside] ** 2 - up[inside] ** 2)
        scene[inside] = shade(panorama, np.stack([right[inside], up[inside], towards], axis=1))
    means: np.ndarray = scene.reshape(SIZE_PX[1], _SAMPLES, SIZE_PX[0], _SAMPLES, 3).mean(axis=(1, 3))
    return means
