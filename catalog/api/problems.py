"""Refusals as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, g, json

from catalog.kernel.errors import (
    CatalogError,
    Conflict,
    FieldError,
    InvalidInput,
    NotCleared,
    NotFound,
    NotPermitted,
    NotSignedIn,
    Stale,
    TooMany,
    Unavailable,
)
from catalog.kernel.mistakes import mistakes

if TYPE_CHECKING:
    from pydantic import ValidationError

STATUSES: dict[type[CatalogError], tuple[int, str]] = {
    NotFound: (404, "Not found"),
    InvalidInput: (422, "Invalid input"),
    Stale: (412, "Changed meanwhile"),
    Conflict: (409, "Conflict"),
    NotSignedIn: (401, "Not signed in"),
    NotPermitted: (403, "Not permitted"),
    NotCleared: (403, "Not cleared"),
    TooMany: (429, "Too many requests"),
    Unavailable: (503, "Unavailable"),
}
"""In order: the first that matches counts."""

STATUSES_OF_CODES = {"bad-content-type": (415, "Unsupported media type"), "bad-range": (416, "Range not satisfiable")}
"""Refusals for which HTTP has a status of its own."""

EXPLAINED = "/docs/guides/errors"
"""The page that explains every code; each has an anchor there."""

ERRORS_MAX = 50
TOLD_MAX = 5_000
"""So many mistakes of a request are told; of more than these, only their number."""


def status_of(error: CatalogError) -> tuple[int, str]:
    """Return HTTP status and title of a refusal."""
    if error.code in STATUSES_OF_CODES:
        return STATUSES_OF_CODES[error.code]
    for kind, status in STATUSES.items():
        if isinstance(error, kind):
            return status
    return 500, "Error"


def problem(error: CatalogError) -> Response:
    """Return a refusal as an HTTP answer."""
    status, title = status_of(error)
    response = _problem(status, title, error.message, error.code, error.errors)
    if isinstance(error, NotSignedIn):
        response.headers["WWW-Authenticate"] = 'Bearer realm="catalog"'
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = "2"
    if error.code == "bad-range" and "size_bytes" in error.details:
        response.headers["Content-Range"] = f"bytes */{error.details['size_bytes']}"
    return response


def plain_problem(status: int, title: str, detail: str, code: str) -> Response:
    """Return a refusal that no room made: an unknown address, a wrong method, a defect of ours."""
    return _problem(status, title, detail, code, ())


def invalid(error: ValidationError, where: str) -> InvalidInput:
    """Return what pydantic found wrong as our refusal, naming each field and its value.

    Of very many mistakes none is named: each takes a kilobyte to tell, and a body may hold millions.
    """
    if error.error_count() > TOLD_MAX:
        message = f"{error.error_count():,} things are wrong; send only the names that the reference has"
        errors = [FieldError(field=where, message=message)]
        return InvalidInput(f"{where}: {message}", code="invalid-request", errors=errors)
    found = list(mistakes(error.errors(include_url=False)[:ERRORS_MAX]))
    place = f"{where}: {found[0].field}" if found[0].field else where
    errors = [FieldError(field=one.field or where, message=one.message) for one in found]
    return InvalidInput(f"{place}: {found[0].message}", code="invalid-request", errors=errors)


def _problem(status: int, title: str, detail: str, code: str, errors: tuple[FieldError, ...]) -> Response:
    body = {
        "type": f"{EXPLAINED}#{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [{"field": one.field, "message": one.message} for one in errors],
        "request_id": g.get("request_id"),
    }
    return Response(json.dumps(body) + "\n", status=status, content_type="application/problem+json")
