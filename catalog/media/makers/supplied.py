"""A supplied film that is no turntable: its poster, its strip and its small film. Runs in a child only."""

from __future__ import annotations

from pathlib import Path

from catalog.media.makers.footage import brought
from catalog.media.makers.maker import Made
from catalog.media.makers.painted import kept, source
from catalog.media.painters import film
from catalog.media.vocabulary import Derivative


def make(paths: list[str], out: str, scratch: str, studio: str) -> list[Made]:
    """Bring the first of these films into form; nothing is rendered."""
    del scratch, studio
    supplied = source(paths[0])
    poster = kept(film.paint(supplied), out, Derivative.FILM_POSTER)
    return [*poster, *brought(supplied, Path(out), strip=Derivative.FILM_STRIP, film=Derivative.FILM_VIDEO)]
