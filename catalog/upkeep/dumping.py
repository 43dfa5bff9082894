"""Copies of the database: consistent while others write, and put back only where there is nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect

from catalog.db.engine import is_sqlite
from catalog.kernel.errors import Conflict, InvalidInput, Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Engine

SQLITE_COPY = "catalog.sqlite"
POSTGRESQL_COPY = "catalog.dump"
LAST_WORDS = 2_000


def copy_name(engine: Engine) -> str:
    """Return what a copy of this kind of database is called."""
    return SQLITE_COPY if is_sqlite(engine) else POSTGRESQL_COPY


def dump(engine: Engine, folder: Path) -> Path:
    """Write a consistent copy of the database into a folder and return its path; nobody has to stop writing.

    Raises ``Unavailable`` where a PostgreSQL database is to be copied and its ``pg_dump`` is not there or fails.
    """
    target = folder / copy_name(engine)
    if is_sqlite(engine):
        _copy_sqlite(engine, target)
    else:
        _run(engine, "pg_dump", "--format=custom", "--no-owner", f"--file={target}")
    target.chmod(0o600)
    return target


def load(engine: Engine, folder: Path) -> None:
    """Put a copy back into an empty database.

    Raises ``Conflict`` for a database that has tables, and ``InvalidInput`` for a copy of another kind of database.
    """
    source = folder / copy_name(engine)
    if not source.exists():
        raise InvalidInput(
            f"{folder} has no {source.name}: it is a copy of another kind of database than the settings name",
            code="other-database",
        )
    refuse_used(engine)
    if not is_sqlite(engine):
        _run(engine, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(source))
        return
    engine.dispose()
    with closing(sqlite3.connect(source)) as copied, closing(sqlite3.connect(str(engine.url.database))) as database:
        copied.backup(database)
    Path(str(engine.url.database)).chmod(0o600)
    engine.dispose()


def refuse_used(engine: Engine) -> None:
    """Raise ``Conflict`` unless the database has no tables."""
    tables = inspect(engine).get_table_names()
    if tables:
        raise Conflict(
            f"the database {engine.url.render_as_string()} has tables already ({', '.join(tables[:3])} …); "
            "restore into an empty one, such as --data NEW",
            code="not-empty",
        )


def _copy_sqlite(engine: Engine, target: Path) -> None:
    with closing(sqlite3.connect(str(engine.url.database))) as database, closing(sqlite3.connect(target)) as copied:
        # In one step: it reads one snapshot, and in WAL mode no writer waits for it.
        database.backup(copied)
        # The copy is one file that is complete by itself.
        copied.execute("PRAGMA journal_mode=DELETE")
        (flaw,) = copied.execute("PRAGMA quick_check(1)").fetchone()
    if flaw != "ok":
        raise Unavailable(f"the copy of the database is damaged: {flaw}", code="damaged-copy")


def _run(engine: Engine, program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise Unavailable(
            f"{program} is not installed here; it comes with PostgreSQL's client package", code="no-postgresql-client"
        )
    url = engine.url
    # The password goes by the environment: everybody can read the arguments of a process.
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    ended = subprocess.run(
        [path, f"--dbname={plain}", *arguments],
        env={**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})},
        capture_output=True,
        check=False,
        text=True,
    )
    if ended.returncode != 0:
        raise Unavailable(f"{program} failed: {ended.stderr.strip()[-LAST_WORDS:]}", code="postgresql-client-failed")
