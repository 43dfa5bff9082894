"""Textures small enough for a browser: of few enough pixels, as JPEG, or as WebP where they can be seen through.

What is small already stays as it is. Measures (normals, roughness) and colors alike are only averaged, never converted.
"""

from __future__ import annotations

import io
from typing import Final

from PIL import Image, UnidentifiedImageError

from catalog.kernel.errors import InvalidInput
from catalog.media.painters.pillow import LARGEST_PIXELS
from catalog.media.slim import levels

WEBP, KTX2, JPEG, PNG = "image/webp", "image/ktx2", "image/jpeg", "image/png"

_TYPES: Final = {"JPEG": JPEG, "PNG": PNG, "WEBP": WEBP}
_SMALL_BYTES: Final = 512 * 1024
_LARGEST_KTX2_BYTES: Final = 8 * 1024 * 1024
_EIGHT_BITS: Final = 255
_SIXTEEN_BIT_STEP: Final = 257
_QUALITY: Final = 88


def small(content: bytes, *, side_px: int) -> tuple[bytes, str]:
    """The picture with no side longer than ``side_px``, and its media type."""
    if content.startswith(levels.MARK):
        content = levels.within(content, side_px=side_px)
        if len(content) > _LARGEST_KTX2_BYTES:
            raise InvalidInput("a KTX2 texture of more than 8 MiB cannot be made smaller here")
        return content, KTX2
    try:
        with Image.open(io.BytesIO(content)) as opened:
            return _small(opened, content, side_px)
    except UnidentifiedImageError as damage:
        raise InvalidInput("one of its textures is no picture that browsers know") from damage
    except (OSError, ValueError, SyntaxError, EOFError) as damage:
        raise InvalidInput(f"one of its textures cannot be decoded: {damage}") from damage


def _small(opened: Image.Image, content: bytes, side_px: int) -> tuple[bytes, str]:
    if opened.width * opened.height > LARGEST_PIXELS:
        raise InvalidInput(f"a texture of {opened.width} × {opened.height} pixels is more than is worked on")
    fits = max(opened.size) <= side_px
    if fits and len(content) <= _SMALL_BYTES and opened.format in _TYPES:
        return content, _TYPES[opened.format]
    image = _eight_bit(opened)
    if not fits:
        image.thumbnail((side_px, side_px), Image.Resampling.BOX, reducing_gap=None)
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == _EIGHT_BITS:
        image = image.convert("RGB")
    written = io.BytesIO()
    if image.mode == "RGBA":
        image.save(written, "WEBP", quality=_QUALITY, method=2, exact=True)
        return written.getvalue(), WEBP
    image.save(written, "JPEG", quality=_QUALITY, subsampling=0)
    return written.getvalue(), JPEG


def _eight_bit(opened: Image.Image) -> Image.Image:
    """As L, RGB or RGBA; 16 bits of gray are cut to their upper half."""
    if opened.mode.startswith("I"):
        return opened.convert("I").point(lambda level: level / _SIXTEEN_BIT_STEP).convert("L")
    see_through = opened.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in opened.info
    if see_through:
        return opened.convert("RGBA")
    return opened if opened.mode in ("L", "RGB") else opened.convert("RGB")
