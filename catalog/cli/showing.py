"""Printing answers: as a table for people, as JSON or CSV for programs.

JSON keeps every field; a listing is an array, printed as it arrives. CSV has one line for each item, with what fits
into cells. A table shows the columns that people read; where the output is no terminal it is plain text without
colors.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click

FORMATS = ("table", "json", "csv")
COLUMNS_MAX = 9
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
LISTED_MAX = 30
DETAILS_MAX = 80
_HIDDEN = {
    "id",
    "body",
    "description",
    "dominant_color",
    "files",
    "hash",
    "previous",
    "reference",
    "request_id",
    "requests",
    "revision",
}


def plain(value: Any) -> Any:  # noqa: ANN401 — any answer
    """Return an answer as JSON holds it, every field of it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def show_bytes(chunks: Iterator[bytes], to: Path | None) -> None:
    """Print bytes as they come, or keep them as a file, which takes the place of another once all has come."""
    if to is None:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        return
    from catalog.client.contents import write_whole  # noqa: PLC0415 — belongs to the client

    write_whole(to, chunks)
    click.echo(to)


def counted(number: int, one: str) -> str:
    """Return a number with its word: ``1 file``, ``2 files``."""
    return f"{number} {one if number == 1 else one + 's'}"


def show_listing(
    items: Iterable[Any], form: str, columns: Sequence[str], *, by_id: bool = False, most: int | None = None
) -> None:
    """Print items as they come, or, as a table, once they are there; ``by_id`` shows their ids in it, too.

    Where there are more than ``most``, the error output says so at the end.
    """
    found = iter(items)
    shown = islice(found, most)
    if form == "json":
        _show_json(shown)
    elif form == "csv":
        _show_csv(shown, columns)
    else:
        readable = _readable(columns)
        show_table([plain(item) for item in shown], ["id", *readable] if by_id else readable)
    if most is not None and next(found, None) is not None:
        click.echo(f"the first {most}; --all shows everything", err=True)


def show_one(answer: Any, form: str, columns: Sequence[str]) -> None:  # noqa: ANN401 — any answer
    """Print one answer; None prints nothing."""
    if answer is None:
        return
    if form == "json":
        click.echo(json.dumps(plain(answer), ensure_ascii=False, indent=2))
    elif form == "csv":
        _show_csv([answer], columns)
    else:
        _show_fields(plain(answer))


def show_table(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    """Print rows under headings; says so where there is none."""
    if not rows:
        click.echo("nothing", err=True)
        return
    shown = [column for column in columns if any(row.get(column) not in (None, "", []) for row in rows)][:COLUMNS_MAX]
    cells = [[_brief(column, row.get(column)) for column in shown] for row in rows]
    if sys.stdout.isatty():
        _show_rich(shown, cells)
        return
    lines = [[heading.replace("_", " ") for heading in shown], *cells]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: a Chinese character takes two, an accent none."""
    from rich.cells import cell_len  # noqa: PLC0415 — as below

    return cell_len(text)


def _show_rich(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich import box  # noqa: PLC0415 — slow to load, and only terminals need it
    from rich.console import Console  # noqa: PLC0415 — loads what few commands need
    from rich.table import Table  # noqa: PLC0415 — loads what few commands need
    from rich.text import Text  # noqa: PLC0415 — loads what few commands need

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in cells:
        # As text, because square brackets in a name are no colors.
        table.add_row(*(Text(cell) for cell in row))
    Console(width=max(shutil.get_terminal_size().columns, 60), highlight=False).print(table)


def _show_json(items: Iterable[Any]) -> None:
    click.echo("[", nl=False)
    separator = "\n"
    for item in items:
        click.echo(separator + json.dumps(plain(item), ensure_ascii=False), nl=False)
        separator = ",\n"
    click.echo("\n]" if separator != "\n" else "]")


def _show_csv(items: Iterable[Any], columns: Sequence[str]) -> None:
    click.echo(_csv_line(columns), nl=False)
    for item in items:
        found = plain(item)
        click.echo(_csv_line([_csv_cell(found.get(column)) for column in columns]), nl=False)


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _csv_cell(value: Any) -> str:  # noqa: ANN401 — a JSON value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ";".join(value)
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _show_fields(found: dict[str, Any]) -> None:
    lists = {
        name: value for name, value in found.items() if isinstance(value, list) and value and isinstance(value[0], dict)
    }
    cells = {name: cell for name, value in found.items() if name not in lists and (cell := _cell(value))}
    width = max(map(len, cells), default=0)
    for name, cell in cells.items():
        click.echo(f"{name.replace('_', ' ').ljust(width)}  {cell}")
    for name, rows in lists.items():
        click.echo(f"\n{name.replace('_', ' ')} ({len(rows)})")
        show_table(rows[:LISTED_MAX], _readable(list(rows[0])))
        if len(rows) > LISTED_MAX:
            click.echo(f"… {len(rows) - LISTED_MAX} more; --format json shows all", err=True)


def _readable(columns: Sequence[str]) -> list[str]:
    return [name for name in columns if name not in _HIDDEN and not name.endswith(("_url", "sha256", "_id"))]


def _brief(name: str, value: Any) -> str:  # noqa: ANN401 — a JSON value
    """Return what a cell of a table has room for: of an event who acted, on which asset, and the first details."""
    if name == "actor" and value:
        served = f" for {value['on_behalf_of']}" if value.get("on_behalf_of") else ""
        return _cell(f"{value['name']}{served}")
    if name == "subjects" and value:
        about = next((one for one in value if one["kind"] == "asset"), value[0])
        return f"{about['kind']} {about['id']}"
    cell = _cell(value)
    return cell if len(cell) <= DETAILS_MAX or not isinstance(value, dict) else f"{cell[:DETAILS_MAX]}…"


def _cell(value: Any) -> str:  # noqa: ANN401 — a JSON value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ("; " if any(isinstance(one, dict) for one in value) else ", ").join(map(_cell, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_cell(one)}" for name, one in value.items() if one not in (None, "", []))
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return f"{value[:10]} {value[11:19]} UTC"
    # A name must not move the cursor or color the screen.
    return "".join(character if character.isprintable() else "�" for character in str(value))
