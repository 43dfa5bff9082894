"""Which server a command talks to, and options that every such command has.

In this order: ``--url`` and ``--token``, the data folder that ``--data`` names, ``CATALOG_URL`` and ``CATALOG_TOKEN``,
the folder that ``CATALOG_DATA`` names, what ``catalog login`` kept, and at last what runs from this checkout (``var``).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from catalog.cli.refusing import EXIT_CODES, Refused, refused

if TYPE_CHECKING:
    from catalog.client import Client
    from catalog.client.login import Login

F = TypeVar("F", bound=Callable[..., Any])
DEFAULT_DATA = Path(__file__).resolve().parents[2] / "var"
_NOWHERE = ("no-url", "not-running")
_NOT_SIGNED_IN = 401
_ORIGIN = "catalog.origin"
"""Under which a running command notes where its token was found."""
NAMES = ("url", "token", "data", "on_behalf_of")


@dataclass(frozen=True, kw_only=True)
class Where:
    """What the command line says of the server; None is not said."""

    url: str | None = None
    token: str | None = None
    data: Path | None = None
    on_behalf_of: str | None = None

    def login(self) -> Login:
        """Return the server that is meant, and the token for it."""
        from catalog.client.errors import CatalogError  # noqa: PLC0415 — belongs to the client
        from catalog.client.login import find_login  # noqa: PLC0415 — as above

        try:
            found = find_login(self.url, self.token, data=self.data, usual_data=DEFAULT_DATA)
        except CatalogError as refusal:
            if refusal.code not in _NOWHERE:
                raise
            folder = self.data or os.environ.get("CATALOG_DATA") or DEFAULT_DATA
            raise Refused(
                f"no catalogue runs on {folder}: there is no run.json; start it with scripts/run, "
                "or name a server (--url, CATALOG_URL, `catalog login`)",
                EXIT_CODES["Unavailable"],
            ) from refusal
        return replace(found, source=found.source or "--token")


def where_options(command: F) -> F:
    """Give a command or group the options that say which server is meant."""
    options = (
        click.option("--url", metavar="URL", help="Address of the server (CATALOG_URL)."),
        click.option("--token", metavar="TOKEN", help="Token (CATALOG_TOKEN)."),
        click.option(
            "--data",
            type=click.Path(path_type=Path, file_okay=False),
            help="Data folder of a running catalogue (CATALOG_DATA).",
        ),
        click.option("--on-behalf-of", metavar="LOGIN", help="User that a service token acts for."),
    )
    for option in reversed(options):
        command = option(command)
    return command


class Command(click.Command):
    """A command that turns refusals into words and exit codes."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 — as click says
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            words = refused(error)
            if words is None:
                raise
            if getattr(error, "status", None) == _NOT_SIGNED_IN and _ORIGIN in ctx.meta:
                words = Refused(f"{words.message}\n  the token is that of {ctx.meta[_ORIGIN]}", words.exit_code)
            raise words from error


class ServerCommand(Command):
    """A command that talks to a server: it has the options for that, and its function is given a client first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 — as click says
        super().__init__(*args, **kwargs)
        where_options(self)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 — as click says
        """Run the command with a client of its own."""
        said = {name: value for name in NAMES if (value := ctx.params.pop(name, None)) is not None}
        ctx.obj = replace(ctx.find_object(Where) or Where(), **said)
        return super().invoke(ctx)


def client_of(ctx: click.Context) -> Client:
    """Return the client of a running command; it is closed when the command ends."""
    from catalog.client import Client  # noqa: PLC0415 — loads requests

    where = ctx.find_object(Where) or Where()
    login = where.login()
    ctx.meta[_ORIGIN] = login.source
    client = Client(login.url, login.token, on_behalf_of=where.on_behalf_of)
    ctx.call_on_close(client.close)
    return client
