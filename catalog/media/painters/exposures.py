"""Paints one scene-referred picture at three exposures, so that shadows and highlights can be judged."""

from __future__ import annotations

from typing import Final

import numpy as np
import OpenImageIO as oiio  # noqa: N813 — as its documentation writes it
from PIL import Image

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.painters import color, rows
from catalog.media.painters.canvas import Canvas
from catalog.media.painters.openimageio import selected
from catalog.media.painters.sheet import Cell, cell_width_px, sheet

STOPS: Final = ((-2, "-2 EV"), (0, "0 EV"), (2, "+2 EV"))
_FLOATS: Final = ("half", "float", "double")


def paint(source: Source) -> Canvas:
    """The strip; ``InvalidInput`` for integer pictures, whose highlights are gone already."""
    with rows.opened(source) as picture:
        selection = selected(picture)
        picture.seek_subimage(selection.part, 0)
        spec = picture.spec()
        if str(spec.format) not in _FLOATS:
            raise InvalidInput("it holds no scene-referred values")
        space = color.source_space(spec, source.path.name)
        columns = len(STOPS)
        light = rows.reduced(picture, selection.part, selection.channels, side_px=cell_width_px(columns))
    if light.shape[2] == 1:
        light = np.repeat(light, 3, axis=2)
    cells = [Cell(name=name, note="", image=_exposed(light, stops, space)) for stops, name in STOPS]
    return Canvas(
        image=sheet(cells, columns=columns),
        caption=space.caption,
        tool="OpenImageIO",
        tool_version=oiio.__version__,
    )


def _exposed(light: np.ndarray, stops: int, space: color.SourceSpace) -> Image.Image:
    shown = color.viewed(2.0**stops * np.clip(light, 0, color.LARGEST_HALF), space)
    return Image.fromarray((shown * 255 + 0.5).astype(np.uint8))
