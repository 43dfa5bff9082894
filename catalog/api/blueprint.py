"""From request to call and back: the only place of this door that knows Flask.

Every operation passes the same steps: who is it, may they, what do they say, was it said before; then one view or one
unit of work; then the answer. Writes and their kept answers commit together.
"""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, g, request
from pydantic import BaseModel
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestedRangeNotSatisfiable
from werkzeug.routing import BaseConverter
from werkzeug.wsgi import FileWrapper

from catalog.accounts import authentication
from catalog.api import problems, reading
from catalog.api.operation import Call, Reply
from catalog.api.table import OPERATIONS
from catalog.kernel import clock
from catalog.kernel.errors import CatalogError, Conflict, InvalidInput, NotSignedIn
from catalog.storage.port import CHUNK_BYTES
from catalog.work import idempotency
from catalog.work.view import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from catalog.api.operation import Operation
    from catalog.house import House
    from catalog.kernel.actors import Actor

PREFIX = "/api/v1"
_KEPT_HEADERS = ("ETag", "Location")
_CONTEXT_HEADERS = {"X-Catalog-Show": "show", "X-Catalog-Farm-Job": "farm_job"}


class _AssetConverter(BaseConverter):
    """What names an asset in an address: a code or an id, or an external id, whose value may hold a slash.

    A server cannot tell ``%2F`` from ``/``, so only what begins with a system and a colon reaches beyond one.
    """

    regex = "[^/]+?|[^/:]+:.+?"


def create_blueprint() -> Blueprint:
    """Return the door with a route for every operation of the table."""
    door = Blueprint("api", __name__, url_prefix=PREFIX)
    door.record_once(lambda state: state.app.url_map.converters.update(asset=_AssetConverter))
    for operation in OPERATIONS:
        path = operation.path.replace("{path}", "<path:path>").replace("/assets/{code}", "/assets/<asset:code>")
        path = re.sub(r"{(\w+)}", r"<string:\1>", path)
        door.add_url_rule(path, operation.name.replace(".", "-"), _answer_to(operation), methods=[operation.method])
    door.register_error_handler(CatalogError, problems.problem)
    return door


def http_problem(error: HTTPException) -> Response:
    """Return Werkzeug's own refusals (unknown address, wrong method, broken framing) in our words."""
    code = error.name.lower().replace(" ", "-")
    response = problems.plain_problem(error.code or 500, error.name, error.description or error.name, code)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _answer_to(operation: Operation) -> Callable[..., Response]:
    def answer(**path: str) -> Response:
        if request.method == "HEAD" and operation.write:
            # Flask adds HEAD to every GET; one that lets an original out must not be recorded without the bytes.
            raise MethodNotAllowed(valid_methods=[operation.method])
        house: House = current_app.extensions["house"]
        secret = _bearer()
        actor = _actor(house, secret)
        require(actor, operation.ability)
        g.actor = actor.name
        call = Call(
            house=house,
            actor=actor,
            path=reading.read_path(path),
            query=reading.read_query(operation, request.args.lists()),
            body=reading.read_body(operation, request.get_data(cache=True), request.mimetype),
            if_revision=reading.read_revision(request.headers.get("If-Match")),
            byte_range=request.headers.get("Range"),
            if_range=request.headers.get("If-Range"),
        )
        if operation.read:
            with house.desk.view(actor) as view:
                return _respond(operation, operation.read(call, view))
        return _write(operation, call, secret)

    return answer


def _write(operation: Operation, call: Call, secret: str) -> Response:
    key = _request_key(operation, secret)
    if operation.prepare:
        call = Call(**{**vars(call), "prepared": operation.prepare(call)})
    try:
        return _written(operation, call, key)
    except Conflict as error:
        if error.code != "written-meanwhile":
            raise
        # Another writer took the same value in the same instant. It has committed: now the act itself says what is
        # taken, or finds that the other writer was this very request, whose answer is kept.
        return _written(operation, call, key)


def _written(operation: Operation, call: Call, key: idempotency.RequestKey | None) -> Response:
    if operation.write is None:
        raise TypeError(operation.name)
    with call.house.desk.work(call.actor, lane=operation.lane, request_id=g.request_id) as work:
        kept = idempotency.find_answer(work.session, key, work.now) if key else None
        if kept:
            return Response(kept.body, status=kept.status, headers=kept.headers, content_type="application/json")
        said = operation.write(call, work)
        if operation.conclude is None:
            response = _respond(operation, said)
        if key:
            idempotency.keep_answer(work.session, key, _answered(response), work.now)
    if operation.conclude is not None:
        response = _respond(operation, operation.conclude(call, said))
    return _begun(response)


def _answered(response: Response) -> idempotency.Answered:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    return idempotency.Answered(status=response.status_code, body=response.get_data(), headers=headers)


def _begun(response: Response) -> Response:
    """Return an answer whose first bytes are there, so that a store that cannot give them is still a refusal.

    After the commit: nothing waits for the store inside a unit of work.
    """
    if response.is_streamed and not response.is_sequence:
        chunks: Iterator[Any] = iter(response.response)
        response.response = chain([next(chunks, b"")], chunks)
        response.call_on_close(getattr(chunks, "close", lambda: None))
    return response


def caller(house: House) -> Actor:
    """Return who sent the request, by its bearer token; ``NotSignedIn`` where it has none that counts."""
    return _actor(house, _bearer())


def _bearer() -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not secret.strip():
        raise NotSignedIn(
            "send `Authorization: Bearer <token>`; make a token on the page /me/tokens, "
            "or with `catalog admin create-token LOGIN` on the server"
        )
    return secret.strip()


def _actor(house: House, secret: str) -> Actor:
    now = clock.now()
    context = {word: request.headers[name] for name, word in _CONTEXT_HEADERS.items() if name in request.headers}
    with house.desk.read() as session:
        known = authentication.recognize(
            session,
            secret,
            now,
            address=request.remote_addr,
            on_behalf_of=request.headers.get("X-On-Behalf-Of"),
            context=context,
        )
    if known.use_is_stale:
        # A reading, too, notes that the token was used: it must not wait for those who write, nor fail with them.
        address = request.remote_addr
        house.desk.jot(lambda session: authentication.note_use(session, secret, now, address=address))
    return known.actor


def _request_key(operation: Operation, secret: str) -> idempotency.RequestKey | None:
    key = request.headers.get("Idempotency-Key")
    if key is None or not operation.creates:
        return None
    return idempotency.RequestKey(
        caller=idempotency.digest_of(secret.encode()),
        operation=operation.name,
        key=key,
        # Keyed with the token, which is not kept: a body may hold a password, and a plain digest could be guessed from.
        request_digest=idempotency.digest_of(
            secret.encode(),
            request.full_path.encode(),
            request.headers.get("X-On-Behalf-Of", "").encode(),
            request.get_data(cache=True),
        ),
    )


def _respond(operation: Operation, said: BaseModel | Reply) -> Response:
    reply = said if isinstance(said, Reply) else Reply(answer=said)
    status = reply.status or operation.status
    if reply.file is not None:
        response = Response(FileWrapper(reply.file, CHUNK_BYTES), status=status, direct_passthrough=True)
    elif reply.stream is not None:
        response = Response(reply.stream, status=status, direct_passthrough=True)
    elif reply.answer is None:
        response = Response(status=status)
        response.headers.pop("Content-Type", None)
    else:
        response = Response(reply.answer.model_dump_json(), status=status, content_type="application/json")
    response.headers.update(reply.headers)
    revision = getattr(reply.answer, "revision", None)
    if revision is not None:
        # What a worker measured changes the answer, but not the revision that a change is held against.
        response.set_etag(f"{revision}.{sha256(response.get_data()).hexdigest()[:16]}")
    if operation.read and "ETag" in response.headers:
        _shorten(response, reply.size_bytes)
    return response


def _shorten(response: Response, size_bytes: int | None) -> None:
    """Leave out of an answer what the caller has already, or did not ask for; ``size_bytes`` of what has parts."""
    try:
        response.make_conditional(request, accept_ranges=size_bytes is not None, complete_length=size_bytes)
    except RequestedRangeNotSatisfiable as beyond:
        response.close()
        asked = request.headers.get("Range", "")[:80]
        raise InvalidInput(
            f"range {asked!r} is outside the {size_bytes} bytes", code="bad-range", size_bytes=size_bytes
        ) from beyond
