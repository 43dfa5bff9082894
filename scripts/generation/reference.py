"""Writes the reference of client and CLI from the code itself."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

import click

from catalog.cli.connecting import NAMES
from catalog.cli.opening import AdminCommand
from catalog.cli.program import program
from catalog.client import Client, errors, manifests, trees
from catalog.client.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITTEN = "<!-- Written by scripts/generate_client from the code; change that, not this. -->\n"
LINE_MAX = 110
SHARED = {*NAMES, "form", "help"}
"""Options that are told once, for all commands."""

CLI_HEAD = """# Commands

`catalog NOUN VERB`, also `python -m catalog`. Nouns, verbs and arguments are those of the [API](http.md) and of the
[Python client](client.md). Every command that talks to a server has these options; the first four may also stand before
its name:

| option | meaning |
|---|---|
| `--url URL` | address of the server; else `CATALOG_URL` |
| `--token TOKEN` | token; else `CATALOG_TOKEN` |
| `--data DIR` | data folder of a running catalogue (`CATALOG_DATA`): address and token are taken from `DIR/run.json` |
| `--on-behalf-of LOGIN` | user that a service token acts for |
| `--format table\\|json\\|csv` | for what is printed; JSON has every field, a listing is an array of all items |
| `-h`, `--help` | what a command takes |

Where neither options nor environment name a server, it is the one that `catalog login` kept, else the one that runs
from this checkout. A token is only ever sent to the server that it belongs to. Messages go to the error output.

Exit codes: 0 done, 1 a defect, 2 bad arguments, 3 not found, 4 invalid input, 5 conflict, 6 not permitted, 7 not
cleared, 8 unavailable, 130 interrupted; after an interruption the same command goes on where it stopped.
"""

CLIENT_HEAD = """# Python client

```python
from catalog.client import Client

client = Client("http://127.0.0.1:8000", token="…")     # or Client.from_environment()
```

Python 3.9 or newer and `requests`; it is part of Reprise, and a wheel of its own (`reprise-client`, made by
`scripts/build_client`) for Maya, Houdini, Blender and Nuke. Results are frozen dataclasses with types. Listings are
iterated, page by page as they are needed; `.page(limit=…, cursor=…)` asks for one page with `items`, `next_cursor` and
`total`.

What may safely be sent again is, after a pause, where the server or the network fails for a moment: reads, and what
creates (under an `Idempotency-Key`). No request waits for ever.
"""


def cli_reference() -> str:
    """Return docs/reference/cli.md."""
    context = click.Context(program, info_name="catalog")
    return WRITTEN + CLI_HEAD + "".join(_commands(program, context, depth=2))


def client_reference() -> str:
    """Return docs/reference/client.md."""
    client = Client("http://127.0.0.1:8000", "none")
    nouns = {name: value for name, value in vars(client).items() if not name.startswith("_")}
    client.close()
    parts = [WRITTEN, CLIENT_HEAD, "\n## Client\n\n", _signed("Client", Client), _told(Client)]
    parts += [_method("Client.from_environment", Client.from_environment)]
    for name, noun in sorted(nouns.items()):
        parts += [f"\n## client.{name}\n\n", _told(type(noun))]
        parts += [_method(f"client.{name}.{verb}", method) for verb, method in _methods(noun)]
    for title, module in (("Trees", trees), ("Manifests", manifests), ("Refusals", errors)):
        parts += [f"\n## {title}\n\n", _told(module).replace("\n::\n", ""), "\n"]
    return re.sub(r"\n{3,}", "\n\n", "".join(parts)).rstrip() + "\n"


def _commands(command: click.Command, context: click.Context, *, depth: int) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is None:
                raise TypeError(name)
            inner = click.Context(found, info_name=name, parent=context)
            yield f"\n{'#' * depth} {inner.command_path}\n"
            yield f"\n{_help(found)}\n" if isinstance(found, click.Group) else _command(found, inner)
            yield from _commands(found, inner, depth=depth + 1)


def _command(command: click.Command, context: click.Context) -> str:
    arguments = [one.make_metavar(context) for one in command.params if isinstance(one, click.Argument)]
    options = [
        one for one in command.params if isinstance(one, click.Option) and one.name not in SHARED - _own(command)
    ]
    usage = " ".join([context.command_path, *arguments, *(["[OPTIONS]"] if options else [])])
    lines = [f"\n```\n{usage}\n```\n\n{_help(command)}\n"]
    if options:
        lines.append("\n| option | meaning |\n|---|---|\n")
        lines += [_option(one, context) for one in options]
    return "".join(lines)


def _own(command: click.Command) -> set[str]:
    """Options that this command means otherwise than the others do."""
    return {"data"} if isinstance(command, AdminCommand) else set()


def _option(one: click.Option, context: click.Context) -> str:
    names = ", ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts))
    value = "" if one.is_flag else f" `{one.make_metavar(context)}`"
    said = [one.help or "", "Required." if one.required else "", "Several times." if one.multiple else ""]
    default = one.default
    if one.show_default and default not in (None, "", ()):
        said.append(f"By default {default}.")
    return (
        f"| {names}{value.replace('|', chr(92) + '|')} | {' '.join(filter(None, said)).replace('|', chr(92) + '|')} |\n"
    )


def _help(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "").replace("\f", "")


def _methods(noun: object) -> Iterator[tuple[str, Any]]:
    for name, method in inspect.getmembers(noun, callable):
        if not name.startswith("_"):
            yield name, method


def _method(name: str, method: Any) -> str:  # noqa: ANN401 — any callable
    return f"\n### {name}\n\n{_signed(name, method)}{_told(method)}"


def _signed(name: str, method: Any) -> str:  # noqa: ANN401 — any callable
    signature = inspect.signature(method)
    if "connection" in signature.parameters and signature.parameters["connection"].annotation is Connection:
        signature = signature.replace(parameters=())
    text = f"{name}{signature}".replace("'", "")
    if len(text) > LINE_MAX:
        inside, _, returned = str(signature).replace("'", "")[1:].rpartition(") ->")
        inside, returned = (inside, returned) if returned else (str(signature)[1:-1].replace("'", ""), "")
        listed = "".join(f"    {one.strip()},\n" for one in re.split(r",(?![^\[]*\])", inside))
        text = f"{name}(\n{listed})" + (f" ->{returned}" if returned else "")
    return f"```python\n{text}\n```\n\n"


def _told(thing: object) -> str:
    return (inspect.getdoc(thing) or "").replace("``", "`") + "\n"
