"""The manual of the API as pages show it: every operation with what it takes, answers and refuses, and how to ask it.

Made from the table of operations by whoever starts the application; this room knows only its shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.web.examples import Example


@dataclass(frozen=True, kw_only=True)
class Field:
    """A parameter, or a field of what is sent or answered."""

    name: str
    type: str
    required: bool
    said: str


@dataclass(frozen=True, kw_only=True)
class Status:
    """How it may end."""

    status: str
    said: str


@dataclass(frozen=True, kw_only=True)
class Described:
    """One operation. ``roles`` may ask it; ``sample_path`` is its path with the values of the examples."""

    name: str
    method: str
    path: str
    summary: str
    said: str
    ability: str
    roles: tuple[str, ...]
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]
    statuses: tuple[Status, ...]
    examples: tuple[Example, ...]
    sample_path: str

    @property
    def noun(self) -> str:
        """What it is about."""
        return self.name.partition(".")[0]


@dataclass(frozen=True, kw_only=True)
class Manual:
    """All operations of this version."""

    version: str
    shared: tuple[Field, ...]
    """Headers that every request may have."""
    operations: tuple[Described, ...]

    @property
    def nouns(self) -> tuple[str, ...]:
        """What operations are about, in the order of the table."""
        return tuple(dict.fromkeys(one.noun for one in self.operations))

    def of(self, noun: str) -> tuple[Described, ...]:
        """Return the operations on something."""
        return tuple(one for one in self.operations if one.noun == noun)

    def naming(self, words: tuple[str, ...]) -> Iterator[Described]:
        """Return the operations that speak of all these words."""
        for one in self.operations:
            text = f"{one.name} {one.path} {one.summary} {one.said}".casefold()
            if all(word in text for word in words):
                yield one
