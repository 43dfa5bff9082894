"""Strips and films out of frames. Runs in a child only.

A strip is one WebP with all frames in rows; a film is H.264 in MP4, which every browser plays, with its table of
contents first, so that it plays before it has arrived.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from PIL import Image

from catalog.kernel.errors import InvalidInput

STRIP_COLUMNS: Final = 6
STRIP_BYTES: Final = 120_000
"""The largest strip: it is fetched while a pointer rests on a card."""
TOOL: Final = f"PyAV {version('av')}"
_BT709: Final = 1  # ITU-T H.273, matrix coefficients
_QUALITIES: Final = (78, 68, 56, 44, 32, 20, 10, 1)


@dataclass(frozen=True, kw_only=True)
class Strip:
    """The sides of a strip, and those of one of its frames."""

    width_px: int
    height_px: int
    frame_width_px: int
    frame_height_px: int


def write_strip(frames: Sequence[np.ndarray], path: Path, *, width_px: int) -> Strip:
    """Write frames as one strip of at most ``STRIP_BYTES``, each ``width_px`` wide."""
    height, width = frames[0].shape[:2]
    size = (width_px, max(round(width_px * height / width), 1))
    columns = min(STRIP_COLUMNS, len(frames))
    rows = -(-len(frames) // columns)
    strip = Image.new("RGB", (size[0] * columns, size[1] * rows))
    for number, frame in enumerate(frames):
        small = Image.fromarray(frame).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        strip.paste(small, (number % columns * size[0], number // columns * size[1]))
    for quality in _QUALITIES:
        written = io.BytesIO()
        strip.save(written, "WEBP", quality=quality, method=4)
        if written.tell() <= STRIP_BYTES:
            break
    path.write_bytes(written.getvalue())
    return Strip(width_px=strip.width, height_px=strip.height, frame_width_px=size[0], frame_height_px=size[1])


def write_film(frames: Iterable[np.ndarray], path: Path, *, frames_per_s: Fraction) -> tuple[int, int]:
    """Write frames of even width and height as a film, as they come; its width and height.

    Its colors are BT.709 and say so; of a film that does not say it players guess, and guess by its size.
    """
    coming = iter(frames)
    first = next(coming, None)
    if first is None:
        raise InvalidInput("the film holds no frame that can be decoded")
    height, width = first.shape[:2]
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as film:
        stream = film.add_stream("libx264", rate=frames_per_s)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.color_primaries = ColorPrimaries.BT709
        stream.codec_context.color_trc = ColorTrc.BT709
        stream.codec_context.colorspace = _BT709
        stream.codec_context.color_range = ColorRange.MPEG
        stream.thread_count = 1
        stream.options = {"crf": "21", "preset": "veryfast", "threads": "1"}
        for pixels in chain([first], coming):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            film.mux(stream.encode(frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)))
        film.mux(stream.encode())
    return width, height
