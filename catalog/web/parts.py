"""Parts of pages: what a page that is open asks for to put in the place of a part of itself (by htmx)."""

from __future__ import annotations

from flask import request


def wants_part() -> bool:
    """Whether an open page asks for a part of itself, and not a browser for the whole page."""
    return (
        request.method == "GET"
        and request.headers.get("HX-Request-Type") == "partial"
        and "HX-History-Restore-Request" not in request.headers
    )
