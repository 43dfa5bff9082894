"""The light of a panorama: as balls that it falls on, and flat. Runs in a child only."""

from __future__ import annotations

from catalog.media.makers.maker import Made
from catalog.media.makers.painted import kept, source
from catalog.media.painters import sky
from catalog.media.vocabulary import Derivative


def make(paths: list[str], out: str, scratch: str, studio: str) -> list[Made]:
    """Paint the first of these pictures both ways; nothing is rendered."""
    del scratch, studio
    panorama = sky.panorama_of(source(paths[0]))
    return [
        *kept(sky.balls(panorama), out, Derivative.SKY),
        *kept(sky.flat(panorama), out, Derivative.SKY_FLAT),
    ]
