"""Parts of pages: what a page that is open asks for to put in the place of a part of itself (by htmx)."""

from __future__ import annotations

from flask import request

AS_A_PAGE = "as-a-page"
"""The event by which a form that was sent in place is told to be sent as a page instead: see ``collect.js``."""


def wants_part() -> bool:
    """Whether an open page asks for a part of itself, and not a browser for the whole page."""
    return request.method == "GET" and _in_place() and "HX-History-Restore-Request" not in request.headers


def sends_in_place() -> bool:
    """Whether an open page sent a form, to put the answer in the place of a part of itself."""
    return request.method == "POST" and _in_place()


def asked_by_script() -> bool:
    """Whether an open page asks, for whatever it takes out of the answer."""
    return "HX-Request" in request.headers


def _in_place() -> bool:
    return request.headers.get("HX-Request-Type") == "partial"
