"""The web application: the doors for scripts and for people, and what operators ask of a process."""

from __future__ import annotations

import re
from functools import cache, partial
from time import perf_counter
from typing import TYPE_CHECKING

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from catalog.api import blueprint as api_door
from catalog.api import problems, relaying
from catalog.app import observing
from catalog.app.manual import make_manual
from catalog.assets import relay
from catalog.kernel.errors import CatalogError, InvalidInput
from catalog.kernel.ids import new_id
from catalog.settings import SECRET_MIN
from catalog.web import blueprint as web_door
from catalog.web import languages, pages_of_errors, sessions

if TYPE_CHECKING:
    from catalog.house import House

BODY_MAX_BYTES = 64 * 2**20
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
log = structlog.get_logger("catalog.web")


def create_app(house: House) -> Flask:
    """Return the application of an opened installation."""
    app = Flask("catalog", static_folder=None)
    secret = house.settings.secret_key.get_secret_value()
    if not secret:
        raise InvalidInput(
            "CATALOG_SECRET_KEY is not set; sessions and uploads are signed with it: "
            f"give at least {SECRET_MIN} random characters",
            code="bad-settings",
        )
    app.config.update(SECRET_KEY=secret)
    app.extensions["house"] = house
    if house.settings.proxies:
        forwarded = ProxyFix(app.wsgi_app, x_for=house.settings.proxies, x_proto=0)
        app.wsgi_app = forwarded  # type: ignore[method-assign]  # how Flask wants it
    app.before_request(_begin)
    app.after_request(_end)
    app.register_error_handler(Exception, _refuse)
    app.register_blueprint(api_door.create_blueprint())
    app.register_blueprint(relaying.create_blueprint())
    app.register_blueprint(observing.create_blueprint())
    sessions.install(app, house)
    languages.install(app)
    app.register_blueprint(web_door.create_blueprint(cache(partial(make_manual, house.settings.base_url))))
    return app


def for_scripts() -> bool:
    """Whether the request came to the door for scripts, whose refusals are problems and not pages."""
    return request.path.startswith(("/api/", "/healthz", "/readyz", "/metrics"))


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else str(new_id())
    # Every line of the log that this request causes tells it; threads go from one request to the next.
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    g.began = perf_counter()
    if not request.path.startswith(relay.PATH):
        request.max_content_length = BODY_MAX_BYTES


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    took_ms = (perf_counter() - g.began) * 1000
    observing.count(request.endpoint, request.method, response.status_code, took_ms / 1000)
    log.info(
        "answered",
        method=request.method,
        path=_told(request.path),
        status=response.status_code,
        took_ms=round(took_ms, 1),
        actor=g.get("actor"),
    )
    return response


def _told(path: str) -> str:
    """Return a path as the log may have it: the address of a relayed transfer is the permission to make it."""
    return f"{relay.PATH}…" if path.startswith(relay.PATH) else path


def _refuse(error: Exception) -> Response:
    """Translate every refusal and defect, at the one place that knows both doors."""
    if not isinstance(error, CatalogError | HTTPException):
        log.error("failed", path=_told(request.path), exc_info=error)
    if for_scripts():
        if isinstance(error, CatalogError):
            return problems.problem(error)
        if isinstance(error, HTTPException):
            return api_door.http_problem(error)
        return problems.plain_problem(500, "Defect", "this is a defect of ours; tell us the request id", "defect")
    return pages_of_errors.page(error)
