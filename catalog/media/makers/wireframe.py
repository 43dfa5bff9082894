"""The wireframe: the edges of all faces over the surface. Runs in a child only.

Where nothing can be rendered the triangles are drawn by hand, those that look away left out.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.geometry import triangles_of
from catalog.media.makers.maker import Made
from catalog.media.makers.picture import write_picture
from catalog.media.painters import rasterizer
from catalog.media.staging import Staged, stage
from catalog.media.vocabulary import DRAWING_VERSION, Derivative

_MOST_DRAWN: Final = 60_000
_WIRE: Final = (0x0F, 0x11, 0x15)


def make(paths: list[str], out: str, scratch: str, studio: str) -> list[Made]:
    """Draw the edges of the first of these models."""
    source = Source(folder=str(Path.cwd()), path=PurePosixPath(paths[0]))
    staged = stage(source, scratch=Path(scratch), complete=bool(studio))
    if not studio:
        image, tool = _drawn(staged), f"reprise {DRAWING_VERSION}"
        return write_picture(image, Path(out), derivative=Derivative.WIREFRAME, caption="", tool=tool)
    from catalog.media.painters import renderer  # noqa: PLC0415 — crashes where nothing can be rendered

    pixels = renderer.wires(
        Path(staged.source.absolute), renderer.Staging(**staged.staging), studio=Path(studio), scratch=Path(scratch)
    )
    image, tool = Image.fromarray(pixels), f"F3D {version('f3d')}"
    return write_picture(image, Path(out), derivative=Derivative.WIREFRAME, caption=staged.caption, tool=tool)


def _drawn(staged: Staged) -> Image.Image:
    triangles = triangles_of(staged.source, staged.name)
    if len(triangles) > _MOST_DRAWN:
        raise InvalidInput(f"{len(triangles)} triangles are more than are drawn by hand; this server has no renderer")
    view = rasterizer.View.around(triangles, (rasterizer.WIDTH_PX, rasterizer.HEIGHT_PX))
    corners = view.placed(triangles)
    image = Image.fromarray(rasterizer.drawn(corners, view.size))
    drawing = ImageDraw.Draw(image)
    sides = np.diff(corners[:, :, :2], axis=1)
    towards = sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0] < 0
    for corner in corners[towards][:, :, :2]:
        drawing.polygon([tuple(point) for point in corner], outline=_WIRE)
    return image
