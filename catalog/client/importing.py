"""Sending the rows of an import, 50 at a time, and writing down those that were refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.client.answers.imports import Import, RowOutcome
from catalog.client.crew import Meter, Tell
from catalog.client.wire import given

if TYPE_CHECKING:
    from catalog.client.connection import Connection
    from catalog.client.manifests import ManifestRow

ROWS = 50
"""Of the 500 that one request may have: others write between two requests, and shall not wait long."""
BATCH_BYTES = 8 * 2**20


@dataclass(frozen=True)
class ImportReport:
    """What became of an import's rows. ``unchanged`` were entered before; ``refused`` stand in the file ``report``."""

    key: str
    rows: int
    registered: int
    unchanged: int
    refused: int
    report: Path | None


def send_rows(connection: Connection, key: str, lines: bytes) -> Import:
    """Send up to 500 rows as NDJSON; safe to repeat under the same key."""
    return Import.read(connection.call("POST", "/imports", query=given(**{"import": key}), lines=lines, again=True))


class Importer:
    """Sends one import. The report file is made with the first refused row, and removed where there is none."""

    def __init__(self, connection: Connection, key: str, report: Path) -> None:
        self._connection = connection
        self._key = key
        self._report = report
        self._counts = {"registered": 0, "unchanged": 0, "refused": 0}

    def send(self, rows: Iterable[ManifestRow], tell: Tell | None) -> ImportReport:
        """Send all rows, in order."""
        meter = Meter(tell, "importing", None, "rows")
        self._report.unlink(missing_ok=True)
        for batch in _batches(rows):
            self._send(batch)
            meter.advance(len(batch))
        return ImportReport(
            key=self._key,
            rows=sum(self._counts.values()),
            report=self._report if self._counts["refused"] else None,
            **self._counts,
        )

    def _send(self, batch: list[tuple[ManifestRow, bytes]]) -> None:
        codes = {row.number: row.asset or "" for row, _ in batch}
        refused = [
            RowOutcome(row=row.number, outcome="refused", asset=None, version=None, code=row.code, message=row.message)
            for row, _ in batch
            if row.body is None
        ]
        lines = b"".join(line for row, line in batch if row.body is not None)
        answered = send_rows(self._connection, self._key, lines).items if lines else []
        for outcome in (*answered, *refused):
            self._counts[outcome.outcome] += 1
        self._write_down([one for one in (*answered, *refused) if one.outcome == "refused"], codes)

    def _write_down(self, refused: list[RowOutcome], codes: dict[int, str]) -> None:
        if not refused:
            return
        new = not self._report.exists()
        with self._report.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(["row", "asset", "code", "message"])
            for one in sorted(refused, key=lambda one: one.row or 0):
                writer.writerow([one.row, one.asset or codes.get(one.row or 0, ""), one.code, one.message])


def _batches(rows: Iterable[ManifestRow]) -> Iterator[list[tuple[ManifestRow, bytes]]]:
    batch: list[tuple[ManifestRow, bytes]] = []
    size = 0
    for row in rows:
        line = b"" if row.body is None else json.dumps(row.body).encode() + b"\n"
        if batch and (len(batch) == ROWS or size + len(line) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((row, line))
        size += len(line)
    if batch:
        yield batch
