"""Sheets of several pictures, each with its name and what must be said of it, on the backdrop of the dark theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from catalog.media.painters.canvas import BACKDROP

WIDTH_PX: Final = 1440
GROUND: Final = (0x0F, 0x11, 0x15)
TEXT: Final = (0xE8, 0xEA, 0xF0)
QUIET_TEXT: Final = (0xA9, 0xB1, 0xC2)

_GAP_PX: Final = 16
_TEXT_PX: Final = 20
_LARGE_TEXT_PX: Final = 28
_FEW_COLUMNS: Final = 3
_TALLEST: Final = 1.5
_MOST_COLUMNS: Final = 6


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One picture of a sheet. ``note`` stands under the name, smaller in weight."""

    name: str
    note: str
    image: Image.Image


def columns_for(count: int) -> int:
    """How many columns make a sheet of so many cells that is about as wide as high."""
    return next((columns for columns in range(1, _MOST_COLUMNS) if columns * columns >= count), _MOST_COLUMNS)


def cell_width_px(columns: int) -> int:
    """How wide the pictures of a sheet with so many columns are."""
    return (WIDTH_PX - _GAP_PX * (columns + 1)) // columns


def sheet(cells: Sequence[Cell], *, columns: int) -> Image.Image:
    """The cells from the left and the top, each picture whole in a frame of the same size."""
    width = cell_width_px(columns)
    aspect = min(max(cell.image.height / cell.image.width for cell in cells), _TALLEST)
    height = max(round(width * aspect), 1)
    rows = -(-len(cells) // columns)
    lines = 2 if any(cell.note for cell in cells) else 1
    text = _LARGE_TEXT_PX if columns <= _FEW_COLUMNS else _TEXT_PX
    pitch = height + lines * _line_px(text) + _GAP_PX
    made = Image.new("RGB", (WIDTH_PX, rows * pitch + _GAP_PX), BACKDROP)
    for number, cell in enumerate(cells):
        left = _GAP_PX + number % columns * (width + _GAP_PX)
        top = _GAP_PX + number // columns * pitch
        _place(made, cell, (left, top, width, height), text)
    return made


def write(
    drawing: ImageDraw.ImageDraw,
    at: tuple[int, int],
    words: str,
    *,
    room_px: int,
    quiet: bool = False,
    text_px: int = _TEXT_PX,
) -> None:
    """Write one line, shortened in its middle where it is longer than the room."""
    font = ImageFont.load_default(text_px)
    shown, kept = words, len(words)
    while kept > 1 and font.getlength(shown) > room_px:
        kept -= 1
        shown = f"{words[: (kept + 1) // 2]}…{words[len(words) - kept // 2 :]}"
    drawing.text(at, shown, font=font, fill=QUIET_TEXT if quiet else TEXT)


def _line_px(text_px: int) -> int:
    return round(text_px * 1.3)


def _place(made: Image.Image, cell: Cell, frame: tuple[int, int, int, int], text_px: int) -> None:
    left, top, width, height = frame
    scale = min(width / cell.image.width, height / cell.image.height)
    size = (max(round(cell.image.width * scale), 1), max(round(cell.image.height * scale), 1))
    how = Image.Resampling.NEAREST if scale > 4 else Image.Resampling.LANCZOS  # noqa: PLR2004 — a few pixels are shown as such
    made.paste(GROUND, (left, top, left + width, top + height))
    made.paste(cell.image.resize(size, how), (left + (width - size[0]) // 2, top + (height - size[1]) // 2))
    drawing = ImageDraw.Draw(made)
    below = top + height + 3
    write(drawing, (left, below), cell.name, room_px=width, text_px=text_px)
    write(drawing, (left, below + _line_px(text_px)), cell.note, room_px=width, quiet=True, text_px=text_px)
