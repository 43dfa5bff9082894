"""The light and the backdrop that every model is shown in: soft boxes around a dark room, made from numbers.

And what is shown in it before any model: a triangle of each usual material.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import OpenImageIO as oiio  # noqa: N813 — its documentation's name for it
from PIL import Image

from catalog.media.glb import Patch, Surface, write_glb
from catalog.media.painters.canvas import BACKDROP

BACKDROP_SHARES: Final = tuple(value / 255 for value in BACKDROP)
"""The backdrop from 0 to 1."""

LIGHT_FILE: Final = "studio.hdr"
SAMPLES_FILE: Final = "samples.glb"

_WIDTH, _HEIGHT = 128, 64


@dataclass(frozen=True, kw_only=True)
class _SoftBox:
    """A round soft light; angles in degrees, seen from the model."""

    azimuth: float
    elevation: float
    radius: float
    power: float
    color: tuple[float, float, float]

    def light(self, directions: np.ndarray) -> np.ndarray:
        """What it adds in each direction."""
        azimuth, elevation, edge = (np.radians(angle) for angle in (self.azimuth, self.elevation, self.radius))
        level = np.cos(elevation)
        center = np.array([level * np.sin(azimuth), np.sin(elevation), level * np.cos(azimuth)])
        nearness = np.clip((directions @ center - np.cos(edge)) / (1 - np.cos(edge)), 0, 1) ** 0.7
        lit: np.ndarray = self.power * nearness[..., None] * np.array(self.color)
        return lit


_KEY: Final = _SoftBox(azimuth=-40, elevation=45, radius=38, power=4.2, color=(1.0, 0.97, 0.92))
_FILL: Final = _SoftBox(azimuth=60, elevation=20, radius=42, power=1.1, color=(0.86, 0.93, 1.0))
_RIM: Final = _SoftBox(azimuth=-160, elevation=35, radius=30, power=4.0, color=(0.92, 0.96, 1.0))
_AMBIENT_HEIGHTS, _AMBIENT_LEVELS = (-1.0, -0.2, 0.2, 1.0), (0.08, 0.12, 0.22, 0.40)


def write_light(folder: Path) -> Path:
    """Write the lat-long light of the studio; its small size keeps the filtering of it quick."""
    heights = (0.5 - (np.arange(_HEIGHT) + 0.5) / _HEIGHT) * np.pi
    turns = ((np.arange(_WIDTH) + 0.5) / _WIDTH - 0.5) * 2 * np.pi
    turn, height = np.meshgrid(turns, heights)
    directions = np.stack([np.cos(height) * np.sin(turn), np.sin(height), np.cos(height) * np.cos(turn)], axis=-1)
    light = np.interp(np.sin(height), _AMBIENT_HEIGHTS, _AMBIENT_LEVELS)[..., None] * np.array([0.96, 1.0, 1.08])
    for box in (_KEY, _FILL, _RIM):
        light = light + box.light(directions)
    path = folder / LIGHT_FILE
    buffer = oiio.ImageBuf(oiio.ImageSpec(_WIDTH, _HEIGHT, 3, "float"))
    buffer.set_pixels(oiio.ROI(), light.astype(np.float32))
    buffer.write(str(path))
    return path


def write_samples(folder: Path) -> None:
    """Write triangles with and without normals, coordinates, colors and pictures: each is a shader of its own."""
    color, rough, flat = (_picture(each) for each in ((200, 100, 50), (0, 128, 0), (128, 128, 255)))
    textured = Surface(color_picture=color)
    mapped = Surface(color_picture=color, metallic_roughness_picture=rough, normal_picture=flat)
    corners, upright = np.eye(3), np.array([[0.0, 0.0, 1.0]] * 3)
    laid, tinted = np.eye(3)[:, :2], np.full((3, 3), 0.5)
    patches: list[Patch] = []
    for surface, normals, coordinates, colors in (
        (Surface(), None, None, None),
        (Surface(), upright, None, None),
        (Surface(), upright, laid, None),
        (Surface(), upright, None, tinted),
        (Surface(), upright, laid, tinted),
        (textured, upright, laid, None),
        (mapped, upright, laid, None),
    ):
        patch = Patch(surface=surface)
        patch.add(corners + len(patches), normals, coordinates, colors)
        patches.append(patch)
    write_glb(patches, folder / SAMPLES_FILE)


def _picture(color: tuple[int, int, int]) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (4, 4), color).save(written, "PNG")
    return written.getvalue()
