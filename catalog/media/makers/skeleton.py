"""The skeleton: bones and joints drawn over a faint body. Runs in a child only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from catalog.kernel.errors import InvalidInput
from catalog.media.anatomy import Joint, anatomy_of
from catalog.media.facts import Notebook, Source
from catalog.media.makers.maker import Made
from catalog.media.makers.picture import write_picture
from catalog.media.measuring import glance
from catalog.media.painters.rasterizer import HEIGHT_PX, WIDTH_PX, View, drawn
from catalog.media.painters.studio import BACKDROP_SHARES
from catalog.media.vocabulary import DRAWING_VERSION, Derivative

_FAINT: Final = 0.42
_FINER: Final = 2
"""Bones are drawn so many times larger and made small, for smooth lines."""
_BONE, _JOINT, _ROOT = (0x6C, 0xB2, 0xFF), (0xFF, 0xD5, 0x4A), (0x5B, 0xD6, 0xA0)
_BONE_PX, _JOINT_PX = 5, 5


def make(paths: list[str], out: str, scratch: str, studio: str) -> list[Made]:  # noqa: ARG001 — as all makers are asked
    """Paint the joints of a scene over its body; ``InvalidInput`` where it has none."""
    source = Source(folder=str(Path.cwd()), path=PurePosixPath(paths[0]))
    anatomy = anatomy_of(source, glance(source, Notebook()).name)
    if not anatomy.joints:
        raise InvalidInput("it has no skeleton")
    triangles = anatomy.triangles()
    view = View.around(triangles, (WIDTH_PX * _FINER, HEIGHT_PX * _FINER))
    body = drawn(view.placed(triangles), view.size).astype(np.float32) / 255
    faint = body * _FAINT + np.array(BACKDROP_SHARES, np.float32) * (1 - _FAINT)
    image = Image.fromarray((faint * 255 + 0.5).astype(np.uint8))
    _draw_bones(ImageDraw.Draw(image), anatomy.joints, view)
    image = image.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.LANCZOS)
    caption = f"{len(anatomy.joints)} joint{'' if len(anatomy.joints) == 1 else 's'}"
    tool = f"reprise {DRAWING_VERSION}"
    return write_picture(image, Path(out), derivative=Derivative.SKELETON, caption=caption, tool=tool)


def _draw_bones(drawing: ImageDraw.ImageDraw, joints: Sequence[Joint], view: View) -> None:
    def at(place: np.ndarray) -> tuple[float, float]:
        x, y, _ = view.placed(place)
        return float(x), float(y)

    for joint in joints:
        if joint.parent_at is not None:
            drawing.line([at(joint.parent_at), at(joint.at)], fill=_BONE, width=_BONE_PX)
    for joint in joints:
        x, y = at(joint.at)
        fill = _JOINT if joint.parent_at is not None else _ROOT
        drawing.ellipse((x - _JOINT_PX, y - _JOINT_PX, x + _JOINT_PX, y + _JOINT_PX), fill=fill)
