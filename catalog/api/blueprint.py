"""From request to call and back: the only place of this door that knows Flask.

Every operation passes the same steps: who is it, may they, what do they say, was it said before; then one view or one
unit of work; then the answer. Writes and their kept answers commit together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, g, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException

from catalog.accounts import authentication
from catalog.api import problems
from catalog.api.operation import Call, Reply
from catalog.api.table import OPERATIONS
from catalog.kernel import clock
from catalog.kernel.errors import CatalogError, InvalidInput, NotSignedIn
from catalog.work import idempotency
from catalog.work.view import require

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalog.api.operation import Model, Operation
    from catalog.house import House
    from catalog.kernel.actors import Actor

PREFIX = "/api/v1"
BODY_MAX_BYTES = 32 * 2**20
_REVISION = re.compile(r'(?:W/)?"([0-9]{1,9})"')
_CONTEXT_HEADERS = {"X-Catalog-Show": "show", "X-Catalog-Farm-Job": "farm_job"}


def create_blueprint() -> Blueprint:
    """Return the door with a route for every operation of the table."""
    door = Blueprint("api", __name__, url_prefix=PREFIX)
    for operation in OPERATIONS:
        path = re.sub(r"{path}", "<path:path>", operation.path)
        path = re.sub(r"{(\w+)}", r"<string:\1>", path)
        door.add_url_rule(path, operation.name.replace(".", "-"), _answer_to(operation), methods=[operation.method])
    door.register_error_handler(CatalogError, problems.problem)
    return door


def http_problem(error: HTTPException) -> Response:
    """Return Werkzeug's own refusals (unknown address, wrong method, broken framing) in our words."""
    return problems.plain_problem(
        error.code or 500, error.name, error.description or error.name, error.name.lower().replace(" ", "-")
    )


def _answer_to(operation: Operation) -> Callable[..., Response]:
    def answer(**path: str) -> Response:
        house: House = current_app.extensions["house"]
        secret = _bearer()
        actor = _actor(house, secret)
        require(actor, operation.ability)
        g.actor = actor.name
        call = Call(
            house=house,
            actor=actor,
            path=path,
            query=_query(operation),
            body=_body(operation),
            if_revision=_if_revision(),
            byte_range=request.headers.get("Range"),
        )
        if operation.read:
            with house.desk.view(actor) as view:
                return _respond(operation, operation.read(call, view))
        return _write(operation, call, secret)

    return answer


def _write(operation: Operation, call: Call, secret: str) -> Response:
    desk, key = call.house.desk, _request_key(operation, secret)
    if operation.prepare:
        call = Call(**{**vars(call), "prepared": operation.prepare(call)})
    if operation.write is None:
        raise TypeError(operation.name)
    with desk.work(call.actor, request_id=g.request_id) as work:
        kept = idempotency.find_answer(work.session, key, work.now) if key else None
        if kept:
            return Response(kept.body, status=kept.status, content_type="application/json")
        response = _respond(operation, operation.write(call, work))
        if key:
            idempotency.keep_answer(work.session, key, response.status_code, response.get_data(), work.now)
    return response


def _bearer() -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not secret.strip():
        raise NotSignedIn("send `Authorization: Bearer <token>`; make a token under /me/tokens or with `catalog login`")
    return secret.strip()


def _actor(house: House, secret: str) -> Actor:
    now = clock.now()
    context = {word: request.headers[name] for name, word in _CONTEXT_HEADERS.items() if name in request.headers}
    with house.desk.read() as session:
        actor = authentication.actor_of_token(
            session, secret, now, on_behalf_of=request.headers.get("X-On-Behalf-Of"), context=context
        )
        stale = authentication.use_is_stale(session, secret, now)
    if stale:
        with house.desk.bookkeeping() as session:
            authentication.note_use(session, secret, now)
    return actor


def _query(operation: Operation) -> Model:
    # A parameter may be there several times (kind=prop&kind=vehicle); the model says whether it takes several.
    fields = operation.query.model_fields
    given: dict[str, Any] = {}
    for name, values in request.args.lists():
        several = name in fields and "tuple" in str(fields[name].annotation)
        given[name] = values if several or len(values) > 1 else values[0]
    try:
        return operation.query.model_validate(given) if given else operation.query()
    except ValidationError as error:
        raise problems.invalid(error, "query") from error


def _body(operation: Operation) -> Any:  # noqa: ANN401 — the operation's model
    if operation.body is None:
        return None
    raw = request.get_data(cache=True)
    if operation.ndjson:
        return raw
    if request.mimetype != "application/json" and raw:
        raise InvalidInput(f"Content-Type is {request.mimetype!r}; send application/json", code="bad-content-type")
    try:
        return operation.body.model_validate_json(raw or b"{}")
    except ValidationError as error:
        raise problems.invalid(error, "body") from error


def _if_revision() -> int | None:
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    found = _REVISION.fullmatch(header.strip())
    if found is None:
        raise InvalidInput(
            f"If-Match {header[:40]!r} is no ETag of ours; send the one that you were given", code="bad-etag"
        )
    return int(found[1])


def _request_key(operation: Operation, secret: str) -> idempotency.RequestKey | None:
    key = request.headers.get("Idempotency-Key")
    if key is None or not operation.creates:
        return None
    return idempotency.RequestKey(
        caller=idempotency.digest_of(secret.encode()),
        operation=operation.name,
        key=key,
        request_digest=idempotency.digest_of(
            request.full_path.encode(),
            request.headers.get("X-On-Behalf-Of", "").encode(),
            request.get_data(cache=True),
        ),
    )


def _respond(operation: Operation, said: BaseModel | Reply) -> Response:
    reply = said if isinstance(said, Reply) else Reply(answer=said)
    status = reply.status or operation.status
    if reply.stream is not None:
        response = Response(reply.stream, status=status, direct_passthrough=True)
    elif reply.answer is None:
        response = Response(status=status)
        response.headers.pop("Content-Type", None)
    else:
        response = Response(reply.answer.model_dump_json(), status=status, content_type="application/json")
    response.headers.update(reply.headers)
    revision = getattr(reply.answer, "revision", None)
    if revision is not None:
        response.set_etag(str(revision))
        if operation.read:
            response.make_conditional(request)
    return response
