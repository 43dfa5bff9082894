"""Writes what the CLI needs to know of each operation, as JSON, so that it starts without the server's models."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from scripts.generation.plan import IN_THE_ADDRESS, fields_of

if TYPE_CHECKING:
    from pydantic import BaseModel

    from scripts.generation.plan import Field, Plan


def command_table(plans: list[Plan]) -> str:
    """Return the JSON document."""
    lines = [json.dumps(_command(plan), ensure_ascii=False) for plan in plans]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _command(plan: Plan) -> dict[str, Any]:
    operation = plan.operation
    fields = [*plan.query, *plan.body]
    arguments: list[dict[str, Any]] = [
        {"name": name, "type": IN_THE_ADDRESS.get(name, "str").partition(" ")[0].lower(), "required": True}
        for name in plan.path_arguments
    ]
    arguments += [_option(one) for one in fields if one.name in plan.positional]
    return _worth_saying(
        {
            "name": operation.name,
            "summary": operation.summary,
            "generated": plan.generated,
            "listing": plan.items_of is not None,
            "whole": plan.items_of is not None and plan.listing_of is None,
            "paged": plan.after is not None,
            "changes": plan.changes,
            "conditional": plan.conditional,
            "arguments": arguments,
            "options": [_option(one) for one in fields if one.name not in plan.positional],
            "columns": _columns(plan.items_of, operation.answer),
        }
    )


def _option(one: Field) -> dict[str, Any]:
    kind = one.kind
    return _worth_saying(
        {
            "name": one.name,
            "type": _type(kind.base),
            "words": kind.words,
            "many": kind.many,
            "mapped": kind.mapped,
            "empty": kind.empty,
            "required": one.required,
            "help": one.description,
            "default": one.default if isinstance(one.default, int) and not isinstance(one.default, bool) else None,
            "parts": [_option(part) for part in fields_of(kind.base)] if kind.is_model else [],
        }
    )


def _worth_saying(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in (None, "", [], False)}


def _type(base: object) -> str:
    names = {int: "int", float: "float", bool: "bool", UUID: "uuid", datetime: "datetime", date: "date"}
    return names.get(base, "str") if isinstance(base, type) else "str"


def _columns(item: type[BaseModel] | None, answer: type[BaseModel] | None) -> list[str]:
    """Return the fields of a listing's items; of an answer that is one thing, those that one cell can show."""
    if item is not None:
        return [one.name for one in fields_of(item)]
    if answer is None:
        return []
    return [one.name for one in fields_of(answer) if not one.kind.mapped and not (one.kind.many and one.kind.is_model)]
