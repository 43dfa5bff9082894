"""One picture as a WebP. Runs in a child only."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PIL import Image

from catalog.media.makers.maker import WEBP, Made
from catalog.media.vocabulary import Derivative

_QUALITY: Final = 84


def write_picture(image: Image.Image, out: Path, *, derivative: Derivative, caption: str, tool: str) -> list[Made]:
    """Write one of the pictures that a maker makes."""
    file = derivative.replace("-", "")
    image.save(out / file, "WEBP", quality=_QUALITY, method=4)
    made = Made(
        derivative=derivative,
        file=file,
        media_type=WEBP,
        width_px=image.width,
        height_px=image.height,
        caption=caption,
        tool=tool,
    )
    return [made]
