"""Renders models by F3D (VTK on Mesa's software renderer).

F3D crashes where no EGL vendor library is installed, so one child tries whether this machine can render at all; where
it cannot, ``rasterizer`` draws instead. Where it can, the nursery holds an engine with compiled shaders and filtered
light, which every child is forked with: making them was most of what a picture cost.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import f3d
import numpy as np
from PIL import Image

from catalog.kernel.errors import InvalidInput
from catalog.media.painters import framebuffer
from catalog.media.painters.canvas import BACKDROP, Canvas
from catalog.media.painters.studio import BACKDROP_SHARES, LIGHT_FILE, SAMPLES_FILE
from catalog.media.untyped import Camera, Engine

WIDTH_PX, HEIGHT_PX = 960, 720

_DIRECT: Final = "direct"
"""A file in the studio that says that pictures may be taken from OpenGL itself."""

_FINDING_SIZE: Final = (WIDTH_PX // 4, HEIGHT_PX // 4)
_MARGIN: Final = 0.88
_AZIMUTH, _ELEVATION = 32.0, 16.0
_OUTLINE: Final = (1.0, 0.0, 1.0)
_BEFORE_THE_BACKDROP: Final = {"render.background.color": list(BACKDROP_SHARES)}
_UPWARDS: Final = {"Y": np.array([0.0, 1.0, 0.0]), "Z": np.array([0.0, 0.0, 1.0])}
_COARSER: Final = 3
_LOOKS: Final = 8
_CLAY: Final = (0.58, 0.58, 0.57)
_CLAY_ROUGHNESS: Final = 0.55
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


_held: Final[list[Engine]] = []
"""In the nursery, and so in each of its children until it is used: an engine that is ready for a model."""


def prepare(studio: Path) -> bool:
    """Try in this child all that the nursery does to hold an engine: filtered light stays, and how pictures are taken.

    Answers whether all of this is done by the one thread of this process, so that an engine can be forked.
    """
    threads = _thread_count()
    hold(studio)
    engine = _held.pop()
    engine.scene.add(str(studio / SAMPLES_FILE))  # what is read is to show something
    if framebuffer.can_be_read(engine.window):
        (studio / _DIRECT).touch()
    return _thread_count() == threads


def _thread_count() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def hold(studio: Path) -> None:
    """Have an engine ready for every child to come: its light is set, and what most models need is compiled."""
    os.environ["HOME"] = str(studio)
    engine = _engine(studio)
    engine.window.size = _FINDING_SIZE
    engine.scene.add(str(studio / SAMPLES_FILE))
    _contact_shade(engine)
    engine.scene.clear()
    shot(engine)  # clearing takes the light away, and it comes back with the next picture
    _held.append(engine)


def paint(
    path: Path, staging: Staging, *, studio: Path, scratch: Path, size: tuple[int, int] = (WIDTH_PX, HEIGHT_PX)
) -> Canvas:
    """A three-quarter view of the model, filling the picture; ``InvalidInput`` where there is nothing to see."""
    engine = opened(path, staging, studio=studio, scratch=scratch)
    if not staging.camera:
        _aim(engine)
    engine.window.size = size[0] // _COARSER, size[1] // _COARSER
    engine.options.update(_BEFORE_THE_BACKDROP)
    shade = _contact_shade(engine)
    engine.window.size = size
    lit = shot(engine) * np.asarray(shade.resize(size, Image.Resampling.BICUBIC))[:, :, None]
    image = Image.fromarray(np.clip(lit + 0.5, 0, 255).astype(np.uint8))
    return Canvas(image=image, caption="", tool="F3D", tool_version=version("f3d"), backdrop=BACKDROP)


def _contact_shade(engine: Engine) -> Image.Image:
    """How much darker each place is where faces meet, as a share.

    Finding it takes three quarters of the time of a picture of full size, and it has no fine detail: a third of the
    size does.
    """
    lit = shot(engine).astype(np.float32) + 1
    engine.options.update({"render.effect.ambient_occlusion": True})
    shaded = shot(engine).astype(np.float32) + 1
    engine.options.update({"render.effect.ambient_occlusion": False})
    return Image.fromarray(np.clip(shaded.sum(axis=2) / lit.sum(axis=2), 0, 1))


def turn(
    path: Path, staging: Staging, *, studio: Path, scratch: Path, size: tuple[int, int], frames: int
) -> Iterator[np.ndarray]:
    """The model on a turntable, ``frames`` pictures of one turn; it stays in the picture all around.

    The camera of a file is passed over: it shows one side.
    """
    engine = opened(path, replace(staging, camera=False), studio=studio, scratch=scratch)
    up = _UPWARDS[staging.up]
    _step_back(engine, up)
    engine.window.size = size
    engine.options.update(_BEFORE_THE_BACKDROP)
    for _ in range(frames):
        yield shot(engine)
        _go_round(engine.window.camera, up, 360.0 / frames)


def wires(path: Path, staging: Staging, *, studio: Path, scratch: Path) -> np.ndarray:
    """The edges of the model's faces over a surface of clay, in the view of its picture."""
    plain = replace(staging, camera=False, vertex_colors=False)
    engine = opened(path, plain, studio=studio, scratch=scratch)
    _aim(engine)
    engine.window.size = WIDTH_PX, HEIGHT_PX
    edges = {"render.show_edges": True, "render.line_width": 1.0}
    engine.options.update({**_BEFORE_THE_BACKDROP, **_of_clay(scratch), **edges})
    return shot(engine)


def opened(path: Path, staging: Staging, *, studio: Path, scratch: Path) -> Engine:
    """An engine with the model in it, small and before a color that nothing has, to look for its outline."""
    os.environ["HOME"] = str(scratch)
    engine = _held.pop() if _held else _engine(studio)
    engine.options.update(_options(staging))
    # By its content F3D tells a glTF that Draco has packed from others, but it knows no text FBX so.
    engine.options.update({"scene.skip_content_check": path.suffix.lower() == ".fbx"})
    engine.window.size = _FINDING_SIZE
    try:
        engine.scene.add(str(path))
    except RuntimeError as refusal:
        raise InvalidInput(f"the renderer cannot read it: {refusal}") from refusal
    return engine


def _engine(studio: Path) -> Engine:
    """An engine in the light of the studio; F3D insists on a folder of its own, which ``HOME`` must name."""
    f3d.Log.set_verbose_level(f3d.Log.VerboseLevel.ERROR)
    engine = f3d.Engine.create_egl()
    engine.cache_path = str(studio)
    engine.options.update(
        {
            "ui.loader_progress": False,
            "render.grid.enable": False,
            "render.hdri.file": str(studio / LIGHT_FILE),
            "render.hdri.ambient": True,
            "render.effect.tone_mapping": True,
            "render.effect.antialiasing.mode": "fxaa",
        }
    )
    return engine


def _options(staging: Staging) -> dict[str, Any]:
    options: dict[str, Any] = {
        "render.background.color": list(_OUTLINE),
        "scene.up_direction": _UPWARDS[staging.up].tolist(),
    }
    if staging.camera:
        options["scene.camera.index"] = 0
    if staging.clay:
        options |= {"model.color.rgb": list(_CLAY), "model.material.roughness": _CLAY_ROUGHNESS}
    if staging.vertex_colors:
        options |= {"model.coloring": "direct", "model.scivis.array_name": "RGB"}
    if staging.points:
        options["render.point_size"] = float(np.clip(np.sqrt(_COVERED_PX / staging.points), 1.0, _LARGEST_POINT))
    return options


def _of_clay(scratch: Path) -> dict[str, Any]:
    """Whatever a model is made of, and printed with: pictures that say nothing stand for its own."""
    white, flat = scratch / "white.png", scratch / "flat.png"
    Image.new("RGB", (1, 1), (255, 255, 255)).save(white)
    Image.new("RGB", (1, 1), (128, 128, 255)).save(flat)
    return {
        "model.color.rgb": list(_CLAY),
        "model.color.texture": str(white),
        "model.material.texture": str(white),
        "model.material.metallic": 0.0,
        "model.material.roughness": _CLAY_ROUGHNESS,
        "model.normal.texture": str(flat),
        "model.emissive.factor": [0.0, 0.0, 0.0],
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
    height = _height(camera)
    width = height * WIDTH_PX / HEIGHT_PX
    camera.pan(((left + right) / 2 - 0.5) * width, (0.5 - (top + bottom) / 2) * height, 0.0)
    extent = max(right - left, bottom - top)
    if extent > 0:
        camera.zoom(min(max(_MARGIN / extent, 0.2), 5.0))


def _step_back(engine: Engine, up: np.ndarray) -> None:
    """Look from three quarters, so far away that no side of a turning model leaves the picture."""
    camera = engine.window.camera
    camera.reset_to_bounds(_MARGIN)
    camera.azimuth(_AZIMUTH).elevation(_ELEVATION)
    camera.reset_to_bounds(_MARGIN)
    outlines = []
    for _ in range(_LOOKS):
        outlines.append(_seen(engine))
        _go_round(camera, up, 360.0 / _LOOKS)
    seen = [each for each in outlines if each]
    if not seen:
        raise InvalidInput("the renderer found nothing to see in it")
    left, top, right, bottom = np.array(seen).T
    height = _height(camera)
    lift = up * (0.5 - (top.min() + bottom.max()) / 2) * height
    camera.position, camera.focal_point = tuple(camera.position + lift), tuple(camera.focal_point + lift)
    # The axis stays in the middle, so the wider half decides.
    extent = max(2 * np.abs(np.concatenate([left, right]) - 0.5).max(), bottom.max() - top.min())
    if extent > 0:
        camera.zoom(min(max(_MARGIN / extent, 0.2), 5.0))


def _go_round(camera: Camera, up: np.ndarray, degrees: float) -> None:
    """Carry the camera around the upright axis through what it looks at; its own turns go around a tilted one."""
    arm, angle = np.subtract(camera.position, camera.focal_point), np.radians(degrees)
    turned = arm * np.cos(angle) + np.cross(up, arm) * np.sin(angle) + up * (up @ arm) * (1 - np.cos(angle))
    camera.position, camera.view_up = tuple(camera.focal_point + turned), tuple(up)


def _height(camera: Camera) -> float:
    """How much of the scene the picture is high, where the camera looks at."""
    distance = np.linalg.norm(np.subtract(camera.position, camera.focal_point))
    return float(2 * distance * np.tan(np.radians(camera.view_angle) / 2))


def _seen(engine: Engine) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of everything that is not backdrop, as shares of the picture."""
    pixels = shot(engine)
    covered = (pixels != np.round(np.array(_OUTLINE) * 255).astype(np.uint8)).any(axis=2)
    rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
    if not len(rows):
        return None
    height, width = covered.shape
    return columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height


def shot(engine: Engine) -> np.ndarray:
    """The picture as rows from the top, red, green and blue."""
    take = framebuffer.by_opengl if Path(engine.cache_path, _DIRECT).exists() else framebuffer.by_f3d
    return np.ascontiguousarray(take(engine.window)[::-1, :, :3])
