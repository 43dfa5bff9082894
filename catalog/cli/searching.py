"""``catalog search QUERY``; and ``search export``, ``search suggestions`` and ``search similar``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catalog.cli.commands import SHOWN, command_of, format_option
from catalog.cli.connecting import ServerCommand, client_of
from catalog.cli.showing import show_bytes, show_listing, show_one, show_table
from catalog.cli.table import operation, operations_of
from catalog.cli.values import option_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalog.client.answers.search import SearchPage

_SEARCH = operation("search.assets")
_FORMS = next(one.words for one in operation("search.export").options if one.name == "form")
_COLUMNS = ("code", "name", "kind", "status", "latest_version", "shows", "tags", "grade", "updated_at")


class Search(click.Group):
    """A group whose first command is the one that is meant where no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``assets`` before what is no command of the group."""
        named = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["assets", *args])


@click.group(cls=Search)
def search() -> None:
    """Search assets: `catalog search QUERY`.

    A query that is called like one of the commands below is written `catalog search assets QUERY`.
    """


_CALLED = {"format": "--file-format"}
"""Options whose own name says how every command prints."""


def _narrowing(command: Callable[..., None]) -> Callable[..., None]:
    """Give the command an option for each field that narrows a search."""
    for one in reversed(_SEARCH.options):
        if one.many:
            said = "Only these; -VALUE leaves out, several are either."
            name = _CALLED.get(one.name) or option_name(one.name, many=False)
            command = click.option(name, one.name, multiple=True, help=said)(command)
    return command


_QUERY = click.argument("q", required=False, metavar="[QUERY]")
_SORT = click.option(
    "--sort", type=click.Choice(next(one.words for one in _SEARCH.options if one.name == "sort")), help="Order."
)
_PRIORS = click.option(
    "--priors/--no-priors", default=None, help="Prefer a little what changed lately, as by default, or not."
)


@search.command("assets", cls=ServerCommand)
@_QUERY
@_narrowing
@click.option("--facet", "facets", multiple=True, help="Facet to count, such as kind or show.")
@_SORT
@_PRIORS
@click.option("--limit", type=click.IntRange(1, 200), default=SHOWN, show_default=True, help="At most so many.")
@click.option("--all", "everything", is_flag=True, help="All hits, page by page.")
@click.option("--cursor", help="Begin after this one, as the page before said.")
@format_option
@click.pass_context
def assets(ctx: click.Context, /, form: str, *, everything: bool, **told: Any) -> None:  # noqa: ANN401 — as the client
    """Search assets. JSON has hits, total and facets as the API answers them; with --all it is a list of hits."""
    found = client_of(ctx).search
    given = _given(told)
    if everything:
        narrowed = {name: value for name, value in given.items() if name not in {"facets", "limit", "cursor"}}
        show_listing(found.hits(**narrowed), form, _COLUMNS)
        return
    page = found.assets(**given)
    if form == "json":
        show_one(page, form, ())
        return
    _show_notices(page, told.get("q") or "")
    show_listing(page.items, form, _COLUMNS)
    if form == "table":
        _show_beside(page)


@search.command("export", cls=ServerCommand)
@_QUERY
@_narrowing
@_SORT
@_PRIORS
@click.option("--form", type=click.Choice(_FORMS), default="csv", show_default=True, help="As what.")
@click.option("--bom", is_flag=True, help="CSV for spreadsheets: marked as UTF-8, and formulas as text.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else it is printed.")
@click.pass_context
def export(ctx: click.Context, /, to: Path | None, **told: Any) -> None:  # noqa: ANN401 — as the client
    """Export everything that a search finds. A file that is there already is replaced once all has come."""
    show_bytes(client_of(ctx).search.export(**_given(told)), to)


def _given(told: dict[str, Any]) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in told.items()
        if value or value is False
    }


def _show_notices(page: SearchPage, text: str) -> None:
    """Say what of the text was not read as it was meant: the place, and what would be right."""
    for one in page.notices:
        better = f" Did you mean: {one.q.strip()}" if one.q and one.q.strip() else ""
        click.echo(f"{text[one.start : one.end]}: {one.message}{better}", err=True)


def _show_beside(page: SearchPage) -> None:
    for name, values in page.facets.items():
        click.echo(f"\n{name}")
        show_table([{"value": one.label, "count": one.count} for one in values if one.count], ("value", "count"))
    more = f"; --cursor {page.next_cursor} shows the next" if page.next_cursor else ""
    click.echo(f"{page.total} in all{more}", err=True)


for _one in operations_of("search"):
    if _one.verb not in search.commands:
        search.add_command(command_of(_one))
