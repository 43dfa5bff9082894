"""A server that answers what a test says, for what a healthy one never does."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer; ``broken`` closes the connection after the body, however much was announced."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    broken: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def said(answer: Any, status: int = 200, **headers: str) -> Answer:  # noqa: ANN401 — JSON
    """An answer of JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(
        status=status, body=json.dumps(answer).encode(), headers={"Content-Type": "application/json", **named}
    )


def problem(status: int, code: str, title: str = "No", **headers: str) -> Answer:
    """A refusal."""
    body = {"title": title, "status": status, "detail": f"{code} it is", "code": code, "errors": [], "request_id": "r1"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(
        status=status, body=json.dumps(body).encode(), headers={"Content-Type": "application/problem+json", **named}
    )


class ScriptedServer:
    """Serves the answers of ``answers`` by method and path, in order; the last of them again and again."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answers_to(self, request: str, *answers: Answer) -> None:
        """Answer ``GET /path`` so."""
        self.answers[request] = list(answers)

    def asked_for(self, path: str) -> list[Asked]:
        """The requests for a path, query and all."""
        return [one for one in self.asked if one.path.partition("?")[0] == path]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _next(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            answers = self.answers.get(f"{asked.method} {asked.path.partition('?')[0]}", [])
            if len(answers) > 1:
                return answers.pop(0)
            return answers[0] if answers else problem(404, "not-scripted")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:
                    self.close_connection = True

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer = script._next(Asked(method=self.command, path=self.path, headers=dict(self.headers), body=body))
                self.send_response(answer.status)
                for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)
                if answer.broken:
                    self.close_connection = True

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 — http.server's names

            def log_message(self, *_: object) -> None:
                return

        return Handler
