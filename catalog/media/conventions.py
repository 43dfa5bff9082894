"""What the name of a picture says about its values, as texture artists name maps. Pure.

A map of normals, heights or roughness holds measures, whatever its format takes for granted of colors.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_DATA: Final = frozenset(
    {
        "normal",
        "normals",
        "normalmap",
        "nrm",
        "nrml",
        "roughness",
        "metallic",
        "metalness",
        "metallicroughness",
        "roughnessmetallic",
        "occlusion",
        "ao",
        "height",
        "orm",
        "occlusionroughnessmetallic",
        "displacement",
        "bumpmap",
        "heightmap",
        "zdepth",
        "glossiness",
    }
)
_DATA_AT_THE_END: Final = frozenset(
    {
        "nor",
        "bump",
        "rough",
        "metal",
        "disp",
        "mask",
        "gloss",
        "depth",
        "opacity",
        "cavity",
        "curvature",
        "thickness",
    }
)
"""Words that name things as well: a metal plate, a mask of wood. They tell at the end, after what they are of."""
_COLOR: Final = frozenset(
    {
        "beauty",
        "basecolor",
        "color",
        "colour",
        "col",
        "albedo",
        "diffuse",
        "diff",
        "emissive",
        "emission",
        "specular",
    }
)
_SAID_OF_ANY_MAP: Final = frozenset({"map", "maps", "tex", "texture", "gl", "dx", "opengl", "directx", "k", "v", "u"})


def holds_data(path: str) -> bool:
    """Whether the name says that the values are measures and no colors; a name that says nothing gives False."""
    words = [word.casefold() for word in _WORD.findall(PurePosixPath(path).stem)]
    if not _COLOR.isdisjoint(words):
        return False
    _, *says = [word for word in words if word not in _SAID_OF_ANY_MAP] or [""]
    return not _DATA.isdisjoint(words) or (bool(says) and says[-1] in _DATA_AT_THE_END)
