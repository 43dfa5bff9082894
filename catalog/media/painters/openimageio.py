"""Paints EXR, HDR, DPX and everything with more than 8 bits, by OpenImageIO.

Rows are read in bands and averaged as they come, so a panorama of 20,000 pixels needs no more memory than a small one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import OpenImageIO as oiio  # noqa: N813 — as its documentation writes it
from PIL import Image

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.painters import color
from catalog.media.painters.canvas import Canvas
from catalog.media.painters.pillow import LARGEST_PIXELS
from catalog.media.thumbnails import SIDES_PX

_SIDE: Final = SIDES_PX[-1]
_BAND_ROWS: Final = 256
_MOST_PARTS: Final = 64
_LARGEST_HALF: Final = 65504.0
_INTEGER_TYPES: Final = ("uint8", "uint16", "uint32", "int8", "int16", "int32")
_RGB: Final = 3


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which part and channels make the picture: three colors or one value. ``name`` is empty for plain R, G, B."""

    part: int
    channels: tuple[int, ...]
    name: str


def paint(source: Source) -> Canvas:
    """The picture of the beauty channels; a single value channel is shown in gray, scaled to its range."""
    oiio.attribute("threads", 2)
    oiio.attribute("limits:imagesize_MB", LARGEST_PIXELS * 16 // (1024 * 1024))
    opened = oiio.ImageInput.open(source.absolute)
    if opened is None:
        raise InvalidInput(f"cannot be decoded: {oiio.geterror().strip() or 'unknown format'}")
    try:
        selection = _selected(opened)
        opened.seek_subimage(selection.part, 0)
        spec = opened.spec()
        pixels = _reduced(opened, selection)
    finally:
        opened.close()
    framed = _fitted(_in_display_window(pixels, spec))
    shown, caption = _shown(framed, spec, selection, source.path.name)
    image = Image.fromarray((shown * 255 + 0.5).astype(np.uint8))
    return Canvas(image=image, caption=caption, tool="OpenImageIO", tool_version=oiio.__version__)


def _selected(opened: oiio.ImageInput) -> Selection:
    """The first part with red, green and blue; else the first with luminance; else the first channel of the first."""
    second: Selection | None = None
    for part in range(_MOST_PARTS):
        if not opened.seek_subimage(part, 0):
            break
        names = [str(name) for name in opened.spec().channelnames]
        rgb = _rgb_of(names)
        if rgb is not None:
            prefix = names[rgb[0]].rpartition(".")[0]
            return Selection(part=part, channels=rgb, name=prefix)
        single = next((index for index, name in enumerate(names) if name.rpartition(".")[2].upper() in ("Y", "L")), 0)
        second = second or Selection(part=part, channels=(single,), name=names[single] if names else "")
    if second is None:
        raise InvalidInput("a picture without channels")
    return second


def _rgb_of(names: list[str]) -> tuple[int, int, int] | None:
    """Indices of R, G and B of the layer with the shortest name, which is the beauty where there is one."""
    layers: dict[str, dict[str, int]] = {}
    for index, name in enumerate(names):
        layer, _, last = name.rpartition(".")
        key = {"R": "R", "RED": "R", "G": "G", "GREEN": "G", "B": "B", "BLUE": "B"}.get(last.upper())
        if key:
            layers.setdefault(layer, {}).setdefault(key, index)
    complete = [(len(layer), layer) for layer, found in layers.items() if len(found) == _RGB]
    if not complete:
        return None
    found = layers[min(complete)[1]]
    return found["R"], found["G"], found["B"]


def _reduced(opened: oiio.ImageInput, selection: Selection) -> np.ndarray:
    """The selected channels as float, averaged over squares of whole pixels down to about the thumbnail's size."""
    spec = _fitting_level(opened, selection)
    if spec.width * spec.height > LARGEST_PIXELS or spec.width < 1 or spec.height < 1:
        raise InvalidInput(f"{spec.width} × {spec.height} pixels are more than a preview is made of")
    factor = max(max(spec.width, spec.height) // _SIDE, 1)
    rows_per_band = _band_rows(spec, factor)
    first, last = min(selection.channels), max(selection.channels) + 1
    wanted = [channel - first for channel in selection.channels]
    bands = []
    for top in range(0, spec.height, rows_per_band):
        bottom = min(top + rows_per_band, spec.height)
        rows = _read_rows(opened, spec, selection.part, (top, bottom), (first, last))
        if rows is None:
            raise InvalidInput(f"its pixels from row {top} on cannot be read: {opened.geterror().strip()}")
        clean = np.nan_to_num(rows[:, :, wanted], nan=0.0, posinf=_LARGEST_HALF, neginf=-_LARGEST_HALF)
        bands.append(_averaged(clean, factor))
    return np.concatenate(bands)


def _fitting_level(opened: oiio.ImageInput, selection: Selection) -> oiio.ImageSpec:
    """Go to the smallest stored reduction that is still large enough, and return its spec."""
    level = 0
    while opened.seek_subimage(selection.part, level + 1):
        if max(opened.spec().width, opened.spec().height) < _SIDE:
            break
        level += 1
    opened.seek_subimage(selection.part, level)
    return opened.spec()


def _band_rows(spec: oiio.ImageSpec, factor: int) -> int:
    """Whole squares, and whole rows of tiles where there are tiles."""
    step = factor * spec.tile_height if spec.tile_height else factor
    return max(_BAND_ROWS // step, 1) * step


def _read_rows(
    opened: oiio.ImageInput,
    spec: oiio.ImageSpec,
    part: int,
    rows: tuple[int, int],
    channels: tuple[int, int],
) -> np.ndarray | None:
    level = opened.current_miplevel()
    top, bottom = spec.y + rows[0], spec.y + rows[1]
    if not spec.tile_width:
        found = opened.read_scanlines(part, level, top, bottom, spec.z, *channels, "float")
    else:
        found = opened.read_tiles(part, level, spec.x, spec.x + spec.width, top, bottom, 0, 1, *channels, "float")
    if found is None:
        return None
    return np.asarray(found).reshape(rows[1] - rows[0], spec.width, channels[1] - channels[0])


def _averaged(rows: np.ndarray, factor: int) -> np.ndarray:
    """Means of squares; a rest at the right or lower edge is averaged over what is there."""
    if factor == 1:
        return rows
    height, width, _ = rows.shape
    across = np.add.reduceat(rows, np.arange(0, width, factor), axis=1)
    both = np.add.reduceat(across, np.arange(0, height, factor), axis=0)
    columns = np.minimum(factor, width - np.arange(0, width, factor))
    lines = np.minimum(factor, height - np.arange(0, height, factor))
    means: np.ndarray = both / (lines[:, None, None] * columns[None, :, None])
    return means


def _in_display_window(pixels: np.ndarray, spec: oiio.ImageSpec) -> np.ndarray:
    """Crop overscan away and fill what the data window leaves free with black, as a viewer shows it."""
    if (spec.x, spec.y, spec.width, spec.height) == (spec.full_x, spec.full_y, spec.full_width, spec.full_height):
        return pixels
    scale = spec.width / pixels.shape[1]
    width, height = max(round(spec.full_width / scale), 1), max(round(spec.full_height / scale), 1)
    left, top = round((spec.x - spec.full_x) / scale), round((spec.y - spec.full_y) / scale)
    from_x, from_y = max(-left, 0), max(-top, 0)
    to_x, to_y = min(pixels.shape[1], width - left), min(pixels.shape[0], height - top)
    if to_x <= from_x or to_y <= from_y or width * height > LARGEST_PIXELS:
        return pixels
    canvas = np.zeros((height, width, pixels.shape[2]), dtype=pixels.dtype)
    canvas[top + from_y : top + to_y, left + from_x : left + to_x] = pixels[from_y:to_y, from_x:to_x]
    return canvas


def _fitted(pixels: np.ndarray) -> np.ndarray:
    """At most the largest thumbnail's size, averaged in linear light, so that the view has few pixels to convert."""
    height, width, channels = pixels.shape
    if max(height, width) <= _SIDE:
        return pixels
    scale = _SIDE / max(height, width)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    planes = [Image.fromarray(np.ascontiguousarray(pixels[:, :, at], np.float32)) for at in range(channels)]
    return np.stack([np.asarray(plane.resize(size, Image.Resampling.BOX)) for plane in planes], axis=2)


def _shown(pixels: np.ndarray, spec: oiio.ImageSpec, selection: Selection, name: str) -> tuple[np.ndarray, str]:
    """Display-referred RGB, 0 to 1, and the caption."""
    layer = f", channels {selection.name}" if selection.name else ""
    if pixels.shape[2] == 1 and selection.name.rpartition(".")[2].upper() not in ("Y", "L"):
        if str(spec.format) in _INTEGER_TYPES:
            return np.repeat(np.clip(pixels, 0, 1), _RGB, axis=2), ""
        return np.repeat(_stretched(pixels), _RGB, axis=2), f"channel {selection.name}, scaled to its range"
    pixels = np.repeat(pixels, _RGB, axis=2) if pixels.shape[2] == 1 else pixels
    if spec.get_string_attribute("dpx:Transfer") in ("Printing density", "Logarithmic"):
        space = color.SourceSpace(name="lin_rec709_scene", tagged=False)
        return color.viewed(color.from_cineon_log(pixels), space), f"{color.VIEW_CAPTION} from Cineon log"
    if str(spec.format) in _INTEGER_TYPES:
        return np.clip(pixels, 0, 1), ""
    space = color.source_space(spec, name)
    return color.viewed(pixels, space), space.caption + layer


def _stretched(values: np.ndarray) -> np.ndarray:
    """Depths and masks: the middle 98 percent of the values over the whole range of gray."""
    low, high = np.percentile(values, (1, 99))
    stretched: np.ndarray = (values - low) / (high - low) if high > low else values
    clipped: np.ndarray = np.clip(stretched, 0, 1)
    return clipped
