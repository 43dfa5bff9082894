"""Refusals, as the server says them.

::

    CatalogError
    ├── NotFound        it does not exist, or you may not know that it does
    ├── InvalidInput    a value breaks a rule; ``errors`` names the fields
    ├── Conflict        it clashes with what is already there
    │   └── Stale       it was changed since it was read
    ├── NotPermitted    you lack an ability
    │   └── NotSignedIn no token, or one that is not valid
    ├── NotCleared      rights do not admit the planned use
    └── Unavailable     a part of the installation cannot answer now
        └── TooMany     asked more often than the limit allows

What goes wrong on this side (a file that changes while it is sent, a folder that is not there) is said by the same
tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from requests import Response

BODY_SHOWN = 200


@dataclass(frozen=True)
class FieldError:
    """One field that breaks a rule; ``field`` is a dotted path (``files.3.sha256``)."""

    field: str
    message: str


class CatalogError(Exception):
    """A refusal that people can act on.

    ``message`` says the wrong value and the remedy, ``code`` is stable and for programs, ``errors`` names fields, and
    ``request_id`` finds the request in the server's log and ledger. ``status`` is the HTTP status, None where the
    refusal was made on this side.
    """

    default_code = "error"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
        request_id: str | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.errors = tuple(errors)
        self.request_id = request_id
        self.status = status


class NotFound(CatalogError):
    """It does not exist, or you may not know that it does; the two look the same."""

    default_code = "not-found"


class InvalidInput(CatalogError):
    """A value breaks a rule."""

    default_code = "invalid-input"


class Conflict(CatalogError):
    """It clashes with what is already there."""

    default_code = "conflict"


class Stale(Conflict):
    """It was changed since it was read; read it again and repeat the change."""

    default_code = "stale"


class NotPermitted(CatalogError):
    """You lack an ability."""

    default_code = "not-permitted"


class NotSignedIn(NotPermitted):
    """No token, or one that is unknown, revoked or expired."""

    default_code = "not-signed-in"


class NotCleared(CatalogError):
    """Rights do not admit the planned use."""

    default_code = "not-cleared"


class Unavailable(CatalogError):
    """A part of the installation cannot answer now; trying again later is right (``retry_after_s``, where it says)."""

    default_code = "unavailable"
    retry_after_s: float | None = None


class TooMany(Unavailable):
    """Asked more often than the limit allows."""

    default_code = "too-many-requests"


_BY_STATUS: dict[int, type[CatalogError]] = {
    400: InvalidInput,
    401: NotSignedIn,
    403: NotPermitted,
    404: NotFound,
    405: NotFound,
    409: Conflict,
    410: NotFound,
    412: Stale,
    413: InvalidInput,
    415: InvalidInput,
    416: InvalidInput,
    422: InvalidInput,
    429: TooMany,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


def refusal_of(response: Response) -> CatalogError:
    """Return what an answer with an error status says, whoever gave it: the server, or a proxy before it."""
    problem = _problem_of(response)
    kind = _BY_STATUS.get(response.status_code, CatalogError)
    if kind is NotPermitted and problem.get("title") == "Not cleared":
        kind = NotCleared
    return kind(
        str(problem.get("detail") or _said_otherwise(response)),
        code=problem.get("code"),
        errors=[FieldError(str(one.get("field")), str(one.get("message"))) for one in problem.get("errors") or ()],
        request_id=problem.get("request_id") or response.headers.get("X-Request-ID"),
        status=response.status_code,
    )


def _said_otherwise(response: Response) -> str:
    """Return what an answer says that is no problem document, which a catalogue's API never sends."""
    said = f"{response.status_code} {response.reason}"
    if _media_type(response) == "text/html":
        asked = response.url.partition("?")[0]
        return f"{said}: {asked} is a web page; the address of a catalogue is one like http://127.0.0.1:8000"
    return f"{said}: {response.text[:BODY_SHOWN].strip()}"


def _media_type(response: Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip()


def _problem_of(response: Response) -> dict[str, Any]:
    if _media_type(response) != "application/problem+json":
        return {}
    try:
        problem = response.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}
