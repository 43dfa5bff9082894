"""Signing in and out: the only pages for people who are not signed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, redirect, render_template, request

from catalog.accounts import authentication
from catalog.kernel.errors import NotSignedIn
from catalog.web import sessions
from catalog.web.languages import gettext, marked

if TYPE_CHECKING:
    from catalog.house import House

TRIES = "10 per minute"
"""How often one address, and how often one login, may fail."""
WRONG = marked("login or password is wrong; after a forgotten password an administrator sets a new one")
"""What ``authentication`` says then; here for the catalogs."""
_UNFIT = re.compile(r"[\x00-\x20\\]")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A form that was sent when its session had ended: where it was to go, and what it held, but for passwords.

    ``whole``: there was none, so that it can be sent as it is.
    """

    to: str
    fields: tuple[tuple[str, str], ...]
    whole: bool


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


def form(
    following: str,
    *,
    login: str = "",
    problem: str | None = None,
    status: int = HTTPStatus.OK,
    kept: Kept | None = None,
) -> Response:
    """Return the page with the form, what was wrong with the last try, and what is kept until somebody signs in."""
    page = render_template("sign_in.html", following=following, login=login, problem=problem, kept=kept)
    return make_response(page, status)


def keep_what_was_typed() -> Response | None:
    """Ask to sign in, and keep the form that was sent without a session; None for one that is not of our pages."""
    if request.method != "POST" or urlsplit(request.headers.get("Origin", "")).netloc != request.host:
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    kept = Kept(
        to=request.path,
        fields=tuple((name, value) for name, value in fields if "password" not in name),
        whole=not any("password" in name and value for name, value in fields),
    )
    problem = gettext("Your session has ended. What you typed is kept: sign in, and send it again.")
    return form("/", problem=problem, status=HTTPStatus.UNAUTHORIZED, kept=kept)


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
        status = HTTPStatus.UNAUTHORIZED
        return form(following, login=login, problem=gettext(error.message), status=status, kept=_kept())
    kept = _kept()
    if kept is not None:
        # Shown, and sent only by hand: signing in is no consent to a form.
        return make_response(render_template("kept.html", kept=kept))
    return _go(following)


def sign_out() -> Response:
    """End the session in this browser; safe to run twice."""
    sessions.sign_out()
    return _go("/sign-in")


def _kept() -> Kept | None:
    to = request.form.get("kept_to")
    if to is None or inside(to) != to:
        return None
    prefix = "kept-"
    fields = ((name, value) for name, value in request.form.items(multi=True) if name.startswith(prefix))
    return Kept(
        to=to,
        fields=tuple((name.removeprefix(prefix), value) for name, value in fields),
        whole="kept_whole" in request.form,
    )


def _go(address: str) -> Response:
    return make_response(redirect(address, HTTPStatus.SEE_OTHER))
