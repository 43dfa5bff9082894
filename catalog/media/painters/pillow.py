"""Paints 8-bit pictures, by Pillow: they are display-referred and shown as they are stored."""

from __future__ import annotations

import io
from typing import Final

import PIL
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.painters.canvas import Canvas
from catalog.media.thumbnails import SIDES_PX

LARGEST_PIXELS: Final = 512 * 1024 * 1024
"""Plates and panoramas reach 200 megapixels; beyond this it is a bomb, and RLIMIT_AS would end the child anyway."""

_SIDE: Final = SIDES_PX[-1]
_EIGHT_BIT_MODES: Final = frozenset(
    {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "HSV", "La", "RGBa"}
)

Image.MAX_IMAGE_PIXELS = None  # our own limit is checked below, before any pixel is decoded


def paint(source: Source) -> Canvas | None:
    """The picture, upright and in sRGB; None where it has more than 8 bits, or another painter must try."""
    try:
        with Image.open(source.absolute) as opened:
            if opened.width * opened.height > LARGEST_PIXELS:
                raise InvalidInput(f"{opened.width} × {opened.height} pixels are more than a preview is made of")
            if opened.mode not in _EIGHT_BIT_MODES:
                return None
            opened.draft("RGB", (_SIDE, _SIDE))  # JPEG is decoded at a fraction of its size: 4 times faster
            # Gamma is applied to the reduced picture: it is the look that counts, and 960 px are quick to convert.
            reduced = _reduced(opened)
            ImageOps.exif_transpose(reduced, in_place=True)
            image, caption = _in_srgb(reduced, opened.info.get("icc_profile"))
    except UnidentifiedImageError:
        return None  # a kind of TIFF that Pillow does not know
    except (OSError, ValueError, SyntaxError, EOFError) as damage:
        raise InvalidInput(f"cannot be decoded: {damage}") from damage
    return Canvas(image=image, caption=caption, tool="Pillow", tool_version=PIL.__version__)


def _reduced(opened: Image.Image) -> Image.Image:
    if opened.mode in ("P", "PA"):
        opened = opened.convert("RGBA" if "transparency" in opened.info else "RGB")
    elif opened.mode == "1":
        opened = opened.convert("L")
    opened.thumbnail((_SIDE, _SIDE), reducing_gap=3.0)
    return opened


def _in_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, str]:
    """Convert from the embedded profile; a damaged profile is ignored, as every viewer does."""
    if not profile:
        return image, ""
    try:
        stored = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        name = (ImageCms.getProfileDescription(stored) or "embedded profile").strip()
        if "srgb" in name.lower():
            return image, ""
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(image, stored, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image, ""
    return (converted or image), f"sRGB, converted from {name}"
