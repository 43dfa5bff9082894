"""Files made by code for the scripts that measure and prove; nothing of them is committed."""

from __future__ import annotations

import hashlib
import random
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

CHUNK_BYTES = 2**20


def noisy_png(side_px: int, *, seed: int) -> bytes:
    """Return a PNG of random pixels, about 3 bytes each: it cannot be compressed, and each seed has its own digest."""
    noise = random.Random(seed)
    rows = b"".join(b"\0" + noise.randbytes(3 * side_px) for _ in range(side_px))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def obj_triangle(*, seed: int) -> bytes:
    """Return a Wavefront OBJ of one triangle; each seed has its own digest."""
    return f"# {seed}\nv 0 0 0\nv 1 0 0\nv 0 {1 + seed % 7} 0\nf 1 2 3\n".encode()


def write_tree(folder: Path, contents: Mapping[str, bytes]) -> dict[str, str]:
    """Write files by their paths; return the digest of each."""
    for path, content in contents.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}


def write_large(path: Path, size_bytes: int, *, seed: int) -> str:
    """Write one file of random bytes; return its digest. Each MiB repeats one block with its own number in it."""
    block, digest = random.Random(seed).randbytes(CHUNK_BYTES - 8), hashlib.sha256()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for number in range(-(-size_bytes // CHUNK_BYTES)):
            chunk = (struct.pack(">Q", number) + block)[: size_bytes - number * CHUNK_BYTES]
            file.write(chunk)
            digest.update(chunk)
    return digest.hexdigest()
