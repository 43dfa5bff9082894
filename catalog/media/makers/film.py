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
FILM_BYTES: Final = 40 * 1024 * 1024
"""The largest film; the worker takes a little more."""
TOOL: Final = f"PyAV {version('av')}"
_HIGHEST_RATE: Final = 20_000_000
"""Bits a second."""
_BT709: Final = 1  # ITU-T H.273, matrix coefficients
_QUALITIES: Final = (78, 68, 56, 44, 32, 20)
_SHARE: Final = 0.8
"""Of its bytes that a film may spend at an even rate; the rest is for what is harder in between."""


@dataclass(frozen=True, kw_only=True)
class Strip:
    """The sides of a strip, and those of one of its frames."""

    width_px: int
    height_px: int
    frame_width_px: int
    frame_height_px: int


def write_strip(frames: Sequence[np.ndarray], path: Path, *, width_px: int) -> Strip:
    """Write frames as one strip of at most ``STRIP_BYTES``, each ``width_px`` wide, or less where it must be."""
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
    else:
        return write_strip(frames, path, width_px=width_px * 2 // 3)
    path.write_bytes(written.getvalue())
    return Strip(width_px=strip.width, height_px=strip.height, frame_width_px=size[0], frame_height_px=size[1])


def write_film(
    frames: Iterable[np.ndarray],
    path: Path,
    *,
    frames_per_s: Fraction,
    expected: int | None = None,
    most_bytes: int = FILM_BYTES,
) -> tuple[int, int]:
    """Write frames of even width and height as a film, as they come; its width and height.

    ``expected`` is how many will come: grain is shown as well as ``most_bytes`` allow for them. If more come than that,
    the film ends where it is full. Its colors are BT.709 and say so; of a film that does not say it players guess, and
    guess by its size.
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
        if expected:
            stream.options |= _ceiling(most_bytes, expected / frames_per_s)
        size = 0
        for pixels in chain([first], coming):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            packets = stream.encode(frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709))
            film.mux(packets)
            size += sum(packet.size for packet in packets)
            if size > most_bytes:
                break
        film.mux(stream.encode())
    return width, height


def _ceiling(most_bytes: int, duration_s: Fraction) -> dict[str, str]:
    """What holds a film of this length below so many bytes; in bits, of which decoders take so many a second."""
    rate = min(int(most_bytes * 8 * _SHARE / duration_s), _HIGHEST_RATE)
    return {"maxrate": str(rate), "bufsize": str(min(int(most_bytes * 8 * (1 - _SHARE)), 2 * _HIGHEST_RATE))}
