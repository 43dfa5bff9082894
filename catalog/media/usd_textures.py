"""Pixels of a USD scene's textures, small enough for a preview, from the version's folder or its package only."""

from __future__ import annotations

import io
import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import OpenImageIO as oiio  # noqa: N813 — as its documentation writes it
from PIL import Image
from pxr import UsdShade

from catalog.media.untyped import UsdObject

LARGEST_SIDE_PX: Final = 1024
"""Of one picture; a preview of 960 px shows no more."""

_LARGEST_PIXELS: Final = 16384 * 16384
_LARGEST_ENTRY_BYTES: Final = 512 * 1024 * 1024
_TILE_SIDE_PX: Final = 512
_MOST_TILES: Final = 40
_UDIM: Final = re.compile(r"(1[0-9]{3})")
_UDIM_ROW: Final = 10
_LINEAR_PART: Final = 0.0031308  # below it sRGB (IEC 61966-2-1) is a straight line
_REPEAT: Final = 10497
_WRAPS: Final = {"clamp": 33071, "black": 33071, "mirror": 33648}  # glTF has no black border; its edge comes closest
_CHANNELS: Final = {"r": 0, "g": 1, "b": 2, "a": 3}


@dataclass(frozen=True, kw_only=True)
class Texture:
    """Float RGBA pixels after the shader's scale and bias. ``channel`` is the one that a scalar input is connected to.

    ``encoded`` says that the colors are sRGB-encoded, so that they can go into a picture as they are.
    """

    pixels: np.ndarray
    channel: int
    encoded: bool
    coordinate_name: str
    coordinate_map: np.ndarray
    wrap: tuple[int, int]


def decoded(shader: UsdObject, output: str, *, folder: Path, scratch: Path) -> Texture | None:
    """What a UsdUVTexture yields; None where its file is missing, outside, or cannot be read."""
    given = shader.GetInput("file")
    value = given.Get() if given else None
    if value is None or not value.path:
        return None
    tiles = _tiles(str(value.resolvedPath or ""), str(value.path), folder=folder, scratch=scratch)
    if not tiles:
        return None
    pixels, tile_map = _atlas(tiles)
    linear_file = any(path.suffix.lower() in (".exr", ".hdr") for path in tiles.values())
    space = str(_value(shader, "sourceColorSpace") or "auto")
    scale, bias = _four(_value(shader, "scale"), 1.0), _four(_value(shader, "bias"), 0.0)
    if (scale != 1).any() or (bias != 0).any():
        pixels = pixels * scale + bias
    name, own_map = _laid_by(shader)
    return Texture(
        pixels=pixels,
        channel=_CHANNELS.get(output, 0),
        encoded=not linear_file and space != "raw",
        coordinate_name=name,
        coordinate_map=_composed(tile_map, own_map),
        wrap=(_WRAPS.get(str(_value(shader, "wrapS")), _REPEAT), _WRAPS.get(str(_value(shader, "wrapT")), _REPEAT)),
    )


def luminous(texture: Texture) -> np.ndarray:
    """Colors as sRGB-encoded 0…1, with alpha where it is used."""
    pixels = np.clip(texture.pixels, 0, 1)
    if not texture.encoded:
        rgb = pixels[:, :, :3]
        pixels = pixels.copy()
        pixels[:, :, :3] = np.where(rgb <= _LINEAR_PART, rgb * 12.92, 1.055 * np.power(rgb, 1 / 2.4) - 0.055)
    shown: np.ndarray = pixels if (pixels[:, :, 3] < 1).any() else pixels[:, :, :3]
    return shown


def as_picture(pixels: np.ndarray, *, lossless: bool = False) -> bytes:
    """PNG or JPEG bytes of 0…1 pixels."""
    image = Image.fromarray((pixels * 255 + 0.5).astype(np.uint8))
    written = io.BytesIO()
    if lossless or image.mode == "RGBA":
        image.save(written, "PNG", compress_level=1)
    else:
        image.save(written, "JPEG", quality=92, subsampling=0)
    return written.getvalue()


def _tiles(resolved: str, written: str, *, folder: Path, scratch: Path) -> dict[int, Path]:
    """UDIM number and file of every tile; one tile 1001 for a plain texture."""
    if "<UDIM>" in written:
        pattern = Path(resolved or written).name
        for number in (match.group(1) for match in _UDIM.finditer(pattern)):
            pattern = pattern.replace(number, "<UDIM>", 1)
            break
        where = Path(resolved).parent if resolved else folder
        found = sorted(where.glob(pattern.replace("<UDIM>", "1[0-9][0-9][0-9]"))) if _is_inside(where, folder) else []
        before, _, after = pattern.partition("<UDIM>")
        return {int(path.name[len(before) : len(path.name) - len(after)]): path for path in found[:_MOST_TILES]}
    path = _extracted(resolved, scratch) if "[" in resolved else Path(resolved)
    allowed = path is not None and path.is_file() and (_is_inside(path, folder) or _is_inside(path, scratch))
    return {1001: path} if allowed and path is not None else {}


def _is_inside(path: Path, folder: Path) -> bool:
    # By name, not by where links lead: the only links in a job's folder are ours, to files under declared roots.
    return Path(os.path.normpath(path)).is_relative_to(folder)


def _extracted(resolved: str, scratch: Path) -> Path | None:
    """Copy one entry of a package to where it can be opened."""
    package, _, entry = resolved.rstrip("]").partition("[")
    try:
        with zipfile.ZipFile(package) as opened:
            if opened.getinfo(entry).file_size > _LARGEST_ENTRY_BYTES:
                return None
            target = scratch / f"{len(list(scratch.iterdir()))}{Path(entry).suffix}"
            target.write_bytes(opened.read(entry))
            return target
    except (zipfile.BadZipFile, KeyError, OSError):
        return None


def _atlas(tiles: dict[int, Path]) -> tuple[np.ndarray, np.ndarray]:
    """All tiles in one picture, and the affine map of coordinates into it."""
    side = LARGEST_SIDE_PX if len(tiles) == 1 else _TILE_SIDE_PX
    read = {number: pixels for number, path in tiles.items() if (pixels := _read(path, side)) is not None}
    if not read:
        return np.full((1, 1, 4), 0.5, np.float32), np.eye(2, 3)
    if len(read) == 1 and 1001 in read:  # noqa: PLR2004 — the first tile
        return read[1001], np.eye(2, 3)
    columns = max((number - 1001) % _UDIM_ROW for number in read) + 1
    rows = max((number - 1001) // _UDIM_ROW for number in read) + 1
    canvas = np.zeros((rows * side, columns * side, 4), np.float32)
    canvas[:, :, 3] = 1.0
    for number, pixels in read.items():
        column, row = (number - 1001) % _UDIM_ROW, (number - 1001) // _UDIM_ROW
        top = (rows - 1 - row) * side
        down = np.arange(side) * pixels.shape[0] // side
        across = np.arange(side) * pixels.shape[1] // side
        canvas[top : top + side, column * side : (column + 1) * side] = pixels[down][:, across]
    return canvas, np.array([[1 / columns, 0, 0], [0, 1 / rows, 0]])


def _read(path: Path, side: int) -> np.ndarray | None:
    """RGBA of one file, averaged down to about ``side``; None where it cannot be read."""
    settings = oiio.ImageSpec()
    settings.attribute("oiio:UnassociatedAlpha", 1)
    opened = oiio.ImageInput.open(str(path), settings)
    if opened is None:
        return None
    spec = opened.spec()
    pixels = opened.read_image("float") if 0 < spec.width * spec.height <= _LARGEST_PIXELS else None
    opened.close()
    if pixels is None:
        return None
    pixels = np.nan_to_num(pixels.reshape(spec.height, spec.width, -1))
    factor = max(max(spec.width, spec.height) // side, 1)
    height, width = spec.height // factor * factor, spec.width // factor * factor
    if factor > 1 and height and width:
        pixels = (
            pixels[:height, :width].reshape(height // factor, factor, width // factor, factor, -1).mean(axis=(1, 3))
        )
    return _rgba(pixels)


def _rgba(pixels: np.ndarray) -> np.ndarray:
    height, width, channels = pixels.shape
    full = np.ones((height, width, 4), np.float32)
    if channels < 3:  # noqa: PLR2004 — gray, or gray and alpha
        full[:, :, :3] = pixels[:, :, :1]
        full[:, :, 3:] = pixels[:, :, 1:2] if channels == 2 else 1.0  # noqa: PLR2004 — as many as it has components
    else:
        full[:, :, : min(channels, 4)] = pixels[:, :, :4]
    return full


def _laid_by(shader: UsdObject) -> tuple[str, np.ndarray]:
    """The primvar that the texture is laid by, and its UsdTransform2d (scale, then rotate, then translate)."""
    matrix = np.eye(3)
    given = shader.GetInput("st")
    for _ in range(8):
        producers = UsdShade.Utils.GetValueProducingAttributes(given) if given else []
        node = UsdShade.Shader(producers[0].GetPrim()) if producers else None
        name = str(node.GetIdAttr().Get() or "") if node else ""
        if name.startswith("UsdPrimvarReader"):
            return str(_value(node, "varname") or "st"), matrix[:2]
        if name != "UsdTransform2d" or node is None:
            break
        angle = np.radians(float(_value(node, "rotation") or 0.0))
        scale, move = _two(_value(node, "scale"), 1.0), _two(_value(node, "translation"), 0.0)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        own = np.eye(3)
        own[:2, :2], own[:2, 2] = turn * scale, move
        matrix = matrix @ own
        given = node.GetInput("in")
    return "st", matrix[:2]


def _composed(outer: np.ndarray, inner: np.ndarray) -> np.ndarray:
    full = np.eye(3)
    full[:2] = inner
    return outer @ full


def _value(shader: UsdObject, name: str) -> UsdObject:
    """A constant input, through its connections."""
    given = shader.GetInput(name)
    producers = UsdShade.Utils.GetValueProducingAttributes(given) if given else []
    return producers[0].Get() if producers else None


def _four(value: UsdObject, default: float) -> np.ndarray:
    return np.asarray(value, np.float32) if value is not None and len(value) == 4 else np.full(4, default, np.float32)  # noqa: PLR2004 — as many as it has components


def _two(value: UsdObject, default: float) -> np.ndarray:
    return np.asarray(value, float) if value is not None and len(value) == 2 else np.full(2, default)  # noqa: PLR2004 — as many as it has components
