"""The operations as the CLI knows them: read from the generated ``operations.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("operations.json")


@dataclass(frozen=True, kw_only=True)
class Argument:
    """One argument or option; ``parts`` are the fields of values that have several, ``mapped`` values have names."""

    name: str
    type: str = "str"
    words: tuple[str, ...] = ()
    many: bool = False
    mapped: bool = False
    empty: bool = False
    required: bool = False
    help: str = ""
    default: int | None = None
    parts: tuple[Argument, ...] = ()

    @property
    def repeats(self) -> bool:
        """Whether its option stands several times."""
        return self.many or self.mapped


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation, as ``catalog NOUN VERB``.

    A ``listing`` is printed item by item; it is ``whole`` where one answer has all of them. ``changes`` says that what
    is left out stays as it is.
    """

    name: str
    summary: str
    generated: bool = False
    listing: bool = False
    whole: bool = False
    paged: bool = False
    changes: bool = False
    conditional: bool = False
    arguments: tuple[Argument, ...] = ()
    options: tuple[Argument, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def noun(self) -> str:
        """What it is about."""
        return self.name.partition(".")[0]

    @property
    def verb(self) -> str:
        """What it does."""
        return self.name.partition(".")[2]

    @property
    def method_name(self) -> str:
        """The client's method."""
        return self.verb.replace("-", "_")

    @property
    def asks_password(self) -> bool:
        """Whether it enters somebody who signs in with a password, or on purpose has none."""
        return not self.changes and any(one.name == "password" for one in self.options)

    @property
    def by_id(self) -> bool:
        """Whether things of its noun are named by id, so that people have to read it."""
        return any(argument.type == "uuid" for other in operations_of(self.noun) for argument in other.arguments)


@cache
def operations() -> tuple[Operation, ...]:
    """Return all operations, in the table's order."""
    return tuple(_operation(said) for said in json.loads(FILE.read_text(encoding="utf-8")))


def operations_of(noun: str) -> tuple[Operation, ...]:
    """Return a noun's operations."""
    return tuple(one for one in operations() if one.noun == noun)


def operation(name: str) -> Operation:
    """Return one operation."""
    return next(one for one in operations() if one.name == name)


def _operation(said: dict[str, Any]) -> Operation:
    lists: dict[str, Any] = {name: tuple(map(_argument, said.get(name, ()))) for name in ("arguments", "options")}
    return Operation(**{**said, **lists, "columns": tuple(said.get("columns", ()))})


def _argument(said: dict[str, Any]) -> Argument:
    parts = tuple(map(_argument, said.get("parts", ())))
    return Argument(**{**said, "parts": parts, "words": tuple(said.get("words", ()))})
