"""What a painter hands over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PIL import Image

BACKDROP: Final = (0x17, 0x1A, 0x21)
"""The surface color of the dark theme, so that a picture has no visible edge on its card."""


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """An 8-bit sRGB picture and what a person must know to judge it.

    ``caption`` names the view transform and the source color space, and says "assumed" where the file does not tell it;
    it is empty for a picture that is shown as it is stored. ``backdrop`` is the color behind what is shown, where it is
    known, so that it is not taken for one of its own.
    """

    image: Image.Image
    caption: str
    tool: str
    tool_version: str
    backdrop: tuple[int, int, int] | None = None
