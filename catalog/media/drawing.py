"""Draws one file: picks the painter of its format and makes the thumbnails. Runs in a child only."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Notebook, Source
from catalog.media.measuring import glance
from catalog.media.staging import stage
from catalog.media.thumbnails import Thumbnail, thumbnails_of
from catalog.media.vocabulary import Medium

if TYPE_CHECKING:
    from catalog.media.painters.canvas import Canvas

_BY_PILLOW: Final = frozenset({"png", "jpeg", "webp", "gif", "bmp", "avif", "tga", "tiff", "psd"})


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The sizes of one picture. ``caption`` says how it was made where that matters to judge it."""

    thumbnails: tuple[Thumbnail, ...]
    dominant_color: str
    caption: str
    tool: str
    tool_version: str


def draw(source: Source, *, scratch: Path | None, studio: Path | None) -> Drawing:
    """The picture of one file; ``InvalidInput`` where it has none. ``studio`` is None where nothing can be rendered.

    Only a model needs ``scratch``, and has no picture without.
    """
    found = glance(source, Notebook())
    if found.medium is Medium.IMAGE:
        canvas = _draw_image(source, found.name)
    elif found.medium is Medium.VIDEO:
        canvas = _painter("film").paint(source)
    elif found.medium is Medium.MODEL and scratch is not None:
        canvas = _draw_model(source, scratch=scratch, studio=studio)
    else:
        raise InvalidInput(f"{found.media_type} has no picture")
    thumbnails, color = thumbnails_of(canvas.image, canvas.backdrop)
    return Drawing(
        thumbnails=thumbnails,
        dominant_color=color,
        caption=canvas.caption,
        tool=canvas.tool,
        tool_version=canvas.tool_version,
    )


def _painter(name: str) -> Any:  # noqa: ANN401 — a module, loaded when it is needed because each is heavy
    return importlib.import_module(f"catalog.media.painters.{name}")


def _draw_image(source: Source, name: str) -> Canvas:
    canvas: Canvas | None = None
    if name in _BY_PILLOW:
        canvas = _painter("pillow").paint(source)
    if canvas is None:
        canvas = _painter("openimageio").paint(source)
    return canvas


def _draw_model(source: Source, *, scratch: Path, studio: Path | None) -> Canvas:
    staged = stage(source, scratch=scratch, complete=studio is not None)
    painted: Canvas
    if studio is None:
        painted = _painter("rasterizer").paint(staged.source, staged.name)
        return painted
    renderer = _painter("renderer")
    staging = renderer.Staging(**staged.staging)
    painted = renderer.paint(Path(staged.source.absolute), staging, studio=studio, scratch=scratch)
    return replace(painted, caption=staged.caption)
