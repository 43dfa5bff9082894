"""Facts of films, by FFmpeg through PyAV: what the container says, and nothing is decoded but a probe of each stream.

The demuxer is named and not guessed, so that a playlist called ``.mov`` cannot send FFmpeg to other files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Notebook, Source
from catalog.media.measuring import glance
from catalog.media.vocabulary import Evidence, FactKey

if TYPE_CHECKING:
    from av.container import InputContainer

DEMUXERS: Final = {"mp4": "mov", "quicktime": "mov", "matroska": "matroska", "mxf": "mxf"}

_TRANSFERS: Final = {1: "bt709", 13: "srgb", 16: "pq", 18: "hlg"}
"""Numbers of ITU-T H.273, table 3."""
_MATROSKA_S: Final = 1_000_000


def read(source: Source, notebook: Notebook) -> None:
    """Size, codec, frames, time and color of the first picture stream, and what sound there is."""
    with opened(source) as film:
        notebook.by("PyAV", av.__version__)
        _note_picture(film, notebook)
        if film.streams.audio:
            sound = film.streams.audio[0]
            notebook.note(FactKey.SOUND, f"{sound.codec_context.name}, {sound.codec_context.layout.name}")


@contextmanager
def opened(source: Source) -> Iterator[InputContainer]:
    """The film with at least one picture stream; ``InvalidInput`` for everything that FFmpeg refuses."""
    demuxer = DEMUXERS.get(glance(source, Notebook()).name)
    if demuxer is None:
        raise InvalidInput("not a film in a container that is known here")
    try:
        with av.open(source.absolute, format=demuxer) as film:
            if not film.streams.video:
                raise InvalidInput("a film without pictures")
            yield film
    except (av.FFmpegError, ValueError) as damage:
        raise InvalidInput(f"not readable as a film: {damage}") from damage


def frame_rate(film: InputContainer) -> Fraction:
    """Frames a second of its pictures; 24 where the container does not say it."""
    stream = film.streams.video[0]
    return stream.average_rate or stream.base_rate or Fraction(24)


def duration_s(film: InputContainer) -> float:
    """How long its pictures last; 0 where the container does not say it."""
    stream = film.streams.video[0]
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (film.duration or 0) / _MATROSKA_S


def _note_picture(film: InputContainer, notebook: Notebook) -> None:
    stream = film.streams.video[0]
    notebook.note(FactKey.WIDTH_PX, stream.codec_context.width)
    notebook.note(FactKey.HEIGHT_PX, stream.codec_context.height)
    notebook.note(FactKey.CODEC, _codec(film))
    rate, seconds = frame_rate(film), duration_s(film)
    notebook.note(FactKey.FRAMES_PER_SECOND, round(float(rate), 3))
    if stream.frames:
        notebook.note(FactKey.FRAME_COUNT, stream.frames)
    elif seconds:
        notebook.note(FactKey.FRAME_COUNT, round(seconds * rate), evidence=Evidence.INFERRED)
    if seconds:
        notebook.note(FactKey.DURATION_S, round(seconds, 3))
    shape = stream.codec_context.format
    if shape is not None:
        notebook.note(FactKey.PIXEL_TYPE, shape.name)
        notebook.note(FactKey.BIT_DEPTH, max(component.bits for component in shape.components))
    transfer = _TRANSFERS.get(int(stream.codec_context.color_trc))
    if transfer:
        notebook.note(FactKey.COLOR_SPACE, transfer)
    timecode = _timecode(film)
    if timecode:
        notebook.note(FactKey.TIMECODE, timecode)


def _codec(film: InputContainer) -> str:
    context = film.streams.video[0].codec_context
    return f"{context.name} {context.profile}" if context.profile else context.name


def _timecode(film: InputContainer) -> str | None:
    """Of the first frame; QuickTime keeps it in a track of its own, MXF and Matroska with the container."""
    return next(filter(None, (each.metadata.get("timecode") for each in (*film.streams, film))), None)
