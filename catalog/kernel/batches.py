"""A long list in pieces, for statements that must not grow with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")


def in_batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the rows in their order, at most ``size`` at a time; nothing where there are none."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
