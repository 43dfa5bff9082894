"""Listings: one page, or everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catalog.client.connection import Connection
    from catalog.client.wire import Json

T = TypeVar("T")
PAGE_LARGEST = 200


@dataclass(frozen=True)
class Page(Generic[T]):
    """A part of a listing. ``next_cursor`` is None on the last page, ``total`` None where it was not counted."""

    items: list[T]
    next_cursor: str | None
    total: int | None


class Listing(Generic[T]):
    """All that a question finds, page by page as it is iterated; ``page`` asks for one page.

    Nothing is asked before it is iterated, and iterating again asks again. ``after`` is the name of the parameter that
    the server counts on by, None for listings that come whole.
    """

    def __init__(
        self,
        connection: Connection,
        path: str,
        read: Callable[[Json], T],
        query: Mapping[str, object] | None = None,
        *,
        after: str | None = "cursor",
    ) -> None:
        self._connection = connection
        self._path = path
        self._read = read
        self._query = dict(query or {})
        self._after = after

    def page(self, *, limit: int | None = None, cursor: str | None = None) -> Page[T]:
        """Return one page: at most ``limit`` items (200 at most, 50 by default) after ``cursor``."""
        query = dict(self._query)
        if self._after is not None:
            query.update(
                {name: value for name, value in (("limit", limit), (self._after, cursor)) if value is not None}
            )
        answer = self._connection.call("GET", self._path, query=query)
        following = answer.get("next_cursor") or answer.get("next_after")
        return Page(
            items=[self._read(item) for item in answer["items"]],
            next_cursor=None if following is None or self._after is None else str(following),
            total=answer.get("total"),
        )

    def pages(self, *, cursor: str | None = None) -> Iterator[Page[T]]:
        """Yield every page, as large as they come."""
        while True:
            page = self.page(limit=PAGE_LARGEST, cursor=cursor)
            yield page
            # A listing that is followed by a running number ends where the number stands still.
            if page.next_cursor is None or page.next_cursor == (cursor or str(self._query.get(self._after or "", 0))):
                return
            cursor = page.next_cursor

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items
