"""Which server a command talks to, and options that every such command has.

In this order: ``--url`` and ``--token``, ``CATALOG_URL`` and ``CATALOG_TOKEN``, the data folder that ``--data``
names, what ``catalog login`` kept, and at last the catalogue that runs from this checkout (``var/run.json``).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from catalog.cli.refusing import EXIT_CODES, Refused, refused

if TYPE_CHECKING:
    from catalog.client import Client

F = TypeVar("F", bound=Callable[..., Any])
RUN_FILE = "run.json"
DEFAULT_DATA = Path(__file__).resolve().parents[2] / "var"
NAMES = ("url", "token", "data", "on_behalf_of")


@dataclass(frozen=True, kw_only=True)
class Where:
    """What the command line says of the server; None is not said."""

    url: str | None = None
    token: str | None = None
    data: Path | None = None
    on_behalf_of: str | None = None

    def client(self) -> Client:
        """Return a client for the server that is meant."""
        from catalog.client import Client  # noqa: PLC0415 — loads requests

        url, token = self._address()
        return Client(url, token, on_behalf_of=self.on_behalf_of)

    def _address(self) -> tuple[str, str]:
        from catalog.client.login import find_login, read_login  # noqa: PLC0415 — belongs to the client

        url = self.url or os.environ.get("CATALOG_URL")
        token = self.token or os.environ.get("CATALOG_TOKEN")
        folder = self.data or (DEFAULT_DATA if read_login() is None else None)
        running = _running(folder) if folder is not None and not (url and token) else None
        # A token goes nowhere but to the server that it was made for.
        if running is not None and url in (None, running["url"]):
            return running["url"], token or running["token"]
        if folder is not None and not url:
            raise Refused(
                f"no catalogue runs on {folder}: there is no {RUN_FILE}; start it with scripts/run, "
                "or name a server (--url, CATALOG_URL, `catalog login`)",
                EXIT_CODES["Unavailable"],
            )
        login = find_login(url, token)
        return login.url, login.token


def _running(folder: Path) -> dict[str, str] | None:
    try:
        said = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
        return {"url": str(said["url"]), "token": str(said["token"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def where_options(command: F) -> F:
    """Give a command or group the options that say which server is meant."""
    options = (
        click.option("--url", metavar="URL", help="Address of the server (CATALOG_URL)."),
        click.option("--token", metavar="TOKEN", help="Token (CATALOG_TOKEN)."),
        click.option(
            "--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder of a running catalogue."
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
    where = ctx.find_object(Where) or Where()
    client = where.client()
    ctx.call_on_close(client.close)
    return client
