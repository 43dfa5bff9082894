"""Pages of a listing, addressed by keyset cursors: the sort values of the last row, not a row count."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from catalog.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
U = TypeVar("U")

LIMIT_MAX = 200
LIMIT_DEFAULT = 50


@dataclass(frozen=True, kw_only=True)
class Paging:
    """What a caller asks of a listing: at most ``limit`` rows after ``cursor``."""

    limit: int = LIMIT_DEFAULT
    cursor: str | None = None

    def __post_init__(self) -> None:
        """Refuse a limit outside 1…200."""
        if not 1 <= self.limit <= LIMIT_MAX:
            raise InvalidInput(f"limit {self.limit} is not between 1 and {LIMIT_MAX}", code="bad-limit")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """Some rows of a listing; ``next_cursor`` is None on the last page, ``total`` None where it was not counted."""

    items: tuple[T, ...]
    next_cursor: str | None = None
    total: int | None = None

    def map(self, change: Callable[[T], U]) -> Page[U]:
        """Return the same page with every row changed."""
        return Page(items=tuple(map(change, self.items)), next_cursor=self.next_cursor, total=self.total)


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], Sequence[str | int]]) -> Page[T]:
    """Make a page of rows that were read with ``limit + 1``, so that a following page is known without counting."""
    more = len(rows) > limit
    items = tuple(rows[:limit])
    return Page(items=items, next_cursor=encode_cursor(key(items[-1])) if more else None)


def encode_cursor(values: Sequence[str | int]) -> str:
    """Pack the sort values of a row into an opaque word that is safe in a URL."""
    packed = json.dumps(list(values), separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_cursor(cursor: str, *types: type[str | int]) -> tuple[str | int, ...]:
    """Unpack a cursor into values of the given types; ``InvalidInput`` where it is not one of this listing's."""
    try:
        values = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        fits = isinstance(values, list) and [type(value) for value in values] == list(types)
    except (binascii.Error, ValueError, UnicodeError, RecursionError):
        fits = False
    if not fits:
        shown = cursor[:40]
        raise InvalidInput(f"cursor {shown!r} is not from this listing; start without a cursor", code="bad-cursor")
    return tuple(values)
