"""Many things in pieces, for statements that must not grow with them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")


def in_batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the things in their order, at most ``size`` at a time; nothing where there are none."""
    waiting = iter(things)
    while batch := list(islice(waiting, size)):
        yield batch
