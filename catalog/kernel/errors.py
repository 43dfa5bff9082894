"""The one small tree of refusals.

::

    CatalogError
    ├── NotFound        it does not exist, or the viewer may not know that it does
    ├── InvalidInput    a value breaks a rule; ``errors`` names the fields
    ├── Conflict        it clashes with what is already there
    │   └── Stale       it was changed since it was read
    ├── NotPermitted    the actor lacks an ability
    │   └── NotSignedIn nobody is acting
    ├── NotCleared      rights do not admit the planned use
    └── Unavailable     a part of the installation cannot answer now
        └── TooMany     asked more often than the limit allows

Doors translate: HTTP problem+json, the web error page, the CLI's exit code. Messages name the value that was wrong and
what would be right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True)
class FieldError:
    """One field that breaks a rule; ``field`` is a dotted path (``files.3.sha256``)."""

    field: str
    message: str


KEPT_CHARS = 500
"""So much of a value is kept beside a refusal: it is told in one sentence."""


class CatalogError(Exception):
    """A refusal that people can act on. ``code`` is stable, ``details`` are values worth showing."""

    default_code: ClassVar[str] = "error"

    def __init__(
        self, message: str, *, code: str | None = None, errors: Sequence[FieldError] = (), **details: object
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.errors = tuple(errors)
        self.details = details

    def kept(self, about: str = "") -> dict[str, Any]:
        """Return as JSON what is kept beside the message, to be told in another language later."""
        values = {
            name: one if isinstance(one, int | float) else str(one)[:KEPT_CHARS] for name, one in self.details.items()
        }
        return {"about": about, "code": self.code, "values": values}


class NotFound(CatalogError):
    """It does not exist, or the viewer may not know that it does; the two look the same."""

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
    """The actor lacks an ability."""

    default_code = "not-permitted"


class NotSignedIn(NotPermitted):
    """Nobody is acting: no token, or one that is unknown, revoked or expired."""

    default_code = "not-signed-in"


class NotCleared(CatalogError):
    """Rights do not admit the planned use."""

    default_code = "not-cleared"


class Unavailable(CatalogError):
    """A part of the installation cannot answer now; trying again later is right."""

    default_code = "unavailable"


class TooMany(Unavailable):
    """Asked more often than the limit allows."""

    default_code = "too-many-requests"
