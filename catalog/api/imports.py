"""``/imports``: bulk registration as NDJSON, up to 500 rows a request, answered row by row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from catalog.api import reading
from catalog.api.assets import AssetBody
from catalog.api.operation import Answer, Model, Operation
from catalog.api.versions import FileBody
from catalog.assets import importing
from catalog.assets.importing import Row, RowAnswer
from catalog.assets.manifests import FileEntry
from catalog.jobs.vocabulary import Lane
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from catalog.api.operation import Call
    from catalog.work.unit import UnitOfWork


class ImportQuery(Model):
    """Which import the rows belong to; the same key and row number is the same row, however often it is sent."""

    import_key: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[\w.:@+-]+$")] = Field(
        alias="import", description="what you call this import; sent again under it, no row is entered twice"
    )


class ImportRowBody(AssetBody):
    """One line: an asset, with or without a first version whose files are referenced under a root."""

    row: Annotated[int, Field(ge=0, le=2_000_000_000)] = Field(description="its number in the import")
    files: Annotated[tuple[FileBody, ...], Field(max_length=5_000)] = Field(
        default=(), description="all files of its first version, referenced under a root"
    )
    note: Annotated[str, Field(max_length=20_000)] = Field(default="", description="what the version is")


class RowOutcome(Answer):
    """What became of a row: `registered`, `unchanged` (sent before), or `refused` with code and message."""

    row: int | None
    outcome: str
    asset: str | None = None
    version: int | None = None
    code: str | None = None
    message: str | None = None


class ImportAnswer(Answer):
    """One answer for each line, in order."""

    items: list[RowOutcome]
    registered: int
    unchanged: int
    refused: int


def _read_all(call: Call) -> list[Row | RowOutcome]:
    """Return each line as a row, or as the refusal of what is none; before the transaction, for it takes a while."""
    return [_read(line) for line in _lines(call.body)]


def import_rows(call: Call, work: UnitOfWork) -> ImportAnswer:
    """Enter the rows that are right and new; answer each."""
    read: list[Row | RowOutcome] = call.prepared
    rows = [one for one in read if isinstance(one, Row)]
    answers = {answer.row: answer for answer in importing.enter_rows(work, call.query.import_key, rows)}
    items = [_outcome(answers[one.number]) if isinstance(one, Row) else one for one in read]
    counts = {
        outcome: sum(item.outcome == outcome for item in items) for outcome in ("registered", "unchanged", "refused")
    }
    return ImportAnswer(items=items, **counts)


def _lines(body: bytes) -> list[bytes]:
    lines = [line for line in body.splitlines() if line.strip()]
    if not lines:
        raise InvalidInput(f"the body has no rows; send 1 to {importing.ROWS_MAX}, each on a line", code="no-rows")
    if len(lines) > importing.ROWS_MAX:
        raise InvalidInput(f"{len(lines)} lines; send 1 to {importing.ROWS_MAX} a request", code="too-many-rows")
    return lines


def _read(line: bytes) -> Row | RowOutcome:
    try:
        body: ImportRowBody = reading.read_json(ImportRowBody, line, "row")
    except InvalidInput as problem:
        return RowOutcome(row=_row_number(line), outcome="refused", code=problem.code, message=problem.message)
    asset: dict[str, Any] = {name: getattr(body, name) for name in AssetBody.model_fields}
    return Row(
        number=body.row,
        registration=AssetBody.model_construct(**asset).registration(),
        files=tuple(FileEntry(**dict(file)) for file in body.files),
        note=body.note,
        digest=importing.digest_of_row(body.model_dump(mode="json")),
    )


def _row_number(line: bytes) -> int | None:
    """Return the number of a row that is refused, if it can be told at all."""
    try:
        row = json.loads(line).get("row")
    except (ValueError, AttributeError, RecursionError):
        return None
    return row if isinstance(row, int) else None


def _outcome(answer: RowAnswer) -> RowOutcome:
    return RowOutcome(**vars(answer))


OPERATIONS = (
    Operation(
        name="imports.send",
        method="POST",
        path="/imports",
        summary="Register up to 500 rows of an import (NDJSON)",
        ability=Ability.IMPORT,
        prepare=_read_all,
        write=import_rows,
        body=ImportRowBody,
        query=ImportQuery,
        answer=ImportAnswer,
        ndjson=True,
        by_hand=True,
        lane=Lane.BULK,
    ),
)
