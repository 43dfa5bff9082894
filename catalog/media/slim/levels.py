"""KTX2 textures for browsers: nothing here can encode one, but those that hold smaller levels can lose the larger.

Source: the Khronos specification of KTX 2.0: header, level index, and the global data of BasisLZ.
"""

from __future__ import annotations

import struct
from typing import Final

from catalog.kernel.errors import InvalidInput

MARK: Final = b"\xabKTX 20\xbb"
LARGEST_PX: Final = 2048

_HEAD: Final = struct.Struct("<12s9I4I2Q")
_LEVEL: Final = struct.Struct("<3Q")
_BASIS_LZ: Final = 1
_BASIS_HEAD_BYTES = _BASIS_IMAGE_BYTES = 20
_BLOCK_PX: Final = 4
_ALIGNMENT: Final = 16  # of levels that are not packed further: that of their blocks


def within(content: bytes, *, side_px: int) -> bytes:
    """The texture without levels that are larger, or with only its smallest where all are.

    ``InvalidInput`` where even that has more than ``LARGEST_PX``.
    """
    try:
        return _within(content, side_px)
    except struct.error as damage:
        raise InvalidInput("a KTX2 texture ends within its head") from damage


def _within(content: bytes, side_px: int) -> bytes:
    mark, form, unit, width, height, depth, layers, faces, count, scheme, *places = _HEAD.unpack_from(content)
    levels = [_LEVEL.unpack_from(content, _HEAD.size + _LEVEL.size * at) for at in range(max(count, 1))]
    # Graphics cards want whole blocks of the first level; what was first already is left to them.
    usable = [at for at in range(len(levels)) if not at or (_is_of_blocks(width >> at) and _is_of_blocks(height >> at))]
    first = next((at for at in usable if max(width, height) >> at <= side_px), usable[-1])
    if max(width, height) >> first > LARGEST_PX:
        raise InvalidInput(f"a KTX2 texture of {width} × {height} pixels has no level of at most {LARGEST_PX}")
    if not first:
        return content
    if depth:
        raise InvalidInput("a KTX2 texture with depth cannot be made smaller here")
    described, said, shared = (_part(content, *places[at : at + 2]) for at in (0, 2, 4))
    if scheme == _BASIS_LZ:
        lost = _BASIS_IMAGE_BYTES * max(layers, 1) * max(faces, 1) * first
        shared = shared[:_BASIS_HEAD_BYTES] + shared[_BASIS_HEAD_BYTES + lost :]
    kept = levels[first:]
    made = bytearray(_HEAD.size + _LEVEL.size * len(kept))
    found = [_put(made, part, alignment) for part, alignment in ((described, 4), (said, 4), (shared, 8))]
    for at, (start, size, unpacked) in reversed(list(enumerate(kept))):  # the smallest stands first
        placed, _ = _put(made, _part(content, start, size), 1 if scheme else _ALIGNMENT)
        _LEVEL.pack_into(made, _HEAD.size + _LEVEL.size * at, placed, size, unpacked)
    sides = (width >> first, height >> first)
    counted = (depth, layers, faces, len(kept), scheme)
    _HEAD.pack_into(made, 0, mark, form, unit, *sides, *counted, *(each for pair in found for each in pair))
    return bytes(made)


def _is_of_blocks(side_px: int) -> bool:
    return side_px > 0 and side_px % _BLOCK_PX == 0


def _part(content: bytes, start: int, size: int) -> bytes:
    if start + size > len(content):
        raise InvalidInput("a KTX2 texture ends before it should")
    return content[start : start + size]


def _put(made: bytearray, part: bytes, alignment: int) -> tuple[int, int]:
    """Append ``part``; where it stands and how long it is, both 0 where it is empty."""
    if not part:
        return 0, 0
    made.extend(bytes(-len(made) % alignment))
    made.extend(part)
    return len(made) - len(part), len(part)
