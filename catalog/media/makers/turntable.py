"""The turntable: 36 views of one turn, as a strip for cards and as a film. Runs in a child only.

A film that was supplied in the role ``turntable`` wins; it is brought into the same two forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from importlib.metadata import version
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np

from catalog.media.facts import Notebook, Source
from catalog.media.makers.film import TOOL, Strip, write_film, write_strip
from catalog.media.makers.maker import MP4, WEBP, Made
from catalog.media.measuring import glance
from catalog.media.painters.film import caption, check, frames_of, upright
from catalog.media.readers.film import frame_rate, opened
from catalog.media.staging import stage
from catalog.media.vocabulary import DRAWING_VERSION, Derivative, Medium

FRAMES: Final = 36
FRAMES_PER_S: Final = 12
SIZE_PX: Final = (640, 480)
STRIP_FRAME_PX: Final = 240
_MOST_FRAMES: Final = 1_500
_STRIP, _FILM = "strip", "film"


def make(paths: list[str], out: str, scratch: str, studio: str) -> list[Made]:
    """Turn the first of these models; without ``studio`` it is drawn by hand."""
    source = Source(folder=str(Path.cwd()), path=PurePosixPath(paths[0]))
    if glance(source, Notebook()).medium is Medium.VIDEO:
        return _brought(source, Path(out))
    staged = stage(source, scratch=Path(scratch), complete=bool(studio))
    if studio:
        from catalog.media.painters import renderer  # noqa: PLC0415 — crashes where nothing can be rendered

        turned = renderer.turn(
            Path(staged.source.absolute),
            renderer.Staging(**staged.staging),
            studio=Path(studio),
            scratch=Path(scratch),
            size=SIZE_PX,
            frames=FRAMES,
        )
        return _written(list(turned), Path(out), caption=staged.caption, tool=f"F3D {version('f3d')}")
    from catalog.media.painters import rasterizer  # noqa: PLC0415 — only where there is no renderer

    drawn = list(rasterizer.turn(staged.source, staged.name, size=SIZE_PX, frames=FRAMES))
    return _written(drawn, Path(out), caption=rasterizer.CAPTION, tool=f"reprise {DRAWING_VERSION}")


def _brought(source: Source, out: Path) -> list[Made]:
    """The film that somebody made, smaller, and even steps through it."""
    small: list[np.ndarray] = []
    with opened(source) as film:
        check(film)

        def coming() -> Iterator[np.ndarray]:
            for frame in islice(frames_of(film), _MOST_FRAMES):
                small.append(upright(film, frame, STRIP_FRAME_PX))
                yield upright(film, frame, SIZE_PX[0], even=True)

        size = write_film(coming(), out / _FILM, frames_per_s=frame_rate(film).limit_denominator(1001))
        said = caption(film)
    last, steps = len(small) - 1, min(len(small), FRAMES)
    kept = [small[round(number * last / max(steps - 1, 1))] for number in range(steps)]
    strip = write_strip(kept, out / _STRIP, width_px=STRIP_FRAME_PX)
    return _made(strip, len(kept), size, caption=said, tool=TOOL)


def _written(frames: list[np.ndarray], out: Path, *, caption: str, tool: str) -> list[Made]:
    size = write_film(frames, out / _FILM, frames_per_s=Fraction(FRAMES_PER_S))
    strip = write_strip(frames, out / _STRIP, width_px=STRIP_FRAME_PX)
    return _made(strip, len(frames), size, caption=caption, tool=tool)


def _made(strip: Strip, count: int, size: tuple[int, int], *, caption: str, tool: str) -> list[Made]:
    return [
        Made(
            derivative=Derivative.TURNTABLE_STRIP,
            file=_STRIP,
            media_type=WEBP,
            width_px=strip.width_px,
            height_px=strip.height_px,
            frame_count=count,
            frame_width_px=strip.frame_width_px,
            frame_height_px=strip.frame_height_px,
            caption=caption,
            tool=tool,
        ),
        Made(
            derivative=Derivative.TURNTABLE_VIDEO,
            file=_FILM,
            media_type=MP4,
            width_px=size[0],
            height_px=size[1],
            caption=caption,
            tool=tool,
        ),
    ]
