"""Choosing a language: kept with whoever is signed in, and in the browser of whoever is not."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from flask import Response, current_app, g, make_response, redirect, request

from catalog.accounts import speaking
from catalog.accounts.vocabulary import Language
from catalog.kernel.errors import InvalidInput
from catalog.web import languages, sessions
from catalog.web.signing import inside

if TYPE_CHECKING:
    from catalog.house import House

_A_YEAR_S = 365 * 86_400


def choose_language() -> Response:
    """Speak another language from now on, and go back to where they were."""
    said = request.form.get("language", "")
    if said not in set(Language):
        raise InvalidInput(f"language {said[:20]!r} is none of {', '.join(Language)}", code="bad-language")
    viewer = sessions.find_actor()
    if viewer is not None:
        g.actor = viewer.name
        house: House = current_app.extensions["house"]
        with house.desk.bookkeeping() as session:
            speaking.keep_language(session, viewer.person_id, Language(said))
    response = make_response(redirect(where_they_were(), HTTPStatus.SEE_OTHER))
    # Also for whoever is signed in: the page that they sign in on next time speaks it, too.
    response.set_cookie(
        languages.COOKIE, said, max_age=_A_YEAR_S, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response


def where_they_were() -> str:
    """Return the address of the page that sent the form; the search page changes its own while one types."""
    came = None
    with suppress(ValueError):
        came = urlsplit(request.headers.get("Referer", ""))
    if came is None or came.netloc != request.host:
        return "/"
    address = urlunsplit(came._replace(scheme="", netloc="", fragment=""))
    return address if came.path == "/sign-in" else inside(address)
