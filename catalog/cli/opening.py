"""Opening an installation on the server itself, for ``catalog admin``.

``--data DIR`` says which: its settings are those of the environment, then of ``DIR/environment``, where
``scripts/run`` and ``admin init`` keep them. The rooms are imported inside the commands, so that others start fast.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catalog.cli.connecting import Command, Where
from catalog.cli.refusing import EXIT_CODES, Refused

if TYPE_CHECKING:
    from catalog.house import House
    from catalog.kernel.actors import Actor
    from catalog.settings import Settings

DATA = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder of the installation (CATALOG_DATA)."
)


class AdminCommand(Command):
    """A command that runs on the server; it has ``--data``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 — as click says
        super().__init__(*args, **kwargs)
        DATA(self)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 — as click says
        """Run the command; the folder named nearest to it counts."""
        folder = ctx.params.pop("data", None)
        if folder is not None:
            ctx.obj = Where(data=folder)
        return super().invoke(ctx)


def settings_of(ctx: click.Context) -> Settings:
    """Return the settings of the installation that the command line means, and let its values be the environment's."""
    from dotenv import dotenv_values  # noqa: PLC0415 — only these commands need it

    from catalog.settings import read_settings  # noqa: PLC0415 — as above

    said = ctx.find_object(Where)
    folder = (said.data if said and said.data else read_settings().data).absolute()
    # The store's credentials are read from the environment by the S3 library itself, so settings alone would not do.
    for name, value in dotenv_values(folder / "environment").items():
        if value is not None:
            os.environ.setdefault(name, value)
    os.environ["CATALOG_DATA"] = str(folder)
    return read_settings()


@contextmanager
def opened(ctx: click.Context, *, migrated: bool = True) -> Iterator[House]:
    """Open the installation while the block runs."""
    from catalog.house import open_house  # noqa: PLC0415 — loads the rooms

    settings = settings_of(ctx)
    if not settings.data.is_dir():
        raise Refused(f"there is no data folder {settings.data}; name it with --data", EXIT_CODES["NotFound"])
    house = open_house(settings, migrated=migrated)
    try:
        yield house
    finally:
        house.engine.dispose()


def operator() -> Actor:
    """Return who acts: whoever may run commands on the server."""
    from catalog.kernel.actors import system_actor  # noqa: PLC0415 — only these commands need it

    return system_actor("operator:command-line")
