"""What a request says, read by the models of its operation. Knows neither Flask nor the database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from catalog.api import problems
from catalog.api.operation import Model
from catalog.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from catalog.api.operation import Operation

_REVISION = re.compile(r'(?:W/)?"([0-9]{1,9})(?:\.[0-9a-f]{1,64})?"')
_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class NoBody(Model):
    """What an operation that needs nothing said is told."""


def read_query(operation: Operation, given: Iterable[tuple[str, list[str]]]) -> Model:
    """Return the query; a parameter may be there several times where the model takes several (``kind=prop&kind=…``)."""
    said: dict[str, Any] = {}
    fields = operation.query.model_fields
    for name, values in given:
        refuse_nul(name, *values)
        several = name in fields and "tuple" in str(fields[name].annotation)
        said[name] = values if several or len(values) > 1 else values[0]
    try:
        return operation.query.model_validate(said) if said else operation.query()
    except ValidationError as error:
        raise problems.invalid(error, "query") from error


def read_path(given: Mapping[str, str]) -> Mapping[str, str]:
    """Return the arguments of the address."""
    refuse_nul(*given.values())
    return given


def read_body(operation: Operation, raw: bytes, media_type: str) -> Any:  # noqa: ANN401 — the operation's model
    """Return the body as the operation's model, or as bytes where it takes rows; unknown fields are refused."""
    if operation.method == "GET":
        return None
    if operation.ndjson:
        return raw
    if raw and media_type != "application/json":
        raise InvalidInput(f"Content-Type is {media_type[:80]!r}; send application/json", code="bad-content-type")
    return read_json(operation.body or NoBody, raw or b"{}", "body")


def read_json(model: type[Model], raw: bytes, where: str) -> Any:  # noqa: ANN401 — an instance of the model
    """Return JSON as a model; ``InvalidInput`` names every field that is wrong."""
    if _ESCAPED_NUL.search(raw):
        raise _nul()
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise problems.invalid(error, where) from error


def read_revision(if_match: str | None) -> int | None:
    """Return the revision that a change was made on; None where its writer does not mind."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _REVISION.fullmatch(if_match.strip())
    if found is None:
        raise InvalidInput(
            f"If-Match {if_match[:40]!r} is no ETag of ours; send the one that you were given", code="bad-etag"
        )
    return int(found[1])


def refuse_nul(*texts: str) -> None:
    """Refuse the one character that PostgreSQL cannot keep, so that both databases take the same."""
    if any("\0" in text for text in texts):
        raise _nul()


def _nul() -> InvalidInput:
    return InvalidInput(
        "the request holds the character NUL (U+0000), which no text here has; remove it", code="nul-character"
    )
