"""Paints the layers of one picture beside each other, each as what its values mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import OpenImageIO as oiio  # noqa: N813 — as its documentation writes it
from PIL import Image

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.layers import Layer, LayerKind, Part, layers_of
from catalog.media.painters import color, rows
from catalog.media.painters.canvas import Canvas
from catalog.media.painters.sheet import Cell, cell_width_px, columns_for, sheet

MOST_LAYERS: Final = 36

_FARTHEST: Final = 1e9
_EXACT: Final = (LayerKind.DEPTH, LayerKind.IDENTIFIER, LayerKind.CRYPTOMATTE)
_IN_UNIT: Final = 1.0001


def paint(source: Source) -> Canvas:
    """The contact sheet; ``InvalidInput`` where there is one layer only, which the picture itself shows."""
    with rows.opened(source) as picture:
        layers = layers_of(_parts(picture))
        if len(layers) < 2:  # noqa: PLR2004 — a sheet is of several
            raise InvalidInput("it has no two layers that can be shown")
        shown = layers[:MOST_LAYERS]
        columns = columns_for(len(shown))
        cells = [_cell(picture, layer, source.path.name, cell_width_px(columns)) for layer in shown]
        picture.seek_subimage(shown[0].part, 0)
        said = [f"{len(shown)} of {len(layers)} layers" if len(shown) < len(layers) else f"{len(layers)} layers"]
        if any(layer.kind in (LayerKind.COLOR, LayerKind.LUMINANCE) for layer in shown):
            said.append(f"colors in {color.source_space(picture.spec(), source.path.name).caption}")
    return Canvas(
        image=sheet(cells, columns=columns),
        caption="; ".join(said),
        tool="OpenImageIO",
        tool_version=oiio.__version__,
    )


def _parts(picture: oiio.ImageInput) -> list[Part]:
    """The parts; deep ones, whose pixels have any number of samples, as if they had no channels."""
    parts: list[Part] = []
    while len(parts) < rows.MOST_PARTS and picture.seek_subimage(len(parts), 0):
        spec = picture.spec()
        name = spec.get_string_attribute("oiio:subimagename") or spec.get_string_attribute("name")
        channels = [] if spec.deep else [str(each) for each in spec.channelnames]
        parts.append(Part(name=name or str(len(parts)), channels=channels))
    return parts


def _cell(picture: oiio.ImageInput, layer: Layer, file_name: str, side_px: int) -> Cell:
    values = rows.reduced(picture, layer.part, layer.channels, side_px=side_px, exact=layer.kind in _EXACT)
    if layer.kind in (LayerKind.COLOR, LayerKind.LUMINANCE):
        picture.seek_subimage(layer.part, 0)
        colors = np.repeat(values, 3, axis=2) if values.shape[2] == 1 else values
        shown = color.viewed(colors, color.source_space(picture.spec(), file_name))
        note = layer.kind.value
    else:
        shown, note = _PAINTERS[layer.kind](values)
    image = Image.fromarray((shown * 255 + 0.5).astype(np.uint8))
    return Cell(name=layer.name, note=note, image=image)


def _depth(values: np.ndarray) -> tuple[np.ndarray, str]:
    """Near is bright; black is where nothing is, which renderers write as infinity, as a huge number or as zero."""
    distances = values[:, :, 0]
    seen = np.isfinite(distances) & (np.abs(distances) < _FARTHEST) & (distances != 0)
    if not seen.any():
        return _gray(np.zeros_like(distances)), "depth, nothing near"
    near, far = np.percentile(distances[seen], (1, 99))
    shares = (far - np.where(seen, distances, far)) / max(far - near, np.finfo(np.float32).tiny)
    brightness = np.where(seen, 0.08 + 0.92 * np.clip(shares, 0, 1), 0)
    return _gray(brightness), f"depth {near:.4g} to {far:.4g}, near is bright"


def _value(values: np.ndarray) -> tuple[np.ndarray, str]:
    """Masks as they are; what goes beyond 0 and 1 is scaled to its range."""
    single = values[:, :, 0]
    if single.min() >= 0 and single.max() <= _IN_UNIT:
        return _gray(np.clip(single, 0, 1)), "0 to 1"
    low, high = np.percentile(single, (1, 99))
    scaled = (single - low) / max(high - low, np.finfo(np.float32).tiny)
    return _gray(np.clip(scaled, 0, 1)), f"{low:.4g} to {high:.4g}"


def _alpha(values: np.ndarray) -> tuple[np.ndarray, str]:
    return _gray(np.clip(values[:, :, 0], 0, 1)), "alpha"


def _vector(values: np.ndarray) -> tuple[np.ndarray, str]:
    """Directions around middle gray; texture coordinates as red and green."""
    filled = np.concatenate([values, np.zeros((*values.shape[:2], 3 - values.shape[2]), values.dtype)], axis=2)
    low, high = float(filled.min()), float(filled.max())
    if low >= 0 and high <= _IN_UNIT:
        return np.clip(filled, 0, 1), "vector 0 to 1"
    reach = 1.0 if max(-low, high) <= _IN_UNIT else float(np.percentile(np.abs(values), 99)) or 1.0
    return np.clip(0.5 + filled / (2 * reach), 0, 1), f"vector ± {reach:.4g}"


def _identifier(values: np.ndarray) -> tuple[np.ndarray, str]:
    return _false_colors(values[:, :, 0]), "identifiers, false colors"


def _cryptomatte(values: np.ndarray) -> tuple[np.ndarray, str]:
    """The two things that cover a pixel most, each in its color by how much it covers."""
    first, second = (
        _false_colors(values[:, :, at]) * np.clip(np.nan_to_num(values[:, :, at + 1]), 0, 1)[:, :, None]
        for at in (0, 2)
    )
    return np.clip(first + second, 0, 1), "cryptomatte, false colors"


def _false_colors(identifiers: np.ndarray) -> np.ndarray:
    """A color for every value, by a hash of its bits (the finalizer of MurmurHash3); nothing is black."""
    bits = np.ascontiguousarray(identifiers, np.float32).view(np.uint32)
    mixed = bits.copy()
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        mixed = (mixed ^ (mixed >> np.uint32(shift))) * np.uint32(factor)
    mixed ^= mixed >> np.uint32(16)
    hues = (mixed & np.uint32(0xFFFF)).astype(np.float32) / 0xFFFF
    levels = 0.6 + 0.4 * ((mixed >> np.uint32(16)) & np.uint32(0xFF)).astype(np.float32) / 0xFF
    wheel = np.clip(np.abs((hues[:, :, None] + np.array([0, 2 / 3, 1 / 3])) % 1 * 6 - 3) - 1, 0, 1)
    colors: np.ndarray = levels[:, :, None] * (0.25 + 0.75 * wheel)
    return np.where((bits == 0)[:, :, None], 0.0, colors)


def _gray(values: np.ndarray) -> np.ndarray:
    return np.repeat(values[:, :, None], 3, axis=2)


_PAINTERS: Final[dict[LayerKind, Callable[[np.ndarray], tuple[np.ndarray, str]]]] = {
    LayerKind.DEPTH: _depth,
    LayerKind.VALUE: _value,
    LayerKind.ALPHA: _alpha,
    LayerKind.VECTOR: _vector,
    LayerKind.IDENTIFIER: _identifier,
    LayerKind.CRYPTOMATTE: _cryptomatte,
}
