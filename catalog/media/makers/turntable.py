"""The turntable: 36 views of one turn, as a strip for cards and as a film. Runs in a child only.

A film that was supplied in the role ``turntable`` wins; it is brought into the same two forms.
"""

from __future__ import annotations

from fractions import Fraction
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np

from catalog.media.facts import Notebook, Source
from catalog.media.makers.film import Strip, write_film, write_strip
from catalog.media.makers.footage import brought
from catalog.media.makers.maker import MP4, WEBP, Made
from catalog.media.measuring import glance
from catalog.media.staging import stage
from catalog.media.vocabulary import DRAWING_VERSION, Derivative, Medium

FRAMES: Final = 36
FRAMES_PER_S: Final = 12
SIZE_PX: Final = (512, 384)
STRIP_FRAME_PX: Final = 240
_STRIP, _FILM = "strip", "film"


def make(paths: list[str], out: str, scratch: str, studio: str) -> list[Made]:
    """Turn the first of these models; without ``studio`` it is drawn by hand."""
    source = Source(folder=str(Path.cwd()), path=PurePosixPath(paths[0]))
    if glance(source, Notebook()).medium is Medium.VIDEO:
        return brought(source, Path(out), strip=Derivative.TURNTABLE_STRIP, film=Derivative.TURNTABLE_VIDEO)
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
