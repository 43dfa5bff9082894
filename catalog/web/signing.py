"""Signing in and out: the only pages for people who are not signed in."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, redirect, render_template, request

from catalog.accounts import authentication
from catalog.kernel.errors import NotSignedIn
from catalog.web import sessions

if TYPE_CHECKING:
    from catalog.house import House

TRIES = "10 per minute"
"""How often one address, and how often one login, may fail."""
_UNFIT = re.compile(r"[\x00-\x20\\]")


def inside(address: str | None) -> str:
    """Return the address where it is a path of ours, else that of the first page: nobody is sent elsewhere."""
    # Browsers drop control characters from an address and read a backslash as a slash, so neither is let through.
    if not address or not address.startswith("/") or address.startswith("//") or _UNFIT.search(address):
        return "/"
    parts = urlsplit(address)
    return "/" if parts.scheme or parts.netloc or parts.path.startswith("/sign-") else address


def show_form() -> Response:
    """Show the form; whoever is signed in goes on to where they wanted to go."""
    following = inside(request.args.get("next"))
    if sessions.find_actor() is not None:
        return _go(following)
    return form(following)


def form(following: str, *, login: str = "", problem: str | None = None, status: int = HTTPStatus.OK) -> Response:
    """Return the page with the form, and what was wrong with the last try."""
    page = render_template("sign_in.html", following=following, login=login, problem=problem)
    return make_response(page, status)


def _failed(response: Response) -> bool:
    return response.status_code == HTTPStatus.UNAUTHORIZED


@sessions.LIMITER.limit(TRIES, key_func=sessions.tried_login, deduct_when=_failed)
@sessions.LIMITER.limit(TRIES, deduct_when=_failed)
def sign_in() -> Response:
    """Begin a session. The password is checked outside any transaction, and takes as long for a login that is none."""
    house: House = current_app.extensions["house"]
    login, following = request.form.get("login", "").strip(), inside(request.form.get("next"))
    with house.desk.read() as reading:
        user = authentication.find_user_to_check(reading, login)
    try:
        sessions.sign_in(authentication.check_password(user, request.form.get("password", "")))
    except NotSignedIn as error:
        return form(following, login=login, problem=error.message, status=HTTPStatus.UNAUTHORIZED)
    return _go(following)


def sign_out() -> Response:
    """End the session in this browser; safe to run twice."""
    sessions.sign_out()
    return _go("/sign-in")


def _go(address: str) -> Response:
    return make_response(redirect(address, HTTPStatus.SEE_OTHER))
