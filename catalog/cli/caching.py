"""``catalog cache``: the local cache of contents that pulls fill."""

from __future__ import annotations

import click

from catalog.cli.connecting import Command
from catalog.cli.showing import counted

DAY_S = 86_400.0


@click.group()
def cache() -> None:
    """Keep the local cache of pulled contents small (CATALOG_CACHE, ~/.cache/reprise by default)."""


@cache.command("prune", cls=Command)
@click.option("--days", type=click.FloatRange(min=0), default=30.0, show_default=True, help="Unused for so long.")
def prune(days: float) -> None:
    """Remove contents that no pulled folder links to and that nobody pulled for some time. Safe while others pull."""
    from catalog.client.contents import Contents  # noqa: PLC0415 — belongs to the client, which loads requests
    from catalog.client.places import cache_folder, usable  # noqa: PLC0415 — as above

    with usable(cache_folder()):
        pruned = Contents(cache_folder() / "contents").prune(days * DAY_S)
    click.echo(f"removed {counted(pruned.contents, 'content')}, {counted(pruned.size_bytes, 'byte')}")
