"""``catalog assets import``: a manifest, row by row."""

from __future__ import annotations

from pathlib import Path

import click

from catalog.cli.commands import format_option
from catalog.cli.connecting import ServerCommand, client_of
from catalog.cli.progress import bars
from catalog.cli.refusing import EXIT_CODES, Refused
from catalog.cli.showing import counted, plain, show_one


@click.command("import", cls=ServerCommand)
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option("--key", help="Name of this import; made from the manifest's path by default.")
@click.option(
    "--report", type=click.Path(path_type=Path, dir_okay=False), help="File for refused rows; MANIFEST.refused.csv."
)
@format_option
@click.pass_context
def import_manifest(ctx: click.Context, /, manifest: Path, key: str | None, report: Path | None, form: str) -> None:
    """Register the rows of a manifest (.csv or .jsonl), 50 at a time.

    CSV columns: code, name, kind, and any of description, owner, show, note; several values in a cell with ; between
    them: tags, audience, aliases (text|language), external_ids (system:value); files by reference: root, path, sha256,
    size_bytes. Safe to run again: what was entered under the same key is not entered again. Rows that are refused leave
    the others alone and stand in the report; then the exit code is 4.
    """
    with bars("rows") as tell:
        done = client_of(ctx).assets.import_(manifest, key=key, report=report, progress=tell)
    if form == "table":
        click.echo(
            f"{counted(done.rows, 'row')}: {done.registered} registered, {done.unchanged} unchanged, "
            f"{done.refused} refused"
        )
    else:
        show_one(done, form, list(plain(done)))
    if done.refused:
        refused = counted(done.refused, "refused row")
        raise Refused(f"{refused}; {done.report} says why", EXIT_CODES["InvalidInput"])
