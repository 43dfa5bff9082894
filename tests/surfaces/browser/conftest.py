"""A small catalogue behind a real server, and a real Chromium that people look at it with.

Every page that a test opens is watched: a report of the Content-Security-Policy, an error on the console or a request
to anywhere else fails the test that caused it.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, StorageState, expect, sync_playwright
from werkzeug.serving import make_server

from catalog.db.engine import create_engine_for
from catalog.web.stationery import stationery
from tests.fixtures import _house
from tests.studio import Studio
from tests.surfaces.browser.looking import HOST, PATIENCE_MS, Looking, Watched
from tests.surfaces.browser.shelves import fill
from tests.visitors import give_password

ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)
LOGINS = ("ann", "pia", "arno", "vera", "nina", "lin")


@pytest.fixture(scope="session")
def shelves(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A catalogue with a little of everything; tests that look at it leave it as it is."""
    folder = tmp_path_factory.mktemp("browser")
    shutil.copyfile(migrated_sqlite, folder / "catalog.sqlite")
    engine = create_engine_for(f"sqlite:///{folder / 'catalog.sqlite'}")
    studio = Studio(_house(engine, folder))
    fill(studio)
    for login in LOGINS:
        give_password(studio, login)
    yield studio
    engine.dispose()


@pytest.fixture(scope="session")
def port(shelves: Studio) -> Iterator[int]:
    """Where it is served."""
    server = make_server("127.0.0.1", 0, shelves.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser(chromium: Path, port: int) -> Iterator[Browser]:
    """One Chromium for all tests. Beside the loopback address, which browsers trust, the server has a name."""
    named = f"--host-resolver-rules=MAP {HOST} 127.0.0.1:{port}"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS, named])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def fetched() -> None:
    """Skip where nobody has fetched what the pages load and is not ours."""
    if "htmx.min.js" not in stationery().sheets:
        pytest.skip("catalog/web/vendor is empty: run scripts/frontend")


@pytest.fixture(scope="session")
def sessions() -> dict[tuple[str, str], StorageState]:
    """Sessions that are kept from test to test."""
    return {}


@pytest.fixture
def looking(browser: Browser, port: int, sessions: dict[tuple[str, str], StorageState]) -> Iterator[Looking]:
    """Open pages as somebody; everything that they load and report is watched."""
    watched, contexts = Watched(), list[BrowserContext]()

    def watch(context: BrowserContext) -> None:
        contexts.append(context)
        context.on("console", lambda message: _note(watched, message))
        context.on("request", lambda request: _note_outside(watched, request))

    yield Looking(browser=browser, port=port, watch=watch, watched=watched, sessions=sessions)
    for context in contexts:
        context.close()
    assert watched.reports == []
    assert watched.outside == []


OF_THE_MACHINE = ("GL Driver Message", "rAF timed out")
"""What Chromium and the viewer say where graphics are computed by the processor, and slowly."""


def _note(watched: Watched, message: ConsoleMessage) -> None:
    # A page that is not there, or not for everybody, is an answer like any other, though Chromium calls it an error.
    if (
        message.type in ("error", "warning")
        and "the server responded with a status of" not in message.text
        and not any(words in message.text for words in OF_THE_MACHINE)
    ):
        watched.reports.append(message.text)


def _note_outside(watched: Watched, request: Request) -> None:
    address = urlsplit(request.url)
    if address.scheme not in ("blob", "data") and address.hostname not in ("127.0.0.1", HOST):
        watched.outside.append(request.url)
