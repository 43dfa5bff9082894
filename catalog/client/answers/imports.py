"""What the server answers about imports.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalog.client.wire import Json


@dataclass(frozen=True)
class RowOutcome:
    """What became of a row: `registered`, `unchanged` (sent before), or `refused` with code and message."""

    row: int | None
    outcome: str
    asset: str | None
    version: int | None
    code: str | None
    message: str | None

    @classmethod
    def read(cls, found: Json) -> RowOutcome:
        """Read RowOutcome from what a JSON document holds."""
        return cls(
            row=found.get("row"),
            outcome=found["outcome"],
            asset=found.get("asset"),
            version=found.get("version"),
            code=found.get("code"),
            message=found.get("message"),
        )


@dataclass(frozen=True)
class Import:
    """One answer for each line, in order."""

    items: list[RowOutcome]
    registered: int
    unchanged: int
    refused: int

    @classmethod
    def read(cls, found: Json) -> Import:
        """Read Import from what a JSON document holds."""
        return cls(
            items=[RowOutcome.read(one) for one in found["items"]],
            registered=found["registered"],
            unchanged=found["unchanged"],
            refused=found["refused"],
        )
