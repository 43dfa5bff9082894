"""A film that somebody supplied, in the forms that pages show: a strip through it, and a small film for the web.

Runs in a child only.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from catalog.media.makers.film import TOOL, write_film, write_strip
from catalog.media.makers.maker import MP4, WEBP, Made
from catalog.media.painters.film import caption, check, frames_of, upright
from catalog.media.readers.film import duration_s, frame_rate, opened

if TYPE_CHECKING:
    from av.container import InputContainer

    from catalog.media.facts import Source
    from catalog.media.vocabulary import Derivative

SIDE_PX: Final = 1280
STRIP_FRAMES: Final = 36
STRIP_FRAME_PX: Final = 240

_MOST_FRAMES: Final = 3_600
_MOST_PIXELS: Final = 12_000_000_000
"""Of all frames that are decoded: 3,600 of high definition, 1,450 of 4K. Either takes a core about two minutes."""
_STRIP, _FILM = "strip", "film"


def brought(source: Source, out: Path, *, strip: Derivative, film: Derivative) -> list[Made]:
    """Both forms, under these names. Of a long film it is the beginning, which the caption says; sound is left out."""
    with opened(source) as read:
        check(read)
        context = read.streams.video[0].codec_context
        most = min(_MOST_FRAMES, max(_MOST_PIXELS // max(context.width * context.height, 1), 1))
        watched = _Watched(read, most)
        rate = frame_rate(read)
        width, height = write_film(watched.frames(), out / _FILM, frames_per_s=rate, expected=_expected(read, most))
        frames = watched.evenly()
        said = [caption(read), "without its sound" if read.streams.audio else ""]
        if watched.count == most and duration_s(read) > (most + 1) / rate:
            said.append(f"its first {float(most / rate):.0f} of {duration_s(read):.0f} s")
    sheet = write_strip(frames, out / _STRIP, width_px=STRIP_FRAME_PX)
    words = "; ".join(filter(None, said))
    return [
        Made(
            derivative=strip,
            file=_STRIP,
            media_type=WEBP,
            width_px=sheet.width_px,
            height_px=sheet.height_px,
            frame_count=len(frames),
            frame_width_px=sheet.frame_width_px,
            frame_height_px=sheet.frame_height_px,
            caption=words,
            tool=TOOL,
        ),
        Made(
            derivative=film,
            file=_FILM,
            media_type=MP4,
            width_px=width,
            height_px=height,
            caption=words,
            tool=TOOL,
        ),
    ]


def _expected(film: InputContainer, most: int) -> int:
    """How many frames will be shown, by what the container says."""
    return min(most, round(duration_s(film) * frame_rate(film)) or most)


class _Watched:
    """Frames as they pass, of which some are kept: whenever there are too many, every other one is let go.

    So nobody needs to know before how many there are; many a container does not say.
    """

    def __init__(self, film: InputContainer, most: int) -> None:
        self._film = film
        self._most = most
        self._step = 1
        self._kept: list[np.ndarray] = []
        self.count = 0

    def frames(self) -> Iterator[np.ndarray]:
        for frame in frames_of(self._film):
            pixels = upright(self._film, frame, SIDE_PX, even=True)
            if self.count % self._step == 0:
                self._keep(pixels)
            self.count += 1
            yield pixels
            if self.count == self._most:
                return

    def _keep(self, pixels: np.ndarray) -> None:
        self._kept.append(_small(pixels))
        if len(self._kept) > 2 * STRIP_FRAMES:
            self._kept = self._kept[::2]
            self._step *= 2

    def evenly(self) -> list[np.ndarray]:
        """The frames of the strip."""
        count = min(len(self._kept), STRIP_FRAMES)
        return [self._kept[round(at * (len(self._kept) - 1) / max(count - 1, 1))] for at in range(count)]


def _small(pixels: np.ndarray) -> np.ndarray:
    image = Image.fromarray(pixels)
    image.thumbnail((2 * STRIP_FRAME_PX, 4 * STRIP_FRAME_PX), reducing_gap=2.0)
    return np.asarray(image)
