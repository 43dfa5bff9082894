"""``catalog collections export`` and ``paths``: a collection as a file, and the paths of its files one on each line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from catalog.cli.connecting import ServerCommand, client_of
from catalog.cli.showing import show_bytes
from catalog.cli.table import operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.client.answers.files import Resolution

_PATHS = {one.name: one for one in operation("collections.paths").options}
_EXPORT = {one.name: one for one in operation("collections.export").options}


@click.command(cls=ServerCommand)
@click.argument("id", type=click.UUID)
@click.option("--form", type=click.Choice(_EXPORT["form"].words), default="csv", show_default=True, help="As what.")
@click.option("--bom", is_flag=True, help="CSV for spreadsheets: marked as UTF-8, and formulas as text.")
@click.option("--link", help="Secret of a link that opens it, where it is not shared with you.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else it is printed.")
@click.pass_context
def export(ctx: click.Context, /, id: UUID, to: Path | None, **asked: Any) -> None:  # noqa: A002, ANN401 — as the API calls it, and the client takes it
    """Export a collection as CSV or JSON. A file that is there already is replaced once all has come."""
    show_bytes(client_of(ctx).collections.export(id, **asked), to)


@click.command(cls=ServerCommand)
@click.argument("id", type=click.UUID)
@click.option("--platform", type=click.Choice(_PATHS["platform"].words), help="Whose paths; Linux by default.")
@click.option("--site", help="Site whose paths; the server's own by default.")
@click.option("--purpose", metavar="PURPOSE", help=f"What they are for: {', '.join(_PATHS['purpose'].words)}.")
@click.option("--show", help="Show that they are for.")
@click.option("--shot", help="Shot that they are for.")
@click.option("--link", help="Secret of a link that opens it, where it is not shared with you.")
@click.pass_context
def paths(ctx: click.Context, /, id: UUID, **asked: Any) -> None:  # noqa: A002, ANN401 — as the API calls it, and the client takes it
    """Print a line for each file of a collection: its path, or its reference where the store keeps it.

    What cannot be taken is said on the error output.
    """
    for one in client_of(ctx).collections.paths(id, **asked).items:
        for said in (*one.remarks, *([f"{one.reference}: {one.message}"] if one.code is not None else [])):
            click.echo(f"catalog: {said}", err=True)
        for line in _lines(one):
            click.echo(line)


def _lines(one: Resolution) -> Iterator[str]:
    from urllib.parse import quote  # noqa: PLC0415 — the program starts faster without

    for file in one.files:
        yield file.location or f"{one.entity}/files/{quote(file.path)}"
