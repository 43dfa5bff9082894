"""From a refusal to an exit code.

0 done · 1 a defect · 2 bad arguments · 3 not found · 4 invalid input · 5 conflict · 6 not permitted · 7 not cleared ·
8 unavailable · 130 interrupted
"""

from __future__ import annotations

from typing import IO, Any

import click

EXIT_CODES = {
    "NotFound": 3,
    "InvalidInput": 4,
    "Conflict": 5,
    "NotPermitted": 6,
    "NotCleared": 7,
    "Unavailable": 8,
}
"""By the name of the refusal's class, which is the same in the client and in the server's rooms."""

INTERRUPTED = 130
_DEFECTS_FROM = 500
_TREES = ("catalog.client.errors", "catalog.kernel.errors")


class Refused(click.ClickException):
    """A refusal in words, with its exit code."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        # click has it on the class, though what an exception ends with is its own.
        vars(self)["exit_code"] = exit_code

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the refusal."""
        click.echo(f"catalog: {self.message}", err=True, file=file)


def refused(error: Exception) -> Refused | None:
    """Return what a refusal says to people; None for an exception that is no refusal."""
    for kind in type(error).__mro__:
        if kind.__module__ in _TREES and kind.__name__ in EXIT_CODES:
            return Refused(_words(error), EXIT_CODES[kind.__name__])
    is_ours = any(kind.__module__ in _TREES for kind in type(error).__mro__)
    return Refused(_words(error), 1) if is_ours else None


def _words(error: Exception) -> str:
    lines = [str(error)]
    errors = getattr(error, "errors", ())
    if len(errors) > 1:
        lines += [f"  {one.field}: {one.message}" for one in errors]
    request_id = getattr(error, "request_id", None)
    # A person can act on a refusal by its words; the number of the request is for what nobody here can explain.
    if request_id and (getattr(error, "status", None) or 0) >= _DEFECTS_FROM:
        lines.append(f"  request {request_id}")
    return "\n".join(lines)
