"""The sheet of a version's texture maps. Runs in a child only."""

from __future__ import annotations

from pathlib import Path

from catalog.media.makers.maker import Made
from catalog.media.makers.painted import kept
from catalog.media.painters import textures
from catalog.media.vocabulary import Derivative


def make(paths: list[str], out: str, scratch: str, studio: str) -> list[Made]:
    """Paint all of these pictures on one sheet; nothing is rendered."""
    del scratch, studio
    return kept(textures.paint(str(Path.cwd()), paths), out, Derivative.TEXTURES)
