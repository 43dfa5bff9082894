"""Serving a studio over HTTP, with a worker beside it, so that the client and the CLI meet the real doors."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from click.testing import CliRunner, Result
from pydantic import SecretStr
from werkzeug.serving import make_server

from catalog.assets.events import VersionPublished
from catalog.cli.program import program
from catalog.client import Client
from catalog.db.engine import create_engine_for
from catalog.house import House
from catalog.media.preview_cache import PreviewCache
from catalog.reactions import REACTIONS
from catalog.search.memory import MemoryIndex
from catalog.settings import Settings
from catalog.storage.memory import memory_stores
from catalog.work.desk import Desk
from tests.studio import Person, Studio

UNMEASURED = {**REACTIONS, VersionPublished: ()}
"""Nothing is measured and drawn here: that takes seconds, and is told where the whole catalogue runs."""

ROOT = Path(__file__).resolve().parents[2]


class UploadGate:
    """A door before the application that notes what is asked, and lets uploads through or makes them wait."""

    def __init__(self, app: WSGIApplication) -> None:
        self.asked: list[str] = []
        self._app = app
        self._open = threading.Event()
        self._open.set()
        self._reached = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        if environ["REQUEST_METHOD"] == "PUT":
            self._reached.set()
            self._open.wait()
        return self._app(environ, start_response)

    @contextmanager
    def closed(self) -> Iterator[threading.Event]:
        """Let every upload wait until the block ends; the event says that one does."""
        self._reached.clear()
        self._open.clear()
        try:
            yield self._reached
        finally:
            self._open.set()


@dataclass(frozen=True, kw_only=True)
class Served:
    """A studio and where it is served."""

    studio: Studio
    url: str
    uploads: UploadGate

    def client(self, person: Person | None = None) -> Client:
        """A client with somebody's token; the artist's where nobody is named."""
        return Client(self.url, (person or self.studio.artist).token)

    def runs(self, *arguments: str, person: Person | None = None, answer: str | None = None) -> Result:
        """Run a command of the CLI in this process, as somebody."""
        token = (person or self.studio.artist).token
        environment = {"CATALOG_URL": self.url, "CATALOG_TOKEN": token}
        return CliRunner().invoke(program, arguments, env=environment, input=answer)

    def starts(self, *arguments: str, person: Person | None = None) -> subprocess.Popen[str]:
        """Start a command of the CLI in a process of its own."""
        return start_program("-m", "catalog", *arguments, url=self.url, token=(person or self.studio.artist).token)


def runs_alone(*arguments: str) -> Result:
    """Run a command of the CLI in this process, with nothing in its environment."""
    return CliRunner().invoke(program, arguments)


def start_program(*arguments: str, url: str, token: str) -> subprocess.Popen[str]:
    """Start Python with arguments, and with a server in its environment."""
    environment = {"CATALOG_URL": url, "CATALOG_TOKEN": token, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, **environment},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the server's log lines out of what commands print: they run in one process here."""
    kept = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**kept)


@contextmanager
def served(empty_database: Path, folder: Path) -> Iterator[Served]:
    """Serve a studio in memory, but for its SQLite file, until the block ends."""
    with quiet(), socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        house = _house(empty_database, folder, url)
        studio = Studio(house)
        gate = UploadGate(studio.app)
        server = make_server("127.0.0.1", 0, gate, threaded=True, fd=listener.fileno())
        stopping = threading.Event()
        threads = [
            threading.Thread(target=server.serve_forever),
            threading.Thread(target=_work, args=(studio, stopping)),
        ]
        for thread in threads:
            thread.start()
        try:
            yield Served(studio=studio, url=url, uploads=gate)
        finally:
            stopping.set()
            server.shutdown()
            for thread in threads:
                thread.join()
            server.server_close()
            house.engine.dispose()


def _work(studio: Studio, stopping: threading.Event) -> None:
    while not stopping.wait(0.02):
        studio.settles()


def _house(empty_database: Path, folder: Path, url: str) -> House:
    database = folder / "catalog.sqlite"
    shutil.copyfile(empty_database, database)
    stores = memory_stores()
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings takes it beside the fields
        data=folder / "data",
        secret_key=SecretStr("a key of the tests, long enough to sign with"),
        base_url=url,
    )
    return House(
        settings=settings,
        desk=Desk(engine=create_engine_for(f"sqlite:///{database}"), reactions=UNMEASURED),
        stores=stores,
        index=MemoryIndex(),
        previews=PreviewCache(folder=folder / "previews", derived=stores.derived, limit_bytes=2**24),
    )
