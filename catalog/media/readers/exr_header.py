"""The header of an OpenEXR file, read by hand for files that OpenImageIO refuses (subsampled chroma channels).

Layout: https://openexr.com/en/latest/OpenEXRFileLayout.html. Every count and length is checked against what was read.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.kernel.errors import InvalidInput

_HEADER_BYTES: Final = 1024 * 1024
_MAGIC: Final = b"\x76\x2f\x31\x01"
_MOST_ATTRIBUTES: Final = 1000
_LONGEST_NAME: Final = 255
_PIXEL_TYPES: Final = ("uint32", "half", "float")
_COMPRESSIONS: Final = ("none", "rle", "zips", "zip", "piz", "pxr24", "b44", "b44a", "dwaa", "dwab")


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One channel; ``x_sampling`` 2 means that every second column is stored."""

    name: str
    pixel_type: str
    x_sampling: int
    y_sampling: int


@dataclass(frozen=True, kw_only=True)
class ExrHeader:
    """The first part of an OpenEXR file.

    Windows are x, y, width, height; ``length_bytes`` is where its offsets begin.
    """

    channels: tuple[Channel, ...]
    compression: str
    data_window: tuple[int, int, int, int]
    display_window: tuple[int, int, int, int]
    length_bytes: int

    @property
    def is_luminance_chroma(self) -> bool:
        """Whether it stores luminance at full and chroma at half resolution."""
        return any(channel.x_sampling != 1 or channel.y_sampling != 1 for channel in self.channels)


def read_header(path: str) -> ExrHeader:
    """The header of the first part; ``InvalidInput`` where it is none or lies about its lengths."""
    with Path(path).open("rb") as stored:
        data = stored.read(_HEADER_BYTES)
    if data[:4] != _MAGIC:
        raise InvalidInput("not an OpenEXR file")
    try:
        attributes, length = _attributes(data, at=8)
        return ExrHeader(
            channels=_channels(attributes["channels"]),
            compression=_COMPRESSIONS[attributes["compression"][0]],
            data_window=_window(attributes["dataWindow"]),
            display_window=_window(attributes["displayWindow"]),
            length_bytes=length,
        )
    except (KeyError, IndexError, ValueError, struct.error) as damage:
        raise InvalidInput("its OpenEXR header is damaged") from damage


def _attributes(data: bytes, *, at: int) -> tuple[dict[str, bytes], int]:
    attributes: dict[str, bytes] = {}
    for _ in range(_MOST_ATTRIBUTES):
        name, at = _name(data, at)
        if not name:
            return attributes, at
        _, at = _name(data, at)
        (length,) = struct.unpack_from("<I", data, at)
        at += 4
        if at + length > len(data):
            raise ValueError(length)
        attributes[name] = data[at : at + length]
        at += length
    raise ValueError(at)


def _name(data: bytes, at: int) -> tuple[str, int]:
    end = data.index(b"\0", at, at + _LONGEST_NAME + 1)
    return data[at:end].decode("utf-8", "replace"), end + 1


def _channels(value: bytes) -> tuple[Channel, ...]:
    channels: list[Channel] = []
    at = 0
    while value[at] != 0:
        name, at = _name(value, at)
        pixel_type, _, x_sampling, y_sampling = struct.unpack_from("<iIii", value, at)
        at += 16
        channels.append(
            Channel(name=name, pixel_type=_PIXEL_TYPES[pixel_type], x_sampling=x_sampling, y_sampling=y_sampling)
        )
    return tuple(channels)


def _window(value: bytes) -> tuple[int, int, int, int]:
    left, top, right, bottom = struct.unpack("<iiii", value)
    if right < left or bottom < top:
        raise ValueError(value)
    return left, top, right - left + 1, bottom - top + 1
