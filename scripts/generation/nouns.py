"""Writes the client's operations: one class for each noun, one method for each operation."""

from __future__ import annotations

import builtins
import re
import textwrap
from typing import TYPE_CHECKING
from uuid import UUID

from scripts.generation.answers import HEAD, sentence, type_text
from scripts.generation.plan import IN_THE_ADDRESS, class_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.generation.plan import Answers, Field, Plan

IMPORTS = """from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import UNCHANGED, Unchanged, changes, given, joined, segment, several
"""


def noun_modules(nouns: dict[str, list[Plan]], answers: Answers) -> Iterator[tuple[str, str]]:
    """Yield each module's path below ``catalog/client`` and its text, not yet formatted."""
    words = _closed_words(nouns)
    listed = "\n".join(f"{name} = Literal[{', '.join(map(repr, values))}]" for name, values in words.items())
    for noun, plans in nouns.items():
        text = HEAD.format(title=f"Operations on {noun}, as the server offers them.") + IMPORTS
        for name in _used(plans):
            text += f"from catalog.client.answers.{answers.homes[name]} import {name}\n"
        methods = _noun(noun, plans)
        # Only what is used: a long line that the formatter broke stays broken when most of it is taken out.
        told = [name for name in words if re.search(rf"\b{name}\b", methods)]
        text += f"from catalog.client.words import {', '.join(told)}\n" if told else ""
        text += methods
        yield f"nouns/{noun}.py", text
    yield "nouns/__init__.py", '"""The operations of the server: one module for each noun."""\n'
    head = HEAD.format(title="Closed words that arguments are taken from.")
    yield "words.py", f"{head}from typing import Literal\n\n{listed}\n"


def class_of(noun: str) -> str:
    """Return the name of a noun's class."""
    return f"{noun.title()}Operations"


def _closed_words(nouns: dict[str, list[Plan]]) -> dict[str, list[str]]:
    return {
        one.kind.base.__name__: one.kind.words
        for plans in nouns.values()
        for plan in plans
        for one in (*plan.query, *plan.body)
        if one.kind.words
    }


def _used(plans: list[Plan]) -> list[str]:
    found = set()
    for plan in plans:
        answer = plan.listing_of or plan.operation.answer
        found |= {class_name(answer)} if answer else set()
        found |= {class_name(one.kind.base) for one in plan.body if one.kind.is_model}
    return sorted(found)


def _noun(noun: str, plans: list[Plan]) -> str:
    lines = [f"\n\nclass {class_of(noun)}:", f'    """Operations on {noun}."""', ""]
    lines += ["    def __init__(self, connection: Connection) -> None:", "        self._connection = connection", ""]
    return "\n".join(lines) + "\n".join(_method(plan) for plan in plans if plan.generated)


def _method(plan: Plan) -> str:
    takes = [f"{name}: {IN_THE_ADDRESS.get(name, 'str')}" for name in plan.path_arguments]
    fields = [*plan.query, *plan.body]
    takes += [_argument(plan, one) for one in fields if one.name in plan.positional]
    named = [one for one in fields if one.name not in plan.positional]
    rest = [_argument(plan, one) for one in sorted(named, key=lambda one: not one.required or plan.changes)]
    rest += ["if_revision: int | None = None"] if plan.conditional else []
    arguments = _listed(["self", *takes, *(["*", *rest] if rest else [])], several_lines=len(rest) > 1)
    inside = textwrap.indent(f"{_docstring(plan, fields)}\n{_sending(plan)}", " " * 8)
    return f"    def {plan.method_name}({arguments}) -> {_returned(plan)}:\n{inside}\n"


def _listed(arguments: list[str], *, several_lines: bool) -> str:
    """Return arguments as they are written; the API's names stay, also where Python has a function of that name."""
    hiding = [one.partition(":")[0] in dir(builtins) for one in arguments]
    if not any(hiding):
        # The trailing comma makes the formatter put each on a line of its own.
        return ", ".join(arguments) + ("," if several_lines else "")
    reason = "  # noqa: A002 — the API calls it so"
    return (
        "\n"
        + "\n".join(f"{one},{reason if hides else ''}" for one, hides in zip(arguments, hiding, strict=True))
        + "\n"
    )


def _argument(plan: Plan, one: Field) -> str:
    text = "Sequence[str] | str" if one.name in plan.joined else _taken(one)
    if plan.changes:
        return f"{one.name}: {text} | Unchanged{' | None' if one.kind.empty else ''} = UNCHANGED"
    return f"{one.name}: {text}" if one.required else f"{one.name}: {text} | None = None"


def _taken(one: Field) -> str:
    """Return the type of an argument: values of ours may be mappings, ids may be texts, several may be any sequence."""
    kind = one.kind
    if kind.mapped:
        return "Mapping[str, Any]"
    if kind.words:
        text = kind.base.__name__
    elif kind.is_model:
        text = f"{class_name(kind.base)} | Mapping[str, Any]"
    elif kind.base is UUID:
        text = "UUID | str"
    else:
        text = "Any" if one.kind.base is object else getattr(kind.base, "__name__", "Any")
    return f"Sequence[{text}]" if kind.many else text


def _returned(plan: Plan) -> str:
    if plan.listing_of is not None:
        return f"Listing[{class_name(plan.listing_of)}]"
    return class_name(plan.operation.answer) if plan.operation.answer else "None"


def _docstring(plan: Plan, fields: list[Field]) -> str:
    said = {one.name: described(one, default=not plan.changes) for one in fields}
    told = [f"``{name}``: {words}" for name, words in said.items() if words]
    if plan.conditional:
        told.append("``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since")
    summary = sentence(plan.operation.summary)
    if not told:
        return f'"""{summary}"""'
    lines = textwrap.wrap(". ".join(one[0:2] + one[2:].rstrip(".") for one in told) + ".", 108)
    return "\n".join([f'"""{summary}', "", *lines, '"""'])


def described(one: Field, *, default: bool) -> str:
    """Return what is said of an argument, its default included where it is worth a word."""
    worth = default and one.default not in (None, "", (), [], {}, False) and "default" not in one.description
    said = f"by default {one.default}" if worth else ""
    return "; ".join(filter(None, [one.description.replace("`", "``") if one.description else "", said]))


def _sending(plan: Plan) -> str:
    address = "/".join(_part(part) for part in plan.operation.path.split("/"))
    path = f'f"{address}"' if "{" in address else f'"{address}"'
    if plan.listing_of is not None:
        query = f", {_fields(plan, plan.query)}" if plan.query else ""
        after = "" if plan.after == "cursor" else f", after={plan.after!r}"
        return f"return Listing(self._connection, {path}, {class_name(plan.listing_of)}.read{query}{after})"
    parts = [f'"{plan.operation.method}"', path]
    parts += [f"query={_fields(plan, plan.query)}"] if plan.query else []
    parts += [f"body={_fields(plan, plan.body)}"] if plan.body else []
    parts += ["creates=True"] if plan.operation.creates else []
    parts += ["if_revision=if_revision"] if plan.conditional else []
    call = f"self._connection.call({', '.join(parts)})"
    return f"return {class_name(plan.operation.answer)}.read({call})" if plan.operation.answer else call


def _part(part: str) -> str:
    if not part.startswith("{"):
        return part
    name = part.strip("{}")
    return f"{{segment({name}, keep='/')}}" if name == "path" else f"{{segment({name})}}"


def _fields(plan: Plan, fields: list[Field]) -> str:
    gathered = "changes" if plan.changes else "given"
    return f"{gathered}({', '.join(f'{one.sent_as}={_value(plan, one)}' for one in fields)})"


def _value(plan: Plan, one: Field) -> str:
    if one.name in plan.joined:
        return f"joined({one.name})"
    return f"several({one.name})" if one.kind.many and not one.kind.is_model else one.name


__all__ = ["class_of", "described", "noun_modules", "type_text"]
