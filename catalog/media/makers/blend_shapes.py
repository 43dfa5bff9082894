"""The sheet of blend shapes: the neutral face, then each shape at full weight, by name. Runs in a child only.

The view keeps to what moves; what a shape moves is tinted.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np
from PIL import Image

from catalog.kernel.errors import InvalidInput
from catalog.media.anatomy import Anatomy, anatomy_of
from catalog.media.facts import Notebook, Source
from catalog.media.makers.maker import Made
from catalog.media.makers.picture import write_picture
from catalog.media.measuring import glance
from catalog.media.painters.rasterizer import View, drawn
from catalog.media.painters.sheet import Cell, cell_width_px, columns_for, sheet
from catalog.media.vocabulary import DRAWING_VERSION, Derivative

_MOST_SHAPES: Final = 60
_AZIMUTH: Final = np.radians(20.0)
_MARGIN: Final = 0.66
"""Of what moves, so that something of what stays is seen around it."""
_MOVES: Final = 0.02
"""Share of the farthest way from which on a point counts as moved."""


def make(paths: list[str], out: str, scratch: str, studio: str) -> list[Made]:  # noqa: ARG001 — as all makers are asked
    """Paint the blend shapes of a scene; ``InvalidInput`` where it has none."""
    source = Source(folder=str(Path.cwd()), path=PurePosixPath(paths[0]))
    anatomy = anatomy_of(source, glance(source, Notebook()).name)
    names = anatomy.shape_names
    if not names:
        raise InvalidInput("it has no blend shapes")
    shown = names[:_MOST_SHAPES]
    image = sheet(_cells(anatomy, shown), columns=columns_for(len(shown) + 1))
    caption = f"{len(names)} blend shape{'' if len(names) == 1 else 's'} at full weight"
    if len(shown) < len(names):
        caption += f", the first {len(shown)} of them"
    tool = f"reprise {DRAWING_VERSION}"
    return write_picture(image, Path(out), derivative=Derivative.BLEND_SHAPES, caption=caption, tool=tool)


def _cells(anatomy: Anatomy, names: list[str]) -> list[Cell]:
    side = cell_width_px(columns_for(len(names) + 1))
    neutral = anatomy.triangles()
    far = {name: anatomy.moved(name) for name in names}
    farthest = max(float(each.max()) for each in far.values())
    moving = np.any([each > farthest * _MOVES for each in far.values()], axis=0) if farthest else np.ones((1, 1), bool)
    view = View.around(neutral[moving] if farthest else neutral, (side, side), azimuth=_AZIMUTH, margin=_MARGIN)
    cells = [Cell(name="neutral", note="", image=Image.fromarray(drawn(view.placed(neutral), view.size)))]
    for name in names:
        tint = np.clip(far[name].max(axis=1) / (farthest or 1.0) * 1.5, 0, 0.85)
        pixels = drawn(view.placed(anatomy.triangles(name)), view.size, tint)
        cells.append(Cell(name=name, note="", image=Image.fromarray(pixels)))
    return cells
