"""``catalog admin``: what is done on the server itself, on the database and the store, without the web process."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import click

from catalog.cli import backing_up, checking
from catalog.cli.connecting import Where
from catalog.cli.opening import DATA, AdminCommand, opened, operator, settings_of
from catalog.cli.passwords import HELP, NONE_HELP, VARIABLE, password_for

ROLES = ("viewer", "artist", "supervisor", "pipeline", "licensing", "privacy_officer", "admin")


@click.group()
@DATA
@click.pass_context
def admin(ctx: click.Context, /, data: Path | None) -> None:
    """Work on the server itself: opens the database and the store of --data DIR."""
    if data is not None:
        ctx.obj = Where(data=data)


@admin.command("init", cls=AdminCommand)
@click.pass_context
def init(ctx: click.Context, /) -> None:
    """Make an installation: data folder, secret key, tables and buckets. Safe to run again.

    For a server with its own database and object store; scripts/run does all of it by itself.
    """
    from catalog.client.places import write_in_one_step  # noqa: PLC0415 — as the rooms below
    from catalog.db import migrate  # noqa: PLC0415 — loads what few commands need
    from catalog.db.engine import create_engine_for  # noqa: PLC0415 — loads what few commands need
    from catalog.upkeep.preparing import prepare_store  # noqa: PLC0415 — loads what few commands need

    settings = settings_of(ctx)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = settings.data / "environment"
    if not settings.secret_key.get_secret_value():
        said = kept.read_text(encoding="utf-8") if kept.exists() else ""
        write_in_one_step(kept, f"{said}CATALOG_SECRET_KEY='{secrets.token_urlsafe(32)}'\n".encode())
        click.echo(f"a secret key is kept in {kept}")
    engine = create_engine_for(settings.database)
    migrate.upgrade(engine)
    engine.dispose()
    click.echo(f"the tables are in {engine.url.render_as_string()}")
    for remark in prepare_store(settings):
        click.echo(remark, err=True)
    click.echo(
        "the buckets are there; the first administrator is made by `catalog admin create-user LOGIN --role admin`"
    )


@admin.command("migrate", cls=AdminCommand)
@click.pass_context
def migrate_database(ctx: click.Context, /) -> None:
    """Bring the database up to the tables of this program. Safe to run again, and by two processes at once."""
    from catalog.db import migrate  # noqa: PLC0415 — loads Alembic
    from catalog.db.engine import create_engine_for  # noqa: PLC0415 — as above

    settings = settings_of(ctx)
    engine = create_engine_for(settings.database)
    current = migrate.is_current(engine)
    migrate.upgrade(engine)
    engine.dispose()
    click.echo(f"the database {'was' if current else 'is now'} at {migrate.head()}")


@admin.command("create-user", cls=AdminCommand)
@click.argument("login")
@click.option("--role", "roles", type=click.Choice(ROLES), multiple=True, required=True, help="What they are.")
@click.option("--display-name", default="", help="Their name.")
@click.option("--group", "groups", multiple=True, help="Group that they join.")
@click.option("--no-password", is_flag=True, help=NONE_HELP)
@click.option("--password", envvar=VARIABLE, help=HELP)
@click.pass_context
def create_user(ctx: click.Context, /, login: str, password: str | None, *, no_password: bool, **said: Any) -> None:  # noqa: ANN401 — roles, groups, name
    """Enter a user. The first administrator is made so."""
    from catalog.accounts import passwords, users  # noqa: PLC0415 — loads the rooms
    from catalog.accounts.vocabulary import Role  # noqa: PLC0415 — as above

    password = password_for(login, password, none=no_password)
    roles = tuple(Role(role) for role in said.pop("roles"))
    hashed = None if password is None else passwords.hash_password(password)
    with opened(ctx) as house, house.desk.work(operator()) as work:
        users.create_user(work, users.NewUser(login=login, password_hash=hashed, roles=roles, **said))
    click.echo(f"{login} is {', '.join(roles)}")


@admin.command("create-token", cls=AdminCommand)
@click.argument("login")
@click.option("--name", default="made on the server", show_default=True, help="What it is for.")
@click.option("--days", type=int, default=90, show_default=True, help="How long it is valid.")
@click.option("--scope", "scopes", multiple=True, help="Ability that it carries; all of its user's by default.")
@click.option("--network", "networks", multiple=True, help="Where it may be used from; anywhere by default.")
@click.option("--service", is_flag=True, help="May act on behalf of users.")
@click.pass_context
def create_token(ctx: click.Context, /, login: str, scopes: tuple[str, ...], **said: Any) -> None:  # noqa: ANN401 — name, days, networks, service
    """Make a token for a user and print its secret, which is shown this once."""
    from catalog.accounts import tokens  # noqa: PLC0415 — loads the rooms
    from catalog.kernel.abilities import Ability  # noqa: PLC0415 — as above

    unknown = [scope for scope in scopes if scope not in set(Ability)]
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r} is no ability; there are {', '.join(Ability)}", param_hint="--scope")
    asked = tuple(Ability(scope) for scope in scopes) or None
    with opened(ctx) as house, house.desk.work(operator()) as work:
        issued = tokens.issue_token(work, tokens.NewToken(login=login, scopes=asked, **said))
    click.echo(issued.secret)


@admin.command("worker", cls=AdminCommand)
@click.pass_context
def worker(ctx: click.Context, /) -> None:
    """Do owed work and keep the search index, until SIGTERM or Ctrl-C."""
    from catalog.worker.__main__ import main  # noqa: PLC0415 — loads the rooms

    settings_of(ctx)
    main()


for _command in (*backing_up.COMMANDS, *checking.COMMANDS):
    admin.add_command(_command)
