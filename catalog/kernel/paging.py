"""Pages of a listing, addressed by keyset cursors: the sort values of the last row, not a row count."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from catalog.kernel.errors import InvalidInput
from catalog.kernel.ids import find_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

T = TypeVar("T")
U = TypeVar("U")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
"""As exact as both databases keep an instant."""
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
        fits = fits and all(map(_storable, values))
    except (binascii.Error, ValueError, RecursionError):
        fits = False
    if not fits:
        raise _not_ours(cursor)
    return tuple(values)


def decode_id_cursor(cursor: str) -> UUID:
    """Unpack the cursor of a listing by id; ``InvalidInput`` where it is not one of this listing's."""
    found = find_id(str(decode_cursor(cursor, str)[0]))
    if found is None:
        raise _not_ours(cursor)
    return found


def place_in_time(at: datetime, row_id: UUID) -> list[str | int]:
    """Return what a cursor holds of a row in a listing by an instant and then by id."""
    return [(at - _EPOCH) // _MICROSECOND, str(row_id)]


def decode_place_in_time(cursor: str) -> tuple[datetime, UUID]:
    """Unpack the cursor of such a listing; ``InvalidInput`` where it is not one of this listing's."""
    microseconds, text = decode_cursor(cursor, int, str)
    row_id = find_id(str(text))
    if row_id is None:
        raise _not_ours(cursor)
    try:
        return _EPOCH + int(microseconds) * _MICROSECOND, row_id
    except OverflowError as error:
        raise _not_ours(cursor) from error


def _storable(value: str | int) -> bool:
    """Whether both databases can compare a column with this: they refuse greater numbers, NUL and half characters."""
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return not any(one == "\0" or "\ud800" <= one <= "\udfff" for one in value)


def _not_ours(cursor: str) -> InvalidInput:
    return InvalidInput(f"cursor {cursor[:40]!r} is not from this listing; start without a cursor", code="bad-cursor")
