"""What the supervisor tells people about its children."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from catalog.app.reporting import last_words, readiness, trim_log


class _Answering(BaseHTTPRequestHandler):
    """Answers ``/readyz`` with what the server was given."""

    def do_GET(self) -> None:
        status, body = self.server.answer  # type: ignore[attr-defined]  # set by the fixture below
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), _Answering)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield server
    server.shutdown()
    server.server_close()
    serving.join()


def _objection(web: HTTPServer, status: int, body: bytes) -> str | None:
    web.answer = (status, body)  # type: ignore[attr-defined]  # read by the handler above
    return readiness(("127.0.0.1", web.server_port))


def test_a_web_process_that_answers_well_is_ready(web: HTTPServer) -> None:
    assert _objection(web, 200, b'{"status": "ready"}') is None


def test_what_is_not_ready_is_told_in_the_words_of_the_web_process(web: HTTPServer) -> None:
    objection = _objection(web, 503, b'{"detail": "the store does not answer"}')

    assert objection == "/readyz answers 503: the store does not answer"


def test_an_answer_that_is_no_problem_document_is_told_as_it_is(web: HTTPServer) -> None:
    assert _objection(web, 502, b"Bad Gateway\n") == "/readyz answers 502: Bad Gateway"


def test_a_web_process_that_is_not_there_does_not_answer(web: HTTPServer) -> None:
    objection = readiness(("127.0.0.1", 1))

    assert objection is not None
    assert objection.startswith("the web process does not answer")


def test_the_last_words_are_the_end_of_the_log_and_where_the_rest_stands(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("".join(f"line {number}\n" for number in range(1000)))

    assert last_words(log, lines=2) == f"    line 998\n    line 999\n  all of it stands in {log}"


def test_a_program_that_said_nothing_is_told_so(tmp_path: Path) -> None:
    assert last_words(tmp_path / "web.log").startswith("    (it said nothing)\n")


def test_a_log_that_grew_too_large_is_kept_beside_and_begun_anew(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with log.open("a") as writer:
        writer.write("old words\n")
        writer.flush()

        trim_log(log, largest_bytes=5)
        writer.write("new\n")

    assert (tmp_path / "web.log.1").read_text() == "old words\n"
    assert log.read_text() == "new\n"


def test_a_small_log_is_left_alone(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("words\n")

    trim_log(log, largest_bytes=100)

    assert [entry.name for entry in tmp_path.iterdir()] == ["web.log"]
