"""Reads float pixels by OpenImageIO in bands of rows, reduced as they come.

A panorama of 20,000 pixels, or a picture of a hundred channels, needs no more memory than a small one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import numpy as np
import OpenImageIO as oiio  # noqa: N813 — as its documentation writes it
from PIL import Image

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.painters.color import LARGEST_HALF
from catalog.media.painters.pillow import LARGEST_PIXELS

MOST_PARTS: Final = 64

_BAND_ROWS: Final = 256
_BAND_VALUES: Final = 48 * 1024 * 1024
"""Of one band, which costs three times its four bytes a value while it is averaged."""


@contextmanager
def opened(source: Source) -> Iterator[oiio.ImageInput]:
    """The picture, closed at the end; ``InvalidInput`` where it cannot be decoded."""
    oiio.attribute("threads", 2)
    oiio.attribute("limits:imagesize_MB", LARGEST_PIXELS * 16 // (1024 * 1024))
    picture = oiio.ImageInput.open(source.absolute)
    if picture is None:
        raise InvalidInput(f"cannot be decoded: {oiio.geterror().strip() or 'unknown format'}")
    try:
        yield picture
    finally:
        picture.close()


def reduced(
    picture: oiio.ImageInput, part: int, channels: Sequence[int], *, side_px: int, exact: bool = False
) -> np.ndarray:
    """These channels of a part in its display window, as float, no side much longer than ``side_px``.

    Values are averaged over squares of whole pixels, what is not finite replaced; with ``exact`` they are picked and
    stay as they are, because the mean of two depths or two identifiers is neither.
    """
    spec = _fitting_level(picture, part, side_px)
    if spec.width * spec.height > LARGEST_PIXELS or spec.width < 1 or spec.height < 1:
        raise InvalidInput(f"{spec.width} × {spec.height} pixels are more than a preview is made of")
    factor = max(max(spec.width, spec.height) // side_px, 1)
    passes = [_run(picture, spec, part, run, factor, exact=exact) for run in _runs(channels, spec.width * factor)]
    return _fitted(_in_display_window(np.concatenate(passes, axis=2), spec), side_px, exact=exact)


def _runs(channels: Sequence[int], row_values: int) -> list[Sequence[int]]:
    """The channels in runs that are read together, each so narrow that a band of them fits into memory."""
    widest = max(_BAND_VALUES // row_values, 1)
    runs: list[list[int]] = []
    for channel in channels:
        if runs and max(channel, *runs[-1]) - min(channel, *runs[-1]) < widest:
            runs[-1].append(channel)
        else:
            runs.append([channel])
    return list(runs)


def _run(
    picture: oiio.ImageInput, spec: oiio.ImageSpec, part: int, channels: Sequence[int], factor: int, *, exact: bool
) -> np.ndarray:
    first, last = min(channels), max(channels) + 1
    wanted = [channel - first for channel in channels]
    rows_per_band = _band_rows(spec, factor, last - first)
    bands = []
    for top in range(0, spec.height, rows_per_band):
        bottom = min(top + rows_per_band, spec.height)
        rows = _read_rows(picture, spec, part, (top, bottom), (first, last))
        if rows is None:
            raise InvalidInput(f"its pixels from row {top} on cannot be read: {picture.geterror().strip()}")
        if exact:
            bands.append(rows[::factor, ::factor, wanted])
        else:
            clean = np.nan_to_num(rows[:, :, wanted], nan=0.0, posinf=LARGEST_HALF, neginf=-LARGEST_HALF)
            bands.append(_averaged(clean, factor))
    return np.concatenate(bands)


def _fitting_level(picture: oiio.ImageInput, part: int, side_px: int) -> oiio.ImageSpec:
    """Go to the smallest stored reduction that is still large enough, and return its spec."""
    level = 0
    while picture.seek_subimage(part, level + 1):
        if max(picture.spec().width, picture.spec().height) < side_px:
            break
        level += 1
    picture.seek_subimage(part, level)
    return picture.spec()


def _band_rows(spec: oiio.ImageSpec, factor: int, channels: int) -> int:
    """Whole squares, and whole rows of tiles where there are tiles; fewer where a row is long."""
    step = math.lcm(factor, spec.tile_height) if spec.tile_height else factor
    rows = min(_BAND_ROWS, _BAND_VALUES // max(spec.width * channels, 1))
    return max(rows // step, 1) * step


def _read_rows(
    picture: oiio.ImageInput,
    spec: oiio.ImageSpec,
    part: int,
    rows: tuple[int, int],
    channels: tuple[int, int],
) -> np.ndarray | None:
    level = picture.current_miplevel()
    top, bottom = spec.y + rows[0], spec.y + rows[1]
    if not spec.tile_width:
        found = picture.read_scanlines(part, level, top, bottom, spec.z, *channels, "float")
    else:
        found = picture.read_tiles(part, level, spec.x, spec.x + spec.width, top, bottom, 0, 1, *channels, "float")
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


def _fitted(pixels: np.ndarray, side_px: int, *, exact: bool) -> np.ndarray:
    """At most this size, averaged in linear light, so that the view has few pixels to convert; or picked."""
    height, width, channels = pixels.shape
    if max(height, width) <= side_px:
        return pixels
    scale = side_px / max(height, width)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    how = Image.Resampling.NEAREST if exact else Image.Resampling.BOX
    planes = [Image.fromarray(np.ascontiguousarray(pixels[:, :, at], np.float32)) for at in range(channels)]
    return np.stack([np.asarray(plane.resize(size, how)) for plane in planes], axis=2)
