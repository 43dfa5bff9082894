"""Who is asking: web sessions in a signed cookie, and what guards their forms.

The cookie holds a user's id and session epoch, signed and not secret. Both are checked against the database at every
request, so disabling a user, a new password or new roles end the session at once. A bearer token opens nothing here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from flask import current_app, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect

from catalog.accounts import authentication
from catalog.kernel import clock
from catalog.kernel.errors import NotSignedIn
from catalog.kernel.ids import find_id

if TYPE_CHECKING:
    from flask import Flask

    from catalog.accounts.models import User
    from catalog.house import House
    from catalog.kernel.actors import Actor

CSRF = CSRFProtect()
LIMITER = Limiter(key_func=get_remote_address, storage_uri="memory://", strategy="moving-window")
"""Counts within one process: with several, a caller has as many tries as there are processes."""


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """What Flask-Login keeps of a session, and the actor it was found to be at this request."""

    def __init__(self, kept: str, actor: Actor | None = None, language: str | None = None) -> None:
        self.id = kept
        self.actor = actor
        self.language = language


def install(app: Flask, house: House) -> None:
    """Give the application sessions, checks of forms and limits; ``app`` has its secret key already."""
    address = urlsplit(house.settings.base_url)
    secure = address.scheme == "https"
    # Browsers share cookies between the ports of a host; two installations on one machine must not end each other's
    # sessions. The prefix makes browsers refuse a cookie of this name that another host of the domain has set.
    name = f"reprise-{address.port}" if address.port else "reprise"
    app.config.update(
        SESSION_COOKIE_NAME=f"__Host-{name}" if secure else name,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=house.settings.session_hours),
        # Forms live as long as their session. The API takes no cookie and needs no such check: ours asks for it itself.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    CSRF.init_app(app)
    LIMITER.init_app(app)
    login = LoginManager(app)
    # The identity of a session is its signature; an address that changes on the way to the next room is no attack.
    login.session_protection = None
    login.user_loader(_load)


def sign_in(user: User) -> None:
    """Begin a session of a user whose password was checked; nothing of the session before it is kept."""
    session.clear()
    session.permanent = True
    login_user(SignedIn(f"{user.id}:{user.session_epoch}"))


def sign_out() -> None:
    """End the session in this browser."""
    logout_user()
    session.clear()


def find_actor() -> Actor | None:
    """Return who is asking; None where nobody is signed in, or the session has ended."""
    return cast("Actor", current_user.actor) if current_user.is_authenticated else None


def find_language() -> str | None:
    """Return the language that whoever is signed in has chosen; None where they chose none, or nobody is."""
    return cast("str | None", current_user.language) if current_user.is_authenticated else None


def actor() -> Actor:
    """Return who is asking; ``NotSignedIn`` where nobody is."""
    found = find_actor()
    if found is None:
        raise NotSignedIn("sign in to see this page")
    return found


def prolong() -> None:
    """Let the session live on from now: it ends when nobody has looked at a page for its whole length."""
    session.modified = True


def tried_login() -> str:
    """Return the login that somebody tries, so that many addresses together cannot try more often than one."""
    return request.form.get("login", "").strip().casefold()[:80]


def _load(kept: str) -> SignedIn | None:
    user_id, _, epoch = kept.partition(":")
    found = find_id(user_id)
    if found is None or not epoch.isdecimal():
        return None
    house: House = current_app.extensions["house"]
    now = clock.now()
    with house.desk.read() as reading:
        try:
            user = authentication.user_of_session(reading, found, int(epoch))
        except NotSignedIn:
            return None
        signed_in = SignedIn(kept, authentication.actor_of(user), user.language)
        unseen = authentication.is_stale(user.last_seen_at, now)
    if unseen:
        house.desk.jot(lambda writing: authentication.note_sight(writing, found, now))
    return signed_in
