"""Paints films: pictures out of their frames, upright, in their true proportions and in sRGB.

Films are display-referred and shown as they are encoded; the matrix of untagged ones follows their size, as players
have it: BT.709 from 720 lines on, BT.601 below. High dynamic range is not tone-mapped, and the caption says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
import numpy as np
from av.video.reformatter import Colorspace
from PIL import Image

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.painters.canvas import Canvas
from catalog.media.readers.film import duration_s, opened
from catalog.media.thumbnails import SIDES_PX

if TYPE_CHECKING:
    from av.container import InputContainer

LARGEST_PIXELS: Final = 64 * 1024 * 1024
"""Of one frame; 8K has 33 megapixels."""

_NO_MATRIX: Final = 2  # ITU-T H.273: unspecified
_HIGH_DEFINITION_LINES: Final = 720
_HIGH_RANGE: Final = {16: "PQ", 18: "HLG"}  # ITU-T H.273, transfer characteristics
_POSTERS: Final = (0.0, 0.1, 0.25, 0.5)
_FLAT: Final = 6.0
_MOST_DECODED: Final = 600
_QUARTER_TURN: Final = 90


def paint(source: Source) -> Canvas:
    """The poster: the first frame, or where that is plain the first of some later ones that is not."""
    with opened(source) as film:
        check(film)
        seconds = duration_s(film)
        pictures = []
        for share in _POSTERS if seconds else _POSTERS[:1]:
            frame = _frame_at(film, share * seconds)
            if frame is not None:
                pictures.append(upright(film, frame, SIDES_PX[-1]))
                if float(pictures[-1].std(axis=(0, 1)).max()) > _FLAT:
                    break
        if not pictures:
            raise InvalidInput("a film without a frame that can be decoded")
        chosen = max(pictures, key=lambda picture: float(picture.std()))
        return Canvas(image=Image.fromarray(chosen), caption=caption(film), tool="PyAV", tool_version=av.__version__)


def check(film: InputContainer) -> None:
    """Refuse frames that are larger than any camera's; decode with two threads."""
    context = film.streams.video[0].codec_context
    if context.width * context.height > LARGEST_PIXELS:
        raise InvalidInput(f"{context.width} × {context.height} pixels are more than a preview is made of")
    context.thread_count = 2


def caption(film: InputContainer) -> str:
    """What a person must know to judge the colors; empty for what every screen shows rightly."""
    name = _HIGH_RANGE.get(int(film.streams.video[0].codec_context.color_trc), "")
    return f"{name} shown without tone mapping" if name else ""


def frames_of(film: InputContainer) -> Iterator[av.VideoFrame]:
    """Its frames in their order, as far as they can be decoded: of a film that was cut off, the beginning."""
    frames = film.decode(video=0)
    while True:
        try:
            yield next(frames)
        except StopIteration:
            return
        except av.InvalidDataError:
            return


def upright(film: InputContainer, frame: av.VideoFrame, side_px: int, *, even: bool = False) -> np.ndarray:
    """A frame as red, green and blue, turned as its film says, with square pixels, no side longer than ``side_px``."""
    width, height = _size(frame, film.streams.video[0].sample_aspect_ratio or Fraction(1), side_px, even=even)
    matrix = None
    if frame.colorspace == _NO_MATRIX:
        matrix = Colorspace.ITU709 if frame.height >= _HIGH_DEFINITION_LINES else Colorspace.ITU601
    shown = frame.reformat(width=width, height=height, format="rgb24", src_colorspace=matrix, interpolation="AREA")
    return np.ascontiguousarray(np.rot90(shown.to_ndarray(), k=round(frame.rotation / _QUARTER_TURN) % 4))


def _size(frame: av.VideoFrame, shape: Fraction, side_px: int, *, even: bool) -> tuple[int, int]:
    """Width and height with pixels of that shape made square; even ones for encoders that halve the colors."""
    width, height = float(frame.width * shape), float(frame.height)
    scale = min(side_px / max(width, height), 1.0)
    step = 2 if even else 1
    return max(round(width * scale / step) * step, step), max(round(height * scale / step) * step, step)


def _frame_at(film: InputContainer, at_s: float) -> av.VideoFrame | None:
    """The frame that is seen at this time, or the last one before decoding became too much."""
    stream = film.streams.video[0]
    base = stream.time_base or Fraction(1)
    wanted = (stream.start_time or 0) + int(at_s / base)
    if at_s:
        film.seek(wanted, stream=stream, backward=True)
    found = None
    for number, frame in enumerate(frames_of(film)):
        found = frame
        if number >= _MOST_DECODED or frame.pts is None or frame.pts >= wanted:
            break
    return found
