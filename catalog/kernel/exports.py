"""Lists to take along, as CSV and as JSON: written row by row as they are read, so that a long one fills no memory.

The keys are English and stay. Rows come in pages of what their reader may see.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

BOM = "\ufeff".encode()
_FORMULAS = ("=", "+", "-", "@", "\t")


class Form(StrEnum):
    """What a list is exported as."""

    CSV = "csv"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """How it is called on the way."""
        return "text/csv; charset=utf-8" if self is Form.CSV else "application/json"


@dataclass(frozen=True, kw_only=True)
class Exported:
    """An export: how many rows it has, what its file is called, and its bytes as they are made."""

    count: int
    file_name: str
    media_type: str
    chunks: Iterator[bytes]

    @property
    def headers(self) -> dict[str, str]:
        """What is said of it on the way."""
        return {
            "Content-Type": self.media_type,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(self.file_name, safe='')}",
            "Cache-Control": "private, no-store",
            "X-Row-Count": str(self.count),
        }


def as_csv(columns: Sequence[str], pages: Iterable[Sequence[Mapping[str, Any]]], *, bom: bool) -> Iterator[bytes]:
    """Yield a line of columns, then a line for each row; ``fields.weight`` is what stands there under ``fields``.

    ``bom`` makes it for spreadsheets: a byte order mark in front, by which they know UTF-8, and an apostrophe before
    what they would take for a formula.
    """
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(columns)
    yield (BOM if bom else b"") + lines.getvalue().encode()
    for rows in pages:
        lines.seek(0)
        lines.truncate()
        writer.writerows([_cell(_value(row, column), bom=bom) for column in columns] for row in rows)
        yield lines.getvalue().encode()


def as_json(head: Mapping[str, Any], pages: Iterable[Sequence[Mapping[str, Any]]]) -> Iterator[bytes]:
    """Yield an object of ``head`` and the rows as ``items``, one on each line."""
    yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "items": ['.encode()
    between = ""
    for rows in pages:
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        yield "".join(f"{between if n == 0 else ','}\n{line}" for n, line in enumerate(lines)).encode()
        between = "," if lines else between
    yield b"\n]}\n"


def _value(row: Mapping[str, Any], column: str) -> object:
    name, within, rest = column.partition(".")
    return row[name].get(rest) if within else row[name]


def _cell(value: object, *, bom: bool) -> object:
    text = ", ".join(value) if isinstance(value, list) else value
    return f"'{text}" if bom and isinstance(text, str) and text.startswith(_FORMULAS) else text
