"""``catalog admin backup`` and ``catalog admin restore``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog.cli.opening import AdminCommand, opened, settings_of
from catalog.cli.refusing import EXIT_CODES, Refused
from catalog.cli.showing import counted

if TYPE_CHECKING:
    from catalog.house import House

_FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


@click.command("backup", cls=AdminCommand)
@_FOLDER
@click.option("--originals", is_flag=True, help="Copy the blobs, too; only those that DIR lacks.")
@click.pass_context
def backup(ctx: click.Context, /, folder: Path, *, originals: bool) -> None:
    """Write a consistent backup to DIR while everything runs: database, documents, secrets, a manifest of the blobs.

    Without --originals the blobs themselves are the object store's to copy. DIR holds secrets; keep it private.
    """
    from catalog.kernel import clock  # noqa: PLC0415 — loads the rooms
    from catalog.upkeep.backups import back_up  # noqa: PLC0415 — as above

    with opened(ctx) as house:
        done = back_up(
            house.desk, house.stores, house.settings.data, folder.absolute(), now=clock.now(), originals=originals
        )
    click.echo(
        f"{done.folder} holds the database up to entry {done.seq}, {counted(done.objects, 'object')}, "
        f"{counted(done.blobs, 'blob')} listed"
    )
    if not originals and done.blobs:
        click.echo("the blobs themselves are not in it; copy the bucket of originals by the store's means", err=True)


@click.command("restore", cls=AdminCommand)
@_FOLDER
@click.option(
    "--objects-only", is_flag=True, help="Only documents and originals, into the store of a running catalogue."
)
@click.pass_context
def restore(ctx: click.Context, /, folder: Path, *, objects_only: bool) -> None:
    """Put the backup in DIR back into an installation whose database is empty, such as --data NEW.

    Where the store does not run yet, as with scripts/run, the database is restored first; start the catalogue then, and
    run this again with --objects-only. The search index and the pictures are made anew by the worker.
    """
    from catalog.upkeep.restoring import restore_database  # noqa: PLC0415 — loads the rooms

    source = folder.absolute()
    settings_of(ctx).data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with opened(ctx, migrated=False) as house:
        if not objects_only:
            restore_database(house.engine, house.settings.data, source)
            click.echo("the database is restored")
        _restore_objects(house, source)


def _restore_objects(house: House, folder: Path) -> None:
    from catalog.kernel.errors import Unavailable  # noqa: PLC0415 — loads the rooms
    from catalog.upkeep.restoring import restore_objects  # noqa: PLC0415 — as above

    try:
        done = restore_objects(house.stores, folder)
    except Unavailable as refusal:
        named = house.settings.s3_endpoint_url or "AWS_ACCESS_KEY_ID" in os.environ
        why = refusal.message if named else "none is named, because the catalogue was never started on this folder"
        raise Refused(
            f"the store cannot take the objects now: {why}\n"
            "  start the catalogue and run the same command with --objects-only",
            EXIT_CODES["Unavailable"],
        ) from refusal
    click.echo(f"put back: {counted(done.put_back, 'object')}")
    if done.missing:
        raise Refused(
            f"neither in the backup nor in the store: {counted(len(done.missing), 'blob')}, first {done.missing[0]}; "
            "copy the bucket of originals back by the store's means",
            EXIT_CODES["Conflict"],
        )


COMMANDS = (backup, restore)
