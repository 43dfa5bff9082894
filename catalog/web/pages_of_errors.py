"""Refusals and defects as pages: what was wrong, what would be right, and whom to ask."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from flask import current_app, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from catalog.accounts.vocabulary import ROLE_ABILITIES
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import (
    CatalogError,
    Conflict,
    InvalidInput,
    NotCleared,
    NotFound,
    NotPermitted,
    NotSignedIn,
    Stale,
    TooMany,
    Unavailable,
)
from catalog.web import sessions, signing, wording
from catalog.web.languages import gettext, marked
from catalog.web.parts import AS_A_PAGE, sends_in_place, wants_part
from catalog.web.protection import protect
from catalog.web.reasons import reason

if TYPE_CHECKING:
    from flask import Response

    from catalog.house import House
    from catalog.kernel.errors import FieldError

_STATUSES: dict[type[CatalogError], tuple[int, str]] = {
    NotFound: (404, marked("There is nothing here")),
    InvalidInput: (422, marked("That makes no sense to us")),
    Stale: (412, marked("It was changed meanwhile")),
    Conflict: (409, marked("It clashes with what is there")),
    NotPermitted: (403, marked("You may not do that")),
    NotCleared: (403, marked("The rights do not admit that")),
    TooMany: (429, marked("Too many tries")),
    Unavailable: (503, marked("A part of the catalog does not answer")),
}
"""In order: the first that matches counts."""
_PLAIN: dict[int, tuple[str, str]] = {
    404: (
        marked("There is nothing here"),
        marked("No page has this address. It may have been mistyped, or have moved."),
    ),
    405: (
        marked("This address takes something else"),
        marked("The page cannot be asked in this way; go back and use its form."),
    ),
    413: (
        marked("That was too much at once"),
        marked("Large files travel by the command line or the Python client, not by this form."),
    ),
    429: (marked("Too many tries"), marked("Wait a minute, then try again.")),
}
RETRY_AFTER_S = "2"


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What the page says. ``roles`` may do what was refused; ``errors`` name the fields that were wrong.

    ``english``: the message is of a room below, which speaks no other language; ``reason`` says it in the reader's.
    """

    status: int
    title: str
    message: str
    code: str
    errors: tuple[FieldError, ...] = ()
    roles: tuple[str, ...] = ()
    english: bool = False
    reason: str | None = None


def page(error: Exception) -> Response:
    """Return the page of a refusal, or of a defect of ours, which says nothing of what is inside."""
    if wants_part():
        # A page that asked for a part of itself shows the refusal as a page, and never inside itself.
        to_page = make_response("", HTTPStatus.NO_CONTENT)
        to_page.headers["HX-Redirect"] = request.full_path.rstrip("?")
        return _kept_private(to_page)
    if sends_in_place():
        # Nothing was written. Sent once more as a page, the form is refused as one, and what was typed is kept.
        once_more = make_response("", HTTPStatus.NO_CONTENT)
        once_more.headers["HX-Trigger"] = AS_A_PAGE
        return _kept_private(once_more)
    g.viewer = g.get("viewer") or _viewer()
    ended = isinstance(error, CSRFError) and g.viewer is None and request.endpoint != "web.begin"
    if isinstance(error, NotSignedIn) or ended:
        return _kept_private(signing.keep_what_was_typed() or _to_sign_in())
    if isinstance(error, RequestEntityTooLarge) and g.viewer is None:
        return _kept_private(_to_sign_in())  # of whoever is not signed in only small forms are read
    if isinstance(error, CSRFError):
        return _kept_private(_stale_form())
    if isinstance(error, HTTPException) and error.code and error.code < HTTPStatus.BAD_REQUEST:
        return _kept_private(cast("Response", error.get_response()))
    return _kept_private(_show(_said(error)))


def status_of(error: CatalogError) -> int:
    """Return the HTTP status of a refusal."""
    return _standing(error)[0]


def _viewer() -> object | None:
    with suppress(CatalogError):
        return sessions.find_actor()
    return None


def _to_sign_in() -> Response:
    """Ask to sign in, and come back to what was to be read; a form that was sent is not sent again."""
    following = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None
    wanted = None if following == "/" else following
    return make_response(redirect(url_for("web.sign_in", next=wanted), HTTPStatus.SEE_OTHER))


def _stale_form() -> Response:
    if request.endpoint == "web.begin":
        return signing.form(
            signing.inside(request.form.get("next")),
            login=request.form.get("login", ""),
            problem=gettext(
                "This page was open for too long, or the browser keeps no cookies for it. Please try once more."
            ),
            status=HTTPStatus.BAD_REQUEST,
        )
    title = gettext("The form was too old, or not ours")
    message = gettext("Nothing was changed. Go back, load the page again, and repeat it there.")
    return _show(Refusal(status=400, title=title, message=message, code="stale-form"))


def _said(error: Exception) -> Refusal:
    if isinstance(error, CatalogError):
        status, title = _standing(error)
        return Refusal(
            status=status,
            title=gettext(title),
            message=wording.begun(error.message, g.get("actor")),
            code=error.code,
            errors=error.errors,
            roles=_roles_with(error.details.get("ability")),
            english=True,
            reason=reason(error),
        )
    if isinstance(error, HTTPException) and error.code:
        title, message = map(gettext, _PLAIN.get(error.code, (error.name, error.description or error.name)))
        return Refusal(status=error.code, title=title, message=message, code=f"http-{error.code}")
    message = gettext(
        "This is a defect of ours, not of what you did. It was written down; the request id below finds it."
    )
    return Refusal(status=500, title=gettext("Something broke"), message=message, code="defect")


def _standing(error: CatalogError) -> tuple[int, str]:
    return next((said for kind, said in _STATUSES.items() if isinstance(error, kind)), (500, marked("Refused")))


def _roles_with(ability: object) -> tuple[str, ...]:
    if ability not in set(Ability):
        return ()
    return tuple(wording.plain(role) for role, abilities in ROLE_ABILITIES.items() if ability in abilities)


def _show(refusal: Refusal) -> Response:
    response = make_response(
        render_template("refusal.html", refusal=refusal, request_id=g.get("request_id")), refusal.status
    )
    if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = RETRY_AFTER_S
    return response


def _kept_private(response: Response) -> Response:
    house: House = current_app.extensions["house"]
    return protect(response, house.settings)
