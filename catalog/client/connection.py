"""One server and one token: requests are sent, sent again where that is safe, and refusals become exceptions."""

from __future__ import annotations

import json
import random
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import requests
from requests.auth import AuthBase

from catalog.client.errors import InvalidInput, Unavailable, refusal_of
from catalog.client.version import VERSION
from catalog.client.wire import Answered, encoded, query_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.client.wire import Json

PREFIX = "/api/v1"
TRIES = 6
FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 8.0
LONGEST_WAIT_ASKED_S = 30.0
CONNECT_S = 10.0
READ_S = 120.0
AGAIN = (429, 502, 503, 504)
"""Answers after which the same request may succeed a moment later."""

_ERRORS_FROM = 400
_REPEATABLE = ("GET", "HEAD")


class Bearer(AuthBase):
    """Sends the token. Given to the session as its way to sign in, so that a ``.netrc`` cannot replace it."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign a request."""
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Sessions:
    """A ``requests`` session for each thread, because one must not be shared; all are closed together."""

    def __init__(self, auth: AuthBase, headers: Mapping[str, str]) -> None:
        self._auth = auth
        self._headers = dict(headers)
        self._local = threading.local()
        self._all: list[requests.Session] = []
        weakref.finalize(self, _close, self._all)

    def get(self) -> requests.Session:
        """Return this thread's session."""
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.auth = self._auth
            session.headers.update(self._headers)
            self._all.append(session)
        return session

    def close(self) -> None:
        """Close every thread's connections; a session that is used again opens new ones."""
        _close(self._all)


def _close(sessions: list[requests.Session]) -> None:
    for session in sessions:
        session.close()


class Connection:
    """How a client talks to its server. Safe to use from several threads."""

    sent_headers: ClassVar[tuple[tuple[str, str], ...]] = (
        ("on_behalf_of", "X-On-Behalf-Of"),
        ("show", "X-Catalog-Show"),
        ("farm_job", "X-Catalog-Farm-Job"),
    )

    def __init__(
        self,
        url: str,
        token: str | None,
        *,
        context: Mapping[str, str | None] | None = None,
        timeout_s: float = READ_S,
        tries: int = TRIES,
        verify: bool | str = True,
    ) -> None:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
            raise InvalidInput(f"{url!r} is no address of a server; http://127.0.0.1:8000 would be one", code="bad-url")
        if token is not None and not (token.isascii() and token.isprintable() and token.strip()):
            raise InvalidInput("the token has characters that no token has; copy it again", code="bad-token")
        self.url = url.rstrip("/")
        self.verify = verify
        self.tries = tries
        self.timeout = (min(CONNECT_S, timeout_s), timeout_s)
        said = context or {}
        headers = {name: str(said[word]) for word, name in self.sent_headers if said.get(word)}
        agent = {"User-Agent": f"reprise-client/{VERSION}"}
        self._sessions = Sessions(Bearer(token.strip() if token else None), {**agent, **headers})
        # Addresses of the store carry their own signature: they get no token, and no other header that was not signed.
        self._strangers = Sessions(Bearer(None), agent)

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
        lines: bytes | None = None,
        creates: bool = False,
        if_revision: int | None = None,
        again: bool = False,
    ) -> Json:
        """Send one request under ``/api/v1`` and return what the JSON answer holds; None where there is no body.

        ``creates`` sends an ``Idempotency-Key``, so that it may be sent again after a lost answer; ``again`` says
        that the request may be repeated by its nature. ``lines`` is NDJSON. Raises the refusals of ``errors``.
        """
        headers: dict[str, str] = {"Accept": "application/json"}
        content: bytes | None = None
        if lines is not None:
            content, headers["Content-Type"] = lines, "application/x-ndjson"
        elif body is not None:
            content, headers["Content-Type"] = json.dumps(encoded(body)).encode(), "application/json"
        if creates:
            headers["Idempotency-Key"] = uuid4().hex
        if if_revision is not None:
            headers["If-Match"] = f'"{if_revision}"'
        with self._send(
            method, path, query, content, headers, again=creates or again or method in _REPEATABLE
        ) as answer:
            return _document(answer)

    def open(self, path: str, *, query: Mapping[str, object] | None = None, start: int = 0) -> requests.Response:
        """Return an answer whose bytes are read as they arrive, from ``start``; the caller closes it.

        A redirect to the store is followed without the token.
        """
        answer = self._send("GET", path, query, None, _as_it_is(start), again=True, stream=True)
        if not answer.is_redirect:
            return answer
        with answer:
            address = urljoin(answer.url, answer.headers["Location"])
        return self.open_signed(address, start=start)

    def open_signed(self, address: str, *, start: int = 0) -> requests.Response:
        """Return the answer of a signed address, as ``open`` does."""
        return self.fetch("GET", address, headers=_as_it_is(start), stream=True)

    def fetch(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str],
        content: Any = None,  # noqa: ANN401 — bytes, or what reads like a file
        stream: bool = False,
    ) -> requests.Response:
        """Send one request to a signed address, once and without the token; ``Unavailable`` where nobody answers."""
        session = self._strangers.get()
        try:
            return session.request(
                method,
                address,
                data=content,
                headers=dict(headers),
                timeout=self.timeout,
                allow_redirects=False,
                stream=stream,
                verify=self.verify,
            )
        except requests.RequestException as error:
            raise Unavailable(f"{_place(address)} does not answer: {_why(error)}", code="unreachable") from error

    def close(self) -> None:
        """Close the connections; the client may be used again."""
        self._sessions.close()
        self._strangers.close()

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, object] | None,
        content: bytes | None,
        headers: dict[str, str],
        *,
        again: bool,
        stream: bool = False,
    ) -> requests.Response:
        refusal: Exception | None = None
        for number in range(self.tries if again else 1):
            if number:
                time.sleep(_pause_s(number, refusal))
            try:
                answer = self._sessions.get().request(
                    method,
                    self.url + PREFIX + path,
                    params=query_of(dict(query or {})),
                    data=content,
                    headers=headers,
                    timeout=self.timeout,
                    allow_redirects=False,
                    stream=stream,
                    verify=self.verify,
                )
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
                refusal = Unavailable(self._unanswered(error), code="unreachable")
                refusal.__cause__ = error
                continue
            if answer.status_code < _ERRORS_FROM:
                return answer
            with answer:
                refusal = _refusal_of(answer)
            if answer.status_code not in AGAIN:
                break
        raise refusal or Unavailable(f"{self.url} was not asked")

    def _unanswered(self, error: Exception) -> str:
        if isinstance(error, requests.ConnectionError):
            return f"nothing answers at {self.url} ({_why(error)}); start it with scripts/run, or check the address"
        return f"{self.url} does not answer: {_why(error)}"


def _as_it_is(start: int) -> dict[str, str]:
    return {"Accept-Encoding": "identity", **({"Range": f"bytes={start}-"} if start else {})}


def _document(answer: requests.Response) -> Json:
    if answer.is_redirect:
        raise InvalidInput(
            f"{_place(answer.url)} sends us on to {answer.headers['Location']}; use that address", code="bad-url"
        )
    if not answer.content:
        return None
    try:
        return answer.json(object_hook=Answered)
    except ValueError as error:
        raise InvalidInput(
            f"{_place(answer.url)} does not answer like a catalogue; check the address", code="bad-url"
        ) from error


def _refusal_of(answer: requests.Response) -> Exception:
    refusal = refusal_of(answer)
    if isinstance(refusal, Unavailable):
        refusal.retry_after_s = _seconds(answer.headers.get("Retry-After"))
    return refusal


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isdigit() else None


def _pause_s(number: int, refusal: Exception | None) -> float:
    asked: float | None = getattr(refusal, "retry_after_s", None)
    pause = min(FIRST_PAUSE_S * 2 ** (number - 1), LONGEST_PAUSE_S)
    if asked is not None:
        pause = max(pause, min(asked, LONGEST_WAIT_ASKED_S))
    # Clients that were refused together must not come back together.
    return float(pause * random.uniform(0.8, 1.2))  # noqa: S311 — no secret depends on it


def _place(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _why(error: Exception) -> str:
    """The innermost reason of a failure; requests wraps it three times."""
    reason: object = error
    while True:
        inner = getattr(reason, "reason", None) or next(iter(getattr(reason, "args", ())), None)
        if not isinstance(inner, Exception):
            return str(reason).rpartition(": ")[2] or type(reason).__name__
        reason = inner
