"""The program ``catalog``: finds the command, runs it, ends with its exit code."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any, ClassVar

import click

from catalog import __version__
from catalog.cli.commands import command_of
from catalog.cli.connecting import NAMES, Where, where_options
from catalog.cli.refusing import INTERRUPTED
from catalog.cli.table import operations, operations_of

HAND_MADE: dict[str, dict[str, str]] = {
    "assets": {
        "publish": "catalog.cli.publishing:publish",
        "pull": "catalog.cli.pulling:pull",
        "resolve": "catalog.cli.pulling:resolve",
        "import": "catalog.cli.importing:import_manifest",
    },
    "collections": {"export": "catalog.cli.collecting:export", "paths": "catalog.cli.collecting:paths"},
    "versions": {"draft": "catalog.cli.publishing:draft", "publish": "catalog.cli.publishing:publish_draft"},
    "files": {"get": "catalog.cli.pulling:get_file"},
    "resolutions": {"create": "catalog.cli.pulling:resolve"},
    "previews": {"get": "catalog.cli.pulling:get_preview"},
    "imports": {"send": "catalog.cli.importing:import_manifest"},
    "openapi": {"get": "catalog.cli.pulling:get_openapi"},
}
"""Commands made by hand, by noun and verb: where their click command is. They are imported when they are run."""

ALONE = {
    "search": "catalog.cli.searching:search",
    "login": "catalog.cli.signing_in:login",
    "logout": "catalog.cli.signing_in:logout",
    "admin": "catalog.cli.admin:admin",
    "cache": "catalog.cli.caching:cache",
}
"""Commands and groups made by hand that are no noun's."""


class Noun(click.Group):
    """The commands of one noun, made when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 — as click says
        """Return the verbs."""
        noun = self.name or ""
        made = [one.verb for one in operations_of(noun) if one.generated]
        return sorted({*made, *HAND_MADE.get(noun, {})})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 — as click says
        """Return the command of a verb."""
        noun = self.name or ""
        place = HAND_MADE.get(noun, {}).get(cmd_name)
        if place is not None:
            return _found(place)
        found = [one for one in operations_of(noun) if one.verb == cmd_name and one.generated]
        return command_of(found[0]) if found else None


class Program(click.Group):
    """All nouns, and the commands that are no noun's."""

    nouns: ClassVar[dict[str, str]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 — as click says
        """Return nouns and commands."""
        return sorted({*(one.noun for one in operations()), *ALONE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 — as click says
        """Return a noun or command."""
        if cmd_name in ALONE:
            return _found(ALONE[cmd_name])
        verbs = operations_of(cmd_name)
        if not verbs:
            return None
        return Noun(name=cmd_name, help=NOUNS[cmd_name])

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List nouns by their verbs, without importing what is made by hand."""
        rows = [(name, SAID[name]) for name in ALONE]
        nouns = dict.fromkeys(one.noun for one in operations() if one.noun not in ALONE)
        rows += [(noun, ", ".join(Noun(name=noun).list_commands(ctx))) for noun in nouns]
        with formatter.section("Commands"):
            formatter.write_dl(sorted(rows))


SAID = {
    "search": "Search assets; also suggestions and similar ones.",
    "login": "Sign in to a server and keep its token.",
    "logout": "Forget the kept token.",
    "admin": "Run on the server: init, migrate, worker, backup …",
    "cache": "Keep the local cache of pulled contents small.",
}


NOUNS = {
    "assets": "The registry: register, find, change, publish, take out and retire assets.",
    "edits": "Bulk edits: many assets changed at once, after a preview; stopped and undone as one.",
    "collections": "Lists of assets that people keep, note and share.",
    "fields": "Custom fields: what the studio records of assets besides.",
    "searches": "Searches that people keep, and what is new in them.",
    "events": "What happened, in order, for scripts that follow it.",
    "files": "Single originals; `assets pull` brings whole versions.",
    "groups": "Groups of users, which shows and assets may be kept to.",
    "imports": "Bulk registration from a manifest; the same as `assets import`.",
    "issues": "What is known to be wrong with versions, who sees to it, and which version fixes it.",
    "jobs": "Work that is owed, done by workers; dead letters are tried again here.",
    "ledger": "The record of who did what, and whether it is as it was written.",
    "me": "Who you are here, and what you may do.",
    "notes": "What people say of versions.",
    "openapi": "The server's description of its API.",
    "previews": "Pictures.",
    "relations": "What assets contain and what they were made from.",
    "resolutions": "Where the files of references are; the same as `assets resolve`.",
    "reviews": "Versions that wait for review: approve them, or send them back.",
    "roots": "Places outside the store where files may be referenced.",
    "shows": "Shows, and who may know of them.",
    "synonyms": "Words of the trade that mean the same to a search.",
    "tags": "Words that assets are found by, and merging those that mean the same.",
    "tokens": "Tokens of scripts.",
    "users": "The people of the studio, and services.",
    "versions": "Versions of assets: what is in them, and whether they are offered. `assets publish` makes them.",
}
"""What each noun is about, for its help."""


@click.command(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="reprise %(version)s")
@where_options
@click.pass_context
def program(ctx: click.Context, /, **said: Any) -> None:  # noqa: ANN401 — the options that say which server
    """Reprise, a catalogue of visual effects assets.

    Nouns, verbs and arguments are those of the API. Exit codes: 0 done, 2 bad arguments, 3 not found, 4 invalid input,
    5 conflict, 6 not permitted, 7 not cleared, 8 unavailable.
    """
    ctx.obj = Where(**{name: said[name] for name in NAMES})


def main() -> None:
    """Run the program with the arguments of the process."""
    try:
        ended = program.main(prog_name="catalog", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("catalog: interrupted; the same command goes on where it stopped", err=True)
        sys.stdout.flush()
        os._exit(INTERRUPTED)  # an ordinary end would wait for threads that may be waiting for a server
    sys.exit(ended if isinstance(ended, int) else 0)


def _found(place: str) -> click.Command:
    module, _, name = place.partition(":")
    command: click.Command = getattr(importlib.import_module(module), name)
    return command
