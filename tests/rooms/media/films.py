"""Short films made by code: a bar that moves from left to right over a colored ground."""

from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream


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
    ground: tuple[int, int, int] = (20, 60, 120),
) -> Path:
    """Write a film into ``path``, whose extension chooses the container; without frames it is sound alone."""
    with av.open(str(path), "w") as written:
        if timecode:
            written.metadata["timecode"] = timecode
        stream = written.add_stream(codec, rate=rate) if frames else None
        heard = written.add_stream("aac", rate=48_000, layout="stereo") if sound else None
        if isinstance(stream, VideoStream):
            stream.width, stream.height = size
            stream.pix_fmt = pixel_format
            stream.codec_context.thread_count = 1
            _show(written, stream, frames, ground)
        if isinstance(heard, AudioStream):
            silence = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
            silence.sample_rate = 48_000
            for packet in (*heard.encode(silence), *heard.encode(None)):
                written.mux(packet)
    return path


def _show(written: OutputContainer, stream: VideoStream, frames: int, ground: tuple[int, int, int]) -> None:
    width, height = stream.width, stream.height
    for at in range(frames):
        pixels = np.full((height, width, 3), ground, np.uint8)
        left = at * (width - 8) // max(frames - 1, 1)
        pixels[:, left : left + 8] = 240
        for packet in stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")):
            written.mux(packet)
    for packet in stream.encode(None):
        written.mux(packet)
