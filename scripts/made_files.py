"""Files made by code for the scripts that measure and prove; nothing of them is committed."""

from __future__ import annotations

import random
import struct
import zlib


def noisy_png(side_px: int, *, seed: int) -> bytes:
    """Return a PNG of random pixels, about 3 bytes each: it cannot be compressed, and each seed has its own digest."""
    noise = random.Random(seed)
    rows = b"".join(b"\0" + noise.randbytes(3 * side_px) for _ in range(side_px))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")
