"""Keeps what a painter painted of one file. Runs in a child only."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from catalog.media.facts import Source
from catalog.media.makers.picture import write_picture

if TYPE_CHECKING:
    from catalog.media.makers.maker import Made
    from catalog.media.painters.canvas import Canvas
    from catalog.media.vocabulary import Derivative


def source(path: str) -> Source:
    """A file of the current folder."""
    return Source(folder=str(Path.cwd()), path=PurePosixPath(path))


def kept(canvas: Canvas, out: str, derivative: Derivative) -> list[Made]:
    """The picture, with what the painter said of it."""
    tool = f"{canvas.tool} {canvas.tool_version}"
    return write_picture(canvas.image, Path(out), derivative=derivative, caption=canvas.caption, tool=tool)
