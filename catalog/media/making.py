"""Asks a child to make something, and takes of its folder only what is what it claims to be."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from catalog.media.asking import Bench, bench
from catalog.media.children import ChildFailed, FailureReason
from catalog.media.confinement import MIB
from catalog.media.makers.maker import GLB, MP4, WEBP, Made

if TYPE_CHECKING:
    from catalog.media.layout import Layout
    from catalog.media.makers.maker import Group, Maker

_LARGEST_SIDE_PX: Final = 16_384
_MARKS: Final[Mapping[str, tuple[int, bytes]]] = {WEBP: (8, b"WEBP"), MP4: (4, b"ftyp"), GLB: (0, b"glTF")}
"""Where the bytes of each media type that is kept say what they are."""
LARGEST_BYTES: Final[Mapping[str, int]] = {WEBP: 8 * MIB, MP4: 48 * MIB, GLB: 48 * MIB}


@dataclass(frozen=True, kw_only=True)
class Finished:
    """What was made, with its bytes."""

    made: Made
    content: bytes


def make(maker: Maker, layout: Layout, group: Group, *, on: Bench | None = None) -> list[Finished]:
    """What a maker makes of these files, at least one thing; ``ChildFailed`` where it cannot, with the reason."""
    with tempfile.TemporaryDirectory(dir=(own := on or bench()).children_folder) as folder:
        out = Path(folder) / "out"
        out.mkdir()
        made = own.make(maker, layout, group, out=out, scratch=Path(folder))
        names = [each.derivative for each in made]
        if not made or len(set(names)) < len(names) or not set(names) <= set(maker.derivatives):
            raise _lie(f"{maker.kind} answered {names}")
        return [Finished(made=each, content=_content(out, each)) for each in made]


def _content(out: Path, made: Made) -> bytes:
    """The bytes of a file that the child left; a link of its making leads nowhere."""
    if made.media_type not in _MARKS or not made.file.isalnum():
        raise _lie(f"{made.file[:40]!r} of type {made.media_type[:40]!r}")
    if not (0 < made.width_px <= _LARGEST_SIDE_PX and 0 < made.height_px <= _LARGEST_SIDE_PX):
        raise _lie(f"{made.width_px} × {made.height_px} pixels")
    content = _read(out / made.file, LARGEST_BYTES[made.media_type] + 1)
    at, mark = _MARKS[made.media_type]
    if len(content) > LARGEST_BYTES[made.media_type] or content[at : at + len(mark)] != mark:
        raise _lie(f"{made.file} is no {made.media_type} of at most {LARGEST_BYTES[made.media_type]} bytes")
    return content


def _read(path: Path, most_bytes: int) -> bytes:
    """What a regular file holds; links are not followed, and nothing else is waited for."""
    try:
        with open(path, "rb", opener=_open_as_it_is) as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return file.read(most_bytes)
    except OSError as missing:
        raise _lie(f"{path.name} cannot be read") from missing
    raise _lie(f"{path.name} is no file")


def _open_as_it_is(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _lie(what: str) -> ChildFailed:
    return ChildFailed(f"the maker's answer is not what it promises: {what}", reason=FailureReason.GARBLED)
