"""From request to call and back: every page passes the same steps.

Who is it, may they, is the form theirs; then one view or one unit of work; then the page, after all is committed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from jinja2 import StrictUndefined
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper

from catalog.kernel.abilities import Ability
from catalog.kernel.errors import CatalogError, Conflict, InvalidInput, NotFound
from catalog.search.signs import say_value
from catalog.storage.port import CHUNK_BYTES
from catalog.web import choosing, display, examples, forms, languages, reasons, sessions, signing, wording
from catalog.web.counts import Counts, counts
from catalog.web.pages_of_errors import status_of
from catalog.web.parts import sends_in_place, wants_part
from catalog.web.pictures import preview_address
from catalog.web.protection import WORKER_POLICY, protect
from catalog.web.route import FORM_MAX_BYTES, Call, Content, Moved, SentFile
from catalog.web.stationery import WORKERS, stationery
from catalog.web.table import ROUTES
from catalog.work.view import require

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from flask.blueprints import BlueprintSetupState

    from catalog.house import House
    from catalog.kernel.actors import Actor
    from catalog.web.manual import Manual
    from catalog.web.route import Reply, Route, Shown
    from catalog.work.view import View

_FORMS_MAX_BYTES = {f"web.{route.name}": route.form_max_bytes for route in ROUTES}
_A_YEAR_S = 365 * 86_400
_PLATFORMS = {"Windows": "windows", "Macintosh": "macos"}
_FOR_GOOD = "public, max-age=31536000, immutable"


def create_blueprint(manual: Callable[[], Manual]) -> Blueprint:
    """Return the door with every page of the table, signing in and out, and what pages are made with.

    ``manual`` describes the API, which is another door; it is asked for when somebody reads of it.
    """
    door = Blueprint("web", __name__, template_folder="templates")
    for route in ROUTES:
        path = re.sub(r"{(\w+)}", r"<string:\1>", route.path)
        door.add_url_rule(path, route.name, _answer_to(route), methods=[route.method])
    door.add_url_rule("/sign-in", "sign_in", signing.show_form)
    door.add_url_rule("/sign-in", "begin", signing.sign_in, methods=["POST"])
    door.add_url_rule("/sign-out", "sign_out", signing.sign_out, methods=["POST"])
    door.add_url_rule("/language", "language", choosing.choose_language, methods=["POST"])
    door.add_url_rule("/static/<string:stamp>/<string:name>", "static", _sheet)
    door.before_request(_refuse_foreign_forms)
    door.after_request(_protect)
    door.record_once(_prepare_templates)
    door.record_once(lambda state: state.app.extensions.update(manual=manual))
    return door


def _house() -> House:
    house: House = current_app.extensions["house"]
    return house


def _refuse_foreign_forms() -> None:
    limit = _FORMS_MAX_BYTES.get(request.endpoint or "", FORM_MAX_BYTES)
    # A large form is taken only from somebody: it would be read before it is asked who sent it.
    known = limit == FORM_MAX_BYTES or sessions.find_actor() is not None
    request.max_content_length = limit if known else FORM_MAX_BYTES
    sessions.CSRF.protect()


def _protect(response: Response) -> Response:
    return protect(response, _house().settings)


def _answer_to(route: Route) -> Callable[..., Response]:
    def answer(**path: str) -> Response:
        house, viewer = _house(), sessions.actor()
        g.viewer, g.actor = viewer, viewer.name
        require(viewer, route.ability)
        return _respond(_carry_out(route, _read(house, viewer, path)))

    return answer


def _read(house: House, viewer: Actor, path: dict[str, str]) -> Call:
    """Return what is asked, without the one character that PostgreSQL cannot keep or compare."""
    pairs = parse_qsl(request.query_string.decode("utf-8", "replace"), keep_blank_values=True)
    said = (*path.values(), *(value for pair in pairs for value in pair), *request.form.values())
    if any("\0" in text for text in said):
        raise InvalidInput("the request holds the character NUL (U+0000), which no text here has", code="nul-character")
    query: dict[str, list[str]] = {}
    for name, value in pairs:
        query.setdefault(name, []).append(value)
    return Call(
        house=house,
        actor=viewer,
        path=path,
        query=query,
        pairs=pairs,
        form=request.form,
        tastes=_tastes(),
        files=[
            SentFile(field=field, name=file.filename or "", body=file.stream)
            for field, file in request.files.items(multi=True)
        ],
        manual=current_app.extensions["manual"],
    )


def _tastes() -> dict[str, str]:
    """Return what the browser keeps for us; the platform, where it keeps none, as it calls itself."""
    agent = request.user_agent.string
    itself = next((name for sign, name in _PLATFORMS.items() if sign in agent), "linux")
    return {"platform": itself, **request.cookies}


def _carry_out(route: Route, call: Call) -> Reply:
    if route.read:
        with call.house.desk.view(call.actor) as view:
            return route.read(call, view)
    try:
        said = _write(route, call)
    except (InvalidInput, Conflict, NotFound) as refusal:
        if route.again is None or sends_in_place():
            raise
        return _once_more(route.again, call, refusal)
    reply: Reply = route.conclude(call, said) if route.conclude else said
    return reply


def _write(route: Route, call: Call) -> Any:  # noqa: ANN401 — whatever the write hands to its conclusion
    if route.write is None:
        raise TypeError(route.name)
    if route.prepare:
        call = replace(call, prepared=route.prepare(call))
    with call.house.desk.work(call.actor, request_id=g.get("request_id")) as work:
        return route.write(call, work)


def _once_more(show: Callable[[Call, View], Shown], call: Call, refusal: CatalogError) -> Shown:
    """Show the form again, with what was typed into it: nobody types a thing twice."""
    with call.house.desk.view(call.actor) as view:
        shown = show(call, view)
    return replace(shown, status=status_of(refusal), refusal=refusal, typed=call.form)


def _respond(reply: Reply) -> Response:
    if isinstance(reply, Content):
        return _bytes(reply)
    sessions.prolong()
    if isinstance(reply, Moved):
        if reply.saying:
            flash(reply.saying)
        to = reply.to or url_for(f"web.{reply.page}", **reply.arguments)
        return _keeping(make_response(redirect(to, HTTPStatus.SEE_OTHER)), reply.tastes)
    in_part = reply.part is not None and wants_part()
    template = reply.part if reply.part and in_part else reply.template
    response = make_response(
        render_template(template, refusal=reply.refusal, typed=reply.typed, **reply.values), reply.status
    )
    if reply.part:
        response.vary.update(("HX-Request", "HX-Request-Type"))
    response.headers.update(reply.headers)
    if reply.secret or in_part:
        response.headers["Cache-Control"] = "no-store"
    return _keeping(response, reply.tastes)


def _keeping(response: Response, tastes: Mapping[str, str]) -> Response:
    for name, value in tastes.items():
        response.set_cookie(name, value, max_age=_A_YEAR_S, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


class _Passing(FileWrapper):
    """A file on its way to a browser; closed also where a server lets go of it unsaid, as when the browser has left."""

    def __del__(self) -> None:
        self.close()


def _bytes(content: Content) -> Response:
    body = _Passing(content.file, CHUNK_BYTES) if content.file else _begun(content.body)
    response = Response(body, headers=dict(content.headers), direct_passthrough=content.file is not None)
    if not isinstance(content.body, bytes):
        response.call_on_close(getattr(content.body, "close", lambda: None))
    if content.etag:
        response.set_etag(content.etag)
        has_parts = content.size_bytes is not None
        try:
            response.make_conditional(request, accept_ranges=has_parts, complete_length=content.size_bytes)
        except RequestedRangeNotSatisfiable:
            response.close()
            raise
    return response


def _begun(body: bytes | Iterator[bytes]) -> bytes | Iterator[bytes]:
    """Return bytes of which the first are there: a store that cannot give them is a refusal, and no torn file."""
    return body if isinstance(body, bytes) else chain([next(body, b"")], body)


def _sheet(stamp: str, name: str) -> Response:
    sheet = stationery().sheets.get(name)
    if sheet is None:
        abort(HTTPStatus.NOT_FOUND)
    packed = request.accept_encodings.quality("gzip") > 0
    response = Response(sheet.packed if packed else sheet.body, content_type=sheet.media_type)
    if packed:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    # A page that was open while another release came asks by the old stamp: it gets the new file, and does not keep it.
    response.headers["Cache-Control"] = _FOR_GOOD if stamp == stationery().stamp else "no-cache"
    if name in WORKERS:
        response.headers["Content-Security-Policy"] = WORKER_POLICY
    return response


def _prepare_templates(state: BlueprintSetupState) -> None:
    environment = state.app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    for word in (
        wording.number,
        wording.size,
        wording.instant,
        wording.day,
        wording.status,
        wording.tone,
        wording.sentence,
        wording.short,
        wording.begun,
        wording.plain,
        wording.listed,
        wording.told,
        wording.long_day,
        forms.field_of,
        reasons.reason,
        reasons.reason_of_code,
        reasons.kept_reasons,
        reasons.finding,
        say_value,
    ):
        environment.filters[word.__name__] = word
    environment.globals |= {"counted": wording.counted, "preview": preview_address}
    state.app.context_processor(_known_to_all)


def _known_to_all() -> dict[str, Any]:
    """What every page knows: who looks at it, what they may, and the address of what it is made with."""
    viewer = g.get("viewer")

    def may(ability: str) -> bool:
        return viewer is not None and viewer.can(Ability(ability))

    def sheet(name: str) -> str:
        return url_for("web.static", stamp=stationery().stamp, name=name)

    return {
        "viewer": viewer,
        "display": display.of(request.cookies),
        "language": languages.spoken(),
        "languages": languages.NAMES,
        "may": may,
        "counts": lambda: counts(_house(), viewer) if viewer else Counts(),
        "sheet": sheet,
        "sheets": stationery().sheets,
        "program": examples.program(_house().settings.base_url),
        "base_url": _house().settings.base_url.rstrip("/"),
    }
