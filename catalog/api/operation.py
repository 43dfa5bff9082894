"""What an operation is: a row of the one table that feeds routes, OpenAPI, client and CLI."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from pydantic import BaseModel, ConfigDict, Field

from catalog.jobs.vocabulary import Lane

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from catalog.house import House
    from catalog.kernel.abilities import Ability
    from catalog.kernel.actors import Actor
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


LIMIT = "how many at most, up to 200"
CURSOR = "`next_cursor` of the page before"
"""Descriptions of what every listing takes."""


class Model(BaseModel):
    """What travels in: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """What travels out."""

    model_config = ConfigDict(frozen=True)


class NoQuery(Model):
    """An operation without query parameters."""


class PageQuery(Model):
    """Which part of a listing is asked for."""

    limit: int = Field(default=50, description=LIMIT)
    cursor: str | None = Field(default=None, description=CURSOR)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request, read: who calls, with which path arguments, query and body.

    ``prepared`` is what ``prepare`` made.
    """

    house: House
    actor: Actor
    path: Mapping[str, str]
    query: Any
    body: Any
    if_revision: int | None = None
    byte_range: str | None = None
    if_range: str | None = None
    prepared: Any = None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer that needs more than a model: another status, a header, or bytes instead of JSON.

    Of ``file``, which has ``size_bytes``, a part is given where one is asked for; it is closed at the end.
    """

    answer: BaseModel | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: Iterator[bytes] | None = None
    file: BinaryIO | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One row of the table. Exactly one of ``read`` and ``write`` is set, so the row says whether it changes anything.

    ``name`` is ``noun.verb``, the same in client and CLI. ``prepare`` runs before the transaction of a write is opened,
    and ``conclude`` after its commit, on what it returned: for what must not happen inside (hashing a password, signing
    addresses, long answers). ``by_hand`` marks operations whose client and CLI are written by hand. The jobs that it
    owes wait in ``lane``.
    """

    name: str
    method: str
    path: str
    summary: str
    ability: Ability
    read: Callable[[Call, View], BaseModel | Reply] | None = None
    write: Callable[[Call, UnitOfWork], Any] | None = None
    prepare: Callable[[Call], Any] | None = None
    conclude: Callable[[Call, Any], BaseModel | Reply] | None = None
    body: type[Model] | None = None
    query: type[Model] = NoQuery
    answer: type[BaseModel] | None = None
    status: int = 200
    creates: bool = False
    ndjson: bool = False
    by_hand: bool = False
    lane: Lane = Lane.INTERACTIVE

    def __post_init__(self) -> None:
        """Refuse a row that both reads and writes, or neither, and one whose answer could not be kept with its act."""
        if (self.read is None) == (self.write is None):
            msg = f"operation {self.name} must either read or write"
            raise ValueError(msg)
        if self.creates and self.conclude:
            msg = f"operation {self.name} keeps its answer in the transaction, so nothing can conclude it afterwards"
            raise ValueError(msg)

    @property
    def noun(self) -> str:
        """What it is about: ``assets``."""
        return self.name.partition(".")[0]

    @property
    def verb(self) -> str:
        """What it does: ``register``."""
        return self.name.partition(".")[2]
