"""Short films made by code: a bar that moves from left to right over a colored ground."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

GROUND = (20, 60, 120)


def film(
    path: Path,
    *,
    frames: int = 24,
    size: tuple[int, int] = (160, 90),
    rate: int = 24,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    timecode: str = "",
    sound: bool = False,
    plain: int = 0,
    pixel_shape: int = 1,
    transfer: int | None = None,
    rotation: int = 0,
) -> Path:
    """Write a film into ``path``, whose extension chooses the container; without frames it is sound alone.

    The first ``plain`` frames lack the bar.
    """
    with av.open(str(path), "w") as written:
        if timecode:
            written.metadata["timecode"] = timecode
        stream = written.add_stream(codec, rate=rate) if frames else None
        heard = written.add_stream("aac", rate=48_000, layout="stereo") if sound else None
        if isinstance(stream, VideoStream):
            stream.width, stream.height = size
            stream.pix_fmt = pixel_format
            stream.codec_context.thread_count = 1
            stream.codec_context.sample_aspect_ratio = Fraction(pixel_shape)
            stream.set_display_rotation(rotation)
            if transfer is not None:
                stream.codec_context.color_trc = transfer
            _show(written, stream, frames, plain)
        if isinstance(heard, AudioStream):
            silence = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
            silence.sample_rate = 48_000
            for packet in (*heard.encode(silence), *heard.encode(None)):
                written.mux(packet)
    return path


def _show(written: OutputContainer, stream: VideoStream, frames: int, plain: int) -> None:
    width, height = stream.width, stream.height
    for at in range(frames):
        pixels = np.full((height, width, 3), GROUND, np.uint8)
        left = at * (width - 8) // max(frames - 1, 1)
        if at >= plain:
            pixels[:, left : left + 8] = 240
        for packet in stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")):
            written.mux(packet)
    for packet in stream.encode(None):
        written.mux(packet)
