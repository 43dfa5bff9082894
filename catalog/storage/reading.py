"""Reading streams that come from elsewhere."""

from __future__ import annotations

from catalog.storage.port import Readable


class Exactly:
    """A stream that ends after so many bytes, so that a relayed body cannot run into what follows it on the wire."""

    def __init__(self, source: Readable, size_bytes: int) -> None:
        self._source = source
        self._left = size_bytes

    def read(self, size: int = -1, /) -> bytes:
        """Read up to ``size`` bytes of what is left."""
        piece = self._source.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(piece)
        return piece


def filled(source: Readable, size_bytes: int) -> bytes:
    """Return so many bytes of a stream, fewer only at its end; it may answer less at a time."""
    pieces = []
    missing = size_bytes
    while missing and (piece := source.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)
