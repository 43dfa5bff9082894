"""Bringing files here: ``assets pull``, ``assets resolve``, and what the server answers with bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catalog.cli.commands import format_option
from catalog.cli.connecting import ServerCommand, client_of
from catalog.cli.progress import bars
from catalog.cli.refusing import refused
from catalog.cli.showing import counted, plain, show_listing, show_one, show_table
from catalog.cli.table import operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from catalog.client.answers.files import Resolution

_OPTIONS = {one.name: one for one in operation("resolutions.create").options}
_LOCATED = ("reference", "entity", "path", "role", "custody", "location", "url", "sha256", "size_bytes")


def use_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say what originals are for."""
    for option in (
        click.option("--shot", help="Shot that it is for."),
        click.option("--show", help="Show that it is for."),
        click.option("--purpose", type=click.Choice(_OPTIONS["purpose"].words), help="What it is for."),
    ):
        command = option(command)
    return command


@click.command(cls=ServerCommand)
@click.argument("reference")
@click.option("--to", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder of the tree.")
@use_options
@format_option
@click.pass_context
def pull(ctx: click.Context, /, reference: str, to: Path, form: str, **use: Any) -> None:  # noqa: ANN401 — purpose, show, shot
    """Bring a version's folder tree to DIR: checked, read-only, from the local cache.

    REFERENCE is chr_ann (the latest version), chr_ann@3 or a catalog:// URI. Run again there is nothing to do;
    interrupted, the same command goes on where it stopped. Files of people in DIR are never touched.
    """
    with bars() as tell:
        pulled = client_of(ctx).assets.pull(reference, to=to, progress=tell, **use)
    for remark in pulled.remarks:
        click.echo(f"catalog: {remark}", err=True)
    if form != "table":
        show_one(pulled, form, list(plain(pulled)))
        return
    files = counted(pulled.files, "file")
    done = f"{pulled.placed} of {files} new" if pulled.placed else f"{files}, all there already"
    removed = f", {pulled.removed} of an older version removed" if pulled.removed else ""
    click.echo(f"{pulled.asset}@{pulled.version} is in {pulled.folder}: {done}{removed}")


@click.command(cls=ServerCommand)
@click.argument("references", nargs=-1, required=True, metavar="REFERENCE...")
@click.option(
    "--platform", type=click.Choice(_OPTIONS["platform"].words), help="Whose paths; this machine's by default."
)
@click.option("--site", help="Site whose paths; CATALOG_SITE or the server's own by default.")
@use_options
@format_option
@click.pass_context
def resolve(ctx: click.Context, /, references: tuple[str, ...], form: str, **told: Any) -> None:  # noqa: ANN401 — as the client
    """Tell where the files of references are: paths of this platform and site, or addresses for stored ones.

    What cannot be resolved is said and leaves the others alone; the exit code is then that of the first refusal.
    """
    from catalog.client.assets import refusal_of  # noqa: PLC0415 — loads requests

    found = client_of(ctx).assets.resolve(*references, **told)
    if form == "table":
        show_table(list(_located(found)), ("reference", "path", "location", "url"))
    else:
        show_listing(found if form == "json" else _located(found), form, _LOCATED)
    for remark in dict.fromkeys(remark for one in found for remark in one.remarks):
        click.echo(f"catalog: {remark}", err=True)
    refusals = [words for one in found if one.code is not None for words in [refused(refusal_of(one))] if words]
    for words in refusals[1:]:
        words.show()
    if refusals:
        raise refusals[0]


def _located(found: Iterable[Resolution]) -> Iterator[dict[str, Any]]:
    for one in found:
        for file in one.files:
            yield {"reference": one.reference, "entity": one.entity, **plain(file)}


@click.command(cls=ServerCommand)
@click.argument("code")
@click.argument("number", type=int)
@click.argument("path")
@click.option("--to", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@use_options
@click.pass_context
def get_file(ctx: click.Context, /, code: str, number: int, path: str, to: Path, **use: Any) -> None:  # noqa: ANN401 — as above
    """Write one original to a file; `assets pull` brings whole versions."""
    click.echo(client_of(ctx).files.download(code, number, path, to=to, **use))


@click.command(cls=ServerCommand)
@click.argument("sha256")
@click.option("--to", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@click.pass_context
def get_preview(ctx: click.Context, /, sha256: str, to: Path) -> None:
    """Write a picture to a file; its digest is the last part of a thumbnail_url."""
    from catalog.client.places import usable  # noqa: PLC0415 — belongs to the client

    picture = client_of(ctx).previews.get(sha256)
    with usable(to):
        to.write_bytes(picture)
    click.echo(to)


@click.command(cls=ServerCommand)
@click.pass_context
def get_openapi(ctx: click.Context, /) -> None:
    """Print the server's description of its API (OpenAPI 3.1, JSON)."""
    click.echo(json.dumps(client_of(ctx).openapi.get(), ensure_ascii=False, indent=1))
