"""Runs the whole catalogue on one machine until Ctrl-C: object store, database, web and worker.

``scripts/run`` ends here. It is the parent of everything and does nothing else, so that it can say what died and start
it again. It imports nothing heavy, and it holds the web's listening socket itself: while the web process is started
again, requests wait instead of being refused.
"""

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import click

from catalog.app.children import adopt_orphans
from catalog.app.door import Door, open_door
from catalog.app.installation import DEFAULT_FOLDER, Installation, Running, open_installation
from catalog.app.programs import Programs, configured
from catalog.app.reporting import last_line, readiness, say
from catalog.app.seaweed import EmbeddedStore
from catalog.app.tending import Household, Stopped, Wishes
from catalog.kernel.errors import CatalogError, Conflict, InvalidInput, Unavailable

PREPARED_WITHIN_S = 600.0
PEOPLE_WITHIN_S = 300.0
ASSETS_WITHIN_S = 3600.0
EXIT_CODES = {InvalidInput: 4, Conflict: 5, Unavailable: 8}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the command line asks for."""

    host: str
    port: int
    data: Path
    demo: bool


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for colleagues.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 for any free one."
)
@click.option(
    "--data",
    default=DEFAULT_FOLDER,
    type=click.Path(path_type=Path),
    help="Folder for everything written; default var/.",
)
@click.option("--no-demo", is_flag=True, help="Start empty: do not enter the demo studio.")
def main(*, host: str, port: int, data: Path, no_demo: bool) -> None:
    """Run the whole catalogue on this machine until Ctrl-C."""
    try:
        run(Plan(host=host, port=port, data=data, demo=not no_demo))
    except Stopped:
        sys.exit(0)
    except CatalogError as error:
        click.echo(f"reprise: {error.message}", err=True)
        sys.exit(EXIT_CODES.get(type(error), 1))


def run(plan: Plan) -> None:
    """Start everything, say when it is ready, and tend it until somebody wants it to stop (``Stopped``)."""
    began = time.monotonic()
    os.umask(0o077)
    adopt_orphans()
    household = Household(wishes=Wishes())
    installation = open_installation(plan.data)
    with ExitStack() as stack:
        stack.enter_context(installation.held())
        door = open_door(plan.host, plan.port)
        stack.enter_context(closing(door.listener))
        mine = configured()
        origins = sorted({*door.origins, mine.get("CATALOG_BASE_URL", door.url).rstrip("/")})
        store = None
        if "CATALOG_S3_ENDPOINT_URL" not in mine:
            store = stack.enter_context(closing(_store(installation, door, origins)))
            household.wishes.at_last = store.tidy
        stack.callback(household.stop)
        stack.callback(installation.withdraw)
        programs = Programs(installation=installation, settings=_settings(installation, door, store, mine))
        start_all(household, programs, store, door, origins)
        installation.announce(Running(url=door.local_url, pid=os.getpid(), token=installation.secret("admin_token")))
        seeds = plan.demo and not installation.demo_mark.exists()
        if seeds and not installation.demo_people.exists():
            enter_people(household, programs, door)
        greet(installation, door, f"Reprise is ready after {time.monotonic() - began:.1f} s:")
        if seeds and demo_sign_ins(installation):  # nobody is known where somebody worked already
            enter_assets(household, programs, installation, door)
        while True:
            household.tend()


def start_all(
    household: Household, programs: Programs, store: EmbeddedStore | None, door: Door, origins: Sequence[str]
) -> None:
    """Start store, worker and web, and return when the web process says that everything answers.

    The web process loads while the database is prepared, which takes as long, and is let go by closing a pipe.
    """
    for program in store.programs() if store else ():
        household.start(program)
    reading, writing = os.pipe()
    try:
        web = household.start(programs.web(door.listener.fileno(), reading))
        household.finish(programs.preparation(origins), PREPARED_WITHIN_S)
    finally:
        os.close(writing)
    household.start(programs.worker(), before=web)
    household.wait_until_ready(lambda: readiness(door.local))


def enter_people(household: Household, programs: Programs, door: Door) -> None:
    """Enter the people of the demo studio, a moment's work; a failure is told and tried again next time."""
    try:
        household.finish(programs.seeding("people", door.local_url), PEOPLE_WITHIN_S)
    except Unavailable as failure:
        say(f"The demo studio could not be begun, the next start tries again: {failure.message}")


def enter_assets(household: Household, programs: Programs, installation: Installation, door: Door) -> None:
    """Enter the assets of the demo studio while the catalogue is used; interrupted, the next start goes on."""
    program = programs.seeding("assets", door.local_url)
    told = ""

    def tell() -> None:
        nonlocal told
        if (line := last_line(program.log)).startswith("demo studio:") and line != told:
            told = line
            say(line)

    program.log.unlink(missing_ok=True)
    try:
        household.finish(program, ASSETS_WITHIN_S, tell)
    except Unavailable as failure:
        say(f"The demo studio is not complete, the next start goes on: {failure.message}")
    else:
        greet(installation, door, "The demo studio was entered; this happens once. Reprise is at")


def _store(installation: Installation, door: Door, origins: Sequence[str]) -> EmbeddedStore:
    return EmbeddedStore(
        folder=installation.folder / "store",
        log=installation.log("store"),
        public_host=door.host if door.for_colleagues else None,
        advertised_host=door.advertised_host if door.for_colleagues else None,
        web_origins=origins,
    )


def _settings(
    installation: Installation, door: Door, store: EmbeddedStore | None, mine: Mapping[str, str]
) -> Mapping[str, str]:
    """Return what every program is told, also kept for commands that open the folder; people's own settings win."""
    settings = {
        "CATALOG_BASE_URL": door.url,
        "CATALOG_SECRET_KEY": installation.secret("secret_key"),
        **(store.environment() if store else {}),
        **mine,
        "CATALOG_DATA": str(installation.folder),
    }
    installation.keep_environment(settings)
    return settings


def greet(installation: Installation, door: Door, words: str) -> None:
    """Print the address and how to sign in. Only invented people's passwords are printed, and said to be that."""
    say(f"\n{words} {door.url}")
    if door.for_colleagues:
        say("  Network   not encrypted; outside a network that you trust, put a TLS proxy in front")
    say(f"  Data      {installation.folder}")
    say(f"  Sign in   admin, with the password in {installation.folder / 'secrets' / 'admin_password'}")
    sign_ins = demo_sign_ins(installation)
    if sign_ins and door.for_colleagues:
        say("  Careful   the passwords of the demo are known to everybody; --no-demo starts a data folder without it")
    for sign_in in sign_ins:
        say(f"  Demo      {sign_in['login']}, password {sign_in['password']} ({sign_in['role']}; invented)")
    say("  Stop      Ctrl-C\n")


def demo_sign_ins(installation: Installation) -> list[dict[str, str]]:
    """Return the invented people of the demo studio, as its seeding left them; nobody where there is no demo."""
    try:
        kept = json.loads(installation.demo_people.read_text(encoding="utf-8"))
        return [{key: str(one[key]) for key in ("login", "password", "role")} for one in kept]
    except (OSError, ValueError, KeyError, TypeError):
        return []


if __name__ == "__main__":
    main(prog_name="scripts/run")
