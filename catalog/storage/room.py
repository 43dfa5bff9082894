"""Whether the store has room for what is announced, so that nobody sends gigabytes to a disk that cannot take them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from catalog.kernel.errors import Unavailable
from catalog.storage.port import Stores

RESERVED_MAX_BYTES = 2**30
RESERVED_SHARE = 20
"""A twentieth of a disk, at most 1 GiB, is left alone: the database and the index may stand on it, too."""
COPIES = 2
"""Bytes lie under ``incoming/`` and under their own key, until the store has collected the first."""
_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_STEP = 1000


def room_on_disk_of(folder: Path) -> Callable[[], int | None]:
    """Return what tells how many more bytes may be stored on the disk of a folder; None where nobody knows."""

    def room() -> int | None:
        try:
            found = os.statvfs(folder)
        except OSError:
            return None
        reserved = min(RESERVED_MAX_BYTES, found.f_blocks * found.f_frsize // RESERVED_SHARE)
        return max(0, found.f_bavail * found.f_frsize - reserved)

    return room


def check_room(stores: Stores, size_bytes: int) -> None:
    """Refuse (``Unavailable``, code ``store-full``) an upload that the store is known to have no room for."""
    room = stores.room()
    if size_bytes and room is not None and size_bytes * COPIES > room:
        raise Unavailable(
            f"the upload of {in_words(size_bytes)} needs {in_words(size_bytes * COPIES)} of the store for a while, and "
            f"it has room for {in_words(room)}; have room made on its disk, then publish again",
            code="store-full",
            size_bytes=size_bytes,
            room_bytes=room,
        )


def in_words(size_bytes: int) -> str:
    """Return an amount for people: three digits and a decimal unit."""
    amount, unit = float(size_bytes), 0
    while amount >= _STEP and unit < len(_UNITS) - 1:
        amount, unit = amount / _STEP, unit + 1
    return f"{amount:.0f} {_UNITS[unit]}" if unit == 0 else f"{amount:.3g} {_UNITS[unit]}"
