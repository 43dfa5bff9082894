"""The pictures that the catalogue shows: three WebP sizes and the color that stands in their place while they load."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

SIDES_PX: Final = (240, 480, 960)
"""Longest sides, in pixels. A picture that is smaller keeps its size; it is then the same bytes under several names."""

_QUALITY: Final = 80
_TINY_PX: Final = 64
_CHECKER_PX: Final = 16
_CHECKER_DARK, _CHECKER_LIGHT = (0x1B, 0x1F, 0x28), (0x25, 0x2B, 0x38)
_QUICK_SIDE_PX: Final = 480
_SAMPLE_PX: Final = 48
_BACKDROP_SPREAD: Final = 12
_OPAQUE_FROM: Final = 128
_MUTED_BELOW: Final = 128
_ENLIVENED: Final = 2.2
_GRAY_VOTE: Final = 16
_SEE_THROUGH_MODES: Final = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})


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


def thumbnails_of(
    image: Image.Image, backdrop: tuple[int, int, int] | None = None
) -> tuple[tuple[Thumbnail, ...], str]:
    """The three sizes of ``image``, and the class of its color, ``dc-00`` to ``dc-3f``, as ``dominant_color`` says."""
    from PIL import Image as pillow  # noqa: N813, PLC0415 — a child's library, in a module that others may import

    image = _enlarged_if_tiny(image)
    current = flattened(image)
    made: list[Thumbnail] = []
    for side in sorted(SIDES_PX, reverse=True):
        if max(current.size) > side:
            scale = side / max(current.size)
            size = (max(round(current.width * scale), 1), max(round(current.height * scale), 1))
            current = current.resize(size, pillow.Resampling.LANCZOS, reducing_gap=3.0)
        made.append(_encoded(current, side))
    return tuple(reversed(made)), dominant_color(image if _is_see_through(image) else current, backdrop)


def dominant_color(image: Image.Image, backdrop: tuple[int, int, int] | None = None) -> str:
    """The color that tells a picture best, of 64 with two bits for each of red, green and blue, as its CSS class.

    What is transparent and what has the color of the ``backdrop`` is not counted, unless there is nothing else. The
    most frequent color wins, where a vivid one counts for more than a gray.
    """
    from PIL import Image as pillow  # noqa: N813, PLC0415 — as above

    sample = image.convert("RGBA").resize((_SAMPLE_PX, _SAMPLE_PX), pillow.Resampling.BOX).tobytes()
    pixels = [tuple(sample[at : at + 4]) for at in range(0, len(sample), 4)]
    own = [pixel for pixel in pixels if pixel[3] >= _OPAQUE_FROM and not _is_near(pixel, backdrop)]
    votes: dict[int, int] = {}
    for *color, _ in own or pixels:
        vividness = max(color) - min(color)
        named = _class_of(color, vividness)
        votes[named] = votes.get(named, 0) + _GRAY_VOTE + vividness
    return f"dc-{max(sorted(votes), key=votes.__getitem__):02x}"


def _class_of(color: Sequence[int], vividness: int) -> int:
    """The nearest of the 64, which are so few that muted colors would all be grays: they are enlivened first."""
    stretch = max(1.0, min(_ENLIVENED, _MUTED_BELOW / max(vividness, 1)))
    gray = sum(color) / 3
    red, green, blue = (int(min(max(gray + stretch * (value - gray), 0), 255) + 42) // 85 for value in color)
    return red << 4 | green << 2 | blue


def _is_near(pixel: tuple[int, ...], backdrop: tuple[int, int, int] | None) -> bool:
    """Whether it may be the backdrop, which is a little darker where something stands close to it."""
    return backdrop is not None and all(
        abs(one - other) <= _BACKDROP_SPREAD for one, other in zip(pixel[:3], backdrop, strict=True)
    )


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
    if not _is_see_through(image):
        return image if image.mode == "RGB" else image.convert("RGB")
    colored = image.convert("RGBA")
    if colored.getchannel("A").getextrema() == (255, 255):
        return colored.convert("RGB")
    if max(colored.size) > SIDES_PX[-1]:
        colored.thumbnail((SIDES_PX[-1], SIDES_PX[-1]), reducing_gap=3.0)
    backdrop = _checkerboard(colored.size)
    backdrop.paste(colored, mask=colored.getchannel("A"))
    return backdrop


def _is_see_through(image: Image.Image) -> bool:
    return image.mode in _SEE_THROUGH_MODES or "transparency" in image.info


def _checkerboard(size: tuple[int, int]) -> Image.Image:
    from PIL import Image as pillow  # noqa: N813, PLC0415 — as above

    width, height = size
    squares = pillow.new("RGB", (width // _CHECKER_PX + 1, height // _CHECKER_PX + 1), _CHECKER_DARK)
    for x in range(squares.width):
        for y in range(x % 2, squares.height, 2):
            squares.putpixel((x, y), _CHECKER_LIGHT)
    enlarged = squares.resize((squares.width * _CHECKER_PX, squares.height * _CHECKER_PX), pillow.Resampling.NEAREST)
    return enlarged.crop((0, 0, width, height))
