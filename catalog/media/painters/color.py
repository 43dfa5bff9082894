"""Which color space a picture is in, and how scene-referred values are made visible.

The view is OpenColorIO's ACES 2.0 SDR of OpenImageIO's built-in configuration. An untagged file is taken as its format
defines it: OpenEXR without chromaticities is linear Rec. 709 (OpenEXR technical introduction), Radiance HDR likewise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import OpenImageIO as oiio  # noqa: N813 — as its documentation writes it

DISPLAY: Final = "sRGB - Display"
VIEW: Final = "ACES 2.0 - SDR 100 nits (Rec.709)"
VIEW_CAPTION: Final = "ACES 2.0 SDR 100 nits (sRGB)"

LARGEST_HALF: Final = 65504.0

_UNTAGGED: Final = "lin_rec709_scene"
_LABELS: Final = {
    "lin_rec709_scene": "linear Rec. 709",
    "lin_ap1_scene": "ACEScg",
    "lin_ap0_scene": "ACES2065-1",
    "lin_rec2020_scene": "linear Rec. 2020",
    "lin_p3d65_scene": "linear P3-D65",
    "lin_ciexyzd65_scene": "CIE XYZ",
}
# Red, green and blue chromaticities of the spaces that production files are tagged with.
_PRIMARIES: Final = {
    "lin_rec709_scene": (0.64, 0.33, 0.30, 0.60, 0.15, 0.06),
    "lin_ap1_scene": (0.713, 0.293, 0.165, 0.830, 0.128, 0.044),
    "lin_ap0_scene": (0.7347, 0.2653, 0.0, 1.0, 0.0001, -0.077),
    "lin_rec2020_scene": (0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    "lin_p3d65_scene": (0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
    "lin_ciexyzd65_scene": (1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
}
_TOLERANCE: Final = 0.002
_NAME_HINTS: Final = (
    (re.compile(r"(?<![a-z0-9])(acescg|lin_?ap1(_scene)?)(?![a-z0-9])", re.IGNORECASE), "lin_ap1_scene"),
    (re.compile(r"(?<![a-z0-9])(aces2065-?1|aces_?ap0|lin_?ap0(_scene)?)(?![a-z0-9])", re.IGNORECASE), "lin_ap0_scene"),
    (re.compile(r"(?<![a-z0-9])(lin_?rec709(_scene)?|lin_?srgb)(?![a-z0-9])", re.IGNORECASE), "lin_rec709_scene"),
)

# Cineon log (Kodak, "Conversion of 10-bit Log Film Data"): 685 is white, 95 black, 0.002 density a step, gamma 0.6.
_LOG_WHITE, _LOG_BLACK, _LOG_STEP, _LOG_GAMMA, _LOG_LARGEST = 685.0, 95.0, 0.002, 0.6, 1023.0


@dataclass(frozen=True, kw_only=True)
class SourceSpace:
    """A scene-referred color space; ``tagged`` is False where nothing in the file says it."""

    name: str
    tagged: bool

    @property
    def caption(self) -> str:
        """The view and where its values came from, as people read it."""
        label = _LABELS.get(self.name, self.name)
        return f"{VIEW_CAPTION} from {label} ({'tagged' if self.tagged else 'assumed'})"


def source_space(spec: oiio.ImageSpec, name: str) -> SourceSpace:
    """What a scene-referred file is in: its tag, its chromaticities, a hint in its name, or its format's definition."""
    tag = spec.get_string_attribute("colorInteropID")
    if tag and is_known(tag):
        return SourceSpace(name=tag, tagged=True)
    chromaticities = spec.getattribute("chromaticities")
    if chromaticities is not None:
        for space, primaries in _PRIMARIES.items():
            if np.allclose(chromaticities[:6], primaries, atol=_TOLERANCE):
                return SourceSpace(name=space, tagged=True)
    hinted = next((space for pattern, space in _NAME_HINTS if pattern.search(name)), None)
    supposed = hinted or spec.get_string_attribute("oiio:ColorSpace")
    return SourceSpace(name=supposed if is_known(supposed) else _UNTAGGED, tagged=False)


def is_known(space: str) -> bool:
    """Whether the built-in configuration has a color space of this name or alias."""
    return bool(space) and oiio.ColorConfig.default_colorconfig().getColorSpaceIndex(space) >= 0


def viewed(pixels: np.ndarray, space: SourceSpace) -> np.ndarray:
    """Scene-referred float RGB as display-referred 0…1 through the view; unknown space names are taken as untagged.

    What is brighter than the largest half float is white in any view, and would overflow in this one.
    """
    pixels = np.clip(pixels, -LARGEST_HALF, LARGEST_HALF)
    height, width, channels = pixels.shape
    buffer = oiio.ImageBuf(oiio.ImageSpec(width, height, channels, "float"))
    buffer.set_pixels(oiio.ROI(), np.ascontiguousarray(pixels, dtype=np.float32))
    shown = oiio.ImageBufAlgo.ociodisplay(buffer, DISPLAY, VIEW, space.name)
    if shown.has_error:
        shown = oiio.ImageBufAlgo.ociodisplay(buffer, DISPLAY, VIEW, _UNTAGGED)
    visible: np.ndarray = np.clip(np.asarray(shown.get_pixels("float")), 0.0, 1.0)
    return visible


def from_cineon_log(pixels: np.ndarray) -> np.ndarray:
    """Printing density code values (0…1) as linear light, black at 0 and white at 1."""
    black = 10 ** ((_LOG_BLACK - _LOG_WHITE) * _LOG_STEP / _LOG_GAMMA)
    light = 10 ** ((pixels * _LOG_LARGEST - _LOG_WHITE) * _LOG_STEP / _LOG_GAMMA)
    return (light - black) / (1 - black)
