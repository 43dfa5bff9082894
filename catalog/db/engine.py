"""Engines: SQLite in WAL mode, or PostgreSQL by URL.

SQLite units of work start with ``BEGIN IMMEDIATE`` so that two writers queue (30 s, by turns: ``turnstile``) instead of
failing half-way with "database is locked"; reads start a plain snapshot. On both, a connection says which by the
execution option ``writes``, by ``hurried`` that what it writes is not worth waiting for, and by ``patient`` that nobody
waits for it.
"""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from catalog.db.turnstile import passing

if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Connection as SqliteConnection

    from sqlalchemy import Connection

BUSY_S = 30
HURRIED_MS = 200
"""So long does a hurried writer wait for others."""
POOL_SIZE = 16


def create_engine_for(url: str, *, busy_ms: int = BUSY_S * 1000) -> Engine:
    """Return an engine for a database URL; ``sqlite:///path`` or ``postgresql+psycopg://…``.

    ``busy_ms``: so long a writer of SQLite waits for the others.
    """
    if url.startswith("sqlite"):
        return _sqlite(url, busy_ms)
    return _postgresql(url)


def _postgresql(url: str) -> Engine:
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_pre_ping=True,
        pool_timeout=BUSY_S,
        connect_args={"options": "-c timezone=utc", "connect_timeout": 10},
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("hurried", False):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {HURRIED_MS}")

    return engine


def _sqlite(url: str, busy_ms: int) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_timeout=BUSY_S,
        connect_args={"timeout": BUSY_S, "check_same_thread": False},
        json_deserializer=read_json,
    )

    file = Path(engine.url.database or "catalog.sqlite")
    turnstile = file.with_name(f"{file.name}-turn")

    @event.listens_for(engine, "connect")
    def _open(connection: SqliteConnection, _record: object) -> None:
        # Python's own transaction control would open a deferred one; `_begin` below opens ours.
        connection.isolation_level = None
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            # Two who make a new file a WAL file at once do not wait for each other: SQLite refuses one of them.
            with passing(turnstile, busy_ms / 1000, patiently=False):
                connection.execute("PRAGMA journal_mode=WAL")
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={busy_ms}",
            "cache_size=-16000",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("writes", False):
            connection.exec_driver_sql("BEGIN")
            return
        within_ms = HURRIED_MS if options.get("hurried", False) else busy_ms
        began = monotonic()
        with passing(turnstile, within_ms / 1000, patiently=options.get("patient", False)):
            left_ms = max(0, within_ms - int((monotonic() - began) * 1000))
            connection.exec_driver_sql(f"PRAGMA busy_timeout={left_ms}")
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={busy_ms}")

    return engine


_SCAN: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined] # it is one


def read_json(text: str) -> Any:  # noqa: ANN401 — whatever was written
    """Read a JSON column as it was written: it begins with its value, so nothing need be looked for around it."""
    try:
        value, end = _SCAN(text, 0)
    except StopIteration:
        end = -1
    return value if end == len(text) else json.loads(text)


def is_sqlite(bind: Any) -> bool:  # noqa: ANN401 — an Engine, Connection or what a session is bound to
    """Whether statements go to SQLite."""
    return str(bind.dialect.name) == "sqlite"
