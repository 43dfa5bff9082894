"""The sheet of a picture's layers. Runs in a child only."""

from __future__ import annotations

from catalog.media.makers.maker import Made
from catalog.media.makers.painted import kept, source
from catalog.media.painters import layers
from catalog.media.vocabulary import Derivative


def make(paths: list[str], out: str, scratch: str, studio: str) -> list[Made]:
    """Paint the first of these pictures; nothing is rendered."""
    del scratch, studio
    return kept(layers.paint(source(paths[0])), out, Derivative.LAYERS)
