"""What a painter hands over."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """An 8-bit sRGB picture and what a person must know to judge it.

    ``caption`` names the view transform and the source color space, and says "assumed" where the file does not tell it;
    it is empty for a picture that is shown as it is stored.
    """

    image: Image.Image
    caption: str
    tool: str
    tool_version: str
