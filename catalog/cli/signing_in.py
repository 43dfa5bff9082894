"""``catalog login`` and ``catalog logout``: keeping a server and a token for this person."""

from __future__ import annotations

import click

from catalog.cli.connecting import Command, Where, where_options


@click.command(cls=Command)
@where_options
@click.pass_context
def login(ctx: click.Context, /, url: str | None, token: str | None, **_other: object) -> None:
    """Try a server and a token, and keep them for the commands and scripts of this person.

    What is not given is asked for. Tokens are made under /me/tokens, or by `catalog admin create-token` on the server.
    """
    from catalog.client import Client  # noqa: PLC0415 — loads requests
    from catalog.client.login import Login, keep_login  # noqa: PLC0415 — as above

    said = ctx.find_object(Where) or Where()
    address = url or said.url or click.prompt("Server", default="http://127.0.0.1:8000")
    secret = token or said.token or click.prompt("Token", hide_input=True)
    with Client(address, secret) as client:
        me = client.me.get()
    kept = keep_login(Login(address, secret))
    click.echo(f"signed in to {address} as {me.login}; kept in {kept}")


@click.command(cls=Command)
def logout() -> None:
    """Forget the kept token; it stays valid until it is revoked or expires."""
    from catalog.client.login import forget_login  # noqa: PLC0415 — belongs to the client

    click.echo("the kept token is forgotten" if forget_login() else "no token was kept")
