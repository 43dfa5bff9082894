"""What a page is: a row of the one table of this door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import IO

    from catalog.house import House
    from catalog.kernel.abilities import Ability
    from catalog.kernel.actors import Actor
    from catalog.kernel.errors import CatalogError
    from catalog.web.manual import Manual
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


FORM_MAX_BYTES = 2**18


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file that came with a form: in which field, how the browser calls it, and its bytes."""

    field: str
    name: str
    body: IO[bytes]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request, read: who asks, with which path arguments, query and form.

    ``pairs`` are the query parameters in the order of the address; ``prepared`` is what the row's ``prepare`` returned;
    ``tastes`` are what the browser keeps for us, and may be anything. ``manual`` describes the API.
    """

    house: House
    actor: Actor
    path: Mapping[str, str]
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pairs: Sequence[tuple[str, str]] = ()
    form: Mapping[str, str] = field(default_factory=dict)
    prepared: Any = None
    tastes: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[SentFile] = ()
    manual: Callable[[], Manual]

    def asked(self, name: str) -> str | None:
        """Return a query parameter that is there once, such as the cursor; None where it is missing or empty."""
        return next(iter(self.query.get(name, ())), "") or None

    def said(self, name: str) -> str | None:
        """Return what the address says, or a form that is shown again; None where neither says anything."""
        return self.asked(name) or self.form.get(name) or None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A page to show. ``secret`` pages are kept by nobody, not even by the browser that shows them.

    Where a form is shown again, ``refusal`` says what was wrong with it, and ``typed`` is what it held. ``part`` is the
    template of what a page puts in the place of itself when it asks for this address. ``tastes`` are kept by
    the browser. ``headers`` are said instead of what every page says.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200
    secret: bool = False
    refusal: CatalogError | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    part: str | None = None
    tastes: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Another address to go to: a page of ours by its name, or ``to``. ``saying`` is said once on the next page.

    ``tastes`` are kept by the browser: how somebody likes pages to look.
    """

    page: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    to: str | None = None
    saying: str | None = None
    tastes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Content:
    """Bytes instead of a page. ``etag`` answers a browser that has them already with 304.

    Of ``file``, which has ``size_bytes``, a part is given where one is asked for; it is closed at the end.
    """

    headers: Mapping[str, str]
    body: bytes | Iterator[bytes] = b""
    etag: str | None = None
    file: BinaryIO | None = None
    size_bytes: int | None = None


Reply = Shown | Moved | Content


@dataclass(frozen=True, kw_only=True)
class Route:
    """One row of the table. Exactly one of ``read`` and ``write`` is set: so the row says whether it changes things.

    ``prepare`` reads the form before a write begins, and ``conclude`` makes the reply of what it returned, after its
    commit: for what must not happen inside. ``again`` shows the form of a write anew where what it says is refused.
    ``form_max_bytes`` is how large its form may be, files included, for whoever is signed in. What ``posted`` reads is
    too long for an address.
    """

    name: str
    path: str
    ability: Ability
    read: Callable[[Call, View], Reply] | None = None
    write: Callable[[Call, UnitOfWork], Any] | None = None
    prepare: Callable[[Call], Any] | None = None
    conclude: Callable[[Call, Any], Reply] | None = None
    again: Callable[[Call, View], Shown] | None = None
    form_max_bytes: int = FORM_MAX_BYTES
    posted: bool = False

    def __post_init__(self) -> None:
        """Refuse a row that both reads and writes, or neither."""
        if (self.read is None) == (self.write is None):
            msg = f"page {self.name} must either read or write"
            raise ValueError(msg)

    @property
    def method(self) -> str:
        """GET for what reads, unless it is ``posted``; POST for what writes."""
        return "GET" if self.read and not self.posted else "POST"
