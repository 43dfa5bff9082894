"""Renders models by F3D (VTK on Mesa's software renderer).

F3D crashes where no EGL vendor library is installed, so it runs in children only, and one probe decides whether this
machine can render at all; where it cannot, ``rasterizer`` draws instead.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import f3d
import numpy as np
from PIL import Image

from catalog.kernel.errors import InvalidInput
from catalog.media.painters.canvas import Canvas
from catalog.media.painters.studio import BACKDROP, LIGHT_FILE
from catalog.media.untyped import Engine

WIDTH_PX, HEIGHT_PX = 960, 720

SHADERS: Final = "shaders"

_FINDING_SCALE: Final = 4
_MARGIN: Final = 0.88
_AZIMUTH, _ELEVATION = 32.0, 16.0
_OUTLINE: Final = (1.0, 0.0, 1.0)
_CLAY: Final = (0.58, 0.58, 0.57)
_LARGEST_POINT: Final = 6.0
_COVERED_PX: Final = 250_000


@dataclass(frozen=True, kw_only=True)
class Staging:
    """How a model is put before the camera.

    ``points`` is how many a cloud has; ``camera``: look through the file's first one.
    """

    up: str = "Y"
    clay: bool = False
    vertex_colors: bool = False
    points: int = 0
    camera: bool = False


def paint(
    path: Path, staging: Staging, *, studio: Path, scratch: Path, size: tuple[int, int] = (WIDTH_PX, HEIGHT_PX)
) -> Canvas:
    """A three-quarter view of the model, filling the picture; ``InvalidInput`` where there is nothing to see."""
    f3d.Log.set_verbose_level(f3d.Log.VerboseLevel.ERROR)
    os.environ["HOME"] = str(scratch)  # F3D insists on a folder of its own
    _bring_shaders(studio, scratch)
    engine = f3d.Engine.create_egl()
    engine.cache_path = str(studio)
    engine.options.update(_options(staging))
    engine.window.size = WIDTH_PX // _FINDING_SCALE, HEIGHT_PX // _FINDING_SCALE
    try:
        engine.scene.add(str(path))
    except RuntimeError as refusal:
        raise InvalidInput(f"the renderer cannot read it: {refusal}") from refusal
    if not staging.camera:
        _aim(engine)
    engine.window.size = size
    engine.options.update(_final_options(studio))
    return Canvas(image=Image.fromarray(_shot(engine)), caption="", tool="F3D", tool_version=version("f3d"))


def _bring_shaders(studio: Path, scratch: Path) -> None:
    """Give Mesa a copy of the shaders that were compiled for the studio, which saves a second of computing.

    A copy, because Mesa wants to write where it reads, and what one child writes no other child may read.
    """
    compiled, own = studio / SHADERS, scratch / SHADERS
    if compiled.is_dir() and not own.exists():
        shutil.copytree(compiled, own)
    own.mkdir(exist_ok=True)
    os.environ["MESA_SHADER_CACHE_DIR"] = str(own)


def _options(staging: Staging) -> dict[str, Any]:
    """For finding the outline: everything that costs time is off, and the backdrop is a color that nothing has."""
    options: dict[str, Any] = {
        "ui.loader_progress": False,
        "render.grid.enable": False,
        "scene.skip_content_check": True,  # it knows no text FBX; what a file is was looked at before
        "render.background.color": list(_OUTLINE),
        "scene.up_direction": [0.0, 0.0, 1.0] if staging.up == "Z" else [0.0, 1.0, 0.0],
    }
    if staging.camera:
        options["scene.camera.index"] = 0
    if staging.clay:
        options |= {"model.color.rgb": list(_CLAY), "model.material.roughness": 0.55}
    if staging.vertex_colors:
        options |= {"model.coloring": "direct", "model.scivis.array_name": "RGB"}
    if staging.points:
        options["render.point_size"] = float(np.clip(np.sqrt(_COVERED_PX / staging.points), 1.0, _LARGEST_POINT))
    return options


def _final_options(studio: Path) -> dict[str, Any]:
    return {
        "render.background.color": list(BACKDROP),
        "render.hdri.file": str(studio / LIGHT_FILE),
        "render.hdri.ambient": True,
        "render.effect.tone_mapping": True,
        "render.effect.ambient_occlusion": True,
        "render.effect.antialiasing.mode": "fxaa",
    }


def _aim(engine: Engine) -> None:
    """Look from three quarters, then move so that what is seen fills the picture.

    Bounds alone frame badly: a skinned model's are those before skinning, and a box around a slanted thing is half
    empty.
    """
    camera = engine.window.camera
    camera.reset_to_bounds(_MARGIN)
    camera.azimuth(_AZIMUTH).elevation(_ELEVATION)
    camera.reset_to_bounds(_MARGIN)
    seen = _seen(engine)
    if seen is None:
        raise InvalidInput("the renderer found nothing to see in it")
    left, top, right, bottom = seen
    height = (
        2 * np.linalg.norm(np.subtract(camera.position, camera.focal_point)) * np.tan(np.radians(camera.view_angle) / 2)
    )
    width = height * WIDTH_PX / HEIGHT_PX
    camera.pan(((left + right) / 2 - 0.5) * width, (0.5 - (top + bottom) / 2) * height, 0.0)
    extent = max(right - left, bottom - top)
    if extent > 0:
        camera.zoom(min(max(_MARGIN / extent, 0.2), 5.0))


def _seen(engine: Engine) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of everything that is not backdrop, as shares of the picture."""
    pixels = _shot(engine)
    covered = (pixels != np.round(np.array(_OUTLINE) * 255).astype(np.uint8)).any(axis=2)
    rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
    if not len(rows):
        return None
    height, width = covered.shape
    return columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height


def _shot(engine: Engine) -> np.ndarray:
    """The picture as rows from the top, red, green and blue."""
    image = engine.window.render_to_image()
    pixels = np.frombuffer(image.content, dtype=np.uint8).reshape(image.height, image.width, image.channel_count)
    return np.ascontiguousarray(pixels[::-1, :, :3])
