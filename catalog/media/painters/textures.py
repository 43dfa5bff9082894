"""Paints the texture maps of a version on one sheet: every map with its tiles in their places of texture space."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

import OpenImageIO as oiio  # noqa: N813 — as its documentation writes it
from PIL import Image, ImageDraw

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.painters import openimageio, pillow
from catalog.media.painters.canvas import Canvas
from catalog.media.painters.sheet import GROUND, Cell, cell_width_px, columns_for, sheet, write
from catalog.media.textures import TextureMap, Tile, maps_of
from catalog.media.thumbnails import flattened

MOST_MAPS: Final = 36

_MOST_PLACES: Final = 100
_ROW: Final = 10
_SMALLEST_LABELED_PX: Final = 64
_LABEL_PX: Final = (50, 24)


def paint(folder: str, paths: Sequence[str]) -> Canvas:
    """The sheet; a tile that cannot be read is left empty, ``InvalidInput`` where none can be read."""
    maps = maps_of(paths)
    shown = maps[:MOST_MAPS]
    columns = columns_for(len(shown))
    several = len({each.name for each in shown}) > 1
    broken: list[str] = []
    cells = [_cell(folder, each, cell_width_px(columns), broken, named=several) for each in shown]
    tiles = [tile for each in shown for tile in each.tiles]
    if len(broken) == len(tiles):
        raise InvalidInput("none of its textures can be read")
    said = f"{len(shown)} of {len(maps)} maps" if len(shown) < len(maps) else _counted(len(maps), "map")
    if any(tile.number for tile in tiles):
        said += f", {_counted(len(tiles), 'tile')} in their places"
    if broken:
        said += f"; not readable: {', '.join(broken[:3])}{' and more' if len(broken) > 3 else ''}"  # noqa: PLR2004 — as read
    return Canvas(image=sheet(cells, columns=columns), caption=said, tool="OpenImageIO", tool_version=oiio.__version__)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _cell(folder: str, each: TextureMap, width_px: int, broken: list[str], *, named: bool) -> Cell:
    """One map; the paths of tiles that cannot be read are added to ``broken``."""
    places = _places(each.tiles)
    across, down = (max(place[axis] for place in places) + 1 for axis in (0, 1))
    side = width_px // across
    pictures: dict[tuple[int, int], tuple[Tile, Image.Image]] = {}
    sizes: set[str] = set()
    for tile, place in zip(each.tiles, places, strict=True):
        try:
            picture, size = _tile(folder, tile, side)
            sizes.add(size)
        except InvalidInput:
            broken.append(tile.path)
            picture = _unreadable(side)
        pictures[place] = tile, picture
    image = _joined(pictures, (across, down), side) if each.tiles[0].number else pictures[places[0]][1]
    name = " ".join(filter(None, (each.name if named or not each.channel else "", each.channel)))
    count = _counted(len(each.tiles), "tile") if each.tiles[0].number else ""
    note = ", ".join(filter(None, (count, *(sizes if len(sizes) < 2 else ("several sizes",)))))  # noqa: PLR2004 — as read
    return Cell(name=name, note=note, image=image)


def _joined(pictures: dict[tuple[int, int], tuple[Tile, Image.Image]], span: tuple[int, int], side: int) -> Image.Image:
    """The tiles in their places, each with its number where there is room for it."""
    made = Image.new("RGB", (side * span[0], side * span[1]), GROUND)
    drawing = ImageDraw.Draw(made)
    for (column, row), (tile, picture) in pictures.items():
        left, top = column * side, row * side
        made.paste(picture, (left + (side - picture.width) // 2, top + (side - picture.height) // 2))
        drawing.rectangle((left, top, left + side - 1, top + side - 1), outline=GROUND)
        if side >= _SMALLEST_LABELED_PX:
            drawing.rectangle((left, top, left + _LABEL_PX[0], top + _LABEL_PX[1]), fill=GROUND)
            write(drawing, (left + 4, top), str(tile.number), room_px=side)
    return made


def _unreadable(side_px: int) -> Image.Image:
    """What stands in for a tile that cannot be read."""
    made = Image.new("RGB", (side_px, side_px), GROUND)
    write(ImageDraw.Draw(made), (4, side_px // 2), "not readable", room_px=side_px - 8, quiet=True)
    return made


def _places(tiles: Sequence[Tile]) -> list[tuple[int, int]]:
    """Column and row from the top of each tile: where it lies in texture space, or in order where that is too wide."""
    columns, rows = ([tile.place[axis] for tile in tiles] for axis in (0, 1))
    first, lowest, highest = min(columns), min(rows), max(rows)
    if (max(columns) - first + 1) * (highest - lowest + 1) > _MOST_PLACES:
        return [(at % _ROW, at // _ROW) for at in range(len(tiles))]
    return [(column - first, highest - row) for column, row in zip(columns, rows, strict=True)]


def _tile(folder: str, tile: Tile, side_px: int) -> tuple[Image.Image, str]:
    """The picture of a tile, and its own size and type, as far as they can be read."""
    source = Source(folder=folder, path=PurePosixPath(tile.path))
    opened = oiio.ImageInput.open(source.absolute)
    size = ""
    if opened is not None:
        spec = opened.spec()
        size = f"{spec.full_width or spec.width} x {spec.full_height or spec.height}, {spec.format}"
        opened.close()
    painted = flattened((pillow.paint(source) or openimageio.paint(source)).image)
    scale = side_px / max(painted.size)
    fitted = (max(round(painted.width * scale), 1), max(round(painted.height * scale), 1))
    how = Image.Resampling.NEAREST if scale > 4 else Image.Resampling.LANCZOS  # noqa: PLR2004 — a few pixels are shown as such
    return painted.resize(fitted, how), size
