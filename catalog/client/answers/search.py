"""What the server answers about search.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalog.client.answers.shapes import Card
from catalog.client.wire import Json


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet, with how many assets have it among the hits of all other facets."""

    value: str
    label: str
    count: int
    selected: bool
    excluded: bool

    @classmethod
    def read(cls, found: Json) -> FacetValue:
        """Read FacetValue from what a JSON document holds."""
        return cls(
            value=found["value"],
            label=found["label"],
            count=found["count"],
            selected=found["selected"],
            excluded=found["excluded"],
        )


@dataclass(frozen=True)
class Notice:
    """What of the text was not read as it was meant."""

    code: str
    message: str
    start: int
    """The first character of `q` that it is about."""
    end: int
    """The character after the last."""
    instead: str | None
    """What would be right in their place."""
    q: str | None
    """The whole text with it."""

    @classmethod
    def read(cls, found: Json) -> Notice:
        """Read Notice from what a JSON document holds."""
        return cls(
            code=found["code"],
            message=found["message"],
            start=found["start"],
            end=found["end"],
            instead=found.get("instead"),
            q=found.get("q"),
        )


@dataclass(frozen=True)
class SearchPage:
    """What was found."""

    total: int
    took_ms: float
    items: list[Card]
    facets: dict[str, list[FacetValue]]
    notices: list[Notice]
    did_you_mean: str | None
    next_cursor: str | None
    seq: int
    """The ledger's entry up to which the index had followed."""

    @classmethod
    def read(cls, found: Json) -> SearchPage:
        """Read SearchPage from what a JSON document holds."""
        return cls(
            total=found["total"],
            took_ms=found["took_ms"],
            items=[Card.read(one) for one in found["items"]],
            facets={name: [FacetValue.read(one) for one in several] for name, several in found["facets"].items()},
            notices=[Notice.read(one) for one in found["notices"]],
            did_you_mean=found.get("did_you_mean"),
            next_cursor=found.get("next_cursor"),
            seq=found["seq"],
        )


@dataclass(frozen=True)
class Suggestion:
    """A completion."""

    kind: str
    text: str
    code: str | None
    """Of an asset or a show."""
    query: str | None
    """The query of the search that it leads to; null for an asset."""
    count: int | None
    """How many assets it finds; null for a saved search of somebody else."""

    @classmethod
    def read(cls, found: Json) -> Suggestion:
        """Read Suggestion from what a JSON document holds."""
        return cls(
            kind=found["kind"],
            text=found["text"],
            code=found.get("code"),
            query=found.get("query"),
            count=found.get("count"),
        )


@dataclass(frozen=True)
class Suggestions:
    """Completions, best first."""

    items: list[Suggestion]

    @classmethod
    def read(cls, found: Json) -> Suggestions:
        """Read Suggestions from what a JSON document holds."""
        return cls(
            items=[Suggestion.read(one) for one in found["items"]],
        )


@dataclass(frozen=True)
class Cards:
    """Cards, best first."""

    items: list[Card]

    @classmethod
    def read(cls, found: Json) -> Cards:
        """Read Cards from what a JSON document holds."""
        return cls(
            items=[Card.read(one) for one in found["items"]],
        )
