"""By which names of its files a version is found: a few where there are thousands, and none that says nothing. Pure.

Frames, tiles and takes have one name but for their numbers; the first of them stand for all. Files near the top of the
tree come first, and folders that every tree has are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES_MAX: Final = 200
ALIKE_MAX: Final = 8
LETTERS_MAX: Final = 6_000
"""So many names are kept of a version, so many that differ by numbers only, and of so many characters together."""

_DIGITS: Final = re.compile(r"\d+")
_EVERYWHERE: Final = frozenset(
    {
        *("asset", "assets", "file", "files", "geo", "geometry", "image", "images", "map", "maps", "material"),
        *("materials", "mesh", "meshes", "model", "models", "publish", "source", "sourceimages", "src", "tex"),
        *("texture", "textures", "work"),
    }
)
"""Folders that tell nothing of what is in them."""


def names_of(paths: Iterable[str]) -> list[str]:
    """Return what files and folders are called, each once, the nearest to the top first."""
    found: dict[str, None] = {}
    alike: Counter[str] = Counter()
    letters = 0
    for path in sorted(paths, key=lambda path: (path.count("/"), path)):
        *folders, name = path.split("/")
        for one in (*(folder for folder in folders if folder.casefold() not in _EVERYWHERE), name):
            shape = _DIGITS.sub("#", one)
            if one in found or alike[shape] == ALIKE_MAX:
                continue
            letters += len(one)
            if letters > LETTERS_MAX or len(found) == NAMES_MAX:
                return list(found)
            alike[shape] += 1
            found[one] = None
    return list(found)
