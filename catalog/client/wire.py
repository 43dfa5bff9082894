"""What travels: values become JSON, and JSON becomes values."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote
from uuid import UUID

from catalog.client.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

Json = Any
"""What a JSON document holds."""


class Answered(dict[str, Any]):
    """An object in an answer; says so where the server is too old to know a field."""

    def __missing__(self, name: str) -> NoReturn:
        raise Unavailable(
            f"the server's answer lacks {name!r}: it is older than this client; update it, or use its own client",
            code="older-server",
        )


class Unchanged:
    """Says that a field is to stay as it is, where None would empty it."""

    def __repr__(self) -> str:
        return "UNCHANGED"


UNCHANGED = Unchanged()


def given(**fields: object) -> dict[str, object]:
    """Return the arguments that were given, so that what was left out takes the server's default."""
    return {name: value for name, value in fields.items() if value is not None}


def changes(**fields: object) -> dict[str, object]:
    """Return the fields that are to change; None among them empties a field."""
    return {name: value for name, value in fields.items() if not isinstance(value, Unchanged)}


def several(value: object) -> object:
    """Return a text as a list of one, so that ``kind="prop"`` and ``kind=["prop"]`` are the same; None stays None."""
    return [value] if isinstance(value, str) else value


def joined(value: Sequence[str] | None) -> str | None:
    """Return several texts as one, separated by commas; a text and None stay what they are."""
    return value if value is None or isinstance(value, str) else ",".join(value)


def encoded(value: object) -> Json:
    """Return a value as JSON holds it. Values of this package may be given as mappings, too."""
    if is_dataclass(value) and not isinstance(value, type):
        # What is None was left out; so the server's default holds, and an older server is not told of newer fields.
        told = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: encoded(one) for name, one in told.items() if one is not None}
    if isinstance(value, dict):
        return {str(name): encoded(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [encoded(one) for one in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def query_of(fields: dict[str, object]) -> list[tuple[str, str]]:
    """Return query parameters; several values are the same name several times."""
    pairs = []
    for name, value in fields.items():
        for one in value if isinstance(value, (list, tuple, set, frozenset)) else (value,):
            shown = encoded(one)
            pairs.append((name, str(shown).lower() if isinstance(shown, bool) else str(shown)))
    return pairs


def segment(value: object, *, keep: str = "") -> str:
    """Return a value as one segment of an address (as several where ``keep`` is ``/``).

    Raises ``InvalidInput`` for what would make it another address: nothing, ``.`` or ``..``.
    """
    text = str(value)
    if any(part in {"", ".", ".."} for part in (text.split("/") if keep else [text])):
        raise InvalidInput(f"{text!r} cannot stand in an address; give a code, an id, a number or a relative path")
    return quote(text, safe=keep)


def moment(text: str) -> datetime:
    """Return an instant, aware of its zone."""
    # Python 3.9 and 3.10 do not read the Z.
    return datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
