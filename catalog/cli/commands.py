"""Commands made from operations: one for each that the client offers as a plain method."""

from __future__ import annotations

from typing import Any

import click

from catalog.cli.connecting import ServerCommand, client_of
from catalog.cli.passwords import HELP, NONE_HELP, VARIABLE, password_for
from catalog.cli.showing import FORMATS, show_listing, show_one
from catalog.cli.table import Argument, Operation
from catalog.cli.values import Named, Several, option_name

SHOWN = 50
"""How many items a table shows where nobody says how many."""

PAGE_LARGEST = 200
WORDS_INLINE = 4
"""So many words an option shows in its name; more of them are told in its help."""

_TYPES: dict[str, click.ParamType[Any]] = {
    "int": click.INT,
    "float": click.FLOAT,
    "bool": click.BOOL,
    "uuid": click.UUID,
}

_PROMPTED: dict[str, Any] = {
    "prompt": True,
    "prompt_required": False,
    "hide_input": True,
    "confirmation_prompt": True,
}
"""Of a password: where the option stands without a value, it is asked for."""

format_option = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How it is printed."
)


def command_of(operation: Operation) -> click.Command:
    """Return the command of an operation."""
    parameters: list[click.Parameter] = [*map(_argument, operation.arguments), *_options(operation)]
    if operation.conditional:
        parameters.append(
            click.Option(
                ["--if-revision"], type=int, help="Revision that you read; refused where it was changed since."
            )
        )
    if operation.paged:
        parameters += _page_options()
    command = ServerCommand(
        name=operation.verb,
        params=parameters,
        callback=_callback(operation),
        help=f"{operation.summary}.",
    )
    return format_option(command)


def _argument(one: Argument) -> click.Argument:
    return click.Argument([one.name], type=_type(one), required=one.required)


def _type(one: Argument) -> click.ParamType[Any]:
    if one.mapped:
        return Named()
    if one.parts:
        return Several(one)
    return click.Choice(one.words) if one.words else _TYPES.get(one.type, click.STRING)


def _options(operation: Operation) -> list[click.Option]:
    if operation.changes:
        return [option for one in operation.options for option in _change_options(one)]
    options = [_option(one) for one in operation.options]
    if operation.asks_password:
        options = [one for one in options if one.name != "password"]
        options.append(click.Option(["--password"], envvar=VARIABLE, help=HELP, **_PROMPTED))
        options.append(click.Option(["--no-password"], is_flag=True, help=NONE_HELP))
    return options


def _option(one: Argument) -> click.Option:
    said: dict[str, Any] = {"help": _help(one), "required": one.required}
    if one.type == "bool" and not one.many:
        return click.Option([f"--{one.name.replace('_', '-')}", one.name], is_flag=True, **said)
    if one.name == "password":
        said |= _PROMPTED
        said["help"] = "Asked for where no value follows; one on the command line can be seen by others."
    if len(one.words) > WORDS_INLINE:
        said["metavar"] = one.name.upper()
    name = option_name(one.name, many=one.repeats)
    return click.Option([name, one.name], type=_type(one), multiple=one.repeats, **said)


def _change_options(one: Argument) -> list[click.Option]:
    """Options of a field that stays as it is where it is left out, and one that empties it where that can be."""
    if one.type == "bool":
        name = one.name.replace("_", "-")
        return [click.Option([f"--{name}/--no-{name}", one.name], default=None, help=_help(one))]
    options = [_option(Argument(**{**vars(one), "required": False}))]
    if one.many or one.empty:
        flag = f"--no-{one.name.replace('_', '-')}"
        options.append(
            click.Option([flag, f"no_{one.name}"], is_flag=True, help=f"Empty the {one.name.replace('_', ' ')}.")
        )
    return options


def _page_options() -> list[click.Parameter]:
    return [
        click.Option(["--limit"], type=click.IntRange(min=1), help=f"At most so many; {SHOWN} for a table, else all."),
        click.Option(["--all", "everything"], is_flag=True, help="All of them."),
        click.Option(["--cursor"], help="Begin after this one, as the page before said."),
    ]


def _help(one: Argument) -> str:
    said = one.help.replace("`", "").rstrip(".")
    said = said[:1].upper() + said[1:] + "." if said else ""
    if len(one.words) > WORDS_INLINE:
        said += f" One of {', '.join(one.words)}."
    return f"{said} By default {one.default}.".strip() if one.default is not None else said.strip()


def _callback(operation: Operation) -> Any:  # noqa: ANN401 — a callback of click
    if operation.whole:
        return _whole(operation)
    return _listing(operation) if operation.listing else _answer(operation)


def _answer(operation: Operation) -> Any:  # noqa: ANN401 — a callback of click
    @click.pass_context
    def run(ctx: click.Context, /, form: str, **given: Any) -> None:  # noqa: ANN401 — by the operation's options
        if operation.asks_password:
            none = given.pop("no_password")
            given["password"] = password_for(given["login"], given["password"], none=none)
        told = _told(operation, given)
        if operation.changes and not told.keys() & {one.name for one in operation.options}:
            names = ", ".join(option_name(one.name, many=one.repeats) for one in operation.options)
            raise click.UsageError(f"nothing to change; give one of {names}")
        show_one(_method(ctx, operation)(**told), form, operation.columns)

    return run


def _whole(operation: Operation) -> Any:  # noqa: ANN401 — a callback of click
    @click.pass_context
    def run(ctx: click.Context, /, form: str, **given: Any) -> None:  # noqa: ANN401 — by the operation's options
        show_listing(_method(ctx, operation)(**_told(operation, given)).items, form, operation.columns)

    return run


def _listing(operation: Operation) -> Any:  # noqa: ANN401 — a callback of click
    @click.pass_context
    def run(ctx: click.Context, /, form: str, **given: Any) -> None:  # noqa: ANN401 — by the operation's options
        most, everything, cursor = given.pop("limit", None), given.pop("everything", False), given.pop("cursor", None)
        listing = _method(ctx, operation)(**_told(operation, given))
        if most is None and not everything and form == "table":
            most = SHOWN
        items = (item for page in listing.pages(cursor=cursor) for item in page.items)
        if most is not None and most < PAGE_LARGEST and not cursor:
            # One small page instead of the largest, with one more to know whether there are more.
            items = iter(listing.page(limit=most + 1).items) if operation.paged else items
        show_listing(items, form, operation.columns, by_id=operation.by_id, most=most)

    return run


def _method(ctx: click.Context, operation: Operation) -> Any:  # noqa: ANN401 — a method of the client
    return getattr(getattr(client_of(ctx), operation.noun), operation.method_name)


def _told(operation: Operation, given: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of the client's method: what was given, and None or nothing for what is to be emptied."""
    fields = {one.name: one for one in operation.options}
    told: dict[str, Any] = {}
    for name, value in given.items():
        field = fields.get(name.removeprefix("no_")) if name.startswith("no_") and name not in fields else None
        if field is not None:
            if value:
                told[field.name] = None if field.empty else []
        elif value is not None and value != ():
            several: type = dict if name in fields and fields[name].mapped else list
            told[name] = several(value) if isinstance(value, tuple) else value
    return told
