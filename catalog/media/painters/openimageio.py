"""Paints EXR, HDR, DPX and everything with more than 8 bits, by OpenImageIO."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import OpenImageIO as oiio  # noqa: N813 — as its documentation writes it
from PIL import Image

from catalog.kernel.errors import InvalidInput
from catalog.media.conventions import holds_data
from catalog.media.facts import Source
from catalog.media.painters import color, rows
from catalog.media.painters.canvas import Canvas
from catalog.media.thumbnails import SIDES_PX

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
    with rows.opened(source) as picture:
        selection = selected(picture)
        pixels = rows.reduced(picture, selection.part, selection.channels, side_px=SIDES_PX[-1])
        picture.seek_subimage(selection.part, 0)
        shown, caption = _shown(pixels, picture.spec(), selection, source.path.name)
    image = Image.fromarray((shown * 255 + 0.5).astype(np.uint8))
    return Canvas(image=image, caption=caption, tool="OpenImageIO", tool_version=oiio.__version__)


def selected(picture: oiio.ImageInput) -> Selection:
    """The first part with red, green and blue; else the first with luminance; else the first channel of the first."""
    second: Selection | None = None
    for part in range(rows.MOST_PARTS):
        if not picture.seek_subimage(part, 0):
            break
        names = [str(name) for name in picture.spec().channelnames]
        rgb = rgb_of(names)
        if rgb is not None:
            prefix = names[rgb[0]].rpartition(".")[0]
            return Selection(part=part, channels=rgb, name=prefix)
        single = next((index for index, name in enumerate(names) if name.rpartition(".")[2].upper() in ("Y", "L")), 0)
        second = second or Selection(part=part, channels=(single,), name=names[single] if names else "")
    if second is None:
        raise InvalidInput("a picture without channels")
    return second


def rgb_of(names: list[str]) -> tuple[int, int, int] | None:
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
    if holds_data(name):
        return np.clip(pixels, 0, 1), "data, shown as stored"
    space = color.source_space(spec, name)
    return color.viewed(pixels, space), space.caption + layer


def _stretched(values: np.ndarray) -> np.ndarray:
    """Depths and masks: the middle 98 percent of the values over the whole range of gray."""
    low, high = np.percentile(values, (1, 99))
    stretched: np.ndarray = (values - low) / (high - low) if high > low else values
    clipped: np.ndarray = np.clip(stretched, 0, 1)
    return clipped
