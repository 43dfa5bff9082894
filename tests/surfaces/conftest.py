"""What the tests of surfaces share: a served studio, and a home that is nobody's."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.client import Client
from tests.surfaces.scripted import ScriptedServer
from tests.surfaces.serving import Served, served


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, configuration and cache that are this test's own, and an environment that names no server."""
    for name in [name for name in os.environ if name.startswith("CATALOG_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setenv("CATALOG_CACHE", str(folder / "cache"))
    return folder


@pytest.fixture(scope="module")
def door(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A studio that is served while the tests of one module run."""
    with served(migrated_sqlite, tmp_path_factory.mktemp("served")) as studio:
        yield studio


@pytest.fixture
def client(door: Served) -> Iterator[Client]:
    """The artist's client."""
    with door.client() as client:
        yield client


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    """A server that answers what the test says."""
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def listening() -> Iterator[None]:
    """Ctrl-C counts, here and in programs that are started, also where a shell runs the tests aside and ignores it."""
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, kept)
