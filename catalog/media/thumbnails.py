"""The pictures that the catalogue shows: three WebP sizes and the color that stands in their place while they load."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

SIDES_PX: Final = (240, 480, 960)
"""Longest sides, in pixels. A picture that is smaller keeps its size; it is then the same bytes under several names."""

_QUALITY: Final = 80
_TINY_PX: Final = 64
_CHECKER_PX: Final = 16
_CHECKER_DARK, _CHECKER_LIGHT = (0x1B, 0x1F, 0x28), (0x25, 0x2B, 0x38)
_QUICK_SIDE_PX: Final = 480
_SAMPLE_PX: Final = 48


@dataclass(frozen=True, kw_only=True)
class Thumbnail:
    """One size: ``side_px`` is what was asked for, width and height are what it has. ``content`` is WebP in base64."""

    side_px: int
    width_px: int
    height_px: int
    content: str

    def decoded(self) -> bytes:
        """The WebP bytes."""
        return base64.b64decode(self.content, validate=True)


def thumbnails_of(image: Image.Image) -> tuple[tuple[Thumbnail, ...], str]:
    """The three sizes of ``image`` and its dominant color class (``dc-00`` to ``dc-3f``)."""
    from PIL import Image as pillow  # noqa: N813, PLC0415 — a child's library, in a module that others may import

    image = flattened(_enlarged_if_tiny(image))
    made: list[Thumbnail] = []
    current = image
    for side in sorted(SIDES_PX, reverse=True):
        if max(current.size) > side:
            scale = side / max(current.size)
            size = (max(round(current.width * scale), 1), max(round(current.height * scale), 1))
            current = current.resize(size, pillow.Resampling.LANCZOS, reducing_gap=3.0)
        made.append(_encoded(current, side))
    return tuple(reversed(made)), dominant_color(current)


def dominant_color(image: Image.Image) -> str:
    """The most frequent of 64 colors, two bits for each of red, green and blue, as the name of its CSS class."""
    from PIL import Image as pillow  # noqa: N813, PLC0415 — as above

    sample = image.convert("RGB").resize((_SAMPLE_PX, _SAMPLE_PX), pillow.Resampling.BOX)
    counts: dict[int, int] = {}
    pixels = sample.tobytes()
    for at in range(0, len(pixels), 3):
        red, green, blue = ((value + 42) // 85 for value in pixels[at : at + 3])
        index = red << 4 | green << 2 | blue
        counts[index] = counts.get(index, 0) + 1
    return f"dc-{max(sorted(counts), key=counts.__getitem__):02x}"


def _encoded(image: Image.Image, side_px: int) -> Thumbnail:
    written = io.BytesIO()
    # Method 2 takes a third of the time of the default and adds a twentieth to the size; small ones afford the default.
    image.save(written, "WEBP", quality=_QUALITY, method=4 if max(image.size) <= _QUICK_SIDE_PX else 2)
    content = base64.b64encode(written.getvalue()).decode("ascii")
    return Thumbnail(side_px=side_px, width_px=image.width, height_px=image.height, content=content)


def _enlarged_if_tiny(image: Image.Image) -> Image.Image:
    """A picture of a few pixels is enlarged without smoothing, so that its pixels can be seen."""
    from PIL import Image as pillow  # noqa: N813, PLC0415 — as above

    longest = max(image.size)
    if longest >= _TINY_PX:
        return image
    factor = SIDES_PX[0] // longest
    return image.resize((image.width * factor, image.height * factor), pillow.Resampling.NEAREST)


def flattened(image: Image.Image) -> Image.Image:
    """Opaque RGB; transparency shows a dark checkerboard, as artists know it."""
    if image.mode not in ("RGBA", "LA", "PA", "La", "RGBa") and "transparency" not in image.info:
        return image if image.mode == "RGB" else image.convert("RGB")
    colored = image.convert("RGBA")
    if colored.getchannel("A").getextrema() == (255, 255):
        return colored.convert("RGB")
    if max(colored.size) > SIDES_PX[-1]:
        colored.thumbnail((SIDES_PX[-1], SIDES_PX[-1]), reducing_gap=3.0)
    backdrop = _checkerboard(colored.size)
    backdrop.paste(colored, mask=colored.getchannel("A"))
    return backdrop


def _checkerboard(size: tuple[int, int]) -> Image.Image:
    from PIL import Image as pillow  # noqa: N813, PLC0415 — as above

    width, height = size
    squares = pillow.new("RGB", (width // _CHECKER_PX + 1, height // _CHECKER_PX + 1), _CHECKER_DARK)
    for x in range(squares.width):
        for y in range(x % 2, squares.height, 2):
            squares.putpixel((x, y), _CHECKER_LIGHT)
    enlarged = squares.resize((squares.width * _CHECKER_PX, squares.height * _CHECKER_PX), pillow.Resampling.NEAREST)
    return enlarged.crop((0, 0, width, height))
